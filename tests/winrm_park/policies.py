"""Group policies as a simulated machine applies them: the very bytes of a SYSVOL, read by the project's own codecs.

What is applied: Registry.pol of both halves, and of GptTmpl.inf the registry values, the accounts, the members of groups
and the start of services. Anything else in a policy is noted in `machine.policy_notes`, never passed over in silence.
The order is given: filters, links and inheritance are decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible.module_utils.ad.group_policy import GroupPolicyDataError, gpt_ini, security_template, sysvol
from ansible.module_utils.ad.group_policy.model import Half
from ansible.module_utils.ad.group_policy.registry_pol import RegistrySetting

from tests.winrm_park import ProfileError

if TYPE_CHECKING:
    from tests.winrm_park.machine import Machine, Member

#: What a policy writes here goes away with it; elsewhere it stays ([MS-GPREG] 3.2.5.1).
_TEMPORARY = re.compile(r"(?i)\\software\\(policies|microsoft\\windows\\currentversion\\policies)(\\|$)")
_SERVICES = r"HKLM\SYSTEM\CurrentControlSet\Services"
_MACHINE_ROOT = "machine\\"
_ADMINISTRATORS = "s-1-5-32-544"
_DOMAIN_GROUPS = {"512": "domain_admins", "513": "domain_users"}
_ACCOUNT_KEYS = {
    "enableguestaccount": ("guest", "enabled"),
    "enableadminaccount": ("administrator", "enabled"),
    "newguestname": ("guest", "name"),
    "newadministratorname": ("administrator", "name"),
}


@dataclass(frozen=True)
class Policy:
    """A policy as it lies in SYSVOL."""

    guid: str
    computer: Half
    user: Half


def load(folder: Path, order: Sequence[str]) -> list[Policy]:
    """The policies of a folder that holds Policies/{GUID}/..., in the order in which they are applied."""
    top = _below(folder, "Policies") or folder
    return [_policy(top, guid) for guid in order]


def _below(folder: Path, name: str) -> Path | None:
    """What is called so in a folder, whatever the case."""
    return next((each for each in sorted(folder.iterdir()) if each.name.lower() == name.lower()), None)


def _policy(top: Path, guid: str) -> Policy:
    named = "{" + guid.strip("{}") + "}"
    folder = _below(top, named) if top.is_dir() else None
    if folder is None:
        raise ProfileError(f"{top}: no policy {named}; what is there: {_listed(top)}")
    ini = _below(folder, "GPT.INI")
    if ini is None:
        raise ProfileError(f"{folder}: no GPT.INI; a client would leave this policy out")
    try:
        versions = gpt_ini.unpack(ini.read_bytes())
    except GroupPolicyDataError as error:
        raise ProfileError(f"{ini}: {error}") from error
    computer = _half(folder, "Machine") if versions.machine_version else Half()
    user = _half(folder, "User") if versions.user_version else Half()
    return Policy(named, computer, user)


def _listed(top: Path) -> str:
    return ", ".join(sorted(each.name for each in top.iterdir())) if top.is_dir() else "no such folder"


def _half(folder: Path, name: str) -> Half:
    """A half; a file that cannot be read stops everything, since a real client would apply nothing of it."""
    place = _below(folder, name)
    if place is None:
        return Half()
    files = {"\\".join(each.relative_to(place).parts): each.read_bytes() for each in place.rglob("*") if each.is_file()}
    half = sysvol.decode(files)
    for path, reason in sysvol.unreadable(half).items():
        raise ProfileError(f"{place}/{path}: {reason}")
    return half


def apply(machine: Machine, policies: Iterable[Policy]) -> None:
    """Apply policies in their order; the machine is under them from now on, whatever system it becomes."""
    policies = tuple(policies)
    machine.governed = partial(apply, machine, policies)
    _forget(machine)
    for policy in policies:
        for row in policy.computer.registry:
            _registry(machine, "HKLM", row)
        for session in machine.profile["sessions"]:
            if session.get("loaded", True):
                for row in policy.user.registry:
                    _registry(machine, f"HKU\\{machine.session_sid(session['login'])}", row)
        _security(machine, policy)
        for half in (policy.computer, policy.user):
            _left_out(machine, policy.guid, half)


def _forget(machine: Machine) -> None:
    """Take away what the policies of before have set in the places that are theirs."""
    for path, name in machine.policy_values:
        machine.registry.delete_value(path, name)
    machine.policy_values.clear()
    machine.policy_notes.clear()


def _registry(machine: Machine, root: str, row: RegistrySetting) -> None:
    """One value, or one of the marks that delete ([MS-GPREG] 3.2.5.1)."""
    held, path, mark = machine.registry, f"{root}\\{row.key}", row.name.lower()
    if mark.startswith("**delvals"):
        key = held.find(path)
        for value in list(key.values.values()) if key else ():
            held.delete_value(path, value.name)
    elif mark.startswith("**del."):
        held.delete_value(path, row.name[len("**del.") :])
    elif mark in ("**deletevalues", "**deletekeys"):
        for name in str(row.data).split(";"):
            if mark == "**deletekeys":
                held.delete_key(f"{path}\\{name}")
            else:
                held.delete_value(path, name)
    elif mark.startswith("**soft."):
        name = row.name[len("**soft.") :]
        if held.value(path, name) is None:
            _set(machine, path, name, row)
    elif mark.startswith("**"):
        machine.policy_notes.append(f"{path}\\{row.name}: not simulated")
    elif not row.name and row.data in ("", b""):
        held.create(path)
    else:
        _set(machine, path, row.name, row)


def _set(machine: Machine, path: str, name: str, row: RegistrySetting) -> None:
    machine.registry.set(path, name, row.type, row.data)
    if _TEMPORARY.search(path):
        machine.policy_values.append((path, name))


def _security(machine: Machine, policy: Policy) -> None:
    for section, entries in policy.computer.security.items():
        work = _SECTIONS.get(section.lower())
        for key, value in entries.items():
            if work is None or not work(machine, key, value):
                machine.policy_notes.append(f"{policy.guid} [{section}] {key}: not simulated")


def _registry_value(machine: Machine, key: str, value: Any) -> bool:
    if not key.lower().startswith(_MACHINE_ROOT):
        return False
    path, _mark, name = key[len(_MACHINE_ROOT) :].rpartition("\\")
    machine.registry.set(f"HKLM\\{path}", name, *security_template.registry_value(value))
    return True


def _account(machine: Machine, key: str, value: Any) -> bool:
    """Accounts of the machine; what is asked of passwords counts in the domain and is kept for whoever looks."""
    machine.security[key.lower()] = value
    role, attribute = _ACCOUNT_KEYS.get(key.lower(), ("", ""))
    for account in machine.accounts:
        if role and account.role == role:
            for member in machine.administrators:
                if attribute == "name" and member.rid == account.rid and not member.domain:
                    member.name = str(value)
            setattr(account, attribute, bool(value) if attribute == "enabled" else str(value))
    return True


def _membership(machine: Machine, key: str, value: Any) -> bool:
    group, _mark, kind = key.lower().lstrip("*").partition("__")
    listed = [each.strip().lstrip("*") for each in str(value or "").split(",") if each.strip()]
    if kind == "members" and group == _ADMINISTRATORS:
        # The built-in administrator cannot be taken out of the group.
        kept = [each for each in machine.administrators if each.rid == 500 and not each.domain]
        wanted = [_member(machine, each) for each in listed]
        machine.administrators = [*kept, *(each for each in wanted if each.domain or each.rid != 500)]
        return True
    if kind == "memberof" and _ADMINISTRATORS in (each.lower() for each in listed):
        added = _member(machine, key.lstrip("*").partition("__")[0])
        if added not in machine.administrators:
            machine.administrators.append(added)
        return True
    return kind == "memberof" and not listed


def _member(machine: Machine, who: str) -> Member:
    from tests.winrm_park.machine import Member  # noqa: PLC0415 -- the machine knows of policies by its type alone

    domain = str(machine.profile["domain"]["sid"])
    head, _dash, rid = who.rpartition("-")
    if head.lower() == domain.lower() and rid.isdecimal():
        word = machine.words.get(_DOMAIN_GROUPS.get(rid, ""), "")
        return Member(word or f"rid-{rid}", int(rid), domain=True, group=True)
    for account in machine.accounts:
        if who.lower() in (account.name.lower(), f"{machine.local_sid}-{account.rid}".lower()):
            return Member(account.name, account.rid)
    return Member(who, int(rid) if rid.isdecimal() else 1098)


def _service(machine: Machine, line: str, _value: Any) -> bool:
    """ "name",start,"rights" ([MS-GPSB] 2.2.9); the state follows at the next start."""
    parts = [part.strip().strip('"') for part in line.split(",", 2)]
    if len(parts) < 2 or not parts[1].isdecimal():
        return False
    machine.registry.set(f"{_SERVICES}\\{parts[0]}", "Start", "REG_DWORD", int(parts[1]))
    return True


def _right(machine: Machine, key: str, value: Any) -> bool:
    machine.rights[key] = tuple(value or ())
    return True


_SECTIONS = {
    "registry values": _registry_value,
    "system access": _account,
    "group membership": _membership,
    "service general setting": _service,
    "privilege rights": _right,
}


def _left_out(machine: Machine, guid: str, half: Half) -> None:
    for kind, items in half.preferences.items():
        machine.policy_notes += [f"{guid} preferences {kind}/{item.name}: not simulated" for item in items]
    machine.policy_notes += [f"{guid} script {script.command}: not simulated" for script in half.scripts]
    machine.policy_notes += [f"{guid} file {path}: not simulated" for path in half.files]
