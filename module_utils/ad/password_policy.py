"""Password and lockout policy: the domain's, and the fine-grained ones ([MS-ADTS] 3.1.1.5.1.3 and 6.1.4.11).

One row per setting says how it is called here and in the directory. Inside, ages are days, durations are minutes and
None means never; the directory's own notations stop at the codecs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.ad.connection import text

Policy = dict[str, Any]

#: Intervals are negative counts of 100 ns; this one, or 0, means never.
NEVER = -(2**63)
TICKS = 10_000_000
DAY, MINUTE = 86_400, 60

#: pwdProperties bits ([MS-SAMR] 2.2.3.5).
COMPLEX, STORE_CLEARTEXT = 1, 16


class PolicyError(Exception):
    """The policy asked for cannot be; the message says what to change."""


@dataclass(frozen=True)
class Codec:
    """How a value is written in the directory, and read back."""

    decode: Callable[[str], Any]
    encode: Callable[[Any], str]


def interval(seconds: int, round_up: bool = False, never: bool = True) -> Codec:
    """An age or a duration. A part of a unit counts against the site: up for what must be short, down for the rest."""
    unit = seconds * TICKS

    def decode(value: str) -> int | None:
        ticks = int(value)
        if never and ticks in (0, NEVER):
            return None
        return -(ticks // unit) if round_up else -ticks // unit

    def encode(value: int | None) -> str:
        return str(-value * unit) if value else str(NEVER if never else 0)

    return Codec(decode, encode)


def flag(mask: int) -> Codec:
    """One bit of pwdProperties; the other bits are kept when it is written."""
    return Codec(lambda value: bool(int(value) & mask), lambda value: str(mask if value else 0))


COUNT = Codec(int, str)
COUNT_OR_NEVER = Codec(lambda value: int(value) or None, lambda value: str(value or 0))
BOOLEAN = Codec(lambda value: value == "TRUE", lambda value: "TRUE" if value else "FALSE")


@dataclass(frozen=True)
class Setting:
    """One setting: its option, where the domain keeps it, where a fine-grained policy does."""

    option: str
    domain: str
    domain_codec: Codec
    fine_grained: str
    codec: Codec
    domain_mask: int = 0  # bits of the attribute that belong to this setting; 0 is the whole attribute


def setting(option: str, domain: str, fine_grained: str, codec: Codec) -> Setting:
    """A setting written alike in both places."""
    return Setting(option, domain, codec, fine_grained, codec)


def bit_setting(option: str, mask: int, fine_grained: str) -> Setting:
    """A setting that is a bit of pwdProperties in the domain and an attribute of its own elsewhere."""
    return Setting(option, "pwdProperties", flag(mask), fine_grained, BOOLEAN, mask)


SETTINGS = (
    setting("min_length", "minPwdLength", "msDS-MinimumPasswordLength", COUNT),
    setting("max_age_days", "maxPwdAge", "msDS-MaximumPasswordAge", interval(DAY, round_up=True)),
    setting("min_age_days", "minPwdAge", "msDS-MinimumPasswordAge", interval(DAY, never=False)),
    setting("history_length", "pwdHistoryLength", "msDS-PasswordHistoryLength", COUNT),
    bit_setting("complexity", COMPLEX, "msDS-PasswordComplexityEnabled"),
    bit_setting("reversible_encryption", STORE_CLEARTEXT, "msDS-PasswordReversibleEncryptionEnabled"),
    setting("lockout_threshold", "lockoutThreshold", "msDS-LockoutThreshold", COUNT_OR_NEVER),
    setting("lockout_duration_minutes", "lockoutDuration", "msDS-LockoutDuration", interval(MINUTE)),
    setting("lockout_window_minutes", "lockOutObservationWindow", "msDS-LockoutObservationWindow",
            interval(MINUTE, never=False)),
)  # fmt: skip
PRECEDENCE = "msDS-PasswordSettingsPrecedence"
APPLIES_TO = "msDS-PSOAppliesTo"


def decode_domain(attributes: Mapping[str, Sequence[bytes]]) -> Policy:
    """The domain's policy from the attributes of its head."""
    return {row.option: row.domain_codec.decode(readable(attributes, row.domain)) for row in SETTINGS}


def decode_fine_grained(attributes: Mapping[str, Sequence[bytes]]) -> Policy:
    """The settings of a fine-grained policy."""
    return {row.option: row.codec.decode(readable(attributes, row.fine_grained)) for row in SETTINGS}


def readable(attributes: Mapping[str, Sequence[bytes]], name: str) -> str:
    """The value of an attribute that is always there; without the right to read it, it looks absent."""
    value = text(attributes, name)
    if value is None:
        raise PolicyError(f"{name} cannot be read; bind with an account that may read password policies")
    return value


def encode_domain(policy: Policy, current_properties: int) -> dict[str, list[bytes]]:
    """The attributes of the domain head for what `policy` holds; bits it does not speak of stay as they are."""
    changes: dict[str, list[bytes]] = {}
    properties = current_properties
    for row in (row for row in SETTINGS if row.option in policy):
        written = row.domain_codec.encode(policy[row.option])
        if row.domain_mask:
            properties = properties & ~row.domain_mask | int(written)
            written = str(properties)
        changes[row.domain] = [written.encode()]
    return changes


def encode_fine_grained(policy: Policy) -> dict[str, list[bytes]]:
    """The attributes of a fine-grained policy for what `policy` holds, apart from whom it applies to."""
    changes = {row.fine_grained: [row.codec.encode(policy[row.option]).encode()]
               for row in SETTINGS if row.option in policy}  # fmt: skip
    if "precedence" in policy:
        changes[PRECEDENCE] = [str(policy["precedence"]).encode()]
    return changes


#: What a value must lie between ([MS-ADTS] 3.1.1.5.3.1.1 and the limits of Group Policy's editor).
LIMITS = {"min_length": (0, 255), "max_age_days": (1, 999), "min_age_days": (0, 998), "history_length": (0, 1024),
          "lockout_threshold": (1, 65535), "lockout_duration_minutes": (1, 99999), "lockout_window_minutes": (1, 99999),
          "precedence": (1, 2**31 - 1)}  # fmt: skip


def check(policy: Policy, where: str) -> Policy:
    """The policy with 0 read as never where that is what it means; refused when no directory could hold it."""
    nullable = ("max_age_days", "lockout_threshold", "lockout_duration_minutes")
    policy = {option: None if option in nullable and not value else value for option, value in policy.items()}
    for option, (least, most) in LIMITS.items():
        value = policy.get(option)
        if value is None and option in policy and option not in nullable:
            raise PolicyError(f"{where}: {option} has no value; give a number from {least} to {most}")
        if value is not None and not least <= value <= most:
            raise PolicyError(f"{where}: {option} is {value}; give a number from {least} to {most}")
    oldest, youngest = policy["max_age_days"], policy["min_age_days"]
    if oldest is not None and youngest >= oldest:
        raise PolicyError(f"{where}: min_age_days ({youngest}) must be below max_age_days ({oldest})")
    duration, window = policy["lockout_duration_minutes"], policy["lockout_window_minutes"]
    if duration is not None and window > duration:
        raise PolicyError(f"{where}: lockout_window_minutes ({window}) must not exceed "
                          f"lockout_duration_minutes ({duration}), or the directory refuses it")  # fmt: skip
    return policy
