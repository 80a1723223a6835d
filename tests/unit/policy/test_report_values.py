"""Words for values, dates and figures, in French and in English."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.policy.report import sentences, values
from ansible.module_utils.policy.report.summary import summarise

from tests.unit.policy.samples.report import RULES, RUN, record, verdicts


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("Attention : lu ; vu ? oui !", "Attention\u00a0: lu\u202f; vu\u202f? oui\u202f!"),
        ("« mot »", "«\u00a0mot\u00a0»"),
        ("l'essai de 10:30", "l’essai de 10:30"),
        ("90 jours", "90\u00a0jours"),
        ("12 000 €", "12\u202f000\u00a0€"),
        ("50 %", "50\u202f%"),
    ],
)
def test_french_is_set_as_a_printer_would(said: str, printed: str) -> None:
    assert values.typography(said, "fr") == printed
    assert values.typography(said, "en") == said


@pytest.mark.parametrize(
    ("content", "unit", "french", "english"),
    [
        (90, "days", "90 jours", "90 days"),
        (1, "days", "1 jour", "1 day"),
        (0, "days", "0 jour", "0 days"),
        (1.5, "hours", "1,5 heure", "1.5 hours"),
        (1234567, None, "1 234 567", "1,234,567"),
        (5, "widgets", "5 widgets", "5 widgets"),
        (True, None, "oui", "yes"),
        (None, "days", "aucune valeur", "no value"),
        ([], None, "aucun élément", "nothing"),
        (["a", "b"], None, "a, b", "a, b"),
        (list("abcdefghij"), None, "a, b, c, d, e, f et 4 autres", "a, b, c, d, e, f and 4 more"),
        ({"port": 443}, None, "port : 443", "port: 443"),
        ("", None, "vide", "empty"),
    ],
)
def test_a_value_is_said_in_words(content: Any, unit: str | None, french: str, english: str) -> None:
    plain = {"\u00a0": " ", "\u202f": " "}
    assert values.value(content, unit, "fr").translate(str.maketrans(plain)) == french
    assert values.value(content, unit, "en").translate(str.maketrans(plain)) == english


def test_the_judge_has_the_last_word_on_its_own_values() -> None:
    told = record(
        RULES[1], "dc1", expected_text="trois mois", expected_text_en="three months", observed_text="sans limite"
    )
    assert values.expected_text(told, "fr") == "trois mois"
    assert values.expected_text(told, "en") == "three months"
    assert values.observed_text(told, "fr") == "sans limite"


def test_what_was_not_read_is_not_said_to_be_empty() -> None:
    assert values.observed_text(record(RULES[1], "dc1", verdict="not_evaluated"), "fr") == "non lu"


@pytest.mark.parametrize(("observed", "said"), [(False, "oui"), (True, "non"), (None, "aucune valeur")])
def test_yes_and_no_are_said_of_the_sentence_and_not_of_the_setting(observed: bool | None, said: str) -> None:
    closed = record(RULES[7], "dc1", expected=False, expected_text="non", observed=observed, observed_text="oui")
    told = values.as_told(closed)
    assert values.expected_text(told, "fr") == "oui"
    assert values.observed_text(told, "fr") == said


def test_dates_are_written_out() -> None:
    stamp = "2026-11-01T06:05:00+00:00"
    french = "dimanche 1er\u00a0novembre 2026 à 07\u202fh\u202f05"
    assert values.long_date(stamp, "fr", "Europe/Paris") == french
    assert values.long_date(stamp, "fr") == "dimanche 1er\u00a0novembre 2026 à 06\u202fh\u202f05 (UTC)"
    assert values.long_date(stamp, "en", "Europe/Paris") == "Sunday 1 November 2026 at 07:05"
    assert values.day("sans fin prévue", "fr") == "sans fin prévue"


def _plain(said: str) -> str:
    return said.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("failed", "unread", "sentence"),
    [
        (0, 0, "Les 5 règles mesurées sont respectées."),
        (1, 0, "Sur 5 règles mesurées, une seule n’est pas respectée."),
        (2, 0, "Sur 5 règles mesurées, 2 ne sont pas respectées."),
        (0, 1, "Les 4 règles mesurées sont respectées ; une autre n’a pas pu être mesurée."),
        (1, 2, "Sur 3 règles mesurées, une seule n’est pas respectée ; 2 autres n’ont pas pu être mesurées."),
        (0, 5, "Rien n’a pu être mesuré : ce rapport ne permet aucune conclusion."),
    ],
)
def test_the_situation_is_one_correct_sentence(failed: int, unread: int, sentence: str) -> None:
    told = ["fail"] * failed + ["not_evaluated"] * unread + ["pass"] * (5 - failed - unread)
    records = [record(row, "dc1", verdict=verdict) for row, verdict in zip(RULES[:5], told, strict=True)]
    run = {**RUN, "hosts": RUN["hosts"][:1]}
    assert _plain(sentences.situation(summarise(records, run), "fr")) == sentence


def test_a_lone_critical_failure_is_called_critical() -> None:
    records = [record(RULES[0], "dc1"), record(RULES[5], "dc1", verdict="fail")]
    said = _plain(sentences.situation(summarise(records, {**RUN, "hosts": RUN["hosts"][:1]}), "fr"))
    assert said == "Sur 2 règles mesurées, une seule n’est pas respectée et elle est critique, à traiter sans attendre."


def test_the_situation_tells_the_machines_that_were_silent() -> None:
    assert _plain(sentences.situation(summarise(verdicts(), RUN), "fr")).endswith("1 machine sur 4 n’a pas répondu.")


def test_coverage_is_a_sentence_of_its_own() -> None:
    counted = summarise(verdicts(), RUN)
    assert _plain(sentences.coverage(counted.coverage, "fr")) == "1 poste sur 2 et 2 serveurs sur 2 mesurés."
    assert _plain(sentences.coverage(counted.coverage, "en")) == "1 of 2 workstations and 2 of 2 servers measured."
