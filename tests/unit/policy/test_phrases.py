"""What is observed reaches a French reader in French: every phrase is in one table, and every observer goes through it."""

from __future__ import annotations

import itertools
import re
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.module_utils.ad.group_policy.reasons import REASONS
from ansible.module_utils.ad.share_acl import RIGHTS, SCOPES
from ansible.module_utils.policy.judge import judge
from ansible.module_utils.policy.model import load_policies
from ansible.module_utils.policy.phrases import PHRASES, WITHIN, said, say, without_file_names
from ansible.module_utils.policy.report.values import observed_text, observed_value
from ansible.module_utils.policy.wording import observed_text as judged_text
from ansible.module_utils.policy.wording import reason_text

from tests.conftest import ROOT
from tests.unit.policy import samples_evidence as evidence
from tests.unit.policy.test_computed_group_policy import BAD
from tests.unit.policy.test_computed_group_policy import observe as observe_policy
from tests.unit.policy.test_computed_shares import BROKEN
from tests.unit.policy.test_computed_shares import observed as observe_shares

_GAP = re.compile(r"\{\+?\}")
#: Words that no French sentence has; names of the samples and of settings have none of them as a whole word.
ENGLISH = re.compile(
    r"\b(?:the|and|is|it|its|of|to|in|no|not|none|nobody|others|belongs?|missing|empty|closed|expected|linked|too|much|"
    r"there|account|anonymous|guest|unknown|read|write|delete|see|owner|inherits|inherited|allow|deny|refused|below|all|"
    r"wrong|password|notice|drive|names?|domain|policy|setting|everybody|files?|folders?|have|than|own|administrators)\b",
    re.IGNORECASE,
)


def filled(template: str, names: list[str]) -> str:
    gaps = iter(names)
    return _GAP.sub(lambda _: next(gaps), template)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2019", "'")


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_phrase_is_said_in_both_languages_and_keeps_its_names(phrase: str) -> None:
    english, french = PHRASES[phrase]
    names = [f"Zéphyr{number}" for number, _ in enumerate(_GAP.findall(english))]
    line = say(phrase, *names)
    assert line == filled(english, names)
    assert said(line, "en") == line
    assert said(line, "fr") == filled(french, names)
    assert len(_GAP.findall(french)) == len(names)


@pytest.mark.parametrize("text", [english for english, _ in WITHIN])
def test_what_is_worded_within_a_line_is_french_too(text: str) -> None:
    names = ["Zéphyr", "read", "all"] if "{+}, {+}" in text else ["Zéphyr", "Zoé", "Zacharie", "Zénon"]
    shown = said(say("list", "Plans/", filled(text, names)), "fr")
    assert not ENGLISH.search(shown), shown


@pytest.mark.parametrize(("right", "scope"), [*itertools.product(RIGHTS, SCOPES)])
def test_every_entry_of_an_access_list_is_french(right: str, scope: str) -> None:
    for inherited in ("", ", inherited"):
        shown = said(say("list", "Plans/", f"too much DL_Plans_RW: allow {right}, {scope}{inherited}"), "fr")
        assert shown.startswith("Plans/ : en trop « DL_Plans_RW : autorise ")
        assert not ENGLISH.search(shown), shown


def test_no_french_sentence_holds_an_english_word() -> None:
    assert [french for _, french in (*PHRASES.values(), *WITHIN) if ENGLISH.search(french)] == []


def test_a_reason_names_the_policy_before_the_place_in_both_languages() -> None:
    for sentences in REASONS.values():
        french, english = (re.findall(r"\{\w+\}", sentence) for sentence in sentences)
        assert french == english == sorted(french, reverse=True)


def test_a_name_stays_as_it_is() -> None:
    for name in ("read", "durandpau", "fs1/Plans", "DL_Plans_RW", "Panne: 10 %", "{}", "the domain office"):
        assert said(name, "fr") == name.replace(": ", " : ")
        assert said(name, "en") == name


def lines_seen() -> list[tuple[str, Any]]:
    """Every bad observation of the other tests, by observer."""
    found = [(name, observe_policy(name, change)) for name, change, _ in BAD]
    found += [(name, observe_shares(name, change)) for name, change, _ in BROKEN]
    policies = load_policies(ROOT, "autoconcept")
    for change in OTHERS:
        facts = evidence.evidence()
        change(facts)
        found += [
            (record["control"], record["observed"])
            for record in judge(policies, evidence.run(), facts, date(2026, 11, 22))
            if record["verdict"] == "fail"
        ]
    return [(name, lines) for name, lines in found if isinstance(lines, list)]


def _directory(facts: Any) -> Any:
    return facts["dc1"]["facts"]["directory"]


#: Each way of the directory and of the workstation to be out of order that is told in words.
OTHERS = (
    lambda facts: facts["dc1"]["facts"]["password_policy"]["domain"].update(reversible_encryption=True),
    lambda facts: facts["dc1"]["facts"]["logon_probe"].update(
        previous_password_accepted=True, old_password_still_works=True
    ),
    lambda facts: _directory(facts)["accounts"].pop(2),
    lambda facts: _directory(facts)["accounts"][2].update(enabled=False),
    lambda facts: _directory(facts)["accounts"][2].update(employee_key="somebody.2020-01-01"),
    lambda facts: _directory(facts)["accounts"][2].update(login="durandx"),
    lambda facts: _directory(facts)["accounts"][2].update(mail=None),
    lambda facts: _directory(facts)["accounts"][2].update(groups=[]),
    lambda facts: _directory(facts)["groups"][1].update(members=[]),
    lambda facts: _directory(facts)["privileged"][0].update(members=["durandpau", "adm-morellea"]),
    lambda facts: facts["ws1"]["facts"]["session_probe"].update(
        opened_with_wrong_password=True, opened_without_password=True
    ),
)


def test_what_every_observer_says_is_french_in_a_french_report() -> None:
    seen = lines_seen()
    assert len(seen) > len(BAD)
    control = SimpleNamespace(definition={"expect": "empty"})
    for name, lines in seen:
        if name in ("access_lists_that_differ", "group_policy_without_effect"):
            continue  # their samples are cut short; the tests above and below say every line of them
        shown = [judged_text(control, lines, "fr"), plain(observed_value(lines, None, "fr"))]  # type: ignore[arg-type]
        assert [text for text in shown if ENGLISH.search(text)] == [], name


def test_a_long_list_is_french_where_it_is_shown_whole() -> None:
    lines = [say("no_account", f"p{number}") for number in range(30)]
    assert not ENGLISH.search(observed_value(lines, None, "fr", 10_000))
    record = {"observed": lines, "verdict": "fail", "unit": None}
    assert not ENGLISH.search(observed_text(record, "fr").replace("et 24 autres", ""))
    assert "no account" in observed_text(record, "en")


def test_why_a_setting_does_not_hold_is_french_with_its_count() -> None:
    line = say("times", say("without_effect", "Postes", "Ateliers", "overridden by Autre, linked at OU=Site"), 3)
    assert said(line, "en") == "Postes (Ateliers): overridden by Autre, linked at OU=Site [3]"
    assert said(line, "fr") == "Postes (Ateliers) : remplacé par Autre, liée à OU=Site [3]"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (say("antivirus_way", "write /var/lib/clamav"), "possible sans aucun droit : écrire dans /var/lib/clamav"),
        (say("antivirus_way", "kill clamd"), "possible sans aucun droit : tuer le moteur"),
        (say("not_redirected", "Atelier", "Personal"), "Atelier : le dossier des documents reste sur le poste"),
        (say("other_quota", "Plans (files)"), "Plans (fichiers) : un autre quota que celui demandé"),
        (say("backup_alert", "the clock of the server of offsite is off by 4.5 s"), "s'écarte de 4,5 s"),
        (say("restored_otherwise", "shares: /srv/x: bytes"), "revenu autrement : shares : /srv/x : le contenu diffère"),
        (
            say("restored_otherwise", "/srv/x: owner 1:1 instead of 0:0, mode 0600 instead of 0640"),
            "propriétaire 1:1 au lieu de 0:0, droits 0600 au lieu de 0640",
        ),
    ],
)
def test_what_programs_say_within_a_line_is_french(line: str, shown: str) -> None:
    assert shown in said(line, "fr")
    assert said(line, "en") == line


def test_why_a_fact_is_missing_is_french() -> None:
    assert reason_text("missing_fact", "no restore was ever tried", "en") == "Not read: no restore was ever tried"
    french = reason_text("missing_fact", "no restore was ever tried", "fr")
    assert french == "Non relevé : aucune restauration n'a jamais été essayée"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("shares: /srv/shares/perso/durandpau/cv.odt: bytes", "shares: /srv/shares/perso/…: bytes"),
        ("shares: /srv/shares/perso/a: b.odt: not restored", "shares: /srv/shares/perso/…: not restored"),
        ("/srv/shares/perso/durandpau/cv.odt", "/srv/shares/perso/…"),
        ("configuration: /etc/hosts: bytes", "configuration: /etc/hosts: bytes"),
    ],
)
def test_the_names_of_files_inside_a_share_are_left_out(line: str, shown: str) -> None:
    assert without_file_names(line) == shown


@pytest.mark.parametrize(
    ("tries", "shown"), [([True], "1 essai accepté sur 1"), ([True] * 2, "2 essais acceptés sur 2")]
)
def test_attempts_are_counted_in_good_french(tries: list[bool], shown: str) -> None:
    assert judged_text(SimpleNamespace(definition={"expect": "each_false"}), tries, "fr") == shown  # type: ignore[arg-type]


def test_an_observer_words_nothing_by_itself() -> None:
    """No sentence of English stands in an observer: a line holds names, or comes from the table."""
    for file in sorted((ROOT / "module_utils/policy").glob("computed*.py")):
        for text in re.findall(
            r"""return \[f?"([^"]+)"\]|append\(f"([^"]+)"\)|found \+= \[f?"([^"]+)"\]""", file.read_text()
        ):
            said_here = re.sub(r"\{[^}]*\}", "", "".join(text))
            assert not ENGLISH.search(said_here), f"{file.name}: {said_here}"
