"""The two logs that tell who does what on the shares: Samba's audit log, and its trace of requests. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_AUDIT = re.compile(
    r"^\S+ \S+ smbd_audit\S* (?P<who>[^|]+)\|(?P<where>[^|]*)\|(?P<share>[^|]*)\|(?P<what>\w+)\|ok(?:\|(?P<rest>.*))?$"
)
_HEAD = re.compile(r"^\[.*?, +\d+, pid=(\d+), effective\((\d+), \d+\).*class=smb2\]")
_CREATE = "  smbd_smb2_create_send: name ["
_SETINFO = "  smbd_smb2_setinfo_send: "
_WRITE = "  smbd_smb2_write: "
_TREE = re.compile(r"^  smbd_smb2_tree_connect: path\[.*\] share\[(.*)\]")
#: The handle is open, so that only the new name can be what was not found.
_REFUSED = re.compile(r"status\[NT_STATUS_OBJECT_(?:NAME|PATH)_NOT_FOUND\].*smb2_setinfo\.c")
_NUMBER = re.compile(r" - fnum \d+$|, file .*$")


@dataclass(frozen=True)
class Deed:
    """One thing that somebody did: connect, change (a deletion or a new name), ask (for a name), write, refused."""

    what: str
    name: str
    share: str = ""
    person: str = ""
    machine: str = ""
    uid: int = -1
    pid: int = 0


def audit_deed(line: str) -> Deed | None:
    """What a line of the audit log tells; None when it is not about a change."""
    found = _AUDIT.match(line)
    if not found:
        return None
    what = found["what"]
    if what == "connect":
        kind = "connect"
    elif what in ("unlinkat", "renameat"):
        kind = "change"
    else:
        return None
    person = found["who"].rpartition("\\")[2]
    return Deed(kind, found["rest"] or "", found["share"], person, found["where"])


@dataclass
class TraceReader:
    """Reads the trace: a head says which session, the line after it what."""

    _pid: int = 0
    _uid: int = -1
    _renames: dict[int, str] = field(default_factory=dict)
    _shares: dict[int, str] = field(default_factory=dict)

    def deeds(self, lines: list[str]) -> Iterator[Deed]:
        """What the lines tell."""
        for line in lines:
            if line.startswith("["):
                head = _HEAD.match(line)
                self._pid, self._uid = (int(head[1]), int(head[2])) if head else (0, -1)
            elif self._pid and (deed := self._said(line)):
                yield deed

    def _said(self, line: str) -> Deed | None:
        if line.startswith(_CREATE):
            return self._deed("ask", line[len(_CREATE) :].rstrip().removesuffix("]"))
        if line.startswith(_WRITE):
            return self._deed("write", _NUMBER.sub("", line[len(_WRITE) :].rstrip()))
        if line.startswith(_SETINFO):
            self._renames[self._pid] = _NUMBER.sub("", line[len(_SETINFO) :].rstrip())
        elif _REFUSED.search(line) and self._pid in self._renames:
            return self._deed("refused", self._renames.pop(self._pid))
        elif (tree := _TREE.match(line)) and tree[1].upper() != "IPC$":
            self._shares[self._pid] = tree[1]
            if len(self._shares) > 5000:
                self._shares = dict(list(self._shares.items())[-1000:])
                self._renames.clear()
        return None

    def _deed(self, what: str, name: str) -> Deed:
        return Deed(what, name, share=self._shares.get(self._pid, ""), uid=self._uid, pid=self._pid)
