"""The simulated workstations of a lab: started beside its machines, members of its domain, under its policies.

usage: lab.py up|down|state FOLDER
       lab.py hold FOLDER BRIDGE
       lab.py order FOLDER WORD...

FOLDER is var/lab/<site>/park. The lab's playbook writes there what the park is made of: park.json (the machines, each
with its address and its unit; the domain; which policies reach which unit; the port, unless it is that of WinRM),
accounts, keytab, and SYSVOL as the domain controller serves it. `up` starts the park, or starts it anew when any of
these has changed, as machines do that read their policies again; a keytab may change, as it is read at each sign-in.
`hold` gives the bridge the addresses of the machines that are on, and takes others away: nobody holds the address of
one that is off. Orders are those of tests.winrm_park.serve: `order FOLDER told ws1` says what ws1 was asked.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import tests.conftest  # noqa: E402, F401 -- makes module_utils reachable under its one name
from tests.winrm_park import VENDOR, ProfileError, generate, policies, serve  # noqa: E402
from tests.winrm_park.certificates import Authority  # noqa: E402
from tests.winrm_park.park import Park, Place  # noqa: E402

PORT = 5986
_SECONDS = 60
_ANSWER_SECONDS = 20


class Lab:
    """The park of one lab, by its folder."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder).resolve()
        self.control = self.folder / "control"

    def plan(self) -> dict[str, Any]:
        """What the lab's playbook wrote."""
        file = self.folder / "park.json"
        try:
            plan: dict[str, Any] = json.loads(file.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise ProfileError(f"{file}: {error}; bring the lab up first") from error
        return plan

    def made_of(self) -> str:
        """A digest of everything that the machines are made of."""
        digest = hashlib.sha256(b"keytab" if (self.folder / "keytab").exists() else b"")
        files = [self.folder / "park.json", self.folder / "accounts", *sorted((self.folder / "sysvol").rglob("*"))]
        programs = sorted((ROOT / "tests" / "winrm_park").rglob("*.*"))
        for file in [*files, *(each for each in programs if each.suffix in (".py", ".yml"))]:
            if file.is_file():
                digest.update(f"{file}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()

    def process(self) -> int | None:
        """The process that is this park, and no other that has its number by now."""
        try:
            number = int((self.folder / "pid").read_text("ascii"))
            told = Path(f"/proc/{number}/cmdline").read_bytes()
        except (OSError, ValueError):
            return None
        return number if str(self.folder).encode() in told else None

    def up(self) -> str:
        """Start the park; one that runs and is made of the same is left alone."""
        made_of, file = self.made_of(), self.folder / "made_of"
        if self.process() and file.is_file() and file.read_text("ascii") == made_of:
            return "running"
        self.down()
        with (self.folder / "log").open("wb") as log:
            command = [sys.executable, __file__, "serve", str(self.folder)]
            process = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        (self.folder / "pid").write_text(str(process.pid), "ascii")
        end = time.monotonic() + _SECONDS
        while not self.control.exists():
            if process.poll() is not None or time.monotonic() > end:
                self.down()
                said = (self.folder / "log").read_text("utf-8", "replace").strip().removeprefix(f"{VENDOR}: ")
                raise ProfileError(f"the park did not start: {said[-2000:] or 'it said nothing'}")
            time.sleep(0.1)
        file.write_text(made_of, "ascii")
        return "started"

    def down(self) -> str:
        """Stop the park, and leave nothing of it behind that runs."""
        number = self.process()
        if number:
            os.kill(number, signal.SIGTERM)
            end = time.monotonic() + _ANSWER_SECONDS
            while self.process() and time.monotonic() < end:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(number, os.WNOHANG)
                time.sleep(0.05)
            if self.process():
                os.kill(number, signal.SIGKILL)
        for left in ("pid", "control", "made_of"):
            (self.folder / left).unlink(missing_ok=True)
        return "stopped" if number else "not running"

    def order(self, words: list[str]) -> str:
        """Give one order to the park that runs; its answer."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(_ANSWER_SECONDS)
            try:
                with self._control() as path:
                    line.connect(path)
            except OSError as error:
                raise ProfileError(f"{self.control}: {error}; the park does not run: make lab-workstations") from error
            line.sendall(" ".join(words).encode() + b"\n")
            answer = line.makefile("r", encoding="utf-8").readline().strip()
        if not answer:
            raise ProfileError(f"{self.control}: no answer to {' '.join(words)}")
        if "error" in (told := json.loads(answer)):
            raise ProfileError(told["error"])
        return answer

    @contextlib.contextmanager
    def _control(self) -> Iterator[str]:
        """The path of the socket, which may have 107 bytes and no more: however deep the folder lies."""
        here = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            yield f"/proc/self/fd/{here}/{self.control.name}"
        finally:
            os.close(here)

    def serve(self) -> None:
        """Be the park, until the process is ended."""
        plan = self.plan()
        with self.park(plan) as park:
            self.govern(park, plan)
            ended = threading.Event()
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_about: ended.set())
            with self.listening(park, plan):
                ended.wait()

    def park(self, plan: Mapping[str, Any]) -> Park:
        """The machines, each at its address, with certificates of the site's authority."""
        keytab = self.folder / "keytab"
        return Park(
            self.profiles(plan),
            serve.accounts(self.folder / "accounts"),
            place=Place(port=plan.get("port", PORT)),
            addresses={each["name"]: each["address"] for each in plan["machines"]},
            authority=Authority.of_site(Path(plan["authority"]["certificate"]), Path(plan["authority"]["key"])),
            keytab=keytab if keytab.exists() else None,
        )

    def profiles(self, plan: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What each machine is: as the inventory says, or as it is drawn."""
        drawn = {each["name"].lower(): each for each in generate.draw(**plan["draw"])["machines"]}
        listed = []
        for each in plan["machines"]:
            machine = each["machine"] or drawn.get(each["name"])
            if not machine:
                raise ProfileError(f"{each['name']}: the inventory gives it no lab_park_machine, and none is drawn")
            own = {**(machine.get("own") or {}), "domain": plan["domain"]}
            listed.append({**machine, "name": each["name"], "own": own})
        return generate.built({"machines": listed}, str(self.folder / "park.json"))

    def hold(self, bridge: str) -> str:
        """Bring the bridge's addresses in line; what was changed, a line each. Needs root."""
        plan = self.plan()
        on = {each["name"] for each in self.profiles(plan) if each["behaviour"]["power"] != "off"}
        wanted = {each["address"] for each in plan["machines"] if each["name"] in on}
        (shown,) = json.loads(_ip("-json", "address", "show", "dev", bridge))
        held = {each["local"] for each in shown["addr_info"] if each["family"] == "inet" and each["prefixlen"] == 32}
        changes = [("add", each) for each in wanted - held] + [("delete", each) for each in held - wanted]
        for what, address in sorted(changes):
            _ip("address", what, f"{address}/32", "dev", bridge)
        return "\n".join(" ".join(each) for each in sorted(changes))

    def govern(self, park: Park, plan: Mapping[str, Any]) -> None:
        """Lay on each machine the policies that reach its unit, as they lie in SYSVOL."""
        order = {each["unit"].lower(): each["policies"] for each in plan["order"]}
        for each in plan["machines"]:
            unit = each["unit"].lower()
            while unit and unit not in order:
                unit = unit.partition(",")[2]
            if not unit:
                raise ProfileError(f"{each['name']}: no policy reaches {each['unit']}; is it a unit of the domain?")
            machine = park.machine(each["name"])
            policies.apply(machine, policies.load(self.folder / "sysvol", order[unit]))

    @contextlib.contextmanager
    def listening(self, park: Park, plan: Mapping[str, Any]) -> Iterator[None]:
        """Take orders, one a connection, on a socket that only we open."""
        with socket.socket(socket.AF_UNIX) as door:
            mask = os.umask(0o177)
            try:
                with self._control() as path:
                    door.bind(path)
            finally:
                os.umask(mask)
            door.listen()
            threading.Thread(target=self.answer, args=(door, park, plan), daemon=True).start()
            yield

    def answer(self, door: socket.socket, park: Park, plan: Mapping[str, Any]) -> None:
        """Carry out what comes; whoever sends nothing waits for itself, not for long."""
        while True:
            line, _address = door.accept()
            with line, contextlib.suppress(OSError):
                line.settimeout(_ANSWER_SECONDS)
                words = line.makefile("r", encoding="utf-8", errors="replace").readline().strip()
                told = serve.order(park, words)
                if words.startswith("upgrade ") and "done" in told:
                    told = self.governed_again(park, plan) or told
                line.sendall(json.dumps(told).encode() + b"\n")

    def governed_again(self, park: Park, plan: Mapping[str, Any]) -> dict[str, str]:
        """Another system starts without any policy, and reads them; what kept it from it."""
        try:
            self.govern(park, plan)
        except (ProfileError, OSError) as error:
            return {"error": str(error)}
        return {}


def _ip(*words: str) -> str:
    done = subprocess.run(["ip", *words], check=False, capture_output=True, text=True)
    if done.returncode:
        raise ProfileError(f"ip {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


def main(words: list[str]) -> int:
    """Do one thing, say what was done."""
    try:
        match words:
            case ["up" | "down" as what, folder]:
                print(getattr(Lab(folder), what)())
            case ["state", folder]:
                print("running" if Lab(folder).process() else "not running")
            case ["hold", folder, bridge]:
                print(Lab(folder).hold(bridge))
            case ["order", folder, *order] if order:
                print(Lab(folder).order(order))
            case ["serve", folder]:
                Lab(folder).serve()
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except (ProfileError, OSError) as error:
        print(f"{VENDOR}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
