"""Answers are read as they travel; what is no answer to the question is an error and never an empty result."""

from __future__ import annotations

from xml.sax.saxutils import escape

import pytest
from ansible.module_utils.wsman import answers, names
from ansible.module_utils.wsman.answers import AnswerError, Reference
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.wsman import samples

_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1)


def test_rows_of_a_projection_have_no_namespace_and_nulls_are_none() -> None:
    row = samples.fragment(("Caption", "Éditeur « ouvert »"), ("CSDVersion", None), ("Capacity", "8589934592"))
    page = answers.page(samples.answer(samples.first_page(row)), "A1")
    assert page.rows == ({"Caption": "Éditeur « ouvert »", "CSDVersion": None, "Capacity": "8589934592"},)
    assert page.context is None


def test_an_instance_with_all_its_properties_is_read_the_same_way() -> None:
    inner = "<p:Name>PC</p:Name><p:Tags>a</p:Tags><p:Tags>b</p:Tags><p:On>true</p:On>"
    inner += "<p:InstallDate><cim:Datetime>2013-03-09T03:06:25Z</cim:Datetime></p:InstallDate>"
    page = answers.page(samples.answer(samples.first_page(samples.whole("Win32_X", inner))))
    assert page.rows == ({"Name": "PC", "Tags": ["a", "b"], "On": "true", "InstallDate": "2013-03-09T03:06:25Z"},)


def test_a_page_that_is_not_the_last_says_where_to_go_on() -> None:
    row = samples.fragment(("Name", "a"))
    first = samples.answer(samples.first_page(row, "uuid:7", ended=False))
    assert answers.page(first).context == "uuid:7"
    following = samples.answer(samples.next_page(row, "uuid:8", ended=False))
    assert answers.page(following).context == "uuid:8"
    assert answers.page(samples.answer(samples.next_page(row))).context is None


def test_a_first_page_without_rows_but_with_a_context_is_not_the_end() -> None:
    body = "<n:EnumerateResponse><n:EnumerationContext>uuid:9</n:EnumerationContext></n:EnumerateResponse>"
    page = answers.page(samples.answer(body))
    assert page.rows == ()
    assert page.context == "uuid:9"


def test_a_reference_names_the_class_and_the_keys() -> None:
    body = samples.first_page(samples.fragment(("PartComponent", samples.member("Win32_Group", "SITE", "Équipe"))))
    found = answers.page(samples.answer(body)).rows[0]["PartComponent"]
    assert isinstance(found, Reference)
    assert (found.class_name, found.key("domain"), found.key("Name")) == ("Win32_Group", "SITE", "Équipe")


def test_an_array_of_nothing_of_one_and_of_several_is_a_list() -> None:
    assert [answers.listed(value) for value in (None, "a", ["a", "b"])] == [[], ["a"], ["a", "b"]]


def test_the_output_of_a_method_has_its_return_value() -> None:
    body = samples.method_output("EnumKey", "<p:sNames>a</p:sNames><p:sNames>b</p:sNames>")
    assert answers.output(samples.answer(body), "EnumKey") == {"sNames": ["a", "b"], "ReturnValue": "0"}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (samples.method_output("EnumValues", ""), "EnumValues_OUTPUT where EnumKey_OUTPUT"),
        (samples.method_output("EnumKey", "").replace("<p:ReturnValue>0</p:ReturnValue>", ""), "no ReturnValue"),
        ("", "nothing where EnumKey_OUTPUT"),
    ],
)
def test_the_output_of_another_method_is_no_answer(body: str, told: str) -> None:
    with pytest.raises(AnswerError, match=told):
        answers.output(samples.answer(body), "EnumKey")


def test_an_answer_to_another_message_is_refused() -> None:
    with pytest.raises(AnswerError, match="another message"):
        answers.page(samples.answer(samples.first_page(""), relates="ZZ"), "A1")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><body>login</body></html>",
        b"<broken",
        b"\xff\xfe<",
        b'<!DOCTYPE x [<!ENTITY a "b">]><s/>',
        '<?xml version="1.0"?><!DOCTYPE x><x/>'.encode("utf-16"),
    ],
)
def test_what_is_no_envelope_is_an_error(data: bytes) -> None:
    with pytest.raises(AnswerError):
        answers.page(data)


def test_the_output_of_a_command_is_put_together_and_its_end_is_told() -> None:
    text = "Éditeur\r\n".encode()
    done = answers.command_output(samples.answer(samples.written(text, code=1)))
    assert (done.stdout, done.done, done.exit_code) == (text, True, 1)
    running = answers.command_output(samples.answer(samples.written(text, done=False)))
    assert (running.done, running.exit_code) == (False, None)


def test_a_shell_and_a_command_are_found_by_their_names() -> None:
    assert answers.shell_id(samples.answer(samples.shell_made("S-1"))) == "S-1"
    assert answers.command_id(samples.answer(samples.command_started("C-1"))) == "C-1"
    with pytest.raises(AnswerError, match="no shell"):
        answers.shell_id(samples.answer("<x:ResourceCreated/>"))


def test_who_answers_is_read() -> None:
    body = f'<i:IdentifyResponse xmlns:i="{names.IDENTITY}"><i:ProductVersion>OS: 6.1.7601 SP: 1.0 Stack: 2.0</i:ProductVersion>'
    assert answers.identity(samples.answer(f"{body}</i:IdentifyResponse>"))["ProductVersion"].endswith("2.0")


@given(_TEXT, _TEXT)
def test_any_text_comes_back_as_it_was(first: str, second: str) -> None:
    row = samples.fragment(("A", escape(first)), ("B", escape(second)))
    found = answers.page(samples.answer(samples.first_page(row))).rows[0]
    assert found == {"A": first, "B": second}
