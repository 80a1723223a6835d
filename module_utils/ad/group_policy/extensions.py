"""Which extensions a policy needs: gPCMachineExtensionNames and gPCUserExtensionNames ([MS-GPOL] 2.2.4).

A client runs an extension only when it finds its GUID there; next to it stand the GUIDs of the tools that edit it.
Kinds of content have one name each: ``registry``, ``security``, ``scripts``, and the preferences by the name of their
file (``Drives``). Extensions that are not known here belong to others and are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ansible.module_utils.ad.group_policy import GroupPolicyDataError

#: The engine itself; the console lists the tools of all preferences below it.
CORE = "{00000000-0000-0000-0000-000000000000}"
REGISTRY, SECURITY, SCRIPTS = "registry", "security", "scripts"

#: [MS-GPREG] 1.9, [MS-GPSB] 1.9, [MS-GPSCR] 1.9: extension, tool of the computer's side, tool of the user's side.
_POLICIES = {
    REGISTRY: (
        "{35378EAC-683F-11D2-A89A-00C04FBBCFA2}",
        "{D02B1F72-3407-48AE-BA88-E8213C6761F1}",
        "{D02B1F73-3407-48AE-BA88-E8213C6761F1}",
    ),
    SECURITY: (
        "{827D319E-6EAC-11D2-A4EA-00C04F79F83A}",
        "{803E14A0-B4FB-11D0-A0D0-00A0C90F574B}",
        "{803E14A0-B4FB-11D0-A0D0-00A0C90F574B}",
    ),
    SCRIPTS: (
        "{42B5FAAE-6536-11D2-AE5A-0000F87571E3}",
        "{40B6664F-4972-11D1-A7CA-0000F87571E3}",
        "{40B66650-4972-11D1-A7CA-0000F87571E3}",
    ),
}
#: [MS-GPPREF] 1.9, by the name of the file that holds them: extension and tool.
PREFERENCES = {
    "Applications": ("{F9C77450-3A41-477E-9310-9ACD617BD9E3}", "{0DA274B5-EB93-47A7-AAFB-65BA532D3FE6}"),
    "DataSources": ("{728EE579-943C-4519-9EF7-AB56765798ED}", "{1612B55C-243C-48DD-A449-FFC097B19776}"),
    "Devices": ("{1A6364EB-776B-4120-ADE1-B63A406A76B5}", "{1B767E9A-7BE4-4D35-85C1-2E174A7BA951}"),
    "Drives": ("{5794DAFD-BE60-433F-88A2-1A31939AC01F}", "{2EA1A81B-48E5-45E9-8BB7-A6E3AC170006}"),
    "EnvironmentVariables": ("{0E28E245-9368-4853-AD84-6DA3BA35BB75}", "{35141B6B-498A-4CC7-AD59-CEF93D89B2CE}"),
    "Files": ("{7150F9BF-48AD-4DA4-A49C-29EF4A8369BA}", "{3BAE7E51-E3F4-41D0-853D-9BB9FD47605F}"),
    "FolderOptions": ("{A3F3E39B-5D83-4940-B954-28315B82F0A8}", "{3BFAE46A-7F3A-467B-8CEA-6AA34DC71F53}"),
    "Folders": ("{6232C319-91AC-4931-9385-E70C2B099F0E}", "{3EC4E9D3-714D-471F-88DC-4DD4471AAB47}"),
    "IniFiles": ("{74EE6C03-5363-4554-B161-627540339CAB}", "{516FC620-5D34-4B08-8165-6A06B623EDEB}"),
    "InternetSettings": ("{E47248BA-94CC-49C4-BBB5-9EB7F05183D0}", "{5C935941-A954-4F7C-B507-885941ECE5C4}"),
    "Groups": ("{17D89FEC-5C44-4972-B12D-241CAEF74509}", "{79F92669-4224-476C-9C5C-6EFB4D87DF4A}"),
    "NetworkOptions": ("{3A0DBA37-F8B2-4356-83DE-3E90BD5C261F}", "{949FB894-E883-42C6-88C1-29169720E8CA}"),
    "NetworkShares": ("{6A4C88C6-C502-4F74-8F60-2CB23EDC24E2}", "{BFCBBEB0-9DF4-4C0C-A728-434EA66A0373}"),
    "PowerOptions": ("{E62688F0-25FD-4C90-BFF5-F508B9D2E31F}", "{9AD2BAFE-63B4-4883-A08C-C3C6196BCAFD}"),
    "Printers": ("{BC75B1ED-5833-4858-9BB8-CBF0B166DF9D}", "{A8C42CEA-CDB8-4388-97F4-5831F933DA84}"),
    "RegionalOptions": ("{E5094040-C46C-4115-B030-04FB2E545B00}", "{B9CCA4DE-E2B9-4CBD-BF7D-11B6EBFBDDF7}"),
    "Registry": ("{B087BE9D-ED37-454F-AF9C-04291E351182}", "{BEE07A6A-EC9F-4659-B8C9-0B1937907C83}"),
    "ScheduledTasks": ("{AADCED64-746C-4633-A97C-D61349046527}", "{CAB54552-DEEA-4691-817E-ED4A4D1AFC72}"),
    "Services": ("{91FBB303-0CD5-4055-BF42-E512A681B325}", "{CC5746A9-9B74-4BE5-AE2E-64379C86E0E4}"),
    "Shortcuts": ("{C418DD9D-0D14-4EFB-8FBF-CFE535C8FAC7}", "{CEFFA6E2-E3BD-421B-852C-6F6A79A59BC1}"),
    "StartMenuTaskbar": ("{E4F48E54-F38D-4884-BFB9-D4D2E5729C18}", "{CF848D48-888D-4F45-B530-6A201E62A605}"),
}
KINDS = (*_POLICIES, *PREFERENCES)
_OURS = {CORE, *(row[0] for row in _POLICIES.values()), *(row[0] for row in PREFERENCES.values())}
_POLICY_TOOLS = {tool for row in _POLICIES.values() for tool in row[1:]}

_GUID = r"\{[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}"
_GROUP = re.compile(rf"\[((?:{_GUID})+)\]")


@dataclass(frozen=True)
class Extension:
    """An extension and the tools that edit what it applies."""

    guid: str
    tools: tuple[str, ...] = ()


def parse(text: str | None) -> tuple[Extension, ...]:
    """The extensions that an attribute lists, GUIDs in capitals."""
    found, at = [], 0
    stored = (text or "").strip()
    while at < len(stored):
        group = _GROUP.match(stored, at)
        # Samba leaves [] when it takes the last extension away.
        if not group and not stored.startswith("[]", at):
            raise GroupPolicyDataError(f"no extension at {stored[at : at + 80]!r}", offset=at)
        if group:
            guid, *tools = re.findall(_GUID, group[1].upper())
            found.append(Extension(guid, tuple(tools)))
        at = group.end() if group else at + 2
    return tuple(found)


def format_names(extensions: Iterable[Extension]) -> str:
    """The attribute: each extension once, in the order of their GUIDs: clients stop at one out of order ([MS-GPOL] 2.2.4)."""
    merged: dict[str, set[str]] = {}
    for each in extensions:
        merged.setdefault(each.guid.upper(), set()).update(tool.upper() for tool in each.tools)
    text = "".join(f"[{guid}{''.join(sorted(tools))}]" for guid, tools in sorted(merged.items()))
    parse(text)
    return text


def machine_names(contents: Iterable[str], current: str | None = "") -> str:
    """gPCMachineExtensionNames of a policy whose computer's side holds these kinds, the others' extensions kept."""
    return _names(contents, current, side=1)


def user_names(contents: Iterable[str], current: str | None = "") -> str:
    """gPCUserExtensionNames of a policy whose user's side holds these kinds, the others' extensions kept."""
    return _names(contents, current, side=2)


def _names(contents: Iterable[str], current: str | None, side: int) -> str:
    wanted = set(contents)
    if unknown := wanted - set(KINDS):
        raise GroupPolicyDataError(f"no extension for {', '.join(sorted(unknown))}; known are {', '.join(KINDS)}")
    our_tools = _POLICY_TOOLS | {tool for _extension, tool in PREFERENCES.values()}
    kept = []
    for each in parse(current):
        foreign = tuple(tool for tool in each.tools if tool not in our_tools)
        # An extension of ours may also serve others: the registry's has tools for certificates and the firewall.
        if foreign or each.guid not in _OURS:
            kept.append(Extension(each.guid, foreign))
    for kind in wanted:
        if kind in PREFERENCES:
            kept += [Extension(PREFERENCES[kind][0], (PREFERENCES[kind][1],)), Extension(CORE, (PREFERENCES[kind][1],))]
        else:
            kept.append(Extension(_POLICIES[kind][0], (_POLICIES[kind][side],)))
    return format_names(kept)
