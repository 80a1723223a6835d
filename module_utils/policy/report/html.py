"""The report for the client's director: one HTML file that needs nothing else, for a screen, a phone and paper."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from ansible.module_utils.policy.report import (
    chart,
    drift,
    drift_view,
    rules_view,
    sections_view,
    sentences,
    summary,
    texts,
    values,
)
from ansible.module_utils.policy.report.page_texts import DRIFT, PAGE
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = Path(__file__).resolve().parent / "templates"
_SHORT_DIGEST = 12


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


def render(
    verdicts: Sequence[summary.Verdict],
    run: summary.Run,
    *,
    language: str = "fr",
    legal: Sequence[Mapping[str, Any]] = (),
    attestations: Sequence[Mapping[str, Any]] = (),
    contradictions: Sequence[Mapping[str, Any]] = (),
    history: Sequence[Mapping[str, Any]] = (),
    previous: Sequence[summary.Verdict] | None = None,
    idle_waivers: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Write the page.

    :param history: earlier runs, as `summary.history_entry` keeps them.
    :param previous: the verdicts of the run before, None when there was none.
    :param idle_waivers: waivers that serve nothing, each with its state (orphan, expired, unused).
    """
    if language not in texts.LANGUAGES:
        raise ValueError(f"language {language!r}: no report in it; one of {', '.join(texts.LANGUAGES)}")
    verdicts = [values.as_told(record) for record in verdicts]
    previous = None if previous is None else [values.as_told(record) for record in previous]
    counted = summary.summarise(verdicts, run)
    today = sections_view.today_of(counted)
    topics = rules_view.gather(verdicts, counted, language)
    waiver_lines = sections_view.waivers(verdicts, idle_waivers, counted, language)
    earlier = [entry for entry in history if entry["finished_at"] < summary.finished(run)]
    page = (
        _environment()
        .get_template("report.html.j2")
        .render(
            **_words(run, language),
            run=run,
            sections=_sections(
                bool(legal), bool(attestations), any(r.get("also_demanded") for r in verdicts), bool(contradictions)
            ),
            summary=counted,
            situation=values.typography(sentences.situation(counted, language), language),
            coverage=sentences.coverage(counted.coverage, language),
            finished=values.long_date(summary.finished(run), language, run.get("timezone")),
            paper_name=_style_text(values.typography(run["client_name"], "fr")),
            digest=str(run.get("policy_digest") or "")[:_SHORT_DIGEST],
            topics=topics,
            topic_titles={topic: rules_view.topic_title(topic, run, language) for topic in topics},
            failures=sections_view.by_severity(topics),
            decisions=sections_view.decisions(waiver_lines, attestations, today, language),
            compared=previous is not None,
            compared_with=values.day(earlier[-1]["finished_at"], language) if earlier else "",
            changes=drift_view.changes(drift.compare(previous, verdicts), counted, language),
            legal=legal,
            attestations=attestations,
            promises=sections_view.promises(verdicts, counted, language),
            unmeasured=sections_view.unmeasured(verdicts, counted, language),
            waivers=waiver_lines,
            contradictions=sorted(contradictions, key=lambda each: not each.get("settled")),
            chart=chart.draw(earlier, counted),
        )
    )
    return re.sub(r"\n\s+", "\n", page)


def _style_text(said: str) -> Markup:
    """A name inside a style sheet, where escaping for HTML would show: letters, digits and plain signs only."""
    return Markup(re.sub(r"[^\w .,²’-]", " ", said))  # noqa: S704  (nothing that ends a string or an element is left)


def _sections(legal: bool, attestations: bool, promises: bool, contradictions: bool) -> list[str]:
    """Sections of the page, in order; those with nothing to say are left out."""
    wanted = {"legal": legal, "attestations": attestations, "promises": promises, "contradictions": contradictions}
    order = ("situation", "first", "drift", "charter", "legal", "attestations", "promises", "unmeasured", "waivers")
    return [name for name in (*order, "contradictions", "history", "glossary") if wanted.get(name, True)]


def _words(run: summary.Run, language: str) -> dict[str, Any]:
    """Everything a template needs to speak: texts, and functions bound to the language of the page."""
    return {
        "lang": language,
        "t": {key: values.typography(said, language) for key, said in PAGE[language].items()},
        "drift_titles": DRIFT[language],
        "verdict_words": texts.VERDICTS[language],
        "verdict_one": texts.VERDICTS_ONE[language],
        "verdict_many": texts.VERDICTS_MANY[language],
        "colon": "\u00a0: " if language == "fr" else ": ",
        "verdict_order": ("pass", "fail", "waived", "not_evaluated", "not_applicable"),
        "severity_words": texts.SEVERITIES[language],
        "urgency": texts.URGENCY[language],
        "glossary": {key: values.typography(said, language) for key, said in texts.GLOSSARY[language].items()},
        "glossary_rule": values.typography(texts.GLOSSARY_RULE[language], language),
        "measured_by": texts.MEASURED_BY[language],
        "typo": lambda said: values.typography(said or "", language),
        "french": lambda said: values.typography(said or "", "fr"),
        "said_in": lambda record, key: values.said_in(record, key, language),
        "worded": lambda content: values.worded(content, language),
        "count": lambda amount, noun: values.count(amount, noun, language),
        "day": lambda stamp: values.day(stamp, language),
        "short_day": lambda stamp: values.short_day(stamp, language),
        "document": lambda name: rules_view.documents_title(name, run, language),
        "lower_first": lambda said: said if said[1:2].isupper() else said[:1].lower() + said[1:],
        "foreign": "" if language == "fr" else "fr",
    }
