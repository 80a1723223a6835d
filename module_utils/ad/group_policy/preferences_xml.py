"""XML as the files of preferences need it ([MS-GPPREF] 2.2.1.1): elements, attributes in their order, text.

Nothing is expanded and nothing is fetched: a file with a document type is refused before anything of it is read, and
so is one that nests deeper than any real one. Comments are no values and are not kept, nor are the blanks that only
indent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from ansible.module_utils.ad.group_policy import GroupPolicyDataError

_DEEPEST = 64
_ENCODINGS = frozenset({"utf-8", "utf-16", "us-ascii", "iso-8859-1", "windows-1252"})
_ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))
_ATTRIBUTE_ESCAPES = (*_ESCAPES, ('"', "&quot;"), ("\t", "&#9;"), ("\n", "&#10;"))
#: Attributes that say when and by what tool an item was made, not what it does.
_STAMPS = frozenset({"clsid", "uid", "changed", "image", "name", "status"})
#: Passwords of preferences are encrypted with a key that is public ([MS-GPPREF] 2.2.1.1.4): never shown.
_SECRETS = frozenset({"cpassword", "password"})


@dataclass(frozen=True)
class Element:
    """An element with what is in it: other elements and text."""

    tag: str
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple[Element | str, ...] = ()

    @property
    def name(self) -> str:
        """What the console shows of an item."""
        return self.get("name") or self.tag

    def get(self, attribute: str) -> str | None:
        return next((value for name, value in self.attributes if name == attribute), None)

    def elements(self, tag: str) -> tuple[Element, ...]:
        """The elements right below with this name."""
        return tuple(child for child in self.children if isinstance(child, Element) and child.tag == tag)

    def readable(self) -> dict[str, str]:
        """What an item does, by path; passwords only say that they are there."""
        return dict(self._readable(self.tag))

    def _readable(self, path: str) -> Iterator[tuple[str, str]]:
        for name, value in self.attributes:
            if name in _SECRETS:
                yield f"{path}/{name}", "(a password)" if value else ""
            elif name not in _STAMPS or "/" in path:
                yield f"{path}/{name}", value
        seen: dict[str, int] = {}
        for child in self.children:
            if isinstance(child, str):
                yield path, child
                continue
            seen[child.tag] = seen.get(child.tag, 0) + 1
            count = f" ({seen[child.tag]})" if seen[child.tag] > 1 else ""
            yield from child._readable(f"{path}/{child.tag}{count}")


@dataclass
class _Open:
    """An element whose end has not been read yet."""

    tag: str
    attributes: list[str]
    children: list[Element | str] = field(default_factory=list)

    def close(self) -> Element:
        pairs = tuple(zip(self.attributes[::2], self.attributes[1::2], strict=True))
        nested = any(isinstance(child, Element) for child in self.children)
        kept = (c for c in self.children if isinstance(c, Element) or not nested or c.strip(" \t\r\n"))
        return Element(self.tag, pairs, tuple(kept))


def parse(raw: bytes) -> Element:
    """The root of a document."""
    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.buffer_text = True
    stack = [_Open("", [])]

    def start(tag: str, attributes: list[str]) -> None:
        if len(stack) > _DEEPEST:
            raise GroupPolicyDataError(f"elements nest deeper than {_DEEPEST}", line=parser.CurrentLineNumber)
        stack.append(_Open(tag, attributes))

    def end(_tag: str) -> None:
        closed = stack.pop().close()
        stack[-1].children.append(closed)

    def text(characters: str) -> None:
        stack[-1].children.append(characters)

    def declaration(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise GroupPolicyDataError(
                f"XML in {encoding!r:.40} is not read; {', '.join(sorted(_ENCODINGS))} are", line=1
            )

    def doctype(*_declared: object) -> None:
        raise GroupPolicyDataError("a document type is not accepted", line=parser.CurrentLineNumber)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text
    parser.XmlDeclHandler, parser.StartDoctypeDeclHandler = declaration, doctype
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        raise GroupPolicyDataError(f"not XML: {expat.ErrorString(error.code)}", line=error.lineno) from error
    root = stack[0].children[0]
    assert isinstance(root, Element)  # noqa: S101  expat refuses a document without one, or with text around it
    return root


def write(root: Element) -> bytes:
    """The document, laid out as the management console does: items one a line, nothing between what is in them."""
    items = [_written(child, 1) for child in root.children]
    plain = bool(items) and not any(isinstance(child, str) for child in root.children)
    inside = "\r\n\t".join(items) + "\r\n" if plain else "".join(items)
    text = f'<?xml version="1.0" encoding="utf-8"?>\r\n{_opened(root)}>{inside}</{root.tag}>\r\n'
    try:
        raw = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise GroupPolicyDataError(f"XML cannot hold {text[error.start : error.end]!r}") from error
    try:
        same = parse(raw) == root
    except GroupPolicyDataError as error:
        raise GroupPolicyDataError(f"XML cannot hold this <{root.tag}>: {error.what}", line=error.line) from error
    if not same:
        raise GroupPolicyDataError(f"XML cannot hold this <{root.tag}>: it would be read back as something else")
    return raw


def _opened(element: Element) -> str:
    return f"<{element.tag}" + "".join(
        f' {name}="{_escaped(value, _ATTRIBUTE_ESCAPES)}"' for name, value in element.attributes
    )


def _written(node: Element | str, depth: int) -> str:
    if isinstance(node, str):
        return _escaped(node, _ESCAPES)
    if depth >= _DEEPEST:
        raise GroupPolicyDataError(f"elements nest deeper than {_DEEPEST}")
    if not node.children:
        return f"{_opened(node)}/>"
    inside = "".join(_written(child, depth + 1) for child in node.children)
    return f"{_opened(node)}>{inside}</{node.tag}>"


def _escaped(text: str, escapes: tuple[tuple[str, str], ...]) -> str:
    for character, escape in escapes:
        text = text.replace(character, escape)
    return text
