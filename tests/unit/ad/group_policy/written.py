"""Files that our packers write, of every kind and with everything that has gone wrong somewhere."""

from __future__ import annotations

from ansible.module_utils.ad import security_descriptor as sd
from ansible.module_utils.ad.group_policy import gpt_ini, preferences, registry_pol, scripts_ini, security_template
from ansible.module_utils.ad.group_policy.preferences import DriveMapping, GroupFilter
from ansible.module_utils.ad.group_policy.registry_pol import RegistrySetting
from ansible.module_utils.ad.group_policy.scripts_ini import ScriptLine
from ansible.module_utils.ad.security_descriptor import Ace, SecurityDescriptor

_KEY = r"Software\Policies\Exemple"
_LEGAL_NOTICE = r"MACHINE\Software\Microsoft\Windows\CurrentVersion\Policies\System\LegalNoticeText"
_CHANGED = "2026-03-02 08:15:00"
APPLY_GROUP_POLICY = "edacfd8f-ffb3-11d1-b41d-00a0c968f939"

REGISTRY = tuple(
    RegistrySetting(_KEY, name, kind, data)
    for name, kind, data in (
        ("text", "REG_SZ", "1"),
        ("empty text", "REG_SZ", ""),
        ("accents, emoji", "REG_SZ", "Écran verrouillé \U0001f512 – €"),
        ("marks; [in] the name", "REG_SZ", "];[;"),
        ("expanded", "REG_EXPAND_SZ", r"%SystemRoot%\web"),
        ("binary", "REG_BINARY", bytes(range(256))),
        ("nothing", "REG_BINARY", b""),
        ("odd length", "REG_BINARY", b"\0\0\0"),
        ("zero", "REG_DWORD", 0),
        ("largest", "REG_DWORD", 2**32 - 1),
        ("big endian", "REG_DWORD_BIG_ENDIAN", 0x01020304),
        ("largest of all", "REG_QWORD", 2**64 - 1),
        ("list", "REG_MULTI_SZ", ("one", "", "trois")),
        ("empty list", "REG_MULTI_SZ", ()),
        ("list of nothing", "REG_MULTI_SZ", ("",)),
        ("no type", "REG_NONE", b""),
        ("unknown type", "REG_4242", b"\1\2\3"),
        ("largest type", "REG_4294967295", b""),
        ("**del.removed", "REG_SZ", " "),
        ("**delvals.", "REG_SZ", " "),
        ("", "REG_SZ", "the value without name"),
        ("long", "REG_SZ", "long " * 500),
    )
)
TEMPLATE = security_template.template(
    {
        "System Access": {"MinimumPasswordLength": "12", "MaximumPasswordAge": "-1", "NewGuestName": '"Invité"'},
        "Kerberos Policy": {"MaxTicketAge": "10", "MaxServiceAge": "600"},
        "Registry Values": {
            r"MACHINE\System\CurrentControlSet\Control\Lsa\NoLMHash": "4,1",
            _LEGAL_NOTICE: security_template.format_registry_value(
                "REG_MULTI_SZ", ("Accès réservé, selon la charte.", "Toute ouverture : tracée.")
            ),
        },
        "Privilege Rights": {
            "SeDenyInteractiveLogonRight": security_template.format_principals(["S-1-5-21-1-2-3-512"]),
            "SeNetworkLogonRight": security_template.format_principals(["S-1-5-11", "S-1-5-32-544"]),
            "SeTcbPrivilege": security_template.format_principals([]),
        },
    }
)
DRIVES = (
    DriveMapping(
        letter="P",
        path=r"\\fs1\atelier",
        label="Atelier & « pièces » <neuves>",
        groups=(GroupFilter("S-1-5-21-1-2-3-1104", r"EXEMPLE\GG_Atelier"), GroupFilter("S-1-5-21-1-2-3-1105", "b")),
        uid=preferences.stable_uid("P"),
        changed=_CHANGED,
    ),
    DriveMapping(
        letter="S",
        path=r"\\fs1\commun",
        label="Commun",
        persistent=True,
        uid=preferences.stable_uid("S"),
        changed=_CHANGED,
    ),
    DriveMapping(letter="Z", path="", label="ancien", action="D", uid=preferences.stable_uid("Z"), changed=_CHANGED),
)
SCRIPTS = (
    ScriptLine("startup", "inventaire.cmd"),
    ScriptLine("logon", r"\\srv1\netlogon\bienvenue.cmd", "/étage:2 /muet"),
    ScriptLine("logon", "second.cmd"),
)
FOLDER = SecurityDescriptor(
    owner="S-1-5-21-1-2-3-512",
    group="S-1-5-21-1-2-3-512",
    control=0x8004 | sd.DACL_PROTECTED,
    dacl=(
        Ace(sd.ALLOWED, 3, 0x001F01FF, "S-1-5-21-1-2-3-512"),
        Ace(sd.ALLOWED, 11, 0x001F01FF, "S-1-3-0"),
        Ace(sd.ALLOWED_OBJECT, 3, 0, "S-1-5-11", APPLY_GROUP_POLICY),
        Ace(sd.DENIED, 0, 0x00010000, "S-1-1-0"),
    ),
    sacl=(Ace(sd.AUDIT, 0xC3, 0x00010000, "S-1-1-0"),),
)

FILES = {
    "Registry.pol": registry_pol.pack(REGISTRY),
    "GptTmpl.inf": security_template.pack(TEMPLATE),
    "Drives.xml": preferences.pack(preferences.PreferenceFile("Drives", DRIVES)),
    "scripts.ini": scripts_ini.pack(scripts_ini.ScriptsFile(SCRIPTS)),
    "GPT.INI": gpt_ini.pack(gpt_ini.new(3, 5)),
    "folder.sd": sd.pack(FOLDER),
}


def registry_reading(settings: tuple[RegistrySetting, ...]) -> list[list[object]]:
    """What Samba must find in these values: it keeps lists as bytes, and nothing of a value without type."""
    readings: list[list[object]] = []
    for each in settings:
        kind = registry_pol.type_number(each.type)
        data = registry_pol.bytes_of(kind, each.data)
        shown = each.data if isinstance(each.data, str | int) else data.hex()
        readings.append([each.key, each.name, kind, len(data), shown if kind else None])
    return readings


def template_reading(sections: dict[str, dict[str, str]]) -> dict[str, list[list[object]]]:
    """What Samba must find in these sections: it keeps lines of registry values whole, and cuts lists into parts."""
    readings: dict[str, list[list[object]]] = {}
    for title, entries in sections.items():
        lists = title in ("Privilege Rights", "Group Membership")
        readings[title] = [
            [
                key.split("__") if title == "Group Membership" else key,
                [part.strip() for part in value.split(",")] if lists else value,
            ]
            for key, value in entries.items()
        ]
    return {title: entries for title, entries in readings.items() if entries}


def drive_readings(drives: tuple[DriveMapping, ...]) -> list[dict[str, object]]:
    """What Samba must find in these drives."""
    return [
        {
            "action": each.action,
            "allDrives": "NOCHANGE",
            "groups": [["OR" if n else "AND", one.sid, one.name] for n, one in enumerate(each.groups)],
            "label": each.label,
            "letter": each.letter,
            "path": each.path,
            "persistent": str(int(each.persistent)),
            "thisDrive": "NOCHANGE",
            "useLetter": "1",
            "userName": "",
        }
        for each in drives
    ]


def script_readings(scripts: tuple[ScriptLine, ...]) -> dict[str, list[list[str]]]:
    """What Samba must find in these scripts."""
    readings: dict[str, list[list[str]]] = {}
    for each in scripts:
        listed = readings.setdefault(each.event.capitalize(), [])
        number = len(listed) // 2
        listed += [[f"{number}CmdLine", each.command], [f"{number}Parameters", each.parameters]]
    return readings
