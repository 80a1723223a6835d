"""The canary sees a filter that is open, one that is shut on everything, and one that is not there."""

from __future__ import annotations

import http.server
import json
import shlex
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.unit.web_filter.programs import Site, command

Judge = Callable[[str], int]


@pytest.fixture
def proxy() -> Iterator[tuple[int, dict[str, Judge]]]:
    """A proxy that answers as the test says; refuses what it should to begin with."""
    judge: dict[str, Judge] = {"by": lambda url: 407 if "//none." in url else 403}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(judge["by"](self.path))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1], judge
    server.shutdown()
    server.server_close()


def sing(site: Site, tmp_path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    helper = tmp_path / "helper"
    helper.write_text(f"#!/bin/sh\nexec {shlex.join(site.helper())}\n", encoding="utf-8")
    helper.chmod(0o755)
    return subprocess.run(
        [
            *command("web-filter-canary"),
            "--settings",
            str(site.settings),
            "--folder",
            str(site.state),
            "--helper",
            str(helper),
            *more,
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_filter_that_refuses_is_left_in_peace(
    site: Site, tmp_path: Path, proxy: tuple[int, dict[str, Judge]]
) -> None:
    site.configure(proxy_address="127.0.0.1", proxy_port=proxy[0])
    done = sing(site, tmp_path)
    assert (done.returncode, done.stdout) == (0, "2 canaries are refused\n")
    assert site.written()["canary"]["through_the_proxy"] == 2


@pytest.mark.parametrize(
    ("judge", "said"),
    [
        (lambda url: 407, "hate: the proxy does not refuse its canary: 407"),
        (lambda url: 200, "hate: the proxy does not refuse its canary: 200"),
        (lambda url: 403, "the proxy refuses every name"),
        (lambda url: 403 if "pornography" in url else 407, "hate: the proxy does not refuse its canary: 407"),
    ],
)
def test_a_proxy_that_is_open_or_shut_on_all_is_told(
    site: Site, tmp_path: Path, proxy: tuple[int, dict[str, Judge]], judge: Judge, said: str
) -> None:
    site.configure(proxy_address="127.0.0.1", proxy_port=proxy[0])
    proxy[1]["by"] = judge
    done = sing(site, tmp_path)
    assert done.returncode == 1
    assert said in done.stderr
    assert any(said in alert["what"] for alert in site.written()["alerts"])


def test_a_proxy_that_does_not_answer_is_told(site: Site, tmp_path: Path) -> None:
    site.configure(proxy_address="127.0.0.1", proxy_port=1)
    assert "no answer" in sing(site, tmp_path).stderr


def test_lists_that_are_gone_are_told_and_come_back(site: Site, tmp_path: Path) -> None:
    current = site.state / "current"
    current.rename(site.state / "away")
    done = sing(site, tmp_path)
    assert "hate: the lists say 'BH message=" in done.stderr
    (site.state / "away").rename(current)
    done = sing(site, tmp_path)
    assert done.returncode == 0
    assert "over: hate" in done.stderr


def test_a_list_without_its_canary_is_told(site: Site, tmp_path: Path) -> None:
    site.configure(canary_domain="elsewhere.test")
    assert "hate: the lists say 'OK category_=none' of its canary" in sing(site, tmp_path).stderr


def test_lists_that_are_old_are_told(site: Site, tmp_path: Path) -> None:
    state = site.written()
    state["lists"]["toulouse/adult"]["accepted_at"] -= 8 * 86400
    (site.state / "state.json").write_text(json.dumps(state), encoding="utf-8")
    assert "toulouse/adult: not fetched for 8 days" in sing(site, tmp_path).stderr


def test_a_dry_song_writes_nothing_down(site: Site, tmp_path: Path) -> None:
    before = site.written()
    done = sing(site, tmp_path, "--dry")
    assert json.loads(done.stdout)["wrong"] == []
    assert site.written() == before


def test_a_helper_that_does_not_run_is_told(site: Site, tmp_path: Path) -> None:
    line = [*command("web-filter-canary"), "--settings", str(site.settings), "--folder", str(site.state)]
    done = subprocess.run([*line, "--helper", "/nowhere"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "the lists say 'nothing'" in done.stderr
