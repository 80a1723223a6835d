"""Programs that may not be started, by the words that their files begin with.

Two mechanisms, because no Windows has both at work: software restriction ([MS-GPSB] has none of it; the keys are those that
Windows' loader reads below Safer) up to Windows 10, and AppLocker's rules (SrpV2) on Windows 10 and 11, which need their
service. Both let everything start but what is named, for everybody, and a file under another name starts all the same: this
is a brake, and what is installed is looked for apart. Never tried on Windows: link it to one machine first.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import yaml
from ansible.module_utils.ad.group_policy.definition_purpose import SERVES, Purpose
from ansible.module_utils.ad.group_policy.definition_values import WRONG, Binding
from ansible.module_utils.ad.group_policy.definition_yaml import Source
from ansible.module_utils.ad.group_policy.registry_pol import RegistrySetting

_SAFER = r"Software\Policies\Microsoft\Windows\Safer\CodeIdentifiers"
_APPLOCKER = r"Software\Policies\Microsoft\Windows\SrpV2"
#: Everything may start unless a rule says otherwise; a rule below the key 0 forbids.
_UNRESTRICTED = 0x40000
_PROGRAMS = ("BAT", "CMD", "COM", "EXE", "MSI", "MSP", "PIF", "SCR")
_WORD = re.compile(r"[a-z0-9][a-z0-9 ._-]{1,40}[a-z0-9]")
#: Where the identifiers of rules come from: a word gets the same one on every run.
_NAMESPACE = uuid.UUID("5a5f9c52-6a0e-5d3f-8b52-0a6f6f0c7f41")
_EVERYONE = "S-1-1-0"


def read_banned_programs(
    source: Source, node: yaml.Node | None, binding: Binding, purpose: Purpose
) -> tuple[RegistrySetting, ...]:
    """The registry values that keep programs with these names from starting."""
    if node is None:
        return ()
    fields = source.fields(node, ("value", "value_of", *SERVES), what="banned_programs")
    control = purpose.read(source, node, fields)
    if ("value" in fields) == ("value_of" in fields):
        source.problem(node, "banned_programs takes value, or value_of; one of them")
        return ()
    given = binding.value(source, fields["value"]) if "value" in fields else binding.named(source, node, fields, None)
    if given is WRONG:
        return ()
    words = given if isinstance(given, list) else []
    wrong = [each for each in words if not isinstance(each, str) or not _WORD.fullmatch(each)]
    if not words or wrong:
        told = f"{wrong[0]!r}" if wrong else f"{given!r}"
        source.problem(node, f"banned_programs: {told} is not the beginning of a program's name, in small letters")
        return ()
    rows = (*_restriction(words), *_applocker(words))
    for row in rows:
        purpose.note(f"computer/registry/{row.key}\\{row.name}", control)
    return rows


def _file(word: str) -> str:
    """The names of files that a word stands for: between its parts, whatever a setup puts there."""
    return f"{word.replace(' ', '*')}*.exe"


def _identifier(kind: str, word: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{kind} {word}"))


def _restriction(words: list[str]) -> Iterator[RegistrySetting]:
    """Software restriction: one forbidding path rule for each word."""
    yield RegistrySetting(_SAFER, "DefaultLevel", "REG_DWORD", _UNRESTRICTED)
    yield RegistrySetting(_SAFER, "TransparentEnabled", "REG_DWORD", 1)
    yield RegistrySetting(_SAFER, "PolicyScope", "REG_DWORD", 0)
    yield RegistrySetting(_SAFER, "authenticodeenabled", "REG_DWORD", 0)
    yield RegistrySetting(_SAFER, "ExecutableTypes", "REG_MULTI_SZ", _PROGRAMS)
    for word in words:
        place = rf"{_SAFER}\0\Paths\{{{_identifier('path', word)}}}"
        yield RegistrySetting(place, "ItemData", "REG_SZ", _file(word))
        yield RegistrySetting(place, "SaferFlags", "REG_DWORD", 0)


def _applocker(words: list[str]) -> Iterator[RegistrySetting]:
    """AppLocker: everything is allowed, packaged programs too, but what is named."""
    for kind in ("Exe", "Appx"):
        yield RegistrySetting(rf"{_APPLOCKER}\{kind}", "EnforcementMode", "REG_DWORD", 1)
        yield RegistrySetting(rf"{_APPLOCKER}\{kind}", "AllowWindows", "REG_DWORD", 0)
    yield _rule("Exe", _path_rule(_identifier("exe", "*"), "*", "Allow"), _identifier("exe", "*"))
    yield _rule("Appx", _packaged(_identifier("appx", "*")), _identifier("appx", "*"))
    for word in words:
        name = _identifier("exe", word)
        yield _rule("Exe", _path_rule(name, rf"*\{_file(word)}", "Deny"), name)


def _rule(kind: str, content: str, name: str) -> RegistrySetting:
    return RegistrySetting(rf"{_APPLOCKER}\{kind}\{name}", "Value", "REG_SZ", content)


def _path_rule(name: str, path: str, action: str) -> str:
    return (
        f'<FilePathRule Id="{name}" Name="{path}" Description="" UserOrGroupSid="{_EVERYONE}" Action="{action}">'
        f'<Conditions><FilePathCondition Path="{path}"/></Conditions></FilePathRule>'
    )


def _packaged(name: str) -> str:
    return (
        f'<FilePublisherRule Id="{name}" Name="*" Description="" UserOrGroupSid="{_EVERYONE}" Action="Allow"><Conditions>'
        '<FilePublisherCondition PublisherName="*" ProductName="*" BinaryName="*">'
        '<BinaryVersionRange LowSection="0.0.0.0" HighSection="*"/></FilePublisherCondition>'
        "</Conditions></FilePublisherRule>"
    )
