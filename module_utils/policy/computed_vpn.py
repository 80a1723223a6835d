"""Observations about remote access that are worked out from several facts; see computed for how they are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.module_utils.policy.facts import Facts, MissingFact
from ansible.module_utils.policy.phrases import say

_CODES = ("no_code", "wrong_code", "replayed_code")
_CERTIFICATES = ("no_certificate", "foreign_authority", "other_login")
_ENTITLEMENTS = ("not_in_group", "disabled")
#: Refused once the certificate is taken: the gateway says so. Before that it says nothing, and silence is the refusal.
_TOLD = (*_CODES, *_ENTITLEMENTS, "other_login")
_REFUSED = "AUTH_FAILED"


def _entitled(facts: Facts) -> list[Facts]:
    found = [each for each in facts["vpn_access"]["attempts"].some() if each["kind"] == "entitled"]
    if not found:
        raise MissingFact("vpn_access.attempts: nobody entitled was tried")
    return found


def _entered(facts: Facts, *kinds: str) -> list[str]:
    """Attempts of these kinds that got in. A service that lets nobody in proves nothing: somebody entitled must be let in."""
    attempts = [each for each in facts["vpn_access"]["attempts"].some() if each["kind"] in kinds]
    missing = set(kinds) - {str(each["kind"]) for each in attempts}
    if missing:
        raise MissingFact(f"vpn_access.attempts: {', '.join(sorted(missing))} was not tried")
    silent = {
        str(each["kind"])
        for each in attempts
        if each["kind"] in _TOLD and not each["connected"] and each["detail"] != _REFUSED
    }
    if silent:
        raise MissingFact(f"vpn_access.attempts: {', '.join(sorted(silent))} got no answer, which is no refusal")
    entered = [say(f"entered_{each['kind']}") for each in attempts if each["connected"]]
    if not entered and not all(each["connected"] for each in _entitled(facts)):
        raise MissingFact("vpn_access.attempts: nobody was let in at all, so that a refusal proves nothing")
    return entered


def what_an_entitled_person_misses(facts: Facts) -> list[str]:
    """What somebody with everything in order does not get; and what is reached without connecting at all."""
    found = []
    for each in _entitled(facts):
        if not each["connected"]:
            found.append(say("not_connected", each["detail"]))
            continue
        found += [
            say("not_reached", f"{one['address']}:{one['port']}")
            for one in each["reached"].some()
            if not one["reached"]
        ]
        found += [say("not_resolved", one["name"]) for one in each["resolved"].some() if not one["resolved"]]
    open_ = [one for one in facts["vpn_access"]["in_clear"].some() if one["reached"]]
    return sorted(set(found)) + [say("reached_in_clear", f"{one['address']}:{one['port']}") for one in open_]


def passed_from_remote_access(facts: Facts) -> list[str]:
    """What answers somebody who has come in, or the provider's machine, and is in no flow."""
    connected = [each for each in _entitled(facts) if each["connected"]]
    if not connected:
        raise MissingFact("vpn_access.attempts: nobody was let in, so that nothing was tried from inside")
    found = [one for each in connected for one in each["passed"].some() if one["reached"]]
    found += [one for one in facts["vpn_access"]["peer"]["passed"] if one["reached"]]
    return sorted({f"{one['address']}:{one['port']}" for one in found})


def entered_without_their_certificate(facts: Facts) -> list[str]:
    """Ways in without a certificate, with one of another authority, or with somebody else's."""
    return _entered(facts, *_CERTIFICATES)


def entered_with_a_revoked_certificate(facts: Facts) -> list[str]:
    """Ways in with a certificate that is on the list of revoked ones."""
    return _entered(facts, "revoked")


def entered_without_a_second_factor(facts: Facts) -> list[str]:
    """Ways in without a code, with a wrong one, with a used one."""
    return _entered(facts, *_CODES)


def entered_without_being_entitled(facts: Facts) -> list[str]:
    """Ways in for people outside the group, and for disabled accounts."""
    return _entered(facts, *_ENTITLEMENTS)


def tunnel_that_laptops_get(facts: Facts) -> str:
    """full or split, as the gateway tells those that connect."""
    connected = [each for each in _entitled(facts) if each["connected"]]
    if not connected:
        raise MissingFact("vpn_access.attempts: nobody was let in, so that no routes were told")
    return "full" if all(each["full"] for each in connected) else "split"


def oldest_tls_of_remote_access(facts: Facts) -> float:
    """The oldest version of TLS in which the gateway speaks."""
    spoken = [
        float(str(each["tls"]))
        for each in facts["vpn_access"]["attempts"].some()
        if str(each["kind"]).startswith("tls_") and each["tls"]
    ]
    if not spoken:
        raise MissingFact("vpn_access.attempts: no version of TLS was spoken")
    return min(spoken)


def what_is_wrong_with_the_provider_tunnel(facts: Facts) -> list[str]:
    """Why the provider's backup is not reached as it should be."""
    peer = facts["vpn_access"]["peer"]
    reasons = (
        (not peer["tunnel"], "not_through_tunnel"),
        (bool(peer["clear"]), "beside_tunnel"),
    )
    return [say(why) for wrong, why in reasons if wrong]


def administered_without_a_second_factor(facts: Facts) -> list[str]:
    """What opens an administrator's session and should not; and that nothing does, which is no way to administer."""
    tried = facts["second_factor"]
    refused = ("with_password_alone", "with_code_alone", "with_wrong_code", "with_used_code")
    entered = [name for name in refused if tried[name]]
    if not entered and not tried["with_password_and_code"]:
        return [say("not_opened")]
    return [say(f"opened_{name}") for name in entered]


#: By the name that the catalogue gives them.
VPN_OBSERVERS: dict[str, Callable[[Facts], Any]] = {
    function.__name__: function
    for function in (
        what_an_entitled_person_misses,
        passed_from_remote_access,
        entered_without_their_certificate,
        entered_with_a_revoked_certificate,
        entered_without_a_second_factor,
        entered_without_being_entitled,
        tunnel_that_laptops_get,
        oldest_tls_of_remote_access,
        what_is_wrong_with_the_provider_tunnel,
        administered_without_a_second_factor,
    )
}
