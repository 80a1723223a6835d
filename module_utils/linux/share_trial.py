"""Try what one kind of person may do on one share, by its effects.

A right is there when its effect is seen: the bytes came, the file is there or is gone, as the administrator who laid it
finds afterwards. It is missing when the effect is not there and the server refused. Anything else is "not tried".
Where nothing is promised, one effect of several is enough to count; where it is promised, all must be seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.linux.smbclient_output import NO_SHARE, OK, NoAnswerError, Output, denial
from ansible.module_utils.linux.smbclient_session import Client, quoted

#: The bytes that are laid out, and those that people write over them.
LAID, WRITTEN = b"laid out by the trial\n", b"written by the trial\n"


@dataclass
class Laid:
    """The files of one share: what is there before the trial, and what the administrator finds after it."""

    share: str
    absent: bool = False
    before: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()


@dataclass
class Visit:
    """What one kind of person did on one share, still to be judged by what is found afterwards."""

    kind: Mapping[str, Any]
    share: str
    listed: bool
    output: Output
    refused: str | None = None
    received: dict[str, bytes | None] = field(default_factory=dict)


def lay(client: Client, planter: str, share: str, kinds: Sequence[str]) -> Laid:
    """Put the files of the trial on a share, as an administrator.

    :raises NoAnswerError: they are not there afterwards, so that nothing can be said of the share.
    """
    wanted = [client.name("read"), *(client.name(f"{what}-{kind}") for kind in kinds for what in ("change", "delete"))]
    output = client.run(planter, share, [*(f"put laid {quoted(name)}" for name in wanted), f"ls {_mine(client)}"])
    if output.connection == NO_SHARE:
        return Laid(share, absent=True)
    if not set(wanted) <= output.names:
        raise NoAnswerError(f"{planter} could not lay the files of the trial: {output.said()}")
    return Laid(share, before=output.names)


def find(client: Client, planter: str, laid: Laid) -> None:
    """Note what is left on a share."""
    output = client.run(planter, laid.share, [f"ls {_mine(client)}"])
    if output.connection:
        raise NoAnswerError(f"{planter} could not look at what is left: {output.said()}")
    laid.after = output.names


def _mine(client: Client) -> str:
    return quoted(client.name("*").removesuffix(".txt"))


def visit(client: Client, kind: Mapping[str, Any], share: str, listed: bool) -> Visit:
    """Everything one person tries on one share, in one session."""
    number, person = kind["number"], kind["person"]
    if refusal := client.refused.get(person):
        return Visit(kind, share, False, Output(""), refusal)
    own, change, gone = (client.name(f"{what}-{number}") for what in ("own", "change", "delete"))
    got = {what: f"{what}-{share}-{number}" for what in ("read", "own", "change")}
    output = client.run(
        person,
        share,
        [
            f"ls {_mine(client)}",
            f"get {quoted(client.name('read'))} {quoted(got['read'])}",
            f"put laid {quoted(own)}",
            f"put written {quoted(own)}",
            f"get {quoted(own)} {quoted(got['own'])}",
            f"put written {quoted(change)}",
            f"get {quoted(change)} {quoted(got['change'])}",
            f"del {quoted(gone)}",
            f"del {quoted(own)}",
        ],
    )
    return Visit(kind, share, listed, output, received={what: client.received(file) for what, file in got.items()})


def judged(client: Client, one: Visit, laid: Laid) -> list[dict[str, Any]]:
    """The attempts of a visit, each granted or not, with the server's word; own files come last.

    :raises NoAnswerError: the session gave no answer about rights.
    """
    expected = one.kind["expected"][one.share]
    results = {
        action: (outcome(effects, expected[action]), effects) for action, effects in _effects(client, one, laid).items()
    }
    found = [
        _attempt(one, action, granted, status, expected[action]) for action, ((granted, status), _) in results.items()
    ]
    return found + _own(client, one, laid, expected)


def _effects(client: Client, one: Visit, laid: Laid) -> dict[str, list[tuple[bool, str | None]]]:
    """For each action its effects: seen or not, and what the server said of it."""
    if one.refused or laid.absent:
        return {action: [(False, one.refused or NO_SHARE)] for action in ("see", "read", "write", "delete")}
    output, number = one.output, one.kind["number"]
    if output.connection:
        status = denial(output.connection, output.said())
        return {action: [(action == "see" and one.listed, status)] for action in ("see", "read", "write", "delete")}
    own, change, gone = (client.name(f"{what}-{number}") for what in ("own", "change", "delete"))
    laid_out = client.name("read")
    return {
        "see": [
            (one.listed or laid_out in output.names, output.status(client.name("*").removesuffix(".txt"), "listing"))
        ],
        "read": [(one.received["read"] == LAID, output.status(laid_out, "opening", "listing"))],
        "write": [
            (output.stored(own) or own in laid.after, output.status(own, "opening")),
            (output.stored(change) and one.received["change"] != LAID, output.status(change, "opening")),
        ],
        "delete": [(gone not in laid.after, output.status(gone, "deleting", "listing"))],
    }


def outcome(effects: Sequence[tuple[bool, str | None]], promised: bool) -> tuple[bool, str]:
    """Whether an action counts as granted, and the status that says why not.

    :raises NoAnswerError: an effect is missing and the server did not refuse it.
    """
    refusals = [denial(status, "the server said nothing of it") for seen, status in effects if not seen]
    granted = not refusals if promised else len(refusals) < len(effects)
    return granted, OK if granted else refusals[0]


def _own(client: Client, one: Visit, laid: Laid, expected: Mapping[str, bool]) -> list[dict[str, Any]]:
    """Throwing away what oneself made: everybody who writes may."""
    own = client.name(f"own-{one.kind['number']}")
    if not one.output.stored(own):
        return []
    granted = own not in laid.after
    status = OK if granted else denial(one.output.status(own, "deleting", "listing"), one.output.said())
    return [_attempt(one, "delete_own", granted, status, expected["write"])]


def _attempt(one: Visit, action: str, granted: bool, status: str, expected: bool) -> dict[str, Any]:
    return {
        "kind": one.kind["id"],
        "person": one.kind["person"],
        "share": one.share,
        "action": action,
        "granted": granted,
        "expected": expected,
        "status": status,
    }
