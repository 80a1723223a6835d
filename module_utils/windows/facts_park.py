"""Many workstations read at once: one result for each, whatever becomes of it, and how many were measured."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from ansible.module_utils.windows.facts import gather
from ansible.module_utils.windows.facts_source import Source
from ansible.module_utils.wsman.answers import Row
from ansible.module_utils.wsman.channel import LATE, REFUSED, Account, Channel, Gate, HostError, Limits, reach
from ansible.module_utils.wsman.client import Client
from ansible.module_utils.wsman.faults import DENIED, FaultError
from ansible.module_utils.wsman.many import ask_all
from ansible.module_utils.wsman.recording import Recording

#: Not read whole: some facts were told before the machine stopped answering.
MEASURED, PARTLY = "measured", "partly"
#: The fact that holds who answers in place of a Windows, and whom a Windows names in its answer to Identify.
SIMULATED, _MAKER = "simulated_by", "Microsoft Corporation"
#: What is left to a machine's thread besides its time, for the gate and for ending, before it is given up.
_GRACE_SECONDS = 3.0


class Introducing(Protocol):
    """What says who answers; Client is one."""

    def identify(self) -> Row: ...


@dataclass(frozen=True)
class Machine:
    """A workstation: its name in the inventory, and where it answers."""

    name: str
    address: str
    port: int
    service_name: str | None = None

    @property
    def endpoint(self) -> str:
        """Its WinRM."""
        return f"https://{self.address}:{self.port}/wsman"


def machines(hosts: Sequence[Mapping[str, Any]]) -> list[Machine]:
    """Machines from the module's option.

    :raises ValueError: a name stands twice, or a port is none.
    """
    ports = [host["name"] for host in hosts if not 0 < host["port"] < 65536]
    if ports:
        raise ValueError(f"hosts: the port of {', '.join(ports)} is none; WinRM over HTTPS has 5986")
    found = [
        Machine(host["name"], host.get("address") or host["name"], host["port"], host.get("service_name"))
        for host in hosts
    ]
    twice = sorted(name for name, count in Counter(machine.name for machine in found).items() if count > 1)
    if twice:
        raise ValueError(f"hosts: {', '.join(twice)} stands twice; name each workstation once")
    return found


def read_machine(
    machine: Machine, account: Account, limits: Limits, gate: Gate, recordings: str | None = None
) -> dict[str, Any]:
    """Everything of one machine, or why nothing: never an exception but for what is to be mended here.

    :param recordings: folder that keeps what was asked and answered
    :raises ValueError: the account cannot be used at all.
    """
    began = time.monotonic()
    client, recording = None, Recording()
    try:
        if not gate.open:
            reach(machine.address, machine.port, limits.connect_seconds)
        with gate.turn():
            channel = Channel(machine.endpoint, account, limits, service_name=machine.service_name)
            client = Client(channel)
            if recordings:
                channel.listener = recording.note
            # Answered by WinRM itself: a WMI that hangs at the gate would hold up the others.
            facts, failures = introduced(client)
        now = datetime.now(UTC)
        source = Source(client, now)
        _let_in(source)
        read, unread, gone = gather(source)
        facts, failures = {**facts, **read}, {**failures, **unread}
        if recordings:
            recording.write(recordings, machine.name, now.isoformat(), {**facts, "failures": failures})
    except HostError as error:
        return _unread(error.state, str(error), time.monotonic() - began)
    finally:
        if client:
            client.close()
    return {
        "workstation": {**facts, "failures": failures},
        "failures": {f"workstation.{name}": why for name, why in failures.items()},
        "state": PARTLY if gone else MEASURED,
        "messages": client.sent,
        "seconds": round(time.monotonic() - began, 2),
    }


def introduced(client: Introducing) -> tuple[dict[str, Any], dict[str, str]]:
    """Who answers, when it is no Windows: whatever is not Microsoft's is never shown as a real workstation."""
    try:
        vendor = str(client.identify().get("ProductVendor") or "").strip()
    except FaultError as error:
        return {}, {SIMULATED: str(error)}
    if not vendor:
        return {}, {SIMULATED: "the machine does not say whose WinRM answers"}
    return {SIMULATED: None if vendor == _MAKER else vendor}, {}


def _let_in(source: Source) -> None:
    """Whoever may read anything may read what Windows it is: refused that, the account is refused all.

    :raises HostError: it is.
    """
    try:
        source.rows("system")
    except FaultError as error:
        if error.fault.kind == DENIED:
            raise HostError(REFUSED, str(error)) from error


def _unread(state: str, why: str, seconds: float) -> dict[str, Any]:
    return {"unreachable": True, "state": state, "msg": why, "messages": 0, "seconds": round(seconds, 2)}


def read_park(
    hosts: Sequence[Mapping[str, Any]],
    account: Account,
    limits: Limits,
    at_once: int,
    read: Callable[[Machine, Account, Limits, Gate], dict[str, Any]] = read_machine,
) -> tuple[dict[str, Any], dict[str, int]]:
    """The result of each machine by its name, and how many ended in which state.

    :raises ValueError: an option is wrong.
    """
    wanted = machines(hosts)
    if at_once < 1 or limits.host_seconds < 1 or limits.connect_seconds < 1:
        raise ValueError("at_once, timeout_seconds and connect_seconds: give at least 1")
    account.check()
    gate = Gate()

    def ask(machine: Machine) -> dict[str, Any]:
        try:
            return read(machine, account, limits, gate)
        except Exception as error:  # one machine's surprise is not the others' end
            return _unread("error", f"error: {type(error).__name__}: {error}", 0.0)

    def late(_machine: Machine) -> dict[str, Any]:
        return _unread(LATE, str(HostError(LATE, f"{limits.host_seconds:g} s")), limits.host_seconds)

    results = ask_all(wanted, ask, late, at_once=at_once, seconds=limits.host_seconds + _GRACE_SECONDS)
    read_by_name = {machine.name: result for machine, result in zip(wanted, results, strict=True)}
    return read_by_name, dict(Counter(result["state"] for result in results))
