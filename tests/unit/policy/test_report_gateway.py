"""Web browsing, traces and remote access in the report: what was tried, what is kept, and never more than was measured."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils.policy.report import gateway, html, traces_view, web_view
from ansible.module_utils.policy.report.tellings import Missing, Told
from ansible.module_utils.policy.report.traces_view import Traces
from ansible.module_utils.policy.report.web_view import Web

from tests.unit.policy.samples import gateway_logs, gateway_remote, gateway_web
from tests.unit.policy.samples.page import Page, plain
from tests.unit.policy.samples.report import RUN, verdicts

HOSTILE = "</style><script>alert(1)</script><img src=x>\"'&{{ 7*7 }}"
SAMPLES: dict[str, Callable[[], dict[str, Any]]] = {
    "web": gateway_web.evidence,
    "traces": gateway_logs.evidence,
    "remote": gateway_remote.evidence,
}


def web(change: Callable[[dict[str, Any]], object] = lambda facts: None, language: str = "fr") -> Web:
    facts = gateway_web.facts()
    change(facts)
    found = web_view.web(gateway_web.evidence(facts), language)
    assert isinstance(found, Web)
    return found


def traces(logs: dict[str, Any] | None = None, trail: dict[str, Any] | None = None) -> Traces:
    found = traces_view.traces(gateway_logs.evidence(logs, trail), "fr")
    assert isinstance(found, Traces)
    return found


def told(facts: tuple[Told, ...], verdict: str) -> list[str]:
    return [plain(each.text) for each in facts if each.verdict == verdict]


# Web browsing


def test_all_answers_as_wanted_are_told_by_what_was_tried() -> None:
    found = web()
    assert found.verdict == "pass"
    assert plain(found.summary) == "Essais : 9, tous avec la réponse prévue."
    assert [plain(each.title) for each in found.subjects][:4] == [
        "Sites admis",
        "Outils de la maison",
        "Sans se nommer",
        "Catégories fermées",
    ]
    closed = next(each for each in found.subjects if each.title == "Catégories fermées")
    assert (plain(closed.kept), closed.expected) == ("2 sur 2", "refusé")
    assert "haine" in closed.names


def test_a_site_out_of_reach_was_let_through_all_the_same() -> None:
    approved = next(each for each in web().subjects if each.title == "Outils de la maison")
    assert approved.verdict == "pass"


def test_a_closed_category_that_opens_is_told_first_and_never_green() -> None:
    def opened(facts: dict[str, Any]) -> None:
        facts["web_access"]["attempts"][0].update(answer="allowed", status=200, page=None)

    found = web(opened)
    assert found.verdict == "fail"
    assert plain(found.summary) == "Essais : 9, dont 1 sans la réponse prévue."
    (wrong,) = found.wrong
    assert "haine" in wrong.what
    assert wrong.answer == "admis (200)"


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("web_filter.canary.wrong", ["hate"], "Le témoin"),
        ("web_filter.never_fetched", ["site/agressif"], "Une liste manque"),
        ("web_filter.update.alerts", ["panne"], "Alertes en cours"),
        ("web_filter.without_lists", [{"refused": False}], "Sans listes"),
        ("web_filter.bad_sources", [{"kept": True, "alerted": False}], "Une liste vide"),
        ("web_access.direct", [{"host": "x", "port": 443, "passed": True}], "Des connexions passent"),
        ("web_access.configuration", [{"served": False}], "Un navigateur ne trouve pas"),
        ("web_proxy.trail.requests", [{"logged": True, "under_name": False}], "Des demandes d’essai"),
        ("web_proxy.settings.decrypts", ["ssl_bump bump all"], "Des échanges chiffrés"),
        ("web_proxy.silence", {"directory": {"refused": False}}, "Quand l’annuaire ou le filtre"),
    ],
)
def test_a_fault_of_the_filter_turns_its_sentence(path: str, value: Any, said: str) -> None:
    found = web(lambda facts: _put(facts, path, value))
    (wrong,) = told(found.facts, "fail")
    assert wrong.startswith(said)
    assert found.verdict == "fail"


@pytest.mark.parametrize(
    "path",
    [
        *("web_filter.canary", "web_filter.list_ages_days", "web_filter.update", "web_filter.without_lists"),
        *("web_filter.bad_sources", "web_access.direct", "web_access.configuration", "web_filter", "web_access"),
        *("web_proxy", "web_proxy.silence", "web_proxy.trail"),
    ],
)
def test_what_the_filter_did_not_say_is_said_and_never_green(path: str) -> None:
    found = web(lambda facts: _take(facts, path))
    assert told(found.facts, "not_evaluated")
    assert found.verdict == "not_evaluated"


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (
            "web_filter.canary.wrong",
            ["the proxy refuses every name: its refusals prove nothing"],
            "refuse tous les noms",
        ),
        ("web_filter.update.alerts", ["site/hate: cannot be fetched: timed out"], "ne s’obtient pas : délai dépassé"),
        ("web_access.untried", [{"kind": "nobody", "reason": "no answer"}], "pas de réponse"),
    ],
)
def test_what_the_filter_worded_itself_is_french(path: str, value: Any, said: str) -> None:
    told = web(lambda facts: _put(facts, path, value)).facts
    assert any(said in plain(" ".join((each.text, *each.details))) for each in told)


def test_a_request_without_an_answer_is_no_answer() -> None:
    found = web(lambda facts: facts["web_access"].update(untried=[{"kind": "nobody", "reason": "timed out"}]))
    assert found.verdict == "not_evaluated"
    assert told(found.facts, "not_evaluated") == ["Essais qui n’ont pas pu avoir lieu : 1."]


def test_names_of_encrypted_resolvers_that_are_answered_are_named() -> None:
    def asked(values: list[str]) -> Callable[[dict[str, Any]], None]:
        answer = {"kind": "encrypted", "name": "resolveur.test", "values": values, "status": "NOERROR"}
        return lambda facts: facts.update(name_resolution={"answers": [answer], "attempts": []})

    assert web(asked(["192.0.2.1"])).verdict == "fail"
    assert any("résolveurs chiffrés" in each for each in told(web(asked([])).facts, "pass"))


# Traces


def test_traces_that_are_kept_as_they_should_be() -> None:
    found = traces()
    assert told(found.facts, "fail") == []
    assert found.override == ""
    assert [plain(date) for _, date in found.gate] == ["1er septembre 2026", "15 septembre 2026", "5 octobre 2026"]
    assert [(each.title, plain(each.retention), each.verdict) for each in found.logs] == [
        ("Navigation", "365 jours", "pass"),
        ("Pare-feu", "365 jours", "pass"),
    ]


def test_an_activation_without_the_formalities_stands_out_with_its_name_and_articles() -> None:
    found = traces(gateway_logs.overridden())
    assert found.verdict == "fail"
    assert "La gérante l’a pris sur soi jusqu’au 31 décembre 2026" in plain(found.override)
    assert "L2312-38, L1222-4" in found.override
    page = html.render(verdicts(), RUN, evidence=gateway_logs.evidence(gateway_logs.overridden()))
    assert page.index('class="notice"') < page.index('<dl class="pairs"')


def test_a_notice_given_before_the_consultation_is_not_in_order() -> None:
    logs = gateway_logs.gateway()
    logs["monitoring"].update(consulted_on="2026-09-20")
    assert any("ne se suivent pas" in each for each in told(traces(logs).facts, "fail"))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("readable_by_nobody", ["/var/log/squid/access.log"]),
        ("rotation.not_turned", ["/var/log/squid/access.log"]),
        ("destruction.longest_kept_days", None),
        ("destruction.gaps", [200]),
        ("destruction.every_day", False),
        ("group_readers", ["quelquun"]),
        ("alerts", ["Le disque est presque plein."]),
        ("intrusion.logged_on", ["/etc/ssh/key"]),
        ("clock.synchronised", False),
    ],
)
def test_a_fault_of_the_logs_turns_one_sentence(path: str, value: Any) -> None:
    logs = gateway_logs.gateway()
    _put(logs, path, value)
    found = traces(logs)
    assert len(told(found.facts, "fail")) == 1
    assert found.verdict == "fail"
    assert "quelquun" not in repr(found)


def test_an_alert_of_the_logs_is_french() -> None:
    logs = gateway_logs.gateway()
    logs["alerts"] = ["fs1 has sent nothing for 30 minutes"]
    (wrong,) = [each for each in traces(logs).facts if each.verdict == "fail"]
    assert [plain(each) for each in wrong.details] == ["fs1 n’a rien envoyé depuis 30 minutes"]


@pytest.mark.parametrize(
    ("path", "value"),
    [("missing", ["gw1"]), ("strangers", ["plain"]), ("reading.by_nobody", True), ("reading.written_down", False)],
)
def test_what_the_log_server_found_turns_one_sentence(path: str, value: Any) -> None:
    trail = gateway_logs.trail()
    _put(trail, path, value)
    assert len(told(traces(trail=trail).facts, "fail")) == 1


PAGES = "time client_address user method full_address"


def test_lines_that_say_which_page_was_read_say_too_much() -> None:
    evidence = gateway_logs.evidence()
    evidence["gw1"]["facts"] |= gateway_web.facts()
    for fields, verdict in ((None, "pass"), (PAGES, "fail"), ("%ru host", "fail")):
        if fields:
            evidence["gw1"]["facts"]["web_proxy"]["settings"]["log_fields"] = fields
        found = traces_view.traces(evidence, "fr")
        assert isinstance(found, Traces)
        assert any("ligne de navigation" in each for each in told(found.facts, verdict))


@pytest.mark.parametrize(
    "key", sorted({"clock", "readable_by_nobody", "rotation", "destruction", "alerts", "monitoring"})
)
def test_what_was_not_read_of_the_logs_is_said(key: str) -> None:
    whole = len(told(traces().facts, "not_evaluated"))
    logs = gateway_logs.gateway()
    del logs[key]
    assert len(told(traces(logs).facts, "not_evaluated")) == whole + 1


# All of them


@pytest.mark.parametrize("name", SAMPLES)
def test_a_section_is_whole_and_in_one_language(name: str) -> None:
    table = gateway.WORDS[name][1]
    assert table["fr"].keys() == table["en"].keys()
    for language, other in (("fr", "en"), ("en", "fr")):
        source = html.render(verdicts(), RUN, language=language, evidence=SAMPLES[name]())
        start = source.index(f'<section id="{name}"')
        page = Page(source[start : source.index("</section>", start) + 10])
        assert page.open == []
        mine = set(table[language].values())
        assert [
            text for text in table[other].values() if text not in mine and len(text) > 7 and text in page.text
        ] == []


@pytest.mark.parametrize(("name", "key"), [("web", "web_access"), ("traces", "logs"), ("remote", "vpn_access")])
def test_a_collector_that_failed_is_told_with_its_reason(name: str, key: str) -> None:
    evidence = {"gw1": {"facts": {}, "failures": {key: "no way in"}}}
    assert gateway.sections(evidence, "fr")[name] == Missing("no way in")
    assert "no way in" in Page(html.render(verdicts(), RUN, evidence=evidence)).text


def test_a_site_without_a_gateway_has_none_of_these_sections() -> None:
    assert set(gateway.sections({}, "fr").values()) == {None}
    source = html.render(verdicts(), RUN)
    assert not any(f'id="{name}"' in source for name in gateway.WORDS)


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("bad", [None, [], {}, 3, HOSTILE, [HOSTILE], [{}], [None]])
def test_odd_or_hostile_facts_break_no_section(name: str, bad: Any) -> None:
    for host, entry in SAMPLES[name]().items():
        for collector, facts in entry["facts"].items():
            for key in facts:
                evidence = copy.deepcopy(SAMPLES[name]())
                evidence[host]["facts"][collector][key] = copy.deepcopy(bad)
                gateway.sections(evidence, "fr")
            evidence = copy.deepcopy(SAMPLES[name]())
            evidence[host]["facts"][collector] = dict.fromkeys(facts, copy.deepcopy(bad))
            page = Page(html.render(verdicts()[:2], RUN, evidence=evidence))
            assert page.open == []
            assert page.tags["script"] == page.tags["img"] == 0


def _put(facts: dict[str, Any], path: str, value: Any) -> None:
    *way, last = path.split(".")
    for step in way:
        facts = facts[step]
    facts[last] = value


def _take(facts: dict[str, Any], path: str) -> None:
    *way, last = path.split(".")
    for step in way:
        facts = facts[step]
    del facts[last]
