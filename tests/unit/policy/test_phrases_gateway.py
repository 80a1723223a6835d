"""What is observed of the gateway reaches a French reader in French, whichever way it is out of order."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from ansible.module_utils.linux.log_trail import misfiled
from ansible.module_utils.policy.monitoring import CONSULTATION, NOTICE, gate
from ansible.module_utils.policy.phrases import PHRASES, WITHIN, said
from ansible.module_utils.policy.phrases_gateway import GATEWAY_PHRASES, GATEWAY_WITHIN

from tests.unit.dns import test_computed_dns as dns
from tests.unit.policy import test_computed_firewall as firewall
from tests.unit.policy import test_computed_logs as logs
from tests.unit.policy import test_computed_vpn as vpn
from tests.unit.policy import test_computed_web_filter as web_filter
from tests.unit.policy.test_phrases import ENGLISH
from tests.unit.web_proxy import test_computed_web as web

Change = Callable[[dict[str, Any]], Any]

#: More words that no French sentence has.
MORE_ENGLISH = re.compile(
    r"\b(?:to|at|by|from|with|without|while|was|are|any|another|other|nothing|nobody|something|passes|refused|"
    r"absent from|allowed|asked|unreachable|answered|answer|reached|connected|resolved|served|ordinary|"
    r"administrator|forged|lines?|logs?|right|code|alone|used|lists?|former|told|started|scheduled|"
    r"boot|kernel|forwards?|input|output|accept|users|"
    r"servers|gateway|unnamed|files|web|pornography|drugs|headers|kept|keeps|tells|clients|seals|others|open|way|back|"
    r"beside|certificate|authority|revoked|disabled|group|turned|packed|young|search|searched|begun|alert|left|"
    r"tunnel|sent)\b",
    re.IGNORECASE,
)
#: French that looks English, and names of hosts, files and settings.
NAMES = re.compile(
    r"\b(?:avec le code|sans code|un code|et le code|code déjà|Code du travail|Web direct|filtre du Web|le code seul|"
    r"\S*\.\S+|\S*/\S+|\S+_\S+|DROP|REFUSED|log-queries)"
)
#: Words of the tests' own samples that no program writes.
SAMPLES = {
    "no answer",
    "a to b: passes, expected refused",
    "late",
    "hate: open",
    "another database",
    "alert: 3 % of the disk is left",
}


HOOKS = ("input", "forward", "output")
MISFILED = misfiled([{"folder": "dc1", "text": "marker-gw1 own line"}], "marker")
_DAYS = ((None, None), ("2026-11-20", "2026-11-20"))
OBSTACLES = [
    obstacle.partition(": ")[2]
    for consulted, informed in _DAYS
    for obstacle in gate(
        {CONSULTATION: {"signed_on": consulted}, NOTICE: {"signed_on": informed}},
        None,
        date(2026, 11, 19),
        date(2026, 11, 19),
        "charter.yml",
    ).obstacles
]


def table(test: Any) -> list[tuple[Any, Any]]:
    """What the cases of a test begin with: an observer, and a change that makes it offend."""
    return [tuple(case[:2]) for case in test.pytestmark[0].args[1]]


def each(observer: str, change: Callable[..., Any], *values: Any) -> list[tuple[str, Change]]:
    """The observer with the change for each value."""
    return [(observer, partial(_changed, change, value)) for value in values]


def _changed(change: Callable[..., Any], value: Any, facts: dict[str, Any]) -> None:
    change(facts, value)


def differing(facts: dict[str, Any], texts: tuple[str, str, str]) -> None:
    facts["firewall"]["differences"].append(dict(zip(("what", "observed", "expected"), texts, strict=True)))


def entered(facts: dict[str, Any], kind: str) -> None:
    vpn.attempts(facts, kind)[0].update(connected=True)


#: Ways to be out of order beside those of the observers' own tests, worded as the programs word them.
FIREWALL = [
    *each(
        "ruleset_differences",
        differing,
        ("users to internet: tcp/443", "passes", "refused"),
        ("guest (10.0.0.1 and 7 more) to gateway: IPv4 and IPv6 tcp/22", "refused", "passes"),
        ("anywhere to any other interface: any protocol", "passes", "refused"),
        ("table ip nat", "present", "absent"),
        ("addresses behind internet", "as they are", "translated"),
        ("addresses behind users", "translated", "as they are"),
        ("chaîne DROP, règle 3", "not understood", "a rule of this project"),
    ),
    *each("open_default_policies", lambda f, how: f["firewall"].update(policies=dict.fromkeys(HOOKS, how)), "none"),
    *each("refusals_without_a_trace", lambda f, hook: f["firewall"]["silent"].append(hook), *HOOKS),
]
DNS = [
    *each(
        "outside_names_unresolved",
        lambda f, detail: dns.answer(f, "outside").update(values=[], status=None, detail=detail),
        "no answer",
        "timed out",
    ),
    *each(
        "foreign_resolvers_reached",
        lambda f, detail: dns.attempt(f, "guest_resolution", way="tcp").update(reached=True, detail=detail),
        "answered NOERROR",
        "opened a connection",
        "turned away by the other host",
    ),
]
LOGS = [
    *each(
        "log_alerts",
        lambda f, text: f["logs"]["alerts"].append(text),
        "/var/log is not there",
        "/var/log/squid: 3 % of the disk is left",
        "gw1 has sent nothing for 60 minutes",
        "/var/log/x has 900 MB since its last turn",
        "/var/log/x has not been turned for 4 days",
        "/etc/log-retention.json cannot be read",
    ),
    *each("logs_that_did_not_arrive", lambda f, text: f["log_trail"]["missing"].append(text), "gw1: shares"),
    *each("what_senders_can_do", lambda f, text: f["log_trail"]["strangers"].append(text), "stranger"),
    *each("what_senders_can_do", lambda f, text: f["log_trail"]["misfiled"].append(text), *MISFILED),
    *each("monitoring_without_notice", lambda f, text: f["logs"]["monitoring"].update(obstacles=[text]), *OBSTACLES),
]
VPN = [
    *each("entered_without_their_certificate", entered, "no_certificate", "foreign_authority", "other_login"),
    *each("entered_with_a_revoked_certificate", entered, "revoked"),
    *each("entered_without_a_second_factor", entered, "no_code", "wrong_code", "replayed_code"),
    *each("entered_without_being_entitled", entered, "not_in_group", "disabled"),
    *each(
        "what_an_entitled_person_misses",
        lambda f, change: change(f),
        *(change for change, _ in table(vpn.test_what_an_entitled_person_misses_is_told)),
    ),
    *each(
        "what_is_wrong_with_the_provider_tunnel",
        lambda f, found: f["vpn_access"]["peer"].update(found),
        {"tunnel": False, "clear": True},
    ),
    *each(
        "administered_without_a_second_factor",
        lambda f, found: f["second_factor"].update(found),
        {"with_password_alone": True, "with_code_alone": True, "with_wrong_code": True, "with_used_code": True},
        {"with_password_and_code": False},
    ),
]
WEB = [
    *each("web_reached_without_login", lambda f, n: f["web_login"].update({n: "allowed"}), "no_login", "no_password"),
    *each("web_logins_that_do_not_work", lambda f, answer: f["web_login"].update(right_password=answer), "refused"),
    *each(
        "refusals_without_explanation",
        lambda f, part: web.about(f, "category")["page"].update({part: False}),
        *("reason", "names_clause", "names_contact", "french"),
    ),
    *each(
        "forbidden_categories_reached",
        lambda f, how: web.about(f, "category").update(how, answer="allowed"),
        {"method": "CONNECT"},
        {"kind": "forged", "name": "illegal_copies"},
        {"kind": "downloads GG_Informatique"},
    ),
    *each(
        "silences_that_open",
        lambda f, name: f["web_proxy"]["silence"][name].update(refused=False),
        *("directory", "filter"),
    ),
    *each(
        "browsers_left_without_proxy",
        lambda f, part: f["web_access"]["configuration"][0].update({part: False}),
        *("served", "names_proxy", "only_proxy", "nothing_else"),
    ),
    *each(
        "requests_without_a_name",
        lambda f, logged: f["web_proxy"]["trail"]["requests"][0].update(under_name=False, logged=logged),
        *(True, False),
    ),
    *each(
        "what_the_proxy_keeps_or_tells",
        lambda f, found: f["web_proxy"]["settings"].update(found),
        {"kept_pages": True, "log_headers": True, "tells_of_itself": True, "tells_of_clients": True},
        {"decrypts": ["ssl_bump"], "stores": ["cache_dir"]},
    ),
    *each(
        "what_the_proxy_keeps_or_tells",
        lambda f, text: f["web_proxy"]["trail"]["contents"].append(text),
        "access.log: what a request of exception GG_Informatique carried",
    ),
    *each("weak_keys_of_the_proxy", lambda f, name: f["web_proxy"]["keys"].update({name: True}), "open_to_others"),
]
WEB_FILTER = [
    *each(
        "witnesses_not_refused",
        lambda f, text: f["canary"]["wrong"].append(text),
        "drugs: the lists say 'OK category_=none' of its canary",
        "the lists say 'OK category_=drugs' of a name that is in none",
        "pornography: the proxy does not refuse its canary: no answer: timed out",
        "no category is closed",
        "the proxy refuses every name: its refusals prove nothing",
        "the canary cannot ask: 1",
    ),
    *each(
        "answers_without_lists",
        lambda f, name: f["without_lists"][0].update(lists=name, refused=False, answer="no answer"),
        *("missing", "empty", "broken"),
    ),
    *each(
        "broken_lists_taken",
        lambda f, name: f["bad_sources"][0].update(source=name, kept=False),
        *("cut short", "empty", "shrunken", "not an archive", "leaving its folder", "gone"),
    ),
    *each(
        "list_update_troubles",
        lambda f, text: f["update"].update(error=text),
        "https://lists.example/a: empty; https://lists.example/b: 12 bytes came of 40",
        "https://lists.example/a: cannot be fetched: timed out",
        "another update is running",
        "the new database does not know its canary adult.trial.test",
        "no category has a list",
    ),
    *each(
        "list_update_troubles",
        lambda f, text: f["update"]["troubles"].append(f"toulouse/adult: {text}"),
        "https://lists.example/a: cannot be fetched: [Errno 113] No route to host",
        "https://lists.example/a: more than 900 bytes",
        "https://lists.example/a: broken or cut short: -3",
        "https://lists.example/a: no list of it is wanted",
        "the source has no such list",
        "4 of 9 lines are no names",
        "2 domains where there were 900, and there is no former version to keep",
        "the list is empty",
    ),
    *each(
        "list_differences",
        lambda f, text: f["differences"].append(text),
        "no lists are in force",
        "the database is not the one that was made",
        "toulouse/adult: 3 domains, 900 when it was made",
        "/etc/web-filter.json is missing; bring the gateway in line first",
    ),
]
SEEN: list[tuple[Any, str, Change]] = [
    (observers, name, change)
    for observers, more, own in (
        (firewall, FIREWALL, firewall.test_what_offends_is_said),
        (dns, DNS, dns.test_what_offends_is_said),
        (logs, LOGS, logs.test_what_offends_is_named),
        (vpn, VPN, None),
        (web, WEB, web.test_what_offends_is_named),
        (web_filter, WEB_FILTER, web_filter.test_what_offends_is_said),
    )
    for name, change in [*(table(own) if own else ()), *more]
]


@pytest.mark.parametrize(
    ("observers", "name", "change"), SEEN, ids=[f"{name}-{number}" for number, (_, name, _) in enumerate(SEEN)]
)
def test_what_is_observed_of_the_gateway_is_french_in_a_french_report(
    observers: Any, name: str, change: Change
) -> None:
    lines = observers.observed(name, change)
    assert lines
    for line in lines:
        if line in SAMPLES:
            continue
        shown = said(line, "fr")
        left = NAMES.sub("", shown)
        assert not ENGLISH.search(left), shown
        assert not MORE_ENGLISH.search(left), shown


def test_every_phrase_of_the_gateway_stands_in_the_table() -> None:
    assert GATEWAY_PHRASES.items() <= PHRASES.items()
    assert set(GATEWAY_WITHIN) <= set(WITHIN)


def test_what_is_worded_within_a_line_keeps_its_names() -> None:
    assert [pair for pair in WITHIN if pair[0].count("{") != pair[1].count("{")] == []
