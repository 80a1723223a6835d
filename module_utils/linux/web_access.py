"""Try the way to the Web as different people, through the proxy and beside it, by what comes back.

A refusal counts when the proxy's own page of that reason comes back; a site that answers, or that cannot be reached
once the rules have let the request through, was not refused. What had no answer is listed and is no result. People
appear under pseudonyms. See web_plan for what is tried.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import html
import re
import secrets
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from ansible.module_utils.linux.share_tickets import private_folder, shred
from ansible.module_utils.linux.web_client import Answer, WebError, ask, negotiate_token

_LOGIN_DEMANDED = 407
_REASON = re.compile(r"ERR_GARANT_([A-Z_]+)")
_DIRECT_SECONDS = 3
#: So many requests in a row without an answer, and nothing more is tried: a proxy that is gone would cost minutes.
_SILENCES = 3
_PROXY_ONLY = re.compile(r'return "PROXY [^";]+"')
#: Kinds that come without a ticket, and what they show instead.
STRANGERS = {"nobody": "", "forged": "Negotiate " + base64.b64encode(secrets.token_bytes(64)).decode("ascii")}


def try_web(
    plan: Mapping[str, Any], tickets: Mapping[str, str], refused: Mapping[str, str], named: Callable[[str], str]
) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """What was tried, with people as `named` gives them; and what the proxy's log must hold, with their logins."""
    started = time.monotonic()
    with private_folder() as folder:
        caches = {}
        for number, (login, ticket) in enumerate(tickets.items()):
            file = folder / f"ticket-{number}"
            file.write_bytes(base64.b64decode(ticket, validate=True))
            caches[login] = f"FILE:{file}"
        trial = _Trial(plan, caches, refused)
        facts: dict[str, Any] = {
            "visitors": [
                {"kind": kind, "person": named(login), "ticket": refused.get(login, "ticket given")}
                for kind, login in plan["visitors"].items()
            ],
            "attempts": [one for one in map(trial.attempt, plan["attempts"]) if one],
            "direct": [_direct(one) for one in plan["direct"]],
            "configuration": [_configuration(url, plan) for url in plan["configuration_urls"]],
        }
        traces = list(trial.traced())
        for cache in caches.values():
            with contextlib.suppress(OSError):
                shred(folder / cache.rpartition("/")[2])
    facts["untried"] = trial.untried
    facts["duration_seconds"] = round(time.monotonic() - started, 1)
    return facts, traces


class _Trial:
    """One run over the plan."""

    def __init__(self, plan: Mapping[str, Any], caches: Mapping[str, str], refused: Mapping[str, str]) -> None:
        self.plan, self.caches, self.refused = plan, caches, refused
        self.proxy = (plan["proxy"]["host"], int(plan["proxy"]["port"]))
        self.untried: list[dict[str, str]] = []
        self._silences = 0

    def attempt(self, one: Mapping[str, Any]) -> dict[str, Any] | None:
        """The answer to one request; None when there was none."""
        kept = {name: one[name] for name in ("kind", "subject", "name", "method", "target", "expected", "reason")}
        try:
            answer = self._ask(one["kind"], one["method"], one["target"])
        except WebError as error:
            self.untried.append({"kind": one["kind"], "target": one["target"], "reason": str(error)})
            return None
        page = explained(answer, self.plan["charter_title"], self.plan["contact"])
        return {**kept, "answer": judged(answer), "status": answer.status, "seconds": answer.seconds, "page": page}

    def _ask(self, kind: str, method: str, target: str, headers: Mapping[str, str] | None = None) -> Answer:
        authorization = self._authorization(kind)
        if self._silences >= _SILENCES:
            raise WebError(f"{self.proxy[0]}:{self.proxy[1]} does not answer; given up after {_SILENCES} requests")
        try:
            answer = ask(self.proxy, method, target, authorization, headers)
        except WebError:
            self._silences += 1
            raise
        self._silences = 0
        return answer

    def _authorization(self, kind: str) -> str:
        if kind in STRANGERS:
            return STRANGERS[kind]
        login = self.plan["visitors"][kind]
        if login not in self.caches:
            raise WebError(f"the domain gives {kind} no ticket: {self.refused.get(login, 'not asked')}")
        return f"Negotiate {negotiate_token(self.caches[login], self.proxy[0])}"

    def traced(self) -> Iterator[dict[str, str]]:
        """For each visitor a request that the log must tell from all others, with what the log must not keep."""
        for kind, login in self.plan["visitors"].items():
            host = f"essai-{secrets.token_hex(6)}.{self.plan['canary_domain']}"
            marker = secrets.token_hex(12)
            try:
                self._ask(
                    kind, "GET", f"http://{host}/{marker}/page?question={marker}", {"Cookie": f"session={marker}"}
                )
            except WebError as error:
                self.untried.append({"kind": kind, "target": "trace", "reason": str(error)})
            else:
                yield {"kind": kind, "person": login, "host": host, "marker": marker}


def judged(answer: Answer) -> str:
    """What an answer means: asked for a login, refused by the rules, let through to a site that does not answer, or
    allowed."""
    if answer.status == _LOGIN_DEMANDED:
        return "asked"
    if reason(answer) or answer.headers.get("x-squid-error", "").startswith("ERR_ACCESS_DENIED"):
        return "refused"
    return "unreachable" if "x-squid-error" in answer.headers else "allowed"


def reason(answer: Answer) -> str | None:
    """The reason that the proxy gives, when it is one of the site's own pages."""
    found = _REASON.search(answer.headers.get("x-squid-error", ""))
    return found.group(1).lower() if found else None


def explained(answer: Answer, charter_title: str, contact: str) -> dict[str, Any] | None:
    """What the page of a refusal tells the person."""
    if judged(answer) != "refused":
        return None
    # The page escapes what HTML would take for its own, an apostrophe too.
    read = html.unescape(answer.body)
    return {
        "reason": reason(answer),
        "french": 'lang="fr"' in answer.body,
        "names_clause": f"<dt>{charter_title}, " in read,
        "names_contact": contact in read,
    }


def _direct(one: Mapping[str, Any]) -> dict[str, Any]:
    """A connection to a site beside the proxy."""
    try:
        with socket.create_connection((one["host"], one["port"]), timeout=_DIRECT_SECONDS):
            passed, detail = True, "connected"
    except OSError as error:
        passed, detail = False, str(error)
    return {**one, "passed": passed, "detail": detail}


def _configuration(url: str, plan: Mapping[str, Any]) -> dict[str, Any]:
    """What a browser is given when it asks where the proxy is, and whether anything else is served there."""
    parts = urlsplit(url)
    found: dict[str, Any] = {"url": url, "served": False, "names_proxy": False, "only_proxy": False, "detail": ""}
    try:
        where = (parts.hostname or "", parts.port or 80)
        answer = ask(where, "GET", parts.path, headers={"Host": parts.netloc})
        other = ask(where, "GET", "/", headers={"Host": parts.netloc})
    except WebError as error:
        return {**found, "detail": str(error), "nothing_else": False}
    return {
        **found,
        "served": answer.status == 200 and answer.headers.get("content-type", "").startswith("application/x-ns-proxy"),
        "names_proxy": f"PROXY {plan['proxy']['pac_host']}:{plan['proxy']['port']}" in answer.body,
        "only_proxy": bool(_PROXY_ONLY.search(answer.body)),
        "nothing_else": other.status == 404,
        "detail": f"{answer.status} {answer.headers.get('content-type', '')}",
    }


def checked(tickets: Mapping[str, str], attempts: Sequence[Mapping[str, Any]]) -> str | None:
    """Why the arguments cannot be used; None when they can."""
    for login, ticket in tickets.items():
        try:
            base64.b64decode(ticket, validate=True)
        except (binascii.Error, ValueError):
            return f"the ticket of {login} is no base64; give it as share_tickets_info returns it"
    return None if attempts else "the plan tries nothing; give the site's lists to the filter web_access_plan"
