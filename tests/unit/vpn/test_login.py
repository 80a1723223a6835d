"""The order in which a login is checked protects the directory's accounts, whatever the role's values."""

from __future__ import annotations

from typing import Any

import pytest
from jinja2 import Environment, StrictUndefined

from tests.conftest import ROOT

VALUES = {
    "ansible_managed": "managed",
    **{f"{role}_{name}": value for role in ("vpn", "second_factor") for name, value in
       {"attempts": 4, "refusal_seconds": 600, "code_window": 1, "netbios": "EXAMPLE"}.items()},
    "vpn_refused_groups": ["domain admins"],
    "vpn_group": "DL_Remote",
    "second_factor_groups": ["DL_Admin", "DL_Other"],
    "second_factor_automation_account": "root",
    "second_factor_automation_addresses": ["192.0.2.1", "198.51.100.0/24"],
    "__vpn_secrets_file": "/s/vpn",
    "__vpn_failures_dir": "/f/vpn",
    "__second_factor_file": "/s/ssh",
    "__second_factor_failures_dir": "/f/ssh",
}  # fmt: skip


def rendered(path: str, **other: Any) -> list[str]:
    environment = Environment(undefined=StrictUndefined, autoescape=False, trim_blocks=True)  # noqa: S701 # no markup
    environment.filters["regex_replace"] = lambda text, _, before: before.replace("\\\\", "\\") + text
    return environment.from_string((ROOT / "roles" / path).read_text("utf-8")).render(**VALUES, **other).splitlines()


def asked(path: str) -> list[str]:
    """Modules of the auth stack, in order, with how they end it."""
    lines = [line.split(maxsplit=1)[1].lstrip() for line in rendered(path) if line.startswith("auth ")]
    return [line.replace("  ", " ") for line in lines]


@pytest.mark.parametrize(
    "path", ["vpn/templates/etc/pam.d/vpn.j2", "second_factor/templates/etc/pam.d/second-factor.j2"]
)
def test_the_code_is_checked_before_the_directory_is_asked_and_a_failure_ends_it(path: str) -> None:
    stack = asked(path)
    position = {
        name: next(i for i, line in enumerate(stack) if name in line)
        for name in ("preauth", "pam_oath", "pam_winbind", "authsucc")
    }
    assert list(position.values()) == sorted(position.values())
    for module in ("pam_oath", "pam_winbind"):
        assert stack[position[module]].startswith("[success=1 default=ignore]")
        assert stack[position[module] + 1].startswith("[default=die]")
        assert "authfail" in stack[position[module] + 1]
    assert stack[0].startswith("requisite")
    assert "pam_deny.so" in stack[-1]


@pytest.mark.parametrize(
    "path", ["vpn/templates/etc/pam.d/vpn.j2", "second_factor/templates/etc/pam.d/second-factor.j2"]
)
def test_no_local_account_opens_it(path: str) -> None:
    assert not any(name in line for line in asked(path) for name in ("pam_unix", "common-auth", "nullok"))


def test_administrators_are_refused_from_outside_before_any_secret_is_asked() -> None:
    stack = asked("vpn/templates/etc/pam.d/vpn.j2")
    refusal = next(i for i, line in enumerate(stack) if "notingroup [domain admins]" in line)
    assert refusal < next(i for i, line in enumerate(stack) if "pam_oath" in line)
    assert stack[refusal].startswith("requisite")


def test_the_groups_are_those_of_the_domain() -> None:
    found = "\n".join(asked("second_factor/templates/etc/pam.d/second-factor.j2"))
    assert r"require_membership_of=EXAMPLE\DL_Admin,EXAMPLE\DL_Other" in found


def sshd() -> dict[str, list[str]]:
    """The drop-in's blocks: condition -> settings."""
    blocks: dict[str, list[str]] = {}
    current = ""
    for line in rendered("second_factor/templates/etc/ssh/sshd_config.d/10-second-factor.conf.j2"):
        if line.startswith("Match "):
            current = line
            blocks[current] = []
        elif current and not line.lstrip().startswith("#"):
            blocks[current].append(line.strip())
    return blocks


def test_the_block_of_the_automation_says_all_that_the_next_one_takes_away() -> None:
    known, elsewhere, _ = sshd().values()
    assert {line.split()[0] for line in elsewhere} <= {line.split()[0] for line in known}
    assert "PubkeyAuthentication yes" in known
    assert all(line.endswith(" no") for line in elsewhere)


def test_everybody_else_is_asked_for_both() -> None:
    condition, settings = list(sshd().items())[-1]
    assert condition == "Match User *,!root"
    assert {
        "AuthenticationMethods keyboard-interactive:pam",
        "PubkeyAuthentication no",
        "PasswordAuthentication no",
    } <= set(settings)
