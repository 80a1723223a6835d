"""A run on disk: evidence in, verdicts and reports out, compared with the run before it.

var/runs/<site>/<time>/run.json          which hosts were to be read
var/runs/<site>/<time>/evidence/*.json   what was read, sealed
var/runs/<site>/<time>/verdicts.jsonl    one verdict a line
var/runs/<site>/<time>/report.html, junit.xml, charte-annotee.html
var/runs/<site>/<time>/revue/            the access reviews, where the run knew of shares (see review.py)
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ansible.module_utils.policy.attest import judge_attestations, judge_legal
from ansible.module_utils.policy.evidence import EvidenceError, read_run, write_json, write_text
from ansible.module_utils.policy.judge import judge
from ansible.module_utils.policy.model import Policies, load_policies
from ansible.module_utils.policy.report import annotated_charter, console, drift, html, junit, summary
from ansible.module_utils.policy.review import FOLDER, signers, write_pages
from ansible.module_utils.policy.waive import idle_waivers, with_lab_waivers

GREEN = {"pass", "waived", "not_applicable"}
CHARTER_PAGE = "charte-annotee.html"


@dataclass(frozen=True)
class Outcome:
    """What came of a run."""

    directory: Path
    run: dict[str, Any]
    verdicts: list[dict[str, Any]]
    attestations: list[dict[str, Any]]
    previous: list[dict[str, Any]] | None

    @property
    def exit_code(self) -> int:
        """0 all green or waived, 1 something failed, 2 something could not be evaluated."""
        found = {each["verdict"] for each in [*self.verdicts, *self.attestations]}
        if "fail" in found:
            return 1
        return 0 if found <= GREEN else 2

    def summary(self, color: bool = False) -> str:
        """The summary for a terminal."""
        return console.render(
            summary.summarise(self.verdicts, self.run),
            self.verdicts,
            drift.compare(self.previous, self.verdicts),
            {
                "html": str(self.directory / "report.html"),
                "junit": str(self.directory / "junit.xml"),
                "verdicts": str(self.directory / "verdicts.jsonl"),
            },
            color,
            attestations=self.attestations,
        )


def judge_run(root: Path, directory: Path, today: date, language: str = "fr") -> Outcome:
    """Judge the evidence of a run with the policies of today and write verdicts and reports beside it.

    :raises PolicyError: the client's policies are wrong.
    :raises EvidenceError: the run cannot be used, or its reports cannot be written.
    """
    run, evidence = read_run(directory)
    policies = load_policies(root, run["client"])
    policies = with_lab_waivers(policies, run, root / "policies" / "schema" / "waivers.schema.json")
    verdicts = judge(policies, run, evidence, today)
    attestations = judge_attestations(policies, today, signers(evidence))
    earlier = _earlier(directory)
    previous = _verdicts(earlier[-1]) if earlier else None
    run = {
        **run,
        "client_name": policies.profile["name"],
        "charter": policies.profile["charter"],
        "documents": dict(policies.profile.get("documents", {})),
        "policy_digest": policies.digest,
        "lang": language,
        "judged_on": today.isoformat(),
        "timezone": policies.profile["timezone"],
        "topics": policies.topics,
        "finished_at": max((each["collected_at"] for each in evidence.values()), default=run["started_at"]),
        "hosts": [_coverage(host, evidence) for host in sorted(run["groups_of"])],
        "review_months": _review_months(policies),
    }
    papers = [("charter", CHARTER_PAGE)]
    if write_pages(directory, run, evidence, attestations):
        papers.append(("reviews", f"{FOLDER}/index.html"))
    page = html.render(
        verdicts,
        run,
        language=language,
        register=policies.register,
        legal=judge_legal(policies, verdicts, attestations),
        attestations=attestations,
        contradictions=_contradictions(policies),
        history=[_history(each) for each in earlier],
        previous=previous,
        idle_waivers=idle_waivers(verdicts, policies, today),
        evidence=evidence,
        papers=papers,
    )
    proofs = annotated_charter.Proofs(evidence, policies.register, attestations)
    charter = annotated_charter.render(verdicts, run, proofs, language)
    write_text(directory / "report.html", page)
    write_text(directory / CHARTER_PAGE, charter)
    write_text(directory / "junit.xml", junit.render(verdicts, run))
    write_json(directory / "run.json", run)
    write_json(directory / "attestations.json", {"attestations": attestations})
    write_text(directory / "verdicts.jsonl", "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in verdicts))
    return Outcome(directory, run, verdicts, attestations, previous)


def load_outcome(directory: Path) -> Outcome:
    """A run that was judged.

    :raises EvidenceError: it was not.
    """
    if not (directory / "verdicts.jsonl").exists():
        raise EvidenceError(
            f"{directory}: was not judged; run: bin/garant judge {directory.parent.name} --run-directory {directory}"
        )
    earlier = _earlier(directory)
    return Outcome(
        directory,
        json.loads((directory / "run.json").read_text(encoding="utf-8")),
        _verdicts(directory),
        json.loads((directory / "attestations.json").read_text(encoding="utf-8"))["attestations"],
        _verdicts(earlier[-1]) if earlier else None,
    )


def latest_run(root: Path, site: str) -> Path:
    """The folder of the site's latest run.

    :raises EvidenceError: there is none.
    """
    runs = sorted(folder.parent for folder in (root / "var" / "runs" / site).glob("*/evidence"))
    if not runs:
        raise EvidenceError(f"var/runs/{site}: no run yet; run: bin/garant audit {site}")
    return runs[-1]


def _earlier(directory: Path) -> list[Path]:
    return sorted(
        file.parent for file in directory.parent.glob("*/verdicts.jsonl") if file.parent.name < directory.name
    )


def _verdicts(directory: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line) for line in (directory / "verdicts.jsonl").read_text(encoding="utf-8").splitlines() if line
    ]


#: What an audit adds to a host's facts by itself: no answer of the host.
_ADDED = frozenset({"workstation_register", "workstation_reading"})


def _coverage(host: str, evidence: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A host is measured when at least one of its collectors brought facts."""
    found = evidence.get(host)
    if found is None:
        return {"name": host, "measured": False, "reason": "no evidence"}
    reasons: Sequence[str] = sorted(set(found["failures"].values()))
    return {"name": host, "measured": bool(set(found["facts"]) - _ADDED), "reason": "; ".join(reasons)}


def _history(directory: Path) -> dict[str, Any]:
    run = json.loads((directory / "run.json").read_text(encoding="utf-8"))
    return summary.history_entry(summary.summarise(_verdicts(directory), run))


def _contradictions(policies: Policies) -> list[dict[str, Any]]:
    return [{"id": name, **entry} for name, entry in policies.contradictions.items()]


def _review_months(policies: Policies) -> int | None:
    """How long a signed access review counts, where the client asks for one."""
    return next(
        (each["every_months"] for each in policies.attestations.values() if each.get("for_each") == "shares"), None
    )
