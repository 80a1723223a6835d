"""Runspace pools ([MS-PSRP]) as far as Ansible's psrp connection and pypsrp open them; the state machine is psrpcore's.

No PowerShell runs in them: a pipeline that brings a module of Ansible gets the module's answer, any other ends with an
error and is noted. Without psrpcore these shells are refused like all that is not simulated.
"""

from __future__ import annotations

import base64
import importlib.util
import uuid
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.winrm_park import VENDOR, ansible_modules, faults, names
from tests.winrm_park.soap import Request

#: An optional library; where it is missing, what is asked of it is refused in plain words.
psrpcore: Any = importlib.import_module("psrpcore") if importlib.util.find_spec("psrpcore") else None

if TYPE_CHECKING:
    from tests.winrm_park.machine import Machine

POWERSHELL = "http://schemas.microsoft.com/powershell/Microsoft.PowerShell"
_CREATION = "{http://schemas.microsoft.com/powershell}creationXml"
#: Fragments of an answer, by their number of bytes in Base64.
_ROOM = 100_000


@dataclass
class _Pipeline:
    work: Any
    script: str = ""
    given: list[str] = field(default_factory=list)
    done: bool = False


class _Pool:
    def __init__(self, machine: Machine) -> None:
        self.machine, self.state = machine, psrpcore.ServerRunspacePool()
        self.pipelines: dict[str, _Pipeline] = {}
        self.waiting: dict[str, deque[str]] = {}

    def feed(self, data: bytes) -> None:
        """Take fragments in, do what they ask, keep what is to be sent."""
        self.state.receive_data(psrpcore.PSRPPayload(data, psrpcore.StreamType.default, None))
        while (event := self.state.next_event()) is not None:
            self._event(event)
        while (out := self.state.data_to_send()) is not None:
            number = str(out.pipeline_id).upper() if out.pipeline_id else ""
            self.waiting.setdefault(number, deque()).append(base64.b64encode(out.data).decode())

    def _event(self, event: Any) -> None:
        pipeline = self.pipelines.get(str(event.pipeline_id).upper())
        if pipeline is None:
            return
        if isinstance(event, psrpcore.CreatePipelineEvent):
            pipeline.script = "\n".join(str(each.command_text) for each in event.pipeline.commands)
            pipeline.work.start()
            if event.pipeline.no_input:
                self._run(pipeline)
        elif isinstance(event, psrpcore.PipelineInputEvent):
            pipeline.given.append(str(event.data))
        elif isinstance(event, psrpcore.EndOfPipelineInputEvent):
            self._run(pipeline)

    def _run(self, pipeline: _Pipeline) -> None:
        try:
            written, code = ansible_modules.answer(self.machine, "\n".join(pipeline.given).encode())
        except ansible_modules.NoPayloadError:
            said = f"{VENDOR}: PowerShell is not simulated: {pipeline.script:.200}"
            self.machine.told.unsimulated.append(f"PowerShell {pipeline.script:.200}")
            pipeline.work.write_error(psrpcore.types.NETException(Message=said))
            pipeline.work.host_call(psrpcore.types.HostMethodIdentifier.SetShouldExit, [1])
        else:
            pipeline.work.write_output(written)
            pipeline.work.host_call(psrpcore.types.HostMethodIdentifier.SetShouldExit, [code])
        pipeline.work.complete()
        pipeline.done = True


class Pools:
    """The runspace pools of one machine."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._pools: dict[str, _Pool] = {}

    def __len__(self) -> int:
        return len(self._pools)

    def clear(self) -> None:
        self._pools.clear()

    def answer(self, verb: str, request: Request, account: str) -> str:
        """The body of the answer to a request."""
        if psrpcore is None:
            raise self._machine.not_simulated(f"shell {POWERSHELL} without psrpcore")
        if verb == "Create":
            return self._create(request, account)
        pool = self._pools.get(request.selectors.get("ShellId", "").upper())
        if pool is None:
            raise faults.shell_not_found()
        if verb == "Command":
            return _command(pool, request)
        if verb == "Receive":
            return _receive(pool, request)
        if verb == "Send":
            for stream in request.body.iterfind("rsp:Send/rsp:Stream", names.SEARCH):
                pool.feed(base64.b64decode(stream.text or ""))
            return "<rsp:SendResponse/>"
        if verb == "Signal":
            return "<rsp:SignalResponse/>"
        if verb == "Delete":
            del self._pools[request.selectors["ShellId"].upper()]
            return ""
        raise faults.bad_action(request.action)

    def _create(self, request: Request, account: str) -> str:
        given = request.body.find("rsp:Shell", names.SEARCH)
        number = ((given.get("ShellId") if given is not None else None) or str(uuid.uuid4())).upper()
        pool = self._pools[number] = _Pool(self._machine)
        pool.feed(base64.b64decode((given.findtext(_CREATION) if given is not None else None) or ""))
        return (
            f"<x:ResourceCreated><a:Address>{names.ADDRESSING}/role/anonymous</a:Address><a:ReferenceParameters>"
            f'<w:ResourceURI>{POWERSHELL}</w:ResourceURI><w:SelectorSet><w:Selector Name="ShellId">{number}'
            f"</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated><rsp:Shell><rsp:ShellId>{number}"
            f"</rsp:ShellId><rsp:ResourceUri>{POWERSHELL}</rsp:ResourceUri><rsp:Owner>{account}</rsp:Owner>"
            "<rsp:State>Connected</rsp:State></rsp:Shell>"
        )


def _command(pool: _Pool, request: Request) -> str:
    given = request.body.find("rsp:CommandLine", names.SEARCH)
    if given is None:
        raise faults.bad_action(request.action)
    number = given.get("CommandId", "")
    # The pipeline has to be known before its fragments are read.
    pool.pipelines[number.upper()] = _Pipeline(psrpcore.ServerPipeline(pool.state, uuid.UUID(number)))
    parts = given.iterfind("rsp:Arguments", names.SEARCH)
    pool.feed(b"".join(base64.b64decode(each.text or "") for each in parts))
    return f"<rsp:CommandResponse><rsp:CommandId>{number}</rsp:CommandId></rsp:CommandResponse>"


def _receive(pool: _Pool, request: Request) -> str:
    wanted = request.body.find("rsp:Receive/rsp:DesiredStream", names.SEARCH)
    number = (wanted.get("CommandId") or "") if wanted is not None else ""
    waiting = pool.waiting.setdefault(number.upper(), deque())
    pipeline = pool.pipelines.get(number.upper())
    if not waiting and not (pipeline and pipeline.done):
        raise faults.timed_out()  # nothing to tell yet: the client asks again
    written, room = "", _ROOM
    named = f' CommandId="{number}"' if number else ""
    while waiting and room > 0:
        room -= len(waiting[0])
        written += f'<rsp:Stream Name="stdout"{named}>{waiting.popleft()}</rsp:Stream>'
    if pipeline and pipeline.done and not waiting:
        written += f'<rsp:CommandState{named} State="{names.SHELL}/CommandState/Done"/>'
    return f"<rsp:ReceiveResponse>{written}</rsp:ReceiveResponse>"
