"""Nothing but what reads leaves: every message that is built passes, anything else raises before a byte is sent."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from ansible.module_utils.windows.facts_queries import QUERIES
from ansible.module_utils.wsman import allowed, channel, envelopes, names
from ansible.module_utils.wsman.allowed import ForbiddenError
from ansible.module_utils.wsman.envelopes import Target
from winrm.transport import Transport

from tests.unit.wsman import samples

TARGET = Target("https://pc-1.example.lan:5986/wsman")
UNINSTALL = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"
_WHERE = {"hDefKey": 2147483650, "sSubKeyName": UNINSTALL, "sValueName": "DisplayName"}

READING = {
    "identify": envelopes.identify(),
    "pull": envelopes.pull_rows(TARGET, names.CIMV2, "uuid:1").data,
    "get": envelopes.get(TARGET, f"{names.WMI}root/cimv2/Win32_Group", {"Domain": "D", "Name": "L'équipe & co"}).data,
    "open a shell": envelopes.open_shell(TARGET).data,
    "receive": envelopes.receive(TARGET, "S", "C").data,
    "close a shell": envelopes.close_shell(TARGET, "S").data,
    **{f"list {name}": envelopes.run_command(TARGET, "S", line).data for name, line in allowed.LISTINGS.items()},
    **{name: envelopes.invoke(TARGET, names.REGISTRY, name, _WHERE).data for name in sorted(allowed.REGISTRY_METHODS)},
    **{
        f"{name} {number}": envelopes.enumerate_rows(TARGET, namespace, wql).data
        for name, forms in QUERIES.items()
        for number, (namespace, wql) in enumerate(forms)
    },
}


def invoked(method: str, resource: str = names.REGISTRY, **arguments: str) -> bytes:
    return envelopes.invoke(TARGET, resource, method, arguments or _WHERE).data


def query(wql: str, namespace: str = names.CIMV2) -> bytes:
    return envelopes.enumerate_rows(TARGET, namespace, wql).data


def command(line: str) -> bytes:
    return envelopes.run_command(TARGET, "S", line).data


_OS = "SELECT Version FROM Win32_OperatingSystem"
_SERVICE = f"{names.WMI}root/cimv2/Win32_Service"
_GOOD = invoked("GetDWORDValue")
_SHELL = envelopes.open_shell(TARGET).data

FORBIDDEN = {
    **{
        method: invoked(method)
        for method in (
            "CreateKey", "DeleteKey", "DeleteValue", "SetDWORDValue", "SetQWORDValue", "SetStringValue",
            "SetExpandedStringValue", "SetMultiStringValue", "SetBinaryValue", "SetSecurityDescriptor", "CheckAccess",
            "GetSecurityDescriptor", "NoSuchMethod", "",
        )
    },
    "a method of another class": invoked("StopService", _SERVICE),
    "a new process": invoked("Create", f"{names.WMI}root/cimv2/Win32_Process", CommandLine="calc"),
    "the registry by another name": invoked("GetDWORDValue", f"{names.WMI}root/cimv2/StdRegProv"),
    "arguments of a method that writes": _GOOD.replace(b"GetDWORDValue_INPUT", b"SetDWORDValue_INPUT"),
    "the action of a method that writes": _GOOD.replace(b"StdRegProv/GetDWORDValue<", b"StdRegProv/SetDWORDValue<"),
    "one argument more": _GOOD.replace(b"</r:GetDWORDValue_INPUT>", b"<r:uValue>4</r:uValue></r:GetDWORDValue_INPUT>"),
    "one argument twice": _GOOD.replace(b"</r:GetDWORDValue_INPUT>", b"<r:hDefKey>1</r:hDefKey></r:GetDWORDValue_INPUT>"),
    "two actions": _GOOD.replace(b"<a:MessageID>", b"<a:Action>http://x/Delete</a:Action><a:MessageID>"),
    "two resources": _GOOD.replace(b"<a:MessageID>", b"<w:ResourceURI>http://x</w:ResourceURI><a:MessageID>"),
    "two bodies": _GOOD.replace(b"</s:Body>", b"</s:Body><s:Body/>"),
    "two calls": _GOOD.replace(b"</s:Body>", b"<r:CreateKey_INPUT xmlns:r='x'/></s:Body>"),
    "a call on an instance": _GOOD.replace(b"</s:Header>", b"<w:Selector Name='a'>b</w:Selector></s:Header>"),
    "the password of the automatic logon": invoked(
        "GetStringValue", hDefKey="2147483650", sSubKeyName="x", sValueName="DEFAULTPASSWORD"
    ),
    "the same password in two pieces": invoked("GetStringValue", hDefKey="1", sSubKeyName="x", sValueName="Default-Password")
    .replace(b"Default-Password", b"Default<r:x/>Password"),
    "the same password between blanks": invoked(
        "GetStringValue", hDefKey="1", sSubKeyName="x", sValueName=" DefaultPassword\n"
    ),
    "a class that repairs programs": query("SELECT Name FROM Win32_Product"),
    "a class of another namespace": query("SELECT DriveLetter FROM Win32_EncryptableVolume"),
    "another namespace": query(_OS, "root/subscription"),
    "a query that deletes": query("DELETE FROM Win32_OperatingSystem"),
    "a query with another behind it": query(f"{_OS}; {_OS}"),
    "associations": query("ASSOCIATORS OF {Win32_Group.Domain='a',Name='b'}"),
    "another language": query(_OS).replace(names.WQL.encode(), b"http://schemas.microsoft.com/wbem/wsman/1/other"),
    "a class without a filter": query(_OS).replace(b"cimv2/*<", b"cimv2/Win32_Product<"),
    "two filters": query(_OS).replace(b"</n:Enumerate>", b"<w:Filter>x</w:Filter></n:Enumerate>"),
    "get of another class": envelopes.get(TARGET, _SERVICE, {"Name": "WinRM"}).data,
    "put": envelopes.get(TARGET, f"{names.WMI}root/cimv2/Win32_Group", {"Name": "x"}).data.replace(
        names.GET.encode(), f"{names.TRANSFER}/Put".encode()
    ),
    "an instance made": _SHELL.replace(names.COMMAND_SHELL.encode(), _SERVICE.encode()),
    "PowerShell's shell": _SHELL.replace(
        names.COMMAND_SHELL.encode(), b"http://schemas.microsoft.com/powershell/Microsoft.PowerShell"
    ),
    "a shell somewhere": _SHELL.replace(b"</h:Shell>", b"<h:WorkingDirectory>C:\\</h:WorkingDirectory></h:Shell>"),
    "input to a command": envelopes.receive(TARGET, "S", "C").data.replace(b"/shell/Receive", b"/shell/Send"),
    "a signal": envelopes.receive(TARGET, "S", "C").data.replace(b"/shell/Receive", b"/shell/Signal"),
    "an instance deleted": envelopes.close_shell(TARGET, "S").data.replace(
        names.COMMAND_SHELL.encode(), _SERVICE.encode()
    ),
    **{
        f"the command line {line}": command(line)
        for line in (
            "shutdown /r", "cmd", "", f"{allowed.LISTINGS['system']} & del C:\\x", f"{allowed.LISTINGS['system']} ",
            allowed.LISTINGS["system"].upper(), r"reg add HKLM\SOFTWARE\x", r"reg query HKLM\SAM /s", "powershell",
        )
    },
    "a command with arguments": command(allowed.LISTINGS["system"]).replace(
        b"</h:Command>", b"</h:Command><h:Arguments>/va</h:Arguments>"
    ),
    "a subscription": _GOOD.replace(f"{names.REGISTRY}/GetDWORDValue<".encode(), b"http://schemas.xmlsoap.org/ws/2004/08/eventing/Subscribe<"),
    "an answer": samples.answer(samples.first_page("")),
    "nothing": b"",
    "no XML": b"GET / HTTP/1.1",
    "a document type": b"<!DOCTYPE x><x/>" + _GOOD,
}  # fmt: skip


class Wire:
    """Where bytes would leave."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sent: list[Any] = []
        monkeypatch.setattr(requests.Session, "send", self._send)
        self.transport = channel.ReadOnlyTransport(
            TARGET.endpoint, username="u", password="p", auth_method="ntlm", proxy=None, ca_trust_path=None
        )

    def _send(self, request: requests.PreparedRequest, **_other: Any) -> requests.Response:
        self.sent.append(request.body)
        answered = requests.Response()
        answered.status_code = 200
        answered._content = b"<ok/>"
        return answered


@pytest.mark.parametrize("name", READING)
def test_every_message_that_reads_is_sent_as_it_is(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire(monkeypatch)
    assert wire.transport.send_message(READING[name]) == b"<ok/>"
    assert wire.sent == [READING[name]]


@pytest.mark.parametrize("name", FORBIDDEN)
def test_anything_else_raises_before_a_byte_is_sent(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire(monkeypatch)
    with pytest.raises(ForbiddenError):
        wire.transport.send_message(FORBIDDEN[name])
    with pytest.raises(ForbiddenError):
        wire.transport.send_message(FORBIDDEN[name].decode("utf-8", "replace"))
    assert wire.sent == []


def test_without_the_list_the_same_messages_would_have_left(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire(monkeypatch)
    for data in FORBIDDEN.values():
        Transport.send_message(wire.transport, data)
    assert len(wire.sent) == len(FORBIDDEN)


def test_no_method_of_the_list_changes_anything() -> None:
    assert {name for name in allowed.REGISTRY_METHODS if not name.startswith(("Get", "Enum"))} == set()
    assert all(line.startswith("reg query HKLM\\SOFTWARE\\") for line in allowed.LISTINGS.values())
    assert not any(set(line) & set('&|<>^%!"\n;') for line in allowed.LISTINGS.values())
