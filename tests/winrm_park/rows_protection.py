"""WMI classes that tell how the machine is protected: antivirus, firewall, encryption."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.winrm_park import hive
from tests.winrm_park.classes import (
    DEFENDER,
    EIGHT,
    ENCRYPTION,
    SECURITY_CENTER,
    SECURITY_CENTER_2,
    SEVEN,
    STANDARD,
    XP,
    Moment,
    Row,
    WmiClass,
)

if TYPE_CHECKING:
    from tests.winrm_park.machine import Machine

_DEFENDER_GUID = "{D68DDC3A-831F-4FAE-9E44-DA132C1ACF46}"

_NORMAL, _PASSIVE = "Normal", "Passive Mode"


def _name(machine: Machine, product: Mapping[str, Any]) -> str:
    return str(machine.words["defender"] if product.get("defender") else product["name"])


def product_state(product: Mapping[str, Any]) -> int:
    """The state that the Security Center keeps: three bytes, the middle one for on, the last one for fresh."""
    if "state" in product:
        return int(product["state"])
    if product.get("defender"):
        kind, switched = 0x06, 0x11 if product["on"] else 0x01
    else:
        kind, switched = 0x04, 0x10 if product["on"] else 0x00
    return kind << 16 | switched << 8 | (0x00 if product["fresh"] else 0x10)


def _antivirus(machine: Machine) -> list[Row]:
    return [
        {
            "displayName": _name(machine, product),
            "instanceGuid": product.get("guid", _DEFENDER_GUID),
            "pathToSignedProductExe": "windowsdefender://" if product.get("defender") else rf"C:\{product['name']}.exe",
            "pathToSignedReportingExe": r"C:\Program Files\Agent\report.exe",
            "productState": product_state(product),
            "timestamp": f"{machine.now():%a, %d %b %Y %H:%M:%S GMT}",
        }
        for product in machine.profile["antivirus"]
    ]


def _antivirus_of_xp(machine: Machine) -> list[Row]:
    return [
        {
            "displayName": _name(machine, product),
            "instanceGuid": product.get("guid", _DEFENDER_GUID),
            "onAccessScanningEnabled": bool(product["on"]),
            "productUptoDate": bool(product["fresh"]),
        }
        for product in machine.profile["antivirus"]
    ]


def _defender(machine: Machine) -> list[Row]:
    """Defender is there even when it leaves the work to another product."""
    own = next((each for each in machine.profile["antivirus"] if each.get("defender")), None)
    alone = own is not None and all(each.get("defender") for each in machine.profile["antivirus"])
    age = own["signature_age_days"] if own else 65535
    signed = machine.now() - timedelta(days=min(age, 3650))
    return [
        {
            "AMServiceEnabled": own is not None,
            "AMRunningMode": _NORMAL if alone else _PASSIVE,
            "AMProductVersion": "4.18.24090.11",
            "AntivirusEnabled": own is not None and bool(own["on"]),
            "AntispywareEnabled": own is not None and bool(own["on"]),
            "RealTimeProtectionEnabled": own is not None and bool(own["on"]),
            "OnAccessProtectionEnabled": own is not None and bool(own["on"]),
            "BehaviorMonitorEnabled": own is not None and bool(own["on"]),
            "IsTamperProtected": alone,
            "AntivirusSignatureAge": age,
            "AntispywareSignatureAge": age,
            "AntivirusSignatureLastUpdated": Moment(signed),
            "AntivirusSignatureVersion": "1.421.0.0",
            "QuickScanAge": 1,
            "FullScanAge": 4294967295,
        }
    ]


def _firewall(machine: Machine) -> list[Row]:
    """What is stored on the machine, which a policy does not change: that is what this class shows by default."""
    names = {"domain": "Domain", "private": "Private", "public": "Public"}
    return [
        {
            "Name": names[profile],
            "InstanceID": f"MSFT|FW|FirewallProfile|{names[profile]}",
            "Enabled": machine.registry.data(rf"{hive.FIREWALL}\{key}", "EnableFirewall", 0),
            "DefaultInboundAction": 0,
            "DefaultOutboundAction": 0,
        }
        for profile, key in hive.FIREWALL_PROFILES.items()
    ]


def _volumes(machine: Machine) -> list[Row]:
    return [
        {
            "DeviceID": rf"\\?\Volume{{4c1b02c1-d990-11dc-99ae-80006e6f000{number}}}\\"[:-1],
            "PersistentVolumeID": "",
            "DriveLetter": volume["letter"],
            "ProtectionStatus": volume["protection"],
            "ConversionStatus": volume["conversion"],
            "EncryptionMethod": volume["method"],
            "VolumeType": 0 if volume["letter"] == "C:" else 1,
            "IsVolumeInitializedForProtection": bool(volume["protection"]),
        }
        for number, volume in enumerate(machine.profile["encryption"] or ())
    ]


def _has_encryption(machine: Machine) -> bool:
    """Home editions and Windows 7 Professional do not have the namespace at all."""
    return machine.profile["encryption"] is not None


CLASSES = (
    WmiClass(SECURITY_CENTER, "AntiVirusProduct",
             "displayName instanceGuid onAccessScanningEnabled productUptoDate", _antivirus_of_xp, until=XP),
    WmiClass(SECURITY_CENTER_2, "AntiVirusProduct",
             "displayName instanceGuid pathToSignedProductExe pathToSignedReportingExe productState timestamp",
             _antivirus, since=SEVEN),
    WmiClass(DEFENDER, "MSFT_MpComputerStatus",
             "AMServiceEnabled AMRunningMode AMProductVersion AntivirusEnabled AntispywareEnabled "
             "RealTimeProtectionEnabled OnAccessProtectionEnabled BehaviorMonitorEnabled IsTamperProtected "
             "AntivirusSignatureAge AntispywareSignatureAge AntivirusSignatureLastUpdated AntivirusSignatureVersion "
             "QuickScanAge FullScanAge", _defender, since=EIGHT),
    WmiClass(STANDARD, "MSFT_NetFirewallProfile",
             "Name InstanceID Enabled DefaultInboundAction DefaultOutboundAction", _firewall, since=EIGHT),
    WmiClass(ENCRYPTION, "Win32_EncryptableVolume",
             "DeviceID PersistentVolumeID DriveLetter ProtectionStatus ConversionStatus EncryptionMethod VolumeType "
             "IsVolumeInitializedForProtection", _volumes, since=SEVEN, administrators_only=True,
             exists=_has_encryption,
             methods={
                 "GetProtectionStatus": lambda row: [("ProtectionStatus", row["ProtectionStatus"]), ("ReturnValue", 0)],
                 "GetConversionStatus": lambda row: [("ConversionStatus", row["ConversionStatus"]),
                                                     ("EncryptionPercentage", 100 if row["ConversionStatus"] else 0),
                                                     ("ReturnValue", 0)],
                 "GetEncryptionMethod": lambda row: [("EncryptionMethod", row["EncryptionMethod"]), ("ReturnValue", 0)],
             },
             later={"ConversionStatus": EIGHT, "EncryptionMethod": EIGHT, "VolumeType": EIGHT,
                    "IsVolumeInitializedForProtection": EIGHT}),
)  # fmt: skip
