"""The report for the client's director: one HTML file that needs nothing else, for a screen, a phone and paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.module_utils.policy.report import (
    access_view,
    backup_view,
    chart,
    drift,
    drift_view,
    frame,
    gateway,
    group_policy_view,
    readings,
    rules_view,
    sections_view,
    sentences,
    summary,
    texts,
    values,
)
from ansible.module_utils.policy.report.access_texts import ACCESS
from ansible.module_utils.policy.report.backup_texts import BACKUPS
from ansible.module_utils.policy.report.group_policy_texts import POLICY
from ansible.module_utils.policy.report.page_texts import DRIFT, PAGE
from ansible.module_utils.policy.report.readings import Evidence

_SHORT_DIGEST = 12
#: Sections of the page, in order; those with nothing to say are left out.
_SECTIONS = (
    *("situation", "first", "drift", "charter", "access", "group_policy", *gateway.WORDS, "backups"),
    *("legal", "attestations", "promises", "unmeasured", "waivers", "contradictions", "history", "glossary"),
)
#: Sections whose title stands with their own words.
_TITLES = {
    "access": ACCESS,
    "group_policy": POLICY,
    "backups": BACKUPS,
    **{name: table for name, (_, table) in gateway.WORDS.items()},
}


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
    evidence: Evidence | None = None,
    papers: Sequence[tuple[str, str]] = (),
    register: Mapping[str, Any] | None = None,
) -> str:
    """Write the page.

    :param history: earlier runs, as `summary.history_entry` keeps them.
    :param previous: the verdicts of the run before, None when there was none.
    :param idle_waivers: waivers that serve nothing, each with its state (orphan, expired, unused).
    :param evidence: what was read, by host: the matrix of rights and the policies are shown as they were read.
    :param papers: pages that lie beside the report: what each is (a word of PAGE), and its file.
    :param register: rules of the client's documents, by id: what cites one shows its section.
    """
    words = _words(run, language)
    verdicts = [values.as_told(record) for record in verdicts]
    previous = None if previous is None else [values.as_told(record) for record in previous]
    counted = summary.summarise(verdicts, run)
    today = sections_view.today_of(counted)
    topics = rules_view.gather(verdicts, counted, language)
    waiver_lines = sections_view.waivers(verdicts, idle_waivers, counted, language)
    earlier = [entry for entry in history if entry["finished_at"] < summary.finished(run)]
    access = access_view.matrix(evidence or {}, language, run.get("timezone"))
    policies = group_policy_view.policies(evidence or {}, language)
    ways = gateway.sections(evidence or {}, language, run.get("timezone"), register)
    kept = backup_view.backups(evidence or {}, verdicts, run, language)
    wanted = {
        "access": bool(access),
        "group_policy": bool(policies),
        "backups": bool(kept),
        **{name: bool(shown) for name, shown in ways.items()},
        "legal": bool(legal),
        "attestations": bool(attestations),
        "promises": any(record.get("also_demanded") for record in verdicts),
        "contradictions": bool(contradictions),
    }
    return frame.render(
        "report.html.j2",
        **words,
        run=run,
        sections=[name for name in _SECTIONS if wanted.get(name, True)],
        access=access,
        group_policy=policies,
        **ways,
        backups=kept,
        simulated=readings.simulated(evidence or {}),
        papers=papers,
        summary=counted,
        situation=values.typography(sentences.situation(counted, language), language),
        coverage=sentences.coverage(counted.coverage, language),
        finished=values.long_date(summary.finished(run), language, run.get("timezone")),
        paper_name=frame.style_text(values.typography(run["client_name"], "fr")),
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


def _words(run: summary.Run, language: str) -> dict[str, Any]:
    """Everything the report's templates need to speak."""
    spoken = frame.words(language)
    return {
        **spoken,
        "t": {
            **frame.spoken(PAGE, language),
            **{key: frame.spoken(table, language)[key] for key, table in _TITLES.items()},
        },
        "a": frame.spoken(ACCESS, language),
        "g": frame.spoken(POLICY, language),
        "bk": frame.spoken(BACKUPS, language),
        **{short: frame.spoken(table, language) for short, table in gateway.WORDS.values()},
        "drift_titles": DRIFT[language],
        "urgency": texts.URGENCY[language],
        "glossary": frame.spoken(texts.GLOSSARY, language),
        "glossary_rule": values.typography(texts.GLOSSARY_RULE[language], language),
        "document": lambda name: rules_view.documents_title(name, run, language),
    }
