"""The script that judges new passwords on a Samba domain controller, run as Samba runs it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

FILES = Path(__file__).resolve().parents[3] / "roles" / "ad_password_policy" / "files" / "usr" / "local"
CODE = FILES / "lib" / "check-password"
LAUNCHER = FILES / "sbin" / "check-password"
RUN = "import sys; sys.dont_write_bytecode = True; sys.path.append(sys.argv[1]); import password_rules; "
JUDGE = RUN + "sys.exit(password_rules.main(*sys.argv[2:]))"
GOOD = "Kv7-qqXz-93pL#a"
WORDS = ["voiture", "fenêtre", "cœur", "fromage", "contravention", "vente", "revente", "sève"]
SETTINGS = """# a comment
required_classes=4
banned=tesla
banned=Citroën
banned=q!9:zz;Kt7
end
"""


class Check:
    """The check as installed in a directory of its own."""

    def __init__(self, directory: Path) -> None:
        self.words, self.settings, self.log = (directory / name for name in ("words", "settings", "log"))
        source = directory / "french"
        filler = ["qqz" + "".join(letters) for letters in product("bcdfghjkmnp", repeat=3)]
        source.write_text("\n".join([*WORDS, *filler]) + "\n", encoding="utf-8")
        self.settings.write_text(SETTINGS, encoding="utf-8")
        self.source = source

    def compile(self) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-IB", str(CODE / "compile_words.py"), str(self.words), str(self.source)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def run(self, password: bytes | str, **names: str) -> subprocess.CompletedProcess[str]:
        environment = {f"SAMBA_CPS_{name.upper()}": value for name, value in names.items()}
        command = [sys.executable, "-ISc", JUDGE, str(CODE), str(self.words), str(self.settings), str(self.log)]
        raw = password.encode() if isinstance(password, str) else password
        done = subprocess.run(command, input=raw, env=environment, capture_output=True, check=False)
        return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())

    def reason(self, password: bytes | str, **names: str) -> str | None:
        """The reason given, checked against the exit status: 0 accepts, and only 0."""
        done = self.run(password, **names)
        assert "Traceback" not in done.stderr
        assert (done.returncode == 0) == (done.stderr == "")
        return done.stderr.strip() or None


@pytest.fixture
def check(tmp_path: Path) -> Check:
    installed = Check(tmp_path)
    assert installed.compile().stdout == "changed\n"
    return installed


def test_a_password_that_follows_the_rules_is_accepted(check: Check) -> None:
    assert check.reason(GOOD, account_name="martinali", full_name="Alice Martin") is None


@pytest.mark.parametrize("password", ["kv7-qqxz-93pl#a", "KV7-QQXZ-93PL#A", "Kvx-qqXz-zzpL#a", "Kv7xqqXzx93pLxa"])
def test_a_password_that_lacks_one_class_of_characters_is_refused(check: Check, password: str) -> None:
    assert check.reason(password) == "character_classes"


@pytest.mark.parametrize(
    "password", ["Voiture-26xQ", "9-xVOITURE-26", "V01tur3-26-Xq", "Fenetre-26xQ", "Fenêtre-26xQ", "Xq-26-Coeur",
                 "Xq-26-Cœur", "Fr0m@ge-26-Xq", "Contravent10n-26"],
)  # fmt: skip
def test_a_dictionary_word_is_refused_however_it_is_written(check: Check, password: str) -> None:
    assert check.reason(password) == "dictionary"


@pytest.mark.parametrize(
    ("password", "names"),
    [
        ("Lenoir-9kX-vq22", {"full_name": "Zoé Lenoir"}),
        ("L3n01r-9kX-vq22", {"full_name": "Zoé Lenoir"}),
        ("9kX-L-e-n-o-i-r", {"full_name": "Zoé Lenoir"}),
        ("9kX-ZOE-vq-22", {"full_name": "Zoé Lenoir"}),
        ("9kX-lenoirzoe-22", {"account_name": "lenoirzoe"}),
        ("9kX-Zlenoir-22", {"user_principal_name": "z.lenoir@example.lan"}),
        ("9kX-LeGoff-22", {"full_name": "Anne Le Goff"}),
    ],
)
def test_a_part_of_the_name_is_refused(check: Check, password: str, names: dict[str, str]) -> None:
    assert check.reason(password) is None
    assert check.reason(password, **names) == "own_name"


def test_the_domain_of_the_principal_is_not_a_name(check: Check) -> None:
    assert check.reason("9kX-garage-Vq22", user_principal_name="zoe@garage.lan") is None


@pytest.mark.parametrize(
    "password", ["Tesla-9kX-vq22", "9kX-T3sl4-vq22", "T-e-s-l-a-9kX", "Citroen-9kX-2", "q!9:zz;Kt7-aa"]
)
def test_a_banned_word_is_refused_wherever_it_is(check: Check, password: str) -> None:
    assert check.reason(password) == "banned_word"


@pytest.mark.parametrize(
    "password",
    [
        "Azerty-29-XkQv",
        "Qwerty-29-XkQv",
        "ytrezA-29-XkQv",
        "xK&é\"'(9-vQ",
        "9!-vbnXq-uioPb-123",
        "Xxxxxx-29-kQv",
        "1qaZ2wsX-k!",
    ],
)
def test_a_walk_on_the_keyboard_is_refused(check: Check, password: str) -> None:
    assert check.reason(password) == "keyboard_walk"


@pytest.mark.parametrize("password", ["Kv7-asd-93pL#a", "Kv7-1234-qXz#a"])
def test_a_few_neighbouring_keys_are_not_a_walk(check: Check, password: str) -> None:
    assert check.reason(password) is None


@pytest.mark.parametrize(
    "raw",
    [b"", b"\n", b"Kv7-qqXz\n-93pL#a", b"Kv7-qqXz\0-93pL#a", b"Kv7-qqXz\xff-93pL#a", b"\xed\xa0\x80Kv7-qqXz-9",
     b"Kv7-qqXz\x1b[31m-93pL", "Kv7-qqXz\u0085-93pL".encode(), GOOD.encode() * 700, b"\0" * 10_000],
)  # fmt: skip
def test_what_nobody_types_is_refused(check: Check, raw: bytes) -> None:
    assert check.reason(raw) == "malformed"


def test_a_line_end_typed_by_whoever_tries_by_hand_is_not_part_of_the_password(check: Check) -> None:
    assert check.reason(GOOD + "\n") is None


@pytest.mark.parametrize("broken", ["words", "settings"])
@pytest.mark.parametrize("how", ["missing", "empty", "cut", "binary"])
def test_whatever_is_missing_or_damaged_refuses_every_password(check: Check, broken: str, how: str) -> None:
    path: Path = getattr(check, broken)
    whole = path.read_bytes()
    path.unlink()
    if how != "missing":
        path.write_bytes({"empty": b"", "cut": whole[:-3], "binary": b"\xff\xfe\0\1"}[how])
    assert (check.reason(GOOD) or "").startswith("unavailable:")


def test_a_script_without_its_parts_refuses(tmp_path: Path) -> None:
    alone = tmp_path / "check-password"
    shutil.copy(LAUNCHER, alone)
    alone.write_text(alone.read_text().replace("/usr/local/lib", str(tmp_path)))
    done = subprocess.run([sys.executable, "-IS", str(alone)], input=GOOD.encode(), capture_output=True, check=False)
    assert done.returncode == 1


def test_the_log_tells_the_account_the_decision_and_the_reason_and_no_more(check: Check) -> None:
    check.run(GOOD, account_name="lenoirzoe")
    check.run("Voiture-2026xQ", account_name="lenoirzoe")
    lines = check.log.read_text().splitlines()
    stamp = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ "
    assert re.fullmatch(stamp + "account=lenoirzoe decision=accepted", lines[0])
    assert re.fullmatch(stamp + "account=lenoirzoe decision=refused reason=dictionary", lines[1])


def test_only_its_owner_reads_the_log(check: Check) -> None:
    os.umask(0o022)
    check.run(GOOD)
    assert check.log.stat().st_mode & 0o777 == 0o600


def test_an_account_name_cannot_forge_a_line_of_the_log(check: Check) -> None:
    check.run(GOOD, account_name="x decision=accepted\n2026-01-01T00:00:00Z account=boss decision=accepted")
    assert len(check.log.read_text().splitlines()) == 1
    assert check.log.read_text().count("decision=") == 1


def test_a_log_that_cannot_be_written_changes_no_decision(check: Check) -> None:
    check.log.mkdir()
    assert check.run(GOOD).returncode == 0
    assert check.run("Voiture-2026xQ").returncode == 1


def test_words_that_hold_a_shorter_word_or_are_too_short_are_left_out_and_still_refused(check: Check) -> None:
    words = check.words.read_text().split()
    assert "vente" in words
    assert "revente" not in words
    assert "seve" not in words
    assert check.reason("9kX-Revente-22") == "dictionary"


def test_every_word_of_the_list_is_found(check: Check) -> None:
    script = RUN + ("d = password_rules.Dictionary(sys.argv[2]); words = open(sys.argv[2]).read().split(); "
                    "print(len(words), sum(d.has_word_at_start((w + 'zz').encode()) for w in words), "
                    "sum(d.has_word_at_start(w[:-1].encode()) for w in words))")  # fmt: skip
    command = [sys.executable, "-ISc", script, str(CODE), str(check.words)]
    words, found, shortened = map(int, subprocess.run(command, capture_output=True, check=True).stdout.split())
    assert words > 1000
    assert found == words
    assert shortened == 0


def test_compiling_again_changes_nothing_until_the_list_does(check: Check) -> None:
    assert check.compile().stdout == "unchanged\n"
    with check.source.open("a", encoding="utf-8") as file:
        file.write("horloge\n")
    os.utime(check.source, (2**31, 2**31))
    assert check.compile().stdout == "changed\n"
    assert check.reason("9kX-Horl0ge-22") == "dictionary"


def test_a_list_that_is_not_a_dictionary_is_not_compiled(check: Check) -> None:
    before = check.words.read_bytes()
    check.source.write_text("voiture\n", encoding="utf-8")
    os.utime(check.source, (2**31, 2**31))
    done = check.compile()
    assert done.returncode != 0
    assert "not a dictionary" in done.stderr
    assert check.words.read_bytes() == before


def test_settings_that_the_check_could_not_read_are_refused_before_they_are_installed(check: Check) -> None:
    command = [sys.executable, "-IB", str(CODE / "compile_words.py"), "--settings", str(check.settings)]
    assert subprocess.run(command, check=False).returncode == 0
    check.settings.write_text(SETTINGS.replace("end\n", ""), encoding="utf-8")
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0
