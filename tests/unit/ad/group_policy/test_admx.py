"""The table of administrative templates: names are unique, and a choice becomes the values that Windows expects."""

from __future__ import annotations

import pytest
from ansible.module_utils.ad.group_policy.admx_policies import POLICIES, find_policy
from ansible.module_utils.ad.group_policy.admx_table import AdmxError, Element, Policy
from ansible.module_utils.ad.group_policy.registry_pol import RegistrySetting, pack, unpack

DESKTOP = r"Software\Policies\Microsoft\Windows\Control Panel\Desktop"


@pytest.mark.parametrize("policy", POLICIES.values(), ids=lambda policy: policy.id)
def test_a_row_says_where_everything_goes(policy: Policy) -> None:
    assert policy.side in ("computer", "user", "both")
    assert policy.key.casefold().startswith(("software\\", "system\\currentcontrolset\\"))
    assert policy.value or policy.elements
    assert len({each.id for each in policy.elements}) == len(policy.elements)
    for element in policy.elements:
        assert element.kind in ("decimal", "text", "lines", "enum", "boolean", "list")
        assert bool(element.choices) == (element.kind == "enum")
        assert element.value or element.kind == "list"


#: Texts that must have a form of their own.
OF_A_FORM = {
    "Rule": "v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Domain|LPort=5986|RA4=10.0.0.1|Name=Audit|",
    "ProxyServer": "proxy.site.lan:3128",
    "AutoConfigURL": "http://wpad.site.lan/wpad.dat",
}


def filled(policy: Policy) -> dict[str, object]:
    """Something that each element takes."""
    samples = {"text": "a text", "lines": ["one", "two"], "boolean": True, "list": ["one", "two"]}
    return {
        each.id: OF_A_FORM[each.id]
        if each.pattern
        else each.choices[0]
        if each.kind == "enum"
        else max(each.minimum, 1)
        if each.kind == "decimal"
        else samples[each.kind]
        for each in policy.elements
    }


@pytest.mark.parametrize("policy", POLICIES.values(), ids=lambda policy: policy.id)
def test_enabled_and_disabled_are_different_and_can_be_written(policy: Policy) -> None:
    enabled = policy.settings("enabled", filled(policy))
    disabled = policy.settings("disabled", {})
    assert unpack(pack(enabled)) == enabled
    assert unpack(pack(disabled)) == disabled
    assert {(row.name, row.data) for row in enabled}.isdisjoint((row.name, row.data) for row in disabled)


def test_the_delay_of_the_screen_saver_is_text_in_seconds() -> None:
    policy = find_policy("CPL_Personalization_ScreenSaverTimeOut")
    rows = policy.settings("enabled", {"ScreenSaverTimeOutFreqSpin": 600})
    assert rows == (RegistrySetting(DESKTOP, "ScreenSaveTimeOut", "REG_SZ", "600"),)


@pytest.mark.parametrize("given", [0, -1, 599941, "600", True, 6.5, None])
def test_a_delay_that_cannot_be_meant_is_refused(given: object) -> None:
    policy = find_policy("CPL_Personalization_ScreenSaverTimeOut")
    with pytest.raises(AdmxError) as error:
        policy.settings("enabled", {"ScreenSaverTimeOutFreqSpin": given})
    assert error.value.element == "ScreenSaverTimeOutFreqSpin"


def test_zero_is_told_for_what_it_means() -> None:
    with pytest.raises(AdmxError, match="never starts"):
        find_policy("CPL_Personalization_ScreenSaverTimeOut").settings("enabled", {"ScreenSaverTimeOutFreqSpin": 0})


def test_a_policy_named_after_what_it_allows_writes_the_contrary() -> None:
    rows = find_policy("TS_DISABLE_CONNECTIONS").settings("disabled", {})
    assert [(row.name, row.data) for row in rows] == [("fDenyTSConnections", 1)]


def test_disabling_without_a_value_of_its_own_deletes_the_value() -> None:
    rows = find_policy("CPL_Personalization_NoLockScreen").settings("disabled", {})
    assert [row.name for row in rows] == ["**del.NoLockScreen"]


def test_a_list_replaces_what_the_key_held() -> None:
    policy = Policy("Run", "Logon", "user", r"Software\X", elements=(Element("Box", "list", key=r"Software\X\Run"),))
    rows = policy.settings("enabled", {"Box": ["a.exe", "b.exe"]})
    assert [(row.name, row.data) for row in rows] == [("**delvals.", " "), ("1", "a.exe"), ("2", "b.exe")]


def test_an_element_that_is_demanded_is_demanded() -> None:
    with pytest.raises(AdmxError, match="needs its element AutoUpdateMode"):
        find_policy("AutoUpdateCfg").settings("enabled", {})


def test_a_disabled_policy_takes_no_elements() -> None:
    with pytest.raises(AdmxError, match="takes no elements"):
        find_policy("AutoUpdateCfg").settings("disabled", {"AutoUpdateMode": 4})


def test_a_name_that_several_templates_have_is_not_guessed() -> None:
    with pytest.raises(AdmxError, match="chrome/PasswordManagerEnabled or msedge/PasswordManagerEnabled"):
        find_policy("PasswordManagerEnabled")


@pytest.mark.parametrize(
    "given", ["CPL_Personalization_ScreenSaverTimeout", "ScreenSaverTimeOut", "cpl_personalization_screensavertimeout"]
)
def test_a_near_name_is_proposed(given: str) -> None:
    with pytest.raises(AdmxError, match="CPL_Personalization_ScreenSaverTimeOut"):
        find_policy(given)


def test_loopback_is_refused_with_the_reason() -> None:
    with pytest.raises(AdmxError, match="loopback"):
        find_policy("UserPolicyMode")
