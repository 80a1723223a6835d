"""What may be sent to a workstation: closed lists, looked up in the very bytes that are about to leave.

The message is read back as the machine will read it, whoever wrote it. What is on no list, stands twice or holds
anything besides is refused before a byte is sent. Nothing here creates, sets, deletes, calls a method that changes
something, or runs a program other than the listings below.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from ansible.module_utils.wsman import answers, names

_UNINSTALL = r"Microsoft\Windows\CurrentVersion\Uninstall"
#: The only command lines: installed programs, those of the system and the 32-bit ones of a 64-bit Windows. Through the
#: methods of the registry they would be five messages for each program.
LISTINGS = {
    "system": rf"reg query HKLM\SOFTWARE\{_UNINSTALL} /s",
    "wow": rf"reg query HKLM\SOFTWARE\WOW6432Node\{_UNINSTALL} /s",
}
REGISTRY_METHODS = frozenset(
    f"Get{kind}Value" for kind in ("DWORD", "QWORD", "String", "ExpandedString", "MultiString", "Binary")
) | {"EnumKey", "EnumValues"}
#: Values that hold a secret: their presence is a fact, their content is none of an audit's business.
SECRET_VALUES = frozenset({"defaultpassword", "altdefaultpassword"})
#: Classes that a query may name, by namespace. Win32_Product is not one: to list it repairs every program.
CLASSES: dict[str, frozenset[str]] = {
    names.CIMV2: frozenset(
        {
            "Win32_OperatingSystem",
            "Win32_ComputerSystem",
            "Win32_SystemEnclosure",
            "Win32_BIOS",
            "Win32_PhysicalMemory",
            "Win32_Processor",
            "Win32_LogicalDisk",
            "Win32_QuickFixEngineering",
            "SoftwareLicensingProduct",
            "Win32_WindowsProductActivation",
            "Win32_UserAccount",
            "Win32_Group",
            "Win32_GroupUser",
            "Win32_Service",
        }
    ),
    names.SECURITY_CENTER: frozenset({"AntiVirusProduct"}),
    names.OLD_SECURITY_CENTER: frozenset({"AntiVirusProduct"}),
    names.DEFENDER: frozenset({"MSFT_MpComputerStatus"}),
    names.TPM: frozenset({"Win32_Tpm"}),
    names.BITLOCKER: frozenset({"Win32_EncryptableVolume"}),
}
#: Instances that may be asked for by their keys: who a member of a group is.
INSTANCES = frozenset(
    f"{names.WMI}{names.CIMV2}/{name}"
    for name in ("Win32_UserAccount", "Win32_Group", "Win32_SystemAccount", "Win32_Account")
)
_QUERY = re.compile(r"SELECT (?:\*|\w+(?:, ?\w+)*) FROM (\w+)(?: WHERE [^;]+)?")
_ARGUMENTS = frozenset({"hDefKey", "sSubKeyName", "sValueName"})


class ForbiddenError(Exception):
    """The message is not on the list of what may be sent; nothing was sent."""


def check(data: bytes) -> None:
    """Let a message pass.

    :raises ForbiddenError: it is none that only reads.
    """
    try:
        root = answers.parse(data)
    except answers.AnswerError as error:
        raise ForbiddenError(f"what was to be sent is no message: {error}") from error
    header, sent = _part(root, "Header"), _part(root, "Body")
    if len(root) != 2 or root.tag != f"{{{names.SOAP}}}Envelope":
        raise ForbiddenError("what was to be sent is no envelope of a header and a body")
    if len(sent) == 1 and sent[0].tag == f"{{{names.IDENTITY}}}Identify" and not len(header) and not len(sent[0]):
        return
    action = _single(header, f"{{{names.ADDRESSING}}}Action")
    resource = _single(header, f"{{{names.WSMAN}}}ResourceURI")
    if action in (names.ENUMERATE, names.PULL):
        _enumeration(action, resource, header, sent)
    elif action == names.GET:
        _need(resource in INSTANCES and not len(sent), f"Get of {resource}")
    elif resource == names.COMMAND_SHELL:
        _shell(action, sent)
    else:
        _method(action, resource, header, sent)


def _part(root: ElementTree.Element, name: str) -> ElementTree.Element:
    found = root.findall(f"{{{names.SOAP}}}{name}")
    _need(len(found) == 1, f"a message with {len(found)} {name}")
    return found[0]


def _single(header: ElementTree.Element, tag: str) -> str:
    found = [each for each in header.iter() if answers.local(each.tag) == answers.local(tag)]
    _need(len(found) == 1 and found[0].tag == tag and not len(found[0]), f"a message without one {answers.local(tag)}")
    return found[0].text or ""


def _need(holds: bool, what: str) -> None:
    if not holds:
        raise ForbiddenError(f"{what} is not on the list of what may be sent")


def _no_selectors(header: ElementTree.Element, what: str) -> None:
    _need(header.find(f".//{{{names.WSMAN}}}Selector") is None, f"{what} with selectors")


def _enumeration(action: str, resource: str, header: ElementTree.Element, sent: ElementTree.Element) -> None:
    namespace = resource.removeprefix(names.WMI).removesuffix("/*")
    known = CLASSES.get(namespace)
    _need(known is not None and resource == f"{names.WMI}{namespace}/*", f"a query of {resource}")
    _no_selectors(header, "a query")
    kind = answers.local(action)
    what = action.rsplit("/", 1)[-1]
    _need(len(sent) == 1 and sent[0].tag == f"{{{names.ENUMERATION}}}{what}", f"{kind} with another body")
    filters = [each for each in sent.iter() if answers.local(each.tag) in ("Filter", "AssociatedInstances")]
    if action == names.PULL:
        _need(not filters, "Pull with a filter")
        return
    _need(len(filters) == 1 and filters[0].get("Dialect") == names.WQL, "a query in another language")
    text = filters[0].text or ""
    found = _QUERY.fullmatch(text)
    _need(found is not None and known is not None and found[1] in known, f"the query {text[:120]!r}")


def _shell(action: str, sent: ElementTree.Element) -> None:
    what = f"{action.rsplit('/', 1)[-1]} of a shell"
    _need(action in (names.CREATE, names.COMMAND, names.RECEIVE, names.DELETE), what)
    if action == names.DELETE:
        _need(not len(sent), what)
        return
    expected = {names.CREATE: "Shell", names.COMMAND: "CommandLine", names.RECEIVE: "Receive"}[action]
    _need(len(sent) == 1 and sent[0].tag == f"{{{names.SHELL}}}{expected}", what)
    parts = [answers.local(each.tag) for each in sent[0].iter()][1:]
    if action == names.CREATE:
        _need(parts == ["InputStreams", "OutputStreams"], "a shell with other settings")
    if action == names.COMMAND:
        line = sent[0].findtext(f"{{{names.SHELL}}}Command")
        _need(parts == ["Command"] and line in LISTINGS.values(), f"the command line {str(line)[:80]!r}")


def _method(action: str, resource: str, header: ElementTree.Element, sent: ElementTree.Element) -> None:
    method = action.removeprefix(f"{resource}/")
    what = f"{action.rsplit('/', 1)[-1]} on {resource}"
    _need(resource == names.REGISTRY and action == f"{resource}/{method}" and method in REGISTRY_METHODS, what)
    _no_selectors(header, what)
    _need(len(sent) == 1 and sent[0].tag == f"{{{resource}}}{method}_INPUT", f"{method} with the arguments of another")
    arguments = {answers.local(each.tag): each.text or "" for each in sent[0]}
    plain = len(arguments) == len(sent[0]) and not any(len(each) for each in sent[0])
    _need(plain and arguments.keys() <= _ARGUMENTS, f"{method} with other arguments")
    secret = (
        method not in ("EnumKey", "EnumValues") and arguments.get("sValueName", "").strip().lower() in SECRET_VALUES
    )
    _need(not secret, f"the content of {arguments.get('sValueName')}")
