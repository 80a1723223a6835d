"""What a host says is read as it is; what cannot be read is left out with its reason."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest
from ansible.module_utils.linux import gather


@pytest.mark.parametrize(
    ("field", "state"),
    [
        ("", "empty"),
        ("!", "locked"),
        ("*", "locked"),
        ("!$y$j9T$x", "locked"),
        ("$y$j9T$x", "yescrypt"),
        ("$6$x", "sha512"),
        ("$1$x", "md5"),
        ("abJnggxhB/yWI", "unknown"),
    ],
)
def test_a_password_field_says_what_opens_the_account(field: str, state: str) -> None:
    assert gather.password_state(field) == state


def answering(monkeypatch: pytest.MonkeyPatch, **answers: str) -> None:
    monkeypatch.setattr(gather, "run", lambda *command: answers[command[0]])


def test_the_clock_is_synchronised_only_when_chrony_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    line = "0A5B140A,10.91.20.10,4,1795230000.1,0.021049,-0.00001,0.00002,0.1,0.0,0.01,0.001,0.0001,64.1,{}\n"
    answering(monkeypatch, chronyc=line.format("Normal"))
    assert gather.clock() == {"source": "10.91.20.10", "synchronised": True, "offset_seconds": 0.021}
    answering(monkeypatch, chronyc=line.format("Not synchronised"))
    assert gather.clock()["synchronised"] is False


def test_sshd_is_read_as_it_would_run(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = "permitemptypasswords no\npermitrootlogin {}\npasswordauthentication yes\nkbdinteractiveauthentication no\n"
    answering(monkeypatch, sshd=shown.format("yes"))
    assert gather.sshd() == {"permit_empty_passwords": False, "root_password_logon": True, "password_logon": True}
    answering(monkeypatch, sshd=shown.format("without-password"))
    assert gather.sshd()["root_password_logon"] is False


def test_a_domain_that_refuses_the_host_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*command: str) -> str:
        if command[0] == "wbinfo":
            raise subprocess.CalledProcessError(1, command)
        return "SITE.LAN\n"

    monkeypatch.setattr(gather, "run", asked)
    assert gather.domain() == {"realm": "SITE.LAN", "trusted": False}


def test_an_autologin_console_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = (
        "Id=getty@tty1.service\nExecStart={ path=/sbin/agetty ; argv[]=/sbin/agetty --autologin root - linux }\n\n"
        "Id=serial-getty@ttyS0.service\nExecStart={ path=/sbin/agetty ; argv[]=/sbin/agetty - vt220 }\n"
    )
    answering(monkeypatch, systemctl=blocks)
    assert gather.automatic_logons() == ["getty@tty1.service"]


def test_what_cannot_be_read_is_left_out_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> Any:
        raise FileNotFoundError(2, "No such file or directory", "chronyc")

    monkeypatch.setattr(gather, "READERS", {"system": lambda: {"id": "debian"}, "clock": refused})
    facts, failures = gather.gather()
    assert facts == {"system": {"id": "debian"}}
    assert "chronyc" in failures["clock"]
