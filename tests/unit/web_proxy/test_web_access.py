"""The trial of the way to the Web on a workstation."""

from __future__ import annotations

from typing import Any

import markupsafe
import pytest
from ansible.module_utils.linux import web_access
from ansible.module_utils.linux.web_client import Answer, WebError

PLAN: dict[str, Any] = {
    "proxy": {"host": "proxy.example.lan", "port": 3128},
    "visitors": {},
    "charter_title": "Charte",
    "contact": "l'atelier",
}


def one(number: int) -> dict[str, Any]:
    target = f"http://site{number}.example/"
    return {
        "kind": "nobody",
        "subject": "anonymous",
        "name": "GET",
        "method": "GET",
        "target": target,
        "expected": "asked",
        "reason": None,
    }


def trial_of(monkeypatch: pytest.MonkeyPatch, answers: list[bool]) -> tuple[Any, list[str]]:
    asked: list[str] = []

    def ask(proxy: Any, method: str, target: str, *_: Any) -> Answer:
        asked.append(target)
        if not answers[len(asked) - 1]:
            raise WebError("timed out")
        return Answer(407, {}, "", 0.1)

    monkeypatch.setattr(web_access, "ask", ask)
    return web_access._Trial(PLAN, {}, {}), asked


def test_a_proxy_that_is_gone_is_given_up_after_a_few_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    trial, asked = trial_of(monkeypatch, [False] * 9)
    assert [trial.attempt(one(number)) for number in range(9)] == [None] * 9
    assert len(asked) == 3
    assert len(trial.untried) == 9, "what was not tried is told"
    assert "given up" in trial.untried[-1]["reason"]


def test_one_silence_does_not_end_the_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    trial, asked = trial_of(monkeypatch, [False, False, True, False, False, True])
    found = [trial.attempt(one(number)) for number in range(6)]
    assert len(asked) == 6
    assert [each["answer"] for each in found if each] == ["asked", "asked"]


@pytest.mark.parametrize("title", ["Charte informatique", "Règles d'usage", "Règles <bureau> & atelier"])
def test_a_page_names_its_clause_as_people_read_it(title: str) -> None:
    escaped = str(markupsafe.escape(title))
    page = Answer(
        403,
        {"x-squid-error": "ERR_GARANT_CATEGORY 0"},
        f'<html lang="fr"><dt>{escaped}, Article 7</dt>Appelez l&#39;atelier',
    )
    assert web_access.explained(page, title, "l'atelier") == {
        "reason": "category",
        "french": True,
        "names_clause": True,
        "names_contact": True,
    }
    told = web_access.explained(page, "Un autre document", "l'accueil")
    assert told is not None
    assert (told["names_clause"], told["names_contact"]) == (False, False)
