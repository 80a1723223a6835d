"""What smbclient says, read: which refusal belongs to which file, and whether a refusal is an answer at all.

A refusal counts only when the server gave it about the person or the file. Everything else (no answer, no controller,
an unknown status) says nothing about rights. Pure; standard library only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

OK = "NT_STATUS_OK"
#: Answers about rights ([MS-ERREF] 2.3.1; RFC 4120 7.5.9 for those of the domain controller, which gave no ticket); a
#: file that is hidden from somebody is "not found" for them.
DENIALS = frozenset(
    {
        "NT_STATUS_ACCESS_DENIED",
        "NT_STATUS_NETWORK_ACCESS_DENIED",
        "NT_STATUS_PRIVILEGE_NOT_HELD",
        "NT_STATUS_CANNOT_DELETE",
        "NT_STATUS_MEDIA_WRITE_PROTECTED",
        "NT_STATUS_OBJECT_NAME_NOT_FOUND",
        "NT_STATUS_OBJECT_PATH_NOT_FOUND",
        "NT_STATUS_NO_SUCH_FILE",
        "NT_STATUS_BAD_NETWORK_NAME",
        "NT_STATUS_ACCOUNT_DISABLED",
        "NT_STATUS_ACCOUNT_EXPIRED",
        "NT_STATUS_ACCOUNT_LOCKED_OUT",
        "NT_STATUS_ACCOUNT_RESTRICTION",
        "NT_STATUS_LOGON_TYPE_NOT_GRANTED",
        "KDC_ERR_CLIENT_REVOKED",
        "KDC_ERR_C_PRINCIPAL_UNKNOWN",
        "KDC_ERR_NAME_EXP",
    }
)
#: Answers to somebody who gives no name, or that of nobody.
ANONYMOUS_DENIALS = DENIALS | {"NT_STATUS_LOGON_FAILURE", "NT_STATUS_NO_SUCH_USER"}
#: The share is not there at all.
NO_SHARE = "NT_STATUS_BAD_NETWORK_NAME"

_STATUS = re.compile(r"NT_STATUS_[A-Z0-9_]+")
_CONNECTION = re.compile(
    r"(?:tree connect failed|session setup failed|[Nn]egotiation .* failed|do_connect: Connection to .*)\D*?(NT_STATUS_\w+)"
)
_LISTED = re.compile(r"^ {2}(\S.*?) {2,}[A-Z]* +\d+ {2}", re.MULTILINE)
_PUT = re.compile(r"putting file \S+ as \\(\S+)")


class NoAnswerError(Exception):
    """What was tried has no answer that is about rights; the message is what was said."""


@dataclass(frozen=True)
class Output:
    """One run of smbclient: what it printed, errors included."""

    text: str

    @property
    def connection(self) -> str | None:
        """Why there was no connection to the share; None when there was one."""
        found = _CONNECTION.search(self.text)
        return found.group(1) if found else None

    @property
    def names(self) -> frozenset[str]:
        """Names of files and folders that were listed."""
        return frozenset(_LISTED.findall(self.text))

    @property
    def shares(self) -> frozenset[str]:
        """Shares that were listed (-L -g), those for administration left out."""
        return frozenset(
            fields[1] for line in self.text.splitlines() if (fields := line.split("|"))[0] == "Disk" and len(fields) > 1
        )

    @property
    def first(self) -> str | None:
        """The first status of any kind."""
        found = _STATUS.search(self.text)
        return found.group() if found else None

    def stored(self, name: str) -> bool:
        """Whether the server took a file of this name."""
        return name in _PUT.findall(self.text)

    def status(self, name: str, *verbs: str) -> str | None:
        """The refusal of a file, of the first verb that was refused ("opening", "deleting", "listing")."""
        for line in self.text.splitlines():
            status = _STATUS.search(line)
            if status and re.search(rf"\\{re.escape(name)}(?:\s|$)", line) and any(verb in line for verb in verbs):
                return status.group()
        return None

    def said(self) -> str:
        """The last lines, for a message."""
        return " ".join(self.text.split())[-300:] or "nothing"


def denial(status: str | None, said: str, known: frozenset[str] = DENIALS) -> str:
    """The status, when it is an answer about rights.

    :raises NoAnswerError: it is none.
    """
    if status in known:
        return str(status)
    raise NoAnswerError(f"no answer about rights: {status or said}")
