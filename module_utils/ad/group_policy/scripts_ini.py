"""scripts.ini and psscripts.ini: the scripts that a policy runs at start, stop, logon and logoff ([MS-GPSCR] 2.2).

Both files are UTF-16LE with a byte order mark; each script is a pair of keys, <n>CmdLine and <n>Parameters, counted
from 0. PowerShell scripts are listed in psscripts.ini, the others in scripts.ini. What is no script is kept.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from ansible.module_utils.ad.group_policy import GroupPolicyDataError, ini

SCRIPTS, POWERSHELL = "scripts.ini", "psscripts.ini"
#: Sections by event ([MS-GPSCR] 2.2.2): the first two on the computer's side, the others on the user's.
EVENTS = {"startup": "Startup", "shutdown": "Shutdown", "logon": "Logon", "logoff": "Logoff"}
_KEY = re.compile(r"(?P<number>0|[1-9][0-9]{0,9})(?P<what>CmdLine|Parameters)", re.IGNORECASE)


@dataclass(frozen=True)
class ScriptLine:
    """A command that runs at an event, in the order of the list."""

    event: str
    command: str
    parameters: str = ""


@dataclass(frozen=True)
class ScriptsFile:
    """The scripts of a file, and the sections that hold something else (ScriptsConfig)."""

    scripts: tuple[ScriptLine, ...] = ()
    other: tuple[ini.Section, ...] = ()

    def of(self, event: str) -> tuple[ScriptLine, ...]:
        """The scripts of an event in the order they run."""
        return tuple(each for each in self.scripts if each.event == event)


def unpack(raw: bytes, name: str = SCRIPTS) -> ScriptsFile:
    """The scripts of a file, by event and number."""
    scripts: list[ScriptLine] = []
    other: list[ini.Section] = []
    read = ini.parse(ini.decode(raw, name), name)
    for event, section in EVENTS.items():
        numbered: dict[int, dict[str, str]] = {}
        for key, value in read.section(section):
            match = _KEY.fullmatch(key)
            if not match or value is None:
                raise GroupPolicyDataError(
                    f"{name}: [{section}] {key!r:.80} is no <number>CmdLine or <number>Parameters"
                )
            pair = numbered.setdefault(int(match["number"]), {})
            if match["what"].lower() in pair:
                raise GroupPolicyDataError(f"{name}: [{section}] {key} is there twice")
            pair[match["what"].lower()] = value
        for number, pair in sorted(numbered.items()):
            if "cmdline" not in pair:
                raise GroupPolicyDataError(f"{name}: [{section}] {number}Parameters has no {number}CmdLine")
            scripts.append(ScriptLine(event, pair["cmdline"], pair.get("parameters", "")))
    known = {section.lower() for section in EVENTS.values()}
    other.extend(each for each in read.sections if each[0].lower() not in known)
    return ScriptsFile(tuple(scripts), tuple(other))


def pack(wanted: ScriptsFile, name: str = SCRIPTS) -> bytes:
    """The bytes of the file: a blank line first, as the management console does, then the events that have scripts."""
    sections: list[ini.Section] = []
    for event, section in EVENTS.items():
        entries: list[ini.Entry] = []
        for number, script in enumerate(wanted.of(event)):
            entries += [(f"{number}CmdLine", script.command), (f"{number}Parameters", script.parameters)]
        if entries:
            sections.append((section, tuple(entries)))
    if unknown := {each.event for each in wanted.scripts} - set(EVENTS):
        raise GroupPolicyDataError(f"{name}: no event {', '.join(sorted(unknown))}; they are {', '.join(EVENTS)}")
    sections += wanted.other
    text = ini.write(sections, name, lambda _section, entry: ini.plain(entry))
    ini.check(ini.Ini(tuple(sections)), ini.parse(text, name), name)
    return codecs.BOM_UTF16_LE + f"\r\n{text}".encode("utf-16-le", "surrogatepass")
