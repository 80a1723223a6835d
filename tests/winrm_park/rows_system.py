"""WMI classes that tell what runs: the system, its updates, its activation, its services, its sessions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tests.winrm_park import VENDOR
from tests.winrm_park.classes import CIMV2, EIGHT, PORTABLE, SEVEN, XP, Moment, Row, WmiClass

if TYPE_CHECKING:
    from tests.winrm_park.machine import Machine

WINDOWS_APPLICATION = "55c92734-d682-4d71-983e-d6ec3f16059f"
_OFFICE_APPLICATION = "0ff1ce15-a989-479d-af46-f275c6370663"
_START_MODES = {0: "Boot", 1: "System", 2: "Auto", 3: "Manual", 4: "Disabled"}
#: How a product says in its description what ProductKeyChannel says from Windows 8 on.
_CHANNELS = {"Volume:GVLK": "VOLUME_KMSCLIENT", "Volume:MAK": "VOLUME_MAK", "OEM:DM": "OEM_DM", "OEM:SLP": "OEM_SLP"}
#: What services are called on the screen; the names differ by language on purpose.
_DISPLAY = {
    "MpsSvc": {"en": "Windows Defender Firewall", "fr": "Pare-feu Windows Defender", "de": "Windows Defender-Firewall"},
    "Spooler": {"en": "Print Spooler", "fr": "Spouleur d’impression", "de": "Druckwarteschlange"},
    "RemoteRegistry": {"en": "Remote Registry", "fr": "Registre à distance", "de": "Remoteregistrierung"},
    "WinRM": {
        "en": "Windows Remote Management (WS-Management)",
        "fr": "Gestion à distance de Windows (Gestion WSM)",
        "de": "Windows-Remoteverwaltung (WS-Verwaltung)",
    },
}


def caption(machine: Machine) -> str:
    """What the machine calls its system, in its language, with the banner of the simulator."""
    said: str = machine.profile["os"]["caption"][machine.profile["language"]]
    return f"{said.rstrip()} ({VENDOR})"


def _system(machine: Machine) -> list[Row]:
    system, words = machine.profile["os"], machine.words
    pack = system.get("service_pack", 0)
    version = f"{system['version']}.{system['build']}"
    seen = _seen_memory(machine) // 1024
    return [
        {
            "Caption": caption(machine),
            "Version": version,
            "BuildNumber": str(system["build"]),
            "BuildType": "Multiprocessor Free",
            "OSType": 18,
            "OSArchitecture": {"fr": f"{machine.bits} bits", "de": f"{machine.bits}-Bit"}.get(
                machine.profile["language"], f"{machine.bits}-bit"
            ),
            "ProductType": system["product_type"],
            "OperatingSystemSKU": system.get("sku"),
            "ServicePackMajorVersion": pack,
            "ServicePackMinorVersion": 0,
            "CSDVersion": f"Service Pack {pack}" if pack else None,
            "CSName": machine.name,
            "InstallDate": Moment(machine.installed_at),
            "LastBootUpTime": Moment(machine.booted_at),
            "LocalDateTime": Moment(machine.now()),
            "OSLanguage": words["lcid"],
            "Locale": f"{words['lcid']:04x}",
            "CountryCode": words["country"],
            "CodeSet": "1252",
            "MUILanguages": [words["tag"]],
            "TotalVisibleMemorySize": seen,
            "FreePhysicalMemory": seen // 2,
            "SystemDrive": "C:",
            "SystemDirectory": r"C:\Windows\system32",
            "WindowsDirectory": r"C:\Windows",
            "Manufacturer": "Microsoft Corporation",
            "RegisteredUser": "poste",
            "Organization": "",
            "SerialNumber": "00330-80000-00000-AA000",
            "Status": "OK",
            "Primary": True,
            "DataExecutionPrevention_SupportPolicy": 2,
        }
    ]


def _seen_memory(machine: Machine) -> int:
    hardware = machine.profile["hardware"]
    return int(sum(hardware["memory_modules"]) - hardware["memory_reserved"])


def _computer(machine: Machine) -> list[Row]:
    hardware, domain = machine.profile["hardware"], machine.profile["domain"]
    processor = hardware["processor"]
    there = [each["login"] for each in machine.profile["sessions"] if each.get("console", True)]
    return [
        {
            "Name": machine.name,
            "DNSHostName": machine.name.lower(),
            "Domain": domain["dns"],
            "Workgroup": None,
            "PartOfDomain": True,
            "DomainRole": 1,
            "Manufacturer": hardware["manufacturer"],
            "Model": hardware["model"],
            "TotalPhysicalMemory": _seen_memory(machine),
            "NumberOfProcessors": 1,
            "NumberOfLogicalProcessors": processor["threads"],
            "PCSystemType": 2 if PORTABLE & set(hardware["chassis"]) else 1,
            "SystemType": "x64-based PC" if machine.bits == 64 else "X86-based PC",
            "UserName": f"{domain['name']}\\{there[0]}" if there else None,
            "BootupState": "Normal boot",
            "Status": "OK",
        }
    ]


def _updates(machine: Machine) -> list[Row]:
    updates = machine.profile["updates"]
    count = len(updates["hotfixes"])
    return [
        {
            "HotFixID": name,
            "Description": machine.words["program_update"],
            "InstalledOn": _american(machine.updated_at - timedelta(days=30 * (count - 1 - place))),
            "InstalledBy": f"{machine.words['authority']}\\{machine.words['system']}",
            "Caption": f"http://support.microsoft.com/?kbid={name.removeprefix('KB')}",
            "CSName": machine.name,
            "FixComments": "",
            "ServicePackInEffect": "",
        }
        for place, name in enumerate(updates["hotfixes"])
    ]


def _american(day: datetime) -> str:
    """Month, day, year, whatever the language of the machine."""
    return f"{day.month}/{day.day}/{day.year}"


def _products(machine: Machine) -> list[Row]:
    activation = machine.profile["activation"]
    common: Row = {"Description": "Windows(R) Operating System", "GracePeriodRemaining": 0, "LicenseIsAddon": False}
    return [
        {
            **common,
            "ID": "2de67392-b7a7-462a-b1ca-108dd189f588",
            "ApplicationID": WINDOWS_APPLICATION,
            "Name": "Windows(R), Professional edition",
            "Description": f"Windows(R) Operating System, {_CHANNELS.get(activation['channel'], 'RETAIL')} channel",
            "LicenseStatus": activation["status"],
            "LicenseStatusReason": 1074066433 if activation["status"] == 1 else 3221549105,
            "PartialProductKey": activation.get("partial_key"),
            "ProductKeyChannel": activation["channel"],
            "LicenseFamily": "Professional",
        },
        {
            **common,
            "ID": "73111121-5638-40f6-bc11-f1d7b0d64300",
            "ApplicationID": WINDOWS_APPLICATION,
            "Name": "Windows(R), Enterprise edition",
            "LicenseStatus": 0,
            "LicenseStatusReason": 0,
            "PartialProductKey": None,
            "ProductKeyChannel": None,
        },
        {
            **common,
            "ID": "fdf3ecb9-b56f-43b2-a9b8-1b48b6bae1a7",
            "ApplicationID": _OFFICE_APPLICATION,
            "Name": "Office 19, Office19Standard2019VL_MAK_AE edition",
            "Description": "Office 19, RETAIL(MAK) channel",
            "LicenseStatus": 1,
            "LicenseStatusReason": 0,
            "PartialProductKey": "BTDRB",
            "ProductKeyChannel": "Volume:MAK",
            "LicenseFamily": "Office19Standard2019VL_MAK_AE",
        },
    ]


def _activation_of_xp(machine: Machine) -> list[Row]:
    waiting = machine.profile["activation"]["status"] != 1
    return [{"ActivationRequired": int(waiting), "IsNotificationOn": int(waiting), "RemainingActivationPeriod": 0}]


def _services(machine: Machine) -> list[Row]:
    rows: list[Row] = []
    for number, name in enumerate(sorted(machine.services, key=str.lower)):
        start, state = machine.service_start(name), machine.services[name]
        rows.append(
            {
                "Name": name,
                "DisplayName": _DISPLAY.get(name, {}).get(machine.profile["language"], name),
                "Caption": _DISPLAY.get(name, {}).get(machine.profile["language"], name),
                "State": state,
                "Started": state == "Running",
                "StartMode": _START_MODES.get(3 if start is None else start, "Unknown"),
                "StartName": r"NT AUTHORITY\LocalService",
                "PathName": r"C:\Windows\system32\svchost.exe -k netsvcs",
                "ProcessId": 900 + number if state == "Running" else 0,
                "ServiceType": "Share Process",
                "Status": "OK",
                "ExitCode": 0,
            }
        )
    return rows


def _profiles(machine: Machine) -> list[Row]:
    return [
        {
            "SID": machine.session_sid(each["login"]),
            "LocalPath": rf"C:\Users\{each['login']}",
            "Loaded": bool(each.get("loaded", True)),
            "Special": False,
            "LastUseTime": Moment(machine.now()),
        }
        for each in machine.profile["sessions"]
    ]


CLASSES = (
    WmiClass(CIMV2, "Win32_OperatingSystem", " ".join((
        "Caption Version BuildNumber BuildType OSType OSArchitecture ProductType OperatingSystemSKU CSDVersion",
        "ServicePackMajorVersion ServicePackMinorVersion CSName InstallDate LastBootUpTime LocalDateTime OSLanguage",
        "Locale CountryCode CodeSet MUILanguages TotalVisibleMemorySize FreePhysicalMemory SystemDrive",
        "SystemDirectory WindowsDirectory Manufacturer RegisteredUser Organization SerialNumber Status Primary",
        "DataExecutionPrevention_SupportPolicy",
    )), _system, later={"OSArchitecture": SEVEN, "MUILanguages": SEVEN, "OperatingSystemSKU": SEVEN}),
    WmiClass(CIMV2, "Win32_ComputerSystem",
             "Name DNSHostName Domain Workgroup PartOfDomain DomainRole Manufacturer Model TotalPhysicalMemory "
             "NumberOfProcessors NumberOfLogicalProcessors PCSystemType SystemType UserName BootupState Status",
             _computer, later={"DNSHostName": SEVEN, "PCSystemType": SEVEN, "NumberOfLogicalProcessors": SEVEN}),
    WmiClass(CIMV2, "Win32_QuickFixEngineering",
             "HotFixID Description InstalledOn InstalledBy Caption CSName FixComments ServicePackInEffect", _updates),
    WmiClass(CIMV2, "SoftwareLicensingProduct",
             "ID ApplicationID Name Description LicenseStatus LicenseStatusReason PartialProductKey "
             "ProductKeyChannel LicenseFamily LicenseIsAddon GracePeriodRemaining",
             _products, since=SEVEN, later={"ProductKeyChannel": EIGHT}),
    WmiClass(CIMV2, "Win32_WindowsProductActivation",
             "ActivationRequired IsNotificationOn RemainingActivationPeriod", _activation_of_xp, until=XP),
    WmiClass(CIMV2, "Win32_Service",
             "Name DisplayName Caption State Started StartMode StartName PathName ProcessId ServiceType Status "
             "ExitCode", _services, administrators_only=True),
    WmiClass(CIMV2, "Win32_UserProfile", "SID LocalPath Loaded Special LastUseTime", _profiles, since=SEVEN),
)  # fmt: skip
