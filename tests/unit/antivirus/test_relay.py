"""What stands between the shares and clamd: the same answer, and a reader as virusfilter is never told too little."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.unit.antivirus.programs import COMMAND, Clamd, Verdict, container, settings, written

from avhost import clamd as engine  # isort: skip
from avhost import relay, watch  # isort: skip
from avhost.settings import Settings  # isort: skip

#: How much virusfilter reads at once: VIRUSFILTER_IO_BUFFER_SIZE and the end of a line.
BUFFER = 3 * 1024 + 1
Ask = Callable[[bytes], bytes]


@contextmanager
def relayed(folder: Path, clamd: str) -> Iterator[str]:
    """Where the relay answers."""
    path = str(folder / "shares.ctl")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen()
        threading.Thread(target=relay.relay, args=(listening, clamd), daemon=True).start()
        yield path
        listening.shutdown(socket.SHUT_RDWR)


def asked(path: str, question: bytes) -> tuple[bytes, float]:
    """What a reader gets that waits for a full buffer or for the end, and after how long."""
    begin = time.monotonic()
    with socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(20)
        asking.connect(path)
        asking.sendall(question)
        heard = b""
        while len(heard) < BUFFER and (part := asking.recv(BUFFER - len(heard))):
            heard += part
        still_open = asking.recv(1, socket.MSG_PEEK) != b""
    assert still_open, "who answers has gone first"
    return heard, time.monotonic() - begin


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("clean.txt", b"OK"),
        ("bad.txt", b"Test.Eicar FOUND"),
        ("nowhere.txt", b"File path check failure: No such file or directory. ERROR"),
    ],
)
def test_an_answer_of_clamd_fills_the_reader_who_goes_first(tmp_path: Path, file: str, said: bytes) -> None:
    (tmp_path / "clean.txt").write_bytes(b"clean")
    (tmp_path / "bad.txt").write_bytes(b"EICAR-STANDARD")
    with scanning(tmp_path) as clamd, relayed(tmp_path, clamd) as path:
        question = os.fsencode(tmp_path / file)
        heard, seconds = asked(path, b"zSCAN " + question + b"\0")
    assert heard == (question + b": " + said + b"\0").ljust(BUFFER, b"\0")
    assert seconds < 5


@contextmanager
def scanning(folder: Path) -> Iterator[str]:
    """A clamd that is asked about files by their path."""
    made = Clamd(folder / "clamd.ctl", lambda content: "Test.Eicar FOUND" if b"EICAR" in content else "OK")
    try:
        yield made.path
    finally:
        made.close()


def test_a_name_that_is_no_text_passes_as_it_is(tmp_path: Path) -> None:
    file = os.fsencode(tmp_path) + b"/d\xe9but.txt"
    with open(file, "wb") as made:
        made.write(b"clean")
    with scanning(tmp_path) as clamd, relayed(tmp_path, clamd) as path:
        heard, _ = asked(path, b"zSCAN " + file + b"\0")
    assert heard.startswith(file + b": OK\0")


@pytest.mark.parametrize(
    "question", [b"zSHUTDOWN\0", b"zRELOAD\0", b"nSCAN /etc/passwd\n\0", b"zSCAN a\0zSHUTDOWN\0", b"z" * 9000]
)
def test_nothing_but_a_question_about_one_file_reaches_clamd(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, question: bytes
) -> None:
    passed: list[bytes] = []
    monkeypatch.setattr(relay, "said", lambda path, command: passed.append(command) or b"OK")
    with relayed(tmp_path, "nobody") as path:
        heard, _ = asked(path, question)
    assert passed == []
    assert heard.partition(b"\0")[0].endswith(b" ERROR")


def test_without_clamd_the_answer_is_an_error_and_comes_at_once(tmp_path: Path) -> None:
    with relayed(tmp_path, str(tmp_path / "nothing")) as path:
        heard, seconds = asked(path, b"zSCAN /srv/x\0")
    line = heard.partition(b"\0")[0]
    assert line.startswith(b"/srv/x: clamd does not answer")
    assert line.endswith(b" ERROR")
    assert seconds < 5


def test_many_ask_at_once_and_each_has_its_own_answer(tmp_path: Path) -> None:
    answers: list[bool] = []

    def ask(number: int) -> None:
        file = tmp_path / f"{number}.txt"
        file.write_bytes(b"EICAR" if number % 3 == 0 else b"clean")
        for _each in range(20):
            heard, _ = asked(path, b"zSCAN " + os.fsencode(file) + b"\0")
            line = heard.partition(b"\0")[0].decode()
            answers.append(line.startswith(f"{file}: ") and line.endswith("FOUND") is (number % 3 == 0))

    with scanning(tmp_path) as clamd, relayed(tmp_path, clamd) as path:
        threads = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (len(answers), all(answers)) == (240, True)


def test_a_relay_that_is_gone_or_wrong_is_told_by_the_watch(tmp_path: Path) -> None:
    container(tmp_path / "site.cud", 3, int(time.time()))
    (tmp_path / "quarantine").mkdir()
    asks = Settings(**settings(tmp_path, shares_socket=str(tmp_path / "shares.ctl")))
    with scanning(tmp_path) as clamd:
        gone = watch.watch(asks, {}, clamd, str(tmp_path))["wrong"]
        assert [each.partition(":")[0] for each in gone] == ["the shares have no answer"]
        with relayed(tmp_path, clamd):
            assert watch.watch(asks, {}, clamd, str(tmp_path))["wrong"] == []
    blind: Verdict = lambda content: "OK" if b"EICAR" not in content else "Test.Eicar FOUND"  # noqa: E731
    made = Clamd(tmp_path / "other.ctl", blind)
    (tmp_path / "shares.ctl").unlink()
    with relayed(tmp_path, str(tmp_path / "nothing")):
        wrong = watch.watch(asks, {}, made.path, str(tmp_path))["wrong"]
    made.close()
    assert wrong[0].startswith("the shares have a wrong answer about a clean file: ")
    assert engine.shares_troubles(str(tmp_path / "nothing"), __file__) != []


@pytest.mark.parametrize(
    ("verdict", "wrong"), [(lambda content: "Excluded", False), (lambda content: "Odd FOUND", True)]
)
def test_a_file_that_the_site_leaves_out_is_no_trouble(tmp_path: Path, clamd: str, wrong: bool) -> None:
    with relayed(tmp_path, clamd) as path:
        assert bool(engine.shares_troubles(path, __file__)) is wrong


def test_the_program_answers_on_the_socket_that_systemd_gives_it(tmp_path: Path) -> None:
    (tmp_path / "clean.txt").write_bytes(b"clean")
    path = str(tmp_path / "shares.ctl")
    with scanning(tmp_path) as clamd, socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen()
        command = [*COMMAND, "--settings", str(written(tmp_path / "settings.json")), "--socket", clamd, "relay"]
        started = subprocess.Popen(
            [sys.executable, "-c", f"import os, sys; os.dup2({listening.fileno()}, 3); os.execv(sys.argv[1], sys.argv[1:])",
             *command], pass_fds=(listening.fileno(), 3) if listening.fileno() != 3 else (3,),
        )  # fmt: skip
        try:
            heard, _ = asked(path, b"zSCAN " + os.fsencode(tmp_path / "clean.txt") + b"\0")
        finally:
            started.kill()
            started.wait()
    assert heard.startswith(os.fsencode(tmp_path / "clean.txt") + b": OK\0")
