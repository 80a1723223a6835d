"""The settings of one half of a definition: policies by their ADMX names, the security template, scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml
from ansible.module_utils.ad.group_policy import GroupPolicyDataError
from ansible.module_utils.ad.group_policy.admx_policies import did_you_mean, find_policy
from ansible.module_utils.ad.group_policy.admx_table import AdmxError, Policy
from ansible.module_utils.ad.group_policy.definition_purpose import SERVES, Purpose
from ansible.module_utils.ad.group_policy.definition_security import (
    KEYS,
    LOCAL_GROUPS,
    MEMBERSHIP,
    PRIVILEGES,
    RIGHTS,
    SECTIONS,
    contradictions,
    denies_everybody,
    membership,
)
from ansible.module_utils.ad.group_policy.definition_values import WRONG, Binding
from ansible.module_utils.ad.group_policy.definition_yaml import Source
from ansible.module_utils.ad.group_policy.model import SCRIPT_EVENTS, Script
from ansible.module_utils.ad.group_policy.registry_pol import RegistrySetting


def read_policies(
    source: Source, node: yaml.Node | None, side: str, binding: Binding, purpose: Purpose
) -> tuple[RegistrySetting, ...]:
    """The registry values of the policies of one half."""
    rows: list[RegistrySetting] = []
    taken: dict[str, str] = {}
    for item in source.items(node, "policies"):
        for row, policy in _registry(source, item, side, binding, purpose):
            place = f"{row.key}\\{row.name}".casefold()
            if place in taken:
                source.problem(item, f"{row.name} is already set by {taken[place]}; keep one")
                continue
            taken[place] = policy
            rows.append(row)
    return tuple(rows)


def _registry(
    source: Source, item: yaml.Node, side: str, binding: Binding, purpose: Purpose
) -> Iterator[tuple[RegistrySetting, str]]:
    fields = source.fields(item, ("policy", "state", "elements", *SERVES), ("policy", "state"), "a policy")
    control = purpose.read(source, item, fields)
    name = source.text(fields.get("policy"), "policy")
    state = source.one_of(fields.get("state"), "state", ("enabled", "disabled"), "enabled")
    if not name:
        return
    try:
        policy = find_policy(name)
    except AdmxError as error:
        source.problem(fields["policy"], str(error))
        return
    if not policy.fits(side):
        source.problem(fields["policy"], f"{policy.id} is a policy for the {policy.side} side; move it there")
        return
    elements = _elements(source, fields.get("elements"), policy, binding)
    if elements is None:
        return
    given, nodes = elements
    try:
        rows = policy.settings(state, given)
    except AdmxError as error:
        source.problem(nodes.get(error.element or "", item), f"{policy.name}: {error}")
        return
    for row in rows:
        purpose.note(f"{side}/registry/{row.key}\\{row.name}", control)
        yield row, policy.id


def _elements(
    source: Source, node: yaml.Node | None, policy: Policy, binding: Binding
) -> tuple[dict[str, Any], dict[str, yaml.Node]] | None:
    """What the elements of a policy are filled with; None when one of them cannot be told."""
    given: dict[str, Any] = {}
    nodes: dict[str, yaml.Node] = {}
    whole = True
    for name, (key, value) in source.entries(node, "elements") if node is not None else ():
        element = policy.element(name)
        if element is None:
            known = [each.id for each in policy.elements]
            takes = f"it takes {', '.join(known)}" if known else "it takes none"
            source.problem(key, f"{policy.name} has no element {name!r}{did_you_mean(name, known)} ({takes})")
            whole = False
            continue
        given[name], nodes[name] = binding.value(source, value, element.unit), value
        whole = whole and given[name] is not WRONG
    return (given, nodes) if whole else None


def read_security(
    source: Source, node: yaml.Node | None, binding: Binding, purpose: Purpose
) -> dict[str, dict[str, Any]]:
    """The sections of the security template."""
    sections: dict[str, dict[str, Any]] = {}
    if node is None:
        return sections
    for title, content in source.fields(node, SECTIONS, what="security").items():
        entries: dict[str, Any] = {}
        read = {PRIVILEGES: _right, MEMBERSHIP: _members}.get(title, _setting)
        for name, pair in source.entries(content, title):
            spelled, stored, fields = read(source, title, name, pair, binding)
            control = purpose.read(source, pair[0], fields)
            if stored is not WRONG:
                entries[spelled] = stored
                place = f"privilege/{spelled}" if title == PRIVILEGES else f"security/{title}/{spelled}"
                purpose.note(f"computer/{place}", control)
        for problem in contradictions(title, entries):
            source.problem(content, problem)
        sections[title] = entries
    return sections


Found = tuple[str, Any, dict[str, yaml.Node]]
Pair = tuple[yaml.Node, yaml.Node]


def _spelled(source: Source, title: str, name: str, key: yaml.Node, known: list[str]) -> str | None:
    spelling = {each.casefold(): each for each in known}.get(name.casefold())
    if spelling is None:
        source.problem(key, f"[{title}] has no {name!r}{did_you_mean(name, known)}")
    return spelling


def _setting(source: Source, title: str, name: str, pair: Pair, binding: Binding) -> Found:
    key, value = pair
    spelled = _spelled(source, title, name, key, list(KEYS[title]))
    fields = source.fields(value, ("value", "value_of", "unit", *SERVES), what=name)
    if spelled is None:
        return name, WRONG, fields
    row = KEYS[title][spelled]
    node = fields.get("value")
    if ("value" in fields) == ("value_of" in fields):
        source.problem(value, f"{spelled} takes value, or value_of; one of them")
        return spelled, WRONG, fields
    given = (
        binding.value(source, node, row.unit) if node is not None else binding.named(source, value, fields, row.unit)
    )
    if given is WRONG:
        return spelled, WRONG, fields
    try:
        return spelled, row.stored(given), fields
    except (ValueError, GroupPolicyDataError) as error:
        source.problem(value, f"{spelled}: {error}")
        return spelled, WRONG, fields


def _right(source: Source, title: str, name: str, pair: Pair, binding: Binding) -> Found:
    key, value = pair
    spelled = _spelled(source, title, name, key, list(RIGHTS))
    fields = source.fields(value, ("value", *SERVES), ("value",), name)
    before = len(source.problems)
    sids = binding.sids(source, fields.get("value"), name)
    if spelled is None or len(source.problems) > before:
        return name, WRONG, fields
    if denies_everybody(spelled, sids):
        source.problem(value, f"{spelled} would shut everybody out; name the groups that are not to log on")
        return spelled, WRONG, fields
    return spelled, sids, fields


def _members(source: Source, title: str, name: str, pair: Pair, binding: Binding) -> Found:
    """Who is in a local group: groups of the domain, written there or bound under a name."""
    key, value = pair
    spelled = _spelled(source, title, name, key, list(LOCAL_GROUPS))
    fields = source.fields(value, ("value", "value_of", *SERVES), what=name)
    before = len(source.problems)
    if ("value" in fields) == ("value_of" in fields):
        source.problem(value, f"{name} takes value, or value_of; one of them")
        return name, WRONG, fields
    sids = (
        binding.sids(source, fields["value"], name)
        if "value" in fields
        else binding.named_sids(source, value, fields, name)
    )
    if spelled is None or len(source.problems) > before:
        return name, WRONG, fields
    if not sids:
        source.problem(value, f"{name} would be empty; name the groups that are its members")
        return name, WRONG, fields
    return *membership(spelled, sids), fields


def read_scripts(
    source: Source, node: yaml.Node | None, side: str, binding: Binding, purpose: Purpose
) -> tuple[Script, ...]:
    """Scripts of one half, in order."""
    events = [event for event, half in SCRIPT_EVENTS.items() if half == side]
    scripts = []
    for number, item in enumerate(source.items(node, "scripts"), start=1):
        allowed = ("event", "command", "parameters", "powershell", *SERVES)
        fields = source.fields(item, allowed, ("event", "command"), "a script")
        control = purpose.read(source, item, fields)
        event = source.one_of(fields.get("event"), "event", events, events[0])
        command, parameters = (
            binding.value(source, fields[part]) if part in fields else "" for part in ("command", "parameters")
        )
        if not isinstance(command, str) or not isinstance(parameters, str):
            continue
        scripts.append(Script(event, command, parameters, source.yes(fields.get("powershell"), "powershell", False)))
        purpose.note(f"{side}/scripts/{event}/{number}", control)
    return tuple(scripts)
