"""Try what the proxy does when the directory or the filter is silent, without disturbing the one that people use.

A second proxy with the rules in force runs for a moment on a port of its own, reachable from this machine only. What it
asks is replaced by a stand-in that lets everybody sign in, and is silent about a login or a site that says so. A rule
that would let such a request through is seen; the first request, which nothing is silent about, proves that the trial
works. Nothing is left behind. Run as root on the proxy.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ansible.module_utils.linux.web_access import judged, reason
from ansible.module_utils.linux.web_client import WebError, ask, basic

RULES = Path("/etc/squid/squid.conf")
_START_SECONDS = 15
_SILENT = "silent-directory"
_SILENT_HOST = "silent-filter.invalid"
_STAND_IN = f'''import sys
for line in sys.stdin:
    first, _, rest = line.strip().partition(" ")
    if sys.argv[1] == "password":
        print("OK", flush=True)
    elif sys.argv[1] == "person":
        known = "OK state_=open groups_=none"
        print(first, "ERR message=silent" if "{_SILENT}" in rest else known, flush=True)
    else:
        print(first, "BH message=silent" if "{_SILENT_HOST}" in rest else "OK category_=none", flush=True)
'''
#: Settings that name what the proxy in use holds: its ports, files and keys.
_OWN = re.compile(
    r"^\s*(http_port|https_port|access_log|cache_log|pid_filename|auth_param|coredump_dir|hostname_aliases|cache_dir|"
    r"cache_effective_\w+|logfile_rotate|cachemgr_passwd)\b"
)


def try_silence(sample_domain: str) -> dict[str, Any]:
    """Whether requests are refused when the directory, and when the filter, does not answer.

    :raises WebError: the trial could not be made.
    """
    with _second_proxy() as port:
        proxy = ("127.0.0.1", port)
        page = f"http://{sample_domain}/"
        answers = {
            "answering": ask(proxy, "GET", page, basic("somebody", "any")),
            "directory": ask(proxy, "GET", page, basic(_SILENT, "any")),
            "filter": ask(proxy, "GET", f"http://{_SILENT_HOST}/", basic("somebody", "any")),
        }
    if judged(answers["answering"]) not in ("allowed", "unreachable"):
        raise WebError(
            f"the trial refuses what should pass: {answers['answering'].status} {reason(answers['answering'])}"
        )
    return {
        name: {"refused": judged(answer) == "refused", "status": answer.status, "reason": reason(answer)}
        for name, answer in answers.items()
        if name != "answering"
    }


@contextlib.contextmanager
def _second_proxy() -> Iterator[int]:
    folder = Path(tempfile.mkdtemp(prefix="garant-essai-", dir="/run"))
    running = None
    try:
        port = _free_port()
        stand_in = folder / "stand_in.py"
        stand_in.write_text(_STAND_IN, encoding="ascii")
        rules = folder / "squid.conf"
        rules.write_text(changed_rules(RULES.read_text(encoding="utf-8"), folder, port), encoding="utf-8")
        for path, mode in ((folder, 0o700), (stand_in, 0o400), (rules, 0o400)):
            shutil.chown(path, "proxy", "proxy")
            path.chmod(mode)
        running = subprocess.Popen(
            ["squid", "-N", "-f", str(rules)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"},
            start_new_session=True,
        )
        _wait(port, running)
        yield port
    except OSError as error:
        raise WebError(f"the rules in force cannot be tried: {error}") from error
    finally:
        if running is not None:
            _end(running)
        shutil.rmtree(folder, ignore_errors=True)


def changed_rules(text: str, folder: Path, port: int) -> str:
    """The rules in force, with a port and files of the trial's own, and a stand-in for what they ask.

    :raises WebError: the rules ask nothing, so that there is nothing to stand in for.
    """
    stand_in = f"/usr/bin/python3 {folder}/stand_in.py"
    kept, asked = [], set()
    for line in text.splitlines():
        if _OWN.match(line):
            continue
        asks = re.match(r"^external_acl_type (directory|web_category) (.*?%(?:ul|ru)) ", line)
        if asks:
            asked.add(asks[1])
            mode = "person" if asks[1] == "directory" else "category"
            kept.append(f"external_acl_type {asks[1]} {asks[2]} {stand_in} {mode}")
        else:
            kept.append(line)
    if asked != {"directory", "web_category"}:
        raise WebError("the rules in force do not ask both the directory and the filter")
    own = [
        f"http_port 127.0.0.1:{port}",
        f"pid_filename {folder}/squid.pid",
        "access_log none",
        f"cache_log {folder}/cache.log",
        f"coredump_dir {folder}",
        f"auth_param basic program {stand_in} password",
        "auth_param basic children 1",
        "auth_param basic realm trial",
    ]
    return "\n".join([*own, *kept]) + "\n"


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _wait(port: int, running: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and running.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise WebError("a second proxy with the rules in force does not start; try squid -k parse")


def _end(running: subprocess.Popen[bytes]) -> None:
    """The proxy and what it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        running.wait(5)
