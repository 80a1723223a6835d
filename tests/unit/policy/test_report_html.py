"""The director's page: whole, safe, readable, in one language, and small enough to be mailed."""

from __future__ import annotations

import html as standard_html
import re
import time
from typing import Any

import pytest
from ansible.module_utils.policy.report import html, page_texts, texts, values
from ansible.module_utils.policy.report.summary import VERDICTS

from tests.unit.policy.samples.page import Page, plain
from tests.unit.policy.samples.report import RULES, RUN, large, previous, record, verdicts
from tests.unit.policy.samples.report_extras import EXTRAS

HOSTILE = "</style><script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{ 7*7 }}"


@pytest.fixture(scope="module", params=["fr", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def source(language: str) -> str:
    return html.render(verdicts(), RUN, language=language, previous=previous(), **EXTRAS)


@pytest.fixture(scope="module")
def page(source: str) -> Page:
    return Page(source)


def test_the_page_is_whole(page: Page) -> None:
    assert page.open == []
    assert page.tags["h1"] == 1
    assert page.tags["main"] == 1


def test_headings_never_skip_a_level(page: Page) -> None:
    assert page.headings[0] == 1
    assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False))


def test_every_link_stays_inside_the_page_and_leads_somewhere(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))
    assert page.links
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)


def test_nothing_is_fetched_and_nothing_runs(source: str, page: Page) -> None:
    assert not re.search(r"https?:|//[a-z]|@import|url\((?!#)|\bsrc=|javascript:", source, re.IGNORECASE)
    assert page.tags["script"] == page.tags["link"] == page.tags["img"] == 0


def test_tables_have_headers(source: str, page: Page) -> None:
    assert source.count("<thead>") == page.tags["table"]
    assert not re.search(r"<th(?![^>]*scope=)[ >]", source)


def test_the_page_says_its_language(source: str, language: str) -> None:
    assert f'<html lang="{language}">' in source


def test_the_client_and_the_situation_are_told_first() -> None:
    page = Page(html.render(verdicts(), RUN))
    assert "Grand Garage de l’Étoile" in page.text
    assert "Sur 37 règles mesurées, 6 ne sont pas respectées, dont 2 critiques" in page.text
    assert page.text.index("ne sont pas respectées") < page.text.index("Un mot de passe compte")


def test_every_rule_and_every_host_is_there(page: Page, language: str) -> None:
    for each in verdicts():
        assert plain(values.said_in(each, "title", language)) in page.text
    assert all(host["name"] in page.text for host in RUN["hosts"])


def test_a_verdict_always_has_its_word_beside_its_icon(source: str, language: str) -> None:
    words = {**texts.VERDICTS[language]}
    for verdict in VERDICTS:
        assert f'<use href="#i-{verdict}"/></svg>{words[verdict]}</span>' in source
    for mark in re.findall(r'<span class="mark[^>]*>(.*?)</span>', source):
        assert re.sub("<[^>]+>", "", mark).strip()


def test_demands_set_aside_are_shown_with_their_reason() -> None:
    page = Page(html.render(verdicts(), RUN))
    assert "Contrat d’assurance" in page.text
    assert "L’annexe contredit le contrat lui-même" in page.text


def test_a_milder_demand_may_be_kept_while_the_charter_is_not() -> None:
    broken = record(RULES[1], "dc1", verdict="fail", observed=100)
    for value, expected in ((120, "pass"), (92, "fail")):
        demand = {
            "document": "provider",
            "clause": "1",
            "rule": None,
            "says": "",
            "operator": "at_most",
            "value": value,
        }
        source = html.render([{**broken, "also_demanded": [{**demand, "set_aside": None}]}], RUN)
        promises = source[source.index('id="promises"') : source.index('id="unmeasured"')]
        assert f"i-{expected}" in promises


def test_waivers_show_who_until_when_and_that_they_end_soon() -> None:
    text = Page(html.render(verdicts(), RUN)).text
    assert "au plus 365 jours" in text
    assert "15 janvier 2027" in text
    assert "encore 56 jours" in text
    assert "La dérogation prend fin bientôt" in text


def test_a_waiver_that_no_longer_holds_asks_for_a_decision() -> None:
    refused = {
        **verdicts()[0],
        "verdict": "fail",
        "waiver": {**_waiver(), "refused": {"fr": "elle est échue", "en": "x"}},
    }
    text = Page(html.render([refused], RUN)).text
    assert "À décider" in text
    assert "elle est échue" in text


def _waiver() -> dict[str, Any]:
    return next(each["waiver"] for each in verdicts() if each["waiver"])


def test_what_was_not_measured_is_told_with_its_reason() -> None:
    text = Page(html.render(verdicts(), RUN)).text
    assert "machine injoignable (connection timed out)" in text
    assert "Le compte d’essai n’est pas encore créé." in text


def test_a_first_run_and_a_run_without_change_are_told_apart() -> None:
    assert "C’est le premier contrôle" in Page(html.render(verdicts(), RUN)).text
    assert "Rien n’a changé" in Page(html.render(verdicts(), RUN, previous=verdicts())).text


def test_the_history_is_plotted_with_its_figures() -> None:
    source = html.render(verdicts(), RUN, history=EXTRAS["history"])
    assert re.findall(r'class="over">✕ (\d+)<', source) == ["17", "13", "9", "7", "5", "5", "6"]
    assert 'class="in">14<' in source


def test_a_later_run_is_not_plotted_as_the_past_of_this_one() -> None:
    later = {**EXTRAS["history"][0], "finished_at": "2026-12-24T06:00:00+00:00"}
    assert "L’évolution sera montrée" in Page(html.render(verdicts(), RUN, history=[later])).text


def test_a_rehearsal_in_the_lab_says_so() -> None:
    lab = page_texts.PAGE["fr"]["lab"].split(" : ")[0]
    assert lab in html.render(verdicts(), {**RUN, "mode": "lab"})
    assert lab not in html.render(verdicts(), RUN)


@pytest.mark.parametrize(("language", "said"), [("fr", "Parc simulé"), ("en", "Simulated park")])
def test_a_report_with_one_simulated_workstation_says_so_before_anything_else(language: str, said: str) -> None:
    real = {"facts": {"workstation": {"simulated_by": None}}, "failures": {}}
    unsaid = {"facts": {"workstation": {}}, "failures": {}}
    played = {"facts": {"workstation": {"simulated_by": "a simulator"}}, "failures": {}}
    parts = {"pc1": real, "pc2": unsaid, "fs1": {"facts": {}, "failures": {}}}
    assert said not in html.render(verdicts(), RUN, language=language, evidence=parts)
    source = html.render(verdicts(), RUN, language=language, evidence={**parts, "pc3": played})
    assert re.search(r"\b1 (sur|of) 3\b", Page(source).text)
    assert source.index(said) < source.index("<h1")


def test_hostile_text_stays_text() -> None:
    hostile = dict.fromkeys(
        ("topic", "title", "clause", "says", "rule", "host", "observed", "reason", "proof", "unit", "expected_text"),
        HOSTILE,
    )
    row = {
        **record(RULES[0], "x", verdict="fail"),
        **hostile,
        "also_demanded": [{"document": HOSTILE, "says": HOSTILE, "set_aside": HOSTILE}],
    }
    row["waiver"] = {**_waiver(), "reason": HOSTILE, "owner": HOSTILE, "approver": HOSTILE, "until": HOSTILE}
    run = {
        **RUN,
        "client_name": HOSTILE,
        "site": HOSTILE,
        "hosts": [{"name": HOSTILE, "measured": False, "reason": HOSTILE}],
    }
    extras = {
        "legal": [{"id": "x", "reference": HOSTILE, "text": HOSTILE, "verdict": "fail", "items": []}],
        "attestations": [
            {
                "id": "x",
                "title": HOSTILE,
                "demands": HOSTILE,
                "owner": HOSTILE,
                "verdict": "fail",
                "until": None,
                "reason": HOSTILE,
            }
        ],
        "contradictions": [{"id": "x", "subject": HOSTILE, "settled": HOSTILE, "says": {HOSTILE: HOSTILE}}],
    }
    source = html.render([row], run, previous=[{**row, "verdict": "pass"}], **extras)
    page = Page(source)
    assert page.open == []
    assert page.tags["script"] == page.tags["img"] == 0
    assert source.count("</style>") == 1
    assert "{{ 7*7 }}" in standard_html.unescape(source)


def test_an_english_page_says_nothing_of_ours_in_french() -> None:
    text = Page(html.render(verdicts(), RUN, language="en", previous=previous(), **EXTRAS)).text
    french, english = set(_words("fr")), set(_words("en"))
    shown = [said for said in french - english if re.search(rf"(?<![\w-]){re.escape(said)}(?![\w-])", text)]
    assert shown == []


def test_what_exists_in_french_only_says_so_on_an_english_page() -> None:
    page = Page(html.render(verdicts(), RUN, language="en", previous=previous(), **EXTRAS))
    assert "Un renouvellement par trimestre est programmé." in plain(" ".join(page.foreign))
    assert Page(html.render(verdicts(), RUN)).foreign == []


def _words(language: str) -> list[str]:
    """Every text of ours long enough to be told from a word of the sample."""
    found: list[str] = []

    def gather(content: Any) -> None:
        if isinstance(content, str):
            found.extend(part.strip() for part in re.split(r"\{\w*\}", content))
        else:
            for each in content.values() if isinstance(content, dict) else content:
                gather(each)

    for table in (*vars(texts).values(), *vars(page_texts).values()):
        if isinstance(table, dict) and set(table) == {"fr", "en"}:
            gather(table[language])
    return [plain(said) for said in found if len(said) > 7]


def test_both_languages_have_the_same_keys() -> None:
    for name, table in (*vars(texts).items(), *vars(page_texts).items()):
        if (
            isinstance(table, dict)
            and set(table) == {"fr", "en"}
            and isinstance(table["fr"], dict)
            and name != "TOPICS"
        ):
            assert table["fr"].keys() == table["en"].keys(), name


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="language 'de': no report in it; one of fr, en"):
        html.render(verdicts(), RUN, language="de")


def test_a_large_site_is_rendered_fast_and_small() -> None:
    records, run = large()
    before, _ = large(seed=8)
    start = time.process_time()
    source = html.render(records, run, previous=before)
    assert time.process_time() - start < 2
    assert len(source.encode()) < 1_500_000


def test_a_large_site_hides_no_failing_host() -> None:
    records, run = large(controls=3)
    source = html.render(records, run)
    for control in {each["control"] for each in records}:
        block = source[source.index(f'id="c-{control}"') :].split("</tbody>")[0]
        failing = [each["host"] for each in records if each["control"] == control and each["verdict"] == "fail"]
        assert failing
        assert all(host in block for host in failing)


def _luminance(color: str) -> float:
    full = color if len(color) == 7 else "#" + "".join(digit * 2 for digit in color[1:])
    channels = [int(full[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [0, 1])
def test_text_contrasts_with_the_paper_in_both_themes(theme: int) -> None:
    source = html.render(verdicts(), RUN)
    block = re.findall(r":root\{.*?\}", source, re.DOTALL)[theme]
    colors = dict(re.findall(r"--([\w-]+):(#[0-9a-f]{3,6})", block))
    paper = _luminance(colors["paper"])
    for name in ("ink", "quiet", "accent", *VERDICTS):
        light, dark = sorted((_luminance(colors[name]), paper), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, name
