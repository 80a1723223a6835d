"""What an invented site's filter answered, and what is known of its lists and of its names."""

from __future__ import annotations

import copy
from typing import Any

PAGE = {"reason": "category", "french": True, "names_clause": True, "names_contact": True}


def attempt(kind: str, subject: str, name: str, expected: str, answer: str | None, **other: Any) -> dict[str, Any]:
    """One request and what came of it."""
    status = {"refused": 403, "asked": 407, "allowed": 200, "unreachable": 503}.get(answer or "")
    page = dict(PAGE) if answer == "refused" else None
    found = {"kind": kind, "subject": subject, "name": name, "method": "GET", "target": f"http://{name}.test/"}
    return {**found, "expected": expected, "reason": None, "answer": answer, "status": status, "page": page, **other}


_FACTS: dict[str, Any] = {
    "web_access": {
        "visitors": [{"kind": "ordinary", "person": "p-7c21", "ticket": "ticket given"}],
        "attempts": [
            attempt("ordinary", "category", "hate", "refused", "refused"),
            attempt("ordinary", "category", "gambling", "refused", "refused"),
            attempt("ordinary", "allowed", "site-admis", "allowed", "allowed"),
            attempt("ordinary", "approved", "outil", "allowed", "unreachable"),
            attempt("ordinary", "messaging", "bavardage", "refused", "refused"),
            attempt("ordinary", "bypass", "CONNECT 192.0.2.1:443", "refused", "refused"),
            attempt("nobody", "anonymous", "GET", "asked", "asked"),
            attempt("administrator", "admin", "GET", "refused", "refused"),
            attempt("exception GG_Atelier", "exception", "gambling", "allowed", "allowed"),
        ],
        "direct": [{"host": "site-admis.test", "port": 443, "passed": False, "detail": "timed out"}],
        "configuration": [
            {"url": "u", "served": True, "names_proxy": True, "only_proxy": True, "nothing_else": True, "detail": ""}
        ],
        "untried": [],
        "duration_seconds": 14.2,
    },
    "web_proxy": {
        "settings": {
            "credentials_hours": 12.0,
            "log_fields": "time client_address user method host category action status bytes content_type",
            "log_headers": False,
            "kept_pages": False,
            "decrypts": [],
        },
        "trail": {"requests": [{"kind": "ordinary", "logged": True, "under_name": True}], "contents": []},
        "silence": {"directory": {"refused": True, "status": 503}, "filter": {"refused": True, "status": 403}},
    },
    "web_filter": {
        "generation": {"name": "20261120T020011Z", "made_days_ago": 0.2, "digest": "5f0c"},
        "lists": [{"name": "site/agressif", "domains": 431}, {"name": "maison", "domains": 2}],
        "categories": [{"name": "hate", "domains": 431}, {"name": "gambling", "domains": 12}],
        "categories_in_force": ["hate", "gambling"],
        "differences": [],
        "list_ages_days": {"site/agressif": 0.4},
        "oldest_list_days": 0.4,
        "never_fetched": [],
        "update": {"age_hours": 9.6, "error": "", "kept": {}, "missing": {}, "made": True, "alerts": []},
        "canary": {"age_minutes": 3.2, "recorded_wrong": [], "wrong": [], "asked": 12, "through_the_proxy": 9},
        "without_lists": [{"lists": "missing", "answer": "BH", "refused": True}],
        "bad_sources": [{"source": "empty", "kept": True, "alerted": True, "said": "the list is empty"}],
    },
}


def facts() -> dict[str, Any]:
    """A copy that a test may change."""
    return copy.deepcopy(_FACTS)


def evidence(given: dict[str, Any] | None = None) -> dict[str, Any]:
    """The evidence of a run on the gateway."""
    read = facts() if given is None else given
    return {"gw1": {"collected_at": "2026-11-20T07:05:00+00:00", "facts": read, "failures": {}}}
