"""Evidence of one run: a sealed file per host, and a file that says which hosts were to be read.

A sealed file can be judged again later, with newer policies; a seal that does not match is refused.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SCHEMA_VERSION = 1


class EvidenceError(Exception):
    """Evidence cannot be used; the message names the file and says what to do."""


def seal(content: Mapping[str, Any]) -> str:
    """The digest of everything but the seal itself, over one canonical form."""
    body = {key: value for key, value in content.items() if key != "digest"}
    return hashlib.sha256(
        json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()


def write_json(file: Path, content: Mapping[str, Any]) -> None:
    """Write a file whole or not at all, readable by its owner only."""
    write_text(file, json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def write_text(file: Path, text: str) -> None:
    """Write a file whole or not at all, readable by its owner only.

    :raises EvidenceError: the disk is full or the folder cannot be written; what was there is left as it was.
    """
    temporary = None
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, file)
    except OSError as error:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)
        raise EvidenceError(
            f"{file}: cannot be written ({error.strerror}); free some space or correct the rights of "
            f"{file.parent}, then run the audit again"
        ) from error


def sealed(host: str, collected_at: str, facts: Mapping[str, Any], failures: Mapping[str, str]) -> dict[str, Any]:
    """Evidence of one host: what was read, and for each collector that failed the reason."""
    content: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "host": host,
        "collected_at": collected_at,
        "facts": dict(facts),
        "failures": dict(failures),
    }
    content["digest"] = seal(content)
    return content


def read_evidence(file: Path) -> dict[str, Any]:
    """One host's evidence, its seal checked.

    :raises EvidenceError: not JSON, another schema version, or changed after it was collected.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EvidenceError(f"{file}: cannot be read ({error}); run the audit again") from error
    if not isinstance(content, dict) or content.get("schema_version") != SCHEMA_VERSION:
        raise EvidenceError(
            f"{file}: is not evidence of schema version {SCHEMA_VERSION}; judge it with the release that made it"
        )
    if content.get("digest") != seal(content):
        raise EvidenceError(f"{file}: was changed after it was collected; run the audit again")
    return content


def read_run(directory: Path) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """A run: what it was to read (run.json) and the evidence by host; a host without evidence is left out.

    :raises EvidenceError: the run or one of its files cannot be used.
    """
    file = directory / "run.json"
    if not file.exists():
        raise EvidenceError(
            f"{directory}: holds no run.json, so it is not an audit run; name a folder of var/runs/<site>"
        )
    try:
        run = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise EvidenceError(f"{file}: is not JSON ({error}); run the audit again") from error
    evidence = {}
    for host in run["groups_of"]:
        path = directory / "evidence" / f"{host}.json"
        if path.exists():
            evidence[host] = read_evidence(path)
    return run, evidence


def sort_results(results: Mapping[str, Mapping[str, Any]]) -> tuple[dict[str, Any], dict[str, str]]:
    """Registered results of collectors, by the key each returns, as facts and reasons of what is missing.

    A collector whose key is not in its result has failed, whatever else the result says.
    """
    facts: dict[str, Any] = {}
    failures: dict[str, str] = {}
    for key, result in results.items():
        if not isinstance(result, Mapping):
            failures[key] = "the collector did not run"
            continue
        if key in result and not result.get("failed") and not result.get("unreachable"):
            facts[key] = result[key]
            failures.update(
                {
                    name if "." in name else f"{key}.{name}": str(why)
                    for name, why in (result.get("failures") or {}).items()
                }
            )
        else:
            failures[key] = _why(result)
    return facts, failures


def _why(result: Mapping[str, Any]) -> str:
    said = " ".join(str(result.get("msg") or result.get("module_stderr") or "the collector returned nothing").split())
    return f"unreachable: {said}" if result.get("unreachable") else said
