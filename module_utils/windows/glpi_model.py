"""A computer as GLPI knows it, whatever way it was read: by its export or by its REST interface.

What GLPI knows was true when somebody or an agent wrote it: it seeds an inventory and is compared with the park, and it
decides about no machine.
"""

from __future__ import annotations

import operator
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

MEGABYTE = 1024**2
#: The build in a version that an agent wrote: "10.0.19045", "10.0.22631 (23H2)", "6.1.7601".
_BUILD = re.compile(r"\b(?:10\.0|6\.[0-3]|5\.[12])\.(\d{4,5})\b")
#: Kinds of computers that are carried about, in English and French. SMBIOS has no part in GLPI.
_PORTABLE = ("laptop", "notebook", "portable")
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


class GlpiError(Exception):
    """What GLPI gave cannot be used; the message says where and what to do."""


@dataclass(frozen=True)
class Computer:
    """One computer; None for what GLPI does not say."""

    name: str
    #: Where it was read: a line of the export, or its number in GLPI.
    origin: str
    serial: str | None = None
    system: str | None = None
    build: int | None = None
    memory_bytes: int | None = None
    processor: str | None = None
    disk_bytes: int | None = None
    user: str | None = None
    group: str | None = None
    location: str | None = None
    model: str | None = None
    portable: bool | None = None

    @property
    def host(self) -> str:
        """The name that the inventory knows it by."""
        return self.name.split(".", maxsplit=1)[0].lower()


def build_of(*versions: str | None) -> int | None:
    """The build that a version tells; a release such as "22H2" is of several and tells none."""
    for version in versions:
        found = _BUILD.search(version or "")
        if found:
            return int(found[1])
    return None


def text(value: Any) -> str | None:
    """A text, None when GLPI left it empty (it writes a blank or "&nbsp;" for nothing)."""
    found = str(value if value is not None else "").replace("&nbsp;", " ").strip()
    return found or None


def plain(value: str) -> str:
    """Without accents, case and punctuation: headings are written in every way."""
    bare = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode().lower()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare).split())


def is_portable(kind: str | None) -> bool | None:
    """Whether computers of this type, a word of the administrator's, are carried about."""
    return any(word in plain(kind) for word in _PORTABLE) if kind else None


def checked(computers: Iterable[Computer]) -> list[Computer]:
    """Computers with names that an inventory may hold, each once.

    :raises GlpiError: a name cannot be one, or two computers bear the same; every problem, a line each.
    """
    problems, by_host = [], dict[str, Computer]()
    for computer in computers:
        if not _NAME.fullmatch(computer.host):
            problems.append(f"{computer.origin}: {computer.name!r} is no name of a computer; correct it in GLPI")
        elif computer.host in by_host:
            first = by_host[computer.host].origin
            problems.append(f"{computer.origin}: {computer.host} is already there ({first}); merge the two in GLPI")
        else:
            by_host[computer.host] = computer
    if problems:
        raise GlpiError("\n".join(problems))
    return list(by_host.values())


def inventory(computers: Iterable[Computer], windows: str = "windows_workstations") -> dict[str, Any]:
    """Hosts for inventories/<site>, as plain data: who is in front of a machine and where, and nothing that is measured."""
    hosts = {
        computer.host: {
            key: value
            for key, value in (
                ("department", computer.group or computer.location),
                ("users", [{"login": computer.user, "name": computer.user}] if computer.user else None),
                ("serial", computer.serial),
            )
            if value
        }
        for computer in sorted(computers, key=lambda each: each.host)
    }
    portable = sorted(computer.host for computer in computers if computer.portable)
    groups: dict[str, Any] = {"workstations": {"children": {windows: {"hosts": hosts}}}}
    if portable:
        groups["portable_workstations"] = {"hosts": {host: {} for host in portable}}
    return {"all": {"children": groups}}


def differences(computers: Iterable[Computer], workstations: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Where GLPI and the park say different things, and who is known to one alone.

    :param workstations: what workstation_info returns, by host.
    """
    known = {computer.host: computer for computer in computers}
    live = {host.split(".", maxsplit=1)[0].lower(): read for host, read in workstations.items()}
    found = [_difference(host, "machine", "present", None) for host in sorted(set(known) - set(live))]
    found += [_difference(host, "machine", None, "present") for host in sorted(set(live) - set(known))]
    for host in sorted(set(known) & set(live)):
        facts = (live[host] or {}).get("workstation")
        if facts is None:
            found.append({**_difference(host, "machine", "present", None), "why": _why(live[host])})
        else:
            found += _compare(known[host], facts)
    return found


def _why(read: Mapping[str, Any] | None) -> str:
    return str((read or {}).get("state") or (read or {}).get("msg") or "was not read")


def _compare(computer: Computer, facts: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    system, model, processor = (facts.get(key) or {} for key in ("os", "model", "processor"))
    disks = [disk for disk in facts.get("disks") or () if disk.get("system")]
    pairs: tuple[tuple[str, Any, Any, Callable[[Any, Any], bool]], ...] = (
        ("serial", computer.serial, model.get("serial"), _same_text),
        ("build", computer.build, system.get("build"), operator.eq),
        ("memory_bytes", computer.memory_bytes, facts.get("memory_bytes"), operator.eq),
        ("processor", computer.processor, processor.get("name"), _same_text),
        ("disk_bytes", computer.disk_bytes, disks[0].get("size_bytes") if disks else None, _about),
    )
    for what, said, seen, same in pairs:
        # What one side does not know is no difference.
        if said is not None and seen is not None and not same(said, seen):
            yield _difference(computer.host, what, said, seen)


def _same_text(said: str, seen: str) -> bool:
    return plain(said) == plain(seen)


def _about(said: int, seen: int) -> bool:
    """Volumes are rounded to megabytes, and a little is lost between makers' and machines' counts."""
    return abs(said - seen) <= max(said, seen) * 0.02


def _difference(host: str, what: str, glpi: Any, live: Any) -> dict[str, Any]:
    return {"host": host, "what": what, "glpi": glpi, "live": live}
