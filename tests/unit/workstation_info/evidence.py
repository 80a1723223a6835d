"""A machine as WMI and the registry tell it, in French, English or German; a test changes what it wants to."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ansible.module_utils.windows.facts import gather
from ansible.module_utils.windows.facts_source import Source
from ansible.module_utils.wsman import faults, names
from ansible.module_utils.wsman.answers import Reference, Row
from ansible.module_utils.wsman.client import MACHINE, USERS, WrongTypeError
from ansible.module_utils.wsman.faults import Fault, FaultError

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LOCAL, DOMAIN = "S-1-5-21-111-222-333", "S-1-5-21-777-888-999"
PERSON = f"{DOMAIN}-1107"
_WORDS = {
    "fr": {"admins": "Administrateurs", "admin": "Administrateur", "guest": "Invité", "domain": "Admins du domaine",
           "defender": "Antivirus Microsoft Defender", "lcid": "1036", "default": "(par défaut)",
           "end": "Fin de la recherche : 3 correspondance(s) trouvée(s)."},
    "en": {"admins": "Administrators", "admin": "Administrator", "guest": "Guest", "domain": "Domain Admins",
           "defender": "Microsoft Defender Antivirus", "lcid": "1033", "default": "(Default)",
           "end": "End of search: 3 match(es) found."},
    "de": {"admins": "Administratoren", "admin": "Administrator", "guest": "Gast", "domain": "Domänen-Admins",
           "defender": "Microsoft Defender-Antivirus", "lcid": "1031", "default": "(Standard)",
           "end": "Ende der Suche: 3 Übereinstimmungen gefunden."},
}  # fmt: skip
#: As what the registry keeps a value of this kind.
_KINDS = {int: "DWORD", str: "String", list: "MultiString"}
_SERVICES = r"SYSTEM\CurrentControlSet\Services"
_POLICIES = r"SOFTWARE\Policies\Microsoft"
_UNINSTALL = r"Microsoft\Windows\CurrentVersion\Uninstall"


def denied() -> FaultError:
    """The refusal of somebody who may not."""
    return FaultError(Fault(faults.DENIED, (5,), "", ""))


def absent() -> FaultError:
    """The refusal of a Windows that has no such class."""
    return FaultError(Fault(faults.NOT_HERE, (0x80041010,), "", ""))


def unknown_column() -> FaultError:
    """The refusal of a Windows that has the class but not the column."""
    return FaultError(Fault(faults.BAD_QUERY, (0x80041017,), "", ""))


class Evidence:
    """What is asked of a machine, answered from tables."""

    def __init__(self, language: str = "fr") -> None:
        words = _WORDS[language]
        self.classes: dict[str, Any] = copy.deepcopy(_classes(words))
        self.registry: dict[tuple[int, str], dict[str, Any]] = {}
        self._spelt: dict[str, str] = {}
        for key, values in _REGISTRY.items():
            self.put(key, **values)
        for key in (".DEFAULT", "S-1-5-18", PERSON, f"{PERSON}_Classes"):
            self.put(key, USERS)
        self.put(rf"{PERSON}\Control Panel\Desktop", USERS, ScreenSaveActive="1", ScreenSaveTimeOut="900",
                 **{"SCRNSAVE.EXE": "scrnsave.scr"})  # fmt: skip
        self.put(rf"{PERSON}\Software\Policies\Microsoft\Windows\Control Panel\Desktop", USERS, ScreenSaveTimeOut="600",
                 ScreenSaverIsSecure="1")  # fmt: skip
        self.listed: dict[str, Any] = {"system": (_listing(words), 0), "wow": (_listing_32(words), 0)}
        self.refused: dict[str, Exception] = {}
        self.asked: list[str] = []

    def put(self, key: str, hive: int = MACHINE, **values: Any) -> None:
        """Write values to a key, which is made."""
        self._spelt[key.lower()] = key
        self.registry.setdefault((hive, key.lower()), {}).update({name.lower(): each for name, each in values.items()})

    def drop(self, key: str, *listed: str, hive: int = MACHINE) -> None:
        """Take values away, or the key."""
        for name in listed:
            self.registry[hive, key.lower()].pop(name.lower())
        if not listed:
            del self.registry[hive, key.lower()]

    def _ask(self, question: str) -> None:
        self.asked.append(question)
        if question in self.refused:
            raise self.refused[question]

    def rows(self, namespace: str, wql: str) -> list[Row]:
        name = re.findall(r"FROM (\w+)", wql)[0]
        if name == "AntiVirusProduct" and namespace == names.OLD_SECURITY_CENTER:
            name = "OldAntiVirusProduct"
        self._ask(name)
        found = self.classes[name]
        if isinstance(found, Exception):
            raise found
        columns = re.findall(r"SELECT (.+) FROM", wql)[0].split(", ")
        if any(column not in row for row in found for column in columns):
            raise unknown_column()
        return [{column: row[column] for column in columns} for row in found]

    def instance(self, resource: str, keys: Mapping[str, str]) -> Row:
        self._ask("instance")
        for row in self.classes["instances"]:
            if all(row[name] == value for name, value in keys.items()):
                return dict(row)
        raise FaultError(Fault(faults.NOT_FOUND, (0x80041002,), "", resource))

    def value(self, kind: str, key: str, name: str, hive: int = MACHINE) -> Any:
        self._ask(rf"{hive & 0xF}\{key}\{name}")
        found = self.registry.get((hive, key.lower()), {}).get(name.lower())
        if found is not None and kind != _KINDS[type(found)]:
            raise WrongTypeError(name)
        return found if found is None or isinstance(found, list) else str(found)

    def keys(self, key: str, hive: int = MACHINE) -> list[str] | None:
        self._ask(rf"{hive & 0xF}\{key}\*")
        before = f"{key.lower()}\\" if key else ""
        below = [self._spelt[name] for place, name in self.registry if place == hive and name.startswith(before)]
        found = sorted({name[len(before) :].split("\\")[0] for name in below if len(name) > len(before)})
        return found if found or not key or (hive, key.lower()) in self.registry else None

    def values(self, key: str, hive: int = MACHINE) -> list[str] | None:
        self._ask(rf"{hive & 0xF}\{key}\?")
        found = self.registry.get((hive, key.lower()))
        return None if found is None else sorted(found)

    def listings(self, *wanted: str) -> dict[str, tuple[str, int | None]]:
        self._ask("listings")
        if isinstance(self.listed, Exception):
            raise self.listed
        return {name: self.listed[name] for name in wanted}

    def facts(self) -> dict[str, Any]:
        """What is told of it, with the failures under their own key."""
        facts, failures, _gone = gather(Source(self, NOW))
        return {**facts, "failures": failures}


def at(facts: Mapping[str, Any], path: str) -> Any:
    """A fact by its path; KeyError when it is missing."""
    value: Any = facts
    for step in path.split("."):
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def leaves(facts: Any, path: str = "") -> dict[str, Any]:
    """Facts by path: dictionaries are gone into, lists are one fact."""
    if not isinstance(facts, dict) or not facts:
        return {path: facts}
    return {
        place: value
        for name, each in facts.items()
        for place, value in leaves(each, f"{path}.{name}" if path else name).items()
    }


def _account(name: str, rid: int, disabled: str, wanted: str = "true") -> Row:
    return {"Name": name, "Domain": "PC-12", "SID": f"{LOCAL}-{rid}", "Disabled": disabled, "PasswordRequired": wanted}


def _member(kind: str, domain: str, name: str) -> Row:
    resource = f"{names.WMI}root/cimv2/{kind}"
    return {"PartComponent": Reference(resource, (("Domain", domain), ("Name", name)))}


def _classes(words: Mapping[str, str]) -> dict[str, Any]:
    return {
        "Win32_OperatingSystem": [
            {"CSName": "PC-12", "BuildNumber": "19045", "Version": "10.0.19045", "ProductType": "1",
             "ServicePackMajorVersion": "0", "OSLanguage": words["lcid"], "InstallDate": "2021-03-09T03:06:25+01:00",
             "LastBootUpTime": "2026-11-20T06:00:00Z", "SystemDrive": "C:"}
        ],
        "Win32_ComputerSystem": [
            {"Domain": "Example.lan", "PartOfDomain": "true", "Manufacturer": "Dell Inc.", "Model": "OptiPlex 3060 "}
        ],
        "Win32_SystemEnclosure": [{"ChassisTypes": "3"}],
        "Win32_BIOS": [{"SerialNumber": "ABC1234"}],
        "Win32_PhysicalMemory": [{"Capacity": "4294967296"}, {"Capacity": "4294967296"}],
        "Win32_Processor": [
            {"Name": "Intel(R) Core(TM) i5-8500 CPU  @ 3.00GHz", "Description": "Intel64 Family 6 Model 158 Stepping 10",
             "Family": "205", "Architecture": "9", "AddressWidth": "64", "MaxClockSpeed": "3000", "NumberOfCores": "6"}
        ],
        "Win32_LogicalDisk": [
            {"DeviceID": "C:", "Size": "255000000000", "FreeSpace": "53687091200"},
            {"DeviceID": "E:", "Size": None, "FreeSpace": None},
        ],
        "Win32_Tpm": [{"SpecVersion": "2.0, 0, 1.59", "IsEnabled_InitialValue": "true"}],
        "SoftwareLicensingProduct": [
            {"LicenseStatus": "1", "LicenseIsAddon": "false", "ProductKeyChannel": "Volume:MAK"},
            {"LicenseStatus": "0", "LicenseIsAddon": "true", "ProductKeyChannel": "Volume:MAK"},
        ],
        "Win32_WindowsProductActivation": absent(),
        "Win32_QuickFixEngineering": [
            {"HotFixID": "KB1", "InstalledOn": "11/12/2026"}, {"HotFixID": "KB2", "InstalledOn": "3/4/2026"}
        ],
        "AntiVirusProduct": [
            {"instanceGuid": "{D68DDC3A-831F-4fae-9E44-DA132C1ACF46}", "displayName": words["defender"],
             "productState": "397568"}
        ],
        "OldAntiVirusProduct": absent(),
        "MSFT_MpComputerStatus": [
            {"AntivirusEnabled": "true", "RealTimeProtectionEnabled": "true",
             "AntivirusSignatureLastUpdated": "2026-11-21T02:00:00Z"}
        ],
        "Win32_EncryptableVolume": [
            {"DriveLetter": "C:", "ProtectionStatus": "1", "EncryptionMethod": "7", "VolumeType": "0"},
            {"DriveLetter": None, "ProtectionStatus": "0", "EncryptionMethod": "0", "VolumeType": "1"},
        ],
        "Win32_UserAccount": [
            _account(words["admin"], 500, "true"), _account(words["guest"], 501, "true", "false"),
            _account("maintenance", 1001, "false"),
        ],
        "Win32_Group": [{"Name": words["admins"], "Domain": "PC-12"}],
        "Win32_GroupUser": [
            _member("Win32_UserAccount", "PC-12", words["admin"]), _member("Win32_Group", "EXAMPLE", words["domain"])
        ],
        "instances": [{"Domain": "EXAMPLE", "Name": words["domain"], "SID": f"{DOMAIN}-512"}],
        "Win32_Service": [
            {"Name": "MpsSvc", "State": "Running", "StartMode": "Auto"},
            {"Name": "RemoteRegistry", "State": "Stopped", "StartMode": "Disabled"},
        ],
    }  # fmt: skip


_REGISTRY: dict[str, dict[str, Any]] = {
    r"SOFTWARE\Microsoft\Windows NT\CurrentVersion": {"EditionID": "Professional", "UBR": 5371, "DisplayVersion": "22H2"},
    r"SYSTEM\CurrentControlSet\Control\SecureBoot\State": {"UEFISecureBootEnabled": 1},
    r"SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System": {
        "InactivityTimeoutSecs": 600, "EnableLUA": 1, "LegalNoticeText": "Réservé"
    },
    rf"{_SERVICES}\USBSTOR": {"Start": 4},
    rf"{_SERVICES}\HidUsb": {"Start": 3},
    rf"{_SERVICES}\LanmanServer\Parameters": {"SMB1": 0, "RequireSecuritySignature": 1},
    rf"{_SERVICES}\LanmanWorkstation\Parameters": {"RequireSecuritySignature": 1},
    rf"{_SERVICES}\SharedAccess\Parameters\FirewallPolicy\StandardProfile": {"EnableFirewall": 1},
    rf"{_SERVICES}\SharedAccess\Parameters\FirewallPolicy\PublicProfile": {"EnableFirewall": 1},
    rf"{_POLICIES}\WindowsFirewall\DomainProfile": {"EnableFirewall": 1},
    r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon": {"AutoAdminLogon": "0", "Shell": "explorer.exe"},
    r"SYSTEM\CurrentControlSet\Control\Lsa": {"LmCompatibilityLevel": 5, "LimitBlankPasswordUse": 1},
    rf"{_POLICIES}\Windows NT\DNSClient": {"EnableMulticast": 0},
    rf"{_POLICIES}\Windows\WindowsUpdate\AU": {"NoAutoUpdate": 0, "AUOptions": 4},
    r"SYSTEM\CurrentControlSet\Control\Terminal Server": {"fDenyTSConnections": 1},
    r"SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp": {"UserAuthentication": 1, "Shadow": 1},
    r"SYSTEM\CurrentControlSet\Control\Remote Assistance": {"fAllowToGetHelp": 0},
    rf"{_POLICIES}\Windows\WinRM\Service": {"AllowBasic": 0, "AllowUnencryptedTraffic": 0},
    r"SOFTWARE\Microsoft\Windows\CurrentVersion\WSMAN\Listener\*+HTTPS": {"Port": 5986},
    rf"{_POLICIES}\Windows\CurrentVersion\Internet Settings": {
        "ProxySettingsPerUser": 0, "ProxyEnable": 1, "ProxyServer": "proxy.example.lan:3128"
    },
}  # fmt: skip


def _listing(words: Mapping[str, str]) -> str:
    top = rf"HKEY_LOCAL_MACHINE\SOFTWARE\{_UNINSTALL}"
    return "\r\n".join(
        (
            "", top, f"    {words['default']}    REG_SZ    ", "",
            rf"{top}\7-Zip", "    DisplayName    REG_SZ    7-Zip 24.09 (x64)", "    DisplayVersion    REG_SZ    24.09",
            "    Publisher    REG_SZ    Éditeur d’essai", "    EstimatedSize    REG_DWORD    0x1660", "",
            rf"{top}\7-Zip\Inner", "    DisplayName    REG_SZ    not a program", "",
            rf"{top}\KB5001", "    DisplayName    REG_SZ    Update", "    ParentKeyName    REG_SZ    7-Zip", "",
            rf"{top}\Driver", "    DisplayName    REG_SZ    Pilote", "    SystemComponent    REG_DWORD    0x1", "",
            rf"{top}\Connection Manager", "    SystemComponent    REG_DWORD    0x1", "", words["end"], "",
        )
    )  # fmt: skip


def _listing_32(words: Mapping[str, str]) -> str:
    top = rf"HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\{_UNINSTALL}"
    return f"\r\n{top}\\{{26A24AE4}}\r\n    DisplayName    REG_SZ    Java 8\r\n    Publisher    REG_SZ    \r\n{words['end']}\r\n"
