"""The matrix of rights in the report: what was seen against the table, and what could not be tried."""

from __future__ import annotations

import html as standard_html
import re
from typing import Any

import pytest
from ansible.module_utils.policy.report import access_texts, access_view, html
from ansible.module_utils.policy.report.access_view import Matrix, Missing

from tests.unit.policy.samples import shares
from tests.unit.policy.samples.page import Page, plain
from tests.unit.policy.samples.report import RUN, verdicts

HOSTILE = "</style><script>alert(1)</script><img src=x>\"'&{{ 7*7 }}"


def seen(access: dict[str, Any] | None = None, language: str = "fr") -> Matrix:
    found = access_view.matrix(shares.evidence(access), language, "Europe/Paris")
    assert isinstance(found, Matrix)
    return found


def cell(matrix: Matrix, share: str, kind: str) -> dict[str, str]:
    """Letters of a cell, and the state of each."""
    for part in matrix.parts:
        for place, each in enumerate(part.kinds):
            for line in part.lines:
                if (line.share, each.id) == (share, kind):
                    return {token.letter: token.state for token in line.cells[place].tokens}
    raise AssertionError(f"no cell {share} {kind}")


def section(access: dict[str, Any] | None = None, language: str = "fr") -> Page:
    source = html.render(verdicts(), RUN, language=language, evidence=shares.evidence(access))
    start = source.index('<section id="access"')
    return Page(source[start : source.index("</section>", start) + 10])


def test_what_agrees_with_the_table_is_told_as_such() -> None:
    matrix = seen()
    assert matrix.verdict == "pass"
    assert matrix.deviations == ()
    assert cell(matrix, "atelier", "boss") == {"L": "yes", "É": "yes", "S": "yes"}
    assert cell(matrix, "paie", "workshop") == {"L": "no", "É": "no", "S": "no"}
    assert plain(matrix.summary) == "36 essais, tous conformes à la table."


@pytest.mark.parametrize(
    ("share", "kind", "action", "letter", "state", "said"),
    [
        (
            "paie",
            "workshop",
            "write",
            "É",
            "open",
            "Atelier (petitcam) peut écrire dans Paie, ce que la table ne prévoit pas.",
        ),
        (
            *("commun", "office", "read", "L", "closed"),
            "Bureau (durandpau) ne peut pas lire dans Commun, ce que la table prévoit (NT_STATUS_ACCESS_DENIED).",
        ),
        ("paie", "workshop", "see", "V", "open", "Atelier (petitcam) voit Paie, que la table ne lui ouvre pas."),
    ],
)
def test_what_contradicts_the_table_is_marked_and_said(  # noqa: PLR0917
    share: str, kind: str, action: str, letter: str, state: str, said: str
) -> None:
    facts = shares.share_access()
    tried = shares.attempt(facts, share, kind, action)
    tried["granted"] = not tried["granted"]
    matrix = seen(facts)
    assert matrix.verdict == "fail"
    assert cell(matrix, share, kind)[letter] == state
    assert matrix.deviations == (said,)
    assert plain(matrix.summary) == "1 essai sur 36 contredit la table."


def test_an_attempt_that_did_not_take_place_is_no_answer() -> None:
    facts = shares.share_access()
    facts["attempts"].remove(shares.attempt(facts, "paie", "office", "read"))
    facts["untried"] = [{"share": "paie", "kind": "office", "reason": "no ticket"}]
    matrix = seen(facts)
    assert cell(matrix, "paie", "office")["L"] == "untried"
    assert matrix.verdict == "fail"
    wrong = [plain(trial.said) for trial in matrix.others if not trial.good]
    assert wrong == ["Essais qui n’ont pas pu avoir lieu : 1 (no ticket)."]


def test_a_cell_that_nobody_tried_keeps_the_matrix_from_being_green() -> None:
    facts = shares.share_access()
    facts["attempts"].remove(shares.attempt(facts, "paie", "office", "read"))
    assert seen(facts).verdict == "not_evaluated"
    facts = shares.share_access(closed=[{"person": "gonejul", "status": "not asked"}])
    assert not any("parties ou attendues" in trial.said for trial in seen(facts).others)


def test_when_and_how_long_is_told_in_the_clock_of_the_site() -> None:
    assert plain(seen().when) == "Essais menés sur ws1, samedi 21 novembre 2026 à 06 h 52, en 1 min 14 s."


def test_shares_stand_in_the_order_of_the_table_and_many_kinds_in_several_tables() -> None:
    facts = shares.share_access()
    for number in range(20):
        facts["kinds"].append({"id": f"k{number}", "title": f"Service {number}", "people": 1})
    matrix = seen(facts)
    assert [line.title for line in matrix.parts[0].lines] == ["Atelier", "Paie", "Commun"]
    assert [len(part.kinds) for part in matrix.parts] == [12, 11]
    assert cell(matrix, "atelier", "k3") == {"L": "untried", "É": "untried", "S": "untried"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"protocols": {"smb1": {"accepted": True}}}, "L’ancien protocole SMB 1 est accepté."),
        ({"unsigned": {"accepted": True}}, "Une session sans signature est acceptée."),
        ({"unencrypted": {"paie": True}}, "Des dossiers sensibles s’ouvrent sans chiffrement : paie."),
        ({"anonymous": [{"share": "paie", "granted": True}]}, "Sans compte, on entre : paie."),
        ({"closed": [{"person": "gonejul", "status": "ticket given"}]}, "entrent dans le domaine : gonejul."),
        ({"recycle": [{"share": "atelier", "found": False}]}, "que 0 fois sur 1."),
        ({"recycle": [{"share": "a", "found": True, "others": [{"reads": True}]}]}, "que 0 fois sur 1."),
        ({"own_files": [{"granted": False, "expected": True}]}, "0 fois sur 1 seulement."),
        (
            {
                "personal": [
                    {"person": "petitcam", "folder": "morellea", "action": "read", "granted": True, "expected": False}
                ]
            },
            "petitcam peut lire dans le dossier de morellea.",
        ),
    ],
)
def test_what_else_was_tried_and_went_wrong_is_said(change: dict[str, Any], said: str) -> None:
    assert all(trial.good for trial in (*seen().personal, *seen().others))
    matrix = seen(shares.share_access(**change))
    assert matrix.verdict == "fail"
    wrong = [plain(trial.said) for trial in (*matrix.personal, *matrix.others) if not trial.good]
    assert any(said in each for each in wrong), wrong


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("deletion_logged", "Des suppressions manquent au journal."),
        ("sensitive_read_logged", "Des lectures dans les dossiers sensibles manquent au journal."),
        ("log", "Le journal peut être lu ou changé par d’autres que l’administrateur."),
    ],
)
def test_what_the_audit_log_lacks_is_said(key: str, said: str) -> None:
    good = {"deletion_logged": True, "sensitive_read_logged": True, "log": {"closed_to_others": True}}
    bad = {**good, key: {"closed_to_others": False} if key == "log" else False}
    for trail, wrong in ((good, []), (bad, [said])):
        evidence = shares.evidence()
        evidence["fs1"] = {"facts": {"share_trail": trail}, "failures": {}}
        matrix = access_view.matrix(evidence, "fr")
        assert isinstance(matrix, Matrix)
        assert [trial.said for trial in matrix.others if not trial.good] == wrong


def test_a_run_that_knew_of_no_shares_has_no_section() -> None:
    assert access_view.matrix({}, "fr") is None
    source = html.render(verdicts(), RUN, evidence={"dc1": {"facts": {}, "failures": {}}})
    assert 'id="access"' not in source
    assert 'href="#access"' not in source


def test_a_probe_that_failed_is_told_with_its_reason() -> None:
    evidence = {"ws1": {"facts": {}, "failures": {"share_access": "unreachable: timed out"}}}
    assert access_view.matrix(evidence, "fr") == Missing("unreachable: timed out")
    assert "unreachable: timed out" in Page(html.render(verdicts(), RUN, evidence=evidence)).text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_section_is_whole_and_every_cell_says_itself_in_words(language: str) -> None:
    facts = shares.share_access()
    shares.attempt(facts, "paie", "workshop", "write")["granted"] = True
    page = section(facts, language)
    assert page.open == []
    wanted = {
        "fr": "peut écrire, alors que la table ne le prévoit pas",
        "en": "can write, which the table does not give",
    }
    assert wanted[language] in page.text


def test_an_english_section_has_no_word_of_the_french_one() -> None:
    text = section(language="en").text
    french = {said for key, said in access_texts.ACCESS["fr"].items() if access_texts.ACCESS["en"][key] != said}
    shown = [said for said in french if len(said) > 7 and "{" not in said and said in text]
    assert shown == []
    assert access_texts.ACCESS["fr"].keys() == access_texts.ACCESS["en"].keys()


def test_hostile_names_stay_text() -> None:
    facts = shares.share_access()
    for each in (*facts["attempts"], *facts["kinds"], *facts["personal"]):
        each.update({key: HOSTILE for key in ("title", "person", "folder", "status") if key in each})
    facts["attempts"][0]["granted"] = not facts["attempts"][0]["granted"]
    evidence = shares.evidence(facts)
    evidence["ws1"]["facts"]["share_table"] = [{**row, "title": HOSTILE} for row in shares.TABLE]
    source = html.render(verdicts(), RUN, evidence=evidence)
    page = Page(source)
    assert page.open == []
    assert page.tags["script"] == page.tags["img"] == 0
    assert "{{ 7*7 }}" in standard_html.unescape(source)
    assert not re.search(r"https?:|\bsrc=(?!x)", source)
