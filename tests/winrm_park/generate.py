"""Parks: read from a YAML file, or drawn with a seed. The same seed gives the same machines on every run."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.winrm_park import ProfileError, profiles

_SYSTEMS = {"xp": 4, "7": 28, "10": 46, "11": 22}
_LANGUAGES = {"fr": 86, "en": 9, "de": 5}
#: How the first day finds machines, by how often; several may fall on one.
_STATES = {
    "usb_open": 60,
    "firewall_off": 12,
    "antivirus_missing": 10,
    "antivirus_off": 8,
    "antivirus_stale": 12,
    "antivirus_two": 6,
    "not_activated": 35,
    "no_updates": 40,
    "guest_enabled": 10,
    "autologon": 45,
    "everybody_administrator": 40,
    "smb1": 20,
    "little_memory": 12,
    "full_disk": 10,
    "laptop": 20,
    "unwanted_software": 25,
}
#: Ways of not answering, taken in turn.
_MUTE = ("off", "refuses_logon", "silent", "denied", "hung", "wrong_certificate", "off", "refuses_logon")
#: States that make no sense on a system.
_IMPOSSIBLE = {"xp": {"antivirus_off", "antivirus_stale", "antivirus_two", "smb1", "laptop"}, "7": {"antivirus_two"}}
#: Name, description, cores, threads, clock.
_PROCESSORS = {
    "xp": [
        ("Intel(R) Pentium(R) Dual  CPU  E2160  @ 1.80GHz", "x86 Family 6 Model 15 Stepping 13", 2, 2, 1800),
        ("AMD Athlon(tm) 64 Processor 3200+", "x86 Family 15 Model 47 Stepping 2", 1, 1, 2000),
    ],
    "7": [
        ("Intel(R) Core(TM) i3-2120 CPU @ 3.30GHz", "Intel64 Family 6 Model 42 Stepping 7", 2, 4, 3300),
        ("Intel(R) Core(TM)2 Duo CPU     E8400  @ 3.00GHz", "Intel64 Family 6 Model 23 Stepping 10", 2, 2, 3000),
        ("AMD A8-5500 APU with Radeon(tm) HD Graphics", "AMD64 Family 21 Model 16 Stepping 1", 4, 4, 3200),
    ],
    "10": [
        ("Intel(R) Core(TM) i5-8500 CPU @ 3.00GHz", "Intel64 Family 6 Model 158 Stepping 10", 6, 6, 3000),
        ("Intel(R) Core(TM) i5-6500 CPU @ 3.20GHz", "Intel64 Family 6 Model 94 Stepping 3", 4, 4, 3200),
        ("AMD Ryzen 5 2600 Six-Core Processor", "AMD64 Family 23 Model 8 Stepping 2", 6, 12, 3400),
        ("Genuine CPU 0000 @ 2.60GHz", "Intel64 Family 6 Model 250 Stepping 0", 4, 4, 2600),
    ],
    "11": [
        ("13th Gen Intel(R) Core(TM) i5-13500", "Intel64 Family 6 Model 191 Stepping 2", 14, 20, 2500),
        ("AMD Ryzen 5 5600G with Radeon Graphics", "AMD64 Family 25 Model 80 Stepping 0", 6, 12, 3900),
    ],
}


def draw(count: int = 80, seed: int = 1, mute: int = 8) -> dict[str, Any]:
    """A park as its file would say it: `count` machines of which `mute` are off or refuse."""
    if not 0 <= mute <= count:
        raise ProfileError(f"a park of {count} machines cannot have {mute} that do not answer")
    dice = random.Random(seed)  # noqa: S311 -- a park, not a secret
    silent = dict(zip(dice.sample(range(count), mute), (_MUTE * (mute // len(_MUTE) + 1))[:mute], strict=True))
    return {"machines": [_machine(dice, number, silent.get(number)) for number in range(count)]}


def _machine(dice: random.Random, number: int, mute: str | None) -> dict[str, Any]:
    system = dice.choices(list(_SYSTEMS), list(_SYSTEMS.values()))[0]
    language = dice.choices(list(_LANGUAGES), list(_LANGUAGES.values()))[0]
    healthy = dice.random() < 0.25
    drawn = [] if healthy else [name for name, often in _STATES.items() if dice.random() * 100 < often]
    states = [each for each in drawn if each not in _IMPOSSIBLE.get(system, ())]
    processor_name, description, cores, threads, mhz = dice.choice(_PROCESSORS[system])
    processor: dict[str, Any] = {"name": processor_name, "description": description, "mhz": mhz}
    if "AMD" in processor_name:
        processor["manufacturer"] = "AuthenticAMD"
    if system != "xp":
        processor |= {"cores": cores, "threads": threads}
    login = f"user{number + 1:02d}"
    return {
        "name": f"PC-{number + 1:03d}",
        "os": system,
        "states": [*(["compliant"] if healthy else []), *states, *([mute] if mute else [])],
        "own": {
            "language": language,
            "hardware": {"processor": processor, "serial": f"SIM{number + 1:04d}"},
            "sessions": [
                {
                    "login": login,
                    "loaded": dice.random() < 0.8,
                    "registry": {
                        r"Software\Microsoft\Windows\CurrentVersion\Internet Settings": {"ProxyEnable": 0},
                        r"Control Panel\Desktop": {"ScreenSaveActive": "1" if dice.random() < 0.5 else "0"},
                    },
                }
            ],
        },
    }


def load(path: Path) -> dict[str, Any]:
    """A park from its file."""
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ProfileError(f"{path}: {error}") from error
    if not isinstance(content, dict) or not isinstance(content.get("machines"), list):
        raise ProfileError(f"{path}: a mapping with a list of `machines` is expected")
    return content


def built(park: Mapping[str, Any], where: str = "park") -> list[dict[str, Any]]:
    """The whole profiles of a park's machines."""
    found: list[dict[str, Any]] = []
    for number, each in enumerate(_listed(park), start=1):
        unknown = sorted(set(each) - {"name", "os", "states", "own"})
        if unknown or "name" not in each or "os" not in each:
            raise ProfileError(f"{where}: machine {number}: name and os are wanted, states and own may be; "
                               f"not {', '.join(unknown) or 'less'}")  # fmt: skip
        name = str(each["name"])
        found.append(profiles.profile(name, str(each["os"]), each.get("states") or (), each.get("own"), where))
    return found


def _listed(park: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    listed: list[Mapping[str, Any]] = park["machines"]
    return listed
