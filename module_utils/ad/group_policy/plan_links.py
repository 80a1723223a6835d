"""Where policies are to be linked, in which order, and what stands in the way. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ansible.module_utils.ad import directory_names as names
from ansible.module_utils.ad.group_policy.links import GpoLink, by_precedence, inheritance_blocked
from ansible.module_utils.ad.group_policy.model import Link
from ansible.module_utils.ad.group_policy.store_model import Target, same


@dataclass(frozen=True)
class LinkedPolicy:
    """A policy that is ours to link: all its links, or (merge) those that are declared besides its other ones."""

    dn: str
    name: str
    links: tuple[Link, ...]
    merge: bool = False


def plan_links(targets: Iterable[Target], policies: Sequence[LinkedPolicy]) -> Iterator[tuple[Target, list[GpoLink]]]:
    """The targets whose links change, with the links as they are to be stored.

    What is declared stands before the links of others, which keep their order among themselves: a declared setting
    would not hold below another one.
    """
    for target in targets:
        wanted = _wanted(target, policies)
        if wanted != target.links:
            yield target, list(wanted)


def _wanted(target: Target, policies: Sequence[LinkedPolicy]) -> tuple[GpoLink, ...]:
    declared = [
        (link.order, number, policy, link)
        for number, policy in enumerate(policies)
        for link in policy.links
        if same(link.target, target.dn)
    ]
    ours = [_stored(target, policy, link) for _, _, policy, link in sorted(declared, key=lambda row: row[:2])]
    mine = [policy.dn for *_, policy, _ in declared] + [policy.dn for policy in policies if not policy.merge]
    others = [link for link in by_precedence(target.links) if not any(same(link.dn, dn) for dn in mine)]
    return by_precedence((*ours, *others))


def _stored(target: Target, policy: LinkedPolicy, link: Link) -> GpoLink:
    """The link as it is to be, spelled as it stands and with the options that are not ours."""
    found = next((each for each in target.links if same(each.dn, policy.dn)), GpoLink(_spelled(policy.dn)))
    return found.with_options(link.enforced, link.enabled)


def _spelled(dn: str) -> str:
    """The prefixes as the management console writes them."""
    parts = [part.partition("=") for part in dn.split(",")]
    return ",".join(f"{kind.lower() if kind.upper() == 'CN' else kind}={value}" for kind, _, value in parts)


def foreign_links(targets: Iterable[Target], policies: Sequence[LinkedPolicy]) -> Iterator[tuple[Target, GpoLink]]:
    """Links of other people's policies on the targets that ours are linked to."""
    for target in targets:
        if any(same(link.target, target.dn) for policy in policies for link in policy.links):
            yield from (
                (target, link) for link in target.links if not any(same(link.dn, policy.dn) for policy in policies)
            )


def blocked_units(targets: Iterable[Target], root: str) -> tuple[Target, ...]:
    """The units of a site that keep the policies from above out."""
    return tuple(
        target
        for target in targets
        if (same(target.dn, root) or names.below(target.dn, root)) and inheritance_blocked(target.options)
    )


def links_of(policy_dn: str, targets: Iterable[Target]) -> tuple[Link, ...]:
    """Where a policy is linked; order is its precedence there."""
    found = []
    for target in targets:
        for place, link in enumerate(by_precedence(target.links), 1):
            if same(link.dn, policy_dn):
                found.append(Link(target.dn, link.enforced, link.enabled, place))
    return tuple(found)
