"""Records of the directory: real ones are read, ours are written as the service writes them, nonsense is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible.module_utils.ad import dns_record as dns
from ansible.module_utils.ad.dns_record import DnsRecord, RecordError
from hypothesis import given
from hypothesis import strategies as st

#: As Samba 4.22 wrote them when its own tools made the names (the zone is called something else here).
ADDRESS = bytes.fromhex("0400010005f00000020000000000038400000000000000000a090807")
ALIAS = bytes.fromhex("1700050005f00000030000000000038400000000000000001503036463310b6578656d706c6573697465036c616e00")
SERVICE = bytes.fromhex(
    "1d00210005f00000010000000000038400000000000000000000006401851503036463310b6578656d706c6573697465036c616e00"
)
BEGINNING = bytes.fromhex(
    "4900060005f000000500000000000e1000000000000000000000000500000384000002580001518000000e10"
    "1503036463310b6578656d706c6573697465036c616e001c030a686f73746d61737465720b6578656d706c6573697465036c616e00"
)


@pytest.mark.parametrize(
    ("raw", "kind", "value", "ttl", "serial"),
    [
        (ADDRESS, "A", "10.9.8.7", 900, 2),
        (ALIAS, "CNAME", "dc1.exemplesite.lan", 900, 3),
        (SERVICE, "SRV", "0 100 389 dc1.exemplesite.lan", 900, 1),
        (BEGINNING, "SOA", "dc1.exemplesite.lan hostmaster.exemplesite.lan 5 900 600 86400 3600", 3600, 5),
    ],
)
def test_records_of_a_real_directory_are_read_and_written_back(
    raw: bytes, kind: str, value: str, ttl: int, serial: int
) -> None:
    record = dns.parse(raw)
    assert (record.type, dns.value_of(record), record.ttl_seconds, record.serial) == (kind, value, ttl, serial)
    assert record.timestamp == 0
    assert dns.pack(record) == raw


def test_ours_are_the_bytes_that_the_service_itself_writes() -> None:
    assert dns.pack(dns.make("A", "10.9.8.7", 900, serial=2)) == ADDRESS
    assert dns.pack(dns.make("CNAME", "dc1.exemplesite.lan.", 900, serial=3)) == ALIAS


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("A", "10.9.8"),
        ("A", "fd00::1"),
        ("AAAA", "10.9.8.7"),
        ("CNAME", "double..dot"),
        ("CNAME", "a" * 64),
        ("CNAME", "é.lan"),
        ("CNAME", "two words"),
        ("TXT", "anything"),
    ],
)
def test_a_value_that_cannot_be_is_refused(kind: str, value: str) -> None:
    with pytest.raises(RecordError):
        dns.make(kind, value, 900)


@pytest.mark.parametrize("raw", [b"", ADDRESS[:-1], ADDRESS + b"\0", ADDRESS[:10]])
def test_bytes_that_do_not_add_up_are_refused(raw: bytes) -> None:
    with pytest.raises(RecordError):
        dns.parse(raw)


@pytest.mark.parametrize("cut", range(1, 23))
def test_a_name_that_is_cut_anywhere_is_refused(cut: int) -> None:
    record = dns.parse(ALIAS)
    with pytest.raises(RecordError):
        dns.value_of(replace(record, data=record.data[:-cut]))


def test_a_deleted_name_tells_when() -> None:
    stone = dns.tombstone(1_700_000_000.0, serial=9)
    assert (stone.kind, stone.serial, stone.ttl_seconds) == (dns.TOMBSTONE, 9, 0)
    assert int.from_bytes(stone.data, "little") == (1_700_000_000 + 11_644_473_600) * 10_000_000


def test_the_zone_counts_on_and_never_says_zero() -> None:
    soa = dns.parse(BEGINNING)
    later = dns.with_serial(soa, dns.next_serial(dns.zone_serial(soa)))
    assert (dns.zone_serial(later), later.serial) == (6, 6)
    assert dns.value_of(later).split()[3:] == dns.value_of(soa).split()[3:]
    assert dns.next_serial(2**32 - 1) == 1
    with pytest.raises(RecordError):
        dns.zone_serial(dns.parse(ADDRESS))


RECORDS = st.builds(
    DnsRecord,
    kind=st.integers(0, 65535),
    data=st.binary(max_size=300),
    ttl_seconds=st.integers(0, 2**32 - 1),
    serial=st.integers(0, 2**32 - 1),
    timestamp=st.integers(0, 2**32 - 1),
    version=st.integers(0, 255),
    rank=st.integers(0, 255),
    flags=st.integers(0, 65535),
    reserved=st.integers(0, 2**32 - 1),
)
LABELS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_", min_size=1, max_size=63)


@given(RECORDS)
def test_whatever_a_record_holds_comes_back(record: DnsRecord) -> None:
    assert dns.parse(dns.pack(record)) == record


@given(st.binary(max_size=120))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        record = dns.parse(raw)
    except RecordError:
        return
    assert dns.pack(record) == raw


@given(st.sampled_from(sorted(dns.NAMES)), st.binary(max_size=120))
def test_any_data_is_told_or_refused(kind: int, data: bytes) -> None:
    try:
        said = dns.value_of(DnsRecord(kind, data))
    except RecordError:
        return
    assert isinstance(said, str)


@given(st.lists(LABELS, min_size=1, max_size=4).map(".".join))
def test_a_name_comes_back(name: str) -> None:
    raw = dns.pack_name(name) if len(name) <= 250 else None
    if raw is not None:
        assert dns.parse_name(raw) == (name, len(raw))
