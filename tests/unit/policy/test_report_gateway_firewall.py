"""The firewall in the report: the matrix zone by zone, what was tried, and what opened by mistake."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.policy.report import firewall_view, html
from ansible.module_utils.policy.report.firewall_texts import FIREWALL
from ansible.module_utils.policy.report.firewall_view import Cell, Firewall
from ansible.module_utils.policy.report.tellings import Missing

from tests.unit.policy.samples import gateway_firewall as sample
from tests.unit.policy.samples.page import Page, plain
from tests.unit.policy.samples.report import RUN, verdicts

HOSTILE = "</style><script>alert(1)</script><img src=x>\"'&{{ 7*7 }}"


def seen(facts: dict[str, Any] | None = None, language: str = "fr", **other: Any) -> Firewall:
    found = firewall_view.firewall(sample.evidence(facts), language, **other)
    assert isinstance(found, Firewall)
    return found


def cell(found: Firewall, start: str, end: str) -> Cell:
    places = [*sample.ZONES, "gateway"]
    return found.rows[places.index(start)].cells[places.index(end)]


def attempt(facts: dict[str, Any], start: str, end: str, service: str) -> dict[str, Any]:
    return next(
        each
        for each in facts["flow_probe"]["attempts"]
        if (each["source_zone"], each["destination_zone"], each["service"]) == (start, end, service)
    )


def test_a_cell_says_what_may_pass_and_what_came_of_trying() -> None:
    found = seen()
    assert found.verdict == "pass"
    assert cell(found, "users", "servers").services == ("noms (DNS)", "fichiers")
    assert plain(cell(found, "users", "servers").passed) == "2 passés"
    assert plain(cell(found, "users", "servers").refused) == "5 refusés"
    assert cell(found, "guest", "users").services == ()
    assert cell(found, "users", "users").state == "self"


def test_what_opened_by_mistake_is_named_and_never_green() -> None:
    facts = sample.facts()
    attempt(facts, "guest", "users", "files")["passed"] = True
    found = seen(facts)
    assert found.verdict == "fail"
    assert [plain(each) for each in found.opened] == [
        "De Wi-Fi des visiteurs vers Postes de travail : fichiers (tcp/445)"
    ]
    assert found.closed == ()
    assert cell(found, "guest", "users").state == "fail"
    assert cell(found, "guest", "users").wrong == "fichiers"


def test_what_should_pass_and_does_not_is_told_apart() -> None:
    facts = sample.facts()
    attempt(facts, "users", "gateway", "proxy")["passed"] = False
    found = seen(facts)
    assert found.opened == ()
    assert len(found.closed) == 1
    assert plain(found.summary) == "Essais : 210, dont 1 sans le résultat prévu."
    assert found.verdict == "fail"


def test_a_zone_without_a_host_is_not_tried_and_said_to_be() -> None:
    facts = sample.facts()
    for each in facts["flow_probe"]["attempts"]:
        if "provider" in (each["source_zone"], each["destination_zone"]):
            each.update(source=None, destination=None, passed=None)
    found = seen(facts)
    assert found.verdict == "not_evaluated"
    assert cell(found, "servers", "provider").state == "untried"
    assert "Serveurs → Locaux du prestataire" in found.left_out
    assert len(found.left_out) == 10


def test_a_zone_whose_machines_come_and_go_is_tried_with_remote_access() -> None:
    facts = sample.facts()
    facts["flow_matrix"]["zones"]["provider"]["dialled"] = True
    facts["flow_probe"]["attempts"] = [
        each
        for each in facts["flow_probe"]["attempts"]
        if "provider" not in (each["source_zone"], each["destination_zone"])
    ]
    assert cell(seen(facts), "servers", "provider").state == "elsewhere"
    facts["flow_matrix"]["zones"]["provider"]["dialled"] = False
    assert cell(seen(facts), "servers", "provider").state == "untried"


def test_each_open_passage_has_its_reason_and_its_clause() -> None:
    found = seen(register={"R-002": {"section": "III.3.d"}})
    web = next(each for each in found.passages if each.services == "filtre du Web")
    assert (plain(web.why), plain(web.clause)) == ("Le Web passe par le filtre.", "III.3.d (R-002)")
    assert [each.some_only for each in found.passages] == [False, False, True, False, False]
    assert [each.services for each in found.named] == ["Web direct, messagerie instantanée"]


def test_zones_stand_from_the_inside_out_whatever_order_they_were_kept_in() -> None:
    facts = sample.facts()
    facts["flow_matrix"]["zones"] = dict(sorted(sample.ZONES.items()))
    assert [plain(each) for each in seen(facts).zones] == [
        *("Serveurs", "Postes de travail", "Wi-Fi des visiteurs", "Locaux du prestataire", "Internet", "La passerelle")
    ]


def test_without_the_written_matrix_the_rules_in_force_are_shown() -> None:
    facts = sample.facts()
    del facts["flow_matrix"]
    found = seen(facts)
    assert not found.written
    assert found.passages == ()
    assert found.zones[:2] == ("users", "servers")
    assert found.rows[0].cells[1].services == ("tcp/445",)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"policies": {"input": "drop", "forward": "accept", "output": "drop"}}, "default_bad"),
        ({"forged": [{"zone": "users", "passes": True}]}, "forged_bad"),
        ({"ipv6": ["forward"]}, "other_bad"),
        ({"silent": ["output"]}, "logged_bad"),
        ({"boot": {"enabled": False, "loads_the_same": True}}, "boot_bad"),
        ({"pending": True}, "boot_bad"),
        ({"differences": [{"what": "x", "observed": "passes", "expected": "refused"}]}, "same_bad"),
    ],
)
def test_a_fault_of_the_ruleset_turns_its_sentence(change: dict[str, Any], key: str) -> None:
    facts = sample.facts()
    facts["firewall"].update(change)
    found = seen(facts, "en")
    wrong = [each.text for each in found.state if each.verdict == "fail"]
    assert len(wrong) == 1
    assert wrong[0].startswith(FIREWALL["en"][key].split("(")[0].split("{")[0].strip())
    assert found.verdict == "fail"


@pytest.mark.parametrize("key", ["policies", "differences", "forged", "ipv6", "silent", "log_daemon", "boot", "kernel"])
def test_a_missing_fact_is_said_and_never_green(key: str) -> None:
    facts = sample.facts()
    del facts["firewall"][key]
    found = seen(facts)
    assert found.verdict == "not_evaluated"
    assert sum(each.verdict == "not_evaluated" for each in found.state) == 1


def test_a_run_without_a_firewall_has_no_section() -> None:
    assert firewall_view.firewall({}, "fr") is None
    assert 'id="firewall"' not in html.render(verdicts(), RUN)


def test_a_firewall_that_was_not_read_is_told_with_its_reason() -> None:
    evidence = {"gw1": {"facts": {}, "failures": {"firewall": "no nft", "flow_probe": "no host"}}}
    assert firewall_view.firewall(evidence, "fr") == Missing("no nft")
    assert "no nft" in Page(html.render(verdicts(), RUN, evidence=evidence)).text


@pytest.mark.parametrize("facts", [{"firewall": []}, {"flow_probe": {"attempts": [None, 3]}}, {"firewall": {}}])
def test_odd_facts_break_nothing(facts: dict[str, Any]) -> None:
    page = Page(html.render(verdicts(), RUN, evidence=sample.evidence(facts)))
    assert page.open == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_section_is_whole_and_in_one_language(language: str) -> None:
    source = html.render(verdicts(), RUN, language=language, evidence=sample.evidence())
    start = source.index('<section id="firewall"')
    page = Page(source[start : source.index("</section>", start) + 10])
    assert page.open == []
    mine, other = set(FIREWALL[language].values()), FIREWALL["en" if language == "fr" else "fr"]
    assert [text for text in other.values() if text not in mine and len(text) > 7 and text in page.text] == []
    assert FIREWALL["fr"].keys() == FIREWALL["en"].keys()


def test_hostile_names_stay_text() -> None:
    facts = sample.facts()
    facts["flow_matrix"]["zones"] = {"users": {"title": HOSTILE}}
    facts["flow_matrix"]["flows"] = [
        {"from": "users", "to": HOSTILE, "services": [HOSTILE], "why": HOSTILE, "rule": HOSTILE}
    ]
    facts["firewall"]["differences"] = [{"what": HOSTILE, "observed": HOSTILE}]
    page = Page(html.render(verdicts(), RUN, evidence=sample.evidence(facts)))
    assert page.open == []
    assert page.tags["script"] == page.tags["img"] == 0


def test_differences_and_zones_are_told_in_french() -> None:
    facts = sample.facts()
    facts["firewall"]["differences"] = [
        {"what": "users to internet: tcp/443", "observed": "passes", "expected": "refused"}
    ]
    facts["firewall"]["forged"] = [{"zone": "guest", "passes": True}]
    wrong = [plain(line) for each in seen(facts).state if each.verdict == "fail" for line in each.details]
    assert wrong == ["postes de travail vers Internet : tcp/443 : passe", "Wi-Fi des visiteurs"]
