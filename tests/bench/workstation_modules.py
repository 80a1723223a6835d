"""Measure what a few workstations cost when Ansible's own modules ask what our audit asks. Prints a table in Markdown.

    python3 -m tests.bench.workstation_modules --machines 5 --latency 20 --values 60

What is put to the modules is what our reader put to the same machines: win_reg_stat for each key and value of the
registry, win_service in check mode for each service, win_command for each list of programs. Each is one loop over one
connection, the quickest way that Ansible has. What the reader asks of WMI has no module in the simulator's closed list.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ansible.module_utils
import yaml

ansible.module_utils.__path__.append(str(Path(__file__).resolve().parents[2] / "module_utils"))

from ansible.module_utils.windows.facts import gather  # noqa: E402
from ansible.module_utils.windows.facts_park import Machine, read_park  # noqa: E402
from ansible.module_utils.windows.facts_source import Source  # noqa: E402
from ansible.module_utils.wsman import allowed  # noqa: E402
from ansible.module_utils.wsman.answers import Row  # noqa: E402
from ansible.module_utils.wsman.channel import Account, Channel, Gate, Limits  # noqa: E402
from ansible.module_utils.wsman.client import MACHINE, USERS, Client  # noqa: E402

from tests.winrm_park import generate  # noqa: E402
from tests.winrm_park.park import Park  # noqa: E402

_USER, _PASSWORD = "audit", "Passe-Audit-12"
_LIMITS = Limits(60, 3)
_HIVES = {MACHINE: "HKLM:", USERS: "HKU:"}
_ANSIBLE = Path(sys.executable).parent / "ansible-playbook"
_CONFIG = "[defaults]\nforks = {forks}\ngathering = explicit\nretry_files_enabled = false\n"
_TASKS: list[dict[str, Any]] = [
    {
        "name": "Read the registry",
        "ansible.windows.win_reg_stat": {"path": "{{ item.path }}", "name": "{{ item.name | default(omit) }}"},
        "loop": "{{ registry }}",
    },
    {
        "name": "Read the services",
        "ansible.windows.win_service": {"name": "{{ item }}"},
        "check_mode": True,
        "loop": "{{ services }}",
    },
    {
        "name": "Read the lists of programs",
        "ansible.windows.win_command": {"cmd": "{{ item }}"},
        "changed_when": False,
        "loop": "{{ listings }}",
    },
]


@dataclass
class Questions:
    """What was asked of one machine; a dictionary keeps the order and drops what is asked twice."""

    registry: dict[tuple[str, str | None], None] = field(default_factory=dict)
    services: dict[str, None] = field(default_factory=dict)
    listings: dict[str, None] = field(default_factory=dict)
    wmi: int = 0

    def variables(self, most: int | None) -> dict[str, Any]:
        """They as the variables of a host, with so many of the registry."""
        chosen = list(self.registry)[:most]
        named = [{"path": path} if name is None else {"path": path, "name": name} for path, name in chosen]
        return {"registry": named, "services": list(self.services), "listings": list(self.listings)}


class Noting(Client):
    """Our client, which keeps what it is asked."""

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        self.asked = Questions()

    def rows(self, namespace: str, wql: str) -> list[Row]:
        if " FROM Win32_Service " in wql:
            self.asked.services |= dict.fromkeys(re.findall(r"Name='(\w+)'", wql))
        else:
            self.asked.wmi += 1
        return super().rows(namespace, wql)

    def instance(self, resource: str, keys: Mapping[str, str]) -> Row:
        self.asked.wmi += 1
        return super().instance(resource, keys)

    def value(self, kind: str, key: str, name: str, hive: int = MACHINE) -> Any:
        self._note(hive, key, name)
        return super().value(kind, key, name, hive)

    def keys(self, key: str, hive: int = MACHINE) -> list[str] | None:
        self._note(hive, key, None)
        return super().keys(key, hive)

    def values(self, key: str, hive: int = MACHINE) -> list[str] | None:
        self._note(hive, key, None)
        return super().values(key, hive)

    def listings(self, *wanted: str) -> dict[str, tuple[str, int | None]]:
        self.asked.listings |= {allowed.LISTINGS[name]: None for name in wanted}
        return super().listings(*wanted)

    def _note(self, hive: int, key: str, name: str | None) -> None:
        self.asked.registry[f"{_HIVES[hive]}\\{key}", name] = None


def noted(machine: Machine, account: Account, limits: Limits, _gate: Gate) -> dict[str, Any]:
    """The questions of one machine, and nothing else of it."""
    client = Noting(Channel(machine.endpoint, account, limits))
    try:
        gather(Source(client, datetime.now(UTC)))
    finally:
        client.close()
    return {"state": "noted", "asked": client.asked}


def serve(options: argparse.Namespace) -> None:
    """The park; each line of standard input is answered by what it was asked since the last."""
    drawn = [
        {
            "name": f"PC-{number:03d}",
            "os": "11" if number % 2 else "10",
            "states": ["compliant"],
            "own": {"sessions": [{"login": f"user{number:02d}"}]},
        }
        for number in range(1, options.machines + 1)
    ]
    with Park(generate.built({"machines": drawn}), {_USER: _PASSWORD}, latency_ms=options.latency) as park:
        _say({"hosts": park.hosts(), "ca_file": str(park.ca_file)})
        for _line in sys.stdin:
            told = [machine.told for machine in park.machines.values()]
            modules = Counter(line for each in told for line in each.commands if line.startswith("module "))
            _say(
                {
                    "requests": sum(each.requests for each in told),
                    "connections": sum(each.connections for each in told),
                    "modules": sum(modules.values()),
                    "unsimulated": park.unsimulated(),
                }
            )
            for each in told:
                each.requests = each.connections = 0
                each.commands.clear()


def _say(what: Mapping[str, Any]) -> None:
    print(json.dumps(what), flush=True)


class Served:
    """The park in its own process, as the measuring one sees it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._written, self._read = process.stdin, process.stdout
        started = json.loads(self._read.readline())
        self.hosts: dict[str, dict[str, Any]] = started["hosts"]
        self.ca_file: str = started["ca_file"]

    def told(self) -> dict[str, Any]:
        """What the machines were asked since the last time."""
        self._written.write("\n")
        self._written.flush()
        told: dict[str, Any] = json.loads(self._read.readline())
        if told["unsimulated"]:
            raise SystemExit(f"not simulated, so that nothing is measured: {told['unsimulated']}")
        return told


@contextmanager
def served() -> Iterator[Served]:
    """A park as long as the block lasts."""
    command = [sys.executable, "-m", "tests.bench.workstation_modules", "--serve", *sys.argv[1:]]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Served(process)
        process.communicate()


def inventory(park: Served, connection: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    """The park's machines for Ansible: NTLM over HTTPS, the certificate checked."""
    hosts = {
        name: {
            "ansible_host": each["ansible_host"],
            "ansible_port": each["ansible_port"],
            "ansible_connection": connection,
            "ansible_winrm_scheme": "https",
            "ansible_winrm_transport": "ntlm",
            "ansible_winrm_ca_trust_path": park.ca_file,
            "ansible_winrm_server_cert_validation": "validate",
            "ansible_psrp_auth": "ntlm",
            "ansible_psrp_protocol": "https",
            "ansible_psrp_ca_cert": park.ca_file,
            "ansible_psrp_cert_validation": "validate",
            "ansible_user": _USER,
            "ansible_password": _PASSWORD,
            **variables[name],
        }
        for name, each in park.hosts.items()
    }
    return {"all": {"hosts": hosts}}


def play(folder: Path, hosts: Mapping[str, Any], tasks: Sequence[Mapping[str, Any]]) -> float:
    """Seconds that ansible-playbook takes, its own start included."""
    files = {
        "ansible.cfg": _CONFIG.format(forks=len(hosts["all"]["hosts"])),
        "hosts.json": json.dumps(hosts),
        "play.yml": yaml.safe_dump([{"hosts": "all", "gather_facts": False, "tasks": list(tasks)}]),
    }
    for name, text in files.items():
        (folder / name).touch(mode=0o600)
        (folder / name).write_text(text, "utf-8")
    environment = {**os.environ, "ANSIBLE_CONFIG": str(folder / "ansible.cfg")}
    command = [str(_ANSIBLE), "-i", "hosts.json", "play.yml"]
    began = time.monotonic()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    took = time.monotonic() - began
    if done.returncode:
        raise SystemExit(f"{done.stdout[-3000:]}\n{done.stderr[-1000:]}")
    return took


def measure(options: argparse.Namespace) -> None:
    """Read the park in the three ways and print what each took."""
    with served() as park, tempfile.TemporaryDirectory() as temporary:
        hosts = [
            {"name": name, "address": each["ansible_host"], "port": each["ansible_port"]}
            for name, each in park.hosts.items()
        ]
        account = Account(f"EXAMPLE\\{_USER}", _PASSWORD, park.ca_file)
        learnt, _ = read_park(hosts, account, _LIMITS, len(hosts), noted)
        asked: dict[str, Questions] = {name: each["asked"] for name, each in learnt.items()}
        park.told()

        began = time.monotonic()
        results, coverage = read_park(hosts, account, _LIMITS, len(hosts))
        rows = [("our reader, all facts", sum(each["messages"] for each in results.values()), time.monotonic() - began)]
        answered = [park.told()]
        variables = {name: each.variables(options.values) for name, each in asked.items()}
        folder = Path(temporary)
        start = play(folder, inventory(park, "winrm", variables), [])
        for connection in ("winrm", "psrp"):
            took = play(folder, inventory(park, connection, variables), _TASKS)
            answered.append(park.told())
            rows.append((f"Ansible modules, {connection}", answered[-1]["modules"], took))

    print(
        f"Load {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors, {options.latency:g} ms a request, {coverage}.\n"
    )
    print("| way | machines | questions a machine | requests in all | connections | wall clock | a question |")
    print("|---|---|---|---|---|---|---|")
    for (way, questions, took), told in zip(rows, answered, strict=True):
        a_machine = questions / len(hosts)
        print(
            f"| {way} | {len(hosts)} | {a_machine:.0f} | {told['requests']} | {told['connections']} | {took:.1f} s | "
            f"{took / a_machine:.2f} s |"
        )
    one, sent = next(iter(asked.values())), next(iter(variables.values()))
    print(
        f"\nOf the first machine the modules asked {len(sent['registry'])} of {len(one.registry)} keys and values of the "
        f"registry, {len(one.services)} services and {len(one.listings)} lists of programs. They asked none of the "
        f"{one.wmi} questions that only WMI answers (memory, disks, antivirus, encryption, licence, accounts...): no "
        "module of the closed list reads these. The wall clock of Ansible holds its own start, "
        f"{start:.1f} s. Requests are counted without the two of NTLM on each connection.\nA question is the wall clock "
        "of one machine's questions, the machines being asked at the same time. Simulated machines answer without "
        "running PowerShell: real ones are slower by Ansible's modules."
    )


def main() -> None:
    """Serve or measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--machines", type=int, default=5)
    parser.add_argument("--latency", type=float, default=20.0)
    parser.add_argument("--values", type=int, help="of the registry for the modules; all when not given")
    parser.add_argument("--serve", action="store_true")
    options = parser.parse_args()
    (serve if options.serve else measure)(options)


if __name__ == "__main__":
    main()
