"""Answers of WS-Management, written by hand in the shapes that published recordings of Windows have."""

from __future__ import annotations

import base64

from ansible.module_utils.wsman import names

_NAMESPACES = (
    f'xmlns:s="{names.SOAP}" xmlns:a="{names.ADDRESSING}" xmlns:n="{names.ENUMERATION}" xmlns:w="{names.WSMAN}" '
    f'xmlns:p="{names.MICROSOFT}" xmlns:rsp="{names.SHELL}" xmlns:x="{names.TRANSFER}" xml:lang="fr-FR"'
)
_CIM = "http://schemas.dmtf.org/wbem/wscim/1/common"


def answer(body: str, relates: str = "A1") -> bytes:
    """An envelope as Windows writes it."""
    return (
        f"<s:Envelope {_NAMESPACES}><s:Header><a:Action>http://x/Response</a:Action><a:MessageID>uuid:B2</a:MessageID>"
        f"<a:To>{names.ANONYMOUS}</a:To><a:RelatesTo>uuid:{relates}</a:RelatesTo></s:Header><s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def fragment(*properties: tuple[str, str | None]) -> str:
    """A row of a query with named columns: children without a namespace."""
    inner = "".join(
        f'<{name} xsi:nil="true"/>' if value is None else f"<{name}>{value}</{name}>" for name, value in properties
    )
    return f'<w:XmlFragment xmlns:xsi="{names.INSTANCE}">{inner}</w:XmlFragment>'


def whole(class_name: str, inner: str) -> str:
    """An instance with all its properties: a namespace of its own and a type."""
    uri = f"{names.WMI}root/cimv2/{class_name}"
    return (
        f'<p:{class_name} xmlns:p="{uri}" xmlns:cim="{_CIM}" xmlns:xsi="{names.INSTANCE}" '
        f'xsi:type="p:{class_name}_Type">{inner}</p:{class_name}>'
    )


def first_page(items: str, context: str = "", ended: bool = True) -> str:
    """EnumerateResponse with optimisation: items and end are of DMTF's namespace."""
    return (
        f"<n:EnumerateResponse><n:EnumerationContext>{context}</n:EnumerationContext><w:Items>{items}</w:Items>"
        f"{'<w:EndOfSequence/>' if ended else ''}</n:EnumerateResponse>"
    )


def next_page(items: str, context: str = "", ended: bool = True) -> str:
    """PullResponse: items and end are of the namespace of enumeration."""
    more = "" if ended else f"<n:EnumerationContext>{context}</n:EnumerationContext>"
    return f"<n:PullResponse>{more}<n:Items>{items}</n:Items>{'<n:EndOfSequence/>' if ended else ''}</n:PullResponse>"


def method_output(method: str, inner: str, code: int = 0) -> str:
    """What a method of StdRegProv returns."""
    return (
        f'<p:{method}_OUTPUT xmlns:p="{names.REGISTRY}" xmlns:xsi="{names.INSTANCE}" xmlns:cim="{_CIM}">{inner}'
        f"<p:ReturnValue>{code}</p:ReturnValue></p:{method}_OUTPUT>"
    )


def member(class_name: str, domain: str, name: str) -> str:
    """The reference that an association holds."""
    return (
        f"<a:Address>{names.ANONYMOUS}</a:Address><a:ReferenceParameters><w:ResourceURI>{names.WMI}root/cimv2/{class_name}"
        f'</w:ResourceURI><w:SelectorSet><w:Selector Name="Domain">{domain}</w:Selector><w:Selector Name="Name">{name}'
        "</w:Selector></w:SelectorSet></a:ReferenceParameters>"
    )


def fault(code: int, text: str, subcode: str = "w:InternalError", inside: int | None = None) -> bytes:
    """A fault; `inside` is the code of WMI's provider."""
    message = text
    if inside is not None:
        message = (
            '<f:ProviderFault provider="WMI Provider" path="%systemroot%\\system32\\WsmWmiPl.dll">'
            f'<f:WSManFault Code="{inside}" Machine="pc"><f:Message>{text}</f:Message></f:WSManFault></f:ProviderFault>'
        )
    return answer(
        f"<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>{subcode}</s:Value></s:Subcode></s:Code>"
        f'<s:Reason><s:Text xml:lang="">{text}</s:Text></s:Reason><s:Detail><f:WSManFault xmlns:f="{names.FAULT}" '
        f'Code="{code}" Machine="pc"><f:Message>{message}</f:Message></f:WSManFault></s:Detail></s:Fault>'
    )


def shell_made(shell: str) -> str:
    """What Create of a shell gives."""
    return (
        "<x:ResourceCreated><a:Address>https://pc:5986/wsman</a:Address><a:ReferenceParameters><w:ResourceURI>"
        f'{names.COMMAND_SHELL}</w:ResourceURI><w:SelectorSet><w:Selector Name="ShellId">{shell}</w:Selector>'
        "</w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>"
    )


def command_started(command: str) -> str:
    """What Command gives."""
    return f"<rsp:CommandResponse><rsp:CommandId>{command}</rsp:CommandId></rsp:CommandResponse>"


def written(text: bytes, done: bool = True, code: int = 0) -> str:
    """What Receive gives, the text in two pieces."""
    half = len(text) // 2
    pieces = "".join(
        f'<rsp:Stream Name="stdout" CommandId="C">{base64.b64encode(part).decode()}</rsp:Stream>'
        for part in (text[:half], text[half:])
    )
    state, exit_code = ("Done", f"<rsp:ExitCode>{code}</rsp:ExitCode>") if done else ("Running", "")
    return (
        f'<rsp:ReceiveResponse>{pieces}<rsp:Stream Name="stderr" CommandId="C" End="true"></rsp:Stream>'
        f'<rsp:CommandState CommandId="C" State="{names.SHELL}/CommandState/{state}">{exit_code}</rsp:CommandState>'
        "</rsp:ReceiveResponse>"
    )
