"""Say a value, a date or a list of hosts in words, in French or in English."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ansible.module_utils.policy.phrases import said
from ansible.module_utils.policy.report import texts
from ansible.module_utils.policy.report.summary import Verdict

NO_BREAK = "\u00a0"
THIN = "\u202f"
_SHOWN = 6  # items of a list that are said before "and n others"


def typography(content: object, language: str) -> str:
    """French spacing and apostrophes; other languages stay as they are."""
    said = str(content)
    if language != "fr":
        return said
    said = re.sub(r"(?<=[^\W\d_])'(?=\w)", "\u2019", said)
    said = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", THIN, said)
    said = re.sub(r" (?=[;?!%])", THIN, said)
    said = re.sub(r" (?=[:»€])|(?<=«) |(?<=[§°]) ", NO_BREAK, said)
    return re.sub(r"(?<=\d) (?=[^\W\d_])", NO_BREAK, said)


def number(amount: float, language: str) -> str:
    said = f"{amount:,}" if isinstance(amount, int) else f"{amount:,.10g}"
    return said.replace(",", THIN).replace(".", ",") if language == "fr" else said


def count(amount: int, noun: str, language: str) -> str:
    """Return "3 règles". In French, zero and one are singular."""
    one, many = texts.NOUNS[language][noun]
    singular = amount in (0, 1) if language == "fr" else amount == 1
    return f"{number(amount, language)}{NO_BREAK}{one if singular else many}"


def with_unit(amount: float, unit: str | None, language: str) -> str:
    if not unit:
        return number(amount, language)
    if unit not in texts.UNITS[language]:
        return f"{number(amount, language)}{NO_BREAK}{unit}"
    one, many = texts.UNITS[language][unit]
    singular = abs(amount) < 2 if language == "fr" else amount == 1
    return f"{number(amount, language)}{NO_BREAK}{one if singular else many}"


def value(content: Any, unit: str | None, language: str, shown: int = _SHOWN) -> str:
    """A measured or demanded value in words."""
    words = texts.WORDS[language]
    if content is None:
        return words["nothing"]
    if isinstance(content, bool):
        return words["yes"] if content else words["no"]
    if isinstance(content, int | float):
        return with_unit(content, unit, language)
    if isinstance(content, Mapping):
        colon = f"{NO_BREAK}: " if language == "fr" else ": "
        return joined([f"{k}{colon}{value(v, None, language)}" for k, v in content.items()], language, shown)
    if isinstance(content, Sequence) and not isinstance(content, str):
        return joined([value(item, unit, language) for item in content], language, shown)
    return typography(content, language) if content else words["empty"]


def observed_value(content: Any, unit: str | None, language: str, shown: int = _SHOWN) -> str:
    """What was observed in words, the lines that observers word included."""
    if isinstance(content, list):
        content = [said(item, language) if isinstance(item, str) else item for item in content]
    return value(content, unit, language, shown)


def joined(items: Sequence[str], language: str, shown: int = _SHOWN) -> str:
    words = texts.WORDS[language]
    if not items:
        return words["none"]
    if len(items) <= shown + 1:
        return ", ".join(items)
    return f"{', '.join(items[:shown])} {words['and_others'].format(n=number(len(items) - shown, language))}"


def said_in(record: Mapping[str, Any], key: str, language: str) -> str:
    """Return the French text of `key`, or its English one in `key_en`; the other language rather than nothing."""
    french, english = record.get(key) or record.get(f"{key}_fr"), record.get(f"{key}_en")
    return typography((french or english) if language == "fr" else (english or french) or "", language) or ""


def worded(content: Any, language: str) -> str:
    """Return a text that is either one string or a mapping of languages."""
    if isinstance(content, Mapping):
        content = content.get(language) or content.get("fr") or ""
    return typography(content or "", language)


def demanded(operator: str | None, content: Any, unit: str | None, language: str) -> str:
    """Return a demand with its operator: "au plus 90 jours"."""
    return texts.OPERATORS[language].get(operator or "", "{}").format(value(content, unit, language))


def as_told(record: Verdict) -> Verdict:
    """Say yes and no of the rule's sentence rather than of the setting behind it.

    "The guest account is closed" is read from a setting that must be false: for the reader of the sentence, yes is
    expected, and what was found is whether the sentence holds.
    """
    expected, observed = record.get("expected"), record.get("observed")
    if not isinstance(expected, bool) or not (observed is None or isinstance(observed, bool)):
        return record
    unsaid = dict.fromkeys(("expected_text", "expected_text_en", "observed_text", "observed_text_en"))
    return {**record, **unsaid, "expected": True, "observed": None if observed is None else observed is expected}


def expected_text(record: Verdict, language: str) -> str:
    """Return what is demanded: the judge's own words when it gave them."""
    if said := record.get("expected_text" if language == "fr" else "expected_text_en"):
        return typography(said, language)
    if record.get("expected") is None:
        return texts.WORDS[language]["as_said"]
    return demanded(record.get("compare"), record["expected"], record.get("unit"), language)


def observed_text(record: Verdict, language: str) -> str:
    if said := record.get("observed_text" if language == "fr" else "observed_text_en"):
        return typography(said, language)
    if record.get("observed") is None and record["verdict"] in ("not_evaluated", "not_applicable"):
        return texts.WORDS[language]["unread"] if record["verdict"] == "not_evaluated" else "\u2013"
    return observed_value(record.get("observed"), record.get("unit"), language)


def accepted_text(waiver: Mapping[str, Any], unit: str | None, language: str) -> str:
    """Return what a waiver accepts, given as one operator and its value, or as a value."""
    accepted = waiver.get("accepted")
    if isinstance(accepted, Mapping) and len(accepted) == 1 and next(iter(accepted)) in texts.OPERATORS[language]:
        (operator, content), *_ = accepted.items()
        return demanded(operator, content, unit, language)
    return value(accepted, unit, language)


def moment(stamp: str, zone: str | None = None) -> datetime:
    found = datetime.fromisoformat(stamp)
    return found.astimezone(ZoneInfo(zone)) if zone and found.tzinfo else found


def _day(when: date, language: str) -> str:
    if language == "fr":
        return f"{'1er' if when.day == 1 else when.day}{NO_BREAK}{texts.MONTHS['fr'][when.month - 1]} {when.year}"
    return f"{when.day} {texts.MONTHS['en'][when.month - 1]} {when.year}"


def long_date(stamp: str, language: str, zone: str | None = None) -> str:
    """vendredi 20 novembre 2026 à 14 h 05"""
    when = moment(stamp, zone)
    weekday = texts.WEEKDAYS[language][when.weekday()]
    universal = " (UTC)" if when.utcoffset() == timedelta(0) and not zone else ""
    if language == "fr":
        return f"{weekday} {_day(when, 'fr')} à {when:%H}{THIN}h{THIN}{when:%M}{universal}"
    return f"{weekday} {_day(when, 'en')} at {when:%H:%M}{universal}"


def day(stamp: str | date | None, language: str) -> str:
    """20 novembre 2026; what is not a date is said as it is."""
    if not stamp:
        return texts.WORDS[language]["no_date"]
    found = as_date(stamp)
    return _day(found, language) if found else str(stamp)


def short_day(stamp: str, language: str) -> str:
    found = as_date(stamp)
    return found.strftime("%d/%m/%y" if language == "fr" else "%d-%m-%y") if found else str(stamp)


def as_date(stamp: str | date | None) -> date | None:
    if isinstance(stamp, date):
        return stamp
    try:
        return date.fromisoformat(str(stamp)[:10])
    except ValueError:
        return None
