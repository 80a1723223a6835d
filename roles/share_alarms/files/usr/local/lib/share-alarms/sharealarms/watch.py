"""Watch who does what on the shares: a suspicious name that was refused, and more changes than people make by hand."""

from __future__ import annotations

import contextlib
import os
import pwd
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from hostlib import Tell, read_state

from sharealarms.lines import Deed, TraceReader, audit_deed
from sharealarms.names import matches, put_in_force, tell_samba
from sharealarms.settings import Settings, Threshold
from sharealarms.state import changed_state, note_deed

#: Every file of the audit's own trials is called so; only from the server itself it makes an alarm a trial.
PREFIX = "garant-essai-"
_EVERY_SECONDS = 1.0
_HEARTBEAT_SECONDS = 20
#: syslog brings the line that tells the machine a little later than the trace tells the name.
_PATIENCE_SECONDS = 2.0
_SECONDS = 20


class Tail:
    """New lines of a log, also of one that is turned meanwhile."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._rest = ""
        self._file: Any = None
        self._open(end=True)

    def _open(self, *, end: bool) -> None:
        with contextlib.suppress(OSError):
            self._file = open(self._path, encoding="utf-8", errors="replace")  # noqa: SIM115  (kept open)
            if end:
                self._file.seek(0, os.SEEK_END)

    def lines(self) -> list[str]:
        """What was added since the last time."""
        found = self._read()
        with contextlib.suppress(OSError):
            there = os.stat(self._path)
            mine = os.fstat(self._file.fileno()) if self._file else None
            if mine is None or there.st_ino != mine.st_ino or there.st_size < mine.st_size:
                if self._file:
                    found += self._read()
                    self._file.close()
                self._open(end=False)
                found += self._read()
            elif self._file.tell() > there.st_size:
                self._file.seek(0)
        return found

    def _read(self) -> list[str]:
        if not self._file:
            return []
        text = self._rest + self._file.read()
        *whole, self._rest = text.split("\n")
        return whole


@dataclass
class Count:
    """What one person did lately, each file once."""

    times: deque[tuple[float, str]] = field(default_factory=deque)
    names: set[str] = field(default_factory=set)

    def add(self, now: float, name: str, threshold: Threshold) -> int | None:
        """How many there are now, when that is too many; counting begins anew then."""
        while self.times and now - self.times[0][0] > threshold.seconds:
            self.names.discard(self.times.popleft()[1])
        if name not in self.names:
            self.names.add(name)
            self.times.append((now, name))
        if len(self.times) < threshold.count:
            return None
        count = len(self.times)
        self.times.clear()
        self.names.clear()
        return count


@dataclass
class Watch:
    """All that is remembered from one look to the next."""

    settings: Settings
    own_addresses: frozenset[str]
    person_of: Callable[[int], str]
    patterns: tuple[str, ...] = ()
    reader: TraceReader = field(default_factory=TraceReader)
    machines: dict[tuple[str, str], str] = field(default_factory=dict)
    counts: dict[tuple[str, str, str, bool], Count] = field(default_factory=dict)
    pending: list[tuple[float, Deed]] = field(default_factory=list)

    def look(self, audit: list[str], trace: list[str], now: float) -> list[dict[str, Any]]:
        """The alarms that the new lines of both logs raise."""
        raised = []
        for deed in (found for line in audit if (found := audit_deed(line))):
            self.machines[deed.person, deed.share] = deed.machine
            if deed.what == "change":
                raised += self._counted("changes", deed, self.settings.most_changes, now)
        for deed in self.reader.deeds(trace):
            if deed.what == "write":
                raised += self._counted("writes", self._known(deed), self.settings.most_writes, now)
            elif deed.what == "refused" or (deed.what == "ask" and matches(deed.name, self.patterns)):
                self.pending.append((now, deed))
        return raised + list(self._names(now))

    def _names(self, now: float) -> Iterator[dict[str, Any]]:
        """Refused names, when the machine is known or cannot be awaited any longer."""
        waiting = []
        for since, deed in self.pending:
            known = self._known(deed)
            if known.machine == "?" and now - since < _PATIENCE_SECONDS:
                waiting.append((since, deed))
            else:
                what = f"a new name for {deed.name}" if deed.what == "refused" else deed.name
                yield self._alarm("name", known, what)
        self.pending = waiting

    def _known(self, deed: Deed) -> Deed:
        person = self.person_of(deed.uid)
        return replace(deed, person=person, machine=self.machines.get((person, deed.share), "?"))

    def _counted(self, kind: str, deed: Deed, threshold: Threshold, now: float) -> list[dict[str, Any]]:
        trial = self._trial(deed)
        if len(self.counts) > 10000:
            self.counts.clear()
        count = self.counts.setdefault((kind, deed.person, deed.machine, trial), Count()).add(now, deed.name, threshold)
        if count is None:
            return []
        return [{**self._alarm(kind, deed, deed.name), "count": count, "seconds": threshold.seconds}]

    def _trial(self, deed: Deed) -> bool:
        return PREFIX in deed.name and deed.machine in self.own_addresses

    def _alarm(self, kind: str, deed: Deed, what: str) -> dict[str, Any]:
        who = {"person": deed.person, "machine": deed.machine, "share": deed.share or "?"}
        return {"kind": kind, **who, "what": what[-200:], "trial": self._trial(deed)}


def person_of(uid: int) -> str:
    """The login of a number, without its domain."""
    try:
        return pwd.getpwuid(uid).pw_name.rpartition("\\")[2]
    except KeyError:
        return str(uid)


def own_addresses() -> frozenset[str]:
    """The addresses of this host."""
    shown = subprocess.run(["hostname", "-I"], capture_output=True, text=True, check=False, timeout=_SECONDS).stdout
    return frozenset({"127.0.0.1", "::1", *shown.split()})


def cut_off(settings: Settings, state: dict[str, Any], machine: str) -> None:
    """Close the sessions of a machine and let it open no other, until an administrator releases it."""
    state.setdefault("cut", {})[machine] = int(time.time())
    put_in_force(settings, state.get("names", {}).get("patterns", []), sorted(state["cut"]))
    tell_samba("kill-client-ip", machine)


def act(settings: Settings, raised: list[dict[str, Any]], tell: Tell) -> None:
    """Write down and tell, and cut off when the site says so: never this host itself, nor a single refused name."""
    with changed_state(settings.folder) as state:
        state["watch"] = {"seen_at": time.time()}
        for alarm in raised:
            note_deed(state, alarm, tell)
            known = alarm["machine"] not in {"?", "", *own_addresses()}
            if settings.cut_off and known and not alarm["trial"] and alarm["kind"] != "name":
                cut_off(settings, state, alarm["machine"])


def watch(settings: Settings, tell: Tell) -> None:
    """Look every second, for ever."""
    audit, trace = Tail(settings.audit_file), Tail(settings.trace_file)
    watching = Watch(settings, own_addresses(), person_of)
    heartbeat, patterns_at = 0.0, 0.0
    while True:
        now = time.time()
        if now - patterns_at > _HEARTBEAT_SECONDS:
            watching.patterns = tuple(read_state(settings.folder).get("names", {}).get("patterns", ()))
            watching.own_addresses, patterns_at = own_addresses(), now
        raised = watching.look(audit.lines(), trace.lines(), now)
        if raised or now - heartbeat > _HEARTBEAT_SECONDS:
            act(settings, raised, tell)
            heartbeat = now
        time.sleep(_EVERY_SECONDS)
