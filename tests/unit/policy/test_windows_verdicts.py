"""Verdicts on Windows workstations: the same for both clients' charters, in every language, and never green unread."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import pytest
from ansible.module_utils.policy import run
from ansible.module_utils.policy.judge import judge
from ansible.module_utils.policy.model import Policies, load_policies
from ansible.module_utils.policy.phrases import said, say, worded
from ansible.module_utils.policy.report.page_texts import silence
from ansible.module_utils.wsman import channel, faults

from tests.conftest import ROOT
from tests.unit.policy import samples_windows as samples
from tests.unit.policy.test_computed_windows import Change, both, put

TODAY = date(2026, 11, 21)


@cache
def policies_of(client: str) -> Policies:
    return load_policies(ROOT, client)


def verdicts(
    facts: dict[str, Any], client: str = "autoconcept", failures: dict[str, str] | None = None
) -> dict[str, Any]:
    groups = ["workstations", "windows_workstations", "sensitive_workstations", "portable_workstations"]
    run = {"site": "site", "groups_of": {"pc1": groups}}
    evidence = {"pc1": {"facts": facts, "failures": failures or {}}}
    return {
        each["control"]: each
        for each in judge(policies_of(client), run, evidence, TODAY)
        if each["topic"] == "windows_workstations"
    }


def told(found: dict[str, Any]) -> dict[str, Any]:
    return {name: (each["verdict"], each["observed"]) for name, each in found.items()}


SICK: tuple[Change, ...] = (
    put("firewall", "public", False),
    put("guest", "enabled", True),
    put("os", "build", 7601),
    put("lan_manager_level", 3),
    lambda facts: facts["workstation"]["administrators"].append({"sid": "S-1-5-21-7-8-9-513", "local": False}),
)


@pytest.mark.parametrize("client", ["autoconcept", "clairbois"])
@pytest.mark.parametrize("change", [lambda facts: None, both(*SICK)], ids=["healthy", "sick"])
def test_the_same_evidence_gives_the_same_verdicts_in_french_english_and_german(client: str, change: Change) -> None:
    found = []
    for language in samples.LANGUAGES:
        facts = samples.facts(language)
        change(facts)
        found.append(told(verdicts(facts, client)))
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("client", ["autoconcept", "clairbois"])
def test_a_healthy_workstation_is_green_in_everything_for_both_clients(client: str) -> None:
    found = verdicts(samples.facts(), client)
    assert len(found) == 30
    assert {name: each["verdict"] for name, each in found.items() if each["verdict"] != "pass"} == {}


def test_a_sick_workstation_is_red_in_what_is_wrong_and_in_nothing_else() -> None:
    facts = samples.facts()
    both(*SICK)(facts)
    red = {name for name, each in verdicts(facts).items() if each["verdict"] == "fail"}
    assert red == {
        "windows_firewall",
        "windows_guest_account",
        "windows_supported_system",
        "windows_lan_manager_level",
        "windows_local_administrators",
    }


@pytest.mark.parametrize("state", ["off", "refused"])
def test_a_workstation_that_was_not_read_is_green_in_nothing_and_says_why(state: str) -> None:
    facts = {name: value for name, value in samples.facts().items() if name != "workstation"}
    facts["workstation_reading"] = {"state": state}
    found = verdicts(facts, failures={"workstation": f"unreachable: {state}: no answer"})
    assert {each["verdict"] for each in found.values()} == (
        {"not_evaluated"} if state == "off" else {"not_evaluated", "fail"}
    )
    assert state in found["windows_firewall"]["reason"]


def test_a_fact_that_windows_refused_keeps_its_reason() -> None:
    facts = samples.facts()
    del facts["workstation"]["encryption"]
    found = verdicts(facts, failures={"workstation.encryption": "access denied (5)"})["windows_encryption"]
    assert (found["verdict"], "access denied" in found["reason"]) == ("not_evaluated", True)


def test_a_site_without_windows_workstations_is_not_judged_on_them() -> None:
    run = {"site": "site", "groups_of": {"dc1": ["domain_controllers"]}}
    evidence = {"dc1": {"facts": {}, "failures": {}}}
    found = [
        each
        for each in judge(policies_of("autoconcept"), run, evidence, TODAY)
        if each["topic"] == "windows_workstations"
    ]
    assert {each["verdict"] for each in found} == {"not_applicable"}


def test_no_verdict_rests_on_a_displayed_name() -> None:
    """Every word that changes with the language may be anything: nothing changes but what the report shows."""
    facts = samples.facts()
    for name in ("administrators", "local_accounts", "software"):
        for each in facts["workstation"][name]:
            each["name"] = "Ωμέγα"
    assert told(verdicts(facts)) == told(verdicts(samples.facts()))


@pytest.mark.parametrize(
    ("state", "detail"),
    [*((state, "") for state in channel._SAID), *dict.fromkeys((each[2], each[3]) for each in channel._STATES)],
)
def test_why_a_machine_was_not_read_is_told_in_french(state: str, detail: str) -> None:
    told = worded(str(channel.HostError(state, detail)), "fr")
    assert not {"the", "is", "what", "its", "no", "answer", "machine"} & set(told.replace("(", "").split()), told


def reasons() -> Iterator[str]:
    """Every reason for which a reader of facts or an observer leaves a fact out, names put in."""
    files = [
        *(ROOT / "module_utils/windows").glob("facts*.py"),
        *(ROOT / "module_utils/policy").glob("computed_windows*.py"),
    ]
    for file in sorted(files):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("UnreadError", "MissingFact")):
                continue
            said = node.args[0]
            if isinstance(said, ast.Constant):
                yield str(said.value)
            elif isinstance(said, ast.JoinedStr):
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else "Zoé" for part in said.values)
    for kind in faults._SAID:
        yield str(faults.Fault(kind, (5,), "", "Zoé"))
        yield str(faults.Fault(kind, (), "", "Zoé"))


#: Words that no French sentence has.
ENGLISH = {"the", "is", "was", "has", "not", "no", "of", "its", "with", "this", "machine", "machines", "empty", "says",
           "lists"}  # fmt: skip


@pytest.mark.parametrize("reason", sorted(set(reasons()) - {"workstation.services.wuauserv.start"}))
def test_why_a_fact_is_missing_is_told_in_french(reason: str) -> None:
    told = worded(reason.replace("settings of Zoé", "settings of the proxy"), "fr")
    assert not ENGLISH & set(re.split(r"[^\w']+", told)), told


@pytest.mark.parametrize(
    "reason",
    ["unreachable: " + str(channel.HostError("off")), "unreachable: Failed to connect to the host via ssh: x", ""],
)
def test_why_a_machine_was_silent_is_told_in_french(reason: str) -> None:
    told = silence(reason, "fr")
    assert not {"the", "is", "nothing", "answers", "off"} & set(re.split(r"\W+", told)), told


def test_a_machine_that_is_off_is_not_counted_as_measured() -> None:
    added = {"workstation_register": {"day": "2026-11-21"}, "workstation_reading": {"state": "off"}}
    silent = {"pc1": {"facts": added, "failures": {"workstation": "off: nothing answers"}}}
    answered = {"pc1": {"facts": {**added, "workstation": {"name": "PC1"}}, "failures": {}}}
    assert [run._coverage("pc1", evidence)["measured"] for evidence in (silent, answered)] == [False, True]


def test_a_day_is_written_as_the_reader_writes_it() -> None:
    line = say("support_ended", "Windows 7 SP1", "2020-01-14")
    assert said(line, "fr") == "Windows 7 SP1 : support terminé le 14/01/2020"
    assert said(line, "en").endswith("2020-01-14")
