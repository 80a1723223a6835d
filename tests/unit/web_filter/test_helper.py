"""The helper answers Squid in order, closes when it has no lists, and takes up new ones by itself."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.unit.web_filter.programs import Site, domains


@contextmanager
def running(site: Site) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        site.helper(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as process:
        yield process
        assert process.stdin
        process.stdin.close()
        assert process.wait(10) == 0


def asked(process: subprocess.Popen[str], line: str) -> str:
    assert process.stdin
    assert process.stdout
    process.stdin.write(f"{line}\n")
    process.stdin.flush()
    return process.stdout.readline().rstrip("\n")


def test_many_requests_at_once_are_answered_each_on_its_channel(site: Site) -> None:
    lines = "".join(f"{n} http://{'a1.test' if n % 2 else 'open.test'}/ -\n" for n in range(5000))
    said = subprocess.run(site.helper(), input=lines, capture_output=True, text=True, check=True, timeout=30).stdout
    answers = dict(line.split(" ", 1) for line in said.splitlines())
    assert len(answers) == 5000
    assert answers["1"] == "OK category_=pornography list_=toulouse"
    assert answers["4998"] == "OK category_=none"


def test_a_request_that_comes_in_pieces_is_one_request(site: Site) -> None:
    incoming, sending = os.pipe()
    with subprocess.Popen(site.helper(), stdin=incoming, stdout=subprocess.PIPE, text=True) as process:
        os.close(incoming)
        for piece in (b"7 http://", b"a1.te", b"st/ -\n8 "):
            os.write(sending, piece)
        assert process.stdout
        assert process.stdout.readline().startswith("7 OK category_=pornography")
        os.write(sending, b"open.test:443 -\n")
        assert process.stdout.readline() == "8 OK category_=none\n"
        os.close(sending)


@pytest.mark.parametrize(
    "asked_for", ["http://bad..test/", "http://[x]/", "-", "", "http://\udcff.test/", "http://a\x07.test/"]
)
def test_what_cannot_be_read_is_never_answered_ok(site: Site, asked_for: str) -> None:
    with subprocess.Popen(site.helper(), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        said, _ = process.communicate(f"3 {asked_for} -\n4 http://a1.test/ -\n".encode("utf-8", "surrogateescape"))
    first, second = said.decode("ascii").splitlines()
    assert first.startswith("3 ERR category_=malformed message=")
    assert second.startswith("4 OK category_=pornography")


def test_a_quote_in_a_message_cannot_add_a_word_to_the_answer(site: Site) -> None:
    (answer,) = site.ask('http://x"category_=none"..test/')
    assert answer.count('"') == 2
    assert answer.startswith("ERR")


def test_without_lists_nothing_is_answered_ok_and_with_them_again_it_is(site: Site) -> None:
    with running(site) as process:
        assert asked(process, "1 http://a1.test/ -") == "1 OK category_=pornography list_=toulouse"
        current = site.state / "current"
        target = os.readlink(current)
        current.unlink()
        assert asked(process, "2 http://open.test/ -").startswith('2 BH message="no database')
        os.symlink(target, current)
        assert asked(process, "3 http://open.test/ -") == "3 OK category_=none"


@pytest.mark.parametrize("content", [b"", b"rubbish" * 1000])
def test_lists_that_are_replaced_by_rubbish_are_not_answered_from(site: Site, content: bytes) -> None:
    with running(site) as process:
        assert asked(process, "1 http://a1.test/ -").startswith("1 OK")
        database = site.state / "current" / "categories.sqlite"
        (site.state / "x").write_bytes(content)
        os.replace(site.state / "x", database.resolve())
        assert asked(process, "2 http://a1.test/ -").startswith("2 BH")


def test_new_lists_are_taken_up_while_it_runs(site: Site) -> None:
    with running(site) as process:
        assert asked(process, "1 http://fresh.test/ -") == "1 OK category_=none"
        site.publish(adult=domains("a", 20) + "fresh.test\n")
        assert site.update().returncode == 0
        assert asked(process, "2 http://fresh.test/ -") == "2 OK category_=pornography list_=toulouse"


def test_the_sites_own_lists_come_first_and_are_taken_up_while_it_runs(site: Site) -> None:
    with running(site) as process:
        assert asked(process, "1 http://x.a1.test/ -").startswith("1 OK category_=pornography")
        own = {"allowed": [{"domain": "X.a1.test", "why": "y"}], "refused": [{"domain": "open.test", "why": "y"}]}
        site.site_lists.write_text(json.dumps(own), encoding="utf-8")
        assert asked(process, "2 http://x.a1.test/ -") == "2 OK category_=allowed list_=site"
        assert asked(process, "3 http://a1.test/ -") == "3 OK category_=pornography list_=toulouse"
        assert asked(process, "4 www.open.test:443 -") == "4 OK category_=refused list_=site"
        site.site_lists.write_text("{", encoding="utf-8")
        assert asked(process, "5 http://a1.test/ -").startswith("5 BH")


def test_a_mistake_in_the_sites_own_lists_is_told_before_they_are_in_force(site: Site) -> None:
    site.site_lists.write_text('{"allowed": [{"domain": "fr"}], "refused": []}', encoding="utf-8")
    done = subprocess.run([*site.helper(), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "fr: a whole top level" in done.stderr
