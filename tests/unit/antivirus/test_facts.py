"""What the antivirus wrote down, as the audit reads it: a date that is still to come proves nothing."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from ansible.module_utils.linux import antivirus


def wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours_ago: float) -> None:
    moment = time.time() - hours_ago * 3600
    state = tmp_path / "state.json"
    state.write_text(json.dumps({"scan": {"ok_at": moment, "at": moment}}), encoding="utf-8")
    monkeypatch.setattr(antivirus, "STATE", str(state))


def test_a_search_of_yesterday_is_a_day_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrote(tmp_path, monkeypatch, 24)
    assert antivirus.last("scan")["age_days"] == 1.0


def test_a_search_dated_in_the_future_was_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrote(tmp_path, monkeypatch, -24)
    with pytest.raises(antivirus.AntivirusError, match="future"):
        antivirus.last("scan")


@pytest.fixture
def units(monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    """What systemd says of every unit."""
    said = {"active": True, "enabled": True}
    monkeypatch.setattr(antivirus, "unit_state", lambda _unit: dict(said))
    return said


def test_what_answers_the_shares_is_seen_by_its_socket(tmp_path: Path, units: dict[str, bool]) -> None:
    path = tmp_path / "shares.ctl"
    assert antivirus.relay({"shares_socket": str(path)}) == {"wanted": True, "socket": False, **units}
    path.touch()
    assert antivirus.relay({"shares_socket": str(path)}) == {"wanted": True, "socket": True, **units}


def test_a_host_without_shares_wants_nothing_that_answers_them(units: dict[str, bool]) -> None:
    units.update(active=False, enabled=False)
    assert antivirus.relay({"shares_socket": ""}) == {"wanted": False, "socket": False, **units}


def test_settings_without_the_shares_are_no_answer(units: dict[str, bool]) -> None:
    with pytest.raises(antivirus.AntivirusError, match="bring the host in line"):
        antivirus.relay({})
