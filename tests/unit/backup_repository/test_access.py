"""What a stolen password opens: tried without harm, and only an answer that says no is a refusal."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.module_utils.linux import backup_access as access

CONFIG, SNAPSHOT = b"config of fs1", b"a snapshot"


class Store(access.Server):
    """A server in memory; what it forgets to refuse is told to it."""

    def __new__(cls, *_: Any, **__: Any) -> Store:
        return object.__new__(cls)

    def __init__(self, *, lets: tuple[str, ...] = (), silent: bool = False) -> None:
        super().__init__("https://192.0.2.10:8000/", "fs1", "right", "/ca")
        object.__setattr__(self, "lets", lets)
        object.__setattr__(self, "silent", silent)
        object.__setattr__(
            self,
            "files",
            {"/fs1/config": CONFIG, "/fs1/snapshots/aa": SNAPSHOT, "/fs1/keys/bb": b"k", "/dc1/config": b"c"},
        )

    def asked(  # noqa: PLR0911 - one answer for each case
        self, method: str, path: str, body: bytes | None = None, login: tuple[str, str] | None = None
    ) -> tuple[int, bytes, str]:
        files, lets = self.files, self.lets  # type: ignore[attr-defined]
        if self.silent:  # type: ignore[attr-defined]
            raise access.AccessError(f"{method} {path}: timed out")
        if login not in (None, ("fs1", "right")) and "anybody" not in lets:
            return 401, b"", ""
        if not path.startswith("/fs1/") and "others" not in lets:
            return 401, b"", ""
        if ".." in path:
            return 301, b"", ""
        if path.endswith("/"):
            names = [name.rsplit("/", 1)[1] for name in files if name.startswith(path)]
            return 200, json.dumps([{"name": name} for name in names]).encode(), ""
        if method == "GET":
            return (200, files[path], "") if path in files else (404, b"", "")
        if method == "DELETE":
            if "delete" not in lets and not ("delete_real" in lets and path in files):
                return 403, b"", ""
            return (200, b"", "") if files.pop(path, None) else (404, b"", "")
        if path in files and "overwrite" not in lets:
            return 403, b"", ""
        files[path] = body or b""
        return 200, b"", ""


def let_through(trials: list[access.Trial]) -> list[str]:
    return [each.what for each in trials if not each.refused]


@pytest.fixture(autouse=True)
def no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "plain", lambda server: access.Trial("plain", True, "400"))


def test_a_server_that_only_adds_refuses_everything_and_keeps_everything() -> None:
    store = Store()
    before = dict(store.files)  # type: ignore[attr-defined]
    assert let_through(access.try_own(store)) == []
    assert let_through(access.try_others(store, ["dc1"])) == []
    assert store.files == before  # type: ignore[attr-defined]


def test_a_server_that_deletes_is_seen_before_anything_is_lost() -> None:
    store = Store(lets=("delete",))
    before = dict(store.files)  # type: ignore[attr-defined]
    assert {"delete_data", "delete_config", "delete_snapshot"} <= set(let_through(access.try_own(store)))
    assert store.files == before  # type: ignore[attr-defined]


def test_what_was_deleted_all_the_same_is_put_back() -> None:
    store = Store(lets=("delete_real",))
    before = dict(store.files)  # type: ignore[attr-defined]
    found = access.try_own(store)
    assert "delete_snapshot" in let_through(found)
    assert any("put back" in each.detail for each in found)
    assert store.files == before  # type: ignore[attr-defined]


def test_what_can_be_overwritten_is_seen_and_stays_what_it_was() -> None:
    store = Store(lets=("overwrite",))
    before = dict(store.files)  # type: ignore[attr-defined]
    assert {"overwrite_config", "overwrite_snapshot"} <= set(let_through(access.try_own(store)))
    assert store.files == before  # type: ignore[attr-defined]


def test_others_backups_and_missing_passwords_are_seen() -> None:
    assert "other_reads dc1" in let_through(access.try_others(Store(lets=("others",)), ["dc1"]))
    assert {"no_password", "wrong_password", "factory admin"} <= set(
        let_through(access.try_others(Store(lets=("anybody",)), ["dc1"]))
    )


def test_silence_is_no_refusal() -> None:
    facts, failures = access.access_facts(Store(silent=True), ["dc1"])
    assert facts == {}
    assert set(failures) == {"backup_access.own", "backup_access.others", "backup_access.clock_offset_seconds"}


def test_nothing_is_concluded_about_others_when_the_own_password_does_not_open() -> None:
    store = Store()
    store.files.pop("/fs1/config")  # type: ignore[attr-defined]
    with pytest.raises(access.AccessError):
        access.try_others(store, ["dc1"])


@pytest.mark.parametrize("kind", ["keys", "snapshots"])
def test_nothing_is_concluded_about_what_is_not_there_to_be_deleted(kind: str) -> None:
    store = Store()
    for name in [name for name in store.files if name.startswith(f"/fs1/{kind}/")]:  # type: ignore[attr-defined]
        store.files.pop(name)  # type: ignore[attr-defined]
    with pytest.raises(access.AccessError, match="not tried"):
        access.try_own(store)
