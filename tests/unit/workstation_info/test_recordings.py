"""What a machine answered is kept, and read again without it: the same facts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.windows.facts import gather
from ansible.module_utils.windows.facts_park import introduced, machines, read_machine
from ansible.module_utils.windows.facts_source import Source
from ansible.module_utils.wsman.channel import Account, Gate, HostError, Limits
from ansible.module_utils.wsman.client import Client

from tests.unit.workstation_info.replay import Replay
from tests.winrm_park import generate
from tests.winrm_park.park import Park

USER, PASSWORD = "audit", "Jamais-Ecrit-12"
FOLDER = os.environ.get("GARANT_WINRM_RECORDINGS")
#: Recordings that this project's own probe made; others hold no facts.
KEPT = [
    file for file in sorted(Path(FOLDER or "/nonexistent").glob("*.yml")) if "workstation:" in file.read_text("utf-8")
]


@pytest.fixture(scope="module")
def park() -> Iterator[Park]:
    drawn = [{"name": name, "os": system} for name, system in (("pc-ten", "10"), ("pc-seven", "7"))]
    with Park(generate.built({"machines": drawn}), {USER: PASSWORD}) as started:
        yield started


def recorded(park: Park, name: str, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The facts of a machine, and its file."""
    place = park.endpoint(name)
    (machine,) = machines([{"name": name, "address": place.address, "port": place.port}])
    account = Account(f"EXAMPLE\\{USER}", PASSWORD, str(park.ca_file))
    result = read_machine(machine, account, Limits(), Gate(), str(folder))
    return result["workstation"], yaml.safe_load((folder / f"{name}.yml").read_text("utf-8"))


def replayed(kept: dict[str, Any]) -> dict[str, Any]:
    """The facts that come of a recording."""
    client = Client(Replay(kept["messages"]))  # type: ignore[arg-type]
    facts, failures = introduced(client)
    source = Source(client, datetime.fromisoformat(kept["read_at"]))
    source.rows("system")
    read, unread, gone = gather(source)
    assert not gone
    return {**facts, **read, "failures": {**failures, **unread}}


@pytest.mark.parametrize("name", ["pc-ten", "pc-seven"])
def test_a_recording_gives_the_same_facts_without_the_machine(park: Park, tmp_path: Path, name: str) -> None:
    facts, kept = recorded(park, name, tmp_path)
    assert kept["workstation"] == facts
    assert replayed(kept) == facts
    assert facts["os"]["build"]


def test_a_recording_holds_no_password_and_nobody_else_reads_it(park: Park, tmp_path: Path) -> None:
    recorded(park, "pc-ten", tmp_path / "new")
    file = tmp_path / "new" / "pc-ten.yml"
    assert PASSWORD not in file.read_text("utf-8")
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_recording_with_an_answer_that_was_changed_gives_other_facts(park: Park, tmp_path: Path) -> None:
    facts, kept = recorded(park, "pc-ten", tmp_path)
    build = str(facts["os"]["build"])
    kept["messages"] = [{**each, "response": each["response"].replace(build, "99999")} for each in kept["messages"]]
    assert replayed(kept)["os"]["build"] == 99999


def test_a_recording_with_another_question_is_refused(park: Park, tmp_path: Path) -> None:
    _facts, kept = recorded(park, "pc-ten", tmp_path)
    del kept["messages"][1]
    with pytest.raises(HostError, match="another question as number 2"):
        replayed(kept)


@pytest.mark.skipif(not KEPT, reason="GARANT_WINRM_RECORDINGS names no folder of playbooks/probe.yml")
def test_what_real_machines_answered_gives_the_facts_that_it_gave() -> None:
    for file in KEPT:
        kept = yaml.safe_load(file.read_text("utf-8"))
        assert replayed(kept) == kept["workstation"], file
