"""Bring the policies of a domain in line, put one back, or read them: the two sessions, and what is done in them."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ansible.module_utils.ad import directory_names as names
from ansible.module_utils.ad.connection import Credentials, DirectoryError, open_directory
from ansible.module_utils.ad.group_policy import GroupPolicyDataError, backup
from ansible.module_utils.ad.group_policy.definition_load import load_definitions
from ansible.module_utils.ad.group_policy.definition_yaml import DefinitionError
from ansible.module_utils.ad.group_policy.difference import Difference, diff_text
from ansible.module_utils.ad.group_policy.model import GroupPolicy
from ansible.module_utils.ad.group_policy.plan_site import (
    SitePlan,
    Wanted,
    match,
    plan_site,
    refuse_clashes,
    target_dns,
)
from ansible.module_utils.ad.group_policy.read import State, read_state
from ansible.module_utils.ad.group_policy.store_apply import apply, preflight
from ansible.module_utils.ad.group_policy.store_directory import PolicyDirectory
from ansible.module_utils.ad.group_policy.store_model import Container, GroupPolicyError, site_mark
from ansible.module_utils.ad.group_policy.store_sysvol import PolicyShare
from ansible.module_utils.ad.security_descriptor import SecurityDescriptorError
from ansible.module_utils.ad.smb import SmbError, open_smb

#: Everything that a person can mend: what to tell him stands in the message.
ERRORS = (DirectoryError, SmbError, GroupPolicyError, GroupPolicyDataError, SecurityDescriptorError, DefinitionError)

_SYSVOL = "sysvol"


@dataclass(frozen=True)
class Domain:
    """A domain's policies, open."""

    directory: PolicyDirectory
    share: PolicyShare

    def load(self, options: Mapping[str, Any], known: Mapping[str, Any] | None = None) -> tuple[GroupPolicy, ...]:
        """The definitions a module was given, with what they need to know of the domain."""
        context = {**options["context"], **(known or self.directory.facts())}
        return load_definitions(options["definitions"], options["values"], context)

    def root_unit(self, options: Mapping[str, Any]) -> str | None:
        """The unit below which the site's own units are."""
        root = options["context"].get("root_ou")
        return names.under_base(str(root), self.directory.base) if root else None


@contextlib.contextmanager
def open_domain(credentials: Credentials) -> Iterator[Domain]:
    """Both sessions, with the same server and the same account."""
    with (
        open_directory(credentials) as directory,
        open_smb(
            credentials.server,
            credentials.bind_user,
            credentials.bind_password,
            credentials.timeout_seconds,
            "negotiate" if credentials.authentication == "kerberos" else "ntlm",
        ) as session,
    ):
        policies = PolicyDirectory(directory)
        yield Domain(policies, PolicyShare(session.share(_SYSVOL), policies.domain))


@dataclass(frozen=True)
class Outcome:
    """What a run changed, or would."""

    plan: SitePlan
    backups: tuple[str, ...]

    def facts(self) -> dict[str, Any]:
        """In the words of the module."""
        return {
            "changed": self.plan.changes,
            "changed_policies": self.plan.changed_policies,
            "removed_policies": [stored.policy.name for stored in self.plan.removed],
            "differences": [each.facts() for each in self.plan.differences],
            "foreign_links": [{"target": target.dn, "policy": link.dn} for target, link in self.plan.foreign],
            "backups": list(self.backups),
            "diff": diff_text(self.plan.differences),
        }


def reconcile(options: Mapping[str, Any], check_mode: bool) -> Outcome:
    """Bring the declared policies in line, or put one back; in check mode say what would be written."""
    with open_domain(Credentials.from_arguments(options)) as domain:
        if options["restore"]:
            return _write(domain, *_restoring(domain, Path(options["restore"])), options, check_mode)
        if options["purge"] and not options["definitions"]:
            raise GroupPolicyError(
                "purge without any definition would remove every policy of the site; check the list of definitions"
            )
        return converge(domain, domain.load(options), options, check_mode)


def converge(domain: Domain, policies: Sequence[GroupPolicy], options: Mapping[str, Any], check_mode: bool) -> Outcome:
    """Bring these policies in line."""
    # A first dry run finds no unit: what it would be linked to is not there yet.
    state, wanted, clashes = read_declared(domain, policies, options, everything=False, strict=not check_mode)
    refuse_clashes(clashes)
    root = domain.root_unit(options) if options["inheritance"] == "allowed" else None
    plan = plan_site(
        replace(wanted, purge=options["purge"], inheritance_root=root), state, f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"
    )
    return _write(domain, state, plan, options, check_mode)


def _write(domain: Domain, state: State, plan: SitePlan, options: Mapping[str, Any], check_mode: bool) -> Outcome:
    if check_mode or not plan.changes:
        return Outcome(plan, ())
    preflight(plan, domain.directory, domain.share)
    kept = _keep(plan, state, options["backup_directory"], domain.directory.server)
    try:
        apply(plan, domain.directory, domain.share, state.every_file)
    except ERRORS as error:
        backups = f"; what stood before is in {', '.join(kept)}" if kept else ""
        raise GroupPolicyError(f"{error}. The run stopped there, the next one goes on{backups}") from error
    return Outcome(plan, kept)


def read_declared(
    domain: Domain, policies: Sequence[GroupPolicy], options: Mapping[str, Any], *, everything: bool, strict: bool
) -> tuple[State, Wanted, list[Difference]]:
    """The policies of the site, or all of the domain, and what they are compared with."""
    site = site_mark(domain.root_unit(options))
    containers = domain.directory.containers()
    found, clashes = match(policies, containers, site)
    declared = {each.guid for each in found.values()}
    guids = {policy.name: _guid(policy, found.get(policy.name)) for policy in policies}
    state = read_state(
        domain.directory,
        domain.share,
        containers,
        domain.directory.targets(target_dns(policies), strict),
        lambda each: everything or each.guid in declared or each.made_for(site),
    )
    return state, Wanted(policies, guids, domain.directory.folder, site), clashes


def _guid(policy: GroupPolicy, container: Container | None) -> str:
    return container.guid if container else policy.guid or f"{{{uuid.uuid4()}}}".upper()


def _restoring(domain: Domain, path: Path) -> tuple[State, SitePlan]:
    saved = backup.read(path)
    state = read_state(
        domain.directory,
        domain.share,
        domain.directory.containers(),
        domain.directory.targets(link.target for link in saved.links),
        lambda each: each.guid == saved.container.guid,
    )
    return state, backup.plan_restore(saved, state, domain.directory.folder)


def _keep(plan: SitePlan, state: State, directory: str, server: str) -> tuple[str, ...]:
    """Keep every policy that is changed or linked elsewhere, before anything is written."""
    changed = set(plan.changed_policies) | {each.policy.name for each in plan.removed}
    stored = [each.stored for each in plan.policies if each.stored and (each.changes or each.name in changed)]
    taken = [backup.take(each, state.targets) for each in (*stored, *plan.removed)]
    return tuple(str(backup.write(each, Path(directory), server)) for each in taken)
