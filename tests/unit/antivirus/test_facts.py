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
