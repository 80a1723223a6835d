"""Try people's own folders and the bins of deleted files: one's own yes, somebody else's no."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.module_utils.linux.share_trial import LAID, WRITTEN, outcome
from ansible.module_utils.linux.smbclient_output import OK, NoAnswerError, Output, denial
from ansible.module_utils.linux.smbclient_session import Client, quoted

Effects = dict[str, tuple[bool, str | None]]
#: smbclient names a folder in its messages with what was asked for in it.
_HIDDEN = "NT_STATUS_OBJECT_PATH_NOT_FOUND"


def personal(client: Client, share: str, planter: str, kinds: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """For one person of each kind their own folder, and that of the person of the next kind."""
    tried = [kind for kind in kinds if kind["has_folder"] and client.may_come(kind["person"])]
    laid = client.name("personal")
    output = client.run(planter, share, [f"put laid {quoted(kind['person'], laid)}" for kind in tried])
    if output.connection:
        raise NoAnswerError(f"{planter} could not lay the files of the trial: {output.said()}")
    there = {kind["person"] for kind in tried if output.stored(f"{kind['person']}\\{laid}")}
    found = []
    for place, kind in enumerate(tried):
        neighbour = tried[(place + 1) % len(tried)]
        found += _folder(client, share, kind, kind, there)
        if neighbour is not kind:
            found += _folder(client, share, kind, neighbour, there)
    return found


def _folder(
    client: Client, share: str, kind: Mapping[str, Any], owner: Mapping[str, Any], there: set[str]
) -> list[dict[str, Any]]:
    """See, read, write and delete in one folder, in one session."""
    person, folder, mine = kind["person"], owner["person"], kind is owner
    laid, own = client.name("personal"), client.name(f"personal-{kind['number']}")
    got = f"personal-{kind['number']}-{owner['number']}"
    output = client.run(
        person,
        share,
        [
            f"ls {quoted(folder, laid)}",
            f"get {quoted(folder, laid)} {quoted(got)}",
            f"put written {quoted(folder, own)}",
            f"del {quoted(folder, own)}" if mine else f"del {quoted(folder, laid)}",
        ],
    )
    if output.connection:
        refusal = denial(output.connection, output.said())
        effects: Effects = dict.fromkeys(("see", "read", "write", "delete"), (False, refusal))
    else:
        effects = _effects(client.received(got), output, f"{folder}\\{laid}", f"{folder}\\{own}", mine)
    if folder not in there and mine:
        effects = {action: (False, status or _HIDDEN) for action, (_, status) in effects.items()}
    return [
        {
            "kind": kind["id"],
            "person": person,
            "folder": folder,
            "action": action,
            "granted": granted,
            "expected": mine,
            "status": status,
        }
        for action, effect in effects.items()
        for granted, status in [outcome([effect], mine)]
    ]


def _effects(got: bytes | None, output: Output, laid: str, own: str, mine: bool) -> Effects:
    seen, stored = laid.rpartition("\\")[2] in output.names, output.stored(own)
    refusal = output.status(own if mine else laid, "deleting", "listing")
    return {
        "see": (seen, output.status(laid, "listing")),
        "read": (got == LAID, output.status(laid, "opening")),
        "write": (stored, output.status(own, "opening")),
        # Somebody else's file that can be listed, with no word of a refusal, is gone.
        "delete": (refusal is None and (stored if mine else seen), refusal),
    }


def recycle(
    client: Client, share: Mapping[str, Any], bin_folder: str, kinds: Sequence[Mapping[str, Any]]
) -> dict[str, Any] | None:
    """Throw a file away, find it, put it back; somebody else looks for it. None when nobody may write there.

    :raises NoAnswerError: of those who may write, nobody could.
    """
    own_folders = share["kind"] == "personal"
    here = [kind for kind in kinds if kind["status"] == "active" and client.may_come(kind["person"])]
    writers = [kind for kind in here if (kind["has_folder"] if own_folders else _may(kind, share, "write"))]
    if not writers:
        return None
    lost, got = client.name("recycle"), f"bin-{share['name']}"
    said = ""
    for writer in writers:
        person = writer["person"]
        place = (person, lost) if own_folders else (lost,)
        kept = (bin_folder, person, *place)
        output = client.run(
            person,
            share["name"],
            [f"put written {quoted(*place)}", f"del {quoted(*place)}", f"get {quoted(*kept)} {got}"],
        )
        if output.stored("\\".join(place)) and not output.status("\\".join(place), "deleting", "listing"):
            break
        said = f"{person} could not throw a file away: {output.said()}"
    else:
        raise NoAnswerError(said)
    found = client.received(got) == WRITTEN
    others = [kind for kind in here if kind is not writer and (own_folders or _may(kind, share, "see"))]
    return {
        "share": share["name"],
        "person": person,
        "found": found,
        "others": [_looks(client, share["name"], other, kept) for other in others[:1]] if found else [],
        "restored": found and _restored(client, person, share["name"], kept, place),
    }


def _may(kind: Mapping[str, Any], share: Mapping[str, Any], action: str) -> bool:
    return bool(kind["expected"][share["name"]][action])


def _looks(client: Client, share: str, other: Mapping[str, Any], kept: Sequence[str]) -> dict[str, Any]:
    """Somebody else of the same share looks for the file, by listing and by name."""
    got = f"bin-{share}-{other['number']}"
    output = client.run(other["person"], share, [f"get {quoted(*kept)} {quoted(got)}", f"ls {quoted(*kept[:-1], '*')}"])
    seen = client.received(got) is not None or kept[-1] in output.names
    status = OK if seen else denial(output.connection or output.status("\\".join(kept), "opening"), output.said())
    return {"person": other["person"], "reads": seen, "status": status}


def _restored(client: Client, person: str, share: str, kept: Sequence[str], place: Sequence[str]) -> bool:
    """Whether the person puts the file back, byte for byte, and throws it away for good."""
    got = f"restored-{share}"
    client.run(
        person,
        share,
        [f"rename {quoted(*kept)} {quoted(*place)}", f"get {quoted(*place)} {quoted(got)}", f"del {quoted(*place)}"],
    )
    return client.received(got) == WRITTEN
