"""Only an answer about the password counts; silence and strangers are errors, and the account is left as it was."""

from __future__ import annotations

import subprocess
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.module_utils.ad import session_probe
from ansible.module_utils.ad.session_probe import Workstation, opens
from ansible.module_utils.linux.ssh_session import SessionError

STATION = Workstation("192.0.2.1", 22, "/known_hosts")


def answer(monkeypatch: pytest.MonkeyPatch, code: int, out: str = "", err: str = "") -> list[Any]:
    calls: list[Any] = []

    def run(command: list[str], **other: Any) -> SimpleNamespace:
        calls.append((command, other))
        return SimpleNamespace(returncode=code, stdout=out, stderr=err)

    monkeypatch.setattr(subprocess, "run", run)
    return calls


def test_an_open_session_is_one_that_ran_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, 0, "garant-session-open\n")
    assert opens(STATION, "probe", "secret") is True


def test_a_refused_password_is_not_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, 255, err="probe@192.0.2.1: Permission denied (publickey,password).")
    assert opens(STATION, "probe", "secret") is False


@pytest.mark.parametrize(
    "said", ["ssh: connect to host 192.0.2.1 port 22: Connection refused", "Host key verification failed.", ""]
)
def test_no_answer_about_the_password_is_an_error(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    answer(monkeypatch, 255, err=said)
    with pytest.raises(SessionError, match=r"192\.0\.2\.1"):
        opens(STATION, "probe", "secret")


def test_a_session_that_ends_well_without_the_command_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, 0, "This account is not available.")
    with pytest.raises(SessionError):
        opens(STATION, "probe", "secret")


def test_the_password_is_in_no_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = answer(monkeypatch, 0, "garant-session-open\n")
    opens(STATION, "probe", "s3cret-word")
    assert "s3cret-word" not in " ".join(calls[0][0])


class RecordingDirectory:
    """A directory with one account that notes what is written."""

    base, server = "DC=site,DC=lan", "dc1"

    def __init__(self) -> None:
        self.written: list[dict[str, list[bytes]]] = []

    def search(self, *_: Any) -> list[tuple[str, dict[str, list[bytes]]]]:
        return [("CN=probe", {"userAccountControl": [b"512"]})]

    def modify(self, _: str, changes: dict[str, list[bytes]]) -> None:
        self.written.append(changes)


def test_the_account_is_left_as_it_was_after_a_failure() -> None:
    directory = RecordingDirectory()

    def fail_half_way() -> None:
        with session_probe.prepared_account(directory, "probe") as (_, disable):  # type: ignore[arg-type]
            disable()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert directory.written[1]["userAccountControl"] == [b"514"]
    assert directory.written[2]["userAccountControl"] == [b"512"]
    assert directory.written[0]["unicodePwd"] != directory.written[2]["unicodePwd"]
