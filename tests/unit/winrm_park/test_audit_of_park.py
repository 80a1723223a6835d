"""The project's own audit against the simulated machines: what they hold is what it tells, in every language."""

from __future__ import annotations

import time
from typing import Any

import pytest
from ansible.module_utils.ad.group_policy.registry_pol import RegistrySetting
from ansible.module_utils.windows.facts_park import read_park
from ansible.module_utils.wsman.channel import Account, Limits

from tests.unit.winrm_park.park_samples import GUID, LOGIN, PASSWORD, policy
from tests.winrm_park import generate, policies, profiles
from tests.winrm_park.park import Park

_SECONDS = 12
_SHOWN = ("name", "domain", "caption")


def audit(park: Park, seconds: float = 20, at_once: int = 20) -> dict[str, Any]:
    hosts = [
        {"name": name, "address": each["ansible_host"], "port": each["ansible_port"]}
        for name, each in park.hosts().items()
    ]
    account = Account(f"EXAMPLE\\{LOGIN}", PASSWORD, str(park.ca_file))
    results, _counted = read_park(hosts, account, Limits(seconds, 1.0, min(seconds, 10.0)), at_once)
    return results


def without_words(facts: Any) -> Any:
    """Facts without what is only displayed, and without the machine's own SIDs."""
    if isinstance(facts, dict):
        return {key: without_words(value) for key, value in facts.items() if key not in (*_SHOWN, "language", "serial")}
    if isinstance(facts, list):
        return [without_words(each) for each in facts]
    if isinstance(facts, str) and facts.startswith("S-1-5-21-"):
        return facts.rpartition("-")[2]
    return facts


@pytest.fixture(scope="module")
def told():
    """The audit of one machine of each system in each language, and the park."""
    made = [
        profiles.profile(
            f"pc-{system}-{language}", system, ["autologon", "guest_enabled"],
            {"language": language, "sessions": [{"login": "user01", "sid": "S-1-5-21-1-2-3-1001"}]},
        )
        for system in profiles.SYSTEMS
        for language in ("fr", "en", "de")
    ]  # fmt: skip
    with Park(made, {LOGIN: PASSWORD}) as park:
        yield audit(park), park


@pytest.mark.parametrize("system", profiles.SYSTEMS)
def test_the_same_machine_in_three_languages_gives_the_same_facts(told, system):
    results, park = told
    french, english, german = (results[f"pc-{system}-{language}"]["workstation"] for language in ("fr", "en", "de"))
    for facts in (french, english, german):
        facts.get("os", {}).pop("started_at", None)
        facts.get("os", {}).pop("installed_at", None)
    assert without_words(french) == without_words(english) == without_words(german)
    assert french["guest"]["enabled"] is True
    words = {park.machine(f"pc-{system}-{language}").accounts[1].name for language in ("fr", "en", "de")}
    assert words == {"Invité", "Guest", "Gast"}


@pytest.mark.parametrize("system", profiles.SYSTEMS)
def test_what_policies_set_is_told_of_every_system(told, system):
    facts = told[0][f"pc-{system}-fr"]["workstation"]
    assert facts["usb_input"] == {"start": 3}
    assert facts["remote_control"]["network_authentication"] is True
    assert facts["winrm"]["listeners"] == ["https"]
    assert facts["logon_notice"] is False


def test_a_listener_in_clear_and_a_screen_shown_to_strangers_are_seen_by_the_audit():
    windows = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion"
    opened = {
        rf"{windows}\WSMAN\Listener\*+HTTP": {"Port": 5985},
        r"HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp": {"UserAuthentication": 0},
        r"HKLM\SYSTEM\CurrentControlSet\Services\HidUsb": {"Start": 4},
        rf"{windows}\Policies\System": {"LegalNoticeText": ["", "Réservé"]},
    }
    with Park([profiles.profile("pc-1", "11", own={"registry": opened})], {LOGIN: PASSWORD}) as park:
        facts = audit(park)["pc-1"]["workstation"]
    assert facts["winrm"]["listeners"] == ["http", "https"]
    assert facts["remote_control"]["network_authentication"] is False
    assert facts["usb_input"]["start"] == 4
    assert facts["logon_notice"] is True


def test_everything_that_the_audit_asks_is_simulated_and_nothing_is_written(told):
    _results, park = told
    assert park.unsimulated() == {}
    assert {name: each.told.writes for name, each in park.machines.items() if each.told.writes} == {}


@pytest.mark.parametrize(
    ("states", "fact"),
    [
        ([], lambda facts: facts["usb_storage"]["start"] == 3),
        (["compliant"], lambda facts: facts["usb_storage"]["start"] == 4 and facts["lan_manager_level"] == 5),
        (["firewall_off"], lambda facts: not any(facts["firewall"].values())),
        (["antivirus_missing"], lambda facts: facts["antivirus"] == []),
        (["antivirus_off"], lambda facts: facts["antivirus"][0]["on"] is False),
        (["antivirus_stale"], lambda facts: facts["antivirus"][0]["fresh"] is False),
        (["not_activated"], lambda facts: facts["activation"]["licensed"] is False),
        (["no_updates"], lambda facts: facts["updates"]["pending_reboot"] is True),
        (["guest_enabled"], lambda facts: facts["guest"]["enabled"] is True),
        (["autologon"], lambda facts: facts["autologon"] is True),
        (["everybody_administrator"], lambda facts: "513" in {a["sid"].rpartition("-")[2] for a in facts["administrators"]}),
        (["smb1"], lambda facts: facts["smb"]["server_v1"] is True),
        (["encrypted"], lambda facts: facts["encryption"][0]["protected"] is True),
        (["little_memory"], lambda facts: facts["memory_bytes"] == 2 * 2**30),
        (["full_disk"], lambda facts: facts["disks"][0]["free_bytes"] == 3_100_000_000),
        (["unwanted_software"], lambda facts: "µTorrent" in {each["name"] for each in facts["software"]}),
        (["not_administrator"], lambda facts: {"tpm", "encryption"} <= set(facts["failures"])),
    ],
)  # fmt: skip
def test_a_state_is_seen_by_the_audit(states, fact):
    with Park([profiles.profile("pc-1", "10", states)], {LOGIN: PASSWORD}) as park:
        assert fact(audit(park)["pc-1"]["workstation"])
    if states and states != ["not_administrator"]:
        with Park([profiles.profile("pc-1", "10", ["laptop"])], {LOGIN: PASSWORD}) as park:
            assert not fact(audit(park)["pc-1"]["workstation"])


def test_the_bytes_of_a_policy_are_seen_by_the_audit(tmp_path):
    path = r"MACHINE\Software\Microsoft\Windows\CurrentVersion\Policies\System\InactivityTimeoutSecs"
    rows = [
        RegistrySetting(r"SOFTWARE\Policies\Microsoft\Windows NT\DNSClient", "EnableMulticast", "REG_DWORD", 0),
        RegistrySetting(r"SOFTWARE\Policies\Microsoft\WindowsFirewall\PublicProfile", "EnableFirewall", "REG_DWORD", 0),
    ]
    folder = policy(tmp_path, computer=rows, template={"Registry Values": {path: "4,240"}})
    with Park([profiles.profile("pc-1", "10", own={"sessions": [{"login": "user01"}]})], {LOGIN: PASSWORD}) as park:
        before = audit(park)["pc-1"]["workstation"]
        policies.apply(park.machine("pc-1"), policies.load(folder, [GUID]))
        after = audit(park)["pc-1"]["workstation"]
    assert (before["llmnr"], after["llmnr"]) == (True, False)
    assert (before["firewall"]["public"], after["firewall"]["public"]) == (True, False)
    assert (before["lock"]["inactivity_seconds"], after["lock"]["inactivity_seconds"]) == (None, 240)


def test_machines_that_do_not_answer_do_not_delay_the_others():
    drawn = generate.built(generate.draw(24, seed=5, mute=8))
    with Park(drawn, {LOGIN: PASSWORD}, latency_ms=2) as park:
        start = time.monotonic()
        results = audit(park, seconds=_SECONDS, at_once=24)
        spent = time.monotonic() - start
        assert sum(each["state"] == "measured" for each in results.values()) == 16
        assert park.unsimulated() == {}
    assert spent < _SECONDS + 2  # one timeout, not eight
