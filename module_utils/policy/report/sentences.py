"""The few sentences that depend on figures, in French and in English."""

from __future__ import annotations

from ansible.module_utils.policy.report.summary import Coverage, Summary
from ansible.module_utils.policy.report.values import NO_BREAK, count


def situation(summary: Summary, language: str) -> str:
    """Tell the whole situation in one sentence."""
    parts = _situation_fr(summary) if language == "fr" else _situation_en(summary)
    mark = "\u202f; " if language == "fr" else "; "
    return f"{mark.join(part for part in parts if part)}."


def _situation_fr(summary: Summary) -> list[str]:
    measured, failed, unread = summary.measured_rules, summary.rules["fail"], summary.rules["not_evaluated"]
    if not measured:
        return ["Rien n’a pu être mesuré" + f"{NO_BREAK}: ce rapport ne permet aucune conclusion"]
    if failed == 0:
        waived = summary.rules["waived"]
        aside = f", dont {waived} par dérogation" if waived else ""
        kept = (
            "La seule règle mesurée est respectée"
            if measured == 1
            else f"Les {measured} règles mesurées sont respectées"
        )
        parts = [kept + aside]
    else:
        one = failed == 1
        kept = f"Sur {count(measured, 'rule', 'fr')} {'mesurées' if measured > 1 else 'mesurée'}, "
        kept += "une seule n’est pas respectée" if one else f"{failed} ne sont pas respectées"
        if summary.critical:
            urgent = (
                "elle est critique" if one else f"dont {summary.critical} critique{'s' if summary.critical > 1 else ''}"
            )
            kept += f"{',' if not one else ' et'} {urgent}, à traiter sans attendre"
        parts = [kept]
    if unread:
        other = "une autre n’a" if unread == 1 else f"{unread} autres n’ont"
        parts.append(f"{other} pas pu être mesurée{'s' if unread > 1 else ''}")
    return [*parts, _silent_fr(summary.coverage)]


def _silent_fr(coverage: Coverage) -> str:
    silent = coverage.total - coverage.measured
    if not silent:
        return ""
    return f"{count(silent, 'machine', 'fr')} sur {coverage.total} {'n’ont' if silent > 1 else 'n’a'} pas répondu"


def _situation_en(summary: Summary) -> list[str]:
    measured, failed, unread = summary.measured_rules, summary.rules["fail"], summary.rules["not_evaluated"]
    if not measured:
        return ["Nothing could be measured: this report allows no conclusion"]
    if failed == 0:
        waived = summary.rules["waived"]
        aside = f", {waived} of them by waiver" if waived else ""
        kept = "The one measured rule is met" if measured == 1 else f"All {measured} measured rules are met"
        parts = [kept + aside]
    else:
        kept = f"Of {count(measured, 'rule', 'en')} measured, {failed} {'is' if failed == 1 else 'are'} not met"
        if summary.critical:
            kept += f", {summary.critical} of them critical, to be dealt with at once"
        parts = [kept]
    if unread:
        parts.append(f"{unread} more could not be measured")
    silent = summary.coverage.total - summary.coverage.measured
    if silent:
        parts.append(f"{silent} of {count(summary.coverage.total, 'machine', 'en')} did not answer")
    return parts


def coverage(found: Coverage, language: str) -> str:
    """Tell how many machines were measured: "62 postes sur 75 et 3 serveurs sur 3 mesurés"."""
    if not found.total:
        return "Aucune machine n’était à mesurer." if language == "fr" else "No machine was to be measured."
    if language == "fr":
        parts = [
            f"{count(measured, kind, 'fr')} sur {total}"
            for kind, (measured, total) in sorted(found.kinds.items(), reverse=True)
        ]
        feminine = "machine" in found.kinds
        word = ("mesurée" if feminine else "mesuré") + ("s" if found.measured > 1 else "")
        return f"{' et '.join(parts)} {word}."
    parts = [
        f"{measured} of {count(total, kind, 'en')}"
        for kind, (measured, total) in sorted(found.kinds.items(), reverse=True)
    ]
    return f"{' and '.join(parts)} measured."


def remaining(days: int, language: str) -> str:
    """Tell how far an end date is."""
    if days < 0:
        return (
            f"échue depuis {count(-days, 'day', 'fr')}"
            if language == "fr"
            else f"ended {count(-days, 'day', 'en')} ago"
        )
    if days == 0:
        return "dernier jour" if language == "fr" else "last day"
    return f"encore {count(days, 'day', 'fr')}" if language == "fr" else f"{count(days, 'day', 'en')} left"
