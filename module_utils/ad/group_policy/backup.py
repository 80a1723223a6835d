"""Keep a policy before it is changed, and put it back: its files, container, rights and links in one JSON file."""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ansible.module_utils.ad import security_descriptor
from ansible.module_utils.ad.group_policy import gpt_ini
from ansible.module_utils.ad.group_policy.difference import PRESENCE, Difference, compare_settings
from ansible.module_utils.ad.group_policy.links import GpoLink, by_precedence
from ansible.module_utils.ad.group_policy.plan import PolicyPlan, container_changes
from ansible.module_utils.ad.group_policy.plan_links import LinkedPolicy
from ansible.module_utils.ad.group_policy.plan_rights import filtering
from ansible.module_utils.ad.group_policy.plan_site import SitePlan, link_differences
from ansible.module_utils.ad.group_policy.plan_versions import version_file
from ansible.module_utils.ad.group_policy.read import State, decode
from ansible.module_utils.ad.group_policy.store_model import (
    FOLDERS,
    GPT_INI,
    SIDES,
    Container,
    Folder,
    GroupPolicyError,
    Marker,
    StoredPolicy,
    Target,
    checked_guid,
    same,
    versions,
)

_FORMAT = "garant-group-policy"
_VERSION = 1


@dataclass(frozen=True)
class SavedLink:
    """A link as it stood: where, with which options, at which precedence."""

    target: str
    options: int
    order: int


@dataclass(frozen=True)
class Backup:
    """A policy as it stood at a time."""

    container: Container
    folder: Folder
    links: tuple[SavedLink, ...]


def take(stored: StoredPolicy, targets: Iterable[Target]) -> Backup:
    """What has to be kept of a policy.

    :raises GroupPolicyError: its folder holds files too large to be kept.
    """
    if stored.folder.unread:
        raise GroupPolicyError(
            f"{stored.policy.name}: {stored.folder.unread[0]} in the folder {stored.container.guid} is too large to "
            "be kept before a change; move it elsewhere"
        )
    links = [
        SavedLink(target.dn, link.options, order)
        for target in targets
        for order, link in enumerate(by_precedence(target.links), 1)
        if same(link.dn, stored.container.dn)
    ]
    return Backup(stored.container, stored.folder, tuple(links))


def write(backup: Backup, directory: Path, server: str) -> Path:
    """Write a backup in a folder of its kind, readable by its owner only; the name tells when and what."""
    now = datetime.now(UTC)
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = re.sub(r"[^\w]+", "-", backup.container.name).strip("-").lower() or "policy"
        file = directory / f"{now:%Y%m%dT%H%M%S.%f}Z-{name}-{backup.container.guid.strip('{}').lower()}.json"
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(_facts(backup, now, server), stream, ensure_ascii=False, indent=1)
            stream.write("\n")
    except OSError as error:
        raise GroupPolicyError(
            f"{directory}: the policy {backup.container.name} cannot be kept before its change ({error.strerror}); "
            "nothing was written. Give backup_directory a folder that can be written"
        ) from error
    return file


def _facts(backup: Backup, now: datetime, server: str) -> dict[str, Any]:
    container = backup.container
    policy = decode(container, backup.folder, ()).policy
    return {
        "format": _FORMAT,
        "version": _VERSION,
        "taken_at": now.isoformat(timespec="seconds"),
        "server": server,
        "policy": {
            "dn": container.dn,
            "guid": container.guid,
            "name": container.name,
            "flags": container.flags,
            "version": container.version,
            "extensions": dict(container.extensions),
            "reach": dict(container.reach),
            "marker": container.marker.text() if container.marker else None,
            "descriptor": _text(container.descriptor),
        },
        "links": [{"target": each.target, "options": each.options, "order": each.order} for each in backup.links],
        "files": {path: _text(data) for path, data in sorted(backup.folder.files.items())},
        # For people; what is put back are the files.
        "settings": policy.settings(),
    }


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def read(path: Path) -> Backup:
    """A backup from its file.

    :raises GroupPolicyError: it is not one, or it was changed by hand into something else.
    """
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        if facts["format"] != _FORMAT or facts["version"] != _VERSION:
            raise ValueError(f"format {facts['format']} {facts['version']}")
        policy = facts["policy"]
        container = Container(
            dn=str(policy["dn"]),
            guid=checked_guid(policy["guid"]),
            name=str(policy["name"]),
            flags=int(policy["flags"]),
            version=int(policy["version"]),
            extensions={side: str(policy["extensions"][side]) for side in SIDES},
            marker=Marker.from_text(policy["marker"]),
            descriptor=base64.b64decode(policy["descriptor"], validate=True),
            reach={str(name): str(value) for name, value in policy["reach"].items()},
        )
        filtering(container.descriptor)
        files = {str(name): base64.b64decode(data, validate=True) for name, data in facts["files"].items()}
        links = tuple(SavedLink(str(row["target"]), int(row["options"]), int(row["order"])) for row in facts["links"])
    except OSError as error:
        raise GroupPolicyError(
            f"{path}: the backup cannot be read ({error.strerror}); name one that is there"
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise GroupPolicyError(
            f"{path} is no backup of a policy ({error}); name a file that this module wrote"
        ) from error
    if bad := [name for name in files if ".." in name.split("\\") or "/" in name or ":" in name]:
        raise GroupPolicyError(f"{path}: {bad[0]} leads out of the policy's folder; the backup was changed by hand")
    return Backup(container, Folder(files), links)


def plan_restore(backup: Backup, state: State, policies_dn: str) -> SitePlan:
    """The writes that put a policy back as it was: everything but its versions, which go on."""
    saved = backup.container
    if not same(saved.dn, f"CN={saved.guid},{policies_dn}"):
        raise GroupPolicyError(f"{saved.name} was kept in {saved.dn}, another domain than {policies_dn}")
    stored = state.policies.get(saved.guid)
    files = {name: data for name, data in backup.folder.files.items() if name.casefold() != GPT_INI.casefold()}
    present = stored.folder if stored else Folder(exists=False)
    write = {present.spelled(name): data for name, data in files.items() if present.file(name) != data}
    wanted = {name.casefold() for name in (*files, GPT_INI)}
    delete = tuple(name for name in present.files if name.casefold() not in wanted)
    version = _version(saved, stored, (*write, *delete))
    rights = None
    if stored is None or _dacl(stored.container.descriptor) != _dacl(saved.descriptor):
        rights = saved.descriptor
    plan = PolicyPlan(
        name=saved.name,
        guid=saved.guid,
        stored=stored,
        marker=saved.marker,
        files=write,
        delete=delete,
        version_file=version_file(stored, version, saved.marker.site if saved.marker else ""),
        attributes=container_changes(replace(saved, version=version), stored.container if stored else None),
        rights=rights,
    )
    links = tuple(_links(backup, state.targets))
    linked = [LinkedPolicy(saved.dn, saved.name, ())]
    differences = (*_differences(backup, stored, rights), *link_differences(linked, state.targets, links))
    return SitePlan((plan,), (), links, (), differences)


def _dacl(descriptor: bytes) -> tuple[object, ...]:
    """A DACL in a form that can be compared; the owner is whoever made the container."""
    return tuple(sorted(security_descriptor.unpack(descriptor).dacl or (), key=repr))


def _version(saved: Container, stored: StoredPolicy | None, touched: Iterable[str]) -> int:
    counts = versions(saved.version) if stored is None else versions(stored.container.version)
    if stored is not None:
        for side, count in versions(stored.sysvol_version or 0).items():
            counts[side] = max(counts[side], count)
    for side in SIDES:
        prefix = f"{FOLDERS[side]}\\".casefold()
        names = stored is not None and stored.container.extensions[side] != saved.extensions[side]
        if names or any(name.casefold().startswith(prefix) for name in touched):
            counts[side] = gpt_ini.following(counts[side])
    return gpt_ini.version(counts["user"], counts["computer"])


def _links(backup: Backup, targets: Iterable[Target]) -> Iterable[tuple[Target, list[GpoLink]]]:
    saved = backup.container.dn
    for target in targets:
        others = [link for link in by_precedence(target.links) if not same(link.dn, saved)]
        for link in sorted((each for each in backup.links if same(each.target, target.dn)), key=lambda row: row.order):
            others.insert(link.order - 1, GpoLink(_spelling(saved, target), link.options))
        wanted = list(by_precedence(others))
        if tuple(wanted) != target.links:
            yield target, wanted


def _spelling(dn: str, target: Target) -> str:
    return next((link.dn for link in target.links if same(link.dn, dn)), dn)


def _differences(backup: Backup, stored: StoredPolicy | None, rights: bytes | None) -> Iterable[Difference]:
    was = decode(backup.container, backup.folder, ())
    name = backup.container.name
    if stored is None:
        yield Difference(name, PRESENCE, "present", None)
        yield from compare_settings(name, was.policy.settings(), {})
        return
    yield from compare_settings(name, was.policy.settings(), stored.policy.settings())
    rows: Mapping[str, tuple[Any, Any]] = {
        "name": (was.policy.name, stored.policy.name),
        "status": (was.policy.status, stored.policy.status),
        "comment": (was.policy.comment, stored.policy.comment),
        "applies_to": (list(was.policy.applies_to), list(stored.policy.applies_to)),
        "rights": ("as kept", "as kept" if rights is None else "changed"),
        **{
            f"extensions/{side}": (backup.container.extensions[side], stored.container.extensions[side])
            for side in SIDES
        },
    }
    for setting, (expected, observed) in rows.items():
        if expected != observed:
            yield Difference(name, setting, expected, observed)
