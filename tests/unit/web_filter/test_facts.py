"""What is read of the filter is what is there, and what is tried of it leaves nothing behind."""

from __future__ import annotations

import contextlib
import glob
import json
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path

import pytest
from ansible.module_utils.linux import web_filter
from ansible.module_utils.linux.web_filter import WebFilterError, helpers, read_database, read_filter
from ansible.module_utils.linux.web_filter_trial import bad_sources, without_lists

from tests.unit.web_filter.programs import LIBRARY, SBIN, Site, command


def configured(site: Site) -> dict[str, object]:
    return dict(json.loads(site.settings.read_text(encoding="utf-8")))


def test_the_lists_in_force_are_counted_without_their_canaries(site: Site) -> None:
    facts = read_database(str(site.state / "current"), configured(site))
    assert facts["categories"] == [{"name": "pornography", "domains": 20}, {"name": "hate", "domains": 10}]
    assert facts["differences"] == []


def test_a_category_with_a_canary_alone_is_not_in_force(site: Site) -> None:
    path = site.state / "current" / "categories.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute("DELETE FROM domains WHERE lists & 2 AND name NOT IN (SELECT name FROM canary)")
    facts = read_database(str(site.state / "current"), configured(site))
    assert facts["categories_in_force"] == ["pornography"]
    assert facts["differences"] == [
        "the database is not the one that was made",
        "toulouse/agressif: 0 domains, 10 when it was made",
    ]


@pytest.mark.parametrize("content", [None, b"", b"rubbish" * 100])
def test_without_a_database_nothing_is_in_force(site: Site, content: bytes | None) -> None:
    path = site.state / "current" / "categories.sqlite"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    facts = read_database(str(site.state / "current"), configured(site))
    assert facts["categories_in_force"] == []
    assert facts["differences"]


def test_the_oldest_list_decides_and_one_that_never_came_leaves_no_answer(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_filter, "_sing", lambda: {"wrong": [], "asked": 2, "through_the_proxy": 0})
    monkeypatch.setattr(web_filter, "_timer", lambda unit: {"enabled": True, "active": True})
    state = site.written()
    state["lists"]["toulouse/adult"]["accepted_at"] -= 86400 * 3
    (site.state / "state.json").write_text(json.dumps(state), encoding="utf-8")
    assert round(read_filter(str(site.state), str(site.settings))["oldest_list_days"]) == 3
    del state["lists"]["toulouse/agressif"]
    (site.state / "state.json").write_text(json.dumps(state), encoding="utf-8")
    facts = read_filter(str(site.state), str(site.settings))
    assert facts["oldest_list_days"] is None
    assert facts["never_fetched"] == ["toulouse/agressif"]
    assert facts["canary"]["age_minutes"] is None


def test_a_filter_that_was_never_set_up_is_said(tmp_path: Path) -> None:
    with pytest.raises(WebFilterError, match="bring the gateway in line first"):
        read_filter(str(tmp_path), str(tmp_path / "config.json"))


def test_helpers_of_squid_are_told_from_others(tmp_path: Path) -> None:
    for number, words, parent, name in (
        (1, "squid", 0, "squid"),
        (2, "/usr/bin/python3 -IB /usr/local/sbin/web-category", 1, "web-category"),
        (3, "/usr/bin/python3 -IB /usr/local/sbin/web-category --current x", 4, "web-category"),
        (4, "bash", 0, "bash"),
        (5, "vi notes about /usr/local/sbin/web-category.md", 4, "vi"),
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "cmdline").write_bytes(words.replace(" ", "\0").encode() + b"\0")
        (folder / "stat").write_text(f"{number} (a) b) S {parent} 1 1", encoding="ascii")
        (folder / "comm").write_text(f"{name}\n", encoding="ascii")
    assert helpers(str(tmp_path)) == {"running": 2, "of_squid": 1}


def trials() -> list[str]:
    return glob.glob(os.path.join(tempfile.gettempdir(), "web-filter-trial-*"))


def test_a_filter_that_closes_without_lists_is_seen_to(site: Site) -> None:
    found = without_lists(command("web-category"), str(site.site_lists))
    assert [each["lists"] for each in found] == ["missing", "empty", "broken"]
    assert all(each["refused"] for each in found)
    assert trials() == []


def test_a_filter_that_opens_without_lists_is_seen_too(site: Site, tmp_path: Path) -> None:
    program = spoiled(tmp_path, "helper.py", 'return f"BH message=', 'return f"OK category_=none message=')
    assert not any(each["refused"] for each in without_lists([*program("web-category")], str(site.site_lists)))


def spoiled(tmp_path: Path, part: str, before: str, after: str):  # type: ignore[no-untyped-def]
    """The programs, with one thing broken in them."""
    shutil.copytree(SBIN, tmp_path / "usr" / "sbin")
    shutil.copytree(LIBRARY, tmp_path / "usr" / "lib" / "web-filter")
    file = tmp_path / "usr" / "lib" / "web-filter" / "webfilter" / part
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")
    return lambda name: [*command(name)[:-1], str(tmp_path / "usr" / "sbin" / name)]


def test_bad_sources_are_seen_to_change_nothing(site: Site) -> None:
    found = bad_sources(str(site.settings), command("web-filter-update"), command("web-category"))
    assert {each["source"] for each in found} == {
        "cut short", "empty", "shrunken", "not an archive", "leaving its folder", "gone",
    }  # fmt: skip
    assert all(each["kept"] and each["alerted"] for each in found), found
    assert trials() == []


def test_an_updater_that_takes_any_loss_is_seen(site: Site) -> None:
    site.configure(greatest_loss_percent=100)
    found = bad_sources(str(site.settings), command("web-filter-update"), command("web-category"))
    assert [each["source"] for each in found if not each["kept"]] == ["shrunken"]


def test_an_updater_that_takes_nothing_at_all_is_no_answer(site: Site, tmp_path: Path) -> None:
    program = spoiled(tmp_path, "build.py", "if not listed.domains and not listed.pages", "if True")
    with pytest.raises(WebFilterError, match="does not take a good list"):
        bad_sources(str(site.settings), program("web-filter-update"), program("web-category"))
