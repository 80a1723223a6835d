"""Pages that managers sign, made from a run on disk: what they list, what they refuse, who has signed."""

from __future__ import annotations

import html as standard_html
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.policy.attest_each import Part
from ansible.module_utils.policy.command import main
from ansible.module_utils.policy.evidence import sealed, write_json
from ansible.module_utils.policy.review import keep_rights, signers, write_pages
from ansible.module_utils.policy.run import judge_run

from tests.conftest import ROOT
from tests.unit.policy.samples import shares
from tests.unit.policy.samples.page import Page

HOSTILE = "</style><script>alert(1)</script><img src=x>\"'&{{ 7*7 }}"
NAMES = ("2026-05-04T060000Z", "2026-11-21T060000Z")


def described(name: str, **other: Any) -> dict[str, Any]:
    return {
        "site": "site",
        "client": "autoconcept",
        "started_at": f"{name[:10]}T06:00:00+00:00",
        "groups_of": {},
        **other,
    }


def write(folder: Path, name: str, facts: dict[str, Any] | None = None, **other: Any) -> Path:
    """A run whose directory was read."""
    directory = folder / "site" / name
    facts = facts if facts is not None else {"directory": shares.directory(), "share_table": shares.TABLE}
    write_json(directory / "run.json", described(name, groups_of={"dc1": ["domain_controllers"]}, **other))
    write_json(directory / "evidence" / "dc1.json", sealed("dc1", f"{name[:10]}T06:00:00+00:00", facts, {}))
    return directory


def evidence(facts: dict[str, Any] | None = None, name: str = NAMES[1]) -> dict[str, Any]:
    given = facts if facts is not None else {"directory": shares.directory(), "share_table": shares.TABLE}
    return {"dc1": {"collected_at": f"{name[:10]}T06:00:00+00:00", "facts": given, "failures": {}}}


def pages(folder: Path, facts: dict[str, Any] | None = None, signatures: Any = (), **other: Any) -> dict[str, str]:
    """Sources of the pages by name of file."""
    attestations = [{"id": "access_review", "signatures": list(signatures)}]
    run = described(NAMES[1], client_name="Grand Garage", review_months=6, **other)
    written = write_pages(folder / "site" / NAMES[1], run, evidence(facts), attestations)
    return {file.name: file.read_text(encoding="utf-8") for file in written}


def run_command(folder: Path, *arguments: str, name: str = NAMES[1]) -> int:
    return main(["review", "site", "--run-directory", str(folder / "site" / name), *arguments], ROOT)


def test_each_manager_has_a_page_and_the_list_names_them_all(tmp_path: Path) -> None:
    found = pages(tmp_path)
    assert sorted(found) == ["durandpau.html", "index.html", "morellea.html"]
    listed = Page(found["index.html"])
    assert {link for link in listed.links if link.endswith(".html")} == {
        "durandpau.html",
        "morellea.html",
        "../report.html",
    }


def test_a_page_says_who_may_do_what(tmp_path: Path) -> None:
    text = Page(pages(tmp_path)["morellea.html"]).text
    assert "Vous répondez des dossiers partagés Atelier et Commun." in re.sub(r" ([.,])", r"\1", text)
    assert re.search(r"Camille Petit Atelier oui oui – non", text)
    assert re.search(r"Léa Morel Atelier oui oui oui", text)
    assert "Jules Gone" not in text
    assert "Dossier personnel" not in text
    assert "adm-morellea, Administrator" in text
    assert "6 mois" in text


def test_a_right_beyond_the_table_stands_out(tmp_path: Path) -> None:
    facts = shares.directory()
    facts["accounts"][0]["all_groups"].append("DL_Paie_R")
    text = Page(pages(tmp_path, {"directory": facts, "share_table": shares.TABLE})["durandpau.html"]).text
    assert "La table ne prévoit pas : lire" in text


def test_since_when_comes_from_the_runs_before(tmp_path: Path) -> None:
    early = shares.directory()
    early["accounts"][0]["all_groups"] = []
    keep_rights(tmp_path / "site" / NAMES[0], evidence({"directory": early, "share_table": shares.TABLE}, NAMES[0]))
    text = Page(pages(tmp_path)["morellea.html"]).text
    assert re.search(r"Camille Petit Atelier oui oui – non 21 novembre 2026", text)
    assert re.search(r"Léa Morel Atelier oui oui oui avant le 04/05/26", text)
    kept = json.loads((tmp_path / "site" / NAMES[1] / "access.json").read_text(encoding="utf-8"))
    assert kept["shares"]["atelier"]["petitcam"] == {"read": "2026-11-21", "write": "2026-11-21"}
    assert kept["first_day"] == "2026-05-04"


def test_runs_of_the_lab_and_of_the_site_do_not_mix(tmp_path: Path) -> None:
    early, late = (tmp_path / "site" / name for name in NAMES)
    write_json(early / "run.json", {"mode": "lab"})
    write_json(late / "run.json", {"mode": "audit"})
    keep_rights(early, evidence(name=NAMES[0]))
    kept = keep_rights(late, evidence())
    assert kept is not None
    assert kept["first_day"] == "2026-11-21"


def test_changes_since_the_signed_review_are_told(tmp_path: Path) -> None:
    early = shares.directory()
    early["accounts"][0]["all_groups"] = ["DL_Commun_RW"]
    keep_rights(tmp_path / "site" / NAMES[0], evidence({"directory": early, "share_table": shares.TABLE}, NAMES[0]))
    signed = [
        {"id": name, "signed_on": "2026-05-10", "verdict": "pass", "until": "2026-11-10"}
        for name in ("atelier", "commun")
    ]
    text = Page(pages(tmp_path, signatures=signed)["morellea.html"]).text
    assert "Camille Petit : peut désormais lire, écrire ." in text.replace("écrire.", "écrire .")
    assert "ne peut plus écrire" in text
    assert "Comparaison avec le relevé du 4 mai 2026" in text
    unsigned = Page(pages(tmp_path)["morellea.html"]).text
    assert "Première revue de ce dossier" in unsigned


def test_a_share_that_nobody_answers_for_comes_first_and_cannot_be_signed(tmp_path: Path) -> None:
    table = [{**row, "manager": "gonejul@site.example"} for row in shares.TABLE[:1]]
    found = pages(tmp_path, {"directory": shares.directory(), "share_table": table})
    assert list(found) == ["index.html", "sans-responsable.html"]
    assert "Personne en poste ne répond de ces dossiers" in Page(found["sans-responsable.html"]).text
    assert 'class="sign"' not in found["sans-responsable.html"]


def test_pages_need_nothing_else_and_are_whole(tmp_path: Path) -> None:
    for source in pages(tmp_path, mode="lab").values():
        page = Page(source)
        assert page.open == []
        assert page.tags["script"] == page.tags["link"] == page.tags["img"] == 0
        assert not re.search(r"https?:|@import|url\((?!#)|\bsrc=", source)
        assert len(page.ids) == len(set(page.ids))
        assert not re.search(r" [;:?!»]|« [^\u00a0]|\w'\w", " ".join(page.texts))


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    facts = shares.directory()
    for each in (*facts["accounts"], *facts["people"]):
        each.update({key: HOSTILE for key in ("display_name", "department") if key in each})
    table = [{**row, "title": HOSTILE, "drive": HOSTILE} for row in shares.TABLE]
    for source in pages(tmp_path, {"directory": facts, "share_table": table}).values():
        page = Page(source)
        assert page.open == []
        assert page.tags["script"] == page.tags["img"] == 0
        assert source.count("</style>") == 1
        assert "{{ 7*7 }}" in standard_html.unescape(source)


def test_the_same_list_has_the_same_digest_whenever_it_is_printed(tmp_path: Path) -> None:
    def digest(source: str) -> str:
        return str(re.search(r"atelier\u00a0([0-9a-f]{12})", standard_html.unescape(source))[1])  # type: ignore[index]

    facts = shares.directory()
    first, again = digest(pages(tmp_path)["morellea.html"]), digest(pages(tmp_path)["morellea.html"])
    facts["accounts"][0]["all_groups"].append("DL_Atelier_D")
    changed = digest(pages(tmp_path, {"directory": facts, "share_table": shares.TABLE})["morellea.html"])
    assert first == again != changed


def test_who_has_to_sign_comes_from_the_table() -> None:
    assert signers(evidence()) == {
        "shares": [
            Part("atelier", "Atelier", "morellea", "Léa Morel"),
            Part("paie", "Paie", "durandpau", "Paul Durand"),
            Part("commun", "Commun", "morellea", "Léa Morel"),
        ]
    }
    assert signers(evidence({"directory": shares.directory()})) == {"shares": None}


def test_the_command_writes_the_pages_of_a_judged_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    directory = write(tmp_path, NAMES[1])
    assert run_command(tmp_path) == 3
    assert "was not judged; run: bin/garant judge" in capsys.readouterr().err
    judge_run(ROOT, directory, date(2026, 11, 21))
    assert run_command(tmp_path) == 0
    said = capsys.readouterr().out.splitlines()
    assert said == [str(directory / "revue" / name) for name in ("index.html", "morellea.html", "durandpau.html")]
    assert {Path(line).stat().st_mode & 0o777 for line in said} == {0o600}
    assert 'href="revue/index.html"' in (directory / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("manager", ["morellea", "MorelLea@site.example"])
def test_the_command_finds_a_manager_by_login_or_address(
    manager: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = write(tmp_path, NAMES[1])
    judge_run(ROOT, directory, date(2026, 11, 21))
    assert run_command(tmp_path, "--manager", manager) == 0
    assert capsys.readouterr().out.splitlines() == [str(directory / "revue" / "morellea.html")]


@pytest.mark.parametrize(
    ("facts", "manager", "said"),
    [
        (
            {"directory": shares.directory(), "share_table": shares.TABLE},
            "petitcam",
            "those who do: durandpau, morellea",
        ),
        ({"directory": shares.directory()}, "", "the run knew no table of shares (site_shares); run the audit again"),
        ({"share_table": shares.TABLE}, "", "the directory was not read"),
    ],
)
def test_the_command_refuses_what_it_has_no_data_for(
    facts: dict[str, Any], manager: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = write(tmp_path, NAMES[1], facts)
    judge_run(ROOT, directory, date(2026, 11, 21))
    assert run_command(tmp_path, *(["--manager", manager] if manager else [])) == 3
    assert said in capsys.readouterr().err


def test_a_site_without_a_run_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", "site"], tmp_path) == 3
    assert "no run yet; run: bin/garant audit site" in capsys.readouterr().err


def test_an_older_run_without_shares_is_judged_without_pages(tmp_path: Path) -> None:
    directory = write(tmp_path, NAMES[1], {"directory": shares.directory()})
    outcome = judge_run(ROOT, directory, date(2026, 11, 21))
    assert not (directory / "revue").exists()
    assert not (directory / "access.json").exists()
    (review,) = [each for each in outcome.attestations if each["id"] == "access_review"]
    assert review["verdict"] == "not_evaluated"
    assert "revue/index.html" not in (directory / "report.html").read_text(encoding="utf-8")
