"""Filtering and logging begin when the works council was consulted and then everybody informed, or by somebody's name."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.linux import monitoring_state
from ansible.module_utils.linux.monitoring_state import MonitoringError, activate
from ansible.module_utils.policy.monitoring import CONSULTATION, NOTICE, OverrideError, gate

TODAY = date(2026, 11, 21)
SOURCE = "policies/site/attestations.yml"
OVERRIDE = {"by": "Lea Morel", "reason": "trial week", "until": "2026-11-30"}
DAYS = (None, "2026-10-01", "2026-11-01", "2026-11-21", "2026-12-01")


def papers(consulted: str | None, informed: str | None) -> dict[str, Any]:
    return {CONSULTATION: {"signed_on": consulted}, NOTICE: {"signed_on": informed}}


@pytest.mark.parametrize(("consulted", "informed"), list(itertools.product(DAYS, DAYS)))
def test_only_a_consultation_then_a_notice_then_the_beginning_open_the_gate(
    consulted: str | None, informed: str | None
) -> None:
    found = gate(papers(consulted, informed), None, TODAY, TODAY, SOURCE)
    in_order = bool(consulted and informed and consulted < informed < TODAY.isoformat())
    assert found.open is in_order
    assert bool(found.obstacles) is not in_order


@pytest.mark.parametrize(
    ("consulted", "informed", "article"),
    [
        (None, "2026-11-01", "L2312-38"),
        ("2026-10-01", None, "L1222-4"),
        ("2026-11-01", "2026-10-01", "L2312-38"),
        ("2026-10-01", "2026-11-21", "L1222-4"),
        ("2026-12-01", "2026-12-02", "L2312-38"),
    ],
)
def test_a_refusal_names_the_article_and_the_file(consulted: str | None, informed: str | None, article: str) -> None:
    text = " ".join(gate(papers(consulted, informed), None, TODAY, TODAY, SOURCE).obstacles)
    assert article in text
    assert SOURCE in text


def test_attestations_that_nobody_wrote_down_count_as_unsigned() -> None:
    assert len(gate({}, None, TODAY, TODAY, SOURCE).obstacles) == 2


def test_an_override_opens_the_gate_and_hides_nothing() -> None:
    found = gate(papers(None, None), OVERRIDE, TODAY, TODAY, SOURCE)
    assert found.open
    assert found.override == OVERRIDE
    assert len(found.obstacles) == 2


def test_an_override_holds_on_its_last_day() -> None:
    assert gate({}, {**OVERRIDE, "until": TODAY.isoformat()}, TODAY, TODAY, SOURCE).open


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"until": "2026-11-20"}, "ended on 2026-11-20"),
        ({"until": "some day"}, "no day"),
        ({"by": ""}, "by is wrong"),
        ({"by": None}, "by is wrong"),
        ({"reason": "  "}, "reason is wrong"),
        ({"for": "ever"}, "more is wrong"),
    ],
)
def test_an_override_without_a_name_a_reason_or_an_end_is_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(OverrideError, match=says):
        gate(papers(None, None), {**OVERRIDE, **change}, TODAY, TODAY, SOURCE)


def test_a_date_that_is_none_is_told() -> None:
    with pytest.raises(OverrideError, match="signed_on is 'soon'"):
        gate(papers("soon", None), None, TODAY, TODAY, SOURCE)


class Clock(date):
    """A day that tests choose."""

    now = TODAY

    @classmethod
    def today(cls) -> date:  # type: ignore[override]
        return cls.now


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> type[Clock]:
    Clock.now = TODAY
    monkeypatch.setattr(monitoring_state, "date", Clock)
    return Clock


def test_the_beginning_is_written_once(tmp_path: Path, day: type[Clock]) -> None:
    file, order = str(tmp_path / "state" / "activation.json"), papers("2026-10-01", "2026-11-01")
    before, after = activate(order, SOURCE, {}, file, write=True)
    day.now = TODAY + timedelta(days=400)
    assert (before, after["since"]) == (None, "2026-11-21")
    assert activate(order, SOURCE, {}, file, write=True) == (after, after)


def test_papers_renewed_later_are_not_too_late(tmp_path: Path, day: type[Clock]) -> None:
    file = str(tmp_path / "activation.json")
    activate(papers("2026-10-01", "2026-11-01"), SOURCE, {}, file, write=True)
    day.now = TODAY + timedelta(days=90)
    before, after = activate(papers("2026-12-01", "2027-01-05"), SOURCE, {}, file, write=True)
    assert before == after


def test_a_dry_run_writes_nothing(tmp_path: Path, day: type[Clock]) -> None:
    file = tmp_path / "activation.json"
    activate(papers("2026-10-01", "2026-11-01"), SOURCE, {}, str(file), write=False)
    assert not file.exists()


def test_a_refusal_writes_nothing_and_says_what_to_do(tmp_path: Path, day: type[Clock]) -> None:
    file = tmp_path / "activation.json"
    with pytest.raises(MonitoringError, match=r"may not begin.*L2312-38.*L1222-4.*site_monitoring_override"):
        activate(papers(None, None), SOURCE, {}, str(file), write=True)
    assert not file.exists()


def test_what_somebody_took_upon_themselves_stays_written_until_the_papers_are_in_order(
    tmp_path: Path, day: type[Clock]
) -> None:
    file = str(tmp_path / "activation.json")
    _, first = activate(papers(None, None), SOURCE, OVERRIDE, file, write=True)
    assert first["override"] == OVERRIDE
    day.now = date(2026, 12, 20)
    with pytest.raises(MonitoringError, match="ended on 2026-11-30"):
        activate(papers(None, None), SOURCE, OVERRIDE, file, write=True)
    _, after = activate(papers("2026-12-01", "2026-12-05"), SOURCE, {}, file, write=True)
    assert (after["since"], after["override"], after["obstacles"]) == ("2026-12-20", None, [])


def test_a_damaged_file_is_told_and_left(tmp_path: Path, day: type[Clock]) -> None:
    file = tmp_path / "activation.json"
    file.write_text("{")
    with pytest.raises(MonitoringError, match="restore it"):
        activate(papers("2026-10-01", "2026-11-01"), SOURCE, {}, str(file), write=True)
    assert file.read_text() == "{"
