"""A request of WS-Management read into its parts, and the envelope of an answer."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from tests.winrm_park import VENDOR, names

_NAMESPACES = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in names.PREFIXES.items())
_DEFAULT_ENVELOPE = 153600


class BadRequestError(ValueError):
    """What was sent is no envelope."""


@dataclass
class Request:
    """The parts of a request that an answer depends on."""

    action: str
    resource: str
    message_id: str
    selectors: Mapping[str, str]
    options: Mapping[str, str]
    body: ET.Element
    largest: int
    identify: bool = False

    def text(self, path: str) -> str:
        return (self.body.findtext(path, "", names.SEARCH) or "").strip()

    def has(self, path: str) -> bool:
        return self.body.find(path, names.SEARCH) is not None

    def inputs(self) -> dict[str, list[str]]:
        """The arguments of a method, repeated ones together."""
        given: dict[str, list[str]] = {}
        for each in self.body[0] if len(self.body) else ():
            given.setdefault(local(each.tag), []).append(each.text or "")
        return given


def local(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2]


def read(raw: bytes) -> Request:
    """A request."""
    try:
        root = ET.fromstring(raw)  # noqa: S314 -- requests of our own tests
    except ET.ParseError as error:
        raise BadRequestError(f"no XML: {error}") from error
    header, body = root.find("s:Header", names.SEARCH), root.find("s:Body", names.SEARCH)
    if root.tag != f"{{{names.SOAP}}}Envelope" or body is None:
        raise BadRequestError("no SOAP envelope")

    def said(path: str) -> str:
        return (header.findtext(path, "", names.SEARCH) or "").strip() if header is not None else ""

    found = header if header is not None else ET.Element("none")
    return Request(
        action=said("a:Action"),
        resource=said("w:ResourceURI"),
        message_id=said("a:MessageID"),
        selectors={each.get("Name", ""): each.text or "" for each in found.iterfind(".//w:Selector", names.SEARCH)},
        options={each.get("Name", ""): each.text or "" for each in found.iterfind(".//w:Option", names.SEARCH)},
        body=body,
        largest=int(said("w:MaxEnvelopeSize") or _DEFAULT_ENVELOPE),
        identify=body.find("wsmid:Identify", names.SEARCH) is not None,
    )


def envelope(action: str, relates_to: str, body: str) -> bytes:
    """An answer; the header of our own says that it is simulated."""
    header = (
        f"<a:Action>{action}</a:Action><a:MessageID>uuid:{str(uuid.uuid4()).upper()}</a:MessageID>"
        f"<a:To>{names.ADDRESSING}/role/anonymous</a:To><a:RelatesTo>{escape(relates_to)}</a:RelatesTo>"
        f'<g:Simulated xmlns:g="{names.SIMULATOR}">{VENDOR}</g:Simulated>'
    )
    text = (
        f'<s:Envelope xml:lang="en-US" {_NAMESPACES}><s:Header>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>'
    )
    return text.encode()


def identity(version: str, stack: str) -> bytes:
    """The answer to Identify, which has no header of its own."""
    return (
        f'<s:Envelope xml:lang="en-US" xmlns:s="{names.SOAP}"><s:Header/><s:Body><wsmid:IdentifyResponse '
        f'xmlns:wsmid="{names.IDENTITY}"><wsmid:ProtocolVersion>{names.WSMAN}</wsmid:ProtocolVersion>'
        f"<wsmid:ProductVendor>{VENDOR}</wsmid:ProductVendor><wsmid:ProductVersion>OS: {version} SP: 0.0 Stack: {stack}"
        "</wsmid:ProductVersion></wsmid:IdentifyResponse></s:Body></s:Envelope>"
    ).encode()
