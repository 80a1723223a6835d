"""What people read says what was planned, in French; the modules between the plan and Ansible."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.windows import upgrade_texts as texts
from ansible.module_utils.windows.upgrade_data import UpgradeError
from ansible.module_utils.windows.upgrade_module import bring_campaign, plan_facts, seen_of, take_step
from ansible.module_utils.windows.upgrade_park import read_park
from ansible.module_utils.windows.upgrade_readiness import OUTCOMES, Reason, decide
from ansible.module_utils.windows.upgrade_state import Record
from ansible.module_utils.windows.upgrade_store import Store
from ansible.module_utils.wsman.channel import HostError

from tests.unit.upgrade.samples import GB, TERMS, facts, policy, rules, terms

OFF = str(HostError("off", "no connection in time"))
RECORD = Record("pc-1", "upgrade", 1, "2026-12-01T08:00", "2026-12-01T12:00", ("u1",))


def test_every_outcome_and_every_reason_has_its_words() -> None:
    assert set(texts.OUTCOME_WORDS) == set(OUTCOMES)
    source = Path(texts.__file__).with_name("upgrade_readiness.py").read_text(encoding="utf-8")
    said = {word for word in texts._REASONS if f'"{word}"' in source}
    assert said == set(texts._REASONS)
    assert all(f'"{word}"' in source for word in texts._BEFORE)


def test_a_sentence_tells_why_and_what_to_do_first() -> None:
    known = facts(os__build=7601, memory_bytes=2 * GB)
    said = texts.readiness_sentence(decide("pc-1", known, rules()))
    assert said == (
        "pc-1 : remplacé (mémoire de 2 Go, il en faut 6 Go; mémoire de 2 Go, il en faut 4 Go (exigence de l'éditeur); "
        "à isoler du réseau jusque-là)."
    )
    said = texts.readiness_sentence(decide("pc-1", facts(tpm={"present": False}), rules()))
    assert said.endswith("avant : activer la puce de sécurité (TPM) dans les réglages du poste).")
    ends = [texts.reason_words(Reason("support_ends", "publisher", None, day)) for day in (None, "2026-10-13")]
    assert ends == ["fin des corrections de l'éditeur : passée", "fin des corrections de l'éditeur : 13/10/2026"]


def test_a_reason_is_never_without_words() -> None:
    with pytest.raises(KeyError):
        texts.reason_words(Reason("no such reason", "client"))


def options(state_dir: Path | None = None, **more: Any) -> dict[str, Any]:
    machines = [
        {
            "host": f"pc-{number}",
            "department": "ab"[number % 2],
            "users": [{"login": f"u{number}", "name": f"Ève {number}", "mail": f"u{number}@example.org"}],
        }
        for number in range(8)
    ]
    return {
        "workstations": {
            "pc-0": {"workstation": facts(os__build=26200)},
            "pc-1": {"workstation": facts(memory_bytes=GB, model={"portable": True})},
            "pc-2": {
                "workstation": {**facts(), "memory_bytes": None},
                "failures": {"workstation.memory_bytes": "fault 5"},
            },
            "pc-3": {"unreachable": True, "state": "off", "msg": OFF},
            "pc-4": {"workstation": facts()},
            "pc-5": {"workstation": facts(os__build=7601)},
            "pc-6": {"workstation": facts(processor__name="Fictional 9000")},
        },
        "machines": machines,
        "lifecycle": policy("lifecycle"),
        "processors": policy("processors"),
        "terms": copy.deepcopy(TERMS),
        "today": "2026-11-21",
        "state_dir": str(state_dir) if state_dir else None,
        "now": "2026-11-21T09:00",
        "timezone": "Europe/Paris",
        "retry": [],
        "excused": [],
        "postponed": {},
        "forced": [],
        "reason": None,
        "answers": True,
        "build": None,
        "installed_at": None,
        "exit_code": None,
        **more,
    }


def test_the_plan_tells_of_every_machine_what_becomes_of_it() -> None:
    plan = plan_facts(read_park(options()), None)
    assert {one["host"]: one["outcome"] for one in plan["readiness"]} == {
        "pc-0": "keep",
        "pc-1": "replace",
        "pc-2": "not_evaluated",
        "pc-3": "not_evaluated",
        "pc-4": "upgrade",
        "pc-5": "reinstall",
        "pc-6": "unknown_processor",
        "pc-7": "not_evaluated",
    }
    told = {one["host"]: one["missing"] for one in plan["readiness"]}
    assert told["pc-2"]["memory_bytes"] == "fault 5"
    assert told["pc-3"]["memory_bytes"] == OFF
    assert plan["isolate"] == ["pc-5"]
    assert sorted(machine["host"] for machine in plan["machines"]) == ["pc-1", "pc-4", "pc-5"]
    assert plan["renewal"]["lines"][0]["host"] == plan["machines"][0]["host"]


def test_people_read_their_day_their_hours_and_what_to_do() -> None:
    plan = plan_facts(read_park(options()), None)
    page = plan["texts"]["pages"]["pc-5"]
    assert "Pour Ève 5." in page
    assert "mercredi 2 décembre 2026, entre 8 h et 12 h" in page
    assert "3 h 30" in page
    (notice,) = [one for one in plan["notices"] if one["host"] == "pc-5"]
    assert notice["to"] == "u5@example.org"
    assert notice["subject"] == "Votre poste pc-5 : mercredi 2 décembre 2026, 8 h"
    assert "pc-5 | b | réinstallé" in plan["texts"]["calendar"]
    listed = plan["texts"]["renewal"]
    assert "5\N{NARROW NO-BREAK SPACE}000,00\N{NO-BREAK SPACE}€ TTC" in listed
    assert "pc-6 : à examiner : processeur inconnu (processeur qui n'est pas dans la liste (Fictional 9000))." in listed
    assert (
        "pc-3 : non évalué (non lu : la version de Windows, l'édition de Windows, la mémoire, le disque, le pro"
        in listed
    )
    assert "(éteint : rien ne répond ; le poste est éteint, absent, ou son pare-feu arrête WinRM (pas de conn" in listed
    assert "pc-2 : non évalué (non lu : la mémoire)." in listed


def test_a_day_is_written_as_in_french() -> None:
    record = replace(RECORD, begins="2026-12-01T13:30", ends="2026-12-01T17:00")
    assert "mardi 1er décembre 2026, entre 13 h 30 et 17 h" in texts.page(record, "Ève", terms())


def test_nobody_is_announced_a_day_too_late_to_be_told_of() -> None:
    plan = plan_facts(read_park(options(today="2026-12-01")), None)
    assert min(machine["begins"] for machine in plan["machines"]) >= "2026-12-06"


def test_a_machine_that_nobody_named_is_refused() -> None:
    given_ = options()
    given_["workstations"]["stranger"] = {"workstation": facts()}
    with pytest.raises(UpgradeError, match=r"workstations\.stranger: is none of machines"):
        read_park(given_)


def test_check_mode_keeps_nothing(tmp_path: Path) -> None:
    changed, _ = bring_campaign(options(tmp_path / "c"), write=False)
    assert changed
    assert not (tmp_path / "c").exists()
    bring_campaign(options(tmp_path / "c"), write=True)
    before = sorted(file.read_bytes() for file in (tmp_path / "c").rglob("*") if file.is_file())
    step = options(tmp_path / "c", host="pc-4", step="notice", event="begin")
    assert take_step(step, write=False)[1]["go"]
    assert before == sorted(file.read_bytes() for file in (tmp_path / "c").rglob("*") if file.is_file())


def test_a_campaign_is_planned_once_and_a_second_run_changes_nothing(tmp_path: Path) -> None:
    assert bring_campaign(options(tmp_path), write=True)[0]
    assert not bring_campaign(options(tmp_path), write=True)[0]
    later = options(tmp_path, now="2027-01-04T09:00", today="2027-01-04")
    assert bring_campaign(later, write=False)[0]
    changed, campaign = bring_campaign(later, write=True)
    assert changed
    assert all(machine["begins"] > "2027-01-04" for machine in campaign["machines"])
    assert not bring_campaign(later, write=True)[0]


def test_what_is_said_of_a_simulated_machine_says_so_and_of_no_other() -> None:
    played = options()
    played["workstations"]["pc-5"]["workstation"]["simulated_by"] = "a park"
    texts = plan_facts(read_park(played), None)["texts"]
    assert {host for host, page in texts["pages"].items() if "Parc simulé" in page} == {"pc-5"}
    assert "Parc simulé" in texts["renewal"].splitlines()[2]
    assert "Parc simulé" in texts["calendar"].splitlines()[2]
    assert "Parc simulé" not in str(plan_facts(read_park(options()), None)["texts"])


def test_a_machine_stays_in_its_campaign_when_it_does_not_answer_later(tmp_path: Path) -> None:
    bring_campaign(options(tmp_path), write=True)
    silent = options(tmp_path, workstations={})
    _, campaign = bring_campaign(silent, write=True)
    assert {machine["host"] for machine in campaign["machines"]} == {"pc-1", "pc-4", "pc-5"}
    assert set(plan_facts(read_park(silent), Store(str(tmp_path)))["texts"]["pages"]) == {"pc-1", "pc-4", "pc-5"}


def test_a_machine_that_was_off_when_the_campaign_was_planned_has_its_turn_later(tmp_path: Path) -> None:
    bring_campaign(options(tmp_path), write=True)
    back = options(tmp_path)
    back["workstations"]["pc-3"] = {"workstation": facts()}
    for write in (False, True):
        changed, campaign = bring_campaign(back, write=write)
        assert changed
        assert ("pc-3" in {machine["host"] for machine in campaign["machines"]}) is write
    assert not bring_campaign(back, write=True)[0]


def test_steps_go_through_the_module(tmp_path: Path) -> None:
    bring_campaign(options(tmp_path), write=True)
    begins = Store(str(tmp_path)).record("pc-4").begins

    def step(name: str, event: str, **more: Any) -> dict[str, Any]:
        return take_step(options(tmp_path, host="pc-4", step=name, event=event, now=begins, **more), write=True)[1]

    for name in ("notice", "backup", "backup_check", "preflight"):
        assert step(name, "begin")["go"]
        step(name, "finish")
    assert step("scan", "begin")["go"]
    with pytest.raises(UpgradeError, match="the scan has no exit_code"):
        step("scan", "finish")
    assert step("scan", "finish", exit_code=-1047526896)["step"] == "install"
    assert step("install", "begin")["go"]
    assert step("install", "look", build=19045, exit_code=267009)["begun"]
    assert step("install", "look", build=26200, exit_code=0)["step"] == "verify"
    assert step("verify", "begin")["go"]
    assert step("verify", "finish")["status"] == "done"


def test_a_scan_that_finds_something_sets_the_machine_aside(tmp_path: Path) -> None:
    bring_campaign(options(tmp_path), write=True)
    begins = Store(str(tmp_path)).record("pc-4").begins
    for name in ("notice", "backup", "backup_check", "preflight", "scan"):
        take_step(options(tmp_path, host="pc-4", step=name, event="begin", now=begins), write=True)
        given_ = options(tmp_path, host="pc-4", step=name, event="finish", now=begins, exit_code=-1047526904)
        _, answer = take_step(given_, write=True)
    assert (answer["status"], answer["reason"]) == ("set_aside", "incompatible_program_or_driver_0xC1900208")


@pytest.mark.parametrize(
    ("code", "running", "exit_code"), [(None, False, None), (267009, True, None), (267011, False, None), (0, False, 0)]
)
def test_the_scheduler_says_whether_setup_runs_or_never_ran(
    code: int | None, running: bool, exit_code: int | None
) -> None:
    look = seen_of(options(build=19045, exit_code=code))
    assert (look.answers, look.running, look.exit_code) == (True, running, exit_code)
    assert not seen_of(options(answers=False)).answers


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"now": "soon"}, "now: 'soon' is no moment"),
        ({"now": "2026-11-21T09:00+01:00"}, "has a time zone"),
        ({"now": None, "timezone": "Mars/Base"}, "timezone: 'Mars/Base' is not known"),
        ({"today": "soon"}, "today: 'soon' is no date"),
        ({"retry": ["pc-99"]}, "pc-99: has no turn in the campaign"),
        ({"postponed": {"pc-1": "soon"}}, "postponed.pc-1: 'soon' is no date"),
    ],
)
def test_what_cannot_be_meant_is_told(tmp_path: Path, changed: dict[str, Any], told: str) -> None:
    bring_campaign(options(tmp_path), write=True)
    with pytest.raises(UpgradeError, match=told):
        bring_campaign(options(tmp_path, **changed), write=True)
