"""Read the state in force of a Linux host in one go: effective settings, never a guess from a file that another overrides.

Needs nothing but Python 3.9 and root, so that it can travel over any shell: `python3 gather.py` prints JSON. A fact
that cannot be read is left out and its reason stands in `failures`; absence is never turned into an answer.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from typing import Any

#: crypt(5): prefixes of password hashes and the name that login.defs(5) gives them.
_HASHES = {"$y$": "yescrypt", "$gy$": "gost-yescrypt", "$6$": "sha512", "$5$": "sha256", "$2": "bcrypt", "$1$": "md5"}
_NO_SHELL = ("/nologin", "/false", "/sync")
_ADMINISTRATION_GROUPS = ("sudo", "wheel", "adm")
_TIMEOUT_SECONDS = 20


def run(*command: str) -> str:
    """Output of a command; CalledProcessError or FileNotFoundError when it cannot be had."""
    environment = {**os.environ, "LC_ALL": "C", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    return subprocess.run(
        command,
        check=True,
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_SECONDS,
        env=environment,
        stdin=subprocess.DEVNULL,
    ).stdout


def system() -> dict[str, str]:
    """The system's identity ([os-release(5)])."""
    with open("/etc/os-release", encoding="utf-8") as file:
        pairs = dict(line.rstrip("\n").split("=", 1) for line in file if "=" in line)
    return {"id": pairs["ID"].strip('"'), "version": pairs.get("VERSION_ID", "").strip('"')}


def sshd() -> dict[str, bool]:
    """The configuration that sshd would run with, drop-ins included."""
    settings = dict(line.split(" ", 1) for line in run("sshd", "-T").splitlines() if " " in line)
    password_way = settings["passwordauthentication"] == "yes" or settings["kbdinteractiveauthentication"] == "yes"
    return {
        "permit_empty_passwords": settings["permitemptypasswords"] == "yes",
        "root_password_logon": settings["permitrootlogin"] == "yes" and password_way,
        "password_logon": password_way,
    }


def password_state(field: str) -> str:
    """What a password field of shadow(5) means: locked, empty, or the name of the hash."""
    if field == "":
        return "empty"
    if field[0] in "!*":
        return "locked"
    return next((name for prefix, name in _HASHES.items() if field.startswith(prefix)), "unknown")


def local_accounts() -> list[dict[str, Any]]:
    """Accounts of /etc/passwd with what opens them."""
    with open("/etc/shadow", encoding="utf-8") as file:
        fields = dict(line.split(":")[:2] for line in file if ":" in line)
    with open("/etc/passwd", encoding="utf-8") as file:
        lines = [line.rstrip("\n").split(":") for line in file if line.count(":") == 6]
    return [
        {
            "login": login,
            "uid": int(uid),
            "interactive": not shell.endswith(_NO_SHELL),
            "password": password_state(fields.get(login, "") if password == "x" else password),  # noqa: S105
        }
        for login, password, uid, _, _, _, shell in lines
    ]


def password_hash_method() -> str:
    """How PAM keeps a password that is set from now on."""
    with open("/etc/pam.d/common-password", encoding="utf-8") as file:
        stack = [line for line in file if "pam_unix.so" in line and not line.lstrip().startswith("#")]
    words = stack[0].split()
    known = {*_HASHES.values(), "blowfish"}
    named = [word for word in words if word in known]
    if named:
        return named[-1]
    with open("/etc/login.defs", encoding="utf-8") as file:
        defaults = [line.split()[1] for line in file if re.match(r"\s*ENCRYPT_METHOD\s", line)]
    return defaults[-1].lower()


def administrators() -> list[str]:
    """Who can become root, apart from root: users and groups of sudoers, members of the administration groups, other uid 0."""
    specification = json.loads(run("cvtsudoers", "-f", "json", "/etc/sudoers"))
    aliases = {
        name: [str(value) for item in items for value in item.values()]
        for name, items in specification.get("User_Aliases", {}).items()
    }
    names: set[str] = set()
    for entry in specification.get("User_Specs", []):
        for user in entry["User_List"]:
            for kind, value in user.items():
                names.update(aliases.get(str(value), [str(value)]) if kind == "useralias" else [str(value)])
    if "sudo" in names:
        names.discard("sudo")
        names.update(_members("sudo"))
    for group in _ADMINISTRATION_GROUPS[1:]:
        names.update(_members(group))
    with open("/etc/passwd", encoding="utf-8") as file:
        names.update(line.split(":")[0] for line in file if line.split(":")[2:3] == ["0"])
    names.discard("root")
    return sorted(name.rsplit("\\", 1)[-1].lower() for name in names)


def _members(group: str) -> list[str]:
    with open("/etc/group", encoding="utf-8") as file:
        for line in file:
            name, _, _, members = line.rstrip("\n").split(":")
            if name == group:
                return [member for member in members.split(",") if member]
    return []


def domain() -> dict[str, Any]:
    """Whether the host's account in the domain is good: the domain's controller is asked, not a file."""
    configured = run("testparm", "-s", "--parameter-name=realm").strip()
    try:
        run("net", "ads", "testjoin", "--machine-pass")
        run("wbinfo", "--check-secret")
        trusted = True
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        trusted = False
    return {"realm": configured, "trusted": trusted}


def _console_units() -> list[str]:
    """Units of consoles: those that every system has, and those that somebody configured."""
    found = {"console-getty.service", "serial-getty@ttyS0.service", "container-getty@1.service"}
    found.update(f"getty@tty{number}.service" for number in range(1, 7))
    for folder in ("/etc/systemd/system", "/run/systemd/system"):
        names = os.listdir(folder) if os.path.isdir(folder) else []
        found.update(name.removesuffix(".d") for name in names if re.search(r"getty.*\.service(\.d)?$", name))
    return sorted(name.replace("@.service", "@tty1.service") for name in found)


def automatic_logons() -> list[str]:
    """Consoles and desktops that open a session by themselves."""
    found = []
    # Named one by one, systemd reads units that do not run now; by a pattern it shows only those in memory.
    units = run("systemctl", "show", *_console_units(), "--property=Id,ExecStart", "--no-pager")
    for block in units.split("\n\n"):
        if re.search(r"--autologin|\s-a\s", block):
            found += re.findall(r"^Id=(.+)$", block, re.MULTILINE)
    for path, pattern in (
        ("/etc/gdm3/daemon.conf", r"^\s*(?:Automatic|Timed)LoginEnable\s*=\s*(?i:true|1|yes)"),
        ("/etc/lightdm/lightdm.conf", r"^\s*autologin-user\s*=\s*\S"),
        ("/etc/sddm.conf", r"^\s*User\s*=\s*\S"),
    ):
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                if re.search(pattern, file.read(), re.MULTILINE):
                    found.append(path)
    return sorted(found)


def clock() -> dict[str, Any]:
    """How far the clock is from its source, in seconds (chronyc tracking, comma separated)."""
    fields = run("chronyc", "-c", "-n", "tracking").strip().split(",")
    return {
        "source": fields[1],
        "synchronised": fields[13] != "Not synchronised" and int(fields[2]) > 0,
        "offset_seconds": round(float(fields[4]), 3),
    }


READERS: dict[str, Callable[[], Any]] = {
    "system": system,
    "sshd": sshd,
    "local_accounts": local_accounts,
    "password_hash_method": password_hash_method,
    "administrators": administrators,
    "domain": domain,
    "automatic_logons": automatic_logons,
    "clock": clock,
}


def gather() -> tuple[dict[str, Any], dict[str, str]]:
    """Everything that can be read, and for the rest the reason by the fact's name."""
    facts: dict[str, Any] = {}
    failures: dict[str, str] = {}
    for name, reader in READERS.items():
        try:
            facts[name] = reader()
        except subprocess.CalledProcessError as error:
            failures[name] = f"{error.cmd[0]} failed: {(error.stderr or error.stdout or '').strip()[:300]}"
        except (OSError, ValueError, KeyError, IndexError, subprocess.TimeoutExpired) as error:
            failures[name] = f"{type(error).__name__}: {error}"
    return facts, failures


if __name__ == "__main__":
    print(json.dumps(dict(zip(("linux_host", "failures"), gather(), strict=True))))
