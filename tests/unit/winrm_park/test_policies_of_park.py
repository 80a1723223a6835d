"""Group policies: what the bytes in SYSVOL say is what the machine's registry then shows."""

from __future__ import annotations

import re

import pytest
from ansible.module_utils.ad.group_policy.registry_pol import RegistrySetting
from hypothesis import HealthCheck, given, settings

from tests.unit.ad.group_policy.generated import SETTINGS
from tests.unit.winrm_park.park_samples import GUID, OTHER_GUID, asked, call, machine, policy, query
from tests.winrm_park import ProfileError, policies
from tests.winrm_park.service import Service

KEY = r"SOFTWARE\Policies\Exemple"
_PATH = re.compile(r"[^\\]+(\\[^\\]+)*")
LOCK = r"MACHINE\Software\Microsoft\Windows\CurrentVersion\Policies\System\InactivityTimeoutSecs"


def row(name, data, kind="REG_DWORD", key=KEY):
    return RegistrySetting(key, name, kind, data)


def applied(made, folder, *guids):
    policies.apply(made, policies.load(folder, guids or [GUID]))
    return made


def test_a_value_of_the_computer_is_read_over_the_wire_as_it_was_written(tmp_path):
    made = applied(machine(), policy(tmp_path, computer=[row("Deny_All", 1), row("Text", "Écran", "REG_SZ")]))
    answer = asked(Service(made), call("GetDWORDValue", sSubKeyName=KEY, sValueName="deny_all"))
    assert answer[0].text == "1"
    answer = asked(Service(made), call("GetStringValue", sSubKeyName=KEY, sValueName="Text"))
    assert answer[0].text == "Écran"


@given(SETTINGS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_our_codec_writes_is_what_the_registry_holds(tmp_path_factory, rows):
    plain = [each for each in rows if each.name and not each.name.startswith("**") and _PATH.fullmatch(each.key)]
    made = applied(machine(), policy(tmp_path_factory.mktemp("sysvol"), computer=plain))
    for each in {(row.key.lower(), row.name.lower()): row for row in plain}.values():
        found = made.registry.value(f"HKLM\\{each.key}", each.name)
        assert found is not None
        assert (found.type, found.data) == (each.type, each.data)


def test_a_value_of_the_user_reaches_loaded_sessions_alone(tmp_path):
    made = machine(sessions=[{"login": "user01"}, {"login": "user02", "loaded": False}])
    applied(made, policy(tmp_path, user=[row("ScreenSaveActive", "1", "REG_SZ", r"Software\Policies\Desktop")]))
    there, absent = (
        made.registry.value(rf"HKU\{made.session_sid(login)}\Software\Policies\Desktop", "ScreenSaveActive")
        for login in ("user01", "user02")
    )
    assert there is not None
    assert there.data == "1"
    assert absent is None


def test_the_policy_that_is_applied_last_wins(tmp_path):
    policy(tmp_path, GUID, computer=[row("Delay", 600)])
    policy(tmp_path, OTHER_GUID, computer=[row("Delay", 300)])
    assert applied(machine(), tmp_path, GUID, OTHER_GUID).registry.data(f"HKLM\\{KEY}", "Delay") == 300
    assert applied(machine(), tmp_path, OTHER_GUID, GUID).registry.data(f"HKLM\\{KEY}", "Delay") == 600


def test_what_a_policy_set_goes_away_with_it_where_the_place_is_its_own(tmp_path):
    policy(tmp_path, GUID, computer=[row("Mine", 1), row("Stays", 1, key=r"SOFTWARE\Exemple")])
    policy(tmp_path, OTHER_GUID, computer=[])
    made = applied(machine(), tmp_path, GUID)
    applied(made, tmp_path, OTHER_GUID)
    assert made.registry.value(f"HKLM\\{KEY}", "Mine") is None
    assert made.registry.data(r"HKLM\SOFTWARE\Exemple", "Stays") == 1


@pytest.mark.parametrize(
    ("mark", "gone", "left"),
    [
        (row("**del.One", " ", "REG_SZ"), "One", "Two"),
        (row("**delvals.", " ", "REG_SZ"), "One", None),
        (row("**DeleteValues", "One;Other", "REG_SZ"), "One", "Two"),
    ],
)
def test_the_marks_that_delete_are_obeyed(tmp_path, mark, gone, left):
    made = machine(registry={f"HKLM\\{KEY}": {"One": 1, "Two": 2}})
    applied(made, policy(tmp_path, computer=[mark]))
    assert made.registry.value(f"HKLM\\{KEY}", gone) is None
    assert left is None or made.registry.data(f"HKLM\\{KEY}", left) == 2
    assert made.registry.value(f"HKLM\\{KEY}", mark.name) is None


def test_keys_are_deleted_and_soft_values_do_not_replace(tmp_path):
    made = machine(registry={rf"HKLM\{KEY}\Below": {"A": 1}, rf"HKLM\{KEY}": {"Kept": 5}})
    rows = [row("**DeleteKeys", "Below", "REG_SZ"), row("**soft.Kept", 9), row("**soft.New", 9)]
    applied(made, policy(tmp_path, computer=rows))
    assert made.registry.find(rf"HKLM\{KEY}\Below") is None
    assert made.registry.data(f"HKLM\\{KEY}", "Kept") == 5
    assert made.registry.data(f"HKLM\\{KEY}", "New") == 9


def test_a_security_template_sets_registry_values_accounts_services_and_rights(tmp_path):
    template: dict[str, dict[str, str | None]] = {
        "Registry Values": {LOCK: "4,600"},
        "System Access": {"EnableGuestAccount": "0", "NewGuestName": '"Visiteur"', "MinimumPasswordLength": "12"},
        "Service General Setting": {'"RemoteRegistry",4,""': None},
        "Privilege Rights": {"SeDenyNetworkLogonRight": "*S-1-5-32-546"},
    }
    made = machine("xp", ["guest_enabled"])
    service = Service(made)
    applied(made, policy(tmp_path, template=template))
    path = LOCK.replace("MACHINE\\", "HKLM\\").rpartition("\\")[0]
    assert made.registry.data(path, "InactivityTimeoutSecs") == 600
    guest = next(each for each in made.accounts if each.role == "guest")
    assert (guest.enabled, guest.name) == (False, "Visiteur")
    assert made.security["minimumpasswordlength"] == 12
    assert made.rights["SeDenyNetworkLogonRight"] == ("S-1-5-32-546",)
    wql = "SELECT StartMode, State FROM Win32_Service WHERE Name='RemoteRegistry'"
    assert [each.text for each in asked(service, query(wql))[1][0]] == ["Disabled", "Running"]
    made.boot()
    assert [each.text for each in asked(service, query(wql))[1][0]] == ["Disabled", "Stopped"]


def test_a_restricted_group_has_the_members_of_the_policy_and_no_other(tmp_path):
    made = machine(states=["everybody_administrator"])
    sid = f"{made.profile['domain']['sid']}-1234"
    template = {"Group Membership": {"*S-1-5-32-544__Members": f"*{sid}", "*S-1-5-32-544__Memberof": ""}}
    applied(made, policy(tmp_path, template=template))
    assert [(each.rid, each.domain) for each in made.administrators] == [(500, False), (1234, True)]
    assert made.policy_notes == []


def test_a_group_is_added_to_the_administrators_by_its_own_line(tmp_path):
    made = machine()
    sid = f"{made.profile['domain']['sid']}-1300"
    template = {"Group Membership": {f"*{sid}__Memberof": "*S-1-5-32-544"}}
    applied(made, policy(tmp_path, template=template))
    assert [each.rid for each in made.administrators] == [500, 512, 1300]


def test_a_half_whose_version_is_zero_is_left_out_as_clients_do(tmp_path):
    made = applied(machine(), policy(tmp_path, computer=[row("Delay", 1)], versions=(1, 0)))
    assert made.registry.value(f"HKLM\\{KEY}", "Delay") is None


def test_what_is_not_simulated_in_a_policy_is_noted(tmp_path):
    folder = policy(tmp_path, template={"Event Audit": {"AuditLogonEvents": "3"}})
    (folder / "Policies" / GUID / "Machine" / "Other.dat").write_bytes(b"x")
    notes = applied(machine(), folder).policy_notes
    assert len(notes) == 2
    assert all("not simulated" in note for note in notes)


@pytest.mark.parametrize("damage", ["GPT.INI", "Machine/Registry.pol"])
def test_a_damaged_policy_stops_everything_and_names_its_file(tmp_path, damage):
    folder = policy(tmp_path, computer=[row("Delay", 1)])
    (folder / "Policies" / GUID / damage).write_bytes(b"[General]\r\nVersion=no\r\n")
    with pytest.raises(ProfileError, match=damage):
        policies.load(folder, [GUID])


def test_a_policy_that_is_not_there_is_refused_with_what_is(tmp_path):
    policy(tmp_path)
    with pytest.raises(ProfileError, match=r"no policy \{6666.*what is there: \{1111"):
        policies.load(tmp_path, [OTHER_GUID])
