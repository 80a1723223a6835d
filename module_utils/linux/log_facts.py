"""Everything about a host's logs in one go: what is read, what is tried, and the reason for what could not be.

Run as root on the host. A fact that cannot be had is left out; absence is never turned into an answer.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from ansible.module_utils.linux import log_state, log_trial
from ansible.module_utils.linux.fact_readers import read_facts
from ansible.module_utils.linux.log_state import LogError


def log_facts(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Facts, and for those that could not be read the reason, by the fact's name."""
    files = list(given["files"])
    paths = [path for _, path in log_state.live_files(files)]
    readers: dict[str, Callable[[], Any]] = {"clock": log_state.clock}
    if files:
        log_trial.remove_trial(paths)  # of an interrupted trial, lest they be taken for logs
        readers |= {
            "files": lambda: log_state.kept(files, time.time()),
            "overdue": lambda: log_state.overdue(log_state.kept(files, time.time()), int(given["days"]), date.today()),
            "group_readers": lambda: log_state.group_readers(log_state.kept(files, time.time())),
            "readable_by_nobody": lambda: log_state.readable_by_nobody(paths),
            "rotation": lambda: log_state.rotation(paths),
            "destruction": lambda: _destruction(paths, int(given["days"])),
            "alerts": log_state.alerts,
        }
    if os.path.exists(given["activation_file"]):
        readers["monitoring"] = lambda: _activation(given["activation_file"])
    if given["sends"]:
        readers["last_lines"] = lambda: log_state.last_lines(given["sends"])
    if given["marker"]:
        readers["sent"] = lambda: log_trial.send_line(given["marker"])
    if given["server"] and given["marker"]:
        readers["intrusion"] = lambda: log_trial.intrude(given["server"], given["marker"], given["other_host"])
    return read_facts(readers, LogError)


def _destruction(paths: list[str], days: int) -> dict[str, Any]:
    """The trial beside the first log; and whether the destroyer also runs when nobody tries it."""
    if not paths:
        raise LogError("there is no log to try the destruction beside")
    tried = log_trial.try_destruction(
        paths[0], days, lambda: log_state.run("systemctl", "start", "log-destroy.service"), date.today()
    )
    return {**tried, "every_day": log_state.active("log-destroy.timer")}


def _activation(path: str) -> Any:
    with open(path, encoding="utf-8") as file:
        return json.load(file)
