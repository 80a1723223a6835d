"""Backups and disks in the report: what a fire tonight would cost, and never a figure that nothing has proven."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils.policy.report import backup_view, html
from ansible.module_utils.policy.report.backup_texts import BACKUPS
from ansible.module_utils.policy.report.backup_view import Backups, size

from tests.unit.policy.samples import backups as sample
from tests.unit.policy.samples.page import Page, plain
from tests.unit.policy.samples.report import RUN, verdicts

HOSTILE = "</style><script>alert(1)</script><img src=x>\"'&{{ 7*7 }}"
SITE = {**RUN, "groups_of": sample.GROUPS}
Change = Callable[[dict[str, Any]], object]


def shown(
    change: Change = lambda facts: None, judged: tuple[dict[str, Any], ...] = (), language: str = "fr", **run: Any
) -> Backups:
    facts = sample.facts()
    change(facts)
    found = backup_view.backups(sample.evidence(facts), judged, {**SITE, **run}, language)
    assert found is not None
    return found


def copied(facts: dict[str, Any], place: str, **changed: Any) -> None:
    """Change a copy of the shares."""
    (found,) = [each for each in facts["fs1"]["backup"]["sets"] if (each["set"], each["place"]) == ("shares", place)]
    found.update(changed)


def last(facts: dict[str, Any], host: str = "fs1") -> dict[str, Any]:
    found: dict[str, Any] = facts[host]["restore_drill"]["last"]
    return found


def proven(facts: dict[str, Any], place: str, **changed: Any) -> None:
    """Change the proof of a copy of the shares."""
    (found,) = [each for each in last(facts)["sets"] if (each["set"], each["repository"]) == ("shares", place)]
    found.update(changed)


def told(found: Backups, verdict: str) -> list[str]:
    return [plain(each.text) for each in found.facts if each.verdict == verdict]


def test_the_director_reads_one_sentence_with_three_figures() -> None:
    found = shown()
    # On time, and the next is there 24 h after it; 6,900 + 40 + 300 s to restore, one machine after the other.
    assert plain(found.promise.text) == (
        "Si le serveur brûlait cette nuit, nous perdrions au plus 24 heures de travail et serions de retour en 3 heures ; "
        "prouvé pour la dernière fois le 17 novembre 2026."
    )
    assert found.promise.verdict == "pass"
    page = Page(html.render(verdicts(), SITE, evidence=sample.evidence()))
    assert page.text.count(plain(found.promise.text)) == 2
    assert page.text.index("24 heures") < page.text.index("Par thème")


def test_a_copy_that_is_late_may_stay_away_once_more() -> None:
    found = shown(lambda facts: copied(facts, "offsite", age_hours=30.0))
    assert "nous perdrions au plus 54 heures de travail" in plain(found.promise.text)


def test_a_rehearsal_that_took_longer_than_the_drills_say_counts_instead() -> None:
    done = {"at": "2026-10-02T09:00:00+00:00", "ok": True, "seconds": 11000.0}
    found = shown(lambda facts: facts["fs1"]["restore_drill"].update(rehearsal=done))
    assert "de retour en 4 heures ; prouvé pour la dernière fois le 2 octobre 2026" in plain(found.promise.text)
    assert "La dernière répétition générale, le 2 octobre 2026, a remis la maison en service en 3 h." in told(
        found, "pass"
    )


def test_being_back_later_than_promised_is_not_green() -> None:
    found = shown(lambda facts: proven(facts, "offsite", extrapolated_seconds=19000.0))
    assert "serions de retour en 6 heures" in plain(found.promise.text)
    assert found.promise.verdict == "fail"
    assert "Tout restaurer prendrait 5 h, plus que les 4 h promises." in told(found, "fail")


def test_the_copy_that_burns_with_the_house_says_nothing_of_the_time_back() -> None:
    assert shown(lambda facts: proven(facts, "onsite", extrapolated_seconds=19000.0)).promise == shown().promise


def _never(facts: dict[str, Any]) -> None:
    for host in facts.values():
        del host["restore_drill"]


def _never_shares(facts: dict[str, Any]) -> None:
    kept = [each for each in last(facts)["sets"] if each["set"] != "shares"]
    last(facts).update(sets=kept)


def _failed(facts: dict[str, Any]) -> None:
    proven(facts, "onsite", ok=False, differences=["Plans/a.odt: mode 0600 instead of 0640"])


def _on_site_only(facts: dict[str, Any]) -> None:
    kept = [each for each in facts["fs1"]["backup"]["sets"] if (each["set"], each["place"]) != ("shares", "offsite")]
    facts["fs1"]["backup"].update(sets=kept)


def _rehearsal_failed(facts: dict[str, Any]) -> None:
    facts["fs1"]["restore_drill"].update(rehearsal={"at": 1795000000, "ok": False, "seconds": 900.0})


def _silent(facts: dict[str, Any]) -> None:
    del facts["dc1"]


@pytest.mark.parametrize(
    ("change", "said", "verdict"),
    [
        (_never, "aucune restauration n’a encore été prouvée", "not_evaluated"),
        (_never_shares, "jamais été prouvée pour « Dossiers partagés » (fs1)", "not_evaluated"),
        (_failed, "a échoué pour « Dossiers partagés » (fs1)", "fail"),
        (_on_site_only, "nous perdrions tout ce qui est dans « Dossiers partagés » (fs1)", "fail"),
        (lambda facts: copied(facts, "offsite", age_hours=None), "aucune copie n’en est hors de la maison", "fail"),
        (_rehearsal_failed, "la dernière répétition générale a échoué", "fail"),
        (_silent, "les sauvegardes n’ont pas été relevées sur dc1", "not_evaluated"),
        (lambda facts: facts["dc1"]["backup"].pop("schedule"), "n’a pas été mesurée", "not_evaluated"),
        (lambda facts: facts["dc1"]["backup"]["schedule"].update(active=False), "n’a pas été mesurée", "not_evaluated"),
        (lambda facts: facts["dc1"]["backup"].pop("sets"), "pas été relevées sur dc1", "not_evaluated"),
        (lambda facts: proven(facts, "offsite", extrapolated_seconds=None), "n’a pas été mesurée", "not_evaluated"),
        (
            lambda facts: proven(facts, "offsite", set="x"),
            "jamais été prouvée pour « Dossiers partagés »",
            "not_evaluated",
        ),
        (
            lambda facts: proven(facts, "onsite", at=None),
            "jamais été prouvée pour « Dossiers partagés »",
            "not_evaluated",
        ),
    ],
)
def test_without_a_proof_there_is_no_figure(change: Change, said: str, verdict: str) -> None:
    found = shown(change)
    assert said in plain(found.promise.text)
    assert found.promise.verdict == verdict
    assert not any(character.isdigit() for character in found.promise.text.replace("fs1", "").replace("dc1", ""))
    assert found.verdict != "pass"


def test_a_set_is_told_with_its_age_size_growth_copies_and_proof() -> None:
    directory, shares, configuration = shown().rows
    assert (shares.title, shares.host, shares.verdict) == ("Dossiers partagés", "fs1", "pass")
    assert [plain(each) for each in shares.newest] == ["hors site : il y a 10 h", "sur place : il y a 10 h"]
    assert plain(shares.size) == "184 Go, dont 612 Mo de nouveau"
    assert shares.copies == "hors site, sur place"
    assert plain(shares.proof) == "le 17 novembre 2026, 115 min pour tout"
    assert plain(configuration.size) == "8,4 Mo, dont 0 o de nouveau"
    assert directory.title == "Annuaire"


@pytest.mark.parametrize(
    ("change", "verdict", "said"),
    [
        (_on_site_only, "fail", "sur place : il y a 10 h"),
        (lambda facts: copied(facts, "offsite", age_hours=43), "pass", "il y a 43 h"),
        (lambda facts: copied(facts, "onsite", age_hours=71.5), "fail", "il y a 2 jours"),
        (lambda facts: copied(facts, "offsite", age_hours=None), "fail", "hors site : jamais"),
        (lambda facts: copied(facts, "offsite", age_hours=-3), "fail", "hors site : jamais"),
        (_never, "not_evaluated", "il y a 10 h"),
        (_failed, "fail", "il y a 10 h"),
    ],
)
def test_a_set_is_as_good_as_its_worst_copy(change: Change, verdict: str, said: str) -> None:
    (row,) = [each for each in shown(change).rows if each.title == "Dossiers partagés"]
    assert row.verdict == verdict
    assert said in plain("; ".join(row.newest))


def test_the_machine_that_keeps_the_copies_of_others_needs_one_off_site() -> None:
    groups = {**sample.GROUPS, "fs1": ["saved_hosts", "backup_copies"]}

    def alone(facts: dict[str, Any], place: str) -> None:
        facts["fs1"]["backup"].update(sets=[each for each in facts["fs1"]["backup"]["sets"] if each["place"] == place])

    kept = shown(lambda facts: alone(facts, "offsite"), groups_of=groups)
    assert [(row.verdict, row.copies) for row in kept.rows[1:]] == [("pass", "hors site, garde celles des autres")] * 2
    assert shown(lambda facts: alone(facts, "offsite")).rows[1].verdict == "fail"
    assert shown(lambda facts: alone(facts, "onsite"), groups_of=groups).rows[1].verdict == "fail"


def test_differences_of_a_drill_and_alerts_are_named() -> None:
    found = shown(_failed)
    (wrong,) = [each for each in found.facts if each.verdict == "fail"]
    assert [plain(each) for each in wrong.details] == ["Plans/a.odt : droits 0600 au lieu de 0640"]
    raised = shown(lambda facts: facts["fs1"]["backup"]["alerts"].append("shares was not saved: no answer"))
    assert [plain(each) for each in raised.alerts] == ["fs1 : shares n’a pas été sauvegardé : pas de réponse"]
    drill = ["restoring everything would take 5.3 h, promised are 4.0 h"]
    raised = shown(lambda facts: facts["fs1"]["restore_drill"].update(alerts=drill))
    assert "tout restaurer prendrait 5,3 h, la promesse est de 4 h" in plain(raised.alerts[0])


def rule(topic: str, host: str, verdict: str, **other: Any) -> dict[str, Any]:
    return {**verdicts()[0], "control": f"{topic}_rule", "topic": topic, "host": host, "verdict": verdict, **other}


def test_rules_on_disks_stand_once_each_with_the_worst_of_their_hosts() -> None:
    judged = (
        rule("raid", "fs1", "fail", title="Les disques en miroir sont complets", observed_text="un disque manque"),
        rule("raid", "dc1", "pass"),
        rule("antivirus", "fs1", "not_evaluated", reason="Non relevé : antivirus"),
        rule("passwords", "fs1", "fail"),
    )
    found = shown(judged=judged)
    assert [plain(title) for title, _ in found.rules] == [
        "Les règles sur les disques",
        "Les règles sur les quotas, les fichiers suspects et l’antivirus",
    ]
    ((disks,), (antivirus,)) = (group for _, group in found.rules)
    assert (disks.verdict, disks.text) == ("fail", "Les disques en miroir sont complets")
    assert [plain(each) for each in disks.details] == ["fs1 : un disque manque"]
    assert [plain(each) for each in antivirus.details] == ["fs1 : Non relevé : antivirus"]
    assert found.verdict == "fail"


def test_what_a_lab_leaves_out_is_said_once_with_its_reason_and_judges_nothing() -> None:
    judged = tuple(
        rule("raid", "-", "not_applicable", control=name, reason="Laissé de côté : pas de disques.") for name in "ab"
    )
    found = shown(judged=judged)
    ((_, disks),) = found.rules
    assert [(each.verdict, plain(each.text)) for each in disks] == [
        ("not_applicable", "Laissé de côté : pas de disques.")
    ]
    assert found.verdict == shown().verdict
    assert backup_view.backups({}, judged, {"groups_of": {}}, "fr") is None


def test_a_collector_that_failed_is_told_with_its_reason() -> None:
    evidence = {"fs1": {"collected_at": "", "facts": {}, "failures": {"backup": "no way in"}}}
    page = Page(html.render(verdicts(), SITE, evidence=evidence))
    assert "fs1 : les sauvegardes n’ont pas été relevées" in page.text
    assert "no way in" in page.text
    assert "Personne ne peut dire ce que nous coûterait un incendie cette nuit" in page.text


def test_a_site_that_saves_nothing_has_no_such_section() -> None:
    assert backup_view.backups({}, [], {"groups_of": {}}, "fr") is None
    others = [each for each in verdicts() if each["topic"] not in sum(backup_view.TOPICS.values(), ())]
    assert 'id="backups"' not in html.render(others, RUN)


def test_the_section_is_whole_and_in_one_language() -> None:
    assert BACKUPS["fr"].keys() == BACKUPS["en"].keys()
    for language, other in (("fr", "en"), ("en", "fr")):
        source = html.render(verdicts(), SITE, language=language, evidence=sample.evidence())
        start = source.index('<section id="backups"')
        page = Page(source[start : source.index("</section>", start) + 10])
        assert page.open == []
        mine = set(BACKUPS[language].values())
        assert [
            text for text in BACKUPS[other].values() if text not in mine and len(text) > 7 and text in page.text
        ] == []


@pytest.mark.parametrize("bad", [None, [], {}, 3, -1, True, "x", HOSTILE, [HOSTILE], [{}], [None], {"a": {"b": 3}}])
def test_odd_or_hostile_facts_break_nothing_and_prove_nothing(bad: Any) -> None:
    for host, found in sample.facts().items():
        for collector, facts in found.items():
            for key in (*facts, None):
                changed = sample.facts()
                if key is None:
                    changed[host][collector] = copy.deepcopy(bad)
                else:
                    changed[host][collector][key] = copy.deepcopy(bad)
                page = Page(html.render(verdicts()[:2], SITE, evidence=sample.evidence(changed)))
                assert page.open == []
                assert page.tags["script"] == page.tags["img"] == 0


@pytest.mark.parametrize(
    ("amount", "said"),
    [(0, "0 o"), (999, "999 o"), (1500, "1,5 ko"), (12_340_000, "12 Mo"), (3e12, "3 To"), (4e16, "40 000 To")],
)
def test_sizes_are_said_as_people_say_them(amount: float, said: str) -> None:
    assert plain(size(amount, "fr")) == said
