"""Observations on file servers: each is seen good and bad, and what was not tried is never taken for good."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils.policy.computed_shares import SHARE_OBSERVERS
from ansible.module_utils.policy.facts import Facts, MissingFact

ACTIONS = ("see", "read", "write", "delete")
KINDS = ("workshop", "office")
SHARES = ("workshop", "hr")


def attempt(kind: str, share: str, action: str) -> dict[str, Any]:
    may = kind == share
    return {
        "kind": kind,
        "person": f"p-{kind}",
        "share": share,
        "action": action,
        "granted": may,
        "expected": may,
        "status": "NT_STATUS_OK",
    }


def folder(person: str, owner: str) -> dict[str, Any]:
    mine = person == owner
    return {"person": person, "folder": owner, "action": "read", "granted": mine, "expected": mine}


GOOD: dict[str, Any] = {
    "share_access": {
        "kinds": [{"id": kind} for kind in KINDS],
        "shares": [{"name": name, "sensitive": name == "hr"} for name in SHARES],
        "attempts": [attempt(kind, share, action) for kind in KINDS for share in SHARES for action in ACTIONS],
        "own_files": [attempt("workshop", "workshop", "delete_own")],
        "personal": [folder("ann", "ann"), folder("ann", "bob")],
        "closed": [{"person": "eve", "status": "KDC_ERR_CLIENT_REVOKED"}],
        "managers": [
            {"share": name, "manager": "ann@site.example", "status": "active", "ticket": "ticket given"}
            for name in SHARES
        ],
        "anonymous": [
            {"share": share, "as": name, "granted": False}
            for share in (*SHARES, "IPC$")
            for name in ("anonymous", "guest", "unknown")
        ],
        "protocols": {
            name: {"accepted": name.startswith("smb3")}
            for name in ("smb1", "smb2_02", "smb2_10", "smb3_00", "smb3_02", "smb3_11")
        },
        "unsigned": {"accepted": False},
        "unencrypted": {"hr": False},
        "recycle": [{"share": "hr", "found": True, "restored": True, "others": [{"person": "bob", "reads": False}]}],
        "untried": [],
    },
    "file_shares": {
        "recycle": {"retention_days": 30, "timer_enabled": True, "last_purge_worked": True, "bins_of_others": []},
        "audit_log": {"exists": True, "owner": "root", "open_to_others": False},
    },
    "smb_signing": {"unsigned_request_accepted": False, "detail": "STATUS_ACCESS_DENIED"},
    "share_acl": [{"share": "hr", "path": "", "differences": []}],
}
ANSWERS = {"oldest_dialect_taken": "SMB3_00", "days_in_the_bin": 30}


def observed(name: str, change: Callable[[dict[str, Any]], object] = lambda _: None) -> Any:
    facts = copy.deepcopy(GOOD)
    change(facts)
    return SHARE_OBSERVERS[name](Facts(facts, "", set()))


@pytest.mark.parametrize("name", SHARE_OBSERVERS)
def test_a_healthy_server_has_nothing_to_tell(name: str) -> None:
    assert observed(name) == ANSWERS.get(name, [])


def grant(kind: str, share: str, action: str, granted: bool = True) -> Callable[[dict[str, Any]], None]:
    def change(facts: dict[str, Any]) -> None:
        for one in facts["share_access"]["attempts"]:
            if (one["kind"], one["share"], one["action"]) == (kind, share, action):
                one["granted"] = granted

    return change


def put(*path: Any) -> Callable[[dict[str, Any]], None]:
    *steps, last, value = path

    def change(facts: Any) -> None:
        for step in steps:
            facts = facts[step]
        facts[last] = value

    return change


ACCESS = "share_access"
BROKEN: list[tuple[str, Callable[[dict[str, Any]], None], Any]] = [
    ("shares_read_beyond_the_table", grant("office", "hr", "read"), ["office (p-office): hr, read"]),
    ("shares_written_beyond_the_table", grant("office", "hr", "write"), ["office (p-office): hr, write"]),
    ("shares_emptied_beyond_the_table", grant("office", "hr", "delete"), ["office (p-office): hr, delete"]),
    ("shares_seen_beyond_the_table", grant("office", "hr", "see"), ["office (p-office): hr, see"]),
    (
        "rights_refused_despite_the_table",
        grant("workshop", "workshop", "write", granted=False),
        ["workshop (p-workshop): workshop, write"],
    ),
    (
        "rights_refused_despite_the_table",
        put(ACCESS, "own_files", 0, "granted", False),
        ["workshop (p-workshop): workshop, delete one's own file"],
    ),
    ("own_folders_refused", put(ACCESS, "personal", 0, "granted", False), ["ann: ann, read"]),
    ("neighbours_folders_open", put(ACCESS, "personal", 1, "granted", True), ["ann: bob, read"]),
    ("people_away_who_sign_in", put(ACCESS, "closed", 0, "status", "ticket given"), ["eve"]),
    ("shares_without_a_manager", put(ACCESS, "managers", 1, "status", "left"), ["hr: ann@site.example"]),
    (
        "shares_without_a_manager",
        put(ACCESS, "managers", 1, "ticket", "KDC_ERR_CLIENT_REVOKED"),
        ["hr: ann@site.example"],
    ),
    ("shares_open_to_nobody", put(ACCESS, "anonymous", 6, "granted", True), ["IPC$ (anonymous)"]),
    ("shares_open_to_guests", put(ACCESS, "anonymous", 1, "granted", True), ["workshop (guest)"]),
    ("shares_open_to_guests", put(ACCESS, "anonymous", 5, "granted", True), ["hr (unknown)"]),
    (
        "unsigned_requests_taken",
        put(ACCESS, "unsigned", "accepted", True),
        ["it announces that it does without signatures"],
    ),
    (
        "unsigned_requests_taken",
        put("smb_signing", "unsigned_request_accepted", True),
        ["it answered an unsigned request"],
    ),
    ("oldest_dialect_taken", put(ACCESS, "protocols", "smb1", "accepted", True), "SMB1"),
    ("sensitive_shares_taken_in_clear", put(ACCESS, "unencrypted", "hr", True), ["hr"]),
    ("deleted_files_lost", put(ACCESS, "recycle", 0, "restored", False), ["hr"]),
    ("deleted_files_lost", put(ACCESS, "recycle", 0, "found", False), ["hr"]),
    ("bins_open_to_others", put(ACCESS, "recycle", 0, "others", 0, "reads", True), ["hr: bob"]),
    ("bins_open_to_others", put("file_shares", "recycle", "bins_of_others", ["hr/ann: bob"]), ["hr/ann: bob"]),
    ("days_in_the_bin", put("file_shares", "recycle", "timer_enabled", False), None),
    ("days_in_the_bin", put("file_shares", "recycle", "last_purge_worked", False), None),
    ("access_lists_that_differ", put("share_acl", 0, "differences", ["missing X"]), ["hr/: missing X"]),
    ("audit_log_weaknesses", put("file_shares", "audit_log", "exists", False), ["there is none"]),
    ("audit_log_weaknesses", put("file_shares", "audit_log", "owner", "bob"), ["it belongs to bob"]),
    (
        "audit_log_weaknesses",
        put("file_shares", "audit_log", "open_to_others", True),
        ["others than administrators read or change it"],
    ),
]


@pytest.mark.parametrize(("name", "change", "told"), BROKEN)
def test_what_is_broken_is_told(name: str, change: Callable[[dict[str, Any]], None], told: Any) -> None:
    assert observed(name, change) == told


def test_every_observation_is_seen_bad() -> None:
    assert {name for name, _, _ in BROKEN} == set(SHARE_OBSERVERS)


def test_rights_are_not_whole_when_nobody_threw_away_a_file_of_their_own() -> None:
    name, gone = "rights_refused_despite_the_table", put(ACCESS, "own_files", [])
    with pytest.raises(MissingFact, match="own_files"):
        observed(name, gone)

    def refused_too(facts: dict[str, Any]) -> None:
        gone(facts)
        grant("workshop", "workshop", "write", granted=False)(facts)

    assert observed(name, refused_too) == ["workshop (p-workshop): workshop, write"]


TRIED = [
    name
    for name in SHARE_OBSERVERS
    if name.endswith("_the_table")
    or name in ("own_folders_refused", "neighbours_folders_open", "deleted_files_lost")
    or name in ("shares_open_to_nobody", "shares_open_to_guests", "bins_open_to_others")
]


@pytest.mark.parametrize("name", TRIED)
def test_what_was_not_tried_is_not_taken_for_good(name: str) -> None:
    with pytest.raises(MissingFact, match="no answer"):
        observed(name, put(ACCESS, "untried", [{"share": "hr", "reason": "no answer"}]))


@pytest.mark.parametrize("name", [name for name in TRIED if name.endswith("_the_table")])
def test_a_pair_that_is_missing_from_the_matrix_is_not_taken_for_good(name: str) -> None:
    with pytest.raises(MissingFact, match="workshop on hr, write"):
        observed(name, lambda facts: facts[ACCESS]["attempts"].remove(attempt("workshop", "hr", "write")))


def test_a_stranger_who_was_not_tried_somewhere_is_told() -> None:
    with pytest.raises(MissingFact, match="hr as unknown"):
        observed("shares_open_to_guests", lambda facts: facts[ACCESS]["anonymous"].pop(5))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("sensitive_shares_taken_in_clear", "unencrypted"),
        ("people_away_who_sign_in", "closed"),
        ("oldest_dialect_taken", "protocols"),
        ("shares_without_a_manager", "managers"),
        ("deleted_files_lost", "recycle"),
    ],
)
def test_a_fact_that_is_missing_is_no_answer(name: str, key: str) -> None:
    with pytest.raises(MissingFact):
        observed(name, lambda facts: facts[ACCESS].pop(key))


def test_a_sensitive_share_that_was_not_tried_in_clear_is_told() -> None:
    with pytest.raises(MissingFact):
        observed("sensitive_shares_taken_in_clear", put(ACCESS, "unencrypted", {}))
