"""Measure ad_group_policy on a throwaway domain controller. Prints a table in Markdown.

GARANT_TEST_DC=10.0.0.10 GARANT_TEST_CA=ca.crt GARANT_TEST_PASSWORD=... python tests/bench/group_policy.py 500 2000

The numbers are the settings of one policy. Everything is made below a unit of its own that is removed afterwards.
Sessions are opened anew for each row, as a run of the module does; Ansible's own start is not in it.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import ansible.module_utils

ROOT = Path(__file__).resolve().parent.parent.parent
ansible.module_utils.__path__.append(str(ROOT / "module_utils"))

from ansible.module_utils.ad import directory_names as names  # noqa: E402
from ansible.module_utils.ad.connection import Credentials  # noqa: E402
from ansible.module_utils.ad.group_policy.model import GroupPolicy, Half, Link  # noqa: E402
from ansible.module_utils.ad.group_policy.registry_pol import RegistrySetting  # noqa: E402
from ansible.module_utils.ad.group_policy.store_facts import domain_facts  # noqa: E402
from ansible.module_utils.ad.group_policy.store_session import Domain, converge, open_domain  # noqa: E402

UNIT = "Mesure"
POLICIES = 20


def connection() -> dict[str, Any]:
    """How to reach the domain controller, from the environment."""
    return {
        "server": os.environ["GARANT_TEST_DC"],
        "bind_user": os.environ.get("GARANT_TEST_USER", "administrator@AUTOCONCEPT.LAN"),
        "bind_password": os.environ["GARANT_TEST_PASSWORD"],
        "ca_file": os.environ["GARANT_TEST_CA"],
    }


def policy(name: str, count: int, target: str, value: int = 0) -> GroupPolicy:
    """A policy with that many registry values, half of them users'; the first has this value."""
    rows = [
        RegistrySetting(rf"SOFTWARE\Policies\Mesure\Key{number // 10}", f"Value{number}", "REG_DWORD", number or value)
        for number in range(count)
    ]
    return GroupPolicy(
        name,
        computer=Half(registry=tuple(rows[::2])),
        user=Half(registry=tuple(rows[1::2])),
        links=(Link(target),),
        comment="Mesure",
    )


class Bench:
    """One domain controller and the table that comes out."""

    def __init__(self, folder: Path) -> None:
        self.options: dict[str, Any] = {
            **connection(),
            "definitions": [],
            "values": {},
            "context": {"root_ou": UNIT},
            "inheritance": "allowed",
            "purge": False,
            "backup_directory": str(folder),
        }

    @contextlib.contextmanager
    def domain(self) -> Iterator[Domain]:
        with open_domain(Credentials.from_arguments(self.options)) as domain:
            yield domain

    @contextlib.contextmanager
    def unit(self) -> Iterator[str]:
        """The unit, gone afterwards with all policies."""
        with self.domain() as domain:
            target = names.child("OU", UNIT, domain.directory.base)
            domain.directory.directory.add(target, {"objectClass": [b"organizationalUnit"]})
        try:
            yield target
        finally:
            self.remove()
            with self.domain() as domain:
                domain.directory.directory.delete(target)

    def remove(self) -> None:
        with self.domain() as domain:
            for container in domain.directory.containers():
                if container.name.startswith(UNIT):
                    domain.share.remove(container.guid)
                    domain.directory.remove(container.dn)

    def row(self, what: str, action: Callable[[Domain], Any]) -> None:
        started = time.perf_counter()
        with self.domain() as domain:
            action(domain)
        print(f"| {what} | {time.perf_counter() - started:.2f} s |", flush=True)

    def converge(self, what: str, policies: Sequence[GroupPolicy], changed: bool, check: bool = False) -> None:
        """One run; it must change something, or nothing, as told."""

        def run(domain: Domain) -> None:
            outcome = converge(domain, policies, self.options, check)
            if outcome.plan.changes is not changed:
                raise SystemExit(f"{what}: changed is {outcome.plan.changes}")

        self.row(what, run)

    def one(self, count: int, target: str) -> None:
        """A policy of many settings: written, read, compared, changed."""
        wanted = [policy(f"{UNIT} {count}", count, target)]
        self.converge(f"one policy of {count} settings: written from nothing", wanted, True)
        self.converge(f"one policy of {count} settings: unchanged", wanted, False)
        other = [policy(f"{UNIT} {count}", count, target, value=1)]
        self.converge(f"one policy of {count} settings: one setting differs, check mode and diff", other, True, True)
        self.converge(f"one policy of {count} settings: one setting written", other, True)
        none = [policy(f"{UNIT} {count}", 0, target)]
        self.converge(f"one policy of {count} settings: all of them differ, diff", none, True, True)
        self.row(
            f"one policy of {count} settings: read, with what holds where", lambda d: domain_facts(d, self.options)
        )
        self.remove()

    def many(self, target: str) -> None:
        """Many small policies."""
        wanted = [policy(f"{UNIT} {number}", 10, target) for number in range(POLICIES)]
        self.converge(f"{POLICIES} policies of 10 settings: from nothing", wanted, True)
        self.converge(f"{POLICIES} policies of 10 settings: unchanged", wanted, False)
        self.row(f"{POLICIES} policies of 10 settings: read", lambda domain: domain_facts(domain, self.options))


def main() -> None:
    print("| what | time |\n|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        with bench.unit() as target:
            for count in map(int, sys.argv[1:] or ["500"]):
                bench.one(count, target)
            bench.many(target)


if __name__ == "__main__":
    main()
