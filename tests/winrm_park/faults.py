"""What Windows answers when it refuses ([MS-WSMV] 2.2.4.43 and the tables of winerror.h and wbemcli.h).

A client decides by the codes. Those of a bad namespace and of a bad class were never seen in a recording here: they are
what is told of Windows, and stand to be confirmed on a real machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from tests.winrm_park import VENDOR, names

ACCESS_DENIED = 5
RECEIVE_TIMED_OUT = 2150858793
SHELL_NOT_FOUND = 2150858843
BAD_CONTEXT = 2150858777
BAD_ACTION = 2150858755
BAD_RESOURCE = 2150859002
NO_NAMESPACE = 2150858778
NO_CLASS = 2150858752
BAD_FILTER = 2150859060
QUOTA = 2150859174
PROVIDER_REFUSED = 2150859013
BAD_SELECTORS = 2150858843

_DETAILS = "http://schemas.dmtf.org/wbem/wsman/1/wsman/faultDetail/"

WBEM_ACCESS_DENIED = 0x80041003
WBEM_TYPE_MISMATCH = 0x80041005
WBEM_INVALID_NAMESPACE = 0x8004100E
WBEM_INVALID_CLASS = 0x80041010
WBEM_INVALID_QUERY = 0x80041017


@dataclass
class Fault(Exception):
    """One refusal: the SOAP subcode, a sentence, the code of WS-Management and, from WMI, its own."""

    subcode: str
    reason: str
    code: int
    wmi: int | None = None
    sender: bool = False
    detail: str = ""

    def body(self, machine: str) -> str:
        """The body of the answer."""
        text = escape(self.reason)
        detail = f"<w:FaultDetail>{_DETAILS}{self.detail}</w:FaultDetail>" if self.detail else ""
        message = text if self.wmi is None else self._provider(text)
        return (
            f"<s:Fault><s:Code><s:Value>s:{'Sender' if self.sender else 'Receiver'}</s:Value><s:Subcode>"
            f'<s:Value>{self.subcode}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en-US">{text}</s:Text>'
            f'</s:Reason><s:Detail>{detail}<f:WSManFault xmlns:f="{names.FAULT}" Code="{self.code}" Machine={quoteattr(machine)}>'
            f"<f:Message>{message}</f:Message></f:WSManFault></s:Detail></s:Fault>"
        )

    def _provider(self, text: str) -> str:
        uri = f"{names.WMI}root/cimv2/__ExtendedStatus"
        return (
            '<f:ProviderFault provider="WMI Provider" path="%systemroot%\\system32\\WsmWmiPl.dll">'
            f'<f:WSManFault xmlns:f="{names.FAULT}" Code="{self.wmi}"><f:Message>{text}</f:Message></f:WSManFault>'
            f'<f:ExtendedError><p:__ExtendedStatus xmlns:p="{uri}"><p:Operation>ExecQuery</p:Operation>'
            "<p:ProviderName>WinMgmt</p:ProviderName></p:__ExtendedStatus></f:ExtendedError></f:ProviderFault>"
        )


def access_denied(what: str) -> Fault:
    """The account may not reach WinRM at all."""
    return Fault("w:AccessDenied", f"Access is denied. ({what})", ACCESS_DENIED, sender=True)


def provider_refused(what: str) -> Fault:
    """The account reaches WinRM, and WMI refuses it this class."""
    return Fault("w:AccessDenied", f"The WMI provider refused access to {what}.", PROVIDER_REFUSED, WBEM_ACCESS_DENIED)


def no_namespace(namespace: str) -> Fault:
    return Fault(
        "a:DestinationUnreachable", f"The CIM namespace {namespace} is invalid.", NO_NAMESPACE, WBEM_INVALID_NAMESPACE
    )


def no_class(namespace: str, name: str) -> Fault:
    return Fault(
        "a:DestinationUnreachable", f"The class {name} does not exist in {namespace}.", NO_CLASS, WBEM_INVALID_CLASS
    )


def no_instance(name: str, detail: int) -> Fault:
    """There is none of this class with these keys."""
    return Fault("w:InvalidSelectors", f"No such instance of {name}.", detail, 0x80041002)


def bad_query(query: str) -> Fault:
    return Fault("w:CannotProcessFilter", f"Invalid query: {query:.200}", BAD_FILTER, WBEM_INVALID_QUERY)


def bad_action(action: str) -> Fault:
    return Fault("a:ActionNotSupported", f"The action {action} is not supported.", BAD_ACTION, sender=True)


def bad_resource(uri: str) -> Fault:
    return Fault("a:DestinationUnreachable", f"The resource URI {uri} is not supported.", BAD_RESOURCE, sender=True)


def bad_context() -> Fault:
    return Fault(
        "n:InvalidEnumerationContext", "The supplied enumeration context is invalid.", BAD_CONTEXT, sender=True
    )


def shell_not_found() -> Fault:
    return Fault(
        "w:InvalidSelectors",
        "The shell was not found on the server.",
        SHELL_NOT_FOUND,
        None,
        True,
        "UnexpectedSelectors",
    )


def timed_out() -> Fault:
    return Fault("w:TimedOut", "The operation did not complete within OperationTimeout.", RECEIVE_TIMED_OUT)


def not_simulated(what: str) -> Fault:
    """Said in plain words, and counted by the machine: a test that meets it has asked for more than there is."""
    return Fault("w:InternalError", f"{VENDOR}: not simulated: {what}", BAD_ACTION)
