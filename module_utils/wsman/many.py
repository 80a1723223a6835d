"""Many hosts at once, none of which makes another wait: who is over his time is given up and his place is taken."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeVar

Host = TypeVar("Host")
Result = TypeVar("Result")


def ask_all(
    hosts: Sequence[Host],
    ask: Callable[[Host], Result],
    late: Callable[[Host], Result],
    *,
    at_once: int,
    seconds: float,
) -> list[Result]:
    """The result of each host, in their order. `ask` raises nothing; `late` makes the result of one that hangs.

    Threads are daemons: one that hangs in a name server or in a socket does not keep the program from ending.
    """
    waiting = deque(range(len(hosts)))
    running: dict[int, float] = {}
    results: dict[int, Result] = {}
    turn = threading.Condition()

    def work(number: int) -> None:
        result = ask(hosts[number])
        with turn:
            if running.pop(number, None) is not None:
                results[number] = result
                turn.notify()

    with turn:
        while waiting or running:
            while waiting and len(running) < at_once:
                number = waiting.popleft()
                running[number] = time.monotonic() + seconds
                threading.Thread(target=work, args=(number,), daemon=True).start()
            turn.wait(max(0.01, min(running.values()) - time.monotonic()))
            for number in [each for each, end in running.items() if end <= time.monotonic()]:
                del running[number]
                results[number] = late(hosts[number])
    return [results[number] for number in range(len(hosts))]
