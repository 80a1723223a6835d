"""Group Policy as it takes effect: which policy wins for each setting on each unit, and why a declared one does not hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.policy.report import values
from ansible.module_utils.policy.report.group_policy_texts import POLICY
from ansible.module_utils.policy.report.readings import Evidence, reading
from ansible.module_utils.policy.report.values import typography

#: A distinguished name within a sentence.
_NAME = re.compile(r"(?:(?:OU|CN)=[^,;()]+,)*DC=[^,;()\s]+(?:,DC=[^,;()\s]+)*", re.IGNORECASE)


@dataclass(frozen=True)
class Setting:
    """One setting on some units: its last word as a name, the word before it, its whole id, its value."""

    name: str
    within: str
    path: str
    value: str
    lost: tuple[tuple[str, str, str], ...]  # policies that do not hold: policy, value, why


@dataclass(frozen=True)
class Units:
    """Units on which the same settings win, said once."""

    title: str
    side: str
    policies: tuple[tuple[str, tuple[Setting, ...]], ...]  # the policy that wins, and for which settings

    @property
    def count(self) -> int:
        return sum(len(settings) for _, settings in self.policies)


@dataclass(frozen=True)
class Policies:
    verdict: str
    summary: str
    units: tuple[Units, ...]
    not_effective: tuple[tuple[str, str, str, str], ...]  # policy, setting, unit, why
    differences: tuple[tuple[str, str, str, str], ...]  # policy, setting, expected, observed
    blocked: tuple[str, ...]


@dataclass(frozen=True)
class Missing:
    """The policies were to be read, and were not."""

    reason: str


def policies(evidence: Evidence, language: str) -> Policies | Missing | None:
    """What the section shows; None for a run that did not read policies."""
    found = reading(evidence, "group_policy")
    if found is None:
        return None
    words = POLICY[language]
    if not isinstance(found.facts, Mapping) or not isinstance(found.facts.get("policies"), list):
        return Missing(typography(found.failure or words["unread"], language))
    facts = _named(found.facts, _names(evidence))
    idle = tuple(
        (
            typography(each["policy"], "fr"),
            name_of(each["setting"], language),
            unit_of(each.get("unit"), language),
            why(each, language),
        )
        for each in facts.get("not_effective") or ()
    )
    differences = tuple(
        (
            typography(each["policy"], "fr"),
            name_of(each["setting"], language),
            said(each.get("expected"), language),
            said(each.get("observed"), language),
        )
        for each in facts.get("differences") or ()
    )
    blocked = tuple(unit_of(each, language) for each in facts.get("inheritance_blocked") or ())
    good = not (idle or differences or blocked)
    return Policies(
        verdict="pass" if good else "fail",
        summary=typography(
            words["good" if good else "bad"].format(
                policies=len(facts["policies"]),
                settings=sum(len(each.get("settings") or {}) for each in facts["policies"]),
            ),
            language,
        ),
        units=tuple(_units(facts.get("effective") or (), language)),
        not_effective=idle,
        differences=differences,
        blocked=blocked,
    )


def _names(evidence: Evidence) -> dict[str, str]:
    """SID -> the name of a group or the login of an account, as far as the directory was read."""
    directory = reading(evidence, "directory")
    if directory is None or not isinstance(directory.facts, Mapping):
        return {}
    found = [(each.get("sid"), each.get("name")) for each in directory.facts.get("groups", ())]
    found += [(each.get("sid"), each.get("login")) for each in directory.facts.get("accounts", ())]
    return {str(sid): str(name) for sid, name in found if sid and name}


def _named(content: Any, names: Mapping[str, str]) -> Any:
    """The same facts with names in place of the SIDs that are known."""
    if isinstance(content, Mapping):
        return {key: _named(each, names) for key, each in content.items()}
    if isinstance(content, list | tuple):
        return [_named(each, names) for each in content]
    return names.get(content, content) if isinstance(content, str) else content


def _units(effective: Iterable[Mapping[str, Any]], language: str) -> Iterable[Units]:
    """Entries with the same settings are one; an entry without any says nothing."""
    gathered: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for entry in effective:
        if entry.get("settings"):
            key = entry["side"], json.dumps(entry["settings"], sort_keys=True, default=str)
            gathered.setdefault(key, []).append(entry)
    for (side, _), entries in gathered.items():
        units = [unit_of(entry["unit"], language) for entry in entries]
        yield Units(
            (" ; " if language == "fr" else "; ").join(units),
            POLICY[language].get(f"side_{side}", side),
            tuple(_winners(entries[0]["settings"], language)),
        )


def _winners(settings: Mapping[str, Mapping[str, Any]], language: str) -> Iterable[tuple[str, tuple[Setting, ...]]]:
    """Policies by name, each with the settings for which it wins."""
    won: dict[str, list[Setting]] = {}
    for name, entry in sorted(settings.items()):
        won.setdefault(str(entry.get("policy") or "–"), []).append(_setting(name, entry, language))
    for policy in sorted(won, key=str.casefold):
        yield typography(policy, "fr"), tuple(won[policy])


def _setting(name: str, entry: Mapping[str, Any], language: str) -> Setting:
    words = re.split(r"[\\/]", name)
    return Setting(
        name=name_of(name, language),
        within=words[-2] if len(words) > 3 else "",
        path=name,
        value=said(entry.get("value"), language),
        lost=tuple(
            (typography(each["policy"], "fr"), said(each.get("value"), language), why(each, language))
            for each in entry.get("overridden") or ()
        ),
    )


def name_of(setting: str, language: str) -> str:
    """The last word of a setting's id: ScreenSaveTimeOut of user/registry/Software\\...\\ScreenSaveTimeOut."""
    name = re.split(r"[\\/]", setting.rstrip("\\/"))[-1] or setting
    return POLICY[language]["drive"].format(name=name) if "/drives/" in setting else name


def unit_of(name: Any, language: str) -> str:
    """A unit as people say it, from the outside in; the domain itself by its DNS name."""
    if not name:
        return "–"
    parts = re.findall(r"(?i)(ou|cn|dc)=((?:\\.|[^,\\])+)", str(name))
    if not parts:
        return typography(name, "fr")
    inner = [re.sub(r"\\(.)", r"\1", value) for kind, value in parts if kind.lower() != "dc"]
    if not inner:
        domain = ".".join(value for kind, value in parts if kind.lower() == "dc")
        return typography(POLICY[language]["domain"].format(name=domain), language)
    return typography(" › ".join(reversed(inner)), "fr")


def said(content: Any, language: str) -> str:
    """A value of a setting. A policy's number is not an amount: no thousands are set apart."""
    if isinstance(content, Mapping) and {"path", "label"} <= set(content):
        groups = content.get("groups") or ()
        only = POLICY[language]["for"].format(groups=said(groups, language)) if groups else ""
        return typography(f"{content['label']}, {content['path']}{only}", language)
    if isinstance(content, bool) or content is None or content == "":
        return values.value(content, None, language)
    if isinstance(content, int | float):
        return str(content)
    if isinstance(content, Mapping):
        colon = f"{values.NO_BREAK}: " if language == "fr" else ": "
        return ", ".join(f"{key}{colon}{said(each, language)}" for key, each in content.items())
    if isinstance(content, list | tuple):
        return ", ".join(said(each, language) for each in content) or values.value([], None, language)
    return str(content)


def why(entry: Mapping[str, Any], language: str) -> str:
    """Why a policy does not hold, as the collector words it; units are said as people say them."""
    told = values.worded(entry.get("says") or entry.get("why"), language)
    return _NAME.sub(lambda found: unit_of(found[0], language), told)
