"""Observations about Windows workstations; see computed for how they are written.

Nothing is decided on a word that Windows or a program shows: SIDs, builds, registry values and the keys that setups write are
the same in every language. What is known besides the machine (dates, the site's lists, the day of the audit) comes as the
fact workstation_register.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.module_utils.policy.computed_group_policy import plain
from ansible.module_utils.policy.computed_windows_software import SOFTWARE_OBSERVERS
from ansible.module_utils.policy.facts import Facts, MissingFact
from ansible.module_utils.policy.phrases import say
from ansible.module_utils.policy.windows_days import day_of, days_waiting

#: Start of a driver that never starts ([MS-SCMR] 3.1.4.12), and StartMode of a service that does not, a word of WMI itself.
_NEVER, _DISABLED = 4, "disabled"
#: AUOptions: fetched and installed without anybody being asked.
_BY_ITSELF = 4
_PROFILES = ("domain", "private", "public")
#: RID of the account that every machine has, and that Windows lets nobody take out of its administrators.
_BUILTIN = "-500"
_REMOVABLE = "removable"
#: Of what may become of a reading: the machine is on, and does not let itself be read.
_REFUSALS = ("closed", "refused", "certificate", "tls", "odd")


def _minutes(seconds: int | None) -> float | int | None:
    if not seconds:
        return None
    return seconds // 60 if seconds % 60 == 0 else seconds / 60


def lock_delay(facts: Facts) -> Any:
    """Minutes without use after which the machine locks; None when it never does. A saver that asks nothing is no lock."""
    lock = facts["workstation"]["lock"]
    if machine := lock["inactivity_seconds"]:
        return _minutes(machine)  # whatever the session: a saver is a session's own
    return _minutes(lock["screensaver_seconds"]) if lock["secure"] else None


def accounts_without_a_password(facts: Facts) -> list[str]:
    """Accounts of the machine that are open and may have no password, by their SID."""
    accounts = [
        (each["sid"], each["enabled"], each["password_required"])
        for each in facts["workstation"]["local_accounts"].some()
    ]
    return [sid for sid, enabled, required in accounts if enabled and not required]


def automatic_session(facts: Facts) -> list[str]:
    """Why a session opens, or could open, by itself."""
    workstation = facts["workstation"]
    reasons = ((workstation["autologon"], "autologon"), (workstation["autologon_password_kept"], "autologon_password"))
    return [say(why) for wrong, why in reasons if wrong]


def open_usb_storage(facts: Facts) -> list[str]:
    """Why storage may be plugged in, when nothing allows it today."""
    storage, register = facts["workstation"]["usb_storage"], facts["workstation_register"]
    exception, today = register["storage_exception"], day_of(register["day"], "workstation_register.day")
    if storage["denied"] or storage["start"] == _NEVER:
        return []
    if exception is None:
        return [say("usb_open")]
    until = day_of(exception["until"], "workstation_register.storage_exception.until")
    return [] if until >= today else [say("usb_exception_over", until.isoformat())]


def input_devices_blocked(facts: Facts) -> list[str]:
    """Why a keyboard or a mouse of one's own would not work: storage is closed, these are not."""
    return [say("usb_input_blocked")] if facts["workstation"]["usb_input"]["start"] == _NEVER else []


def antivirus_asleep(facts: Facts) -> list[str]:
    """Why no antivirus watches: none there, none at work, or its signatures are old by its own word."""
    products = [(each["on"], each["fresh"]) for each in facts["workstation"]["antivirus"]]
    if not products:
        return [say("windows_antivirus_none")]
    working = [fresh for on, fresh in products if on]
    if not working:
        return [say("windows_antivirus_off")]
    return [] if any(working) else [say("windows_antivirus_stale")]


def antivirus_age(facts: Facts) -> Any:
    """Hours since the signatures of the antivirus at work were made; None when none is at work."""
    products = [each for each in facts["workstation"]["antivirus"].some() if each["on"]]
    return min((each["signature_age_hours"] for each in products), default=None)


def update_troubles(facts: Facts) -> list[str]:
    """Why the machine does not update itself."""
    workstation = facts["workstation"]
    found = [] if workstation["updates"]["automatic"] == _BY_ITSELF else [say("updates_not_automatic")]
    start = workstation["services"]["wuauserv"]["start"]
    if not start:
        raise MissingFact("workstation.services.wuauserv.start")
    return found + ([say("updates_service_off")] if str(start).casefold() == _DISABLED else [])


def update_delay(facts: Facts) -> Any:
    """Days that the oldest monthly update that is not there has been waiting; None when none was ever installed."""
    installed = facts["workstation"]["updates"]["last_installed_at"]
    today = day_of(facts["workstation_register"]["day"], "workstation_register.day")
    if installed is None:
        return None
    return days_waiting(day_of(installed, "workstation.updates.last_installed_at"), today)


def firewall_profiles_off(facts: Facts) -> list[str]:
    """Profiles with which the machine's firewall does not filter."""
    firewall = facts["workstation"]["firewall"]
    return [say(f"windows_firewall_{name}") for name in _PROFILES if not firewall[name]]


def unprotected_volumes(facts: Facts) -> list[str]:
    """Volumes of the machine's own disks that are not encrypted, or whose protection is suspended."""
    volumes = facts["workstation"]["encryption"].some()
    own = [each for each in volumes if plain(each).get("kind") != _REMOVABLE]
    if not own:
        raise MissingFact("workstation.encryption (no volume of the machine's own)")
    return [str(each["letter"]) for each in own if not each["protected"]]


def system_out_of_support(facts: Facts) -> list[str]:
    """Windows, when its publisher mends it no more."""
    system, register = facts["workstation"]["os"], facts["workstation_register"]
    build, edition = system["build"], system["edition_id"]
    clock = next((name for name, ids in plain(register["editions"]).items() if edition in ids), None)
    if clock is None:
        raise MissingFact(f"workstation_register.editions: {edition} is not in the table")
    release = next((each for each in register["releases"].some() if each["build"] == build), None)
    if release is None:
        raise MissingFact(f"workstation_register.releases: build {build} is not in the table")
    until = day_of(release[clock], f"workstation_register.releases.{clock}")
    if until >= day_of(register["day"], "workstation_register.day"):
        return []
    return [say("support_ended", release["name"], until.isoformat())]


def unexpected_administrators(facts: Facts) -> list[str]:
    """Who administers the machine besides the declared groups and its own built-in account."""
    declared, found, untold = facts["workstation_register"]["administrators"].plain(), [], ""
    for each in facts["workstation"]["administrators"].some():
        own = each["local"]
        try:
            sid = str(each["sid"])
        except MissingFact as missing:  # whoever is unexpected all the same is told first
            untold = str(missing)
            continue
        if sid not in declared and not (own and sid.endswith(_BUILTIN)):
            found.append(sid)
    if untold and not found:
        raise MissingFact(untold)
    return found


def ways_to_more_rights(facts: Facts) -> list[str]:
    """How somebody without rights would install programs for the whole machine."""
    elevation = facts["workstation"]["elevation"]
    reasons = (
        (not elevation["user_account_control"], "account_control_off"),
        (elevation["installer_elevated"], "installer_elevated"),
    )
    return [say(why) for wrong, why in reasons if wrong]


def proxy_troubles(facts: Facts) -> list[str]:
    """Why the machine does not go to the Web by the house's filter."""
    proxy, wanted = facts["workstation"]["proxy"], str(facts["workstation_register"]["proxy_server"])
    enabled, server, url, machine = (proxy[key] for key in ("enabled", "server", "auto_url", "per_machine"))
    found = [] if machine else [say("proxy_per_person")]
    if not enabled or str(server or "").casefold() != wanted.casefold():
        found.append(say("proxy_other", server) if enabled and server else say("proxy_none"))
    return found + ([say("proxy_script", url)] if url else [])


def old_file_protocol(facts: Facts) -> list[str]:
    """Sides on which the machine still speaks the first version of the file protocol."""
    smb = facts["workstation"]["smb"]
    server, client = smb["server_v1"], smb["client_v1_start"]
    found = [say("smb_first_server")] if server else []
    return found + ([say("smb_first_client")] if client not in (None, _NEVER) else [])


def unsigned_file_traffic(facts: Facts) -> list[str]:
    """Sides on which the machine exchanges files without signatures."""
    smb = facts["workstation"]["smb"]
    reasons = (
        (not smb["signing_required"], "smb_unsigned_server"),
        (not smb["client_signing_required"], "smb_unsigned_client"),
    )
    return [say(why) for wrong, why in reasons if wrong]


def ways_without_consent(facts: Facts) -> list[str]:
    """Ways to take over the screen that nobody in front of it agrees to."""
    remote = facts["workstation"]["remote_control"]
    reasons = ((remote["desktop"], "remote_desktop_open"), (not remote["consent"], "remote_shadow"))
    return [say(why) for wrong, why in reasons if wrong]


def audit_channel_troubles(facts: Facts) -> list[str]:
    """What of the way by which the machine is read is not protected."""
    channel = facts["workstation"]["winrm"]
    listeners = channel["listeners"].some().plain()
    reasons = (
        ("https" not in listeners, "audit_channel_clear"),
        ("http" in listeners, "audit_channel_http"),
        (channel["basic"], "audit_channel_basic"),
        (channel["unencrypted"], "audit_channel_unencrypted"),
    )
    return [say(why) for wrong, why in reasons if wrong]


def reading_refused(facts: Facts) -> list[str]:
    """Why a machine that is on was not read. One that is off or too slow says nothing of itself: it is not evaluated."""
    state = facts["workstation_reading"]["state"]
    if state == "measured":
        return []
    if state in _REFUSALS:
        return [say(f"reading_{state}")]
    raise MissingFact(f"workstation_reading: {state}")


#: By the name that the catalogue gives them.
WINDOWS_OBSERVERS: dict[str, Callable[[Facts], Any]] = {
    **{
        function.__name__: function
        for function in (
            lock_delay,
            accounts_without_a_password,
            automatic_session,
            open_usb_storage,
            input_devices_blocked,
            antivirus_asleep,
            antivirus_age,
            update_troubles,
            update_delay,
            firewall_profiles_off,
            unprotected_volumes,
            system_out_of_support,
            unexpected_administrators,
            ways_to_more_rights,
            proxy_troubles,
            old_file_protocol,
            unsigned_file_traffic,
            ways_without_consent,
            audit_channel_troubles,
            reading_refused,
        )
    },
    **SOFTWARE_OBSERVERS,
}
