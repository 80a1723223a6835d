"""Remote access in the report: who gets in and who does not, as it was tried."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils.policy.report import remote_view
from ansible.module_utils.policy.report.remote_view import Remote
from ansible.module_utils.policy.report.tellings import Told

from tests.unit.policy.samples import gateway_remote
from tests.unit.policy.samples.page import plain


def remote(change: Callable[[dict[str, Any]], object] = lambda facts: None) -> Remote:
    facts = gateway_remote.facts()
    change(facts["vpn_access"])
    found = remote_view.remote(gateway_remote.evidence(facts), "fr")
    assert isinstance(found, Remote)
    return found


def told(facts: tuple[Told, ...], verdict: str) -> list[str]:
    return [plain(each.text) for each in facts if each.verdict == verdict]


def of(facts: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(each for each in facts["attempts"] if each["kind"] == kind)


def test_a_trial_that_went_as_it_should() -> None:
    found = remote()
    assert found.verdict == "pass"
    assert plain(found.summary) == "Essais : 11, tous avec l’issue prévue."
    assert "un certificat de la maison, le mot de passe, un code à usage unique" in " ".join(told(found.facts, "pass"))
    assert plain(found.route).startswith("Seul ce qui va à la maison")
    assert len(found.tries) == 10  # the last attempt repeats the first


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("no_code", "On entre sans : un code à usage unique."),
        ("no_certificate", "On entre sans : un certificat de la maison."),
        ("revoked", "Un certificat révoqué sert encore."),
        ("not_in_group", "Quelqu’un qui n’est pas sur la liste, ou qui est parti, entre."),
    ],
)
def test_whoever_should_be_refused_and_gets_in_turns_a_sentence(kind: str, said: str) -> None:
    found = remote(lambda facts: of(facts, kind).update(connected=True))
    assert told(found.facts, "fail") == [said]
    assert found.verdict == "fail"


def test_whoever_is_entitled_and_refused_is_a_failure() -> None:
    assert remote(lambda facts: of(facts, "entitled").update(connected=False)).verdict == "fail"


@pytest.mark.parametrize("kind", ["no_code", "no_certificate", "revoked", "not_in_group"])
def test_an_attempt_that_was_not_made_is_no_refusal(kind: str) -> None:
    def left_out(facts: dict[str, Any]) -> None:
        facts["attempts"] = [each for each in facts["attempts"] if each["kind"] != kind]

    assert remote(left_out).verdict == "not_evaluated"


@pytest.mark.parametrize(("peer", "verdict"), [({}, "not_evaluated"), ({"tunnel": False, "clear": False}, "fail")])
def test_the_link_to_the_far_backup_is_judged_on_its_own(peer: dict[str, bool], verdict: str) -> None:
    assert remote(lambda facts: facts.update(peer=peer)).verdict == verdict


def test_an_outdated_version_that_is_spoken_turns_its_sentence() -> None:
    found = remote(lambda facts: of(facts, "tls_1.0").update(tls="1.0"))
    assert told(found.facts, "fail") == ["La liaison accepte une version dépassée du chiffrement (TLS 1.0)."]


def test_a_service_that_lets_nobody_in_proves_no_refusal() -> None:
    def down(facts: dict[str, Any]) -> None:
        for each in facts["attempts"]:
            each["connected"] = False

    found = remote(down)
    assert {each.verdict for each in found.tries} == {"fail", "not_evaluated"}
    assert "Un certificat révoqué ne sert plus." not in told(found.facts, "pass")


def test_administration_without_a_code_turns_its_sentence() -> None:
    facts = gateway_remote.facts()
    facts["second_factor"]["with_password_alone"] = True
    found = remote_view.remote(gateway_remote.evidence(facts), "fr")
    assert isinstance(found, Remote)
    assert told(found.facts, "fail") == ["Une machine s’administre sans code à usage unique, ou ne s’administre plus."]
