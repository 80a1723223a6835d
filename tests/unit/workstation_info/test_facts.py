"""A workstation is told by codes, the same in every language; what was not answered is missing, with its reason."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.wsman.channel import LATE, HostError

from tests.unit.workstation_info.evidence import (
    DOMAIN,
    LOCAL,
    PERSON,
    Evidence,
    absent,
    at,
    denied,
    leaves,
)

_HEALTHY = {
    "name": "PC-12",
    "domain": {"joined": True, "name": "example.lan"},
    "os.build": 19045,
    "os.ubr": 5371,
    "os.edition_id": "Professional",
    "os.product_type": 1,
    "os.architecture": "x64",
    "os.installed_at": "2021-03-09T03:06:25+01:00",
    "model": {
        "manufacturer": "Dell Inc.",
        "name": "OptiPlex 3060",
        "serial": "ABC1234",
        "chassis": [3],
        "portable": False,
    },
    "memory_bytes": 8589934592,
    "processor.name": "Intel(R) Core(TM) i5-8500 CPU @ 3.00GHz",
    "processor.cores": 6,
    "disks": [{"letter": "C:", "size_bytes": 255000000000, "free_bytes": 53687091200, "system": True}],
    "tpm": {"present": True, "version": "2.0", "enabled": True},
    "firmware": "uefi",
    "secure_boot": True,
    "activation": {"licensed": True, "status": 1, "channel": "Volume:MAK"},
    "updates": {"last_installed_at": "2026-11-12", "automatic": 4, "pending_reboot": False, "source": "microsoft"},
    "services.MpsSvc": {"state": "Running", "start": "Auto"},
    "firewall": {"domain": True, "private": True, "public": True},
    "usb_storage": {"start": 4, "denied": False},
    "autologon": False,
    "autologon_password_kept": False,
    "smb": {"server_v1": False, "client_v1_start": None, "signing_required": True, "client_signing_required": True},
    "lan_manager_level": 5,
    "llmnr": False,
    "remote_control": {
        "desktop": False,
        "network_authentication": True,
        "shadow": 1,
        "consent": True,
        "assistance": False,
    },
    "winrm": {"basic": False, "unencrypted": False, "listeners": ["https"]},
    "elevation": {"user_account_control": True, "installer_elevated": False},
    "logon_notice": True,
    "antivirus.0.on": True,
    "antivirus.0.fresh": True,
    "antivirus.0.signature_age_hours": 10,
    "encryption": [{"letter": "C:", "protected": True, "method": 7, "kind": "system"}],
    "administrators.0.sid": f"{LOCAL}-500",
    "administrators.0.local": True,
    "administrators.1.sid": f"{DOMAIN}-512",
    "administrators.1.kind": "group",
    "guest": {"enabled": False},
    "session.open": [{"sid": PERSON, "screensaver_seconds": 600, "screensaver_secure": True}],
    "lock": {"inactivity_seconds": 600, "screensaver_seconds": 600, "secure": True},
    "proxy": {"per_machine": True, "enabled": True, "server": "proxy.example.lan:3128", "auto_url": None},
    "failures": {},
}


@pytest.mark.parametrize("path", _HEALTHY)
def test_a_healthy_machine_is_told_as_it_is(path: str) -> None:
    assert at(Evidence().facts(), path) == _HEALTHY[path]


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_same_evidence_in_another_language_gives_the_same_facts(language: str) -> None:
    french, other = Evidence("fr").facts(), Evidence(language).facts()
    for name in ("antivirus", "administrators", "local_accounts"):
        french[name], other[name] = ([_plain(each) for each in facts[name]] for facts in (french, other))
    french["os"].pop("language"), other["os"].pop("language")
    assert french == other


def _plain(item: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key != "name"}


def _questions() -> list[str]:
    evidence = Evidence()
    evidence.facts()
    return sorted(set(evidence.asked))


@pytest.mark.parametrize("question", _questions())
def test_each_answer_refused_in_turn_leaves_facts_out_and_invents_none(question: str) -> None:
    healthy, evidence = leaves(Evidence().facts()), Evidence()
    evidence.refused[question] = denied()
    found = evidence.facts()
    failures = found.pop("failures")
    told = leaves(found)
    healthy.pop("failures")
    assert {path: value for path, value in told.items() if healthy.get(path) != value} == {}
    missing = set(healthy) - set(told)
    assert missing
    unexplained = [
        path for path in missing if not any(path == name or path.startswith(f"{name}.") for name in failures)
    ]
    assert unexplained == []
    # Without a shell the registry is asked for the programs, which this machine does not have there.
    assert all("access_denied" in why or name == "software" for name, why in failures.items())


@pytest.mark.parametrize("answered", [1, 5, 20, 45])
def test_a_machine_that_goes_away_keeps_what_was_read_and_explains_the_rest(answered: int) -> None:
    healthy, evidence = leaves(Evidence().facts()), Evidence()
    healthy.pop("failures")
    ask = evidence._ask

    def asked(question: str) -> None:
        ask(question)
        if len(evidence.asked) > answered:
            raise HostError(LATE)

    evidence._ask = asked  # type: ignore[method-assign]
    found = evidence.facts()
    failures = found.pop("failures")
    told = leaves(found)
    assert {path: value for path, value in told.items() if healthy[path] != value} == {}
    assert len(told) < len(healthy)
    assert len(evidence.asked) == answered + 1
    assert all(
        any(path == name or path.startswith(f"{name}.") for name in failures) for path in set(healthy) - set(told)
    )


def test_a_machine_that_answers_nothing_is_no_machine_with_nothing() -> None:
    evidence = Evidence()
    evidence.refused["Win32_OperatingSystem"] = HostError(LATE)
    with pytest.raises(HostError):
        evidence.facts()


def test_few_messages_are_needed() -> None:
    evidence = Evidence()
    evidence.facts()
    assert len(evidence.asked) == len(set(evidence.asked)), "something was asked twice"
    assert len(evidence.asked) < 75


def test_an_old_windows_is_asked_in_its_own_words() -> None:
    evidence = Evidence()
    system = evidence.classes["Win32_OperatingSystem"][0]
    system.update(BuildNumber="2600", Version="5.1.2600", ServicePackMajorVersion="3")
    for name in ("Win32_Tpm", "SoftwareLicensingProduct", "AntiVirusProduct", "Win32_EncryptableVolume"):
        evidence.classes[name] = absent()
    evidence.classes["MSFT_MpComputerStatus"] = absent()
    evidence.classes["Win32_WindowsProductActivation"] = [{"ActivationRequired": "1"}]
    evidence.classes["Win32_Processor"][0].pop("NumberOfCores")
    evidence.classes["Win32_Processor"][0].update(AddressWidth="32", Architecture="0")
    evidence.classes["OldAntiVirusProduct"] = [
        {"instanceGuid": "{a}", "displayName": "X", "onAccessScanningEnabled": "true", "productUptoDate": "false"}
    ]
    evidence.classes["Win32_Service"] = [{"Name": "SharedAccess", "State": "Running", "StartMode": "Auto"}]
    evidence.drop(r"SYSTEM\CurrentControlSet\Control\Lsa", "LmCompatibilityLevel")
    evidence.drop(r"SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters", "SMB1")
    evidence.drop(r"SYSTEM\CurrentControlSet\Control\SecureBoot\State")
    found = evidence.facts()
    assert found["activation"] == {"licensed": False, "status": 0}
    assert found["antivirus"] == [{"id": "{A}", "name": "X", "windows": False, "on": True, "fresh": False}]
    assert found["firewall"] == {"domain": True, "private": True}
    assert (found["lan_manager_level"], found["smb"]["server_v1"]) == (0, True)
    assert found["os"]["architecture"] == "x86"
    assert found["lock"]["inactivity_seconds"] is None
    assert found["secure_boot"] is False
    assert found["llmnr"] is False
    for path in ("tpm", "encryption", "processor.cores", "firmware", "firewall.public", "activation.channel"):
        assert path in found["failures"], path
