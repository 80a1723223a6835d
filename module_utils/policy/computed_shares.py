"""Observations about file servers that are worked out from several facts; see computed for how they are written.

What was not tried is no answer: an observation that finds nothing wrong says so only when everybody was tried
everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ansible.module_utils.policy.facts import Facts, MissingFact
from ansible.module_utils.policy.phrases import say

#: SMB dialects, oldest first, as the trial names them.
_DIALECTS = ("smb1", "smb2_02", "smb2_10", "smb3_00", "smb3_02", "smb3_11")
_TICKET = "ticket given"


def _beyond(facts: Facts, action: str) -> list[str]:
    return _whole(facts, (one for one in _attempts(facts, action) if one["granted"] and not one["expected"]))


def _attempts(facts: Facts, *actions: str) -> list[Facts]:
    return [one for one in facts["share_access"]["attempts"].some() if not actions or one["action"] in actions]


def _whole(facts: Facts, offending: Iterable[Facts]) -> list[str]:
    """A line for each attempt that offends.

    :raises MissingFact: none does, but some kind of person was not tried on some share.
    """
    found = [say(one["action"], f"{one['kind']} ({one['person']}): {one['share']}") for one in offending]
    if not found:
        _nothing_untried(facts)
        tried = {(one["kind"], one["share"], one["action"]) for one in _attempts(facts)}
        kinds, shares = facts["share_access"]["kinds"].some(), facts["share_access"]["shares"].some()
        for kind in kinds:
            for share in shares:
                for action in ("see", "read", "write", "delete"):
                    if (kind["id"], share["name"], action) not in tried:
                        raise MissingFact(f"share_access.attempts: {kind['id']} on {share['name']}, {action}")
    return found


def _nothing_untried(facts: Facts) -> None:
    for one in facts["share_access"]["untried"]:
        raise MissingFact(f"share_access.untried: {one['reason']}")


def shares_read_beyond_the_table(facts: Facts) -> list[str]:
    """Kinds of people who read a share that the table does not let them read."""
    return _beyond(facts, "read")


def shares_written_beyond_the_table(facts: Facts) -> list[str]:
    """Kinds of people who write on a share that the table does not let them write on."""
    return _beyond(facts, "write")


def shares_emptied_beyond_the_table(facts: Facts) -> list[str]:
    """Kinds of people who delete somebody else's file where the table does not let them."""
    return _beyond(facts, "delete")


def shares_seen_beyond_the_table(facts: Facts) -> list[str]:
    """Kinds of people who are shown a share that they may not read."""
    return _beyond(facts, "see")


def rights_refused_despite_the_table(facts: Facts) -> list[str]:
    """Rights that the table gives and the server refuses, throwing away one's own file included."""
    own = list(facts["share_access"]["own_files"])
    found = _whole(facts, (one for one in [*_attempts(facts), *own] if one["expected"] and not one["granted"]))
    if not found and not own and any(one["expected"] for one in _attempts(facts, "write")):
        raise MissingFact("share_access.own_files (nobody who may write threw anything away)")
    return found


def _folders(facts: Facts, *, own: bool) -> list[str]:
    tried = [one for one in facts["share_access"]["personal"].some() if one["expected"] is own]
    found = [say(one["action"], f"{one['person']}: {one['folder']}") for one in tried if one["granted"] is not own]
    if not found:
        _nothing_untried(facts)
    if not tried:
        raise MissingFact("share_access.personal")
    return found


def own_folders_refused(facts: Facts) -> list[str]:
    """People who cannot use their own folder."""
    return _folders(facts, own=True)


def neighbours_folders_open(facts: Facts) -> list[str]:
    """People who get into somebody else's folder."""
    return _folders(facts, own=False)


def people_away_who_sign_in(facts: Facts) -> list[str]:
    """People who have left, or are still expected, and whom the domain lets sign in to the file server."""
    asked = list(facts["share_access"]["closed"])
    if any(one["status"] == "not asked" for one in asked):
        raise MissingFact("share_access.closed (not asked)")
    return [one["person"] for one in asked if one["status"] == _TICKET]


def shares_without_a_manager(facts: Facts) -> list[str]:
    """Shares for which nobody at work answers."""
    return [
        f"{one['share']}: {one['manager']}"
        for one in facts["share_access"]["managers"].some()
        if one["status"] != "active" or one["ticket"] != _TICKET
    ]


def _strangers(facts: Facts, *names: str) -> list[str]:
    tried = [one for one in facts["share_access"]["anonymous"].some() if one["as"] in names]
    found = [say(f"as_{one['as']}", one["share"]) for one in tried if one["granted"]]
    if not found:
        _nothing_untried(facts)
        for share in facts["share_access"]["shares"].some():
            for name in names:
                if not any(one["share"] == share["name"] and one["as"] == name for one in tried):
                    raise MissingFact(f"share_access.anonymous: {share['name']} as {name}")
    return found


def shares_open_to_nobody(facts: Facts) -> list[str]:
    """Shares, and the list of shares, that open without a name."""
    return _strangers(facts, "anonymous")


def shares_open_to_guests(facts: Facts) -> list[str]:
    """Shares, and the list of shares, that open to a guest or to a name that nobody has."""
    return _strangers(facts, "guest", "unknown")


def unsigned_requests_taken(facts: Facts) -> list[str]:
    """Ways in which the server does without signatures: by what it announces, and by what it answers."""
    found = [say("unsigned_announced")] if facts["share_access"]["unsigned"]["accepted"] else []
    return found + ([say("unsigned_answered")] if facts["smb_signing"]["unsigned_request_accepted"] else [])


def oldest_dialect_taken(facts: Facts) -> str:
    """The oldest dialect of SMB that the server takes."""
    protocols = facts["share_access"]["protocols"]
    taken = [dialect for dialect in _DIALECTS if protocols[dialect]["accepted"]]
    if not taken:
        raise MissingFact("share_access.protocols (none taken)")
    return taken[0].upper()


def sensitive_shares_taken_in_clear(facts: Facts) -> list[str]:
    """Sensitive shares that work without encryption."""
    tried = facts["share_access"]["unencrypted"]
    sensitive = [share["name"] for share in facts["share_access"]["shares"].some() if share["sensitive"]]
    return [name for name in sensitive if tried[name]]


def _bins(facts: Facts) -> list[Facts]:
    return list(facts["share_access"]["recycle"].some())


def deleted_files_lost(facts: Facts) -> list[str]:
    """Shares where a deleted file was not found again byte for byte, or could not be put back."""
    found = [one["share"] for one in _bins(facts) if not one["found"] or not one["restored"]]
    if not found:
        _nothing_untried(facts)
    return found


def bins_open_to_others(facts: Facts) -> list[str]:
    """Bins in which somebody else sees what a person deleted, and folders in them that are not their owner's."""
    looks = [(one["share"], look) for one in _bins(facts) for look in one["others"]]
    found = [f"{share}: {look['person']}" for share, look in looks if look["reads"]]
    found += list(facts["file_shares"]["recycle"]["bins_of_others"])
    if not looks:
        raise MissingFact("share_access.recycle (nobody else looked)")
    if not found:
        _nothing_untried(facts)
    return found


def days_in_the_bin(facts: Facts) -> Any:
    """Days that a deleted file is kept before it is purged; None when nothing purges it."""
    purge = facts["file_shares"]["recycle"]
    return purge["retention_days"] if purge["timer_enabled"] and purge["last_purge_worked"] else None


def access_lists_that_differ(facts: Facts) -> list[str]:
    """Folders whose access list is not the one that the table asks for."""
    return [
        say("list", f"{one['share']}/{one['path']}", difference)
        for one in facts["share_acl"].some()
        for difference in one["differences"]
    ]


def audit_log_weaknesses(facts: Facts) -> list[str]:
    """Ways in which the log of deletions and reads could be read or changed by others."""
    log = facts["file_shares"]["audit_log"]
    if not log["exists"]:
        return [say("no_log")]
    found = [] if log["owner"] == "root" else [say("log_owner", log["owner"])]
    return found + ([say("log_open")] if log["open_to_others"] else [])


#: By the name that the catalogue gives them.
SHARE_OBSERVERS: dict[str, Callable[[Facts], Any]] = {
    function.__name__: function
    for function in (
        shares_read_beyond_the_table,
        shares_written_beyond_the_table,
        shares_emptied_beyond_the_table,
        shares_seen_beyond_the_table,
        rights_refused_despite_the_table,
        own_folders_refused,
        neighbours_folders_open,
        people_away_who_sign_in,
        shares_without_a_manager,
        shares_open_to_nobody,
        shares_open_to_guests,
        unsigned_requests_taken,
        oldest_dialect_taken,
        sensitive_shares_taken_in_clear,
        deleted_files_lost,
        bins_open_to_others,
        days_in_the_bin,
        access_lists_that_differ,
        audit_log_weaknesses,
    )
}
