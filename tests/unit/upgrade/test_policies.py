"""The publisher's dates, the processors and every client's decisions are whole, dated, and can be meant."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from ansible.module_utils.policy.loader import PolicyError, read_policy
from ansible.module_utils.policy.model import load_policies
from ansible.module_utils.windows.upgrade_data import read_lifecycle, read_processors
from ansible.module_utils.windows.upgrade_terms import read_terms

from tests.conftest import ROOT

POLICIES = ROOT / "policies"
CLIENTS = sorted(file.parent.name for file in POLICIES.glob("*/client.yml"))


def shared(name: str) -> dict[str, Any]:
    file = POLICIES / f"windows_{name}.yml"
    return dict(read_policy(file, POLICIES / "schema" / f"windows_{name}.schema.json")[name])


def decisions(client: str) -> dict[str, Any]:
    return dict(read_policy(POLICIES / client / "upgrade.yml", POLICIES / "schema" / "upgrade.schema.json")["upgrade"])


def test_support_ends_on_a_tuesday_as_the_publisher_does_it() -> None:
    lifecycle = read_lifecycle(shared("lifecycle"))
    ends = {
        (release.name, clock): day for release in lifecycle.releases.values() for clock, day in release.ends.items()
    }
    assert [name for name, day in ends.items() if day.weekday() != 1] == []
    assert len(ends) > 50


def test_a_longer_clock_never_ends_sooner() -> None:
    for release in read_lifecycle(shared("lifecycle")).releases.values():
        order = [release.ends[clock] for clock in ("home_pro", "enterprise", "long_term") if clock in release.ends]
        assert order == sorted(order), release.name


def test_an_edition_follows_one_clock() -> None:
    editions = [name for group in shared("lifecycle")["editions"].values() for name in group]
    assert len(editions) == len(set(editions))


def test_old_releases_are_those_that_no_module_reaches() -> None:
    lifecycle = read_lifecycle(shared("lifecycle"))
    assert {build for build, release in lifecycle.releases.items() if release.legacy} == {
        build for build in lifecycle.releases if build < 10240
    }


def test_the_processors_can_be_meant() -> None:
    assert len(read_processors(shared("processors"))) > 20


@pytest.mark.parametrize("client", CLIENTS)
def test_a_clients_decisions_can_be_meant_and_lead_to_a_release_that_is_mended(client: str) -> None:
    terms = read_terms(decisions(client))
    lifecycle = read_lifecycle(shared("lifecycle"))
    assert lifecycle.targets[terms.target_build]
    ends = lifecycle.releases[terms.target_build].ends["home_pro"]
    assert (ends - lifecycle.checked_on).days > terms.horizon_days
    assert terms.costs.quoted_on <= terms.starts_on


@pytest.mark.parametrize("client", CLIENTS)
def test_every_kind_of_work_fits_into_some_window_and_the_time_a_user_waits(client: str) -> None:
    terms = read_terms(decisions(client))
    longest = max(window.hours for window in terms.windows)
    assert all(hours <= min(longest, terms.most_user_hours) for hours in terms.user_hours.values())


@pytest.mark.parametrize("client", CLIENTS)
def test_rules_that_are_cited_stand_in_the_clients_register(client: str) -> None:
    cited = {part["rule"] for part in decisions(client).values() if isinstance(part, dict) and "rule" in part}
    assert cited - set(load_policies(ROOT, client).register) == set()


def test_a_key_that_nobody_knows_is_refused(tmp_path: Any) -> None:
    file = tmp_path / "upgrade.yml"
    text = (POLICIES / CLIENTS[0] / "upgrade.yml").read_text(encoding="utf-8")
    file.write_text(text.replace("  spares:", "  sparse: 1\n  spares:"), encoding="utf-8")
    with pytest.raises(PolicyError, match="sparse"):
        read_policy(file, POLICIES / "schema" / "upgrade.schema.json")


def test_the_dates_are_no_older_than_a_year_when_they_decide() -> None:
    checked = read_lifecycle(shared("lifecycle")).checked_on
    assert all((read_terms(decisions(client)).starts_on - checked).days < 366 for client in CLIENTS)
    assert checked > date(2026, 1, 1)
