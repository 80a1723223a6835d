"""Measure how long a park of simulated workstations takes to be read. Prints one line in Markdown.

    python3 -m tests.bench.workstations --machines 80 --mute 8 --latency 20 --at-once 40

The park runs in a process of its own, as the machines would; both share the processors of this one. The simulated
machines answer at once: what WMI itself takes on a real one comes on top.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

import ansible.module_utils
import yaml

ansible.module_utils.__path__.append(str(Path(__file__).resolve().parents[2] / "module_utils"))

from ansible.module_utils.windows.facts_park import read_park  # noqa: E402
from ansible.module_utils.wsman.channel import Account, Limits  # noqa: E402

from tests.winrm_park import generate  # noqa: E402
from tests.winrm_park.park import Park  # noqa: E402

_USER, _PASSWORD = "audit", "Passe-Audit-12"


def serve(options: argparse.Namespace) -> None:
    """The park, until standard input ends."""
    profiles = generate.built(generate.draw(options.machines, 1, options.mute))
    with Park(profiles, {_USER: _PASSWORD}, latency_ms=options.latency) as park:
        print(yaml.safe_dump({"hosts": park.hosts(), "ca_file": str(park.ca_file)}), end="---\n", flush=True)
        sys.stdin.read()
        requests = sum(machine.told.requests for machine in park.machines.values())
        print(yaml.safe_dump({"requests": requests, "unsimulated": park.unsimulated()}), flush=True)


def measure(options: argparse.Namespace) -> None:
    """Read the park once and print what it took."""
    command = [sys.executable, "-m", "tests.bench.workstations", "--serve", *sys.argv[1:]]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as park:
        assert park.stdout is not None
        started = yaml.safe_load("".join(iter(park.stdout.readline, "---\n")))
        hosts = [
            {"name": name, "address": each["ansible_host"], "port": each["ansible_port"]}
            for name, each in started["hosts"].items()
        ]
        account = Account(f"EXAMPLE\\{_USER}", _PASSWORD, started["ca_file"])
        began, used = time.monotonic(), time.process_time()
        results, coverage = read_park(hosts, account, Limits(30, 3), options.at_once)
        took, used = time.monotonic() - began, time.process_time() - used
        told, _ = park.communicate("")
    messages = [result["messages"] for result in results.values() if result["messages"]]
    print("| machines | answered | messages a machine | wall clock | processor here | load | states |")
    print("|---|---|---|---|---|---|---|")
    print(
        f"| {len(hosts)} | {len(messages)} | {min(messages)} to {max(messages)} | {took:.1f} s | {used:.1f} s | "
        f"{os.getloadavg()[0]:.1f} | {coverage} |"
    )
    print(told.strip())


def main() -> None:
    """Serve or measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--machines", type=int, default=80)
    parser.add_argument("--mute", type=int, default=8)
    parser.add_argument("--latency", type=float, default=20.0)
    parser.add_argument("--at-once", type=int, default=40)
    parser.add_argument("--serve", action="store_true")
    options = parser.parse_args()
    (serve if options.serve else measure)(options)


if __name__ == "__main__":
    main()
