"""A site whose workstations are simulated: its inventory, the playbook of the renewal run on it, killed where told."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from ansible.module_utils.windows.upgrade_state import ENDED, Record
from ansible.module_utils.windows.upgrade_store import Store

from tests.conftest import ROOT
from tests.winrm_park import profiles
from tests.winrm_park.park import Park, Place

LOGIN, PASSWORD = "renewal", "Never-shown-anywhere-1"
PORT = 5986
DOMAIN = "example.lan"
_BIN = Path(sys.executable).parent
_RUN_SECONDS = 1800
_WAITED = timedelta(hours=4)


def _own_address() -> str:
    """Where nobody else's park listens: all of 127/8 is this computer's."""
    number = os.getpid()
    return f"127.{40 + number % 200}.{number // 200 % 250}.1"


class Site:
    """Machines by name, each with its system, its states, and how setup goes on it."""

    def __init__(self, folder: Path, machines: Mapping[str, tuple[str, list[str], str]]) -> None:
        self.folder, self.machines = folder, machines
        self.store = Store(str(folder / "campaign"))
        made = [
            profiles.profile(
                name, system, states, {"behaviour": {"setup": goes, "setup_seconds": 1, "reboot_seconds": 1}}
            )
            for name, (system, states, goes) in machines.items()
        ]
        self.park = Park(made, {LOGIN: PASSWORD}, place=Place(_own_address(), PORT, spread=True))

    def write(self) -> None:
        """The inventory, as a site has it."""
        hosts = {
            name: {
                "ansible_host": host["ansible_host"],
                "department": f"dep{number % 4}",
                "users": [{"login": f"u.{name}", "name": f"Personne {number}"}],
            }
            for number, (name, host) in enumerate(self.park.hosts().items())
        }
        values = {
            "site": "rehearsal",
            "client": "autoconcept",
            "ad_domain": DOMAIN,
            "ad_controller_addresses": [],
            "site_pki_certificate": str(self.park.ca_file),
            "site_workstation_audit_user": LOGIN,
            "site_workstation_audit_password": PASSWORD,
            "site_workstation_audit_authentication": "ntlm",
            "site_renewal_image": r"\\fs1\images\windows.iso",
            "site_renewal_backup_folder": r"\\fs1\saved",
            "site_renewal_user": rf"EXAMPLE\{LOGIN}",
            "site_renewal_password": PASSWORD,
            "windows_upgrade_quiet_seconds": 0,
            "windows_upgrade_poll_seconds": 1,
            "windows_upgrade_return_seconds": 8,
        }
        groups = {"all": {"children": {"windows_workstations": {"hosts": hosts, "vars": values}}}}
        (self.folder / "hosts.yml").write_text(yaml.safe_dump(groups), encoding="utf-8")

    def start(self, options: Mapping[str, Any]) -> subprocess.Popen[str]:
        """Start the playbook."""
        environment = {**os.environ, "ANSIBLE_LOCAL_TEMP": str(self.folder / "tmp"), "ANSIBLE_FORKS": "10"}
        with (self.folder / "log").open("a", encoding="utf-8") as log:
            return subprocess.Popen(
                [str(_BIN / "ansible-playbook"), "-i", str(self.folder / "hosts.yml"), "playbooks/upgrade.yml",
                 "-e", json.dumps({"renewal": "run", "__renewal_state": self.store.folder, **options})],
                cwd=ROOT, env=environment, stdout=log, stderr=log, text=True, start_new_session=True,
            )  # fmt: skip

    def run(self, options: Mapping[str, Any], dies_after: float | None = None) -> None:
        """Run the playbook to its end, or kill it with all that it started."""
        process = self.start(options)
        try:
            process.wait(_RUN_SECONDS if dies_after is None else dies_after)
        except subprocess.TimeoutExpired:
            assert dies_after is not None, "the playbook does not end"
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def records(self) -> dict[str, Record]:
        return {record.host: record for record in self.store.records()}

    def open(self) -> list[Record]:
        """The machines that are left."""
        return [record for record in self.store.records() if record.status not in ENDED]

    def open_wave(self) -> list[Record]:
        """Those of the first wave that has some left."""
        left = self.open()
        first = min((record.wave for record in left), default=None)
        return [record for record in left if record.wave == first]

    def hours_later(self, hosts: Sequence[str]) -> None:
        """Let hours pass over what was begun on machines that do not answer."""
        for host in hosts:
            record = self.store.record(host)
            earlier = tuple(
                {**line, "at": (datetime.fromisoformat(line["at"]) - _WAITED).isoformat(timespec="seconds")}
                for line in record.history
            )
            self.store.keep(replace(record, history=earlier))

    def replace(self, host: str) -> None:
        """Put a new machine of the same name in the place of another."""
        own = {"behaviour": dict(self.park.machine(host).behaviour), "os": {"installed_days_ago": 0}}
        self.park.machine(host).become(profiles.profile(host, "11", ["current"], own))

    def said(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")
