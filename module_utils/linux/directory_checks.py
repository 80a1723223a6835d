"""Let Samba check its own directory and SYSVOL on a domain controller, and understand what its tools answer.

Reads only: the tools are never asked to repair. A tool answers that all is well, that something is wrong, or nothing that
can be believed; the last is an error. Decided by return codes and by lines that Samba does not translate.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

_TIMEOUT_SECONDS = 300
#: [MS-ERREF] 2.3.1: no such name, no such path; a policy whose folder is gone.
_ABSENT = ("3221225524", "3221225530")

_WRONG_ACL = re.compile(r"^ERROR: (Invalid GPO (?:ACL .* on path \(.*\), should be .*|path \(.*\)))$", re.MULTILINE)
_NO_FOLDER = re.compile(rf"^ERROR\(runtime\): uncaught exception - \((?:{'|'.join(_ABSENT)}), ", re.MULTILINE)
_WRONG_FILE = re.compile(
    r"^ERROR\(<class 'samba\.provision\.ProvisioningError'>\): uncaught exception - "
    r"(?:ProvisioningError: )?(.* ACL on .*)$",
    re.MULTILINE,
)
_NO_FILE = re.compile(r"^ERROR\(<class '\w*(?:Error)'>\): (Could not access .+?) - \[Errno", re.MULTILINE)
_CHECKED = re.compile(r"^Checked (\d+) objects \((\d+) errors\)$", re.MULTILINE)
#: [MS-ERREF] STATUS_LOGON_FAILURE, and how LDAP says the same ([RFC4511] invalidCredentials).
_REFUSED = re.compile(r"NT_STATUS_LOGON_FAILURE|LDAP_INVALID_CREDENTIALS")
_NOT_A_PROBLEM = re.compile(r"^(?:Checking|Checked|Not |Please |NOTE|$)")


class DirectoryCheckError(Exception):
    """A check could not be made; the message says which and why."""


def checks(user: str, password: str) -> dict[str, Any]:
    """The problems that each check finds.

    :param user: an account that may read the access lists of policies.
    :raises DirectoryCheckError: a check failed to look.
    """
    with ThreadPoolExecutor() as pool:  # they wait for programs, each for its own
        made = {
            "aclcheck": pool.submit(_made, aclcheck_problems, ["gpo", "aclcheck", "-U", user], password),
            "sysvolcheck": pool.submit(_made, sysvolcheck_problems, ["ntacl", "sysvolcheck"]),
            "dbcheck": pool.submit(_made, dbcheck_problems, ["dbcheck", "--cross-ncs"]),
        }
        return {name: check.result() for name, check in made.items()}


Answer = subprocess.CompletedProcess[str]


def _made(understand: Callable[[Answer], dict[str, Any]], arguments: list[str], password: str = "") -> dict[str, Any]:
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "HOME": os.environ.get("HOME", "/root")}
    if password:
        environment["PASSWD"] = password  # read by samba-tool; an argument would show in the list of processes
    begin = time.monotonic()
    try:
        answer = subprocess.run(
            ["samba-tool", *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DirectoryCheckError(f"samba-tool {arguments[0]} did not end within {_TIMEOUT_SECONDS} s") from error
    except OSError as error:
        raise DirectoryCheckError(f"samba-tool cannot be run: {error}; this is made on a Samba controller") from error
    return {**understand(answer), "duration_seconds": round(time.monotonic() - begin, 2)}


def aclcheck_problems(answer: Answer) -> dict[str, Any]:
    """samba-tool gpo aclcheck: every policy's folder has the access list of its object. It stops at the first that has not."""
    if answer.returncode == 0:
        return {"problems": []}
    if found := _WRONG_ACL.findall(answer.stderr):
        return {"problems": found}
    if _NO_FOLDER.search(answer.stderr):
        return {"problems": ["a policy has no folder in SYSVOL"]}
    raise _failed("gpo aclcheck", answer)


def sysvolcheck_problems(answer: Answer) -> dict[str, Any]:
    """samba-tool ntacl sysvolcheck: every file has the access list it should. It stops at the first that has not."""
    if answer.returncode == 0:
        return {"problems": []}
    if found := _WRONG_FILE.findall(answer.stderr) or _NO_FILE.findall(answer.stderr):
        return {"problems": found}
    raise _failed("ntacl sysvolcheck", answer)


def dbcheck_problems(answer: Answer) -> dict[str, Any]:
    """samba-tool dbcheck --cross-ncs: objects are whole and links lead somewhere."""
    summary = _CHECKED.search(answer.stdout)
    if summary is None or int(summary[1]) == 0 or answer.returncode != min(int(summary[2]), 1):
        raise _failed("dbcheck", answer)
    problems: list[str] = []
    if int(summary[2]):
        problems = [line for line in answer.stdout.splitlines() if not _NOT_A_PROBLEM.match(line)]
        problems = problems or [f"{summary[2]} errors, of which no line tells more"]
    return {"problems": problems, "objects": int(summary[1])}


def _failed(check: str, answer: Answer) -> DirectoryCheckError:
    if _REFUSED.search(answer.stderr):
        return DirectoryCheckError(
            f"samba-tool {check}: the controller refused the credentials; check the account and its password"
        )
    said = [line.strip() for line in (answer.stderr or answer.stdout).splitlines() if line.strip()]
    told = next((line for line in said if line.startswith("ERROR")), said[-1] if said else "nothing")
    return DirectoryCheckError(f"samba-tool {check} could not look (return code {answer.returncode}): {told[:300]}")
