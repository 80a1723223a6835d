"""What is sent, as bytes ([MS-WSMV] 2.2.4, DSP0226 5 to 8). No I/O; whether it may be sent is decided in allowed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from ansible.module_utils.wsman import names

#: [MS-WSMV] 2.2.4.26: what every release from Windows 7 on is ready to answer in one message.
ENVELOPE_BYTES = 153600
#: Rows in one answer at most; the size of the envelope ends it before. Without it Windows sends one row at a time.
ROWS = 32000

_OPENING = (
    f'<s:Envelope xmlns:s="{names.SOAP}" xmlns:a="{names.ADDRESSING}" xmlns:n="{names.ENUMERATION}" '
    f'xmlns:w="{names.WSMAN}" xmlns:p="{names.MICROSOFT}" xmlns:h="{names.SHELL}"><s:Header>'
)


@dataclass(frozen=True)
class Target:
    """Where a message goes and how long and how large its answer may be."""

    endpoint: str
    seconds: int = 20
    envelope_bytes: int = ENVELOPE_BYTES


@dataclass(frozen=True)
class Message:
    """A message and the id that its answer has to name."""

    id: str
    data: bytes


def identify() -> bytes:
    """[DSP0226] 11: who answers; the one message without a header."""
    return (
        f'<s:Envelope xmlns:s="{names.SOAP}" xmlns:i="{names.IDENTITY}"><s:Header/><s:Body><i:Identify/></s:Body>'
        "</s:Envelope>"
    ).encode()


def enumerate_rows(target: Target, namespace: str, wql: str, rows: int = ROWS) -> Message:
    """Ask for the rows of a query, the first of them with the answer ([DSP0226] 8.2.3)."""
    body = (
        f"<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>{rows}</w:MaxElements>"
        f"<w:Filter Dialect={quoteattr(names.WQL)}>{escape(wql)}</w:Filter></n:Enumerate>"
    )
    return _message(target, f"{names.WMI}{namespace}/*", names.ENUMERATE, body)


def pull_rows(target: Target, namespace: str, context: str, rows: int = ROWS) -> Message:
    """Ask for the rows that follow ([DSP0226] 8.4)."""
    body = (
        f"<n:Pull><n:EnumerationContext>{escape(context)}</n:EnumerationContext>"
        f"<n:MaxElements>{rows}</n:MaxElements></n:Pull>"
    )
    return _message(target, f"{names.WMI}{namespace}/*", names.PULL, body)


def get(target: Target, resource: str, keys: Mapping[str, str]) -> Message:
    """Ask for one instance by its keys ([DSP0226] 7.3)."""
    return _message(target, resource, names.GET, "", _selectors(keys))


def invoke(target: Target, resource: str, method: str, arguments: Mapping[str, str | int]) -> Message:
    """Call a method of a class ([DSP0226] 9, [MS-WSMV] 2.2.4.1.3)."""
    given = "".join(f"<r:{name}>{escape(str(value))}</r:{name}>" for name, value in arguments.items())
    body = f"<r:{method}_INPUT xmlns:r={quoteattr(resource)}>{given}</r:{method}_INPUT>"
    return _message(target, resource, f"{resource}/{method}", body)


def open_shell(target: Target) -> Message:
    """A command shell whose output is UTF-8 and which loads no profile ([MS-WSMV] 3.1.4.5.2)."""
    options = (
        '<w:OptionSet><w:Option Name="WINRS_NOPROFILE">TRUE</w:Option><w:Option Name="WINRS_CODEPAGE">65001</w:Option>'
        "</w:OptionSet>"
    )
    body = "<h:Shell><h:InputStreams>stdin</h:InputStreams><h:OutputStreams>stdout stderr</h:OutputStreams></h:Shell>"
    return _message(target, names.COMMAND_SHELL, names.CREATE, body, options)


def run_command(target: Target, shell: str, command: str) -> Message:
    """Start a command line ([MS-WSMV] 3.1.4.11)."""
    options = (
        '<w:OptionSet><w:Option Name="WINRS_CONSOLEMODE_STDIN">TRUE</w:Option>'
        '<w:Option Name="WINRS_SKIP_CMD_SHELL">FALSE</w:Option></w:OptionSet>'
    )
    body = f"<h:CommandLine><h:Command>{escape(command)}</h:Command></h:CommandLine>"
    return _message(target, names.COMMAND_SHELL, names.COMMAND, body, options + _selectors({"ShellId": shell}))


def receive(target: Target, shell: str, command: str) -> Message:
    """Ask for what a command wrote ([MS-WSMV] 3.1.4.14)."""
    body = f"<h:Receive><h:DesiredStream CommandId={quoteattr(command)}>stdout stderr</h:DesiredStream></h:Receive>"
    return _message(target, names.COMMAND_SHELL, names.RECEIVE, body, _selectors({"ShellId": shell}))


def close_shell(target: Target, shell: str) -> Message:
    """End a shell and whatever still runs in it ([MS-WSMV] 3.1.4.4)."""
    return _message(target, names.COMMAND_SHELL, names.DELETE, "", _selectors({"ShellId": shell}))


def _selectors(keys: Mapping[str, str]) -> str:
    pairs = "".join(f"<w:Selector Name={quoteattr(name)}>{escape(value)}</w:Selector>" for name, value in keys.items())
    return f"<w:SelectorSet>{pairs}</w:SelectorSet>"


def _message(target: Target, resource: str, action: str, body: str, more: str = "") -> Message:
    number = str(uuid.uuid4()).upper()
    must = 's:mustUnderstand="true"'
    # Answers are asked for in English only for those who read a fault: no word of them decides anything.
    text = (
        f"{_OPENING}<a:To>{escape(target.endpoint)}</a:To><w:ResourceURI {must}>{escape(resource)}</w:ResourceURI>"
        f"<a:ReplyTo><a:Address {must}>{names.ANONYMOUS}</a:Address></a:ReplyTo><a:Action {must}>{escape(action)}</a:Action>"
        f"<w:MaxEnvelopeSize {must}>{target.envelope_bytes}</w:MaxEnvelopeSize><a:MessageID>uuid:{number}</a:MessageID>"
        '<w:Locale xml:lang="en-US" s:mustUnderstand="false"/><p:DataLocale xml:lang="en-US" s:mustUnderstand="false"/>'
        f"<w:OperationTimeout>PT{target.seconds}S</w:OperationTimeout>{more}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    )
    return Message(number, text.encode())
