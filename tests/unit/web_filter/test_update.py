"""Whatever a source gives, and whenever the updater stops, lists that were good stay in force."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import resource
import signal
import subprocess
import tarfile
import time
from pathlib import Path

import pytest

from tests.unit.web_filter.programs import Site, archive, command, domains, settings


def in_force(site: Site) -> str:
    return os.readlink(site.state / "current")


def category(site: Site, host: str) -> str:
    return site.ask(f"http://{host}/")[0]


def test_a_good_source_is_taken_and_the_canaries_are_in_it(site: Site) -> None:
    assert category(site, "www.a19.test") == "OK category_=pornography list_=toulouse"
    assert category(site, "hate.canari.test") == "OK category_=hate list_=toulouse"
    assert category(site, "none.canari.test") == "OK category_=none"
    assert not site.written()["alerts"]


def test_the_same_again_makes_no_generation_but_makes_the_lists_fresh(site: Site) -> None:
    before = in_force(site)
    state = site.written()
    for each in state["lists"].values():
        each["accepted_at"] -= 30 * 86400
    (site.state / "state.json").write_text(json.dumps(state), encoding="utf-8")
    check = ["--check"]
    assert "not fetched for 30 days" in site.update(*check).stdout
    assert site.update().returncode == 0
    assert in_force(site) == before
    assert site.update(*check).stdout == "in order\n"


def cut(site: Site) -> None:
    with site.source.open("r+b") as file:
        file.truncate(site.source.stat().st_size - 40)


def linked(site: Site, target: str, kind: bytes = tarfile.SYMTYPE) -> None:
    with tarfile.open(site.source, "w:gz") as kept:
        member = tarfile.TarInfo("blacklists/adult/domains")
        member.type, member.linkname = kind, target
        kept.addfile(member)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (cut, "cut short"),
        (lambda site: site.source.write_bytes(b""), "empty"),
        (lambda site: site.source.write_bytes(b"<html>503</html>"), "broken"),
        (lambda site: site.source.unlink(), "No such file"),
        (lambda site: site.publish(files={"../../../etc/cron.d/x": "x"}), "leaves the archive"),
        (lambda site: archive(site.source, {"/etc/cron.d/x": "x"}), "leaves the archive"),
        (lambda site: linked(site, "/etc/passwd"), "leaves the archive"),
        (lambda site: linked(site, "../../../etc/passwd"), "leaves the archive"),
        (lambda site: linked(site, "../etc/passwd", tarfile.LNKTYPE), "leaves the archive"),
        (lambda site: linked(site, "", tarfile.CHRTYPE), "neither a file nor a folder"),
        (lambda site: site.publish(adult=b"\0" * 70_000_000), "more than a list can be"),
        (lambda site: site.source.write_bytes(os.urandom(1_000_001)), "more than 1000000 bytes"),
    ],
)
def test_a_source_that_went_bad_changes_nothing_and_raises_an_alert(site: Site, spoil, said: str) -> None:  # type: ignore[no-untyped-def]
    before = site.written()["lists"]
    spoil(site)
    done = site.update()
    assert done.returncode == 1
    assert said in done.stderr
    assert category(site, "a7.test").startswith("OK category_=pornography")
    assert category(site, "h7.test").startswith("OK category_=hate")
    assert {alert["part"] for alert in site.written()["alerts"]} == {"update"}
    assert site.written()["lists"] == before, "a list that did not come is not fresh"
    assert site.update("--check").returncode == 0, "the lists in force are in order all the same"
    site.publish()
    assert site.update().returncode == 0
    assert site.written()["alerts"] == []


@pytest.mark.parametrize(
    ("adult", "said"),
    [
        ("", "the list is empty"),
        ("# only a remark\n", "the list is empty"),
        (domains("a", 15), "15 domains where there were 20"),
        ("<!DOCTYPE html>\n<p>closed for the holidays</p>\n", "lines are no names"),
    ],
)
def test_a_list_that_went_bad_is_kept_and_the_others_are_updated(site: Site, adult: str, said: str) -> None:
    site.publish(adult=adult, agressif=domains("h", 9) + "new.test\n", files={"adult/urls": ""})
    done = site.update()
    assert done.returncode == 1
    assert said in done.stderr
    assert category(site, "a19.test").startswith("OK category_=pornography")
    assert category(site, "new.test").startswith("OK category_=hate")
    assert category(site, "h9.test") == "OK category_=none"
    lists = site.written()["lists"]
    assert lists["toulouse/adult"]["accepted_at"] <= lists["toulouse/agressif"]["accepted_at"]
    # The same bad archive the day after is not news, and the list does not become fresh by it.
    again = site.update()
    assert "web filter" not in again.stderr
    assert again.returncode == 1


def test_a_loss_that_somebody_vouches_for_is_taken(site: Site) -> None:
    site.publish(adult=domains("a", 5))
    assert site.update("--accept", "toulouse/adult").returncode == 0
    assert category(site, "a7.test") == "OK category_=none"


def test_a_list_kept_again_and_again_neither_grows_nor_shrinks(site: Site) -> None:
    for _ in range(3):
        site.publish(adult="", files={"adult/urls": ""})
        site.update("--rebuild")
    manifest = json.loads((site.state / "current" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["lists"]["toulouse/adult"]["domains"] == 20
    assert manifest["lists"]["toulouse/adult"]["pages"] == 1


def test_without_any_list_ever_nothing_is_put_in_force(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.source.unlink()
    assert site.update().returncode == 2
    assert not (site.state / "current").exists()
    assert category(site, "open.test").startswith("BH")


def test_a_wanted_list_that_no_source_has_is_told(site: Site) -> None:
    site.configure(**{"categories": settings(site.source, {"pornography": ["adult"], "chat": ["chat"]})["categories"]})
    done = site.update()
    assert "toulouse/chat: no list: the source has no such list" in done.stderr
    assert category(site, "a7.test").startswith("OK")
    assert "toulouse/chat: never fetched" in site.update("--check").stdout


def test_an_alias_of_a_list_is_that_list(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.configure(categories=settings(site.source, {"pornography": ["porn"]})["categories"])
    with tarfile.open(site.source, "w:gz") as kept:
        link = tarfile.TarInfo("blacklists/porn")
        link.type, link.linkname = tarfile.SYMTYPE, "adult"
        kept.addfile(link)
        file = archive(tmp_path / "x.tar.gz", {"adult/domains": "a.test\n"})
        with tarfile.open(file) as other:
            for member in other:
                kept.addfile(member, other.extractfile(member))
    assert site.update().returncode == 0
    assert category(site, "a.test") == "OK category_=pornography list_=toulouse"


def test_a_folder_is_a_source_too(tmp_path: Path) -> None:
    site = Site(tmp_path)
    folder = tmp_path / "lists" / "adult"
    folder.mkdir(parents=True)
    (folder / "domains").write_text("a.test\n", encoding="utf-8")
    site.configure(
        sources=[{"name": "toulouse", "url": f"file://{tmp_path}/lists", "form": "folder"}],
        categories=settings(site.source, {"pornography": ["adult"]})["categories"],
    )
    assert site.update().returncode == 0
    assert category(site, "a.test").startswith("OK category_=pornography")


@pytest.mark.parametrize(("name", "code"), [("md5", 0), ("sha256", 0), ("wrong", 2)])
def test_an_archive_is_compared_with_the_digest_that_its_source_publishes(tmp_path: Path, name: str, code: int) -> None:
    site = Site(tmp_path)
    digest = "0" * 32 if name == "wrong" else hashlib.new(name, site.source.read_bytes()).hexdigest()
    (tmp_path / "SUMS").write_text(f"{'1' * 32}  other.tar.gz\n{digest}  lists.tar.gz\n", encoding="ascii")
    source = {"name": "toulouse", "url": f"file://{site.source}", "digests_url": f"file://{tmp_path}/SUMS"}
    site.configure(sources=[source])
    assert site.update().returncode == code


def test_a_source_that_publishes_nothing_any_more_is_told(site: Site) -> None:
    site.publish(when=time.time() - 40 * 86400)
    done = site.update()
    assert "published nothing for 40 days" in done.stderr


def test_a_full_disk_leaves_what_was_in_force(site: Site) -> None:
    before = in_force(site)
    site.publish(adult=domains("a", 30_000))

    def small() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    line = [*command("web-filter-update"), "--settings", str(site.settings), "--folder", str(site.state)]
    done = subprocess.run(line, capture_output=True, text=True, check=False, preexec_fn=small)
    assert done.returncode == 1
    assert "the lists were not updated" in done.stderr
    assert in_force(site) == before
    assert category(site, "a7.test").startswith("OK category_=pornography")
    assert [name for name in os.listdir(site.state / "generations") if name.startswith("new-")] == []


@pytest.mark.parametrize("after", [0.05, 0.15, 0.3, 0.6])
def test_an_updater_that_is_killed_leaves_what_was_in_force(site: Site, after: float) -> None:
    site.publish(adult=domains("a", 60_000))
    line = [*command("web-filter-update"), "--settings", str(site.settings), "--folder", str(site.state)]
    with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        time.sleep(after)
        process.kill()
    assert category(site, "a7.test").startswith("OK category_=pornography")
    assert category(site, "open.test") == "OK category_=none"
    assert site.update().returncode == 0, "the next one is not in the way of what the killed one left"
    assert category(site, "a59999.test").startswith("OK category_=pornography")
    assert [name for name in os.listdir(site.state / "generations") if name.startswith("new-")] == []


def test_two_updates_do_not_run_at_once(site: Site) -> None:
    with (site.state / "update.lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert site.update().returncode == 75


def test_a_database_that_somebody_changed_is_made_anew(site: Site) -> None:
    database = (site.state / "current" / "categories.sqlite").resolve()
    content = bytearray(database.read_bytes())
    content[-1] ^= 1
    database.write_bytes(bytes(content))
    assert site.update("--check").returncode == 2
    assert site.update().returncode == 0
    assert site.update("--check").returncode == 0


def test_generations_are_kept_and_one_can_go_back(site: Site) -> None:
    for count in (20, 21, 22):
        site.publish(adult=domains("a", count))
        assert site.update().returncode == 0
    assert len(os.listdir(site.state / "generations")) == 2
    assert category(site, "a21.test").startswith("OK category_=pornography")
    assert site.update("--previous").returncode == 0
    assert category(site, "a21.test") == "OK category_=none"


def test_alerts_are_told_once_to_the_journal_and_to_the_sites_own_command(site: Site, tmp_path: Path) -> None:
    told = tmp_path / "told"
    site.configure(alert_command=["/bin/sh", "-c", f"cat >> {told}"])
    site.source.write_bytes(b"rubbish")
    assert "<1>web filter: toulouse/adult, toulouse/agressif: " in site.update(JOURNAL_STREAM="8:1").stderr
    assert told.read_text(encoding="utf-8").count("former list is kept") == 1
    site.update()
    assert told.read_text(encoding="utf-8").count("former list is kept") == 1
    site.publish()
    assert site.update().returncode == 0
    assert told.read_text(encoding="utf-8").count("over: ") == 1


@pytest.mark.parametrize("text", ["", "{", "{}", '{"sources": 1}'])
def test_settings_that_cannot_be_read_are_told_by_their_file(site: Site, text: str) -> None:
    site.settings.write_text(text, encoding="utf-8")
    done = site.update()
    assert done.returncode == 1
    assert str(site.settings) in done.stderr
