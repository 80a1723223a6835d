"""Observations of remote access: empty when healthy, what offends when not, and nothing when it was not tried."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils.policy.computed_vpn import VPN_OBSERVERS
from ansible.module_utils.policy.facts import Facts, MissingFact

from tests.unit.policy import samples_vpn as samples

Change = Callable[[dict[str, Any]], Any]
VALUES = {"tunnel_that_laptops_get": "full", "oldest_tls_of_remote_access": 1.2}


def observed(name: str, change: Change = lambda facts: None) -> Any:
    facts = samples.facts()
    change(facts)
    return VPN_OBSERVERS[name](Facts(facts, "", set()))


def attempts(facts: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [each for each in facts["vpn_access"]["attempts"] if each["kind"] == kind]


def nobody_gets_in(facts: dict[str, Any]) -> None:
    for each in attempts(facts, "entitled"):
        each.update(connected=False, detail="no answer")


@pytest.mark.parametrize("name", VPN_OBSERVERS)
def test_a_healthy_remote_access_offends_in_nothing(name: str) -> None:
    assert observed(name) == VALUES.get(name, [])


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *(
            ("entered_without_their_certificate", kind)
            for kind in ("no_certificate", "foreign_authority", "other_login")
        ),
        ("entered_with_a_revoked_certificate", "revoked"),
        *(("entered_without_a_second_factor", kind) for kind in ("no_code", "wrong_code", "replayed_code")),
        *(("entered_without_being_entitled", kind) for kind in ("not_in_group", "disabled")),
    ],
)
def test_who_gets_in_and_should_not_is_told(name: str, kind: str) -> None:
    assert observed(name, lambda facts: attempts(facts, kind)[0].update(connected=True)) == [kind]


@pytest.mark.parametrize("name", [name for name in VPN_OBSERVERS if name.startswith("entered_")])
def test_a_service_that_lets_nobody_in_proves_no_refusal(name: str) -> None:
    with pytest.raises(MissingFact, match="nobody was let in"):
        observed(name, nobody_gets_in)


@pytest.mark.parametrize("name", [name for name in VPN_OBSERVERS if name.startswith("entered_")])
def test_an_attempt_that_was_not_made_proves_nothing(name: str) -> None:
    def entitled_only(facts: dict[str, Any]) -> None:
        facts["vpn_access"]["attempts"] = attempts(facts, "entitled")

    with pytest.raises(MissingFact, match="was not tried"):
        observed(name, entitled_only)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("entered_without_their_certificate", "other_login"),
        *(("entered_without_a_second_factor", kind) for kind in ("no_code", "wrong_code", "replayed_code")),
        *(("entered_without_being_entitled", kind) for kind in ("not_in_group", "disabled")),
    ],
)
def test_silence_is_no_refusal_where_the_gateway_says_that_it_refuses(name: str, kind: str) -> None:
    with pytest.raises(MissingFact, match=f"{kind} got no answer"):
        observed(name, lambda facts: attempts(facts, kind)[0].update(detail="no answer"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: attempts(f, "entitled")[0]["reached"][0].update(reached=False), "not reached: 10.9.20.20:445"),
        (lambda f: attempts(f, "entitled")[1]["resolved"][0].update(resolved=False), "not resolved: fs1.example.lan"),
        (lambda f: f["vpn_access"]["in_clear"][0].update(reached=True), "reached without a tunnel: 10.9.20.20:445"),
        (nobody_gets_in, "not connected: no answer"),
    ],
)
def test_what_an_entitled_person_misses_is_told(change: Change, said: str) -> None:
    assert observed("what_an_entitled_person_misses", change) == [said]


def test_a_tunnel_that_one_connection_does_not_get_in_full_is_split() -> None:
    assert observed("tunnel_that_laptops_get", lambda f: attempts(f, "entitled")[1].update(full=False)) == "split"


def test_an_old_tls_that_is_spoken_is_seen() -> None:
    assert observed("oldest_tls_of_remote_access", lambda f: attempts(f, "tls_1.0")[0].update(tls="1.0")) == 1.0


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"tunnel": False}, "not reached through the tunnel"), ({"clear": True}, "reached beside the tunnel")],
)
def test_the_provider_is_reached_through_the_tunnel_only(changed: dict[str, bool], said: str) -> None:
    assert observed("what_is_wrong_with_the_provider_tunnel", lambda f: f["vpn_access"]["peer"].update(changed)) == [
        said
    ]


def test_a_provider_that_nobody_was_asked_about_is_not_judged() -> None:
    with pytest.raises(MissingFact):
        observed("what_is_wrong_with_the_provider_tunnel", lambda f: f["vpn_access"].update(peer={}))


@pytest.mark.parametrize("way", ["with_password_alone", "with_code_alone", "with_wrong_code", "with_used_code"])
def test_an_administrator_who_gets_in_without_both_is_told(way: str) -> None:
    assert observed("administered_without_a_second_factor", lambda f: f["second_factor"].update({way: True})) == [way]


def test_an_administration_that_nobody_reaches_is_told() -> None:
    closed = observed(
        "administered_without_a_second_factor", lambda f: f["second_factor"].update(with_password_and_code=False)
    )
    assert closed == ["not opened with password and code"]
