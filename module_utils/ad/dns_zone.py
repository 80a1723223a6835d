"""Names of a zone that the directory keeps: what is there, what is wanted, and the writes between them.

Everything is checked before anything is written. Only nodes that bear our mark are ever removed; a node of somebody
else is changed when the table names it and says something else.
"""

from __future__ import annotations

import ipaddress
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ldap
from ansible.module_utils.ad import dns_record as dns
from ansible.module_utils.ad.connection import Directory, DirectoryError, text
from ansible.module_utils.ad.dns_record import DnsRecord, RecordError

#: Stands before the reason in adminDescription of a node that was made here.
MARK = "table of names: "
_MADE = frozenset({dns.A, dns.AAAA, dns.CNAME})
_ATTRIBUTES = ["name", "dnsRecord", "dNSTombstoned", "adminDescription"]
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
#: Names that controllers keep themselves.
_KEPT = frozenset({"@", "gc", "domaindnszones", "forestdnszones"})
#: userAccountControl ([MS-ADTS] 2.2.16): the computer is a controller. Matched bit by bit ([MS-ADTS] 3.1.1.3.4.4.1).
_CONTROLLERS = "(userAccountControl:1.2.840.113556.1.4.803:=8192)"
_LONGEST_TTL = 604800


class NamesError(Exception):
    """The table cannot be carried out; the message names the line and says what to do."""


@dataclass(frozen=True)
class Node:
    """One name of the zone with its records."""

    dn: str
    name: str
    records: tuple[DnsRecord, ...]
    tombstoned: bool
    note: str

    @property
    def ours(self) -> bool:
        """Whether it was made here."""
        return self.note.startswith(MARK)

    @property
    def alive(self) -> tuple[DnsRecord, ...]:
        """Records that are answered."""
        return () if self.tombstoned else tuple(each for each in self.records if each.kind != dns.TOMBSTONE)


@dataclass(frozen=True)
class Wanted:
    """One line of the table, checked."""

    name: str
    records: tuple[DnsRecord, ...]
    note: str


@dataclass(frozen=True)
class Change:
    """One name that is not as wanted; no records for one to be removed."""

    name: str
    node: Node | None
    records: tuple[DnsRecord, ...]
    note: str

    @property
    def before(self) -> list[str]:
        """What is answered now."""
        return shown(self.node.alive) if self.node else []

    @property
    def after(self) -> list[str]:
        """What will be."""
        return shown(self.records)


def shown(records: Sequence[DnsRecord]) -> list[str]:
    """Records as people write them; one that ages says so."""
    return sorted(
        f"{each.type} {dns.value_of(each)} {each.ttl_seconds} s{', aging' if each.timestamp else ''}"
        for each in records
    )


def zone_dn(directory: Directory, zone: str) -> str:
    """Where the zone lies: with the domain, with the forest, or where Windows 2000 put it."""
    root = text(directory.root, "configurationNamingContext") or ""
    places = (f"DC=DomainDnsZones,{directory.base}", f"DC=ForestDnsZones,{root.partition(',')[2]}",
              f"CN=System,{directory.base}")  # fmt: skip
    found = []
    for place in places:
        dn = f"DC={ldap.dn.escape_dn_chars(zone)},CN=MicrosoftDNS,{place}"
        try:
            directory.read(dn, ["name"])
        except (KeyError, DirectoryError):
            continue
        found.append(dn)
    if not found:
        raise NamesError(f"{directory.server} keeps no zone {zone} in the directory; check the name of the zone")
    if len(found) > 1:
        raise NamesError(f"the zone {zone} lies in {len(found)} places ({'; '.join(found)}); remove the one not in use")
    return found[0]


def read_nodes(directory: Directory, zone: str) -> dict[str, Node]:
    """Every name of the zone."""
    rows = directory.search(zone_dn(directory, zone), "(objectClass=dnsNode)", _ATTRIBUTES, ldap.SCOPE_ONELEVEL)
    nodes = {}
    for dn, values in rows:
        name = (text(values, "name") or "").lower()
        try:
            records = tuple(dns.parse(raw) for raw in values.get("dnsRecord", []))
        except RecordError as error:
            raise NamesError(f"{dn}: {error}") from error
        tombstoned = (text(values, "dNSTombstoned") or "").upper() == "TRUE"
        nodes[name] = Node(dn, name, records, tombstoned, text(values, "adminDescription") or "")
    return nodes


def described(nodes: Mapping[str, Node]) -> list[dict[str, Any]]:
    """The names that are answered, as data."""
    return [
        {
            "name": node.name,
            "ours": node.ours,
            "records": [
                {
                    "type": each.type,
                    "value": dns.value_of(each),
                    "ttl_seconds": each.ttl_seconds,
                    "static": each.timestamp == 0,
                }
                for each in sorted(node.alive, key=lambda each: (each.kind, each.data))
            ],
        }
        for node in sorted(nodes.values(), key=lambda node: node.name)
        if node.alive
    ]


def check(lines: Sequence[Mapping[str, Any]], zone: str) -> list[Wanted]:
    """The table, checked whole."""
    wanted = [_checked(line, zone) for line in lines]
    names = [each.name for each in wanted]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise NamesError(f"{', '.join(twice)}: named twice in the table; keep one line and give it all the values")
    return wanted


def _checked(line: Mapping[str, Any], zone: str) -> Wanted:
    name, kind = str(line["name"]).lower(), str(line["type"])
    values, ttl = [str(value).lower() for value in line["values"]], int(line["ttl_seconds"])
    if name in _KEPT or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise NamesError(
            f"{line['name']}: not a name that may be written here; letters, digits and hyphens, without the zone, "
            "and not one that the controllers keep themselves"
        )
    if not values or (kind == "CNAME" and len(values) > 1) or len(set(values)) < len(values):
        raise NamesError(f"{name}: needs at least one value, each once, and exactly one for a CNAME")
    if not 0 < ttl <= _LONGEST_TTL:
        raise NamesError(f"{name}: ttl_seconds must lie between 1 and {_LONGEST_TTL}")
    try:
        if kind == "CNAME":
            values = [_full(name, value, zone) for value in values]
        records = tuple(dns.make(kind, value, ttl) for value in values)
    except RecordError as error:
        raise NamesError(f"{name}: {error}") from error
    return Wanted(name, records, MARK + str(line.get("why") or ""))


def _full(name: str, value: str, zone: str) -> str:
    """The other name in full: without a dot it is one of the zone."""
    full = value.removesuffix(".") if "." in value else f"{value}.{zone.lower()}"
    if full == f"{name}.{zone.lower()}":
        raise NamesError(f"{name}: would be another name of itself")
    try:
        ipaddress.ip_address(full)
    except ValueError:
        return full
    raise NamesError(f"{name}: {value} is an address; use type A or AAAA")


def compare(nodes: Mapping[str, Node], wanted: Sequence[Wanted], kept: set[str], purge: bool) -> list[Change]:
    """What must be written. kept are names of controllers, which are never touched."""
    refused = sorted({each.name for each in wanted} & kept)
    if refused:
        raise NamesError(f"{', '.join(refused)}: the name of a domain controller, which keeps it itself")
    found = [change for each in wanted if (change := _compare_one(nodes.get(each.name), each)) is not None]
    if purge:
        names = {each.name for each in wanted}
        stale = [node for node in nodes.values() if node.ours and node.alive and node.name not in names]
        found += [Change(node.name, node, (), "") for node in sorted(stale, key=lambda node: node.name)]
    return found


def _compare_one(node: Node | None, wanted: Wanted) -> Change | None:
    alive = node.alive if node else ()
    others = tuple(each for each in alive if each.kind not in _MADE)
    if others and any(each.kind == dns.CNAME for each in wanted.records):
        kinds = ", ".join(sorted({each.type for each in others}))
        raise NamesError(f"{wanted.name}: has records of type {kinds}, beside which no CNAME may stand; remove them")
    changed = Change(wanted.name, node, (*wanted.records, *others), wanted.note)
    mine = {_said(each) for each in alive if each.kind in _MADE}
    if mine == {_said(each) for each in wanted.records}:
        # Somebody else's node that says the same stays theirs: nothing would be gained by taking it.
        return None if node is None or not node.ours or node.note == wanted.note else changed
    return changed


def _said(record: DnsRecord) -> tuple[int, str, int, bool]:
    return record.kind, dns.value_of(record).lower(), record.ttl_seconds, record.timestamp == 0


def controllers(directory: Directory) -> set[str]:
    """Short names of the domain's controllers."""
    rows = directory.search(directory.base, f"(&(objectClass=computer){_CONTROLLERS})", ["cn"])
    own = (text(directory.root, "dnsHostName") or "").partition(".")[0]
    return {(text(values, "cn") or "").lower() for _, values in rows} | {own.lower()}


def write(directory: Directory, zone: str, nodes: Mapping[str, Node], changes: Sequence[Change]) -> None:
    """Write the changes, the zone's number first: what is cut short is then at worst counted twice."""
    if not changes:
        return
    start = nodes.get("@")
    soa = next((each for each in (start.records if start else ()) if each.kind == dns.SOA), None)
    if start is None or soa is None:
        raise NamesError(f"the zone {zone} has no beginning (SOA); have the domain controller mend it")
    serial = dns.next_serial(dns.zone_serial(soa))
    directory.modify_values(start.dn, "dnsRecord", [dns.pack(dns.with_serial(soa, serial))], [dns.pack(soa)])
    base = zone_dn(directory, zone)
    for change in changes:
        _write_one(directory, base, change, serial)


def _write_one(directory: Directory, base: str, change: Change, serial: int) -> None:
    note = [change.note.encode()] if change.note else []
    if not change.records:
        records = [dns.pack(dns.tombstone(time.time(), serial))]
    else:
        records = [dns.pack(_numbered(each, serial)) for each in change.records]
    if change.node is None:
        dn = f"DC={ldap.dn.escape_dn_chars(change.name)},{base}"
        directory.add(dn, {"objectClass": [b"top", b"dnsNode"], "dnsRecord": records, "adminDescription": note})
        return
    gone = b"FALSE" if change.records else b"TRUE"
    directory.modify(change.node.dn, {"dnsRecord": records, "dNSTombstoned": [gone], "adminDescription": note})


def _numbered(record: DnsRecord, serial: int) -> DnsRecord:
    """The record with the number of the zone it appears in; those that are not ours keep everything else."""
    return DnsRecord(
        record.kind, record.data, record.ttl_seconds, serial, record.timestamp,
        record.version, record.rank, record.flags, record.reserved
    )  # fmt: skip
