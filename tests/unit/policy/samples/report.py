"""Verdicts, runs and what goes with them, all invented, to render reports from."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import Any

from tests.unit.policy.samples.report_extras import WAIVER, Record

Row = dict[str, str]

with (Path(__file__).parent / "report_rules.csv").open(encoding="utf-8", newline="") as _file:
    RULES: list[Row] = list(csv.DictReader(_file, delimiter=";"))

RUN: Record = {
    "site": "grand-garage",
    "client": "garage",
    "client_name": "Grand Garage de l'Étoile",
    "started_at": "2026-11-20T06:40:11+00:00",
    "finished_at": "2026-11-20T06:52:03+00:00",
    "timezone": "Europe/Paris",
    "garant_version": "0.1.0",
    "policy_digest": "5f0c2a9d1e7b44c8a1",
    "mode": "audit",
    "documents": {"provider": "Contrat d'infogérance", "insurer": "Contrat d'assurance"},
    "lang": "fr",
    "groups_of": {
        "dc1": ["domain_controllers"],
        "serveur-fichiers": ["servers"],
        "poste-accueil": ["linux_workstations", "workstations"],
        "poste-atelier": ["linux_workstations", "workstations"],
    },
    "hosts": [
        {"name": "dc1", "measured": True, "reason": ""},
        {"name": "serveur-fichiers", "measured": True, "reason": ""},
        {"name": "poste-accueil", "measured": True, "reason": ""},
        {"name": "poste-atelier", "measured": False, "reason": "unreachable: connection timed out"},
    ],
}

_WORKSTATION_TOPICS = {"workstation", "updates", "antivirus"}
_SERVER_TOPICS = {"backup", "raid", "shares", "mail", "logs", "monitoring", "inventory"}

# What is wrong on the site: control and host to observed value, verdict and, when nothing was read, the reason.
_DEFECTS: dict[tuple[str, str], Record] = {
    ("leavers_disabled", "dc1"): {
        "expected_text": "aucun écart",
        "expected_text_en": "no deviation",
        "observed": ["martinjul", "petitcam"],
        "verdict": "fail",
    },
    ("offsite_copy", "serveur-fichiers"): {"observed": False, "verdict": "fail"},
    ("password_max_age", "dc1"): {"observed": 180, "verdict": "fail"},
    ("missing_security_updates", "poste-accueil"): {"observed": 7, "verdict": "fail"},
    ("everyone_absent", "serveur-fichiers"): {
        "expected_text": "aucun écart",
        "expected_text_en": "no deviation",
        "observed": [f"Dossier n° {n}" for n in range(1, 15)],
        "verdict": "fail",
    },
    ("clock_offset", "serveur-fichiers"): {"observed": 3.5, "verdict": "fail"},
    ("filter_log_retention", "dc1"): {"observed": 365, "verdict": "waived", "waiver": WAIVER},
    ("hot_swap", "serveur-fichiers"): {
        "verdict": "not_evaluated",
        "reason": "Essai réservé au laboratoire : il dérangerait le site.",
        "reason_en": "Tried in the laboratory only: it would disturb the site.",
    },
    ("vpn_two_factors", "dc1"): {
        "verdict": "not_evaluated",
        "reason": "Le compte d'essai n'est pas encore créé.",
        "reason_en": "The test account does not exist yet.",
    },
}


def record(row: Row, host: str, **other: Any) -> Record:
    """One verdict, a pass unless told otherwise."""
    expected = json.loads(row["expected"]) if row["expected"] else True
    tried = row["measured_by"] == "probe"
    base: Record = {
        **{key: row[key] for key in ("control", "topic", "title", "title_en", "clause", "severity", "measured_by")},
        "document": "charter",
        "rule": f"R-{len(row['control']):03}",
        "host": host,
        "expected": expected,
        "observed": expected,
        "compare": row["compare"] or None,
        "unit": row["unit"] or None,
        "verdict": "pass",
        "reason": "",
        "reason_en": "",
        "proof": "Essayé pour de bon sur le système en service" if tried else "Lu sur le système en service",
        "proof_en": "Really tried on the running system" if tried else "Read from the running system",
        "also_demanded": [],
        "waiver": None,
    }
    if other.get("verdict") in ("not_evaluated", "not_applicable"):
        base["observed"] = None
    return {**base, **other}


def _hosts_of(row: Row) -> list[str]:
    if row["topic"] in _WORKSTATION_TOPICS:
        return ["serveur-fichiers", "poste-accueil", "poste-atelier"]
    return ["serveur-fichiers"] if row["topic"] in _SERVER_TOPICS else ["dc1"]


def verdicts() -> list[Record]:
    """The present run: forty rules, four hosts of which one is silent, all five verdicts."""
    found = []
    for row in RULES:
        if row["control"] == "vpn_split_tunnel":
            found.append(
                record(
                    row,
                    "-",
                    verdict="not_applicable",
                    reason="Le site n'a pas de poste distant.",
                    reason_en="No remote workstation.",
                )
            )
            continue
        for host in _hosts_of(row):
            other = _DEFECTS.get((row["control"], host), {})
            if host == "poste-atelier":
                other = {
                    "verdict": "not_evaluated",
                    "reason": "La machine n'a pas été relevée.",
                    "reason_en": "The host was not read.",
                }
            found.append(record(row, host, **other))
    found[1]["also_demanded"] = [
        {
            "document": "provider",
            "clause": "3.2",
            "rule": "P-012",
            "says": "Un renouvellement par trimestre est programmé.",
            "operator": "at_most",
            "value": 92,
            "set_aside": None,
        },
        {
            "document": "insurer",
            "clause": "Annexe B",
            "rule": "I-004",
            "says": "Un renouvellement toutes les deux semaines est conseillé.",
            "operator": "at_most",
            "value": 14,
            "set_aside": "L'annexe contredit le contrat lui-même, et la CNIL déconseille ce rythme depuis 2022.",
        },
    ]
    found[0]["also_demanded"] = [
        {
            "document": "provider",
            "clause": "3.1",
            "rule": "P-011",
            "says": "Une longueur minimale est imposée.",
            "operator": "at_least",
            "value": 8,
            "set_aside": None,
        }
    ]
    return found


def previous() -> list[Record]:
    """The run before: other defects, another value, the silent host answered, one control less."""
    found = []
    for each in verdicts():
        if each["control"] == "inventory_matches":
            continue
        before = dict(each)
        if each["control"] in ("leavers_disabled", "clock_offset"):
            before.update(verdict="pass", observed=[] if each["control"] == "leavers_disabled" else 0.2)
        elif each["control"] == "backup_age":
            before.update(verdict="fail", observed=61)
        elif each["control"] == "missing_security_updates" and each["host"] == "poste-accueil":
            before.update(observed=3)
        elif each["control"] == "filter_log_retention":
            before.update(verdict="fail", waiver=None)
        elif each["host"] == "poste-atelier":
            before.update(verdict="pass", observed=True, reason="", reason_en="")
        found.append(before)
    found.append(record(RULES[9], "poste-vendeur"))
    return found


def large(controls: int = 100, hosts: int = 85, seed: int = 7) -> tuple[list[Record], Record]:
    """A big site, with values that differ from host to host."""
    chance = random.Random(seed)  # noqa: S311  (sample data)
    names = [f"poste-{number:03}" for number in range(hosts)]
    found = []
    for number in range(controls):
        row = RULES[number % len(RULES)]
        row = {**row, "control": f"{row['control']}_{number}"}
        for host in names:
            drawn = chance.random()
            verdict = "fail" if drawn < 0.12 else "not_evaluated" if drawn < 0.15 else "pass"
            reason = (
                ""
                if verdict == "pass"
                else f"Sur {host}, la valeur relevée est {drawn:.6f}, ce qui ne répond pas à la règle."
            )
            observed = round(drawn * 1000, 3) if number % 3 else True
            found.append(record(row, host, verdict=verdict, observed=observed, reason=reason, reason_en=reason))
    run = {**RUN, "groups_of": {}, "hosts": [{"name": name, "measured": True, "reason": ""} for name in names]}
    return found, run
