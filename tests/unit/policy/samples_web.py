"""Facts of an invented, healthy way to the Web."""

from __future__ import annotations

import copy
from typing import Any


def attempt(subject: str, name: str, answer: str, kind: str = "ordinary", reason: str | None = None) -> dict[str, Any]:
    """One attempt; what was refused has a page of that reason."""
    page = {"reason": reason, "french": True, "names_clause": True, "names_contact": True}
    return {
        "kind": kind,
        "subject": subject,
        "name": name,
        "method": "GET",
        "target": f"http://{name}.example/",
        "expected": "allowed" if answer == "unreachable" else answer,
        "answer": answer,
        "reason": reason,
        "status": {"allowed": 200, "asked": 407, "refused": 403, "unreachable": 503}[answer],
        "seconds": 0.01,
        "page": page if answer == "refused" else None,
    }


_FACTS: dict[str, Any] = {
    "web_access": {
        "visitors": [{"kind": "ordinary", "person": "personne-1c58fae5", "ticket": "ticket given"}],
        "attempts": [
            attempt("category", "pornography", "refused", reason="category"),
            attempt("allowed", "www.administration", "allowed"),
            attempt("approved", "calls", "unreachable"),
            attempt("exception", "hacking", "allowed", kind="exception GG_Informatique"),
            attempt("messaging", "chat", "refused", reason="messaging"),
            attempt("personal_mail", "mail", "refused", reason="personal_mail"),
            attempt("sharing", "tracker", "refused", reason="sharing"),
            attempt("bypass", "GET http://192.0.2.1/", "refused", reason="bypass"),
            attempt("admin", "GET", "refused", kind="administrator", reason="administrator"),
            attempt("anonymous", "GET", "asked", kind="nobody"),
            *(
                attempt("download", ending, "refused", reason="download")
                for ending in ("exe", "msi", "scr", "iso", "torrent")
            ),
            attempt("download", "exe", "allowed", kind="downloads GG_Informatique"),
        ],
        "direct": [{"host": "www.administration", "port": 443, "passed": False, "detail": "timed out"}],
        "configuration": [
            {
                "url": "http://wpad.site.lan/wpad.dat",
                "served": True,
                "names_proxy": True,
                "only_proxy": True,
                "nothing_else": True,
                "detail": "200 application/x-ns-proxy-autoconfig",
            }
        ],
        "untried": [],
        "duration_seconds": 1.2,
    },
    "web_proxy": {
        "settings": {
            "credentials_hours": 8.0,
            "log_fields": "time client_address user method host category action status bytes content_type",
            "log_headers": False,
            "kept_pages": False,
            "stores": [],
            "decrypts": [],
            "tells_of_itself": False,
            "tells_of_clients": False,
        },
        "keys": {"mode": "0640", "open_to_others": False, "old_seals": False},
        "trail": {
            "requests": [
                {"kind": "ordinary", "person": "personne-1c58fae5", "logged": True, "under_name": True, "fields": 10}
            ],
            "contents": [],
        },
        "silence": {
            "directory": {"refused": True, "status": 503, "reason": "directory"},
            "filter": {"refused": True, "status": 503, "reason": "filter"},
        },
    },
    "web_login": {
        "closed_account": "asked",
        "no_login": "asked",
        "no_password": "asked",
        "wrong_password": "asked",
        "right_password": "allowed",
    },
}


def facts() -> dict[str, Any]:
    """A copy that a test may change."""
    return copy.deepcopy(_FACTS)
