"""The role takes the steps in their order and asks modules that exist; what Windows does is not known here.

The tasks run against stand-ins on this computer: order, arguments, and what is kept are proven, no effect on any Windows.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.windows.upgrade_store import Store
from ansible.module_utils.windows.upgrade_waves import Machine, plan

from tests.conftest import ROOT
from tests.unit.roles import test_windows_flavour as flavour
from tests.unit.upgrade.samples import TERMS, TODAY, terms

TASKS = sorted((ROOT / "roles" / "windows_upgrade" / "tasks").glob("*.yml"))
COLLECTIONS = ("community.general.", *flavour.COLLECTIONS)
BIN = Path(sys.executable).parent
NOTICE = {"host": "pc-1", "id": "pc-1.1.0", "to": "u1@example.org", "subject": "x", "text": "y"}


def asked_of_collections() -> list[tuple[str, Any]]:
    tasks = [task for file in TASKS for task in flavour.tasks_of(file)]
    return [(key, task[key]) for task in tasks for key in task if key.startswith(COLLECTIONS)]


def asked_of_our_own() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for task in (task for file in TASKS for task in flavour.tasks_of(file)):
        for key in set(task) & {file.stem for file in (ROOT / "library").glob("*.py")}:
            found.setdefault(key, set()).update(task[key])
    return found


def test_every_module_of_a_collection_is_asked_what_it_documents() -> None:
    asked = asked_of_collections()
    documentation = flavour.documentation_of({name for name, _ in asked})
    assert set(documentation) == {name for name, _ in asked}
    found = [
        problem
        for name, given in asked
        for problem in flavour.check(name, given, documentation[name].get("options") or {})
    ]
    assert found == []
    assert len(asked) > 12


def test_every_module_of_our_own_is_asked_what_it_documents() -> None:
    for name, given in asked_of_our_own().items():
        text = (ROOT / "library" / f"{name}.py").read_text(encoding="utf-8")
        documented = yaml.safe_load(text.split('DOCUMENTATION = r"""')[1].split('"""')[0])["options"]
        assert given <= set(documented), name
        assert {option for option, said in documented.items() if said.get("required")} <= given, name


def test_no_powershell_of_our_own_is_sent() -> None:
    named = {name.rsplit(".", maxsplit=1)[1] for name, _ in asked_of_collections()}
    assert named & {"win_powershell", "win_shell", "win_dsc"} == set()


def test_a_site_that_renews_nothing_is_audited_without_the_account_for_it() -> None:
    file = ROOT / "playbooks" / "group_vars" / "windows_workstations.yml"
    values = yaml.safe_load(file.read_text(encoding="utf-8"))
    named = {name for name, value in values.items() if "site_renewal_" in str(value)}
    assert named == {"ansible_user", "ansible_password"}
    assert {name for name in named if "default(" not in values[name]} == set()


def test_a_renewal_without_its_image_is_refused_before_any_machine_is_read(tmp_path: Path) -> None:
    values = {
        "site": "here",
        "client": "autoconcept",
        "ad_domain": "x",
        "site_pki_certificate": "x",
        "site_renewal_user": "x",
    }
    machines = {"hosts": {"pc-1": {}}, "vars": values}
    inventory = tmp_path / "hosts.yml"
    inventory.write_text(yaml.safe_dump({"windows_workstations": machines}), encoding="utf-8")
    words = ["-i", str(inventory), "playbooks/upgrade.yml", "-e", "renewal=run"]
    done = subprocess.run(
        [str(BIN / "ansible-playbook"), *words], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 2, done.stdout + done.stderr
    assert "site_renewal_image is not set: the disk image" in done.stdout
    assert "inventories/here/group_vars/all" in done.stdout
    assert "site_renewal_user is not set" not in done.stdout
    assert "Read all workstations" not in done.stdout


def test_every_step_has_its_tasks() -> None:
    values = yaml.safe_load((ROOT / "roles/windows_upgrade/vars/main.yml").read_text(encoding="utf-8"))
    steps = values["__windows_upgrade_steps"]
    assert list(values["__windows_upgrade_files"]) == steps
    by_hand = values["__windows_upgrade_files_by_hand"]
    assert set(by_hand) < set(steps)
    assert {file.name for file in TASKS} >= {*values["__windows_upgrade_files"].values(), *by_hand.values()}


class Stage:
    """One machine that is a file, a campaign with it, and the role run against both."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.machine = folder, folder / "machine.json"
        self.store = Store(str(folder / "campaign"))
        others = [Machine(f"pc-{number}", "a", (f"u{number}",), None) for number in range(2, 5)]
        self.store.create(plan([Machine("pc-1", "a", ("u1",), "upgrade"), *others], terms(), TODAY))
        self.set(
            build="19045", task=None, asked=[], setup_ends_with=0, scan_ends_with=-1047526896, copy_ends_with=0,
            free_bytes=10**11, firewall=True,
        )  # fmt: skip
        self._stand_ins()
        self._playbook()

    def set(self, **values: Any) -> None:
        known = json.loads(self.machine.read_text(encoding="utf-8")) if self.machine.exists() else {}
        self.machine.write_text(json.dumps({**known, **values}), encoding="utf-8")

    def asked(self) -> list[str]:
        return [name for name, _ in json.loads(self.machine.read_text(encoding="utf-8"))["asked"]]

    def _stand_ins(self) -> None:
        source = Path(__file__).with_name("stand_in.py").read_text(encoding="utf-8")
        options: dict[str, set[str]] = {}
        for name, given in asked_of_collections():
            options.setdefault(name, set()).update(given)
        for name, given in options.items():
            *collection, module = name.split(".")
            self._copy(source, self.folder / "collections/ansible_collections" / "/".join(collection)
                       / "plugins/modules" / f"{module}.py", module, given)  # fmt: skip
        self._copy(source, self.folder / "library/workstation_info.py", "workstation_info",
                   asked_of_our_own()["workstation_info"])  # fmt: skip

    @staticmethod
    def _copy(source: str, file: Path, name: str, options: set[str]) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        text = source.replace('NAME = ""', f"NAME = {name!r}")
        file.write_text(
            text.replace("OPTIONS: list[str] = []", f"OPTIONS: list[str] = {sorted(options)!r}"), encoding="utf-8"
        )

    def _playbook(self) -> None:
        values = {
            "state_dir": self.store.folder, "terms": TERMS, "timezone": "Europe/Paris", "forced": ["pc-1"],
            "target_build": 26200, "free_bytes": 25 * 10**9, "notices": [NOTICE],
            "image": "\\\\fs1\\images\\windows.iso",
            "backup_folder": "\\\\fs1\\saved", "network_user": "EXAMPLE\\renewal", "network_password": "not-shown-anywhere",
            "audit": {"user": "a", "password": "b", "authentication": "ntlm", "controllers": [], "ca_file": "/ca"},
            "host": {"name": "pc-1", "address": "pc-1.example.lan", "service_name": "pc-1.example.lan"},
            "by_hand": False, "saved": [], "quiet_seconds": 0, "poll_seconds": 1, "return_seconds": 2,
        }  # fmt: skip
        play = {
            "name": "Take the steps",
            "hosts": "pc-1",
            "gather_facts": False,
            "connection": "local",
            "roles": [
                {
                    "role": "windows_upgrade",
                    "vars": {f"windows_upgrade_{key}": value for key, value in values.items()},
                }
            ],
        }
        (self.folder / "play.yml").write_text(yaml.safe_dump([play]), encoding="utf-8")

    def run(self) -> str:
        environment = {
            **os.environ,
            "STAND_IN_MACHINE": str(self.machine),
            "ANSIBLE_COLLECTIONS_PATH": str(self.folder / "collections"),
            "ANSIBLE_LIBRARY": f"{self.folder / 'library'}:{ROOT / 'library'}",
            "ANSIBLE_LOCAL_TEMP": str(self.folder / "tmp"),
        }
        done = subprocess.run(
            [str(BIN / "ansible-playbook"), "-vv", "-i", "pc-1,", str(self.folder / "play.yml"),
             "-e", f"ansible_become=false ansible_python_interpreter={sys.executable}"],
            cwd=ROOT, env=environment, check=False, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert "not-shown-anywhere" not in done.stdout
        return done.stdout + done.stderr

    def ends(self) -> tuple[str, str, str | None]:
        record = self.store.record("pc-1")
        return record.status, record.step, record.reason


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def test_a_machine_is_saved_looked_at_upgraded_and_verified_once(stage: Stage) -> None:
    shown = stage.run()
    assert stage.ends() == ("done", "verify", None), shown
    asked = stage.asked()
    assert [name for name in asked if name in ("win_robocopy", "win_command", "workstation_info")] == [
        "win_robocopy",
        "win_robocopy",
        "workstation_info",
        "win_robocopy",
        "win_command",
        "win_robocopy",
        "workstation_info",
        "workstation_info",
    ]
    stage.run()
    assert stage.asked() == asked


@pytest.mark.parametrize(
    ("machine", "ends"),
    [
        ({"copy_ends_with": 1}, ("set_aside", "backup_check")),
        ({"setup_ends_with": -1047527167}, ("rolled_back", "install")),
        ({"firewall": False}, ("rolled_back", "roll_back")),
    ],
    ids=["copy differs", "setup error", "not as it should be"],
)
def test_what_goes_wrong_ends_as_it_must(stage: Stage, machine: dict[str, Any], ends: tuple[str, str]) -> None:
    stage.set(**machine)
    shown = stage.run()
    assert stage.ends()[:2] == ends, shown
    installs = [name for name in stage.asked() if name == "win_scheduled_task"]
    assert bool(installs) is (ends[0] == "rolled_back")
