"""What every page stands on: the template environment, and words bound to one language."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from ansible.module_utils.policy.report import texts, values
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = Path(__file__).resolve().parent / "templates"


@lru_cache(maxsize=1)
def environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


def render(template: str, **context: Any) -> str:
    """A template without the indentation that only its author needs."""
    return re.sub(r"\n\s+", "\n", environment().get_template(template).render(**context))


def style_text(said: str) -> Markup:
    """A name inside a style sheet, where escaping for HTML would show: letters, digits and plain signs only."""
    return Markup(re.sub(r"[^\w .,²’-]", " ", said))  # noqa: S704  (nothing that ends a string or an element is left)


def words(language: str) -> dict[str, Any]:
    """What templates need to speak: verdicts, and functions bound to the language of the page."""
    if language not in texts.LANGUAGES:
        raise ValueError(f"language {language!r}: no report in it; one of {', '.join(texts.LANGUAGES)}")
    return {
        "lang": language,
        "verdict_words": texts.VERDICTS[language],
        "verdict_one": texts.VERDICTS_ONE[language],
        "verdict_many": texts.VERDICTS_MANY[language],
        "colon": "\u00a0: " if language == "fr" else ": ",
        "verdict_order": ("pass", "fail", "waived", "not_evaluated", "not_applicable"),
        "severity_words": texts.SEVERITIES[language],
        "measured_by": texts.MEASURED_BY[language],
        "typo": lambda said: values.typography(said or "", language),
        "french": lambda said: values.typography(said or "", "fr"),
        "said_in": lambda record, key: values.said_in(record, key, language),
        "worded": lambda content: values.worded(content, language),
        "count": lambda amount, noun: values.count(amount, noun, language),
        "day": lambda stamp: values.day(stamp, language),
        "short_day": lambda stamp: values.short_day(stamp, language),
        "lower_first": lambda said: said if said[1:2].isupper() else said[:1].lower() + said[1:],
        "foreign": "" if language == "fr" else "fr",
    }


def spoken(table: dict[str, dict[str, str]], language: str) -> dict[str, str]:
    """Fixed sentences of a page with the spacing of its language."""
    return {key: values.typography(said, language) for key, said in table[language].items()}
