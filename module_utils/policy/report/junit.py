"""The verdicts as JUnit XML, for CI. What was not measured is an error: it never looks green."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence

from ansible.module_utils.policy.report.summary import Run, Verdict, check, finished, measure_coverage
from ansible.module_utils.policy.report.values import expected_text, observed_text

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OUTCOME = {"fail": "failure", "not_evaluated": "error", "waived": "skipped", "not_applicable": "skipped"}


def _legal(text: object) -> str:
    """XML 1.0 forbids most control characters, even escaped."""
    return _ILLEGAL.sub("\ufffd", str(text))


def _message(record: Verdict) -> str:
    waiver = record.get("waiver")
    if record["verdict"] == "waived" and waiver:
        return f"waived until {waiver.get('until')} by {waiver.get('approver')}: {waiver.get('reason')}"
    if record["verdict"] == "fail":
        return f"expected {expected_text(record, 'en')}, observed {observed_text(record, 'en')}"
    return record.get("reason_en") or record.get("reason") or record["verdict"]


def _testcase(suite: ET.Element, record: Verdict) -> None:
    name = f"{record['control']}[{record['host']}]"
    case = ET.SubElement(suite, "testcase", {"classname": _legal(record["topic"]), "name": _legal(name), "time": "0"})
    if tag := _OUTCOME.get(record["verdict"]):
        outcome = ET.SubElement(case, tag, {"message": _legal(_message(record))})
        if tag != "skipped":
            outcome.set("type", _legal(record["severity"]))
            lines = [record.get("title_en") or record["title"], record.get("clause"), record.get("reason_en")]
            outcome.text = _legal("\n".join(line for line in lines if line))


def render(verdicts: Sequence[Verdict], run: Run) -> str:
    """One test suite per topic, one test case per control and host."""
    check(verdicts)
    coverage = measure_coverage(run)
    root = ET.Element("testsuites", {"name": _legal(f"garant {run.get('site', '')}")})
    for topic in dict.fromkeys(record["topic"] for record in verdicts):
        records = [record for record in verdicts if record["topic"] == topic]
        suite = ET.SubElement(root, "testsuite", {"name": _legal(topic), "timestamp": _legal(finished(run))})
        properties = ET.SubElement(suite, "properties")
        ET.SubElement(properties, "property", {"name": "hosts_measured", "value": str(coverage.measured)})
        ET.SubElement(properties, "property", {"name": "hosts_total", "value": str(coverage.total)})
        for record in records:
            _testcase(suite, record)
        _count(suite, records)
    _count(root, verdicts)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _count(element: ET.Element, records: Sequence[Verdict]) -> None:
    outcomes = [_OUTCOME.get(record["verdict"]) for record in records]
    element.set("tests", str(len(outcomes)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(attribute, str(outcomes.count(tag)))
