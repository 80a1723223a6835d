"""Facts about what protects the machine: antivirus products and their state, encryption of volumes."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.windows.facts_source import Source, UnreadError, given, integer, moment, truth
from ansible.module_utils.wsman.answers import Row
from ansible.module_utils.wsman.faults import NOT_HERE, FaultError

#: What Windows itself brings along, by the identifier that it has on every machine.
_DEFENDER = "{D68DDC3A-831F-4FAE-9E44-DA132C1ACF46}"
#: productState, which Microsoft does not document: the second byte for on, the third for the signatures.
_ON = frozenset({0x10, 0x11})
_OUTDATED = 0x10
_PROTECTED, _UNKNOWN = 1, 2
_VOLUMES = {0: "system", 1: "fixed", 2: "removable"}


def antivirus(source: Source) -> list[dict[str, Any]]:
    """Every product that the Security Center knows; none is an answer too."""
    return [_product(source, row) for row in source.rows("antivirus")]


def _product(source: Source, row: Row) -> dict[str, Any]:
    identity = str(given(row, "instanceGuid")).upper()
    found: dict[str, Any] = {"id": identity, "name": given(row, "displayName"), "windows": identity == _DEFENDER}
    if "productState" in row:
        state = integer(row, "productState")
        found |= {"on": (state >> 8) & 0xFF in _ON, "fresh": not state & _OUTDATED}
    else:  # Windows XP
        found |= {"on": truth(row, "onAccessScanningEnabled"), "fresh": truth(row, "productUptoDate")}
    return {**found, **_of_defender(source, found)} if found["windows"] else found


def _of_defender(source: Source, found: dict[str, Any]) -> dict[str, Any]:
    """What Defender says of itself is more than the Security Center does; releases before 8 have it say nothing."""
    try:
        row = source.row("defender")
        age = source.now - moment(row, "AntivirusSignatureLastUpdated")
        watching = truth(row, "RealTimeProtectionEnabled") and truth(row, "AntivirusEnabled")
    except UnreadError:
        return {}
    except FaultError as error:
        if error.fault.kind != NOT_HERE:
            raise
        return {}
    return {"on": found["on"] and watching, "signature_age_hours": max(0, round(age.total_seconds() / 3600))}


def encryption(source: Source) -> list[dict[str, Any]]:
    """Volumes with a letter. One that is locked does not say whether it is protected, and has no such key."""
    found = [_volume(row) for row in source.rows("volumes") if row.get("DriveLetter")]
    if not found:
        raise UnreadError("Windows lists no volume that can be encrypted")
    return found


def _volume(row: Row) -> dict[str, Any]:
    status = integer(row, "ProtectionStatus")
    volume: dict[str, Any] = {"letter": str(row["DriveLetter"]).upper()}
    if status != _UNKNOWN:
        volume["protected"] = status == _PROTECTED
    if row.get("EncryptionMethod") not in (None, ""):
        volume["method"] = integer(row, "EncryptionMethod")
    if row.get("VolumeType") not in (None, ""):
        volume["kind"] = _VOLUMES.get(integer(row, "VolumeType"), "fixed")
    return volume


PROTECTION: dict[str, Any] = {"antivirus": antivirus, "encryption": encryption}
