"""Evidence is sealed, written whole or not at all, and a collector's silence is a failure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible.module_utils.policy.evidence import (
    EvidenceError,
    read_evidence,
    read_run,
    sealed,
    sort_results,
    write_json,
    write_text,
)


def stored(folder: Path) -> Path:
    file = folder / "evidence" / "dc1.json"
    write_json(file, sealed("dc1", "2026-11-21T03:00:00+00:00", {"directory": {"guest_enabled": False}}, {}))
    return file


def test_evidence_is_read_back_as_it_was_sealed(tmp_path: Path) -> None:
    file = stored(tmp_path)
    assert read_evidence(file)["facts"] == {"directory": {"guest_enabled": False}}
    assert file.stat().st_mode & 0o777 == 0o600


def test_evidence_changed_by_hand_is_refused(tmp_path: Path) -> None:
    file = stored(tmp_path)
    file.write_text(file.read_text().replace("false", "true"))
    with pytest.raises(EvidenceError, match="changed after"):
        read_evidence(file)


@pytest.mark.parametrize("content", ["", "[]", '{"schema_version": 99}', "{"])
def test_what_is_not_evidence_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(EvidenceError):
        read_evidence(tmp_path / "x.json")


def test_a_folder_that_is_not_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match=r"run\.json"):
        read_run(tmp_path)


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "report.html"
    write_text(file, "before")

    def no_space(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", no_space)
    with pytest.raises(EvidenceError, match="No space left"):
        write_text(file, "after")
    assert file.read_text() == "before"
    assert list(tmp_path.iterdir()) == [file]


def test_a_result_without_its_key_is_a_failure_with_its_reason() -> None:
    facts, failures = sort_results(
        {
            "directory": {"directory": {"x": 1}, "failures": {"directory.people": "no staff list"}},
            "linux_host": {"unreachable": True, "msg": "Connection timed out"},
            "logon_probe": {"failed": True, "msg": "refused", "logon_probe": {}},
            "password_policy": {"changed": False},
        }
    )
    assert facts == {"directory": {"x": 1}}
    assert failures == {
        "directory.people": "no staff list",
        "linux_host": "unreachable: Connection timed out",
        "logon_probe": "refused",
        "password_policy": "the collector returned nothing",
    }


def test_the_seal_covers_everything_but_itself(tmp_path: Path) -> None:
    content = json.loads(stored(tmp_path).read_text())
    other = {**content, "host": "dc2"}
    assert (
        sealed(other["host"], other["collected_at"], other["facts"], other["failures"])["digest"] != content["digest"]
    )
