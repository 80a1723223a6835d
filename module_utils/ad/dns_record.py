"""Records of DNS as the directory keeps them: the values of dnsRecord of a node ([MS-DNSP] 2.3.2.2).

Bytes in, frozen dataclass out, and back; nothing here talks to a server. What is not understood is kept as it came.
"""

from __future__ import annotations

import ipaddress
import struct
from collections.abc import Callable
from dataclasses import dataclass

#: [MS-DNSP] 2.2.2.1.1 DNS_RECORD_TYPE; zero is a node that was deleted and is kept until every controller knows.
TOMBSTONE, A, NS, CNAME, SOA, PTR, MX, TXT, AAAA, SRV = 0, 1, 2, 5, 6, 12, 15, 16, 28, 33
NAMES = {TOMBSTONE: "TOMBSTONE", A: "A", NS: "NS", CNAME: "CNAME", SOA: "SOA", PTR: "PTR", MX: "MX", TXT: "TXT",
         AAAA: "AAAA", SRV: "SRV"}  # fmt: skip
KINDS = {name: number for number, name in NAMES.items()}
#: [MS-DNSP] 2.3.2.2: the only version there is, and the rank of what a zone itself says.
VERSION, RANK_ZONE = 5, 0xF0
#: Header: length, type, version, rank, flags, serial; the time to live alone is in network order; reserved, aging.
_HEADER = struct.Struct("<HHBBHI")
_LIVES = struct.Struct(">I")
_AGING = struct.Struct("<II")
_SIZE = _HEADER.size + _LIVES.size + _AGING.size
_SOA = struct.Struct(">IIIII")
_SRV = struct.Struct(">HHH")
#: [RFC1035] 2.3.4
_LABEL, _NAME, _LABELS = 63, 253, 127
#: Between 1601 and 1970, in units of 100 ns ([MS-DTYP] 2.3.3 FILETIME).
_EPOCH = 116444736000000000


class RecordError(ValueError):
    """The bytes are no record, or the value cannot be one."""


@dataclass(frozen=True)
class DnsRecord:
    """One value of dnsRecord; timestamp is in hours since 1601, zero for one that never ages."""

    kind: int
    data: bytes
    ttl_seconds: int = 3600
    serial: int = 0
    timestamp: int = 0
    version: int = VERSION
    rank: int = RANK_ZONE
    flags: int = 0
    reserved: int = 0

    @property
    def type(self) -> str:
        """Name of the type, or its number."""
        return NAMES.get(self.kind, str(self.kind))


def parse(raw: bytes) -> DnsRecord:
    """A record from a value of the attribute."""
    if len(raw) < _SIZE:
        raise RecordError(f"a record has at least {_SIZE} bytes, here are {len(raw)}")
    length, kind, version, rank, flags, serial = _HEADER.unpack_from(raw)
    (ttl,) = _LIVES.unpack_from(raw, _HEADER.size)
    reserved, timestamp = _AGING.unpack_from(raw, _HEADER.size + _LIVES.size)
    data = raw[_SIZE:]
    if len(data) != length:
        raise RecordError(f"the record says that it has {length} bytes of data, here are {len(data)}")
    return DnsRecord(kind, data, ttl, serial, timestamp, version, rank, flags, reserved)


def pack(record: DnsRecord) -> bytes:
    """A value of the attribute."""
    header = _HEADER.pack(
        len(record.data), record.kind, record.version, record.rank, record.flags, record.serial
    )  # fmt: skip
    return (
        header + _LIVES.pack(record.ttl_seconds) + _AGING.pack(record.reserved, record.timestamp) + record.data
    )  # fmt: skip


def pack_name(name: str) -> bytes:
    """DNS_COUNT_NAME ([MS-DNSP] 2.2.2.2.2): length of what follows the count, count of labels, labels, and a zero."""
    try:
        labels = [label.encode("ascii") for label in name.removesuffix(".").split(".")]
    except UnicodeEncodeError as error:
        raise RecordError(f"{name}: a name of a host has no letters with accents") from error
    if any(not 0 < len(label) <= _LABEL for label in labels) or len(name.removesuffix(".")) > _NAME:
        raise RecordError(f"{name}: a name has parts of 1 to {_LABEL} characters and {_NAME} in all")
    if any(not 0x21 <= byte <= 0x7E for label in labels for byte in label):
        raise RecordError(f"{name!r}: a name has no blanks and no control characters")
    raw = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    return bytes([len(raw), len(labels)]) + raw


def parse_name(data: bytes, start: int = 0) -> tuple[str, int]:
    """The name that begins there, and where it ends."""
    if len(data) < start + 2:
        raise RecordError("a name is cut short")
    length, count = data[start], data[start + 1]
    end, at, labels = start + 2 + length, start + 2, []
    if len(data) < end or length < 1 or data[end - 1] != 0 or count > _LABELS:
        raise RecordError("a name is cut short or does not end")
    for _ in range(count):
        size = data[at]
        if not 0 < size <= _LABEL or at + 1 + size >= end:
            raise RecordError("a part of a name is longer than the name")
        labels.append(data[at + 1 : at + 1 + size].decode("latin-1"))
        at += 1 + size
    if at != end - 1:
        raise RecordError("a name has more parts than it counts")
    return ".".join(labels), end


def value_of(record: DnsRecord) -> str:
    """What the record says, as people write it; hexadecimal when the type is not known here."""
    data = record.data
    try:
        return _VALUES[record.kind](data) if record.kind in _VALUES else data.hex()
    except (ipaddress.AddressValueError, struct.error) as error:
        raise RecordError(f"a record of type {record.type} has impossible data: {error}") from error


def _only_name(data: bytes, start: int = 0) -> str:
    name, end = parse_name(data, start)
    if end != len(data):
        raise RecordError("something follows the name")
    return name


def _service(data: bytes) -> str:
    priority, weight, port = _SRV.unpack_from(data)
    return f"{priority} {weight} {port} {_only_name(data, _SRV.size)}"


def _beginning(data: bytes) -> str:
    numbers = _SOA.unpack_from(data)
    server, end = parse_name(data, _SOA.size)
    return " ".join([server, _only_name(data, end), *map(str, numbers)])


_VALUES: dict[int, Callable[[bytes], str]] = {
    A: lambda data: str(ipaddress.IPv4Address(data)),
    AAAA: lambda data: str(ipaddress.IPv6Address(data)),
    CNAME: _only_name,
    NS: _only_name,
    PTR: _only_name,
    MX: lambda data: f"{int.from_bytes(data[:2], 'big')} {_only_name(data, 2)}",
    SRV: _service,
    SOA: _beginning,
}


def make(kind: str, value: str, ttl_seconds: int, serial: int = 0) -> DnsRecord:
    """A static record of type A, AAAA or CNAME."""
    try:
        if kind == "A":
            data = ipaddress.IPv4Address(value).packed
        elif kind == "AAAA":
            data = ipaddress.IPv6Address(value).packed
        elif kind == "CNAME":
            data = pack_name(value)
        else:
            raise RecordError(f"records of type {kind} are not made here; A, AAAA and CNAME are")
    except ipaddress.AddressValueError as error:
        raise RecordError(f"{value} is no address for a record of type {kind}") from error
    return DnsRecord(KINDS[kind], data, ttl_seconds, serial)


def tombstone(unix_seconds: float, serial: int) -> DnsRecord:
    """What takes the place of the records of a node that is deleted ([MS-DNSP] 2.2.2.2.4.23 DNS_RPC_RECORD_TS)."""
    return DnsRecord(TOMBSTONE, struct.pack("<Q", int(unix_seconds * 10_000_000) + _EPOCH), 0, serial)


def zone_serial(soa: DnsRecord) -> int:
    """The serial number of the zone."""
    if soa.kind != SOA or len(soa.data) < _SOA.size:
        raise RecordError("the record is not the beginning of a zone")
    return int.from_bytes(soa.data[:4], "big")


def next_serial(serial: int) -> int:
    """The number after it ([RFC1982]); zero is left out, as some servers take it for none."""
    return (serial + 1) % 2**32 or 1


def with_serial(soa: DnsRecord, serial: int) -> DnsRecord:
    """The beginning of the zone with another number."""
    zone_serial(soa)
    return DnsRecord(
        SOA, serial.to_bytes(4, "big") + soa.data[4:], soa.ttl_seconds, serial, soa.timestamp,
        soa.version, soa.rank, soa.flags, soa.reserved
    )  # fmt: skip
