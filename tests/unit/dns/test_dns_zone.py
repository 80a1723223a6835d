"""A zone and a table of names: what is written, what is left alone, what is refused before anything is written."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.ad import dns_record as dns
from ansible.module_utils.ad.dns_record import DnsRecord
from ansible.module_utils.ad.dns_zone import MARK, Change, Node, check, compare, described, write
from ansible.module_utils.ad.dns_zone import NamesError as Refused

ZONE = "site.lan"
BASE = "DC=site.lan,CN=MicrosoftDNS,DC=DomainDnsZones,DC=site,DC=lan"
SOA = DnsRecord(
    dns.SOA, (7).to_bytes(4, "big") + bytes(16) + dns.pack_name("dc1.site.lan") + dns.pack_name("h.site.lan")
)


def address(value: str, **other: Any) -> DnsRecord:
    return DnsRecord(dns.A, dns.make("A", value, 1).data, **{"ttl_seconds": 3600, "serial": 3, **other})


def node(name: str, *records: DnsRecord, note: str = "", tombstoned: bool = False) -> Node:
    return Node(f"DC={name},{BASE}", name, records, tombstoned, note)


def line(name: str, *values: str, kind: str = "A", **other: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, "values": list(values), "ttl_seconds": 3600, "why": "reason", **other}


def changes(nodes: list[Node], *lines: dict[str, Any], purge: bool = False) -> list[Change]:
    return compare({each.name: each for each in nodes}, check(lines, ZONE), {"dc1"}, purge)


class Directory:
    """Keeps what was written."""

    server = "dc1"
    base = "DC=site,DC=lan"
    root: dict[str, list[bytes]] = {"configurationNamingContext": [b"CN=Configuration,DC=site,DC=lan"]}  # noqa: RUF012

    def __init__(self) -> None:
        self.written: list[tuple[Any, ...]] = []

    def read(self, dn: str, _: list[str]) -> dict[str, list[bytes]]:
        if dn != BASE:
            raise KeyError(dn)
        return {}

    def add(self, dn: str, attributes: Any) -> None:
        self.written.append(("add", dn, attributes))

    def modify(self, dn: str, attributes: Any) -> None:
        self.written.append(("modify", dn, attributes))

    def modify_values(self, dn: str, attribute: str, add: Any, remove: Any) -> None:
        self.written.append(("values", dn, attribute, add, remove))


def written(nodes: list[Node], *lines: dict[str, Any], purge: bool = False) -> list[tuple[Any, ...]]:
    directory = Directory()
    whole = [node("@", SOA), *nodes]
    by_name = {each.name: each for each in whole}
    write(directory, ZONE, by_name, changes(whole, *lines, purge=purge))  # type: ignore[arg-type]
    return directory.written


def test_a_new_name_is_made_with_our_mark_and_the_zones_next_number() -> None:
    (counted, made) = written([], line("proxy", "10.0.1.254"))
    assert counted[0] == "values"
    assert [dns.zone_serial(dns.parse(raw)) for raws in counted[3:] for raw in raws] == [8, 7]
    assert made[:2] == ("add", f"DC=proxy,{BASE}")
    record = dns.parse(made[2]["dnsRecord"][0])
    assert (dns.value_of(record), record.serial, record.timestamp) == ("10.0.1.254", 8, 0)
    assert made[2]["adminDescription"] == [(MARK + "reason").encode()]


def test_what_is_as_wanted_is_not_written() -> None:
    assert written([node("proxy", address("10.0.1.254"), note=MARK + "reason")], line("proxy", "10.0.1.254")) == []


def test_somebody_elses_name_that_says_the_same_stays_theirs() -> None:
    assert changes([node("proxy", address("10.0.1.254"))], line("proxy", "10.0.1.254")) == []


@pytest.mark.parametrize(
    "found", [address("10.0.9.9"), address("10.0.1.254", ttl_seconds=60), address("10.0.1.254", timestamp=3_700_000)]
)
def test_another_address_time_to_live_or_a_record_that_ages_is_changed(found: DnsRecord) -> None:
    (change,) = changes([node("proxy", found)], line("proxy", "10.0.1.254"))
    assert change.after == ["A 10.0.1.254 3600 s"]
    assert change.before != change.after


def test_a_deleted_name_rises_again() -> None:
    grave = node("proxy", dns.tombstone(1.7e9, 4), tombstoned=True)
    (_, again) = written([grave], line("proxy", "10.0.1.254"))
    assert again[0] == "modify"
    assert again[2]["dNSTombstoned"] == [b"FALSE"]
    assert [dns.parse(raw).kind for raw in again[2]["dnsRecord"]] == [dns.A]


def test_only_stale_names_of_ours_are_removed_and_only_when_asked() -> None:
    nodes = [
        node("old", address("10.0.0.1"), note=MARK),
        node("other", address("10.0.0.2")),
        node("gone", tombstoned=True),
    ]
    assert changes(nodes) == []
    assert [change.name for change in changes(nodes, purge=True)] == ["old"]
    (_, removed) = written(nodes, purge=True)
    assert removed[2]["dNSTombstoned"] == [b"TRUE"]
    assert [dns.parse(raw).kind for raw in removed[2]["dnsRecord"]] == [dns.TOMBSTONE]
    assert removed[2]["adminDescription"] == []


def test_records_of_other_types_beside_an_address_are_kept() -> None:
    text = DnsRecord(dns.TXT, b"\x03abc")
    (_, kept) = written([node("proxy", address("10.0.9.9"), text)], line("proxy", "10.0.1.254"))
    assert [dns.parse(raw).kind for raw in kept[2]["dnsRecord"]] == [dns.A, dns.TXT]
    with pytest.raises(Refused, match="beside which no CNAME"):
        changes([node("proxy", text)], line("proxy", "srv1", kind="CNAME"))


def test_another_name_of_the_zone_is_told_in_full() -> None:
    (change,) = changes([], line("log", "SRV1", kind="CNAME"))
    assert change.after == ["CNAME srv1.site.lan 3600 s"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([line("@", "10.0.0.1")], "not a name"),
        ([line("_ldap", "10.0.0.1")], "not a name"),
        ([line("gc", "10.0.0.1")], "not a name"),
        ([line("proxy")], "at least one value"),
        ([line("proxy", "10.0.0.1", "10.0.0.1")], "each once"),
        ([line("proxy", "a", "b", kind="CNAME")], "exactly one"),
        ([line("proxy", "10.0.0.300")], "10.0.0.300"),
        ([line("proxy", "10.0.0.1", kind="CNAME")], "is an address"),
        ([line("proxy", "proxy", kind="CNAME")], "another name of itself"),
        ([line("proxy", "10.0.0.1", ttl_seconds=0)], "ttl_seconds"),
        ([line("proxy", "10.0.0.1"), line("PROXY", "10.0.0.2")], "named twice"),
        ([line("dc1", "10.0.0.1")], "domain controller"),
    ],
)
def test_a_line_that_cannot_be_is_refused_by_its_name(lines: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(Refused, match=said):
        changes([], *lines)


def test_a_zone_without_a_beginning_is_refused_before_anything_is_written() -> None:
    directory = Directory()
    with pytest.raises(Refused, match="SOA"):
        write(directory, ZONE, {}, changes([], line("proxy", "10.0.0.1")))  # type: ignore[arg-type]
    assert directory.written == []


def test_a_zone_that_is_nowhere_is_told() -> None:
    with pytest.raises(Refused, match="keeps no zone other"):
        write(Directory(), "other.lan", {"@": node("@", SOA)}, changes([], line("proxy", "10.0.0.1")))  # type: ignore[arg-type]


def test_names_are_described_without_those_that_are_deleted() -> None:
    nodes = {each.name: each for each in (node("proxy", address("10.0.0.1"), note=MARK), node("gone", tombstoned=True))}
    (found,) = described(nodes)
    assert (found["name"], found["ours"]) == ("proxy", True)
    assert found["records"] == [{"type": "A", "value": "10.0.0.1", "ttl_seconds": 3600, "static": True}]
