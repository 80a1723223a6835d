"""Serve a park of simulated machines until the process is ended: `python -m tests.winrm_park.serve --machines 80`.

One line of JSON on the standard output says where everything is. Then each line of the standard input is an order:
`power NAME on|off|silent|hung`, `reboot NAME SECONDS`, `upgrade NAME xp|7|10|11`, `told NAME`, `unsimulated`; each is
answered by one line of JSON. Passwords come from a file, never from the command line.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import tests.conftest  # noqa: F401 -- makes module_utils reachable under its one name
from tests.winrm_park import VENDOR, ProfileError, generate, policies, profiles, renewal
from tests.winrm_park.park import Park, Place


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--park", type=Path, help="a YAML file of machines")
    source.add_argument("--machines", type=int, help="draw so many machines")
    parser.add_argument("--seed", type=int, default=1, help="of the draw")
    parser.add_argument("--mute", type=int, default=0, help="machines of the draw that are off or refuse")
    parser.add_argument("--accounts", type=Path, required=True, help="file of login:password lines, mode 0600")
    parser.add_argument("--address", default="127.0.0.1", help="where to listen, or the first address with --spread")
    parser.add_argument("--port", type=int, default=0, help="first port; 0 for whatever is free")
    parser.add_argument("--spread", action="store_true", help="one address for each machine, all on the same port")
    parser.add_argument("--latency-ms", type=float, help="added to each request")
    parser.add_argument("--keytab", type=Path, help="offer Kerberos with this keytab")
    parser.add_argument("--sysvol", type=Path, help="folder that holds Policies/{GUID}")
    parser.add_argument("--policy", action="append", default=[], help="GUID to apply; repeat, the last one wins")
    parser.add_argument("--write-ca", type=Path, help="copy the authority's certificate there")
    parser.add_argument("--write-inventory", type=Path, help="write the hosts there, in YAML")
    return parser.parse_args(given)


def accounts(path: Path) -> dict[str, str]:
    if path.stat().st_mode & 0o077:
        raise ProfileError(f"{path}: others may read it; chmod 600")
    pairs = (line.partition(":") for line in path.read_text("utf-8").splitlines() if line.strip())
    return {user: password for user, _colon, password in pairs}


def order(park: Park, line: str) -> Any:
    """Carry out one order; the answer goes out as JSON."""
    words = line.split()
    try:
        match words:
            case ["power", name, state] if state in profiles.POWER:
                park.power(name, state)
            case ["reboot", name, seconds]:
                park.reboot(name, float(seconds))
            case ["upgrade", name, system]:
                machine = park.machine(name)
                machine.become(profiles.profile(machine.name, system, own=renewal.kept(machine.profile)))
            case ["told", name]:
                return asdict(park.machine(name).told)
            case ["unsimulated"]:
                return park.unsimulated()
            case _:
                return {"error": f"no such order: {line}"}
    except (ValueError, ProfileError) as error:
        return {"error": str(error)}
    return {"done": line}


def _serve(arguments: argparse.Namespace) -> None:
    source = generate.load(arguments.park) if arguments.park else generate.draw(
        arguments.machines, arguments.seed, arguments.mute
    )  # fmt: skip
    made = generate.built(source, str(arguments.park or "drawn park"))
    place = Place(arguments.address, arguments.port, arguments.spread)
    known = accounts(arguments.accounts)
    with Park(made, known, place=place, latency_ms=arguments.latency_ms, keytab=arguments.keytab) as park:
        if arguments.sysvol:
            loaded = policies.load(arguments.sysvol, arguments.policy)
            for machine in park.machines.values():
                policies.apply(machine, loaded)
        if arguments.write_ca:
            arguments.write_ca.write_bytes(park.ca_file.read_bytes())
        hosts = park.hosts()
        if arguments.write_inventory:
            text = yaml.safe_dump({"all": {"hosts": hosts}}, sort_keys=False)
            arguments.write_inventory.write_text(text, "utf-8")
        print(json.dumps({"simulated_by": VENDOR, "ca_file": str(park.ca_file), "hosts": hosts}), flush=True)
        ended = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_about: ended.set())
        threading.Thread(target=_orders, args=(park,), daemon=True).start()
        ended.wait()


def _orders(park: Park) -> None:
    for line in sys.stdin:
        if line.strip():
            print(json.dumps(order(park, line.strip())), flush=True)


def main(given: Sequence[str] | None = None) -> int:
    try:
        _serve(_arguments(given))
    except (ProfileError, OSError) as error:
        print(f"{VENDOR}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
