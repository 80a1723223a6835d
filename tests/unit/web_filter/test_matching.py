"""The database says what a plain walk over the lists says."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st
from webfilter.build import Build, ListError
from webfilter.index import Index, SiteLists, UnusableIndex
from webfilter.names import read_target

from tests.unit.web_filter import programs
from tests.unit.web_filter.programs import Site

_label = st.sampled_from(["a", "b", "c", "www"])
_host = st.lists(_label, min_size=0, max_size=3).map(lambda labels: ".".join([*labels, "x", "test"]))
_lists = st.dictionaries(
    st.sampled_from(["one", "two", "three"]), st.sets(_host, min_size=1, max_size=6), min_size=1, max_size=3
)


def naive(lists: dict[str, set[str]], host: str) -> list[str]:
    """Every list that has the host or a name above it, by the longest name it has."""
    found: list[str] = []
    labels = host.split(".")
    for at in range(len(labels)):
        name = ".".join(labels[at:])
        found += [each for each in sorted(lists) if name in lists[each] and each not in found]
    return found


@limits(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lists=_lists, hosts=st.lists(_host, min_size=1, max_size=10))
def test_all_categories_hold_and_that_of_the_longest_name_comes_first(
    lists: dict[str, set[str]], hosts: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        build = Build(folder, None, 20)
        for name, names in sorted(lists.items()):
            content = [f"{each}\n".encode() for each in sorted(names)]
            build.add(f"s/{name}", "s", {(name, "domains"): lambda content=content: iter(content)})
        build.finish({name: [f"s/{name}"] for name in lists}, {})
        index = Index(build.path)
        for host in hosts:
            answer = index.ask(read_target(f"http://{host}/"))
            assert list(answer.categories if answer else ()) == naive(lists, host), host
        index.close()


@given(allowed=st.sets(_host, max_size=5), refused=st.sets(_host, max_size=5), host=_host)
def test_the_longer_name_of_the_sites_own_lists_wins(allowed: set[str], refused: set[str], host: str) -> None:
    def longest(names: set[str]) -> int:
        return max((len(name) for name in names if host == name or host.endswith(f".{name}")), default=-1)

    expected = None
    if max(longest(allowed), longest(refused)) >= 0:
        expected = "allowed" if longest(allowed) > longest(refused) else "refused"
    assert SiteLists(frozenset(allowed), frozenset(refused)).ask(read_target(host)) == expected


def test_a_domain_listed_twice_is_counted_once(tmp_path: Path) -> None:
    build = Build(str(tmp_path), None, 20)
    listed = build.add("s/one", "s", {("one", "domains"): lambda: iter([b"a.test\n", b"A.TEST.\n", b"\n", b"# no\n"])})
    assert (listed.domains, listed.unreadable) == (1, 0)


def test_latin_one_and_other_scripts_are_read(tmp_path: Path) -> None:
    build = Build(str(tmp_path), None, 20)
    lines = ["pörn.test".encode("latin-1"), "é.test".encode()]
    build.add("s/one", "s", {("one", "domains"): lambda: iter(lines)})
    build.finish({"bad": ["s/one"]}, {})
    index = Index(build.path)
    assert index.ask(read_target("http://xn--prn-sna.test/"))
    assert index.ask(read_target("http://É.test/"))


def test_a_file_of_something_else_is_no_list(tmp_path: Path) -> None:
    lines = [b"<html>", b"<body>we are closed</body>", b"a.test"]
    with pytest.raises(ListError, match="2 of 3 lines"):
        Build(str(tmp_path), None, 20).add("s/one", "s", {("one", "domains"): lambda: iter(lines)})


def test_pages_close_only_what_is_below_them(site: Site) -> None:
    said = site.ask(
        "http://shared.test/adult/x?y",
        "http://www.shared.test/x/../ADULT",
        "http://shared.test/adults",
        "shared.test:443",
    )
    assert [answer.split()[1] for answer in said] == [
        "category_=pornography",
        "category_=pornography",
        "category_=none",
        "category_=none",
    ]


@pytest.mark.parametrize("content", [None, b"", b"SQLite format 3\0" + b"\xff" * 8192, b"not a database at all"])
def test_a_database_that_is_none_is_not_opened(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "categories.sqlite"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnusableIndex):
        Index(str(path))


def test_a_database_of_no_domain_is_not_opened(tmp_path: Path) -> None:
    build = Build(str(tmp_path), None, 20)
    build.finish({}, {})
    with pytest.raises(UnusableIndex, match="lists nothing"):
        Index(build.path)


assert programs  # the role's library is found through it
