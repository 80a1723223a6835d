"""Facts of the machine itself: Windows, its licence, its parts, its updates. Codes decide, never displayed words."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.windows.facts_source import (
    Source,
    UnreadError,
    given,
    integer,
    moment,
    patch_days,
    truth,
    whole,
)
from ansible.module_utils.wsman.answers import listed

VERSION = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"
_CONTROL = r"SYSTEM\CurrentControlSet\Control"
_SECURE_BOOT = rf"{_CONTROL}\SecureBoot\State"
_UPDATE_POLICY = r"SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate"
_UPDATE = r"SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update"
_SERVICING = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing"
#: Win32_Processor.Architecture.
_ARCHITECTURES = {0: "x86", 5: "arm", 9: "x64", 12: "arm64"}
#: Win32_SystemEnclosure.ChassisTypes of what is carried about (SMBIOS 7.4.1).
_PORTABLE = frozenset({8, 9, 10, 11, 14, 30, 31, 32})
_WINDOWS_8 = 9200
#: First build that keeps itself up to date unless a policy says otherwise.
_WINDOWS_10 = 10240
_LICENSED, _UNLICENSED = 1, 0
_OFF = 1


def build(source: Source) -> int:
    """The build, which tells the release in every language."""
    return integer(source.row("system"), "BuildNumber")


def from_registry(key: str, name: str) -> Any:
    """A reader of a text of the registry that has to be there."""

    def read(source: Source) -> str:
        value = source.text(key, name)
        if value is None:
            raise UnreadError(f"this release of Windows keeps no {name}")
        return value

    return read


def update_revision(source: Source) -> int:
    """The number after the build, which every cumulative update raises."""
    value = source.number(VERSION, "UBR")
    if value is None:
        raise UnreadError("this release of Windows keeps no UBR")
    return value


def architecture(source: Source) -> str:
    """What Windows is built for: a 64-bit processor may run a 32-bit Windows."""
    row = source.row("processor")
    if integer(row, "AddressWidth") == 32:
        return "x86"
    code = integer(row, "Architecture")
    if code not in _ARCHITECTURES:
        raise UnreadError(f"Architecture {code} is not known here")
    return _ARCHITECTURES[code]


def chassis(source: Source) -> list[int]:
    """What the case is, by SMBIOS."""
    return sorted(
        {whole(each, "ChassisTypes") for row in source.rows("enclosure") for each in listed(row.get("ChassisTypes"))}
    )


def portable(source: Source) -> bool:
    """Whether the machine is carried about."""
    found = chassis(source)
    if not found:
        raise UnreadError("the machine does not say what its case is")
    return bool(_PORTABLE & set(found))


def _licences(source: Source) -> list[dict[str, Any]]:
    rows = [row for row in source.rows("licence") if str(row.get("LicenseIsAddon")).lower() != "true"]
    if not rows:
        raise UnreadError("Windows lists no licence of its own; it has no product key")
    return rows


def licence_status(source: Source) -> int:
    """LicenseStatus, 1 when activated; the worst of several, as one is enough not to be in order."""
    rows = _licences(source)
    if "ActivationRequired" in rows[0]:
        return _UNLICENSED if integer(rows[0], "ActivationRequired") else _LICENSED
    found = [integer(row, "LicenseStatus") for row in rows]
    return next((status for status in found if status != _LICENSED), _LICENSED)


def memory(source: Source) -> int:
    """What the modules hold: what Windows has for itself is always a little less."""
    rows = source.rows("memory")
    if not rows:
        raise UnreadError("the machine lists no memory module")
    return sum(integer(row, "Capacity") for row in rows)


def cores(source: Source) -> int:
    """Cores of all processors."""
    rows = source.rows("processor")
    if not rows:
        raise UnreadError("the machine lists no processor")
    return sum(integer(row, "NumberOfCores") for row in rows)


def disks(source: Source) -> list[dict[str, Any]]:
    """Volumes of fixed disks."""
    system = str(source.row("system").get("SystemDrive") or "").upper()
    found = [
        {
            "letter": str(given(row, "DeviceID")).upper(),
            "size_bytes": integer(row, "Size"),
            "free_bytes": integer(row, "FreeSpace"),
            "system": str(row["DeviceID"]).upper() == system,
        }
        for row in source.rows("disks")
        if row.get("Size") not in (None, "")  # a volume that is not formatted, or locked
    ]
    if not found:
        raise UnreadError("Windows lists no volume with a size")
    return found


def tpm_version(source: Source) -> str:
    """The version of the specification that the security chip follows."""
    rows = source.rows("tpm")
    if not rows:
        raise UnreadError("the machine has no security chip that is switched on")
    return str(given(rows[0], "SpecVersion")).split(",", maxsplit=1)[0].strip()


def firmware(source: Source) -> str:
    """How the machine starts."""
    if source.number(_SECURE_BOOT, "UEFISecureBootEnabled") is not None:
        return "uefi"
    kind = {1: "bios", 2: "uefi"}.get(source.number(_CONTROL, "PEFirmwareType") or 0)
    if kind is None:
        raise UnreadError("this release of Windows does not say how it was started")
    return kind


def secure_boot(source: Source) -> bool:
    """Whether only signed code starts the machine; one that starts by BIOS, or before Windows 8, has no such thing."""
    value = source.number(_SECURE_BOOT, "UEFISecureBootEnabled")
    if value is None and build(source) >= _WINDOWS_8 and firmware(source) == "uefi":
        raise UnreadError("Windows does not say whether Secure Boot is on")
    return value == 1


def last_patch(source: Source) -> str:
    """The day of the last update that Windows lists."""
    days = patch_days([str(row.get("InstalledOn") or "") for row in source.rows("patches")])
    if not days:
        raise UnreadError("Windows lists no update with its day")
    return max(days).isoformat()


def automatic_updates(source: Source) -> int:
    """AUOptions in force: 1 off, 2 told, 3 downloaded, 4 installed, 5 left to the administrator, 7 told before restart."""
    policy = rf"{_UPDATE_POLICY}\AU"
    source.names(policy)
    if source.number(policy, "NoAutoUpdate") == 1:
        return _OFF
    for key in (policy, _UPDATE):
        value = source.number(key, "AUOptions")
        if value is not None:
            return value
        if key == policy and build(source) >= _WINDOWS_10:
            return 4  # from Windows 10 on nothing but a policy changes it
    raise UnreadError("automatic updates were never set on this machine")


def pending_reboot(source: Source) -> bool:
    """Whether an update waits for a restart."""
    waits = (rf"{_UPDATE}\RebootRequired", rf"{_SERVICING}\RebootPending")
    return any(source.keys(key) is not None for key in waits)


def update_source(source: Source) -> str:
    """Where updates come from: the address of the company's server, or "microsoft"."""
    policy = rf"{_UPDATE_POLICY}\AU"
    source.names(policy)
    if source.number(policy, "UseWUServer") != 1:
        return "microsoft"
    return source.text(_UPDATE_POLICY, "WUServer") or "microsoft"


def joined(source: Source) -> bool:
    """Whether the machine is of a domain."""
    return truth(source.row("computer"), "PartOfDomain")


SYSTEM: dict[str, Any] = {
    "name": lambda source: given(source.row("system"), "CSName"),
    "domain": {
        "joined": joined,
        "name": lambda source: str(given(source.row("computer"), "Domain")).lower(),
    },
    "os": {
        "build": build,
        "ubr": update_revision,
        "edition_id": from_registry(VERSION, "EditionID"),
        "release": from_registry(VERSION, "DisplayVersion"),
        "product_type": lambda source: integer(source.row("system"), "ProductType"),
        "version": lambda source: given(source.row("system"), "Version"),
        "service_pack": lambda source: integer(source.row("system"), "ServicePackMajorVersion"),
        "language": lambda source: integer(source.row("system"), "OSLanguage"),
        "architecture": architecture,
        "installed_at": lambda source: moment(source.row("system"), "InstallDate").isoformat(),
        "started_at": lambda source: moment(source.row("system"), "LastBootUpTime").isoformat(),
    },
    "model": {
        "manufacturer": lambda source: str(given(source.row("computer"), "Manufacturer")).strip(),
        "name": lambda source: str(given(source.row("computer"), "Model")).strip(),
        "serial": lambda source: str(given(source.row("bios"), "SerialNumber")).strip(),
        "chassis": chassis,
        "portable": portable,
    },
    "memory_bytes": memory,
    "processor": {
        "name": lambda source: " ".join(str(given(source.row("processor"), "Name")).split()),
        "identifier": lambda source: given(source.row("processor"), "Description"),
        "family": lambda source: integer(source.row("processor"), "Family"),
        "cores": cores,
        "megahertz": lambda source: integer(source.row("processor"), "MaxClockSpeed"),
    },
    "disks": disks,
    "tpm": {
        "present": lambda source: bool(source.rows("tpm")),
        "version": tpm_version,
        "enabled": lambda source: any(truth(row, "IsEnabled_InitialValue") for row in source.rows("tpm")),
    },
    "firmware": firmware,
    "secure_boot": secure_boot,
    "activation": {
        "licensed": lambda source: licence_status(source) == _LICENSED,
        "status": licence_status,
        "channel": lambda source: given(_licences(source)[0], "ProductKeyChannel"),
    },
    "updates": {
        "last_installed_at": last_patch,
        "automatic": automatic_updates,
        "pending_reboot": pending_reboot,
        "source": update_source,
    },
}
