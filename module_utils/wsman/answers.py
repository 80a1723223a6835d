"""What comes back, from bytes ([MS-WSMV] 2.2.4, DSP0226 7 to 9, DSP0230 for values). No I/O.

Numbers and booleans stay text as they travel; a null is None; an array of one is not told from a single value, so that
`listed` is asked for whatever may hold several.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from ansible.module_utils.wsman import names

Row = dict[str, Any]
#: DSP0230 5.2.3: a date is one of these inside the element of the property.
_DATES = ("Datetime", "Date", "Time", "Interval")
_DONE = "CommandState/Done"


class AnswerError(Exception):
    """The bytes are no answer of WS-Management to what was asked; the message says what is wrong."""


@dataclass(frozen=True)
class Reference:
    """Another instance, named by its class and its keys."""

    resource: str
    keys: tuple[tuple[str, str], ...]

    @property
    def class_name(self) -> str:
        """The class alone."""
        return self.resource.rsplit("/", 1)[-1]

    def key(self, name: str) -> str:
        """One key, empty when the reference has none of this name."""
        return next((value for each, value in self.keys if each.lower() == name.lower()), "")


@dataclass(frozen=True)
class Page:
    """Rows of an enumeration and where it goes on; no context, no more rows."""

    rows: tuple[Row, ...]
    context: str | None


@dataclass(frozen=True)
class Output:
    """What a command wrote so far."""

    stdout: bytes
    stderr: bytes
    done: bool
    exit_code: int | None


def parse(data: bytes) -> ElementTree.Element:
    """The root of a message.

    :raises AnswerError: not UTF-8, not XML, or with a document type, which SOAP forbids ([SOAP 1.2] 5).
    """
    try:
        text = data.decode("utf-8-sig")
        if "<!" in text.replace("<![CDATA[", ""):
            raise AnswerError("the answer holds a document type, which SOAP does not allow")
        return ElementTree.fromstring(text)  # noqa: S314 -- neither entities nor document types get here
    except (UnicodeDecodeError, ElementTree.ParseError) as error:
        raise AnswerError(f"the answer is no XML: {error}") from error


def body(data: bytes, asked: str | None = None) -> ElementTree.Element:
    """The body of an answer to a message of this id.

    :raises AnswerError: no envelope, or the answer to another message.
    """
    root = parse(data)
    found = root.find(f"{{{names.SOAP}}}Body")
    if root.tag != f"{{{names.SOAP}}}Envelope" or found is None:
        raise AnswerError(f"the answer is no envelope of SOAP 1.2 but {local(root.tag)}")
    relates = root.findtext(f"{{{names.SOAP}}}Header/{{{names.ADDRESSING}}}RelatesTo")
    if asked and relates and relates.strip().lower() != f"uuid:{asked}".lower():
        raise AnswerError("the answer belongs to another message")
    return found


def local(tag: str) -> str:
    """A name without its namespace."""
    return tag.rsplit("}", 1)[-1]


def listed(value: Any) -> list[Any]:
    """The values of an array, which may have come as nothing or as one."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def value_of(element: ElementTree.Element) -> Any:
    """The value of a property: text, None, a date as text, a reference or an object."""
    if element.get(f"{{{names.INSTANCE}}}nil") == "true":
        return None
    below = list(element)
    if not below:
        return element.text or ""
    if local(below[0].tag) in _DATES:
        return below[0].text
    parameters = element.find(f".//{{{names.ADDRESSING}}}ReferenceParameters")
    if parameters is not None:
        selectors = parameters.iter(f"{{{names.WSMAN}}}Selector")
        resource = (parameters.findtext(f"{{{names.WSMAN}}}ResourceURI") or "").strip()
        return Reference(resource, tuple((each.get("Name", ""), (each.text or "")) for each in selectors))
    return row_of(element)


def row_of(element: ElementTree.Element) -> Row:
    """Properties of an instance, a fragment of one, or the output of a method."""
    row: Row = {}
    for child in element:
        name, value = local(child.tag), value_of(child)
        row[name] = [*listed(row[name]), value] if name in row else value
    return row


def page(data: bytes, asked: str | None = None) -> Page:
    """Rows of EnumerateResponse or PullResponse; the first may carry none although there are some.

    :raises AnswerError: neither of the two.
    """
    answer = _only(body(data, asked), "EnumerateResponse", "PullResponse")
    found = [item for item in answer if local(item.tag) == "Items"]
    rows = tuple(row_of(item) for items in found for item in items)
    ended = any(local(item.tag) == "EndOfSequence" for item in answer)
    context = (answer.findtext(f"{{{names.ENUMERATION}}}EnumerationContext") or "").strip()
    return Page(rows, None if ended or not context else context)


def instance(data: bytes, asked: str | None = None) -> Row:
    """The instance that Get gives.

    :raises AnswerError: the body is empty.
    """
    return row_of(_only(body(data, asked)))


def output(data: bytes, method: str, asked: str | None = None) -> Row:
    """What a method returned.

    :raises AnswerError: it is the output of another method, or has no ReturnValue.
    """
    row = row_of(_only(body(data, asked), f"{method}_OUTPUT"))
    if not str(row.get("ReturnValue", "")).isdigit():
        raise AnswerError(f"{method} gave no ReturnValue")
    return row


def identity(data: bytes) -> Row:
    """Who answers: ProtocolVersion, ProductVendor and ProductVersion."""
    return row_of(_only(body(data), "IdentifyResponse"))


def shell_id(data: bytes, asked: str | None = None) -> str:
    """The shell that was made."""
    found = next((each for each in body(data, asked).iter() if local(each.tag) == "Selector"), None)
    if found is None or found.get("Name") != "ShellId" or not found.text:
        raise AnswerError("the answer names no shell")
    return found.text


def command_id(data: bytes, asked: str | None = None) -> str:
    """The command that was started."""
    found = _only(body(data, asked), "CommandResponse").findtext(f"{{{names.SHELL}}}CommandId")
    if not found:
        raise AnswerError("the answer names no command")
    return found


def command_output(data: bytes, asked: str | None = None) -> Output:
    """What a command wrote since it was asked last ([MS-WSMV] 2.2.4.31)."""
    answer = _only(body(data, asked), "ReceiveResponse")
    streams = {"stdout": b"", "stderr": b""}
    for stream in answer.iter(f"{{{names.SHELL}}}Stream"):
        try:
            streams[stream.get("Name", "")] += base64.b64decode(stream.text or "", validate=False)
        except (KeyError, binascii.Error) as error:
            raise AnswerError(f"a stream of the command cannot be read: {error}") from error
    state = answer.find(f"{{{names.SHELL}}}CommandState")
    done = state is not None and state.get("State", "").endswith(_DONE)
    code = answer.findtext(f".//{{{names.SHELL}}}ExitCode") or ""
    return Output(streams["stdout"], streams["stderr"], done, int(code) if code.lstrip("-").isdigit() else None)


def _only(found: ElementTree.Element, *wanted: str) -> ElementTree.Element:
    inside = next(iter(found), None)
    if inside is None or (wanted and local(inside.tag) not in wanted):
        what = "nothing" if inside is None else local(inside.tag)
        raise AnswerError(f"the answer holds {what} where {' or '.join(wanted) or 'an instance'} is due")
    return inside
