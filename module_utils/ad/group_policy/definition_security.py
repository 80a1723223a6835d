"""Settings of the security template by section: what each key takes ([MS-GPSB] 2.2), and what may not be meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansible.module_utils.ad.group_policy.definition_values import NEVER
from ansible.module_utils.ad.group_policy.security_template import format_registry_value

SYSTEM_ACCESS, KERBEROS = "System Access", "Kerberos Policy"
PRIVILEGES, REGISTRY = "Privilege Rights", "Registry Values"
MEMBERSHIP = "Group Membership"
SECTIONS = (SYSTEM_ACCESS, KERBEROS, PRIVILEGES, REGISTRY, MEMBERSHIP)
#: Local groups whose members a policy may say: administrators, remote desktop, remote management.
LOCAL_GROUPS = {"administrators": "S-1-5-32-544", "remote_desktop": "S-1-5-32-555", "remote_management": "S-1-5-32-580"}


@dataclass(frozen=True)
class Key:
    """A key that takes a number or a text. `never` is the number that stands for no limit; `off` what 0 would mean."""

    name: str
    minimum: int = 0
    maximum: int = 1
    unit: str | None = None
    never: int | None = None
    off: str | None = None
    type: str = ""  # of a registry value: REG_SZ, REG_DWORD, REG_MULTI_SZ; empty elsewhere
    text: bool = False

    def stored(self, given: Any) -> int | str:
        """The value as the template holds it.

        :raises ValueError: it cannot be meant.
        """
        if given == NEVER:
            if self.never is None:
                raise ValueError(f"{self.name} cannot be without a limit")
            return self.never
        if self.type == "REG_MULTI_SZ":
            return format_registry_value(self.type, self._lines(given))
        if self.text:
            if not isinstance(given, str) or not given.strip():
                raise ValueError(f"{given!r} is not a text")
            return format_registry_value(self.type, given) if self.type else given
        number = self._number(given)
        if self.type == "REG_SZ":
            return format_registry_value(self.type, str(number))
        return format_registry_value(self.type, number) if self.type else number

    def _number(self, given: Any) -> int:
        if isinstance(given, bool) and (self.minimum, self.maximum) == (0, 1):
            return int(given)
        if isinstance(given, bool) or not isinstance(given, int):
            raise ValueError(f"{given!r} is not a whole number")
        if given == 0 and self.off:
            hint = " (write never if that is meant)" if self.never == 0 else ""
            raise ValueError(f"0 would mean: {self.off}{hint}")
        if not self.minimum <= given <= self.maximum:
            unit = f" {self.unit}" if self.unit else ""
            raise ValueError(f"{given} is not between {self.minimum} and {self.maximum}{unit}")
        return given

    @staticmethod
    def _lines(given: Any) -> tuple[str, ...]:
        lines = given.strip().splitlines() if isinstance(given, str) else given
        if not isinstance(lines, list) or not lines or not all(isinstance(line, str) for line in lines):
            raise ValueError(f"{given!r} is not a text")
        return tuple(line.rstrip() for line in lines)


#: [MS-GPSB] 2.2.1.1 to 2.2.1.3.
_ACCESS = (
    Key("MinimumPasswordAge", 0, 998, "days"),
    Key("MaximumPasswordAge", 1, 999, "days", never=-1, off="a password never expires"),
    Key("MinimumPasswordLength", 0, 128),
    Key("PasswordComplexity"),
    Key("PasswordHistorySize", 0, 24),
    Key("ClearTextPassword"),
    Key("RequireLogonToChangePassword"),
    Key("LockoutBadCount", 1, 999, never=0, off="an account never locks"),
    Key("ResetLockoutCount", 1, 99999, "minutes"),
    Key("LockoutDuration", 1, 99999, "minutes", never=-1, off="a locked account waits for an administrator"),
    Key("ForceLogoffWhenHourExpire"),
    Key("LSAAnonymousNameLookup"),
    Key("EnableAdminAccount"),
    Key("EnableGuestAccount"),
    Key("NewAdministratorName", text=True),
    Key("NewGuestName", text=True),
)
#: [MS-GPSB] 2.2.2.
_TICKETS = (
    Key("MaxServiceAge", 10, 99999, "minutes", never=0, off="a service ticket never expires"),
    Key("MaxTicketAge", 1, 99999, "hours", never=0, off="a ticket never expires"),
    Key("MaxRenewAge", 1, 99999, "days", never=0, off="a ticket is renewed for ever"),
    Key("MaxClockSkew", 1, 99999, "minutes", off="no clock would be near enough"),
    Key("TicketValidateClient"),
)
#: These count for the domain's accounts only in a policy linked to the domain itself ([MS-GPSB] 2.2.1, 2.2.2).
ACCOUNT_KEYS = frozenset(
    {key.name for key in _TICKETS}
    | {key.name for key in _ACCESS[: _ACCESS.index(next(k for k in _ACCESS if k.name == "ForceLogoffWhenHourExpire"))]}
)

_POLICIES = "MACHINE\\Software\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\"
_WINLOGON = "MACHINE\\Software\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon\\"
_LSA = "MACHINE\\System\\CurrentControlSet\\Control\\Lsa\\"
_SERVER = "MACHINE\\System\\CurrentControlSet\\Services\\LanManServer\\Parameters\\"
_CLIENT = "MACHINE\\System\\CurrentControlSet\\Services\\LanmanWorkstation\\Parameters\\"


def _number(place: str, name: str, maximum: int = 1, **other: Any) -> Key:
    return Key(place + name, maximum=maximum, **{"type": "REG_DWORD", **other})


#: The security options that the console shows, by the registry value each one sets ([MS-GPSB] 2.2.9).
_OPTIONS = (
    _number(_POLICIES, "InactivityTimeoutSecs", 599940, minimum=1, unit="seconds", off="the machine never locks"),
    Key(_POLICIES + "LegalNoticeCaption", type="REG_SZ", text=True),
    Key(_POLICIES + "LegalNoticeText", type="REG_MULTI_SZ", text=True),
    _number(_POLICIES, "DontDisplayLastUserName"),
    _number(_POLICIES, "DisableCAD"),
    _number(_POLICIES, "ShutdownWithoutLogon"),
    _number(_POLICIES, "MaxDevicePasswordFailedAttempts", 999),
    _number(_POLICIES, "EnableLUA"),
    _number(_POLICIES, "FilterAdministratorToken"),
    _number(_POLICIES, "ConsentPromptBehaviorAdmin", 5),
    _number(_POLICIES, "ConsentPromptBehaviorUser", 3),
    Key(_WINLOGON + "CachedLogonsCount", 0, 50, type="REG_SZ"),
    _number(_WINLOGON, "PasswordExpiryWarning", 999, unit="days"),
    Key(_WINLOGON + "ScRemoveOption", 0, 3, type="REG_SZ"),
    _number(_WINLOGON, "ForceUnlockLogon"),
    _number(_LSA, "LmCompatibilityLevel", 5),
    _number(_LSA, "LimitBlankPasswordUse"),
    _number(_LSA, "RestrictAnonymous"),
    _number(_LSA, "RestrictAnonymousSAM"),
    _number(_LSA, "EveryoneIncludesAnonymous"),
    _number(_LSA, "NoLMHash"),
    _number(_LSA, "DisableDomainCreds"),
    _number(_LSA + "MSV1_0\\", "NTLMMinClientSec", 537395200),
    _number(_LSA + "MSV1_0\\", "NTLMMinServerSec", 537395200),
    _number(_SERVER, "RequireSecuritySignature"),
    _number(_SERVER, "EnableSecuritySignature"),
    _number(_SERVER, "AutoDisconnect", 99999, unit="minutes"),
    _number(_CLIENT, "RequireSecuritySignature"),
    _number(_CLIENT, "EnablePlainTextPassword"),
)

KEYS: dict[str, dict[str, Key]] = {
    SYSTEM_ACCESS: {key.name: key for key in _ACCESS},
    KERBEROS: {key.name: key for key in _TICKETS},
    REGISTRY: {key.name: key for key in _OPTIONS},
}

#: [MS-GPSB] 2.2.5 and [MS-LSAD] 3.1.1.2: who may log on and how, then what a holder may do.
_LOGONS = ("Interactive", "RemoteInteractive", "Network", "Batch", "Service")
_PRIVILEGES = """
    AssignPrimaryToken Audit Backup ChangeNotify CreateGlobal CreatePagefile CreatePermanent CreateSymbolicLink
    CreateToken Debug DelegateSessionUserImpersonate EnableDelegation Impersonate IncreaseBasePriority
    IncreaseQuota IncreaseWorkingSet LoadDriver LockMemory MachineAccount ManageVolume ProfileSingleProcess
    Relabel RemoteShutdown Restore Security Shutdown SyncAgent SystemEnvironment SystemProfile Systemtime
    TakeOwnership Tcb TimeZone TrustedCredManAccess Undock
"""
RIGHTS = (
    *(f"Se{deny}{kind}LogonRight" for deny in ("", "Deny") for kind in _LOGONS),
    *(f"Se{name}Privilege" for name in _PRIVILEGES.split()),
)
#: Everyone, anonymous and authenticated users, the domain's and the computer's users: nobody could log on any more.
_EVERYBODY = ("S-1-1-0", "S-1-5-11", "S-1-5-32-545")
_DOMAIN_USERS = "-513"


def membership(group: str, sids: tuple[str, ...]) -> tuple[str, str]:
    """Key and value of [Group Membership] ([MS-GPSB] 2.2.4): the group has these members and no other."""
    return f"*{LOCAL_GROUPS[group]}__Members", ",".join(f"*{sid}" for sid in sids)


def denies_everybody(right: str, sids: tuple[str, ...]) -> bool:
    """Whether a right that denies a logon would shut everybody out."""
    return right.startswith("SeDeny") and any(sid in _EVERYBODY or sid.endswith(_DOMAIN_USERS) for sid in sids)


def contradictions(section: str, values: dict[str, Any]) -> list[str]:
    """What the values of a section say against each other ([MS-GPSB] 2.2.1.1, 2.2.1.2, 2.2.2)."""

    def number(key: str) -> int | None:
        value = values.get(key)
        return value if isinstance(value, int) and value > 0 else None

    found = []
    pairs = {
        SYSTEM_ACCESS: (("MinimumPasswordAge", "MaximumPasswordAge", 1), ("ResetLockoutCount", "LockoutDuration", 0)),
        KERBEROS: (("MaxServiceAge", "MaxTicketAge", 0), ("MaxTicketAge", "MaxRenewAge", 0)),
    }
    factors = {"MaxTicketAge": {"MaxServiceAge": 60, "MaxTicketAge": 1}, "MaxRenewAge": {"MaxTicketAge": 24}}
    for low, high, apart in pairs.get(section, ()):
        smaller, larger = number(low), number(high)
        factor = factors.get(high, {}).get(low, 1)
        if smaller is not None and larger is not None and smaller + apart > larger * factor:
            found.append(f"{low} ({smaller}) is longer than {high} ({larger}) allows")
    return found
