"""JUnit for CI: one case per control and host, and what was not measured never looks green."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from ansible.module_utils.policy.report import junit

from tests.unit.policy.samples.report import RULES, RUN, record, verdicts


def _parse(text: str) -> ET.Element:
    return ET.fromstring(text.encode())  # noqa: S314  (our own output)


def test_each_control_and_host_is_one_case() -> None:
    cases = [case.get("name") for case in _parse(junit.render(verdicts(), RUN)).iter("testcase")]
    assert cases == [f"{each['control']}[{each['host']}]" for each in sorted(verdicts(), key=_topic_order)]


def _topic_order(each: dict[str, str]) -> int:
    return list(dict.fromkeys(row["topic"] for row in RULES)).index(each["topic"])


def test_the_counts_agree_with_the_cases() -> None:
    root = _parse(junit.render(verdicts(), RUN))
    for element in (root, *root.iter("testsuite")):
        assert element.get("tests") == str(len(list(element.iter("testcase"))))
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert element.get(attribute) == str(len(list(element.iter(tag))))


def test_each_verdict_has_its_outcome() -> None:
    outcomes = {
        "pass": None,
        "fail": "failure",
        "not_evaluated": "error",
        "waived": "skipped",
        "not_applicable": "skipped",
    }
    for verdict, tag in outcomes.items():
        (case,) = _parse(junit.render([record(RULES[0], "dc1", verdict=verdict)], RUN)).iter("testcase")
        assert [child.tag for child in case] == ([tag] if tag else [])
        assert case.get("classname") == "passwords"


def test_a_failure_says_what_was_expected_and_observed() -> None:
    failure = _parse(junit.render([record(RULES[1], "dc1", verdict="fail", observed=180)], RUN)).find(".//failure")
    assert failure is not None
    assert failure.get("message", "").replace("\xa0", " ") == "expected at most 90 days, observed 180 days"


def test_a_waived_case_says_who_waived_it_and_until_when() -> None:
    root = _parse(junit.render(verdicts(), RUN))
    (message,) = [found for each in root.iter("skipped") if (found := each.get("message", "")).startswith("waived")]
    assert "until 2027-01-15 by La direction" in message


def test_markup_and_control_characters_survive_as_text() -> None:
    hostile = record(RULES[0], 'dc1"><x>&', verdict="fail", observed="\x00\x1b[31m<b>\ud800]]>")
    failure = _parse(junit.render([hostile], RUN)).find(".//failure")
    assert failure is not None
    assert "\ufffd[31m<b>\ufffd]]>" in failure.get("message", "")
