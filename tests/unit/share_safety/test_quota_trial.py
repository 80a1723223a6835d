"""Nobody's quota is narrowed while it is not known whether they are at work."""

from __future__ import annotations

import subprocess

import pytest
from ansible.module_utils.linux import share_quotas
from ansible.module_utils.linux.share_safety import Wanted
from ansible.module_utils.linux.smbclient_output import NoAnswerError

WANTED = Wanted("fs1.site.example", "SITE.EXAMPLE", "office", ["ann"], [], 3, 1, ".corbeille", "/srv/shares")


def answering(monkeypatch: pytest.MonkeyPatch, said: str, code: int) -> list[tuple[str, ...]]:
    """What is run; smbstatus answers so, and everything else is well."""
    ran: list[tuple[str, ...]] = []

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        ran.append(command)
        asked = command[0] == "smbstatus"
        return subprocess.CompletedProcess(
            command, code if asked else 0, said if asked else "", "cannot open the table"
        )

    monkeypatch.setattr(share_quotas, "_run", run)
    monkeypatch.setattr(share_quotas, "asked_tickets", lambda *_: ({"ann": "c2VjcmV0"}, {}))
    return ran


@pytest.mark.parametrize(("said", "code"), [("", 1), ("", 0), ("no json", 0)])
def test_no_quota_is_narrowed_when_the_sessions_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch, said: str, code: int
) -> None:
    ran = answering(monkeypatch, said, code)
    facts, failures = share_quotas.read_quotas(WANTED)
    assert facts == {"quotas": {"state": "in_force", "wrong": []}}
    assert failures["quotas.trial"]
    assert not any("--narrow" in word for command in ran for word in command)


def test_somebody_at_work_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, '{"sessions": {"1": {"username": "SITE\\\\Ann"}}}', 0)
    with pytest.raises(NoAnswerError, match="has a session now"):
        share_quotas._tried(WANTED)
