"""The annotated charter: every clause in order, with what was found, where, how, and the documents beside it."""

from __future__ import annotations

import html as standard_html
import re
from typing import Any

import pytest
from ansible.module_utils.policy.report import annotated_charter
from ansible.module_utils.policy.report.annotated_charter import Proofs, clauses, render
from ansible.module_utils.policy.report.charter_texts import CHARTER
from ansible.module_utils.policy.report.summary import VERDICTS, summarise

from tests.unit.policy.samples.page import Page, plain
from tests.unit.policy.samples.report import RULES, RUN, record, verdicts
from tests.unit.policy.samples.report_extras import EXTRAS

HOSTILE = "</style><script>alert(1)</script><img src=x>\"'&{{ 7*7 }}"
NOTICE = {
    "id": "notice",
    "title": "Note d'information",
    "title_en": "Notice",
    "demands": "Une note datée.",
    "owner": "Direction",
    "signed_on": "2026-10-01",
    "until": "2027-10-01",
    "verdict": "pass",
    "reason": "",
    "reason_en": "",
}
RULE = {"document": "provider", "section": "III.2", "category": "identity", "says": "x", "verification": "none"}
ONE = RULES[1]


def proofs(**register: dict[str, Any]) -> Proofs:
    evidence = {"dc1": {"collected_at": "2026-11-20T06:45:00+00:00", "facts": {}, "failures": {}}}
    return Proofs(evidence, {name: {**RULE, **rule} for name, rule in register.items()}, [NOTICE])


def shown(given: list[dict[str, Any]], read: Proofs | None = None) -> list[annotated_charter.Clause]:
    return clauses(given, summarise(given, RUN), read or proofs(), "fr")


def test_clauses_follow_the_numbers_of_the_charter() -> None:
    names = (
        "III.3.b Noms",
        "§10 Fin",
        "§2 Départ",
        "§1 Accès, administrateurs",
        "§1 Accès",
        "Article 3",
        "§2.1 Suite",
        "Préambule",
    )
    given = [{**record(RULES[place], "dc1"), "clause": name} for place, name in enumerate(names)]
    order = [plain(each.title) for each in shown(given)]
    assert order == [
        "Préambule",
        "§1 Accès",
        "§1 Accès, administrateurs",
        "§2 Départ",
        "§2.1 Suite",
        "Article 3",
        "§10 Fin",
        "III.3.b Noms",
    ]


def test_every_rule_stands_in_its_clause_once() -> None:
    found = [statement.rule.record["control"] for clause in shown(verdicts()) for statement in clause.statements]
    assert sorted(found) == sorted({each["control"] for each in verdicts()})


def test_a_statement_says_what_was_found_where_how_and_when() -> None:
    given = [{**record(ONE, "dc1", verdict="fail", observed=180), "says": "Le mot de passe change."}]
    page = Page(render(given, RUN, proofs()))
    for said in (
        "180 jours",
        "dc1",
        "Lu sur le système en service",
        "vendredi 20 novembre 2026 à 07 h 45",
        "Non respecté",
    ):
        assert said in page.text
    assert "Le mot de passe change." in page.text


def test_a_date_is_told_for_the_hosts_that_were_read_only() -> None:
    (clause,) = shown([record(ONE, "nowhere", verdict="not_evaluated")])
    assert clause.statements[0].read_on == ""


def test_hosts_read_at_two_times_are_told_with_both() -> None:
    read = proofs()
    evidence = {**read.evidence, "ws1": {"collected_at": "2026-11-20T09:00:00+00:00"}}
    (clause,) = shown([record(ONE, "dc1"), record(ONE, "ws1")], Proofs(evidence, {}, []))
    assert plain(clause.statements[0].read_on) == (
        "vendredi 20 novembre 2026 à 07 h 45, puis vendredi 20 novembre 2026 à 10 h 00"
    )


def test_a_waiver_stands_beside_what_it_excuses() -> None:
    page = Page(render(verdicts(), RUN))
    assert "Accepté : au plus 365 jours · vaut jusqu’au 15 janvier 2027 · approuvée par La direction" in page.text
    assert "le journal est gardé un an" in page.text


def test_an_attestation_stands_beside_the_rule_it_completes_else_apart() -> None:
    beside = proofs(one={"carried_by": [ONE["control"]], "attested_by": ["notice"]})
    page = Page(render([record(ONE, "dc1")], RUN, beside))
    assert "Note d’information, signée le 1er octobre 2026, vaut jusqu’au 1er octobre 2027" in page.text
    assert 'id="papers"' not in render([record(ONE, "dc1")], RUN, beside)
    apart = proofs(one={"attested_by": ["notice"]})
    assert "Demandée par : Contrat d’infogérance, III.2" in Page(render([record(ONE, "dc1")], RUN, apart)).text


def test_an_attestation_that_is_missing_keeps_a_clause_from_being_green() -> None:
    missing = {**NOTICE, "verdict": "not_evaluated", "signed_on": None, "reason": "Pièce non fournie."}
    register = {"one": {**RULE, "carried_by": [ONE["control"]], "attested_by": ["notice"]}}
    (clause,) = shown([record(ONE, "dc1")], Proofs({}, register, [missing]))
    assert (clause.verdict, clause.awaited, clause.counts["pass"]) == ("not_evaluated", 1, 1)
    page = Page(render([record(ONE, "dc1")], RUN, Proofs({}, register, [missing])))
    assert "1 pièce à fournir ou à refaire" in page.text
    assert "Pièce non fournie." in page.text


def test_rules_that_nothing_verifies_yet_are_counted() -> None:
    read = proofs(
        a={"carried_by": ["x"], "attested_by": ["notice"]},
        b={"attested_by": ["notice"]},
        c={"not_carried": "planned with the mail controls"},
        d={"not_carried": "arithmetic of a quote"},
    )
    (line,) = annotated_charter.carried(read.register, RUN, "fr")
    assert (line.total, line.measured, line.attested, line.to_come, line.nothing) == (4, 1, 1, 1, 1)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_is_whole_alone_and_says_its_language(language: str) -> None:
    source = render(verdicts(), RUN, Proofs({}, {}, EXTRAS["attestations"]), language)
    page = Page(source)
    assert page.open == []
    assert page.tags["h1"] == page.tags["main"] == 1
    assert page.tags["script"] == page.tags["link"] == page.tags["img"] == 0
    assert f'<html lang="{language}">' in source
    assert not re.search(r"https?:|@import|url\((?!#)|\bsrc=", source)
    assert {link.removeprefix("#") for link in page.links if link.startswith("#")} <= set(page.ids)
    assert [link for link in page.links if not link.startswith("#")] == ["report.html"]
    assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
    assert source.count("<thead>") == page.tags["table"]


def test_an_english_page_says_nothing_of_ours_in_french() -> None:
    text = Page(render(verdicts(), RUN, Proofs({}, {}, EXTRAS["attestations"]), "en")).text
    english = set(CHARTER["en"].values())
    parts = [part.strip() for said in set(CHARTER["fr"].values()) - english for part in re.split(r"\{\w+\}", said)]
    assert [part for part in parts if len(part) > 7 and plain(part) in text] == []
    assert CHARTER["fr"].keys() == CHARTER["en"].keys()


def test_a_charter_measured_on_simulated_workstations_says_so() -> None:
    played = {"pc1": {"facts": {"workstation": {"simulated_by": "a simulator"}}, "failures": {}}}
    real = {"pc1": {"facts": {"workstation": {"simulated_by": None}}, "failures": {}}}
    assert "Parc simulé" in render(verdicts(), RUN, Proofs(played, {}, ()))
    assert "Parc simulé" not in render(verdicts(), RUN, Proofs(real, {}, ()))


def test_every_verdict_has_its_word() -> None:
    given = [record(row, "dc1", verdict=verdict) for row, verdict in zip(RULES, VERDICTS, strict=False)]
    text = Page(render(given, RUN)).text
    for word in ("Respecté", "Non respecté", "Non mesuré", "Sans objet", "Dérogation"):
        assert word in text


def test_hostile_text_stays_text() -> None:
    row = {
        **record(ONE, HOSTILE, verdict="fail"),
        **dict.fromkeys(("title", "clause", "says", "rule", "reason", "proof", "observed", "expected_text"), HOSTILE),
        "waiver": {"reason": HOSTILE, "owner": HOSTILE, "approver": HOSTILE, "until": HOSTILE, "accepted": HOSTILE},
    }
    judged = {**NOTICE, **dict.fromkeys(("title", "demands", "owner", "until", "reason"), HOSTILE), "verdict": "fail"}
    register = {HOSTILE: {**RULE, "document": HOSTILE, "section": HOSTILE, "attested_by": ["notice"]}}
    source = render([row], {**RUN, "client_name": HOSTILE, "charter": HOSTILE}, Proofs({}, register, [judged]))
    page = Page(source)
    assert page.open == []
    assert page.tags["script"] == page.tags["img"] == 0
    assert source.count("</style>") == 1
    assert "{{ 7*7 }}" in standard_html.unescape(source)
