"""A right is what was seen to happen; a person without a ticket, and a share that is gone, are refused by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.linux import share_tickets
from ansible.module_utils.linux.share_trial import LAID, Laid, Visit, judged
from ansible.module_utils.linux.smbclient_output import NoAnswerError, Output
from ansible.module_utils.linux.smbclient_session import Client, client_of

NOTHING, ALL = (dict.fromkeys(("see", "read", "write", "delete"), value) for value in (False, True))


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client("fs1.site.example", tmp_path, {}, {"eve": "KDC_ERR_CLIENT_REVOKED"})


def kind(expected: dict[str, bool]) -> dict[str, Any]:
    return {"id": "workshop", "person": "ann", "number": "0", "expected": {"hr": expected}}


def granted(attempts: list[dict[str, Any]]) -> set[str]:
    return {one["action"] for one in attempts if one["granted"]}


def done(client: Client, *lines: str, connection: str = "") -> Output:
    return Output("\n".join([connection, *lines]).replace("@", client.name("").removesuffix(".txt")))


WRITES = (
    "  @read.txt   A   22  Sat Nov 21 06:51:20 2026",
    "putting file laid as \\@own-0.txt (1 kB/s) (average 1 kB/s)",
    "putting file written as \\@change-0.txt (1 kB/s) (average 1 kB/s)",
)


def test_effects_that_are_seen_are_granted(client: Client) -> None:
    one = Visit(kind(ALL), "hr", True, done(client, *WRITES), received={"read": LAID, "own": b"", "change": b"new"})
    found = judged(client, one, Laid("hr", after=frozenset({client.name("read")})))
    assert granted(found) == {"see", "read", "write", "delete", "delete_own"}


def test_refusals_of_the_server_are_refusals(client: Client) -> None:
    lines = (
        "NT_STATUS_ACCESS_DENIED listing \\@*",
        "NT_STATUS_ACCESS_DENIED opening remote file \\@read.txt",
        "NT_STATUS_ACCESS_DENIED opening remote file \\@own-0.txt",
        "NT_STATUS_ACCESS_DENIED opening remote file \\@change-0.txt",
        "NT_STATUS_ACCESS_DENIED deleting remote file \\@delete-0.txt",
    )
    one = Visit(kind(NOTHING), "hr", False, done(client, *lines), received={"read": None, "own": None, "change": None})
    found = judged(client, one, Laid("hr", after=frozenset({client.name("delete-0")})))
    assert granted(found) == set()
    assert {one["status"] for one in found} == {"NT_STATUS_ACCESS_DENIED"}


def test_a_file_that_is_still_there_was_not_deleted_whatever_was_said(client: Client) -> None:
    one = Visit(kind(ALL), "hr", True, done(client, *WRITES), received={"read": LAID, "own": b"", "change": b"new"})
    with pytest.raises(NoAnswerError):
        judged(client, one, Laid("hr", after=frozenset({client.name("delete-0")})))


def test_somebody_without_a_ticket_is_refused_by_the_domain(client: Client) -> None:
    found = judged(client, Visit(kind(ALL), "hr", False, Output(""), refused="KDC_ERR_CLIENT_REVOKED"), Laid("hr"))
    assert {(one["granted"], one["status"]) for one in found} == {(False, "KDC_ERR_CLIENT_REVOKED")}


def test_a_share_that_is_gone_is_refused_to_everybody(client: Client) -> None:
    found = judged(client, Visit(kind(ALL), "hr", False, Output("")), Laid("hr", absent=True))
    assert {one["status"] for one in found} == {"NT_STATUS_BAD_NETWORK_NAME"}


def test_a_share_that_is_shown_and_does_not_open_was_seen(client: Client) -> None:
    output = done(client, connection="tree connect failed: NT_STATUS_ACCESS_DENIED")
    assert granted(judged(client, Visit(kind(NOTHING), "hr", True, output), Laid("hr"))) == {"see"}


@pytest.mark.parametrize(
    "connection",
    [
        "do_connect: Connection to fs1 failed (Error NT_STATUS_IO_TIMEOUT)",
        "session setup failed: NT_STATUS_LOGON_FAILURE",
    ],
)
def test_a_server_that_cannot_be_asked_refuses_nothing(client: Client, connection: str) -> None:
    with pytest.raises(NoAnswerError):
        judged(client, Visit(kind(NOTHING), "hr", False, done(client, connection=connection)), Laid("hr"))


def test_nothing_is_tried_for_somebody_without_a_ticket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(share_tickets, "MEMORY", str(tmp_path))
    refused = {"eve": "KDC_ERR_CLIENT_REVOKED"}
    with (
        pytest.raises(NoAnswerError, match=r"eve no ticket.*KDC_ERR_CLIENT_REVOKED"),
        client_of("fs1.site.example", "eve", {}, refused, {"laid": LAID}),
    ):
        pytest.fail("a trial began")
    assert list(tmp_path.iterdir()) == []


def test_what_a_trial_sends_lies_beside_the_ticket_and_is_gone_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(share_tickets, "MEMORY", str(tmp_path))
    with client_of("fs1.site.example", "ann", {"ann": "c2VjcmV0"}, {}, {"laid": LAID}) as client:
        assert client.received("laid") == LAID
        assert client.ticket_of("ann") == "ticket given"
    assert list(tmp_path.iterdir()) == []
