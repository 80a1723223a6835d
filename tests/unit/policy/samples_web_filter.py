"""Facts of an invented, healthy web filter."""

from __future__ import annotations

import copy
from typing import Any

_FACTS: dict[str, Any] = {
    "web_filter": {
        "generation": {"name": "20260310T032011Z", "made_days_ago": 0.4, "digest": "5f0c"},
        "lists": [{"name": "toulouse/adult", "domains": 900}, {"name": "toulouse/agressif", "domains": 40}],
        # What any site forbids; a charter may name fewer.
        "categories": [{"name": "pornography", "domains": 900}, {"name": "hate", "domains": 40}],
        "categories_in_force": [
            "pornography",
            "hate",
            "drugs",
            "alcohol_tobacco",
            "weapons",
            "hacking",
            "illegal_copies",
            "malware",
            "bypass",
            "webmail",
            "chat",
        ],
        "differences": [],
        "list_ages_days": {"toulouse/adult": 0.4, "toulouse/agressif": 0.4},
        "oldest_list_days": 0.4,
        "never_fetched": [],
        "update": {"age_hours": 9.6, "error": "", "troubles": [], "alerts": [], "seconds": 12.1},
        "canary": {"age_minutes": 3.2, "recorded_wrong": [], "wrong": [], "asked": 11, "through_the_proxy": 11},
        "timers": {"update": {"enabled": True, "active": True}, "canary": {"enabled": True, "active": True}},
        "helpers": {"running": 1, "of_squid": 1},
        "without_lists": [
            {"lists": "missing", "answer": 'BH message="no database"', "refused": True},
            {"lists": "broken", "answer": 'BH message="the database is broken"', "refused": True},
        ],
        "bad_sources": [
            {"source": "cut short", "kept": True, "alerted": True, "said": "cut short"},
            {"source": "empty", "kept": True, "alerted": True, "said": "the list is empty"},
        ],
    },
}


def facts() -> dict[str, Any]:
    """A copy that a test may change."""
    return copy.deepcopy(_FACTS)
