"""Observations about the way to the Web that are worked out from several facts; see computed for how they are written.

What was not tried is no answer: an observation that finds nothing wrong says so only when all of its kind was tried.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.module_utils.policy.facts import Facts, MissingFact
from ansible.module_utils.policy.phrases import say

_REACHED = ("allowed", "unreachable")


def _tried(facts: Facts, subject: str) -> list[Facts]:
    """Attempts of a kind; none, or one that had no answer, says nothing."""
    found = [one for one in facts["web_access"]["attempts"].some() if one["subject"] == subject]
    if not found:
        raise MissingFact(f"web_access.attempts: none about {subject}")
    return found


def _all_answered(facts: Facts) -> None:
    for one in facts["web_access"]["untried"]:
        raise MissingFact(f"web_access.untried: {one['kind']}, {one['target']}: {one['reason']}")


def _said(one: Facts) -> str:
    return say(f"asked_{str(one['method']).lower()}", one["kind"], one["name"], one["answer"])


def _where(facts: Facts, subject: str, wrong: Callable[[Facts], bool]) -> list[str]:
    found = sorted({_said(one) for one in _tried(facts, subject) if wrong(one)})
    if not found:
        _all_answered(facts)
    return found


def _let_through(facts: Facts, subject: str) -> list[str]:
    """What should have been refused for that reason and was not: another reason would leave it open one day."""
    return _where(facts, subject, lambda one: one["answer"] != "refused" or one["page"]["reason"] != one["reason"])


def web_reached_without_login(facts: Facts) -> list[str]:
    """Ways without a good login that are not asked for one."""
    login = facts["web_login"]
    tries = ("no_login", "no_password", "wrong_password", "closed_account")
    found = [say(f"login_{name}", login[name]) for name in tries if login[name] not in ("asked", "refused")]
    return found + _where(facts, "anonymous", lambda one: one["answer"] != "asked")


def web_logins_that_do_not_work(facts: Facts) -> list[str]:
    """Logins that should open the Web: a ticket of the session, and the password."""
    password = facts["web_login"]["right_password"]
    found = [say("login_right_password", password)] if password not in _REACHED else []
    return found + _where(facts, "allowed", lambda one: one["answer"] == "asked")


def forbidden_categories_reached(facts: Facts) -> list[str]:
    """Closed categories whose test name is not refused as such."""
    return _let_through(facts, "category")


def legitimate_sites_refused(facts: Facts) -> list[str]:
    """Sites that should open and do not."""
    return _where(facts, "allowed", lambda one: one["answer"] != "allowed")


def exceptions_that_do_not_open(facts: Facts) -> list[str]:
    """What an exception promises and the filter refuses; a site without exceptions has none to try."""
    if not any(one["subject"] == "exception" for one in facts["web_access"]["attempts"].some()):
        _all_answered(facts)
        return []
    return _where(facts, "exception", lambda one: one["answer"] not in _REACHED)


def refusals_without_explanation(facts: Facts) -> list[str]:
    """Refusals whose page lacks the reason, the clause, the contact, or is not in French."""
    refused = [one for one in facts["web_access"]["attempts"].some() if one["answer"] == "refused"]
    if not refused:
        raise MissingFact("web_access.attempts: nothing was refused")
    parts = ("reason", "names_clause", "names_contact", "french")
    return sorted({say(f"page_{part}", _said(one)) for one in refused for part in parts if not one["page"][part]})


def messaging_reached(facts: Facts) -> list[str]:
    """Unapproved messaging that is not refused."""
    return _let_through(facts, "messaging")


def approved_tools_refused(facts: Facts) -> list[str]:
    """Approved tools that are refused."""
    return _where(facts, "approved", lambda one: one["answer"] not in _REACHED)


def personal_mail_reached(facts: Facts) -> list[str]:
    """Personal mail services that are not refused."""
    return _let_through(facts, "personal_mail")


def sharing_reached(facts: Facts) -> list[str]:
    """Peer to peer services that are not refused."""
    return _let_through(facts, "sharing")


def download_types_refused(facts: Facts) -> list[str]:
    """Kinds of files that are refused to somebody without a right to them."""
    tried = [one for one in _tried(facts, "download") if one["expected"] == "refused"]
    _all_answered(facts)
    return sorted(
        {str(one["name"]) for one in tried if one["answer"] == "refused" and one["page"]["reason"] == "download"}
    )


def downloads_refused_to_support(facts: Facts) -> list[str]:
    """Kinds of files that are refused to those who install them."""
    return _where(facts, "download", lambda one: one["expected"] == "allowed" and one["answer"] not in _REACHED)


def administrators_with_internet(facts: Facts) -> list[str]:
    """What an administrator's account reaches."""
    return _let_through(facts, "admin")


def bypasses_that_work(facts: Facts) -> list[str]:
    """Ways round the filter, through the proxy and beside it."""
    beside = [
        say("beside_proxy", f"{one['host']}:{one['port']}")
        for one in facts["web_access"]["direct"].some()
        if one["passed"]
    ]
    return beside + _let_through(facts, "bypass")


def silences_that_open(facts: Facts) -> list[str]:
    """What may be silent without closing the Web."""
    silence = facts["web_proxy"]["silence"]
    return [say(f"open_without_{name}") for name in ("directory", "filter") if not silence[name]["refused"]]


def browsers_left_without_proxy(facts: Facts) -> list[str]:
    """What is wrong with where browsers look for the proxy."""
    parts = ("served", "names_proxy", "only_proxy", "nothing_else")
    return [
        say(f"pac_{part}", one["url"], one["detail"])
        for one in facts["web_access"]["configuration"].some()
        for part in parts
        if not one[part]
    ]


def requests_without_a_name(facts: Facts) -> list[str]:
    """Requests of the trial that are not in the log under their author's name."""
    return [
        say("under_another_name" if one["logged"] else "without_a_line", one["kind"], one["person"])
        for one in facts["web_proxy"]["trail"]["requests"].some()
        if not one["under_name"]
    ]


def what_the_proxy_keeps_or_tells(facts: Facts) -> list[str]:
    """Content that is decrypted, kept or logged, and what other sites are told."""
    settings = facts["web_proxy"]["settings"]
    tried = facts["web_proxy"]["trail"]
    tried["requests"].some()
    wrong = [str(each) for each in tried["contents"].plain()]
    wrong += [say("decrypts", each) for each in settings["decrypts"].plain()]
    wrong += [say("stores", each) for each in settings["stores"].plain()]
    for name in ("kept_pages", "log_headers", "tells_of_itself", "tells_of_clients"):
        wrong += [say(name)] if settings[name] else []
    return wrong


def weak_keys_of_the_proxy(facts: Facts) -> list[str]:
    """What is wrong with the keys that the proxy knows tickets by."""
    keys = facts["web_proxy"]["keys"]
    return [say(f"keys_{name}") for name in ("open_to_others", "old_seals") if keys[name]]


#: By the name that the catalogue gives them.
WEB_OBSERVERS: dict[str, Callable[[Facts], Any]] = {
    function.__name__: function
    for function in (
        web_reached_without_login,
        web_logins_that_do_not_work,
        forbidden_categories_reached,
        legitimate_sites_refused,
        exceptions_that_do_not_open,
        refusals_without_explanation,
        messaging_reached,
        approved_tools_refused,
        personal_mail_reached,
        sharing_reached,
        download_types_refused,
        downloads_refused_to_support,
        administrators_with_internet,
        bypasses_that_work,
        silences_that_open,
        browsers_left_without_proxy,
        requests_without_a_name,
        what_the_proxy_keeps_or_tells,
        weak_keys_of_the_proxy,
    )
}
