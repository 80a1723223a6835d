"""The sections that speak of the way in and out: firewall, Web browsing, traces, remote access."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.module_utils.policy.report import firewall_view, remote_view, traces_view, web_view
from ansible.module_utils.policy.report.firewall_texts import FIREWALL
from ansible.module_utils.policy.report.readings import Evidence
from ansible.module_utils.policy.report.remote_texts import REMOTE
from ansible.module_utils.policy.report.traces_texts import TRACES
from ansible.module_utils.policy.report.web_texts import WEB

#: Sections in order, each with its words and the name by which its template calls them.
WORDS = {"firewall": ("fw", FIREWALL), "web": ("wb", WEB), "traces": ("tr", TRACES), "remote": ("rm", REMOTE)}


def sections(
    evidence: Evidence, language: str, zone: str | None = None, register: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What each section shows; None for one that has nothing to say."""
    return {
        "firewall": firewall_view.firewall(evidence, language, zone, register),
        "web": web_view.web(evidence, language, zone),
        "traces": traces_view.traces(evidence, language, zone),
        "remote": remote_view.remote(evidence, language, zone),
    }
