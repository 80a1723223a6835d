"""WMI classes that tell what the machine is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.winrm_park.classes import CIMV2, EIGHT, PORTABLE, SEVEN, STORAGE, TPM, Moment, Row, WmiClass

if TYPE_CHECKING:
    from tests.winrm_park.machine import Machine


def _memory(machine: Machine) -> list[Row]:
    return [
        {
            "Tag": f"Physical Memory {number}",
            "BankLabel": f"BANK {number}",
            "DeviceLocator": f"DIMM{number + 1}",
            "Capacity": size,
            "Speed": 2667,
            "FormFactor": 8,
            "MemoryType": 0,
            "Manufacturer": "Kingston",
            "PartNumber": "KVR26N19S8",
        }
        for number, size in enumerate(machine.profile["hardware"]["memory_modules"])
    ]


def _processor(machine: Machine) -> list[Row]:
    found = machine.profile["hardware"]["processor"]
    return [
        {
            "DeviceID": "CPU0",
            "Name": found["name"],
            "Manufacturer": found["manufacturer"],
            "Description": found["description"],
            "Caption": found["description"],
            "NumberOfCores": found["cores"],
            "NumberOfLogicalProcessors": found["threads"],
            "MaxClockSpeed": found["mhz"],
            "CurrentClockSpeed": found["mhz"],
            "AddressWidth": machine.bits,
            "DataWidth": found["bits"],
            "Architecture": 9 if found["bits"] == 64 else 0,
            "Family": found["family"],
            "ProcessorId": "BFEBFBFF000906EA",
            "SocketDesignation": "U3E1",
        }
    ]


def _logical_disks(machine: Machine) -> list[Row]:
    fixed: list[Row] = [
        {
            "DeviceID": disk["letter"],
            "DriveType": 3,
            "FileSystem": "NTFS",
            "Size": disk["size_bytes"],
            "FreeSpace": disk["free_bytes"],
            "VolumeName": "",
            "VolumeSerialNumber": "A0B1C2D3",
            "MediaType": 12,
            "Compressed": False,
            "ProviderName": None,
        }
        for disk in machine.profile["hardware"]["disks"]
    ]
    drive: Row = {"DeviceID": "Z:", "DriveType": 5, "MediaType": 11}
    return [*fixed, drive]


def _disk_drives(machine: Machine) -> list[Row]:
    return [
        {
            "DeviceID": rf"\\.\PHYSICALDRIVE{number}",
            "Index": number,
            "Model": "SAMSUNG MZ7LN256" if disk["medium"] == "ssd" else "WDC WD2500AAKX",
            "Size": disk["size_bytes"],
            "MediaType": "Fixed hard disk media",
            "InterfaceType": "IDE",
            "SerialNumber": f"SIM{number}",
            "Status": "OK",
            "Partitions": 2,
        }
        for number, disk in enumerate(machine.profile["hardware"]["disks"])
    ]


def _partitions(machine: Machine) -> list[Row]:
    uefi = machine.profile["hardware"]["firmware"] == "uefi"
    return [
        {
            "DeviceID": "Disk #0, Partition #0",
            "DiskIndex": 0,
            "Index": 0,
            "Type": "GPT: System" if uefi else "Installable File System",
            "BootPartition": True,
            "Bootable": True,
            "PrimaryPartition": True,
            "Size": 104857600,
        },
        {
            "DeviceID": "Disk #0, Partition #1",
            "DiskIndex": 0,
            "Index": 1,
            "Type": "GPT: Basic Data" if uefi else "Installable File System",
            "BootPartition": False,
            "Bootable": False,
            "PrimaryPartition": True,
            "Size": machine.profile["hardware"]["disks"][0]["size_bytes"],
        },
    ]


def _physical_disks(machine: Machine) -> list[Row]:
    return [
        {
            "DeviceId": str(number),
            "FriendlyName": f"Disk {number}",
            "MediaType": {"hdd": 3, "ssd": 4}[disk["medium"]],
            "HealthStatus": 0,
            "Size": disk["size_bytes"],
        }
        for number, disk in enumerate(machine.profile["hardware"]["disks"])
    ]


def _bios(machine: Machine) -> list[Row]:
    hardware = machine.profile["hardware"]
    return [
        {
            "SerialNumber": hardware["serial"],
            "Manufacturer": hardware["manufacturer"],
            "Name": "1.20.0",
            "Version": "DELL   - 1072009",
            "SMBIOSBIOSVersion": "1.20.0",
            "ReleaseDate": Moment(machine.installed_at),
        }
    ]


def _product(machine: Machine) -> list[Row]:
    hardware = machine.profile["hardware"]
    return [
        {
            "Name": hardware["model"],
            "Vendor": hardware["manufacturer"],
            "Version": "",
            "IdentifyingNumber": hardware["serial"],
            "UUID": "4C4C4544-0000-0000-0000-" + machine.local_sid.rpartition("-")[2].rjust(12, "0"),
        }
    ]


def _enclosure(machine: Machine) -> list[Row]:
    hardware = machine.profile["hardware"]
    return [
        {
            "ChassisTypes": list(hardware["chassis"]),
            "Manufacturer": hardware["manufacturer"],
            "SerialNumber": hardware["serial"],
            "SMBIOSAssetTag": "",
        }
    ]


def _battery(machine: Machine) -> list[Row]:
    portable = PORTABLE & set(machine.profile["hardware"]["chassis"])
    return [{"DeviceID": "BAT0", "BatteryStatus": 2, "EstimatedChargeRemaining": 96}] if portable else []


def _adapters(machine: Machine) -> list[Row]:
    digits = machine.local_sid.rpartition("-")[2].rjust(10, "0")[-6:]
    return [
        {
            "Index": 1,
            "Description": "Intel(R) Ethernet Connection",
            "IPEnabled": True,
            "DHCPEnabled": True,
            "MACAddress": f"02:00:00:{digits[:2]}:{digits[2:4]}:{digits[4:]}",
            "IPAddress": ["192.0.2.10"],
            "IPSubnet": ["255.255.255.0"],
            "DefaultIPGateway": ["192.0.2.1"],
            "DNSServerSearchOrder": ["192.0.2.2"],
            "DNSDomain": machine.profile["domain"]["dns"],
        }
    ]


def _tpm(machine: Machine) -> list[Row]:
    found = machine.profile["hardware"]["tpm"]
    if not found:
        return []
    return [
        {
            "SpecVersion": f"{found['version']}, 0, 1.38",
            "ManufacturerId": 1229346816,
            "ManufacturerIdTxt": "INTC",
            "ManufacturerVersion": "403.1.0.0",
            "IsActivated_InitialValue": bool(found.get("on", True)),
            "IsEnabled_InitialValue": bool(found.get("on", True)),
            "IsOwned_InitialValue": bool(found.get("on", True)),
            "PhysicalPresenceVersionInfo": "1.3",
        }
    ]


CLASSES = (
    WmiClass(CIMV2, "Win32_PhysicalMemory",
             "Tag BankLabel DeviceLocator Capacity Speed FormFactor MemoryType Manufacturer PartNumber", _memory),
    WmiClass(CIMV2, "Win32_Processor",
             "DeviceID Name Manufacturer Description Caption NumberOfCores NumberOfLogicalProcessors MaxClockSpeed "
             "CurrentClockSpeed AddressWidth DataWidth Architecture Family ProcessorId SocketDesignation",
             _processor, later={"NumberOfCores": SEVEN, "NumberOfLogicalProcessors": SEVEN}),
    WmiClass(CIMV2, "Win32_LogicalDisk",
             "DeviceID DriveType FileSystem Size FreeSpace VolumeName VolumeSerialNumber MediaType Compressed "
             "ProviderName", _logical_disks),
    WmiClass(CIMV2, "Win32_DiskDrive",
             "DeviceID Index Model Size MediaType InterfaceType SerialNumber Status Partitions", _disk_drives,
             later={"SerialNumber": SEVEN}),
    WmiClass(CIMV2, "Win32_DiskPartition",
             "DeviceID DiskIndex Index Type BootPartition Bootable PrimaryPartition Size", _partitions),
    WmiClass(STORAGE, "MSFT_PhysicalDisk", "DeviceId FriendlyName MediaType HealthStatus Size", _physical_disks,
             since=EIGHT),
    WmiClass(CIMV2, "Win32_BIOS", "SerialNumber Manufacturer Name Version SMBIOSBIOSVersion ReleaseDate", _bios),
    WmiClass(CIMV2, "Win32_ComputerSystemProduct", "Name Vendor Version IdentifyingNumber UUID", _product),
    WmiClass(CIMV2, "Win32_SystemEnclosure", "ChassisTypes Manufacturer SerialNumber SMBIOSAssetTag", _enclosure),
    WmiClass(CIMV2, "Win32_Battery", "DeviceID BatteryStatus EstimatedChargeRemaining", _battery),
    WmiClass(CIMV2, "Win32_NetworkAdapterConfiguration",
             "Index Description IPEnabled DHCPEnabled MACAddress IPAddress IPSubnet DefaultIPGateway "
             "DNSServerSearchOrder DNSDomain", _adapters),
    WmiClass(TPM, "Win32_Tpm",
             "SpecVersion ManufacturerId ManufacturerIdTxt ManufacturerVersion IsActivated_InitialValue "
             "IsEnabled_InitialValue IsOwned_InitialValue PhysicalPresenceVersionInfo", _tpm,
             since=SEVEN, administrators_only=True, later={"ManufacturerIdTxt": EIGHT}),
)  # fmt: skip
