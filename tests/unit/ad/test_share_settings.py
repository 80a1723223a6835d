"""The settings in force of a file server, from what testparm, logrotate and systemd print."""

from __future__ import annotations

import pytest
from ansible.module_utils.ad.share_settings import (
    SettingsError,
    compare,
    parse,
    purge_days,
    rotation_days,
    server_facts,
    share_facts,
)
from hypothesis import given
from hypothesis import strategies as st

PRINTED = r"""# Global parameters
[global]
	disable netbios = Yes
	map to guest = Never
	registry shares = No
	restrict anonymous = 2
	server min protocol = SMB3_00
	server signing = required
	usershare max shares = 0
	full_audit:success = unlinkat renameat
	recycle:repository = .corbeille/%U
	access based share enum = Yes
	guest ok = No
	guest only = No
	hide unreadable = Yes
	path =
	read only = Yes
	server smb encrypt = default
	valid users =
	vfs objects =


[plans]
	comment = Plans = devis
	path = /srv/shares/plans
	read only = No
	server smb encrypt = required
	valid users = S-1-5-32-544 +EXEMPLE\DL_Plans_R "+EXEMPLE\Domain Users"
	vfs objects = full_audit recycle acl_xattr
	full_audit:success = unlinkat renameat create_file


[bureau]
	path = /srv/shares/bureau
	read only = No
	vfs objects = full_audit recycle acl_xattr
"""


def server(**changed: str) -> dict:
    text = PRINTED
    for name, value in changed.items():
        setting = name.replace("_", " ")
        line = next(one for one in text.splitlines() if one.strip().startswith(f"{setting} ="))
        text = text.replace(line, f"\t{setting} = {value}", 1)
    return server_facts(parse(text))


def share(change: str = "", by: str = "", name: str = "plans") -> dict:
    assert change in PRINTED
    return next(one for one in share_facts(parse(PRINTED.replace(change, by))) if one["name"] == name)


def test_the_server_is_told_in_plain_facts() -> None:
    assert server() == {
        "min_protocol": "SMB3_00",
        "smb1": False,
        "signing_required": True,
        "guests": "never",
        "anonymous_listing": False,
        "old_names": False,
        "people_may_share": False,
        "registry_shares": False,
    }


@pytest.mark.parametrize(
    ("setting", "value", "fact", "told"),
    [
        ("server_min_protocol", "NT1", "smb1", True),
        ("server_min_protocol", "SMB2", "min_protocol", "SMB2_10"),
        ("server_min_protocol", "LANMAN1", "smb1", True),
        ("server_signing", "default", "signing_required", False),
        ("server_signing", "if_required", "signing_required", False),
        ("map_to_guest", "Bad User", "guests", "bad user"),
        ("restrict_anonymous", "0", "anonymous_listing", True),
        ("disable_netbios", "No", "old_names", True),
        ("usershare_max_shares", "100", "people_may_share", True),
        ("registry_shares", "Yes", "registry_shares", True),
    ],
)
def test_a_setting_that_weakens_the_server_is_seen(setting: str, value: str, fact: str, told: object) -> None:
    assert server()[fact] != told
    assert server(**{setting: value})[fact] == told


def test_a_share_has_what_the_server_says_where_it_says_nothing() -> None:
    assert share() == {
        "name": "plans",
        "path": "/srv/shares/plans",
        "guest_ok": False,
        "read_only": False,
        "encryption": "required",
        "opens_to": ["S-1-5-32-544", r"+EXEMPLE\DL_Plans_R", r"+EXEMPLE\Domain Users"],
        "hidden_from_others": True,
        "hides_unreadable": True,
        "access_lists": True,
        "recycles": True,
        "recycle_folder": ".corbeille/%U",
        "logs_deletions": True,
        "logs_reads": True,
    }
    plain = share(name="bureau")
    assert (plain["encryption"], plain["opens_to"], plain["logs_deletions"], plain["logs_reads"]) == (
        "default", [], True, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "by", "fact", "told"),
    [
        ("guest ok = No", "guest ok = Yes", "guest_ok", True),
        ("guest only = No", "guest only = Yes", "guest_ok", True),
        ("server smb encrypt = required", "server smb encrypt = off", "encryption", "off"),
        ("hide unreadable = Yes", "hide unreadable = No", "hides_unreadable", False),
        ("access based share enum = Yes", "access based share enum = No", "hidden_from_others", False),
        ("full_audit recycle acl_xattr", "full_audit acl_xattr", "recycles", False),
        ("full_audit recycle acl_xattr", "recycle acl_xattr", "logs_deletions", False),
        ("full_audit recycle acl_xattr", "recycle full_audit", "access_lists", False),
        ("unlinkat renameat create_file", "renameat create_file", "logs_deletions", False),
        ("unlinkat renameat create_file", "unlinkat renameat", "logs_reads", False),
        ("unlinkat renameat create_file", "none", "logs_reads", False),
        ("unlinkat renameat create_file", "all !unlinkat", "logs_deletions", False),
        ("unlinkat renameat create_file", "connect", "logs_deletions", False),
    ],
)
def test_a_setting_that_weakens_a_share_is_seen(change: str, by: str, fact: str, told: object) -> None:
    assert share()[fact] != told
    assert share(change, by)[fact] == told


def test_a_list_of_all_operations_holds_those_that_count() -> None:
    every = share("unlinkat renameat create_file", "all")
    assert (every["logs_deletions"], every["logs_reads"]) == (True, True)


def test_shares_are_compared_with_those_asked_for() -> None:
    shares = share_facts(parse(PRINTED + "\n[print$]\npath = /x\n"))
    assert compare(shares, ["Plans", "devis"]) == {"unexpected": ["bureau"], "missing": ["devis"]}


@pytest.mark.parametrize("printed", ["", "[plans]\npath = /x", "path = /x\n[global]", "[global]\nnonsense"])
def test_what_testparm_does_not_print_is_refused(printed: str) -> None:
    with pytest.raises(SettingsError):
        parse(printed)


@given(st.text())
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        assert "global" in parse(text)
    except SettingsError as error:
        assert "testparm printed" in str(error)  # noqa: PT017


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("after 1 days (180 rotations)", 180),
        ("after 1 days empty log files are not rotated, (180 rotations), old logs are removed after 180 days", 180),
        ("after 1 days empty log files are not rotated, (400 rotations), old logs are removed after 90 days", 90),
        ("weekly (4 rotations)", None),
        ("1048576 bytes (4 rotations)", None),
    ],
)
def test_the_days_a_log_is_kept_are_those_that_logrotate_counts(line: str, days: int | None) -> None:
    printed = f"rotating pattern: /var/log/other.log  after 1 days (7 rotations)\nrotating pattern: /l/a.log {line}\n"
    assert rotation_days(printed, "/l/a.log") == days
    assert rotation_days(printed, "/l/a.lo") is None


@pytest.mark.parametrize(
    ("command", "days"),
    [
        ("{ path=/u/purge-recycle-bins ; argv[]=/u/purge-recycle-bins 30 /srv/shares .bin ; ignore_errors=no }", 30),
        ("{ path=/bin/true ; argv[]=/bin/true ; ignore_errors=no }", None),
        ("", None),
    ],
)
def test_the_days_of_the_bin_are_those_that_systemd_would_run(command: str, days: int | None) -> None:
    assert purge_days({"ExecStart": command}) == days
