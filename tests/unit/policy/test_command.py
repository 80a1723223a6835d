"""The commands without any host: what they print and the code they leave with."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.policy.command import main

from tests.conftest import ROOT
from tests.unit.policy import samples_evidence as samples

CLIENT = "autoconcept"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return samples.write_run(tmp_path / "site" / "2026-11-21T030000Z")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A root whose policies may be changed."""
    shutil.copytree(ROOT / "policies", tmp_path / "copy" / "policies")
    return tmp_path / "copy"


def change(root: Path, name: str, edit: Callable[[Any], object]) -> None:
    file = root / "policies" / CLIENT / f"{name}.yml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    edit(content)
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def sign(content: dict[str, Any]) -> None:
    """Every attestation signed these last weeks, each after those that must come before it."""
    attestations = content["attestations"]

    def rank(name: str) -> int:
        return 1 + max(map(rank, attestations[name]["after"]), default=0)

    for name, entry in attestations.items():
        day = date.today() - timedelta(days=25) + timedelta(days=rank(name))
        signature = {"signed_on": day.isoformat(), "evidence": f"pieces/{name}.pdf"}
        if entry.get("for_each"):
            entry["signatures"] = {"atelier": {**signature, "signed_by": "morellea"}}
        else:
            entry.update(signature)


def judge(directory: Path, root: Path = ROOT) -> int:
    return main(["judge", "site", "--run-directory", str(directory)], root)


def break_evidence(directory: Path) -> None:
    evidence = samples.evidence()
    evidence["ws1"]["facts"]["session_probe"]["opened_with_wrong_password"] = True
    samples.write_run(directory, evidence)


def test_the_policies_of_every_client_are_good(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"], ROOT) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in said] == ["autoconcept", "clairbois"]
    assert all(line.endswith("rules: good") for line in said)


def test_one_client_is_checked_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "clairbois"], ROOT) == 0
    assert capsys.readouterr().out.startswith("clairbois: ")


def test_a_policy_that_is_wrong_is_told_with_its_file(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(copy, "charter", lambda content: content["charter"].update(password_lenght={"clause": "x", "says": "X."}))
    assert main(["check", CLIENT], copy) == 3
    assert (
        f"policies/{CLIENT}/charter.yml: password_lenght: the catalogue has no such control" in capsys.readouterr().err
    )


def test_an_unknown_client_is_told_with_those_that_are_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "nobody"], ROOT) == 3
    assert "there is no such client; known: autoconcept, clairbois" in capsys.readouterr().err


def test_an_unknown_site_is_told_with_those_that_are_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "nowhere"], ROOT) == 3
    said = capsys.readouterr().err
    assert "inventories/nowhere is not a site; known sites: autoconcept, clairbois" in said


def asked(arguments: list[str], monkeypatch: pytest.MonkeyPatch, runs: Path) -> list[str]:
    """What ansible-playbook is asked by an audit; it fails at once, and the lab is up."""
    commands: list[list[str]] = []

    def run(words: list[str], **_given: Any) -> Any:
        commands.append(words)
        return subprocess.CompletedProcess(words, 0 if words[0].endswith("lab-guard") else 4)

    monkeypatch.setattr("ansible.module_utils.policy.command.subprocess.run", run)
    assert main(["audit", CLIENT, "--runs-directory", str(runs), *arguments], ROOT) == 3
    return commands[-1]


def test_an_audit_reads_the_inventories_in_their_order(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    more = ["--inventory", "inventories/lab_park", "--inventory", "elsewhere"]
    command = asked(["--lab", *more], monkeypatch, tmp_path)
    given = [each for before, each in pairwise(command) if before == "-i"]
    own = [str(ROOT / "inventories" / name) for name in (CLIENT, "lab")]
    assert given == [*own, "inventories/lab_park", "elsewhere"]
    assert command[-1] == str(ROOT / "playbooks" / "audit.yml")


def test_an_audit_reads_its_own_inventory_alone_unless_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert asked([], monkeypatch, tmp_path).count("-i") == 1


@pytest.mark.parametrize("command", ["judge", "report"])
def test_a_site_that_was_never_audited_is_told(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "nowhere"], tmp_path) == 3
    assert "no run yet; run: bin/garant audit nowhere" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["judge"], ["burn", "site"]])
def test_a_wrong_command_line_is_no_verdict(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments, ROOT)
    assert stopped.value.code == 3


def test_a_site_that_respects_everything_with_every_document_signed_leaves_with_0(directory: Path, copy: Path) -> None:
    change(copy, "attestations", sign)
    assert judge(directory, copy) == 0


def test_documents_not_signed_yet_leave_with_2(directory: Path) -> None:
    assert judge(directory) == 2


def test_a_fact_that_breaks_the_charter_leaves_with_1(directory: Path) -> None:
    break_evidence(directory)
    assert judge(directory) == 1
    found = [json.loads(line) for line in (directory / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [each["control"] for each in found if each["verdict"] == "fail"] == ["wrong_password_logon"]


def test_evidence_that_was_changed_leaves_with_3_and_no_verdict(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = directory / "evidence" / "ws1.json"
    file.write_text(file.read_text(encoding="utf-8").replace("yescrypt", "sha512"), encoding="utf-8")
    assert judge(directory) == 3
    assert "was changed after it was collected" in capsys.readouterr().err
    assert not (directory / "verdicts.jsonl").exists()


def test_a_folder_that_is_no_run_leaves_with_3(tmp_path: Path) -> None:
    assert judge(tmp_path) == 3


def test_a_stricter_charter_turns_a_recorded_run_red(
    directory: Path, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(copy, "attestations", sign)
    assert judge(directory, copy) == 0
    change(copy, "charter", lambda content: content["charter"]["password_min_length"].update(at_least=13))
    assert judge(directory, copy) == 1
    assert "password_min_length" in capsys.readouterr().out


def test_the_report_repeats_the_verdict_of_a_judged_run(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = ["report", "site", "--run-directory", str(directory)]
    assert main(report, ROOT) == 3, "not judged yet"
    break_evidence(directory)
    judge(directory)
    capsys.readouterr()
    assert main(report, ROOT) == 1
    assert str(directory / "report.html") in capsys.readouterr().out
