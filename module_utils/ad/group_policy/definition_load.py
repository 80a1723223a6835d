"""Definitions of policies, one YAML file each, loaded into the model: names become SIDs, clauses' values become data.

What a definition says, in its order: name, purpose, guid, merge, status, links, overrides, applies_to, computer, user. What is in
the context stands in model; besides, `file_server` and `shares` for drives, `controls` (the controls that the charter
demands) and `texts` for what stands between braces.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml
from ansible.module_utils.ad import directory_names as names
from ansible.module_utils.ad.group_policy.admx_policies import did_you_mean
from ansible.module_utils.ad.group_policy.definition_drives import read_drives
from ansible.module_utils.ad.group_policy.definition_half import read_policies, read_scripts, read_security
from ansible.module_utils.ad.group_policy.definition_programs import read_banned_programs
from ansible.module_utils.ad.group_policy.definition_purpose import Purpose
from ansible.module_utils.ad.group_policy.definition_security import (
    ACCOUNT_KEYS,
    KERBEROS,
    MEMBERSHIP,
    PRIVILEGES,
    SYSTEM_ACCESS,
)
from ansible.module_utils.ad.group_policy.definition_values import Binding
from ansible.module_utils.ad.group_policy.definition_yaml import DefinitionError, Source
from ansible.module_utils.ad.group_policy.model import AUTHENTICATED_USERS, STATUS_FLAGS, GroupPolicy, Half, Link
from ansible.module_utils.ad.group_policy.store_model import GroupPolicyError, checked_guid

_FIELDS = ("name", "purpose", "guid", "merge", "status", "links", "overrides", "applies_to", "computer", "user")
_LINK = ("unit", "enforced", "enabled", "order")
#: Units that every domain has.
DOMAIN, CONTROLLERS = "domain", "controllers"
_LONGEST_NAME = 255


def load_definitions(
    paths: Iterable[str], values: Mapping[str, Any], context: Mapping[str, Any]
) -> tuple[GroupPolicy, ...]:
    """The policies that these files describe, in their order.

    :raises DefinitionError: with everything that is wrong with any of them, one line each.
    """
    problems: list[str] = []
    binding = Binding(values, context)
    controls = context.get("controls")
    known = frozenset(map(str, controls)) if controls is not None else None
    policies = []
    for path in paths:
        source = Source(str(path), problems)
        root = source.root()
        if root is not None:
            policies.append(_policy(source, root, binding, Purpose(known)))
    problems += _clashes(policies)
    if problems:
        raise DefinitionError(problems)
    return tuple(policies)


def _policy(source: Source, root: yaml.Node, binding: Binding, purpose: Purpose) -> GroupPolicy:
    fields = source.fields(root, _FIELDS, ("name", "purpose", "links"), "a definition")
    name = source.text(fields.get("name"), "name")
    if len(name) > _LONGEST_NAME:
        source.problem(fields["name"], f"the name has {len(name)} characters, at most {_LONGEST_NAME} fit")
    computer = _half(source, fields.get("computer"), "computer", binding, purpose)
    user = _half(source, fields.get("user"), "user", binding, purpose)
    policy = GroupPolicy(
        name=name,
        guid=_guid(source, fields.get("guid")),
        computer=computer,
        user=user,
        links=_links(source, fields.get("links"), binding),
        applies_to=_applies_to(source, fields.get("applies_to"), binding),
        status=source.one_of(fields.get("status"), "status", STATUS_FLAGS, "enabled"),
        comment=source.text(fields.get("purpose"), "purpose"),
        merge=source.yes(fields.get("merge"), "merge", False),
        overrides=_overrides(source, fields.get("overrides")),
        controls=dict(purpose.controls),
        source=source.path,
    )
    _refuse_what_would_not_hold(source, root, fields, policy, str(binding.context["domain_dn"]))
    return policy


def _half(source: Source, node: yaml.Node | None, side: str, binding: Binding, purpose: Purpose) -> Half:
    if node is None:
        return Half()
    own = ("security", "banned_programs") if side == "computer" else ("drives",)
    fields = source.fields(node, ("policies", *own, "scripts"), what=side)
    drives = read_drives(source, fields.get("drives"), binding, purpose)
    banned = read_banned_programs(source, fields.get("banned_programs"), binding, purpose)
    return Half(
        registry=(*read_policies(source, fields.get("policies"), side, binding, purpose), *banned),
        security=read_security(source, fields.get("security"), binding, purpose),
        preferences={"Drives": drives} if drives else {},
        scripts=read_scripts(source, fields.get("scripts"), side, binding, purpose),
    )


def _guid(source: Source, node: yaml.Node | None) -> str | None:
    if node is None:
        return None
    try:
        return checked_guid(source.text(node, "guid"))
    except GroupPolicyError as error:
        source.problem(node, str(error))
        return None


def _links(source: Source, node: yaml.Node | None, binding: Binding) -> tuple[Link, ...]:
    links: list[Link] = []
    for item in source.items(node, "links"):
        fields = source.fields(item, _LINK, ("unit",), "a link")
        unit = source.plain(fields["unit"]) if "unit" in fields else ""
        order = source.plain(fields["order"]) if "order" in fields else 0
        if not isinstance(unit, str) or isinstance(order, bool) or not isinstance(order, int):
            source.problem(item, "unit is the name of a unit, order a whole number")
            continue
        target = unit_dn(unit, binding.context)
        if any(names.key(link.target) == names.key(target) for link in links):
            source.problem(item, f"the policy is already linked to {unit or 'the root unit'}; keep one link")
        enforced = source.yes(fields.get("enforced"), "enforced", False)
        links.append(Link(target, enforced, source.yes(fields.get("enabled"), "enabled", True), order))
    return tuple(links)


def unit_dn(unit: str, context: Mapping[str, Any]) -> str:
    """Where a unit stands: "" is the site's root unit, "Postes" one below it, "domain" and "controllers" what they say."""
    domain = str(context["domain_dn"])
    if unit == DOMAIN:
        return domain
    if unit == CONTROLLERS:
        return names.child("OU", "Domain Controllers", domain)
    target = names.under_base(str(context["root_ou"]), domain)
    for part in filter(None, unit.split("/")):
        target = names.child("OU", part, target)
    return target


def _overrides(source: Source, node: yaml.Node | None) -> tuple[str, ...]:
    return tuple(filter(None, (source.text(item, "overrides") for item in source.items(node, "overrides"))))


def _applies_to(source: Source, node: yaml.Node | None, binding: Binding) -> tuple[str, ...]:
    if node is None:
        return (AUTHENTICATED_USERS,)
    sids = binding.sids(source, node, "applies_to")
    if not sids and isinstance(node, yaml.SequenceNode) and not node.value:
        source.problem(node, "applies_to is empty: the policy would apply to nobody; leave it out, or name a group")
    return sids


def _refuse_what_would_not_hold(
    source: Source, root: yaml.Node, fields: Mapping[str, yaml.Node], policy: GroupPolicy, domain_dn: str
) -> None:
    if not policy.settings() and not any(fields.get(side) for side in ("computer", "user")):
        source.problem(root, "sets nothing: give it a computer or a user half")
    for side in ("computer", "user"):
        if side in fields and policy.status in (f"{side}_disabled", "disabled"):
            source.problem(fields["status"], f"the {side} half is switched off, but has settings")
    node = fields.get("links", root)
    targets = {names.key(link.target) for link in policy.links}
    domain, controllers = names.key(domain_dn), names.key(unit_dn(CONTROLLERS, {"domain_dn": domain_dn}))
    security = policy.computer.security
    accounts = [key for title in (SYSTEM_ACCESS, KERBEROS) for key in security.get(title, ()) if key in ACCOUNT_KEYS]
    if accounts and targets != {domain}:
        source.problem(node, f"{accounts[0]} counts only in a policy linked to the domain; use unit: {DOMAIN} alone")
    denied = [key for key in security.get(PRIVILEGES, ()) if key.startswith("SeDeny")]
    if denied and targets & {domain, controllers}:
        source.problem(
            node, f"{denied[0]} would hold on the controllers too; link the policy to the workstations' unit"
        )
    if security.get(MEMBERSHIP) and targets & {domain, controllers}:
        source.problem(
            node, "who is in local groups would hold for the domain's own; link it to the workstations' unit"
        )


def _clashes(policies: Sequence[GroupPolicy]) -> list[str]:
    """Two files that speak of the same policy."""
    found = []
    for what, of in (("name", lambda p: p.name.casefold()), ("guid", lambda p: p.guid)):
        seen: dict[str, GroupPolicy] = {}
        for policy in policies:
            mark = of(policy)
            if mark and mark in seen:
                found.append(f"{policy.source}:1: has the same {what} as {seen[mark].source}; one file per policy")
            elif mark:
                seen[mark] = policy
    for policy in policies:
        known = [other.name for other in policies if other is not policy]
        found += [
            f"{policy.source}:1: overrides {name!r}, which is no other policy here{did_you_mean(name, known)}"
            for name in policy.overrides
            if name not in known
        ]
    return found
