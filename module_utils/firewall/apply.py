"""Puts a ruleset in force so that it goes away by itself unless somebody who came in anew confirms it.

Until it is confirmed the file that the system loads at boot stays as it was, so that a restart too brings back what
was there before.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FILE = Path("/etc/nftables.conf")
STATE = Path("/var/lib/firewall")
CANDIDATE, PREVIOUS, LOADED, SHOWN = (
    STATE / name for name in ("candidate.nft", "previous.nft", "loaded.json", "loaded.nft")
)
#: Gone after a restart, as is the ruleset that it speaks of.
PENDING = Path("/run/firewall-pending")
UNIT = "firewall-rollback"
ROLLBACK = "/usr/local/sbin/firewall-rollback"
_TIMEOUT_SECONDS = 30
_PATH = "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
_TABLE = "table inet site_tracking"
_TRACKING = f"""{_TABLE} {{
	chain received {{ type filter hook input priority filter; policy accept; ct state new counter; }}
	chain sent {{ type filter hook output priority filter; policy accept; ct state new counter; }}
}}
"""
#: Takes the table away whether it is there or not.
_UNTRACKING = f"{_TABLE}\ndelete {_TABLE}\n"
#: What the kernel counts, or numbers anew at each load.
_PASSING = ("handle", "packets", "bytes", "index")


class FirewallError(Exception):
    """The ruleset cannot be put in force; the message says why and what to do."""


def run(*command: str) -> str:
    """Output of a command.

    :raises FirewallError: it is not there, or failed; what it said is in the message.
    """
    environment = {**os.environ, "LC_ALL": "C", "PATH": _PATH}
    try:
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_SECONDS,
            env=environment,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise FirewallError(f"{command[0]}: {error}") from error
    if done.returncode != 0:
        raise FirewallError(f"{' '.join(command)} failed: {(done.stderr or done.stdout).strip()[:800]}")
    return done.stdout


def digest_of(listed: Mapping[str, Any]) -> str:
    """The digest of a listing without what the kernel counts; the order of a set's elements means nothing."""
    entries = [_still(entry) for entry in listed["nftables"] if "metainfo" not in entry]
    return hashlib.sha256(json.dumps(entries, sort_keys=True).encode()).hexdigest()


def _still(value: Any, *, within_set: bool = False) -> Any:
    if isinstance(value, dict):
        return {
            key: _still(each, within_set=key in ("set", "elem")) for key, each in value.items() if key not in _PASSING
        }
    if isinstance(value, list):
        found = [_still(each) for each in value]
        return sorted(found, key=lambda each: json.dumps(each, sort_keys=True)) if within_set else found
    return value


def in_force() -> dict[str, Any]:
    """The ruleset in force, as nft lists it."""
    return dict(json.loads(run("nft", "-j", "list", "ruleset")))


def connection() -> str:
    """The ssh connection that this runs over; empty when it runs over none."""
    process = os.getpid()
    own = os.environ.get("SSH_CONNECTION")
    while not own and process > 1:
        try:
            environment = Path(f"/proc/{process}/environ").read_bytes().split(b"\0")
            status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
        except OSError:
            break
        own = next((each[15:].decode() for each in environment if each.startswith(b"SSH_CONNECTION=")), None)
        process = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("PPid:"))
    return own or ""


def is_current(content: str) -> bool:
    """Whether this ruleset was confirmed, is loaded at boot, and is in force as it was loaded."""
    if PENDING.exists() or not FILE.exists() or not LOADED.exists() or FILE.read_text(encoding="utf-8") != content:
        return False
    try:
        recorded = json.loads(LOADED.read_text(encoding="utf-8"))
    except ValueError:
        return False
    return recorded == {"content": _sha(content), "listing": digest_of(in_force())}


def before_and_after(content: str) -> tuple[str, str]:
    """What a load changes, as text: the file, or where the file is right already what was changed since its load."""
    file = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
    if file != content or not SHOWN.exists():
        return file, content
    return run("nft", "-s", "list", "ruleset"), SHOWN.read_text(encoding="utf-8")


def tracks() -> bool:
    """Whether some rule in force makes the kernel follow connections."""
    return shutil.which("nft", path=_PATH) is not None and '"ct"' in json.dumps(in_force())


def track() -> None:
    """Have the kernel follow connections, so that those which are open are known when a ruleset comes that asks.

    A connection that was open before anything followed it looks new, from the wrong side, and would be refused.
    """
    STATE.mkdir(mode=0o700, exist_ok=True)
    write(CANDIDATE, _TRACKING)
    run("nft", "-f", str(CANDIDATE))


def load(content: str, seconds: int) -> None:
    """Put a ruleset in force for so many seconds.

    :raises FirewallError: nft refuses it, or nothing could be arranged to take it back; nothing was changed then.
    """
    STATE.mkdir(mode=0o700, exist_ok=True)
    write(CANDIDATE, content)
    run("nft", "-c", "-f", str(CANDIDATE))
    if PENDING.exists():  # an earlier try that nobody confirmed: what was there before it is what to go back to
        run("systemctl", "stop", f"{UNIT}.timer")
    else:
        write(PREVIOUS, _way_back())
    write(PENDING, connection())
    try:
        run(
            "systemd-run",
            f"--unit={UNIT}",
            f"--on-active={seconds}",
            "--timer-property=AccuracySec=100ms",
            "--collect",
            ROLLBACK,
        )
    except FirewallError:
        PENDING.unlink()
        raise
    try:
        run("nft", "-f", str(CANDIDATE))
    except FirewallError:
        run(ROLLBACK)
        run("systemctl", "stop", f"{UNIT}.timer")
        raise


def _way_back() -> str:
    """What brings back the ruleset in force: its own file while it is untouched, for a listing never loads quite the same."""
    kept = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
    return kept if is_current(kept) else f"flush ruleset\n{run('nft', '-s', 'list', 'ruleset')}\n{_UNTRACKING}"


def confirm() -> None:
    """Keep the ruleset that was loaded: nothing takes it back any more, and the system loads it at boot.

    :raises FirewallError: it was taken back already, or this connection is the one that it was loaded over.
    """
    if not PENDING.exists():
        raise FirewallError("nothing waits to be confirmed: the ruleset was taken back; see journalctl -u " + UNIT)
    before, now = PENDING.read_text(encoding="utf-8"), connection()
    if now and now == before:
        raise FirewallError(
            "this is the connection that the ruleset was loaded over, which proves nothing; connect anew"
        )
    run("systemctl", "stop", f"{UNIT}.timer")
    if not PENDING.exists():
        raise FirewallError("the ruleset was taken back just now; load it again")
    content = CANDIDATE.read_text(encoding="utf-8")
    write(FILE, content, mode=0o644)
    write(SHOWN, run("nft", "-s", "list", "ruleset"))
    write(LOADED, json.dumps({"content": _sha(content), "listing": digest_of(in_force())}))
    PENDING.unlink()


def _sha(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def write(file: Path, content: str, mode: int = 0o600) -> None:
    """Write a file whole or not at all."""
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, mode)
        os.replace(temporary, file)
    except OSError as error:
        os.unlink(temporary)
        raise FirewallError(f"{file}: cannot be written ({error.strerror}); free some space") from error
