"""Credential caches of MIT Kerberos, as far as renaming the service of a ticket needs it.

A ticket that a server asks for itself on somebody's behalf ([MS-SFU] 3.1.5.1, S4U2self) names the server's account. The
name of the service in a cache is only a label: it is not sealed in the ticket, and every service of an account has the
account's key. Format: MIT krb5, "Credential cache file format", version 4. Standard library only.
"""

from __future__ import annotations

import struct

_VERSION = b"\x05\x04"
_SERVICE_AND_INSTANCE = 2  # RFC 4120 6.2, KRB5_NT_SRV_INST


class CacheFormatError(ValueError):
    """The file is no credential cache of version 4 with one ticket; the message says where it differs."""


def renamed(cache: bytes, service: str, host: str, realm: str) -> bytes:
    """The cache with its ticket filed under service/host.

    :raises CacheFormatError: the bytes are something else.
    """
    if cache[:2] != _VERSION:
        raise CacheFormatError("byte 0: not a credential cache of version 4")
    client = _after_principal(cache, 4 + _number(cache, 2, ">H"))
    server = _after_principal(cache, client)
    end = _after_principal(cache, server)
    if _after_ticket(cache, end) != len(cache):
        raise CacheFormatError(f"byte {end}: the cache does not hold exactly one ticket")
    return cache[:server] + _principal((service, host), realm) + cache[end:]


def _number(cache: bytes, start: int, shape: str) -> int:
    try:
        (value,) = struct.unpack_from(shape, cache, start)
    except struct.error as error:
        raise CacheFormatError(f"byte {start}: the cache is cut short") from error
    return int(value)


def _after_data(cache: bytes, start: int) -> int:
    end = start + 4 + _number(cache, start, ">I")
    if end > len(cache):
        raise CacheFormatError(f"byte {start}: the cache is cut short")
    return end


def _after_principal(cache: bytes, start: int) -> int:
    """Where a principal ends: type, number of parts, realm, parts."""
    end = _after_data(cache, start + 8)
    for _ in range(_number(cache, start + 4, ">I")):
        end = _after_data(cache, end)
    return end


def _after_ticket(cache: bytes, start: int) -> int:
    """Where the entry ends: key, four times, skey, flags, addresses, authorisation data, ticket, second ticket."""
    end = _after_data(cache, start + 2) + 16 + 1 + 4
    for _ in range(2):
        count, end = _number(cache, end, ">I"), end + 4
        for _ in range(count):
            end = _after_data(cache, end + 2)
    return _after_data(cache, _after_data(cache, end))


def _principal(parts: tuple[str, ...], realm: str) -> bytes:
    packed = struct.pack(">II", _SERVICE_AND_INSTANCE, len(parts))
    for text in (realm, *parts):
        data = text.encode()
        packed += struct.pack(">I", len(data)) + data
    return packed
