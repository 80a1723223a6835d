"""Policies as they stand: containers, folders and links put together and decoded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.ad.group_policy import GroupPolicyDataError, extensions, gpt_ini, ini, sysvol
from ansible.module_utils.ad.group_policy.model import STATUS_FLAGS, GroupPolicy, Half
from ansible.module_utils.ad.group_policy.plan_links import links_of
from ansible.module_utils.ad.group_policy.plan_rights import filtering, folder_rights, wrong_rights
from ansible.module_utils.ad.group_policy.plan_versions import site_of
from ansible.module_utils.ad.group_policy.store_directory import PolicyDirectory
from ansible.module_utils.ad.group_policy.store_model import (
    COMMENT,
    FOLDERS,
    GPT_INI,
    SIDES,
    Container,
    Folder,
    StoredPolicy,
    Target,
    versions,
)
from ansible.module_utils.ad.group_policy.store_sysvol import PolicyShare

_KIND_OF = {
    extension.guid: kind
    for kind in extensions.KINDS
    for extension in extensions.parse(extensions.machine_names([kind]))
    if extension.guid != extensions.CORE
}


@dataclass(frozen=True)
class State:
    """What a server holds: all containers, and the whole of those policies that were asked for."""

    containers: tuple[Container, ...]
    policies: Mapping[str, StoredPolicy]  # by GUID
    targets: tuple[Target, ...]
    orphans: Mapping[str, str | None]  # folders without a container; the site that we made them for, if we did
    every_file: bool  # whether the rights of a folder stand on each of its files


def read_state(
    directory: PolicyDirectory,
    share: PolicyShare,
    containers: tuple[Container, ...],
    linked: tuple[Target, ...],
    wanted: Callable[[Container], bool],
) -> State:
    """Read the policies that are wanted; containers and links are those of all policies."""
    lost = sorted(share.guids() - {container.guid for container in containers})
    return State(
        containers=containers,
        policies={
            container.guid: decode(container, share.read(container.guid), linked)
            for container in containers
            if wanted(container)
        },
        targets=linked,
        orphans={guid: site_of(share.version_file(guid)) for guid in lost},
        every_file=directory.flavour() == "samba",
    )


def decode(container: Container, folder: Folder, targets: Iterable[Target]) -> StoredPolicy:
    """A policy from what the server holds of it."""
    rights = filtering(container.descriptor)
    halves = {side: half_of(folder, side) for side in SIDES}
    status = {flags: name for name, flags in STATUS_FLAGS.items()}
    policy = GroupPolicy(
        name=container.name,
        guid=container.guid,
        computer=halves["computer"],
        user=halves["user"],
        links=links_of(container.dn, targets),
        applies_to=rights.applies_to,
        status=status[container.flags & 3],
        comment=comment_of(folder),
    )
    return StoredPolicy(container, folder, policy, version_of(folder), rights.readers, rights.denied)


def half_of(folder: Folder, side: str) -> Half:
    """One half, decoded."""
    prefix = f"{FOLDERS[side]}\\".casefold()
    return sysvol.decode(
        {path[len(prefix) :]: data for path, data in folder.files.items() if path.casefold().startswith(prefix)}
    )


def version_of(folder: Folder) -> int | None:
    """The version in the folder; None when it has none that can be read."""
    raw = folder.file(GPT_INI)
    try:
        return None if raw is None else gpt_ini.unpack(raw).version
    except GroupPolicyDataError:
        return None


def comment_of(folder: Folder) -> str:
    """The comment of a policy, as the management console keeps it."""
    raw = folder.file(COMMENT)
    return ini.decode(raw, COMMENT).rstrip("\0\r\n") if raw else ""


def facts(stored: StoredPolicy, state: State, site: str) -> dict[str, Any]:
    """A policy in the words of the module that reads."""
    container, policy = stored.container, stored.policy
    return {
        "name": policy.name,
        "guid": container.guid,
        "dn": container.dn,
        "made_here": container.made_for(site),
        "status": policy.status,
        "comment": policy.comment,
        "version": {
            "directory": versions(container.version),
            "sysvol": None if stored.sysvol_version is None else versions(stored.sysvol_version),
        },
        "links": [
            {"target": link.target, "order": link.order, "enforced": link.enforced, "enabled": link.enabled}
            for link in links_of(container.dn, state.targets)
        ],
        "applies_to": list(policy.applies_to),
        "denied": list(stored.denied),
        "settings": policy.settings(),
        "extensions": {side: known_extensions(container.extensions[side]) for side in SIDES},
        "wrong_rights": list(
            wrong_rights(stored.folder.descriptors, folder_rights(container.descriptor), state.every_file)
            if stored.folder.exists
            else ()
        ),
    }


def known_extensions(text: str) -> list[str]:
    """The extensions that an attribute names, by the kind they apply where it is known here."""
    try:
        return [_KIND_OF.get(each.guid, each.guid) for each in extensions.parse(text) if each.guid != extensions.CORE]
    except GroupPolicyDataError:
        return [text]
