"""Machine settings that no template of Microsoft's has a row for, as the parts of Windows that read them do.

The firewall reads its policy from keys of its own ([MS-GPFAS] 2.2); the system's proxy, the services' start and the driver
of USB storage are values that an administrator's tool would set. What lies outside the policies' keys stays when the policy
goes: link another one that puts it back.
"""

from __future__ import annotations

from ansible.module_utils.ad.group_policy.admx_table import Element, Policy

_FIREWALL = r"SOFTWARE\Policies\Microsoft\WindowsFirewall"
_INTERNET = r"Software\Policies\Microsoft\Windows\CurrentVersion\Internet Settings"
_SERVICES = r"SYSTEM\CurrentControlSet\Services"
#: [MS-GPFAS] 2.2.2: version, then fields; whom it lets in is said, and nothing of it is left empty.
_RULE = (
    r"v2\.[0-9]{1,2}\|Action=(Allow|Block)\|Active=TRUE\|Dir=In\|Protocol=[0-9]{1,3}\|Profile=Domain\|LPort=[0-9]{1,5}"
    r"(\|RA4=[0-9.]{7,15}(/[0-9.]{1,15})?)+\|Name=[^|]+\|"
)
#: How a service starts ([MS-SCMR] 3.1.4.12): by itself, when asked, never.
_STARTS = (2, 3, 4)


def _profile(name: str) -> Policy:
    return Policy(
        name,
        "Firewall",
        "computer",
        rf"{_FIREWALL}\{name}",
        "EnableFirewall",
        disabled=0,
        elements=(
            Element("DefaultInboundAction", "enum", "DefaultInboundAction", choices=(0, 1), required=True),
            Element("DefaultOutboundAction", "enum", "DefaultOutboundAction", choices=(0, 1), required=True),
        ),
    )


def _service(name: str) -> Policy:
    return Policy(
        name,
        "Services",
        "computer",
        rf"{_SERVICES}\{name}",
        elements=(Element("Start", "enum", "Start", choices=_STARTS, required=True),),
    )


MACHINE: tuple[Policy, ...] = (
    # Without the version the firewall takes no rule of the policy; 522 is that of Windows 7 and later ones.
    Policy(
        "Version",
        "Firewall",
        "computer",
        _FIREWALL,
        elements=(Element("PolicyVersion", "enum", "PolicyVersion", choices=(522,), required=True),),
    ),
    *(_profile(name) for name in ("DomainProfile", "PrivateProfile", "PublicProfile")),
    Policy(
        "AuditRule",
        "Firewall",
        "computer",
        rf"{_FIREWALL}\FirewallRules",
        elements=(Element("Rule", "text", "Audit-WinRM-HTTPS-In", required=True, pattern=_RULE),),
    ),
    Policy(
        "MachineProxy",
        "Internet",
        "computer",
        _INTERNET,
        "ProxyEnable",
        disabled=0,
        elements=(
            Element("ProxyServer", "text", "ProxyServer", required=True, pattern=r"[A-Za-z0-9.-]+:[0-9]{2,5}"),
            Element("AutoConfigURL", "text", "AutoConfigURL", pattern=r"https?://\S+"),
            Element("ProxyOverride", "text", "ProxyOverride"),
        ),
    ),
    *(_service(name) for name in ("AppIDSvc", "MpsSvc", "USBSTOR", "WinRM", "wuauserv")),
)
