"""Group Policy in the report: which policy wins where, and why a declared setting does not hold."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.policy.report import group_policy_view, html
from ansible.module_utils.policy.report.group_policy_texts import POLICY
from ansible.module_utils.policy.report.group_policy_view import Missing, Policies, name_of, said, unit_of

from tests.unit.policy.samples import shares
from tests.unit.policy.samples.page import Page, plain
from tests.unit.policy.samples.report import RUN, verdicts

HOSTILE = "</style><script>alert(1)</script><img src=x>\"'&{{ 7*7 }}"
LOCK = r"user/registry/Software\Policies\Desktop\ScreenSaveTimeOut"


def seen(language: str = "fr", **other: Any) -> Policies:
    found = group_policy_view.policies(shares.evidence(policies=shares.group_policy(**other)), language)
    assert isinstance(found, Policies)
    return found


def test_units_with_the_same_settings_are_told_once_with_the_policy_that_wins() -> None:
    (units,) = seen().units
    assert plain(units.title) == "Site ; Site › Postes"
    ((policy, (setting,)),) = units.policies
    assert policy == "Verrouillage de session"
    assert (setting.within, setting.name, setting.value) == ("Desktop", "ScreenSaveTimeOut", "600")
    assert setting.lost == (("Ancien essai", "1800", "Verrouillage de session passe avant, au même endroit (Site)"),)


def test_units_whose_settings_differ_are_told_apart() -> None:
    facts = shares.group_policy()
    (setting,) = facts["effective"][1]["settings"].values()
    setting["value"] = 900
    assert len(seen(effective=facts["effective"]).units) == 2


def test_a_declared_setting_that_does_not_hold_says_why_without_the_directory_s_own_names() -> None:
    idle = {
        "policy": "Verrouillage",
        "setting": LOCK,
        "unit": "OU=Mon atelier,OU=Site,DC=site,DC=lan",
        "why": "inheritance_blocked",
        "says": {
            "fr": "l'héritage est bloqué sur OU=Mon atelier,OU=Site,DC=site,DC=lan",
            "en": "inheritance is blocked at OU=Mon atelier,OU=Site,DC=site,DC=lan",
        },
    }
    found = seen(not_effective=[idle])
    assert found.verdict == "fail"
    assert found.not_effective == (
        ("Verrouillage", "ScreenSaveTimeOut", "Site › Mon atelier", "l’héritage est bloqué sur Site › Mon atelier"),
    )
    assert seen("en", not_effective=[idle]).not_effective[0][3] == "inheritance is blocked at Site › Mon atelier"


@pytest.mark.parametrize(
    "other",
    [
        {"differences": [{"policy": "P", "setting": LOCK, "expected": 600, "observed": None}]},
        {"inheritance_blocked": ["OU=Site,DC=site,DC=lan"]},
    ],
)
def test_what_is_not_as_written_is_never_green(other: dict[str, Any]) -> None:
    assert seen().verdict == "pass"
    assert seen(**other).verdict == "fail"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("DC=site,DC=lan", "Domaine site.lan"),
        ("OU=Postes,OU=Site,DC=site,DC=lan", "Site › Postes"),
        (r"OU=Ventes\, neuf,OU=Site,DC=site,DC=lan", "Site › Ventes, neuf"),
        ("", "–"),
        ("x", "x"),
    ],
)
def test_a_unit_is_said_as_people_say_it(name: str, shown: str) -> None:
    assert unit_of(name, "fr") == shown


def test_a_setting_is_called_by_its_last_word() -> None:
    assert name_of(LOCK, "fr") == "ScreenSaveTimeOut"
    assert name_of("user/drives/P", "fr") == "Lecteur P"
    assert name_of("computer/security/System Access/MinimumPasswordLength", "en") == "MinimumPasswordLength"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1800, "1800"), (None, "aucune valeur"), (True, "oui"), (["a", "b"], "a, b"), ({"k": 1}, "k : 1")],
)
def test_a_value_is_said_whole(value: Any, shown: str) -> None:
    assert plain(said(value, "fr")) == shown


def test_groups_are_named_as_the_directory_names_them_and_drives_as_people_do() -> None:
    sid = "S-1-5-21-1-2-3-512"
    drive = {"path": r"\\fs1\paie", "label": "Paie", "action": "U", "groups": ["S-1-5-21-1-2-3-1201"]}
    settings = {
        "computer/privilege/SeDenyInteractiveLogonRight": {"value": [sid, "S-1-5-7"], "policy": "Postes"},
        "user/drives/Q": {"value": drive, "policy": "Lecteurs"},
    }
    effective = [{"unit": "OU=Site,DC=site,DC=lan", "side": "computer", "settings": settings}]
    evidence = shares.evidence(policies=shares.group_policy(effective=effective))
    evidence["dc1"]["facts"]["directory"]["groups"] += [
        {"name": "Domain Admins", "sid": sid},
        {"name": "GG_Bureau", "sid": "S-1-5-21-1-2-3-1201"},
    ]
    found = group_policy_view.policies(evidence, "fr")
    assert isinstance(found, Policies)
    told = {setting.name: setting.value for _, settings in found.units[0].policies for setting in settings}
    assert told["SeDenyInteractiveLogonRight"] == "Domain Admins, S-1-5-7"
    assert told["Lecteur Q"] == r"Paie, \\fs1\paie (pour GG_Bureau)"


def test_a_run_that_read_no_policy_has_no_section() -> None:
    assert group_policy_view.policies({}, "fr") is None
    assert 'id="group_policy"' not in html.render(verdicts(), RUN)


def test_a_reader_that_failed_is_told_with_its_reason() -> None:
    evidence = {"dc1": {"facts": {}, "failures": {"group_policy": "no SMB"}}}
    assert group_policy_view.policies(evidence, "fr") == Missing("no SMB")
    assert "no SMB" in Page(html.render(verdicts(), RUN, evidence=evidence)).text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_section_is_whole_and_in_one_language(language: str) -> None:
    source = html.render(verdicts(), RUN, language=language, evidence=shares.evidence())
    start = source.index('<section id="group_policy"')
    page = Page(source[start : source.index("</section>", start) + 10])
    assert page.open == []
    other = POLICY["en" if language == "fr" else "fr"]
    mine = set(POLICY[language].values())
    assert [text for text in other.values() if text not in mine and len(text) > 7 and text in page.text] == []
    assert POLICY["fr"].keys() == POLICY["en"].keys()


def test_hostile_names_stay_text() -> None:
    entry = {
        "policy": HOSTILE,
        "setting": HOSTILE,
        "unit": HOSTILE,
        "why": HOSTILE,
        "expected": HOSTILE,
        "observed": HOSTILE,
    }
    policies = shares.group_policy(not_effective=[entry], differences=[entry], inheritance_blocked=[HOSTILE])
    page = Page(html.render(verdicts(), RUN, evidence=shares.evidence(policies=policies)))
    assert page.open == []
    assert page.tags["script"] == page.tags["img"] == 0
