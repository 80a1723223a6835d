"""All policies of a site at once: which stand for which definitions, what goes, and the links of all. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ansible.module_utils.ad.group_policy.difference import PRESENCE, Difference
from ansible.module_utils.ad.group_policy.links import GpoLink
from ansible.module_utils.ad.group_policy.model import GroupPolicy
from ansible.module_utils.ad.group_policy.plan import Circumstances, PolicyPlan, differences, plan_policy
from ansible.module_utils.ad.group_policy.plan_links import (
    LinkedPolicy,
    blocked_units,
    foreign_links,
    links_of,
    plan_links,
)
from ansible.module_utils.ad.group_policy.read import State
from ansible.module_utils.ad.group_policy.store_model import Container, GroupPolicyError, StoredPolicy, Target, same


@dataclass(frozen=True)
class SitePlan:
    """Every write that brings a domain in line with the definitions."""

    policies: tuple[PolicyPlan, ...]
    removed: tuple[StoredPolicy, ...]
    links: tuple[tuple[Target, list[GpoLink]], ...]
    unblocked: tuple[Target, ...]
    differences: tuple[Difference, ...]
    orphans: tuple[str, ...] = ()  # folders of policies of ours whose container was removed by hand
    foreign: tuple[tuple[Target, GpoLink], ...] = ()

    @property
    def changes(self) -> bool:
        written = self.removed or self.links or self.unblocked or self.orphans
        return bool(written or any(plan.changes for plan in self.policies))

    @property
    def changed_policies(self) -> list[str]:
        """The names of the policies that something changes for."""
        return list(dict.fromkeys(each.policy for each in self.differences if each.policy))


def match(
    wanted: Iterable[GroupPolicy], containers: Sequence[Container], site: str
) -> tuple[dict[str, Container], list[Difference]]:
    """The container of each definition that has one, by the definition's name, and the names that are borne twice."""
    found: dict[str, Container] = {}
    clashes: list[Difference] = []
    for policy in wanted:
        namesakes = [each for each in containers if each.name.casefold() == policy.name.casefold()]
        own = [each for each in namesakes if each.made_for(site)]
        if policy.guid:
            own = [each for each in containers if each.guid == policy.guid.upper()]
        others = [each for each in namesakes if each not in own[:1]]
        if own:
            found[policy.name] = own[0]
        if others and not policy.merge:
            listed = sorted({each.guid for each in (*own, *others)})
            clashes.append(Difference(policy.name, "name", "borne by one policy", listed))
    return found, clashes


def refuse_clashes(clashes: Iterable[Difference]) -> None:
    """Stop before a policy is written next to another of the same name.

    :raises GroupPolicyError: there is such a name.
    """
    for clash in clashes:
        raise GroupPolicyError(
            f"the domain already has a policy named {clash.policy} ({', '.join(clash.observed)}) that is not the one "
            "declared; rename or remove it, or name its guid in the definition to take it over"
        )


@dataclass(frozen=True)
class Wanted:
    """What a domain is compared with: definitions, the GUID of each, and what else is asked for."""

    policies: Sequence[GroupPolicy]
    guids: Mapping[str, str]
    policies_dn: str
    site: str = ""
    purge: bool = False
    inheritance_root: str | None = None

    def removed(self, state: State) -> tuple[StoredPolicy, ...]:
        """The policies of ours that are not declared any more."""
        declared = set(self.guids.values())
        return tuple(
            state.policies[each.guid]
            for each in state.containers
            if self.purge and each.made_for(self.site) and each.guid not in declared
        )

    def orphans(self, state: State) -> tuple[str, ...]:
        """The folders that go with the policies that go."""
        return tuple(
            guid
            for guid, site in state.orphans.items()
            if self.purge and site == self.site and guid not in self.guids.values()
        )

    def linked(self, state: State) -> list[LinkedPolicy]:
        """The policies whose links are ours, in order; those that go have none."""
        dns = {each.guid: each.dn for each in state.containers}
        return [
            *(
                LinkedPolicy(
                    dns.get(self.guids[each.name], f"CN={self.guids[each.name]},{self.policies_dn}"),
                    each.name,
                    each.links,
                    each.merge,
                )
                for each in self.policies
            ),
            *(LinkedPolicy(each.container.dn, each.policy.name, ()) for each in self.removed(state)),
            *(LinkedPolicy(f"CN={guid},{self.policies_dn}", guid, ()) for guid in self.orphans(state)),
        ]

    def unblocked(self, state: State) -> tuple[Target, ...]:
        """The units that must let policies in again."""
        return blocked_units(state.targets, self.inheritance_root) if self.inheritance_root else ()


def plan_site(wanted: Wanted, state: State, now: str) -> SitePlan:
    """What has to be written."""
    linked, run = wanted.linked(state), Circumstances(state.every_file, wanted.site, now)
    return SitePlan(
        policies=tuple(
            plan_policy(policy, wanted.guids[policy.name], state.policies.get(wanted.guids[policy.name]), run)
            for policy in wanted.policies
        ),
        removed=wanted.removed(state),
        links=tuple(plan_links(state.targets, linked)),
        unblocked=wanted.unblocked(state),
        differences=tuple(site_differences(wanted, state)),
        orphans=wanted.orphans(state),
        foreign=tuple(foreign_links(state.targets, linked)),
    )


def site_differences(wanted: Wanted, state: State) -> Iterator[Difference]:
    """Everything that is not as declared, in words."""
    run = Circumstances(state.every_file, wanted.site)
    for policy in wanted.policies:
        yield from differences(policy, state.policies.get(wanted.guids[policy.name]), run)
    for stored in wanted.removed(state):
        yield Difference(stored.policy.name, PRESENCE, None, "present")
    for guid in wanted.orphans(state):
        yield Difference("", f"folder/{guid}", None, "left of a policy whose container is gone")
    linked = wanted.linked(state)
    yield from link_differences(linked, state.targets, plan_links(state.targets, linked))
    for target in wanted.unblocked(state):
        yield Difference("", f"inheritance/{target.dn}", "allowed", "blocked")


def link_differences(
    policies: Iterable[LinkedPolicy], targets: Sequence[Target], changed: Iterable[tuple[Target, list[GpoLink]]]
) -> Iterable[Difference]:
    """The links of our policies that are not as declared, by the object they are linked to."""
    after = {target.dn: Target(target.dn, tuple(links), target.options) for target, links in changed}
    for policy in policies:
        for target in targets:
            if target.dn not in after:
                continue
            before, then = _link(policy.dn, target), _link(policy.dn, after[target.dn])
            if before != then:
                yield Difference(policy.name, f"links/{target.dn}", then, before)


def _link(policy_dn: str, target: Target) -> dict[str, object] | None:
    found = links_of(policy_dn, [target])
    if not found:
        return None
    facts: dict[str, object] = {"order": found[0].order, "enforced": found[0].enforced, "enabled": found[0].enabled}
    if len(found) > 1:
        facts["times"] = len(found)
    return facts


def target_dns(wanted: Iterable[GroupPolicy]) -> list[str]:
    """The objects that definitions link to, each once."""
    found: list[str] = []
    for policy in wanted:
        found += [link.target for link in policy.links if not any(same(link.target, dn) for dn in found)]
    return found
