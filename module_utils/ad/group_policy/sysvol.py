"""The files of a policy's folder and the halves they hold, both ways ([MS-GPOL] 2.2.4). Pure.

A half is cut into kinds, named as the extensions that apply them; each kind is written in files of its own. What is
in no such file is no setting that is known here: it is told by its digest, so that nothing in a folder goes unseen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ansible.module_utils.ad.group_policy import (
    GroupPolicyDataError,
    extensions,
    preferences,
    registry_pol,
    scripts_ini,
    security_template,
)
from ansible.module_utils.ad.group_policy.model import PRIVILEGE_RIGHTS, WHOLE_FILE, Half, Script, setting_key

REGISTRY = "Registry.pol"
TEMPLATE = r"Microsoft\Windows NT\SecEdit\GptTmpl.inf"
LISTS = {False: rf"Scripts\{scripts_ini.SCRIPTS}", True: rf"Scripts\{scripts_ini.POWERSHELL}"}  # by PowerShell or not
#: Comments on settings are no settings.
_COMMENTS = "comment.cmtx"
_NUMERIC = frozenset({"system access", "kerberos policy", "event audit"})
_UNREADABLE = "unreadable: "
NOTHING = Half()


def preference_file(kind: str) -> str:
    """Where the preferences of a kind lie."""
    return rf"Preferences\{kind}\{kind}.xml"


@dataclass(frozen=True)
class FileAttributes:
    """What is said of a whole file of preferences (disabled="1"): it stands among its items, like a setting."""

    attributes: tuple[tuple[str, str], ...]
    name: str = WHOLE_FILE

    def readable(self) -> dict[str, str]:
        return dict(self.attributes)


# Out of files


def decode(files: Mapping[str, bytes]) -> Half:
    """A half from its files, their paths relative to it. A file that cannot be read is one of its `files`."""
    half, left = Half(), {name.casefold(): name for name in files if name.casefold() != _COMMENTS}
    unreadable: dict[str, str] = {}
    for read in (_registry, _security, _preferences, _scripts):
        for path in list(left):
            try:
                half, used = read(half, path, files, left)
            except GroupPolicyDataError as error:
                unreadable[left.pop(path)] = f"{_UNREADABLE}{error}"
                continue
            for name in used:
                left.pop(name.casefold(), None)
    return replace(half, files={**{name: digest(files[name]) for name in left.values()}, **unreadable})


_Read = tuple[Half, tuple[str, ...]]


def _registry(half: Half, path: str, files: Mapping[str, bytes], left: Mapping[str, str]) -> _Read:
    if path != REGISTRY.casefold():
        return half, ()
    return replace(half, registry=registry_pol.unpack(files[left[path]])), (path,)


def _security(half: Half, path: str, files: Mapping[str, bytes], left: Mapping[str, str]) -> _Read:
    if path != TEMPLATE.casefold():
        return half, ()
    found: dict[str, dict[str, Any]] = {}
    for section, entries in security_template.unpack(files[left[path]]).sections:
        if section.casefold() not in ("unicode", "version"):
            found.setdefault(section, {}).update((key, _security_value(section, value)) for key, value in entries)
    return replace(half, security=found), (path,)


def _security_value(section: str, text: str | None) -> Any:
    if section.casefold() == PRIVILEGE_RIGHTS.casefold():
        return tuple(holder.removeprefix("*") for holder in security_template.principals(text))
    if section.casefold() in _NUMERIC and text is not None:
        return int(text) if text.removeprefix("-").isdecimal() else text.strip('"')
    return text


def _preferences(half: Half, path: str, files: Mapping[str, bytes], left: Mapping[str, str]) -> _Read:
    kinds = {preference_file(kind).casefold(): kind for kind in extensions.PREFERENCES}
    if path not in kinds:
        return half, ()
    file = preferences.unpack(files[left[path]])
    own = (FileAttributes(file.attributes),) if file.attributes else ()
    return replace(half, preferences={**half.preferences, kinds[path]: (*own, *file.items)}), (path,)


def _scripts(half: Half, path: str, files: Mapping[str, bytes], left: Mapping[str, str]) -> _Read:
    powershell = {name.casefold(): kind for kind, name in LISTS.items()}.get(path)
    if powershell is None:
        return half, ()
    found: list[Script] = []
    used = [path]
    for line in scripts_ini.unpack(files[left[path]], path.rpartition("\\")[2]).scripts:
        lies = _script_path(line.event, line.command)
        name = left.get(lies.casefold()) or next((each for each in files if each.casefold() == lies.casefold()), None)
        found.append(
            Script(line.event, line.command, line.parameters, powershell, files[name] if name is not None else None)
        )
        used.append(lies)
    return replace(half, scripts=(*half.scripts, *found)), tuple(used)


def _script_path(event: str, command: str) -> str:
    return rf"Scripts\{scripts_ini.EVENTS[event]}\{command}"


def digest(data: bytes) -> str:
    """What tells one content from another, short enough to read."""
    return f"sha256:{hashlib.sha256(data).hexdigest()[:16]}"


def unreadable(half: Half) -> dict[str, str]:
    """The files of a half that cannot be read, with the reason."""
    return {
        name: reason.removeprefix(_UNREADABLE) for name, reason in half.files.items() if reason.startswith(_UNREADABLE)
    }


# Into files


def kinds(half: Half) -> dict[str, Half]:
    """A half cut into what each extension applies; kinds without a setting are left out."""
    cut = {
        extensions.REGISTRY: Half(registry=half.registry),
        extensions.SECURITY: Half(security={title: rows for title, rows in half.security.items() if rows}),
        extensions.SCRIPTS: Half(scripts=half.scripts),
        **{kind: Half(preferences={kind: items}) for kind, items in half.preferences.items()},
    }
    return {kind: part for kind, part in cut.items() if part.settings()}


def encode(kind: str, part: Half, standing: Half = NOTHING, now: str = "") -> dict[str, bytes]:
    """The files of one kind; items of preferences that stand already keep the date of their last change."""
    if kind == extensions.REGISTRY:
        return {REGISTRY: registry_pol.pack(part.registry)}
    if kind == extensions.SECURITY:
        return {TEMPLATE: security_template.pack(_template(part))}
    if kind == extensions.SCRIPTS:
        return _script_files(part.scripts)
    attributes = [pair for item in part.preferences[kind] if isinstance(item, FileAttributes)
                  for pair in item.attributes]  # fmt: skip
    items = [item for item in part.preferences[kind] if not isinstance(item, FileAttributes)]
    stamped = preferences.stamped(items, standing.preferences.get(kind, ()), now)
    return {preference_file(kind): preferences.pack(preferences.PreferenceFile(kind, stamped, tuple(attributes)))}


def _template(part: Half) -> security_template.Template:
    return security_template.template(
        {
            section: {key: _security_text(section, value) for key, value in rows.items()}
            for section, rows in part.security.items()
        }
    )


def _security_text(section: str, value: Any) -> str | None:
    if isinstance(value, (tuple, list)):
        return security_template.format_principals(value)
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, str) and section.casefold() in _NUMERIC:
        return f'"{value}"'  # names of accounts
    return None if value is None else str(value)


def _script_files(scripts: tuple[Script, ...]) -> dict[str, bytes]:
    files = {
        _script_path(script.event, script.command): script.content for script in scripts if script.content is not None
    }
    for powershell, path in LISTS.items():
        lines = tuple(
            scripts_ini.ScriptLine(script.event, script.command, script.parameters)
            for script in scripts
            if script.powershell is powershell
        )
        if lines:
            files[path] = scripts_ini.pack(scripts_ini.ScriptsFile(lines), path.rpartition("\\")[2])
    return files


def _switched_on(item: Any) -> Any:
    """An item of a file that must apply, because something is declared in it."""
    if not isinstance(item, FileAttributes):
        return item
    return replace(item, attributes=tuple(pair for pair in item.attributes if pair[0] != "disabled"))


def merge(found: Half, declared: Half) -> Half:
    """What stands, with what is declared set over it."""
    rows = {(setting_key(row.key), setting_key(row.name)): row for row in (*found.registry, *declared.registry)}
    security = {section: dict(entries) for section, entries in found.security.items()}
    for section, entries in declared.security.items():
        title = next((each for each in security if setting_key(each) == setting_key(section)), section)
        kept = {key: value for key, value in security.get(title, {}).items()
                if setting_key(key) not in map(setting_key, entries)}  # fmt: skip
        security[title] = {**kept, **entries}
    items = {kind: tuple(each) for kind, each in found.preferences.items()}
    for kind, wanted in declared.preferences.items():
        names = {setting_key(item.name) for item in wanted}
        others = (item for item in map(_switched_on, items.get(kind, ())) if setting_key(item.name) not in names)
        items[kind] = (*(item for item in others if item != FileAttributes(())), *wanted)
    scripts = tuple(dict.fromkeys((*found.scripts, *declared.scripts)))
    return Half(tuple(rows.values()), security, items, scripts, found.files)
