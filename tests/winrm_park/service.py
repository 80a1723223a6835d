"""WS-Management of one machine: a request in, an answer out, no network."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.winrm_park import faults, names, render, soap
from tests.winrm_park.faults import Fault
from tests.winrm_park.shell import Shells

if TYPE_CHECKING:
    from tests.winrm_park.machine import Machine

_ENUMERATE, _PULL, _RELEASE = (f"{names.ENUMERATION}/{verb}" for verb in ("Enumerate", "Pull", "Release"))
_SHELL_VERBS = ("Create", "Delete")
_ROOM = 2000  # what an envelope holds besides the items
_MOST_CONTEXTS = 100


@dataclass(frozen=True)
class Answer:
    """Status and body; `seconds` is what the machine takes over it, besides the latency of the network."""

    status: int
    body: bytes
    seconds: float = 0.0
    reboot: bool = False


def _config(machine: Machine) -> str:
    """What clients ask before they send long messages; for administrators alone."""
    if machine.behaviour["access"] != "administrator":
        raise faults.access_denied(names.CONFIG)
    kilobytes = 150 if machine.profile["os"]["stack"] == "2.0" else 500
    return (
        f'<cfg:Config xmlns:cfg="{names.CONFIG}"><cfg:MaxEnvelopeSizekb>{kilobytes}</cfg:MaxEnvelopeSizekb>'
        "<cfg:MaxTimeoutms>60000</cfg:MaxTimeoutms><cfg:MaxBatchItems>32000</cfg:MaxBatchItems></cfg:Config>"
    )


class Service:
    """The WinRM service of a machine."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.shells = Shells(machine)
        self._waiting: dict[str, list[str]] = {}

    def restart(self) -> None:
        """Forget everything that does not outlive a reboot."""
        self.shells.clear()
        self._waiting.clear()

    def answer(self, raw: bytes, account: str) -> Answer:
        """The answer to one request."""
        self.machine.told.requests += 1
        try:
            request = soap.read(raw)
        except soap.BadRequestError:
            return Answer(400, b"")
        if request.identify:
            system = self.machine.profile["os"]
            return Answer(200, soap.identity(f"{system['version']}.{system['build']}", system["stack"]))
        try:
            action, body = self._dispatch(request, account)
        except Fault as fault:
            body = fault.body(self.machine.name)
            return Answer(500, soap.envelope(names.FAULT_ACTION, request.message_id, body))
        reboot, self.shells.reboot = self.shells.reboot, False
        return Answer(200, soap.envelope(action, request.message_id, body), self._slowness(request), reboot)

    def _slowness(self, request: soap.Request) -> float:
        """How long a class takes, where the profile says so."""
        slow = self.machine.behaviour["slow"]
        asked = f"{request.resource} {request.text('.//w:Filter')}".lower()
        return max((float(each) for name, each in slow.items() if name.lower() in asked), default=0.0)

    def _dispatch(self, request: soap.Request, account: str) -> tuple[str, str]:
        action = request.action
        if action == _ENUMERATE:
            return f"{_ENUMERATE}Response", self._enumerate(request)
        if action == _PULL:
            return f"{_PULL}Response", self._pull(request)
        if action == _RELEASE:
            self._waiting.pop(request.text(".//n:EnumerationContext"), None)
            return f"{_RELEASE}Response", ""
        if action == f"{names.TRANSFER}/Get":
            return f"{action}Response", self._get(request)
        on_shell = action.removeprefix(f"{names.TRANSFER}/") in _SHELL_VERBS
        if on_shell or action.startswith(f"{names.SHELL}/"):
            return self.shells.answer(request, account)
        if request.resource.startswith(names.WMI) and action.startswith(f"{request.resource}/"):
            method = action.rpartition("/")[2]
            place = request.resource.removeprefix(names.WMI)
            pairs = self.machine.invoke(place, method, request.inputs(), request.selectors)
            return f"{action}Response", render.output(request.resource, method, pairs)
        if action:
            self.machine.not_simulated(f"action {action}")
        raise faults.bad_action(action)

    def _get(self, request: soap.Request) -> str:
        """One instance by its keys; a class of one instance needs none."""
        namespace, _mark, name = request.resource.removeprefix(names.WMI).rpartition("/")
        if request.resource == names.CONFIG:
            return _config(self.machine)
        if not request.resource.startswith(names.WMI):
            raise faults.bad_resource(request.resource)
        found, columns, rows = self.machine.select(namespace, f"SELECT * FROM {name}")  # noqa: S608 -- WQL, of our own tests
        wanted = {key.lower(): value.lower() for key, value in request.selectors.items() if not key.startswith("__")}
        for row in rows:
            held = {key.lower(): str(value).lower() for key, value in row.items()}
            if all(held.get(key) == value for key, value in wanted.items()) and (wanted or len(rows) == 1):
                return render.instance(found, columns, row)
        raise faults.no_instance(name, faults.BAD_RESOURCE)

    def _enumerate(self, request: soap.Request) -> str:
        if not request.resource.startswith(names.WMI):
            raise faults.bad_resource(request.resource)
        namespace, _mark, name = request.resource.removeprefix(names.WMI).rpartition("/")
        wanted = request.body.find(".//w:Filter", names.SEARCH)
        if wanted is not None and wanted.get("Dialect") != names.WQL_DIALECT:
            raise self.machine.not_simulated(f"filter dialect {wanted.get('Dialect')}")
        if (wanted is not None) != (name == "*"):  # a filter goes with the star, and the star with a filter
            raise faults.bad_resource(request.resource)
        text = f"SELECT * FROM {name}" if wanted is None else (wanted.text or "")  # noqa: S608 -- WQL, of our own tests
        found, columns, rows = self.machine.select(namespace, text)
        if len(self._waiting) >= _MOST_CONTEXTS:
            raise Fault("w:QuotaLimit", "Too many operations of this user are open.", faults.QUOTA)
        context = f"uuid:{str(uuid.uuid4()).upper()}"
        self._waiting[context] = [render.instance(found, columns, row) for row in rows]
        if not request.has(".//w:OptimizeEnumeration"):
            return f"<n:EnumerateResponse><n:EnumerationContext>{context}</n:EnumerationContext></n:EnumerateResponse>"
        items, ended = self._take(context, int(request.text(".//w:MaxElements") or 1), request.largest)
        return (
            f"<n:EnumerateResponse><n:EnumerationContext>{'' if ended else context}</n:EnumerationContext>"
            f"<w:Items>{items}</w:Items>{'<w:EndOfSequence/>' if ended else ''}</n:EnumerateResponse>"
        )

    def _pull(self, request: soap.Request) -> str:
        context = request.text(".//n:EnumerationContext")
        if context not in self._waiting:
            raise faults.bad_context()
        items, ended = self._take(context, int(request.text(".//n:MaxElements") or 1), request.largest)
        more = "" if ended else f"<n:EnumerationContext>{context}</n:EnumerationContext>"
        return (
            f"<n:PullResponse>{more}<n:Items>{items}</n:Items>{'<n:EndOfSequence/>' if ended else ''}</n:PullResponse>"
        )

    def _take(self, context: str, most: int, largest: int) -> tuple[str, bool]:
        """The next items: as many as were asked and as fit in the envelope, one at least."""
        waiting, size = self._waiting[context], _ROOM
        taken: list[str] = []
        while waiting and len(taken) < most and (not taken or size + len(waiting[0].encode()) < largest):
            size += len(waiting[0].encode())
            taken.append(waiting.pop(0))
        if not waiting:
            del self._waiting[context]
        return "".join(taken), not waiting
