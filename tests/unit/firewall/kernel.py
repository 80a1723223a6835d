"""The kernel's own nft, in a network of its own that ends with the process; no privilege of this computer is needed."""

from __future__ import annotations

import json
import subprocess
from typing import Any

ALONE = ("unshare", "--user", "--map-root-user", "--net")


def in_kernel(ruleset: str, *after: str) -> dict[str, Any]:
    """Load a ruleset, then run nft commands; the listing as nft prints it."""
    script = "nft -c -f /dev/stdin <<'END'\n" + ruleset + "\nEND\nnft -f /dev/stdin <<'END'\n" + ruleset + "\nEND\n"
    script += "".join(f"nft {command}\n" for command in after) + "nft -j list ruleset\n"
    done = subprocess.run(
        [*ALONE, "sh", "-ec", script],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"},
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))
