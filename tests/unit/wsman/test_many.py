"""Many hosts at once: in order, never more than were said, and one that hangs costs nobody but itself."""

from __future__ import annotations

import threading
import time

from ansible.module_utils.wsman.many import ask_all


def late(host: str) -> str:
    return f"late {host}"


def test_results_come_in_the_order_of_the_hosts() -> None:
    pauses = {"a": 0.15, "b": 0.0, "c": 0.05}

    def ask(host: str) -> str:
        time.sleep(pauses[host])
        return host

    assert ask_all(list(pauses), ask, late, at_once=3, seconds=5) == ["a", "b", "c"]


def test_no_more_are_asked_at_once_than_was_said() -> None:
    busy, most, turn = 0, 0, threading.Lock()

    def ask(host: int) -> int:
        nonlocal busy, most
        with turn:
            busy += 1
            most = max(most, busy)
        time.sleep(0.02)
        with turn:
            busy -= 1
        return host

    assert ask_all(range(12), ask, lambda host: -host, at_once=3, seconds=5) == list(range(12))
    assert most == 3


def test_those_that_hang_are_given_up_and_their_places_are_taken() -> None:
    free = threading.Event()

    def ask(host: str) -> str:
        if host.startswith("hung"):
            free.wait(30)
        return host

    hosts = ["hung1", "hung2", *(f"pc{number}" for number in range(20))]
    began = time.monotonic()
    found = ask_all(hosts, ask, late, at_once=2, seconds=0.4)
    took = time.monotonic() - began
    free.set()
    assert found == ["late hung1", "late hung2", *hosts[2:]]
    assert took < 3


def test_what_arrives_too_late_does_not_replace_the_result() -> None:
    def ask(host: str) -> str:
        time.sleep(0.3)
        return host

    found = ask_all(["a"], ask, late, at_once=1, seconds=0.05)
    time.sleep(0.4)
    assert found == ["late a"]


def test_no_host_is_no_work() -> None:
    assert ask_all([], late, late, at_once=4, seconds=1) == []
