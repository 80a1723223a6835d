"""A file system is made only where it is known that there is none."""

from __future__ import annotations

import pytest
from ansible.module_utils.linux import raid_apply, raid_read
from ansible.module_utils.linux.raid_plan import Plan
from ansible.module_utils.linux.raid_read import RaidError

from tests.unit.raid.test_raid_plan import array, wanted

STANDING = Plan(array("a", "b"))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The programs that were run to change something."""
    ran: list[str] = []
    monkeypatch.setattr(raid_apply, "demand", lambda command: ran.append(command[0]) or "")
    monkeypatch.setattr(raid_apply, "run", lambda _: (0, ""))
    return ran


@pytest.mark.parametrize(
    ("status", "held", "told"),
    [(8, [], "cannot be told"), (2, ["data"], "holds data and no file system"), (2, ["xfs"], "holds data")],
)
def test_a_mirror_that_holds_something_unknown_is_not_formatted(
    made: list[str], monkeypatch: pytest.MonkeyPatch, status: int, held: list[str], told: str
) -> None:
    monkeypatch.setattr(raid_read, "run", lambda _: (status, ""))
    monkeypatch.setattr(raid_apply, "signatures", lambda _: held)
    with pytest.raises(RaidError, match=told):
        raid_apply.apply(wanted("A", "B"), STANDING, dry=False)
    assert made == []


def test_an_empty_mirror_gets_its_file_system(made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raid_read, "run", lambda _: (2, ""))
    monkeypatch.setattr(raid_apply, "signatures", lambda _: [])
    assert raid_apply.apply(wanted("A", "B"), STANDING, dry=False) == ["data: make the file system donnees"]
    assert made == ["mkfs.ext4"]


def test_a_mirror_with_its_file_system_is_left_alone(made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raid_read, "run", lambda _: (0, "TYPE=ext4\nLABEL=donnees\n"))
    assert raid_apply.apply(wanted("A", "B"), STANDING, dry=False) == []
    assert made == []


def test_what_cannot_be_read_is_not_taken_for_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raid_read, "run", lambda _: (0, ""))
    with pytest.raises(RaidError, match="cannot be read"):
        raid_read.signatures("/nowhere/md127")
