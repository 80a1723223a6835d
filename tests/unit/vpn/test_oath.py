"""The host's file of second factors keeps what is used up, and holds nobody who is not wanted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from ansible.module_utils.linux import vpn_oath
from ansible.module_utils.linux.vpn_oath import OathFileError, hexadecimal, merged, parse, rewrite

ONE, TWO = "MFRGGZDFMZTWQ2LK", "GEZDGNBVGY3TQOJQ"
STATE = f"HOTP/T30/6\tanne\t-\t{hexadecimal(ONE)}\t0\t123456\t2026-11-20T10:00:00L\n"


def test_somebody_who_keeps_their_secret_keeps_the_codes_used_up() -> None:
    assert merged(STATE, {"anne": ONE}) == STATE


def test_somebody_with_another_secret_starts_afresh() -> None:
    assert parse(merged(STATE, {"anne": TWO}))["anne"] == ["HOTP/T30/6", "anne", "-", hexadecimal(TWO)]


def test_somebody_who_is_not_wanted_is_gone() -> None:
    assert list(parse(merged(STATE, {"zoe": ONE}))) == ["zoe"]


def test_a_broken_file_is_told_without_its_content() -> None:
    with pytest.raises(OathFileError) as raised:
        parse("HOTP/T30/6 anne\n")
    assert "anne" not in str(raised.value)


def test_the_file_is_for_its_owner_alone_and_leaves_no_lock(tmp_path: Path) -> None:
    file = tmp_path / "users"
    rewrite(str(file), lambda text: merged(text, {"anne": ONE}))
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["users"]


def test_nothing_is_written_when_only_asked(tmp_path: Path) -> None:
    before, after = rewrite(str(tmp_path / "users"), lambda text: merged(text, {"anne": ONE}), dry=True)
    assert (before, list(parse(after)), list(tmp_path.iterdir())) == ("", ["anne"], [])


def test_a_lock_that_a_crash_left_does_not_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vpn_oath, "_PATIENCE_SECONDS", 0)
    (tmp_path / "users.lock").touch()
    rewrite(str(tmp_path / "users"), lambda text: merged(text, {"anne": ONE}))
    assert (tmp_path / "users").exists()
    assert not (tmp_path / "users.lock").exists()


def test_the_text_alone_gives_and_takes_for_a_trial(tmp_path: Path) -> None:
    file = tmp_path / "users"
    file.write_text(STATE)
    (tmp_path / "probe").touch()

    def ask(what: str) -> str:
        command = {"do": what, "login": "probe", "secret": TWO, "path": str(file), "failures": str(tmp_path)}
        program = [sys.executable, "-I", vpn_oath.__file__]
        return subprocess.run(
            program, input=json.dumps(command) + "\n", capture_output=True, text=True, check=True
        ).stdout

    assert ask("give") == "{}\n"
    assert parse(file.read_text())["probe"][3] == hexadecimal(TWO)
    assert not (tmp_path / "probe").exists(), "failures before the trial count in it"
    ask("take")
    assert file.read_text() == STATE
