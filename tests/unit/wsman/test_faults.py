"""A refusal is told by its codes, the innermost first; the sentence may be in any language."""

from __future__ import annotations

import pytest
from ansible.module_utils.wsman import faults
from ansible.module_utils.wsman.answers import AnswerError

from tests.unit.wsman import samples

_DENIED = ("Access is denied.", "Accès refusé.", "Zugriff verweigert")


@pytest.mark.parametrize("text", _DENIED)
@pytest.mark.parametrize("code", [5, 2150859012, 2150859013, 2150859014])
def test_access_denied_is_the_same_in_every_language(code: int, text: str) -> None:
    found = faults.decode(samples.fault(code, text))
    assert found is not None
    assert found.kind == faults.DENIED
    assert "local administrator" in str(found)


@pytest.mark.parametrize(
    ("inside", "kind"),
    [
        (0x8004100E, faults.NOT_HERE),
        (0x80041010, faults.NOT_HERE),
        (0x80041003, faults.DENIED),
        (0x80041017, faults.BAD_QUERY),
        (0x80041002, faults.NOT_FOUND),
        (0x8004106C, faults.BUSY),
    ],
)
def test_what_wmi_says_inside_weighs_more_than_what_stands_around_it(inside: int, kind: str) -> None:
    found = faults.decode(samples.fault(2150859002, "Fehler", inside=inside))
    assert found is not None
    assert (found.kind, found.codes) == (kind, (2150859002, inside))


def test_the_code_of_winrm_2_stands_in_the_sentence_alone() -> None:
    text = "Le service WMI a renvoyé une erreur inconnue : HRESULT 0x8004100e"
    found = faults.decode(samples.fault(2150858999, text))
    assert found is not None
    assert found.kind == faults.NOT_HERE


@pytest.mark.parametrize(
    ("code", "kind"),
    [(2150858793, faults.TOO_SLOW), (2150859174, faults.BUSY), (2150858843, faults.NO_SHELL)],
)
def test_a_timeout_a_quota_and_a_lost_shell_are_told_apart(code: int, kind: str) -> None:
    found = faults.decode(samples.fault(code, "x"))
    assert found is not None
    assert found.kind == kind


def test_a_code_that_is_not_known_is_told_as_it_came() -> None:
    found = faults.decode(samples.fault(4711, "Irgendetwas"))
    assert found is not None
    assert found.kind == faults.UNKNOWN
    assert "4711" in str(found)
    assert "Irgendetwas" in str(found)


def test_a_fault_without_a_code_is_told_by_its_subcode() -> None:
    body = "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>w:AccessDenied</s:Value></s:Subcode></s:Code></s:Fault>"
    found = faults.decode(samples.answer(body))
    assert found is not None
    assert found.kind == faults.DENIED


def test_an_answer_without_a_fault_has_none_and_no_message_is_an_error() -> None:
    assert faults.decode(samples.answer(samples.first_page(""))) is None
    with pytest.raises(AnswerError):
        faults.decode(b"Service unavailable")
