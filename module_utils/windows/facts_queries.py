"""The questions that are put to WMI, by name; columns are named, because some are slow and all are sent.

The namespace and the query, then those that older releases of Windows understand.
"""

from __future__ import annotations

from ansible.module_utils.wsman import names

_SERVICES = " OR ".join(
    f"Name='{name}'"
    for name in (
        *("MpsSvc", "SharedAccess", "wuauserv", "WinDefend", "WinRM", "RemoteRegistry", "LanmanServer"),
        *("TermService", "EventLog", "W32Time", "BDESVC", "gpsvc", "wscsvc", "AppIDSvc"),
    )
)
#: Licences of Windows itself (slmgr's identifier), those with a product key: all others are only what could be licensed.
_WINDOWS = "ApplicationID='55c92734-d682-4d71-983e-d6ec3f16059f' AND PartialProductKey IS NOT NULL"

QUERIES: dict[str, tuple[tuple[str, str], ...]] = {
    "system": (
        (
            names.CIMV2,
            "SELECT CSName, BuildNumber, Version, ProductType, ServicePackMajorVersion, OSLanguage, InstallDate,"
            " LastBootUpTime, SystemDrive FROM Win32_OperatingSystem",
        ),
    ),
    "computer": (
        (
            names.CIMV2,
            "SELECT Domain, PartOfDomain, Manufacturer, Model FROM Win32_ComputerSystem",
        ),
    ),
    "enclosure": ((names.CIMV2, "SELECT ChassisTypes FROM Win32_SystemEnclosure"),),
    "bios": ((names.CIMV2, "SELECT SerialNumber FROM Win32_BIOS"),),
    "memory": ((names.CIMV2, "SELECT Capacity FROM Win32_PhysicalMemory"),),
    "processor": (
        (
            names.CIMV2,
            "SELECT Name, Description, Family, Architecture, AddressWidth, MaxClockSpeed, NumberOfCores"
            " FROM Win32_Processor",
        ),
        (
            names.CIMV2,
            "SELECT Name, Description, Family, Architecture, AddressWidth, MaxClockSpeed FROM Win32_Processor",
        ),
    ),
    "disks": ((names.CIMV2, "SELECT DeviceID, Size, FreeSpace FROM Win32_LogicalDisk WHERE DriveType=3"),),
    "tpm": ((names.TPM, "SELECT SpecVersion, IsEnabled_InitialValue FROM Win32_Tpm"),),
    "licence": (
        (
            names.CIMV2,
            f"SELECT LicenseStatus, LicenseIsAddon, ProductKeyChannel FROM SoftwareLicensingProduct WHERE {_WINDOWS}",  # noqa: S608 -- WQL of constants
        ),
        (
            names.CIMV2,
            f"SELECT LicenseStatus, LicenseIsAddon FROM SoftwareLicensingProduct WHERE {_WINDOWS}",  # noqa: S608 -- too
        ),
        (names.CIMV2, "SELECT ActivationRequired FROM Win32_WindowsProductActivation"),
    ),
    "patches": ((names.CIMV2, "SELECT HotFixID, InstalledOn FROM Win32_QuickFixEngineering"),),
    "antivirus": (
        (names.SECURITY_CENTER, "SELECT instanceGuid, displayName, productState FROM AntiVirusProduct"),
        (
            names.OLD_SECURITY_CENTER,
            "SELECT instanceGuid, displayName, onAccessScanningEnabled, productUptoDate FROM AntiVirusProduct",
        ),
    ),
    "defender": (
        (
            names.DEFENDER,
            "SELECT AntivirusEnabled, RealTimeProtectionEnabled, AntivirusSignatureLastUpdated FROM MSFT_MpComputerStatus",
        ),
    ),
    "volumes": (
        (
            names.BITLOCKER,
            "SELECT DriveLetter, ProtectionStatus, EncryptionMethod, VolumeType FROM Win32_EncryptableVolume",
        ),
        (names.BITLOCKER, "SELECT DriveLetter, ProtectionStatus FROM Win32_EncryptableVolume"),
    ),
    "users": (
        (
            names.CIMV2,
            "SELECT Name, Domain, SID, Disabled, PasswordRequired FROM Win32_UserAccount WHERE LocalAccount=TRUE",
        ),
    ),
    "administrators_group": (
        (names.CIMV2, "SELECT Name, Domain FROM Win32_Group WHERE SID='S-1-5-32-544' AND LocalAccount=TRUE"),
    ),
    "services": (
        (
            names.CIMV2,
            f"SELECT Name, State, StartMode FROM Win32_Service WHERE {_SERVICES}",  # noqa: S608 -- too
        ),
    ),
}
