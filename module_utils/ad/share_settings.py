"""The settings in force of a Samba file server, from what `testparm -s -v` prints. Pure, standard library only.

testparm prints every setting of [global], with its default where nothing is said, and of each share what differs from
[global]; what a module of a share takes ("recycle:...") counts for the share when [global] says it.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping
from typing import Any

Section = Mapping[str, str]

#: smb.conf(5): dialects from the oldest; those without a number are aliases.
DIALECTS = ("CORE", "COREPLUS", "LANMAN1", "LANMAN2", "NT1", "SMB2_02", "SMB2_10", "SMB3_00", "SMB3_02", "SMB3_11")
_ALIASES = {"SMB2": "SMB2_10", "SMB3": "SMB3_11", "LANMAN": "LANMAN1"}
_YES = {"yes", "true", "1"}
_SIGNING = {"required": True, "mandatory": True, "force": True, "forced": True, "enforced": True}
_ENCRYPTION = {"mandatory": "required", "force": "required", "forced": "required", "enforced": "required"}
#: Sections that are no share of files.
_NO_SHARE = {"global", "printers", "print$"}
_DELETIONS, _READS = {"unlinkat", "renameat"}, {"create_file", "openat", "pread", "pread_send"}


class SettingsError(ValueError):
    """What was printed is not what testparm prints."""


def parse(printed: str) -> dict[str, dict[str, str]]:
    """Sections and their settings; names of settings in lower case, without spaces that do not count."""
    sections: dict[str, dict[str, str]] = {}
    current: dict[str, str] | None = None
    for line in printed.splitlines():
        text = line.strip()
        if not text or text[0] in "#;":
            continue
        if header := re.fullmatch(r"\[(.+)\]", text):
            current = sections.setdefault(header[1], {})
        elif current is None or "=" not in text:
            raise SettingsError(f"testparm printed a line that is no setting: {text[:80]!r}")
        else:
            name, _, value = text.partition("=")
            current[" ".join(name.split()).lower()] = value.strip()
    if "global" not in sections:
        raise SettingsError("testparm printed no [global] section")
    return sections


def server_facts(sections: Mapping[str, Section]) -> dict[str, Any]:
    """What holds for the whole server."""
    settings = sections["global"]
    dialect = settings["server min protocol"].upper()
    return {
        "min_protocol": _ALIASES.get(dialect, dialect),
        "smb1": DIALECTS.index(_ALIASES.get(dialect, dialect)) <= DIALECTS.index("NT1"),
        "signing_required": _SIGNING.get(settings["server signing"].lower(), False),
        "guests": "never" if settings["map to guest"].lower() == "never" else settings["map to guest"].lower(),
        "anonymous_listing": int(settings["restrict anonymous"]) < 2,
        "old_names": settings["disable netbios"].lower() not in _YES,
        "people_may_share": int(settings["usershare max shares"]) > 0,
        "registry_shares": settings["registry shares"].lower() in _YES,
    }


def share_facts(sections: Mapping[str, Section]) -> list[dict[str, Any]]:
    """Each share with what is in force for it."""
    return [_share(name, sections) for name in sections if name.lower() not in _NO_SHARE]


def _share(name: str, sections: Mapping[str, Section]) -> dict[str, Any]:
    settings = {**sections["global"], **sections[name]}
    modules = settings.get("vfs objects", "").split()
    logged = _operations(settings.get("full_audit:success", "none")) if "full_audit" in modules else _operations("none")
    encryption = settings["server smb encrypt"].lower()
    recycles = "recycle" in modules
    return {
        "name": name,
        "path": settings["path"],
        "guest_ok": settings["guest ok"].lower() in _YES or settings["guest only"].lower() in _YES,
        "read_only": settings["read only"].lower() in _YES,
        "encryption": _ENCRYPTION.get(encryption, encryption),
        "opens_to": shlex.split(settings.get("valid users", "").replace("\\", "\\\\").replace("'", "\\'")),
        "hidden_from_others": settings["access based share enum"].lower() in _YES,
        "hides_unreadable": settings["hide unreadable"].lower() in _YES,
        "access_lists": "acl_xattr" in modules,
        "recycles": recycles,
        "recycle_folder": settings.get("recycle:repository", ".recycle") if recycles else None,
        "logs_deletions": logged >= _DELETIONS,
        "logs_reads": bool(_READS & logged),
    }


def _operations(listed: str) -> set[str]:
    """vfs_full_audit(8): names of operations, "all", "none", and "!name" that takes one out."""
    words = re.split(r"[\s,]+", listed.lower().strip())
    taken = {word[1:] for word in words if word.startswith("!")}
    every = _DELETIONS | _READS
    given = every if "all" in words else {word for word in words if word in every}
    return given - taken


def compare(shares: Iterable[Mapping[str, Any]], declared: Iterable[str]) -> dict[str, list[str]]:
    """Shares that are served and not declared, and the reverse."""
    served = {share["name"].casefold(): str(share["name"]) for share in shares}
    wanted = {name.casefold(): name for name in declared}
    return {
        "unexpected": sorted(name for key, name in served.items() if key not in wanted),
        "missing": sorted(name for key, name in wanted.items() if key not in served),
    }


def rotation_days(printed: str, file: str) -> int | None:
    """How many days `logrotate --debug` says that a log is kept; None when it does not turn it every day."""
    for line in printed.splitlines():
        if line.startswith("rotating pattern:") and re.search(rf"[\s:]{re.escape(file)}\s", line):
            days = re.search(r"after (\d+) days", line)
            rotations = re.search(r"\((\d+) rotations\)", line)
            oldest = re.search(r"old logs are removed after (\d+) days", line)
            if not days or not rotations:
                return None
            kept = int(days[1]) * int(rotations[1])
            return min(kept, int(oldest[1])) if oldest else kept
    return None


def purge_days(unit: Mapping[str, str]) -> int | None:
    """The days that the purge was told, from what systemd would run; None when it would run nothing of the kind."""
    found = re.search(r"argv\[\]=\S*/purge-recycle-bins (\d+) ", unit.get("ExecStart", ""))
    return int(found[1]) if found else None
