"""Names are read the way a browser reads them, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webfilter.names import UnreadableName, listed_host, listed_page, page_keys, page_path, read_target, suffixes

from tests.unit.web_filter import programs  # noqa: F401  # finds the role's library


@pytest.mark.parametrize(
    ("asked", "host"),
    [
        ("http://Bad.TEST/", "bad.test"),
        ("http://bad.test./", "bad.test"),
        ("http://bad.test:8080/x", "bad.test"),
        ("bad.test:443", "bad.test"),
        ("http://good.test@bad.test/", "bad.test"),
        ("http://good.test:80@bad.test:81/", "bad.test"),
        ("http://user:p@ss@bad.test/", "bad.test"),
        ("http://bad.test?good.test/", "bad.test"),
        ("http://bad.test#@good.test/", "bad.test"),
        ("http://pörn.test/", "xn--prn-sna.test"),
        ("http://xn--prn-sna.test/", "xn--prn-sna.test"),
        ("http://bad。test/", "bad.test"),
        ("HTTP://bad.test", "bad.test"),
        ("http://a_b.bad.test/", "a_b.bad.test"),
        ("http://192.0.2.7/", "192.0.2.7"),
        ("http://3221225991/", "192.0.2.7"),
        ("http://0xc0.0.2.7/", "192.0.2.7"),
        ("http://0300.0.02.07/", "192.0.2.7"),
        ("http://192.0.519/", "192.0.2.7"),
        ("[2001:DB8::1]:443", "2001:db8::1"),
        ("http://[::ffff:192.0.2.7]/", "192.0.2.7"),
    ],
)
def test_one_host_has_one_name(asked: str, host: str) -> None:
    assert read_target(asked).host == host


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "http://",
        "http:///path",
        "http://bad..test/",
        "http://.bad.test/",
        "http://bad.test../",
        "http://good.test\\@bad.test\\/",
        "http://ba\x00d.test/",
        "http://-bad.test/",
        "http://bad.test:port/",
        "http://[bad.test]/",
        "http://[::1/",
        "http://256.1.1.1/",
        "http://" + "a" * 64 + ".test/",
        "http://" + "a." * 130 + "test/",
        "http://ba%64.test/",
    ],
)
def test_what_can_be_read_in_two_ways_is_not_read(asked: str) -> None:
    with pytest.raises(UnreadableName):
        read_target(asked)


@given(st.text(max_size=80))
def test_anything_at_all_is_read_or_refused(text: str) -> None:
    try:
        target = read_target(text)
    except UnreadableName:
        return
    assert target.host == target.host.lower()
    assert (
        read_target(f"http://[{target.host}]/" if ":" in target.host else f"http://{target.host}/").host == target.host
    )


def test_names_above_a_host_are_told_from_the_longest_and_end_before_the_top_level() -> None:
    assert suffixes("a.b.c.test") == ["a.b.c.test", "b.c.test", "c.test"]
    assert suffixes("localhost") == ["localhost"]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/a/../b/./c//d/", "/b/c/d"),
        ("/%61/%2e%2E/B", "/b"),
        ("/../../x", "/x"),
        ("/x?Q=1", "/x?q=1"),
        ("/x#y", "/x"),
        ("/", ""),
    ],
)
def test_one_page_has_one_path(text: str, path: str) -> None:
    assert page_path(text) == path


def test_a_page_is_found_by_the_folders_above_it_and_without_www() -> None:
    keys = page_keys(read_target("http://www.shared.test/~bob/x/y?z"))
    assert "shared.test/~bob" in keys
    assert "www.shared.test/~bob/x/y?z" in keys
    assert "shared.test" not in keys
    assert page_keys(read_target("shared.test:443")) == []


@pytest.mark.parametrize("line", ["com", ".fr", "*", "<html>", "no spaces.test", ""])
def test_a_line_that_would_close_too_much_or_is_no_name_is_not_taken(line: str) -> None:
    with pytest.raises(UnreadableName):
        listed_host(line)


def test_lines_of_lists_are_read_in_the_ways_they_are_written() -> None:
    assert listed_host("*.Bad.test") == listed_host(".bad.test") == listed_host("bad.test.") == "bad.test"
    assert listed_page("http://WWW.shared.test/Bob/") == listed_page("shared.test/bob") == "shared.test/bob"
    with pytest.raises(UnreadableName):
        listed_page("shared.test/")
