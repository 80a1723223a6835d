"""What a ruleset lets through, worked out from its listing: every packet that may open a connection, as boxes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.firewall.boxes import Box, meet_all, minus_all
from ansible.module_utils.firewall.listing import Chain, Conditions, Listing, NotUnderstood

HOOKS = ("input", "forward", "output")
#: What a rule does besides judging; a limit only matters where the rule has a verdict.
_VERDICTS = ("accept", "drop", "reject", "jump", "goto", "return")
_HARMLESS = {"counter", "log", "comment", "masquerade", "snat"}
_PER_SECOND = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_FAMILY = {"ip": ((4, 4),), "ip6": ((6, 6),)}


@dataclass
class Effective:
    """What passes each hook, what passes before routing, and what could not be understood."""

    passing: dict[str, list[Box]]
    arriving: list[Box]
    not_understood: list[str] = field(default_factory=list)


@dataclass
class _State:
    """Where a rule stands: packets that meet it so far, those that go on, and whether its conditions say it all."""

    rest: list[Box]
    matching: list[Box]
    sure: bool = True


@dataclass
class _Outcome:
    """Of the packets that entered a chain: those accepted, and those that came out at its end."""

    accepted: list[Box] = field(default_factory=list)
    through: list[Box] = field(default_factory=list)


def evaluate(listing: Listing) -> Effective:
    """Follow every packet that opens a connection through the chains of the hooks it meets."""
    walk, whole = _Walk(listing), [listing.whole()]
    arriving = walk.hook("prerouting", whole)
    passing = {
        "input": walk.hook("input", arriving),
        "forward": walk.hook("forward", arriving),
        "output": walk.hook("output", whole),
    }
    for hook in ("prerouting", "input", "output"):
        for chain in listing.based(hook, "nat"):
            walk.notes += [f"{chain.table} {chain.name}: translates destinations" for rule in chain.rules if rule]
    return Effective(passing, arriving, sorted(set(walk.notes)))


class _Walk:
    """Packets on their way through the chains of one listing; what is not understood is noted."""

    def __init__(self, listing: Listing) -> None:
        self._listing = listing
        self.notes: list[str] = []

    def hook(self, hook: str, boxes: list[Box]) -> list[Box]:
        """What every base chain of a hook lets through, one after the other."""
        for chain in self._listing.based(hook):
            family = [self._listing.whole(**({"family": _FAMILY[chain.family]} if chain.family in _FAMILY else {}))]
            others = minus_all(boxes, family)
            outcome = self.follow(chain, meet_all(boxes, family))
            boxes = others + outcome.accepted + (outcome.through if chain.policy == "accept" else [])
        return boxes

    def follow(self, chain: Chain, boxes: list[Box]) -> _Outcome:
        """What becomes of packets that enter a chain."""
        outcome = _Outcome()
        for rule in chain.rules:
            if not boxes:
                break
            boxes = self._apply(chain, rule, boxes, outcome)
        outcome.through += boxes
        return outcome

    def _apply(self, chain: Chain, rule: list[dict[str, Any]], boxes: list[Box], outcome: _Outcome) -> list[Box]:
        """One rule: what it accepts and sends away goes to the outcome, the rest comes back."""
        state = _State(boxes, boxes)
        for part in rule:
            ((kind, value),) = part.items()
            try:
                if kind == "match":
                    state.matching = meet_all(state.matching, Conditions(self._listing, chain).match(value))
                elif kind == "vmap":
                    self._look_up(chain, value, state, outcome)
                elif kind == "limit":
                    state.sure = False
                elif kind in _VERDICTS:
                    self._verdict(chain, part, state, outcome)
                    break
                elif kind not in _HARMLESS:
                    raise NotUnderstood(kind)
            except NotUnderstood as error:
                state.sure = False
                if not _is_narrowing(value):
                    self.notes.append(f"{chain.table} {chain.name}: {error}")
        return state.rest

    def _look_up(self, chain: Chain, vmap: Mapping[str, Any], state: _State, outcome: _Outcome) -> None:
        """A verdict map: each key's packets meet its verdict; the others go on."""
        data = vmap["data"]
        if not isinstance(data, dict):
            key = (chain.family, chain.table, str(data).removeprefix("@"))
            if key not in self._listing.sets:
                raise NotUnderstood(str(data))
            data = {"set": self._listing.sets[key]}
        conditions, matching = Conditions(self._listing, chain), state.matching
        for key, verdict in data["set"]:
            state.matching = meet_all(matching, conditions.compare(vmap["key"], key))
            self._verdict(chain, verdict, state, outcome)
        state.matching = meet_all(matching, state.rest) if state.sure else matching

    def _verdict(self, chain: Chain, verdict: Mapping[str, Any], state: _State, outcome: _Outcome) -> None:
        """What a verdict does with the matching packets; state.rest is what goes on."""
        ((kind, target),) = verdict.items()
        if kind == "continue":
            return
        if state.sure:
            state.rest = minus_all(state.rest, state.matching)
        if kind == "accept":
            outcome.accepted += state.matching
        elif kind == "return":
            outcome.through += state.matching
        elif kind in ("jump", "goto"):
            inner = self.follow(self._listing.chains[chain.family, chain.table, target["target"]], state.matching)
            outcome.accepted += inner.accepted
            if kind == "goto":
                outcome.through += inner.through
            elif state.sure:
                state.rest = state.rest + inner.through


def _is_narrowing(value: Any) -> bool:
    """Conditions that this project writes itself and that boxes have no axis for: near neighbours, the way back."""
    left = value.get("left", {}) if isinstance(value, Mapping) else {}
    return isinstance(left, dict) and ("fib" in left or left.get("payload") == {"protocol": "ip6", "field": "hoplimit"})


def reached(listing: Listing, chain: Chain) -> Iterator[Chain]:
    """A chain and those it jumps to, however far."""
    waiting, seen = [chain], set()
    while waiting:
        found = waiting.pop()
        if found.name in seen:
            continue
        seen.add(found.name)
        yield found
        for rule in found.rules:
            for target in _targets(rule):
                waiting.append(listing.chains[found.family, found.table, target])


def _targets(rule: list[dict[str, Any]]) -> Iterator[str]:
    for part in rule:
        verdicts = [part]
        if "vmap" in part and isinstance(part["vmap"]["data"], dict):
            verdicts = [verdict for _, verdict in part["vmap"]["data"]["set"]]
        for verdict in verdicts:
            for kind in ("jump", "goto"):
                if kind in verdict:
                    yield verdict[kind]["target"]


def logs(listing: Listing, chain: Chain) -> list[float | None]:
    """How many lines a second each log rule below a chain may write; None for as many as it gets."""
    found: list[float | None] = []
    for each in reached(listing, chain):
        for rule in each.rules:
            if any("log" in part for part in rule):
                found.append(_rate(rule))
    return found


def _rate(rule: list[dict[str, Any]]) -> float | None:
    for part in rule:
        if "log" in part:
            return None
        limit = part.get("limit")
        if limit and not limit.get("inv") and limit.get("rate_unit", "packets") == "packets":
            return float(limit["rate"]) / _PER_SECOND[limit["per"]]
    return None


def checks_way_back(listing: Listing) -> bool:
    """Whether some chain before routing refuses sources that no answer would go back to by the same interface."""
    wanted = {"fib": {"result": "oif", "flags": ["saddr", "iif"]}}
    for chain in listing.based("prerouting"):
        for rule in chain.rules:
            asks = any(part.get("match", {}).get("left") == wanted and part["match"]["right"] is False for part in rule)
            if asks and ("drop" in rule[-1] or _refuses(listing, chain, rule[-1])):
                return True
    return False


def _refuses(listing: Listing, chain: Chain, verdict: Mapping[str, Any]) -> bool:
    """Whether a jump ends in a refusal of everything."""
    if "jump" not in verdict:
        return False
    target = listing.chains[chain.family, chain.table, verdict["jump"]["target"]]
    inner = _Walk(listing).follow(target, [listing.whole()])
    return not inner.accepted and not inner.through


def translated(listing: Listing) -> list[Box]:
    """Packets that get the firewall's own address on their way out."""
    found: list[Box] = []
    for chain in listing.based("postrouting", "nat"):
        conditions = Conditions(listing, chain)
        for rule in chain.rules:
            if not any("masquerade" in part for part in rule):
                continue
            boxes = [listing.whole()]
            try:
                for part in rule:
                    if "match" in part:
                        boxes = meet_all(boxes, conditions.match(part["match"]))
            except NotUnderstood:
                continue
            found += boxes
    return found
