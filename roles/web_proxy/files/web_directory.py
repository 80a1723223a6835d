#!/usr/bin/python3
"""What Squid asks the directory: whether a password is right, and what somebody is.

`web_directory.py password` answers to auth_param basic; `web_directory.py person` to external_acl_type, with channels.
The host asks under its own account, by its keytab, on a sealed connection: there is no secret of its own to keep. A
password is tried by signing in with it over TLS, so that the directory itself refuses who is closed or locked out.
An answer that does not come in time is never OK: what asks must refuse then. Standard library and ldap-utils.
"""

from __future__ import annotations

import base64
import json
import os
import re
import struct
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable, Iterator

SETTINGS = "/etc/web-proxy/directory.json"
#: A login and nothing else: no realm, no domain before it, nothing that means something in a search.
LOGIN = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
SECONDS = 3  # for one question
PAUSE = 2  # after a question without an answer the next ones are not asked, so that they do not queue up
GROUPS_AGE = 300  # of the numbers of groups that were looked up by name
DISABLED = 0x2  # [MS-ADTS] 2.2.16 ADS_UF_ACCOUNTDISABLE
NEVER = (0, 0x7FFFFFFFFFFFFFFF)
EPOCH_1601 = 11644473600
WRONG_PASSWORD = 49  # [RFC 4511] invalidCredentials


class NoAnswer(Exception):
    """The directory did not answer the question; the message says why."""


class Directory:
    """The domain's controllers, asked through ldap-utils."""

    def __init__(self, settings: dict) -> None:
        self.settings = settings
        self.sids: dict[str, set[str]] = {}
        self.looked_up = 0.0
        self.silent_until = 0.0
        cache = f"FILE:{settings['run_dir']}/web-directory.{os.getpid()}.ccache"
        self.environment = {
            "PATH": "/usr/bin:/bin",
            "LC_ALL": "C",
            "KRB5CCNAME": cache,
            "KRB5_CLIENT_KTNAME": settings["keytab"],
            "KRB5_CONFIG": settings["krb5_config"],
            "LDAPTLS_CACERT": settings["authority_file"],
            "LDAPTLS_REQCERT": "demand",
            "LDAPSASL_SECPROPS": "minssf=56",
        }

    def password_is_right(self, login: str, password: str) -> bool:
        """Sign in with it; an empty one would sign in as nobody."""
        if not LOGIN.match(login) or not password or "\0" in password:
            return False
        secret = os.memfd_create("password")
        try:
            os.write(secret, password.encode())
            answer = self._run(
                ["ldapwhoami", "-x", "-H", self._at("ldaps"), "-D", f"{login}@{self.settings['realm']}"],
                ["-y", f"/proc/self/fd/{secret}"],
                keep=(secret,),
            )
        finally:
            os.close(secret)
        if answer.returncode not in (0, WRONG_PASSWORD):
            raise self._silence(answer.stderr)
        return answer.returncode == 0

    def person(self, login: str) -> str:
        """One line of keys and values: who it is, whether the account is open, and which known groups hold it."""
        if not LOGIN.match(login):
            return "state_=unknown"
        wanted = ["userAccountControl", "accountExpires", "objectSid"]
        found = self._search(self.settings["base"], "sub", f"(&(objectClass=user)(sAMAccountName={login}))", wanted)
        if len(found) != 1:
            return "state_=unknown"
        [entry] = found
        if int(entry["useraccountcontrol"][0]) & DISABLED or _over(int(entry.get("accountexpires", [b"0"])[0])):
            return "state_=closed"
        held = self._search(entry["dn"][0].decode(), "base", "(objectClass=*)", ["tokenGroups"])
        mine = {_sid(one) for one in held[0].get("tokengroups", [])} if held else set()
        domain = _sid(entry["objectsid"][0]).rpartition("-")[0]
        groups = [name for name, sids in self._groups(domain).items() if sids & mine]
        return f"state_=open groups_={','.join(sorted(groups)) or 'none'}"

    def _groups(self, domain: str) -> dict[str, set[str]]:
        """The numbers of the groups that the rules speak of; one that does not exist is an error, not an empty group."""
        if time.monotonic() - self.looked_up < GROUPS_AGE and self.sids:
            return self.sids
        names = sorted({one for each in self.settings["groups"].values() for one in each if not one.isdigit()})
        known = {}
        if names:
            either = "".join(f"(sAMAccountName={_escaped(name)})" for name in names)
            for entry in self._search(
                self.settings["base"], "sub", f"(&(objectClass=group)(|{either}))", ["sAMAccountName", "objectSid"]
            ):
                known[entry["samaccountname"][0].decode().casefold()] = _sid(entry["objectsid"][0])
        missing = [name for name in names if name.casefold() not in known]
        if missing:
            raise NoAnswer(f"no group {', '.join(missing)} in the directory")
        self.sids = {
            key: {f"{domain}-{one}" if one.isdigit() else known[one.casefold()] for one in each}
            for key, each in self.settings["groups"].items()
        }
        self.looked_up = time.monotonic()
        return self.sids

    def _search(self, base: str, scope: str, wanted: str, attributes: list[str]) -> list[dict[str, list[bytes]]]:
        answer = self._run(
            ["ldapsearch", "-Q", "-N", "-Y", "GSSAPI", "-H", self._at("ldap"), "-LLL", "-o", "ldif-wrap=no"],
            ["-b", base, "-s", scope, wanted, *attributes],
        )
        if answer.returncode:
            raise self._silence(answer.stderr)
        return list(entries(answer.stdout))

    def _at(self, scheme: str) -> str:
        return " ".join(f"{scheme}://{name}" for name in self.settings["controllers"])

    def _run(self, command: list[str], more: list[str], keep: tuple[int, ...] = ()) -> subprocess.CompletedProcess[str]:
        if time.monotonic() < self.silent_until:
            raise NoAnswer("the directory did not answer a moment ago")
        try:
            return subprocess.run(
                [*command, "-o", f"nettimeout={SECONDS - 1}", *more],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
                pass_fds=keep,
            )
        except subprocess.TimeoutExpired:
            raise self._silence("no answer in time") from None
        except OSError as error:
            raise NoAnswer(f"{command[0]}: {error.strerror}; install ldap-utils") from None

    def _silence(self, why: str) -> NoAnswer:
        self.silent_until = time.monotonic() + PAUSE
        return NoAnswer(" ".join(why.split())[-200:])


def entries(text: str) -> Iterator[dict[str, list[bytes]]]:
    """What a search found ([RFC 2849]); names of attributes in lower case, references left out."""
    for block in text.split("\n\n"):
        found: dict[str, list[bytes]] = {}
        for line in block.splitlines():
            name, _, value = line.partition(":")
            if name.startswith("#") or not name:
                continue
            data = base64.b64decode(value[1:]) if value.startswith(":") else value.strip().encode()
            found.setdefault(name.casefold(), []).append(data)
        if "dn" in found:
            yield found


def _sid(packed: bytes) -> str:
    """[MS-DTYP] 2.4.2.2."""
    count = packed[1]
    parts = struct.unpack(f"<{count}I", packed[8 : 8 + 4 * count])
    return "-".join(["S", str(packed[0]), str(int.from_bytes(packed[2:8], "big")), *map(str, parts)])


def _over(expires: int) -> bool:
    return expires not in NEVER and expires / 10_000_000 - EPOCH_1601 < time.time()


def _escaped(text: str) -> str:
    """[RFC 4515] 3."""
    return "".join(f"\\{ord(sign):02x}" if sign in "\\*()\0" else sign for sign in text)


def password_line(directory: Directory, line: str) -> str:
    """The answer to one line of auth_param basic: login and password, escaped."""
    login, _, password = line.partition(" ")
    right = directory.password_is_right(urllib.parse.unquote(login), urllib.parse.unquote(password))
    return "OK" if right else "ERR"


def person_line(directory: Directory, line: str) -> str:
    """The answer to one line of external_acl_type: channel and login."""
    login, *_ = line.split()
    return f"OK {directory.person(urllib.parse.unquote(login))}"


#: What Squid is told when the directory is silent. After BH it would show its own page of an external_acl_type, and it
#: would believe ERR of a password for as long as a login lasts.
SILENT = {password_line: "BH", person_line: "ERR"}


def answer(question: Callable[[Directory, str], str], directory: Directory, line: str) -> str:
    """What Squid is told; never OK when the directory did not answer."""
    try:
        return question(directory, line)
    except NoAnswer as error:
        said = re.sub(r"[^A-Za-z0-9 .,:()_-]", "", str(error))
        print(f"web_directory: {said}", file=sys.stderr, flush=True)
        return f'{SILENT[question]} message="{said}"'
    except (ValueError, KeyError, IndexError, struct.error) as error:
        return f'{SILENT[question]} message="{type(error).__name__}"'


def main() -> None:
    """Answer line by line until Squid closes."""
    mode, *other = sys.argv[1:]
    with open(other[0] if other else SETTINGS, encoding="utf-8") as file:
        directory = Directory(json.load(file))
    for line in sys.stdin:
        text = line.rstrip("\n")
        if mode == "password":
            said = answer(password_line, directory, text)
        else:
            channel, _, text = text.partition(" ")
            said = f"{channel} {answer(person_line, directory, text)}"
        print(said, flush=True)


if __name__ == "__main__":
    main()
