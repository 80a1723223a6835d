"""A park of simulated machines served by one thread: started, looked at, broken and stopped by a test.

Each machine has a port of its own on one address, or an address of its own with one port for all (127.0.x.y on
loopback, as real machines have).
"""

from __future__ import annotations

import asyncio
import ipaddress
import tempfile
import threading
from collections.abc import Coroutine, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tests.winrm_park import VENDOR, ProfileError, sign_in
from tests.winrm_park.certificates import Authority
from tests.winrm_park.endpoint import Endpoint
from tests.winrm_park.machine import Machine

_START_SECONDS = 60
_STOP_SECONDS = 2


@dataclass(frozen=True)
class Place:
    """Where the machines are reached: ports from `port` on, or addresses from `address` on when `spread`."""

    address: str = "127.0.0.1"
    port: int = 0  # 0: whatever is free
    spread: bool = False

    def of(self, number: int) -> tuple[str, int]:
        if self.spread:
            return str(ipaddress.ip_address(self.address) + number), self.port
        return self.address, self.port + number if self.port else 0


class Park:
    """Machines that run as long as the `with` block."""

    def __init__(
        self,
        profiles: Iterable[Mapping[str, Any]],
        passwords: Mapping[str, str],
        *,
        place: Place | None = None,
        addresses: Mapping[str, str] | None = None,
        authority: Authority | None = None,
        latency_ms: float | None = None,
        allowed: Iterable[str] = ("negotiate", "basic"),
        keytab: Path | None = None,
    ) -> None:
        self.machines: dict[str, Machine] = {}
        for profile in profiles:
            own = dict(profile)
            if latency_ms is not None and not own["behaviour"]["latency_ms"]:
                own["behaviour"] = {**own["behaviour"], "latency_ms": latency_ms}
            machine = Machine(own)
            if machine.name in self.machines:
                raise ProfileError(f"two machines are called {machine.name}; give one another name")
            self.machines[machine.name] = machine
        if not self.machines:
            raise ProfileError("a park without machines; name one at least")
        self._place, self._passwords = place or Place(), dict(passwords)
        # By name, for those that have an address of their own; then the port is the same for all.
        self._addresses = {name.upper(): address for name, address in (addresses or {}).items()}
        self._authority = authority
        self._allowed = (*allowed, "kerberos") if keytab else tuple(allowed)
        if keytab is not None:
            sign_in.kerberos(keytab)
        self._endpoints: dict[str, Endpoint] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=VENDOR, daemon=True)
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="winrm_park_")
        folder = Path(self._folder.name)
        self.ca_file = folder / "ca.crt"
        self._thread.start()
        try:
            self._run(self._start(folder))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_START_SECONDS)
        self._loop.close()
        if self._folder is not None:
            self._folder.cleanup()

    async def _start(self, folder: Path) -> None:
        authority = self._authority or Authority()
        self.ca_file.write_bytes(authority.pem())
        domain = next(iter(self.machines.values())).profile["domain"]
        accounts = sign_in.Accounts(self._passwords, domain["name"], domain["dns"], folder)
        for number, machine in enumerate(self.machines.values()):
            address, port = self._place.of(number)
            if machine.name in self._addresses:
                address, port = self._addresses[machine.name], self._place.port
            tls = authority.context(machine.full_name, address, machine.behaviour["certificate"])

            def new(machine: Machine = machine) -> sign_in.SignIn:
                return sign_in.SignIn(accounts, machine.full_name, self._allowed)

            endpoint = self._endpoints[machine.name] = Endpoint(machine, address, port, tls, new)
            await endpoint.switch(machine.behaviour["power"])

    async def _stop(self) -> None:
        for endpoint in self._endpoints.values():
            await endpoint.stop()
        # Their connections are gone; an answer that still takes its time is not waited for.
        ending = asyncio.all_tasks() - {asyncio.current_task()}
        for task in ending:
            task.cancel()
        if ending:
            await asyncio.wait(ending, timeout=_STOP_SECONDS)

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_START_SECONDS)

    # What a test does with it

    def machine(self, name: str) -> Machine:
        """A machine; the event loop reads it, so change it between requests.

        :raises ProfileError: the park has no machine of that name.
        """
        return self.machines[self._known(name)]

    def endpoint(self, name: str) -> Endpoint:
        """Where a machine answers; errors as those of machine()."""
        return self._endpoints[self._known(name)]

    def _known(self, name: str) -> str:
        if name.upper() not in self.machines:
            raise ProfileError(f"no machine {name} in this park, which has {', '.join(sorted(self.machines))}")
        return name.upper()

    def url(self, name: str) -> str:
        """The address of a machine's WinRM."""
        found = self.endpoint(name)
        return f"https://{found.address}:{found.port}/wsman"

    def power(self, name: str, state: str) -> None:
        """Switch a machine on or off, let it be silent or hang."""
        self._run(self.endpoint(name).switch(state))

    def reboot(self, name: str, seconds: float) -> None:
        """Start a reboot; it goes on by itself."""
        endpoint = self.endpoint(name)
        self._run(endpoint.soon(endpoint.reboot(seconds)))

    def unsimulated(self) -> dict[str, list[str]]:
        """What was asked of the machines that they do not know; a test that trusts its answers wants this empty."""
        return {name: each.told.unsimulated for name, each in self.machines.items() if each.told.unsimulated}

    def hosts(self) -> dict[str, dict[str, Any]]:
        """The machines as hosts of an inventory."""
        return {
            name.lower(): {
                "ansible_host": self._endpoints[name].address,
                "ansible_port": self._endpoints[name].port,
                "host_name": machine.full_name,
                "simulated_by": VENDOR,
            }
            for name, machine in self.machines.items()
        }
