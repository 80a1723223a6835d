"""Policies as declared and as they stand, without any server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ansible.module_utils.ad import security_descriptor as sd
from ansible.module_utils.ad.group_policy import gpt_ini, sysvol
from ansible.module_utils.ad.group_policy.model import AUTHENTICATED_USERS, GroupPolicy, Half, Link, Script
from ansible.module_utils.ad.group_policy.plan import Circumstances, PolicyPlan, plan_policy
from ansible.module_utils.ad.group_policy.plan_rights import APPLY, folder_rights
from ansible.module_utils.ad.group_policy.preferences import DriveMapping, GroupFilter
from ansible.module_utils.ad.group_policy.read import State, decode
from ansible.module_utils.ad.group_policy.registry_pol import RegistrySetting
from ansible.module_utils.ad.group_policy.store_model import (
    EXTENSION_NAMES,
    FOLDERS,
    GPT_INI,
    MARKER,
    SIDES,
    Container,
    Folder,
    Marker,
    StoredPolicy,
    Target,
    reach,
    site_mark,
)

BASE = "DC=example,DC=lan"
POLICIES = f"CN=Policies,CN=System,{BASE}"
GUID = "{11111111-2222-3333-4444-555555555555}"
ROOT, STATIONS = f"OU=Site,{BASE}", f"OU=Postes,OU=Site,{BASE}"
GROUP, ADMINS = "S-1-5-21-1-2-3-1104", "S-1-5-21-1-2-3-512"

RIGHTS = sd.pack(
    sd.SecurityDescriptor(
        owner=ADMINS,
        group=ADMINS,
        control=0x8004 | sd.DACL_PROTECTED,
        dacl=(
            sd.Ace(sd.ALLOWED, 2, 0xF00FF, ADMINS),
            sd.Ace(sd.ALLOWED, 2, 0x20094, AUTHENTICATED_USERS),
            sd.Ace(sd.ALLOWED_OBJECT, 2, 0x100, AUTHENTICATED_USERS, APPLY),
        ),
    )
)


RUN = Circumstances(site=site_mark(ROOT), now="2026-01-02 03:04:05")


def row(name: str, data: Any = 1, kind: str = "REG_DWORD") -> RegistrySetting:
    return RegistrySetting(r"SOFTWARE\Policies\Example", name, kind, data)


def wanted(**changes: Any) -> GroupPolicy:
    """A policy with a setting of each kind."""
    policy = GroupPolicy(
        name="Postes",
        computer=Half(
            registry=(row("One"),),
            security={"Privilege Rights": {"SeDenyInteractiveLogonRight": (ADMINS,)}},
        ),
        user=Half(
            registry=(row("Two", "600", "REG_SZ"),),
            preferences={"Drives": (DriveMapping("P", r"\\fs1\p", "P", groups=(GroupFilter(GROUP, "GG"),)),)},
            scripts=(Script("logon", "hello.cmd", "/x", content=b"echo"),),
        ),
        links=(Link(ROOT),),
        comment="Essai",
    )
    return replace(policy, **changes)


def state_of(*targets: Target, policies: Mapping[str, StoredPolicy] | None = None, every_file: bool = True) -> State:
    held = policies or {}
    return State(tuple(each.container for each in held.values()), held, targets, {}, every_file)


def written(plan: PolicyPlan, rights: bytes = RIGHTS) -> StoredPolicy:
    """What stands once a plan is written, as a server would give it back."""
    before = plan.stored.folder.files if plan.stored else {}
    gone = {name.casefold() for name in (*plan.files, *plan.delete)}
    files = {name: data for name, data in before.items() if name.casefold() not in gone}
    files.update(plan.files)
    if plan.version_file is not None:
        files[GPT_INI] = plan.version_file
    container = plan.stored.container if plan.stored else _new(plan, rights)
    values = {name: data[0].decode() if data else "" for name, data in plan.attributes.items()}
    container = replace(
        container,
        name=values.get("displayName", container.name),
        flags=int(values.get("flags", container.flags)),
        version=int(values.get("versionNumber", container.version)) & 0xFFFFFFFF,
        marker=Marker.from_text(values[MARKER]) if MARKER in values else container.marker,
        extensions={side: values.get(EXTENSION_NAMES[side], container.extensions[side]) for side in SIDES},
        descriptor=plan.rights or container.descriptor,
        reach={name: values.get(name, value) for name, value in container.reach.items()},
    )
    paths = ("", *FOLDERS.values(), *files)
    return decode(container, Folder(files, (), dict.fromkeys(paths, folder_rights(container.descriptor))), ())


def _new(plan: PolicyPlan, rights: bytes) -> Container:
    dn = f"CN={plan.guid},{POLICIES}"
    return Container(
        dn, plan.guid, plan.name, 0, 0, dict.fromkeys(SIDES, ""), None, rights, reach("example.lan", plan.guid)
    )


def stands(policy: GroupPolicy | None = None) -> StoredPolicy:
    """A policy that was written as declared."""
    return written(plan_policy(policy or wanted(), GUID, None, RUN))


def with_files(stored: StoredPolicy, files: Mapping[str, bytes | None]) -> StoredPolicy:
    """The same with files changed by hand; None is gone."""
    changed = {**stored.folder.files, **files}
    kept = {name: data for name, data in changed.items() if data is not None}
    rights = {**dict.fromkeys(kept, next(iter(stored.folder.descriptors.values()))), **stored.folder.descriptors}
    folder = Folder(kept, (), {name: each for name, each in rights.items() if not name or name in kept})
    return decode(stored.container, folder, ())


def counts(plan: PolicyPlan) -> tuple[int, int]:
    """The user's and the computer's version that a plan writes."""
    return gpt_ini.halves(int(plan.attributes["versionNumber"][0]))


def encoded(half: Half) -> dict[str, bytes]:
    """All files of a half."""
    return {name: data for kind, part in sysvol.kinds(half).items() for name, data in sysvol.encode(kind, part).items()}
