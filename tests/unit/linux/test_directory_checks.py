"""What Samba's checks printed on a controller that was broken on purpose is understood; a crash is never taken for clean."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.linux import directory_checks
from ansible.module_utils.linux.directory_checks import DirectoryCheckError

SAMPLES = Path(__file__).parent / "samples" / "directory_checks"
UNDERSTAND = {
    "aclcheck": directory_checks.aclcheck_problems,
    "sysvolcheck": directory_checks.sysvolcheck_problems,
    "dbcheck": directory_checks.dbcheck_problems,
}


def captured(name: str) -> subprocess.CompletedProcess[str]:
    head, _, rest = (SAMPLES / f"{name}.txt").read_text(encoding="utf-8").partition("\n--- stdout\n")
    output, _, errors = rest.partition("--- stderr\n")
    return subprocess.CompletedProcess(["samba-tool"], int(head.removeprefix("rc=")), output, errors)


def understood(name: str) -> dict[str, Any]:
    return UNDERSTAND[name.split("-", maxsplit=1)[0]](captured(name))


@pytest.mark.parametrize("check", UNDERSTAND)
def test_a_clean_controller_has_no_problem(check: str) -> None:
    assert understood(f"{check}-clean")["problems"] == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("aclcheck-folder_acl", "Invalid GPO ACL O:LAG:DAD:PAI(A;OICI;FA;;;WD) on path"),
        ("aclcheck-no_folder", "a policy has no folder in SYSVOL"),
        ("sysvolcheck-file_acl", "USER/Registry.pol O:LAG:DAD:PAI(A;;FA;;;WD) does not match expected value"),
        ("sysvolcheck-folder_acl", "DB ACL on GPO directory"),
        ("sysvolcheck-no_acl", "GPT.INI: No data available"),
        ("sysvolcheck-no_folder", "No such file or directory"),
    ],
)
def test_what_was_broken_is_one_line(name: str, told: str) -> None:
    (problem,) = understood(name)["problems"]
    assert told in problem
    assert "\n" not in problem


def test_each_error_of_the_database_is_a_line() -> None:
    found = understood("dbcheck-db_link")
    assert [line.split(" ")[0] for line in found["problems"]] == ["ERROR:", "ERROR:"]
    assert found["objects"] > 1000


@pytest.mark.parametrize(
    "name",
    [
        "aclcheck-stopped",
        "sysvolcheck-no_database",
        "dbcheck-no_database",
    ],
)
def test_a_check_that_could_not_look_is_an_error(name: str) -> None:
    with pytest.raises(DirectoryCheckError, match="could not look"):
        understood(name)


def test_the_error_says_what_samba_said() -> None:
    with pytest.raises(DirectoryCheckError, match="Could not find a DC"):
        understood("aclcheck-stopped")
    with pytest.raises(DirectoryCheckError, match="the controller refused the credentials"):
        understood("aclcheck-wrong_password")


@pytest.mark.parametrize(
    ("code", "output"),
    [
        (0, ""),
        (0, "Checking 12 objects\n"),
        (0, "Checked 0 objects (0 errors)\n"),
        (1, "Checking 12 objects\nChecked 12 objects (0 errors)\n"),
        (0, "Checking 12 objects\nERROR: x\nChecked 12 objects (1 errors)\n"),
        (-11, "Checking 12 objects\n"),
    ],
)
def test_a_database_check_that_contradicts_itself_is_not_believed(code: int, output: str) -> None:
    with pytest.raises(DirectoryCheckError):
        directory_checks.dbcheck_problems(subprocess.CompletedProcess([], code, output, ""))


def test_a_killed_tool_is_not_clean() -> None:
    for understand in UNDERSTAND.values():
        with pytest.raises(DirectoryCheckError):
            understand(subprocess.CompletedProcess([], -9, "", ""))


def test_the_password_is_in_no_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[list[str], dict[str, str]]] = []

    def run(command: list[str], env: dict[str, str], **_: Any) -> subprocess.CompletedProcess[str]:
        calls.append((command, env))
        return captured(f"{command[2] if command[1] in ('gpo', 'ntacl') else command[1]}-clean")

    monkeypatch.setattr(directory_checks.subprocess, "run", run)
    found = directory_checks.checks("someone@EXAMPLE.LAN", "hidden")
    assert set(found) == {"aclcheck", "sysvolcheck", "dbcheck"}
    assert not [command for command, _ in calls if "hidden" in " ".join(command)]
    assert [command[1] for command, environment in calls if "PASSWD" in environment] == ["gpo"]


def test_a_host_without_samba_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: Any, **__: Any) -> None:
        raise FileNotFoundError("samba-tool")

    monkeypatch.setattr(directory_checks.subprocess, "run", run)
    with pytest.raises(DirectoryCheckError, match="cannot be run"):
        directory_checks.checks("someone", "x")
