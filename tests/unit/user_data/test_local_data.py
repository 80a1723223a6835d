"""Data on a workstation: what the audit counts, what the program counts, and what people are told."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from ansible.module_utils.linux import user_data

from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "roles/user_data_notice/files/usr/local/lib/local-data"))
from localdata.count import Settings, count, notice, size_in_words

SETTINGS = Settings((".cache",), r"\\fs1\perso\{login}", "le service informatique", 50)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name, size in {"a.txt": 10, "b/c/d.txt": 20, ".cache/e": 1000, "b/.cache/f": 5}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x" * size)
    (tmp_path / "link").symlink_to("/usr")
    return tmp_path


def test_both_count_the_same_and_leave_out_the_top_alone(home: Path) -> None:
    assert count(str(home), SETTINGS.left_out) == (3, 35)
    sizes = [size for _, size in user_data._files(str(home), SETTINGS.left_out)]
    assert (len(sizes), sum(sizes)) == (3, 35)


def test_homes_that_are_not_there_are_no_answer(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        user_data.facts(str(tmp_path / "home"), (), str)


def test_nothing_is_said_when_everything_is_safe(tmp_path: Path) -> None:
    assert notice("ann", *count(str(tmp_path), ()), SETTINGS) == ""


def test_the_notice_says_how_much_and_where_to_put_it() -> None:
    said = notice("ann", 2, 1_500_000, SETTINGS)
    assert "2 fichiers ne sont pas" in said
    assert "1,5 Mo" in said
    assert r"\\fs1\perso\ann" in said
    assert "admis" not in said
    assert "plus que les 50 Mo admis" in notice("ann", 1, 50_000_001, SETTINGS)


@pytest.mark.parametrize(
    ("size", "words"), [(12, "12 octets"), (4096, "4 Ko"), (1_500_000, "1,5 Mo"), (2_500_000_000, "2,5 Go")]
)
def test_sizes_are_words(size: int, words: str) -> None:
    assert size_in_words(size) == words
