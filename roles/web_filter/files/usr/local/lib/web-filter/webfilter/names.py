"""Names of hosts and paths, brought to the one form that the lists are kept in. No input or output here.

A host that a browser would take in two ways is refused rather than guessed: what cannot be read is not let through.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

#: RFC 1035 2.3.4, in ASCII form. Underscores are not letters of host names, but they are in use.
_LONGEST_NAME = 253
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\Z")
#: What inet_aton(3) takes for an address beside the usual form: 3232235777, 0xc0.0250.1, 127.1
_OTHER_ADDRESS = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+)){0,3}\Z")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_PORT = re.compile(r"[0-9]{0,5}\Z")
#: Hosts that lists of addresses of pages leave out: www.example.com/x is listed as example.com/x.
_USUAL_HOST = re.compile(r"www[0-9]*\.(?=[^.]+\.)")
_LONGEST_PATH_PARTS = 32
#: What stays as it is in a path when it is written in one form.
_SAFE = "/-._~!$&'()*+,;=:@"


class UnreadableName(ValueError):
    """The name cannot be read; the message says why."""


@dataclass(frozen=True)
class Target:
    """What somebody wants to reach."""

    host: str
    is_address: bool
    #: Path and query as they came; None when only a host is known (CONNECT).
    path: str | None


def read_target(text: str) -> Target:
    """The host, and the path where there is one, of a URL or of host:port.

    :raises UnreadableName: it is neither.
    """
    scheme = _SCHEME.match(text)
    rest = text[scheme.end() :] if scheme else text
    authority, path = rest, None
    if scheme:
        # A backslash ends the host for browsers and does not for others: refused below, as a part of the host.
        cut = min((at for at in (rest.find(mark) for mark in "/?#") if at >= 0), default=len(rest))
        authority, path = rest[:cut], rest[cut:] or "/"
    host = authority.rpartition("@")[2]
    if host.startswith("["):
        host, closed, port = host[1:].partition("]")
        if not closed or (port and not port.startswith(":")):
            raise UnreadableName("an address in brackets that do not close")
        name, is_address = _address6(host), True
        port = port[1:]
    else:
        host, _, port = host.partition(":")
        name, is_address = host_of(host)
    if not _PORT.match(port):
        raise UnreadableName("a port that is no number")
    return Target(name, is_address, path)


def host_of(text: str) -> tuple[str, bool]:
    """A host in the form that lists are kept in, and whether it is an address.

    :raises UnreadableName: it is none.
    """
    name = text.lower()
    if not name.isascii():
        name = _ascii(name)
    if name.endswith("."):
        name = name[:-1]
    if _OTHER_ADDRESS.match(name):
        return _address4(name), True
    if not name or len(name) > _LONGEST_NAME:
        raise UnreadableName("no host, or one that is too long")
    if not all(map(_LABEL.match, name.split("."))):
        raise UnreadableName("characters that no host has")
    return name, False


def _ascii(name: str) -> str:
    """A name in another script, the way it is asked for: label by label, dots of other scripts too (RFC 3490 3.1)."""
    try:
        return name.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise UnreadableName("a name that has no form in ASCII") from error


def _address4(text: str) -> str:
    try:
        return socket.inet_ntoa(socket.inet_aton(text))
    except OSError as error:
        raise UnreadableName("a number that is no address") from error


def _address6(text: str) -> str:
    try:
        address = ipaddress.IPv6Address(text.partition("%")[0])
    except ValueError as error:
        raise UnreadableName("brackets without an address") from error
    return str(address.ipv4_mapped or address)


def suffixes(host: str) -> list[str]:
    """The host and the names above it, the longest first; a name of one label (a whole top level) is in no list."""
    labels = host.split(".")
    return [".".join(labels[at:]) for at in range(len(labels) - 1)] or [host]


def page_keys(target: Target) -> list[str]:
    """What a list of pages may call this one, the longest first: its path, then the folders above it."""
    if target.path is None:
        return []
    whole = page_path(target.path)
    path, asked, _ = whole.partition("?")
    parts = path.split("/")[: _LONGEST_PATH_PARTS + 1]
    paths = ["/".join(parts[:end]) for end in range(len(parts), 1, -1)]
    if asked:
        paths.insert(0, whole)
    shorter = _USUAL_HOST.sub("", target.host)
    hosts = [target.host] if shorter == target.host else [target.host, shorter]
    return [host + path for path in paths if path for host in hosts]


def page_path(text: str) -> str:
    """A path in one form: no escapes that are not needed, no empty or dotted parts, small letters, no end slash."""
    text = text.partition("#")[0]
    path, mark, asked = text.partition("?")
    kept: list[str] = []
    for part in unquote_to_bytes(path).split(b"/"):
        if part == b"..":
            del kept[-1:]
        elif part not in (b"", b"."):
            kept.append(quote(part.lower(), safe=_SAFE))
    return "".join(f"/{part}" for part in kept) + (mark + asked.lower() if asked else "")


def listed_host(line: str) -> str:
    """A line of a file of domains.

    :raises UnreadableName: it is none; a name of one label would close a whole top level.
    """
    name, is_address = host_of(line.strip().removeprefix("*").removeprefix("."))
    if not is_address and "." not in name:
        raise UnreadableName(f"{name}: a whole top level")
    return name


def listed_page(line: str) -> str:
    """A line of a file of pages, with or without its scheme.

    :raises UnreadableName: it is none.
    """
    text = line.strip()
    target = read_target(text if _SCHEME.match(text) else f"http://{text}")
    path = page_path(target.path or "/")
    if not path:
        raise UnreadableName("no page of its host")
    return _USUAL_HOST.sub("", target.host) + path


def lines_of(text: Iterator[bytes]) -> Iterator[str]:
    """Lines that say something; what is not UTF-8 is taken for Latin 1, which the old lists are in."""
    for raw in text:
        line = raw.strip()
        if line and not line.startswith(b"#"):
            try:
                yield line.decode("utf-8")
            except UnicodeDecodeError:
                yield line.decode("latin-1")
