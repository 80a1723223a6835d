"""What smbclient prints, captured from Samba 4.22, means what the trial makes of it; anything else means nothing."""

from __future__ import annotations

import pytest
from ansible.module_utils.linux.share_trial import outcome
from ansible.module_utils.linux.smbclient_output import ANONYMOUS_DENIALS, DENIALS, NoAnswerError, Output, denial
from ansible.module_utils.linux.smbclient_session import quoted
from hypothesis import given
from hypothesis import strategies as st

READER = Output(
    "  garant-essai-1-read.txt             A       22  Sat Nov 21 06:51:20 2026\n"
    "  .corbeille                         DH        0  Sat Nov 21 07:17:18 2026\n\n"
    "\t\t264212084 blocks of size 1024. 78139776 blocks available\n"
    "getting file \\garant-essai-1-read.txt of size 22 as got (1.1 KiloBytes/sec) (average 1.1 KiloBytes/sec)\n"
    "NT_STATUS_ACCESS_DENIED opening remote file \\garant-essai-1-own-0.txt\n"
    "NT_STATUS_ACCESS_DENIED deleting remote file \\garant-essai-1-delete-0.txt\n"
    "NT_STATUS_NO_SUCH_FILE listing \\garant-essai-1-own-0.txt\n"
)


def test_what_is_listed_is_read_with_hidden_folders() -> None:
    assert READER.names == {"garant-essai-1-read.txt", ".corbeille"}


def test_a_refusal_belongs_to_its_file_and_its_verb() -> None:
    assert READER.status("garant-essai-1-own-0.txt", "opening") == "NT_STATUS_ACCESS_DENIED"
    assert READER.status("garant-essai-1-own-0.txt", "deleting", "listing") == "NT_STATUS_NO_SUCH_FILE"
    assert READER.status("garant-essai-1-delete-0.txt", "deleting") == "NT_STATUS_ACCESS_DENIED"
    assert READER.status("garant-essai-1-read.txt", "opening") is None
    assert READER.status("garant-essai-1-own-0", "opening") is None


def test_a_file_is_stored_when_the_server_took_it() -> None:
    assert Output("putting file laid as \\a\\b.txt (1.0 kB/s) (average 1.0 kB/s)").stored("a\\b.txt")
    assert not READER.stored("garant-essai-1-own-0.txt")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("tree connect failed: NT_STATUS_ACCESS_DENIED", "NT_STATUS_ACCESS_DENIED"),
        ("session setup failed: NT_STATUS_LOGON_FAILURE", "NT_STATUS_LOGON_FAILURE"),
        ("do_connect: Connection to 10.0.0.9 failed (Error NT_STATUS_HOST_UNREACHABLE)", "NT_STATUS_HOST_UNREACHABLE"),
        (
            "Protocol negotiation to server fs1 (for a protocol between NT1 and NT1) failed: NT_STATUS_NOT_SUPPORTED",
            "NT_STATUS_NOT_SUPPORTED",
        ),
        ("NT_STATUS_ACCESS_DENIED listing \\*", None),
    ],
)
def test_a_connection_that_fails_is_told_from_a_file_that_is_refused(text: str, status: str | None) -> None:
    assert Output(text).connection == status


def test_only_shares_for_files_count_as_listed() -> None:
    text = "Disk|commun|Espace\nIPC|IPC$|IPC Service (Samba)\nSMB1 disabled -- no workgroup available\n"
    assert Output(text).shares == {"commun"}


@pytest.mark.parametrize(
    "status", [None, "NT_STATUS_IO_TIMEOUT", "NT_STATUS_HOST_UNREACHABLE", "NT_STATUS_LOGON_FAILURE"]
)
def test_what_says_nothing_of_rights_is_no_denial(status: str | None) -> None:
    with pytest.raises(NoAnswerError):
        denial(status, "said")


def test_a_refused_logon_is_an_answer_for_somebody_without_a_name_only() -> None:
    assert denial("NT_STATUS_LOGON_FAILURE", "", ANONYMOUS_DENIALS) == "NT_STATUS_LOGON_FAILURE"
    assert "NT_STATUS_LOGON_FAILURE" not in DENIALS


SEEN, REFUSED = (True, None), (False, "NT_STATUS_ACCESS_DENIED")


@pytest.mark.parametrize(
    ("effects", "promised", "granted"),
    [
        ([SEEN, SEEN], True, True),
        ([SEEN, REFUSED], True, False),
        ([SEEN, REFUSED], False, True),
        ([REFUSED, REFUSED], False, False),
    ],
)
def test_half_a_right_is_missing_where_promised_and_there_where_not(
    effects: list[tuple[bool, str | None]], promised: bool, granted: bool
) -> None:
    assert outcome(effects, promised)[0] is granted


@pytest.mark.parametrize("promised", [True, False])
def test_an_effect_that_is_missing_without_a_refusal_was_not_tried(promised: bool) -> None:
    with pytest.raises(NoAnswerError):
        outcome([(False, None)], promised)


@given(st.lists(st.sampled_from([SEEN, REFUSED]), min_size=1))
def test_granted_is_ok_and_refused_is_the_servers_word(effects: list[tuple[bool, str | None]]) -> None:
    for promised in (True, False):
        granted, status = outcome(effects, promised)
        assert (status == "NT_STATUS_OK") is granted


@pytest.mark.parametrize("name", ["a;b", 'a"b', "a\nb", "a|b", "a`b"])
def test_a_name_that_would_be_a_command_is_not_tried(name: str) -> None:
    with pytest.raises(NoAnswerError):
        quoted(name)
