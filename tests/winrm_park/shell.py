"""Shells of WinRS ([MS-WSMV] 3.1.4.1): create, command, send, receive, signal, delete.

A long output comes in pieces that fit the client's largest envelope, the state of the command staying Running until
the last one.
"""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from tests.winrm_park import commands, faults, names, psrp
from tests.winrm_park.soap import Request

if TYPE_CHECKING:
    from tests.winrm_park.machine import Machine

CMD = f"{names.SHELL}/cmd"
_ROOM = 3000  # what an envelope holds besides the streams
_UTF8 = "65001"


@dataclass
class _Command:
    line: str
    waiting: list[tuple[str, bytes]] | None = None  # streams still to be sent; None before it has run
    code: int = 0
    delays: int = 0
    sent: bytes = b""


@dataclass
class _Shell:
    encoding: str
    account: str
    commands: dict[str, _Command] = field(default_factory=dict)


class Shells:
    """The shells of one machine. `reboot` tells that a command asked for one."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._shells: dict[str, _Shell] = {}
        self._pools = psrp.Pools(machine)
        self.reboot = False

    def clear(self) -> None:
        """Nothing of them outlives a reboot."""
        self._shells.clear()
        self._pools.clear()
        self.reboot = False

    def __len__(self) -> int:
        return len(self._shells) + len(self._pools)

    def answer(self, request: Request, account: str) -> tuple[str, str]:
        """Action and body of the answer to a request on a shell."""
        if self._machine.behaviour["access"] == "denied":
            raise faults.access_denied(self._machine.name)
        verb = request.action.rpartition("/")[2]
        if request.resource == psrp.POWERSHELL:
            return f"{request.action}Response", self._pools.answer(verb, request, account)
        if request.resource != CMD:
            raise self._machine.not_simulated(f"shell {request.resource}")
        if verb == "Create":
            return f"{names.TRANSFER}/CreateResponse", self._create(request, account)
        shell = self._shells.get(request.selectors.get("ShellId", ""))
        if shell is None:
            raise faults.shell_not_found()
        answers = {
            "Command": self._command,
            "Send": self._send,
            "Receive": self._receive,
            "Signal": self._signal,
            "Delete": self._delete,
        }
        if verb not in answers:
            raise faults.bad_action(request.action)
        return f"{request.action}Response", answers[verb](shell, request)

    def _create(self, request: Request, account: str) -> str:
        number = str(uuid.uuid4()).upper()
        page = self._machine.words["code_page"]
        encoding = "utf-8" if request.options.get("WINRS_CODEPAGE") == _UTF8 else page
        self._shells[number] = _Shell(encoding, account)
        return (
            f"<x:ResourceCreated><a:Address>{names.ADDRESSING}/role/anonymous</a:Address><a:ReferenceParameters>"
            f'<w:ResourceURI>{CMD}</w:ResourceURI><w:SelectorSet><w:Selector Name="ShellId">{number}</w:Selector>'
            f"</w:SelectorSet></a:ReferenceParameters></x:ResourceCreated><rsp:Shell><rsp:ShellId>{number}"
            f"</rsp:ShellId><rsp:ResourceUri>{CMD}</rsp:ResourceUri><rsp:Owner>{escape(account)}</rsp:Owner>"
            "<rsp:ClientIP>127.0.0.1</rsp:ClientIP><rsp:IdleTimeOut>PT7200.000S</rsp:IdleTimeOut>"
            "<rsp:InputStreams>stdin</rsp:InputStreams><rsp:OutputStreams>stdout stderr</rsp:OutputStreams>"
            "<rsp:ShellRunTime>P0DT0H0M0S</rsp:ShellRunTime><rsp:ShellInactivity>P0DT0H0M0S</rsp:ShellInactivity>"
            "</rsp:Shell>"
        )

    def _command(self, shell: _Shell, request: Request) -> str:
        given = request.body.find("rsp:CommandLine", names.SEARCH)
        if given is None:
            raise faults.bad_action(request.action)
        number = given.get("CommandId") or str(uuid.uuid4()).upper()
        words = [given.findtext("rsp:Command", "", names.SEARCH)]
        words += [each.text or "" for each in given.iterfind("rsp:Arguments", names.SEARCH)]
        delays = int(self._machine.behaviour["slow"].get("receive_timeouts", 0))
        shell.commands[number] = _Command(" ".join(words).strip(), delays=delays)
        return f"<rsp:CommandResponse><rsp:CommandId>{number}</rsp:CommandId></rsp:CommandResponse>"

    def _send(self, shell: _Shell, request: Request) -> str:
        for stream in request.body.iterfind("rsp:Send/rsp:Stream", names.SEARCH):
            command = shell.commands.get(stream.get("CommandId") or "")
            if command is None:
                raise faults.shell_not_found()
            command.sent += base64.b64decode(stream.text or "")
        return "<rsp:SendResponse/>"

    def _receive(self, shell: _Shell, request: Request) -> str:
        wanted = request.body.find("rsp:Receive/rsp:DesiredStream", names.SEARCH)
        number = (wanted.get("CommandId") or "") if wanted is not None else ""
        command = shell.commands.get(number)
        if command is None:
            raise faults.shell_not_found()
        if command.delays:
            command.delays -= 1
            raise faults.timed_out()
        if command.waiting is None:
            done = commands.run(self._machine, command.line, shell.account, command.sent)
            self.reboot = self.reboot or done.reboot
            encoded = (("stdout", done.output), ("stderr", done.error))
            command.waiting = [(name, text.encode(shell.encoding, "replace")) for name, text in encoded]
            command.code = done.code
        streams = self._piece(command, number, (request.largest - _ROOM) * 3 // 4)
        if command.waiting:
            state = f'<rsp:CommandState CommandId="{number}" State="{names.SHELL}/CommandState/Running"/>'
        else:
            state = (
                f'<rsp:CommandState CommandId="{number}" State="{names.SHELL}/CommandState/Done"><rsp:ExitCode>'
                f"{command.code}</rsp:ExitCode></rsp:CommandState>"
            )
        return f"<rsp:ReceiveResponse>{streams}{state}</rsp:ReceiveResponse>"

    @staticmethod
    def _piece(command: _Command, number: str, room: int) -> str:
        """As much of the streams as fits; what is left waits for the next call."""
        written = ""
        room = max(room, 512)
        while command.waiting and room > 0:
            name, data = command.waiting.pop(0)
            part, rest = data[:room], data[room:]
            room -= len(part)
            if part:
                text = base64.b64encode(part).decode()
                written += f'<rsp:Stream Name="{name}" CommandId="{number}">{text}</rsp:Stream>'
            if rest:
                command.waiting.insert(0, (name, rest))
            else:
                written += f'<rsp:Stream Name="{name}" CommandId="{number}" End="true"/>'
        return written

    def _signal(self, shell: _Shell, request: Request) -> str:
        given = request.body.find("rsp:Signal", names.SEARCH)
        shell.commands.pop((given.get("CommandId") or "") if given is not None else "", None)
        return "<rsp:SignalResponse/>"

    def _delete(self, _shell: _Shell, request: Request) -> str:
        del self._shells[request.selectors["ShellId"]]
        return ""
