"""What the running proxy does: its settings as it holds them, what it wrote of a trial, and that it fails closed.

Settings come from Squid itself (its cache manager), not from the file it was given. Run as root on the proxy.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ansible.module_utils.linux.web_client import WebError, ask

LOG_FOLDER = Path("/var/log/squid")
KEYTAB = Path("/etc/squid/proxy.keytab")
_MANAGER = "/squid-internal-mgr/config"
#: Squid's words for the fields of a log line, by the names that the charter has for them.
FIELDS = {
    "tl": "time",
    "ts": "time",
    ">a": "client_address",
    "un": "user",
    "ul": "user",
    "rm": "method",
    ">rd": "host",
    "category_note": "category",
    "Ss": "action",
    ">Hs": "status",
    "<st": "bytes",
    "mt": "content_type",
    "ru": "full_address",
    ">ru": "full_address",
    ">rp": "page",
    "rp": "page",
}
_CODE = re.compile(
    r"%(?P<flags>[\"'#/\[-]*)(?P<width>\d*(?:\.\d+)?)(?:\{(?P<argument>[^}]*)\})?(?P<code>[<>]?[A-Za-z_]+)"
)
_READ_BYTES = 8 * 1024 * 1024
_OLD_SEALS = re.compile(r"arcfour|des-|des3|DEPRECATED", re.IGNORECASE)


def settings(port: int) -> dict[str, Any]:
    """The settings in force.

    :raises WebError: the proxy does not say.
    """
    answer = ask(("127.0.0.1", port), "GET", _MANAGER, headers={"Host": f"127.0.0.1:{port}"})
    if answer.status != 200:
        raise WebError(f"the proxy does not show its settings to this machine (status {answer.status})")
    return read_settings(answer.body)


def read_settings(text: str) -> dict[str, Any]:
    """Out of what Squid shows of its configuration."""
    lines = text.splitlines()

    def value(start: str) -> str | None:
        return next((line[len(start) :].strip() for line in lines if line.startswith(start)), None)

    logs = [line for line in lines if line.startswith("access_log ") and not line.startswith("access_log none")]
    named = [re.search(r"logformat=(\w+)", line) for line in logs]
    formats = [(value(f"logformat {one[1]} ") or one[1]) if one else "squid" for one in named]
    seconds = [
        int(found.split()[0])
        for start in ("auth_param basic credentialsttl ", "authenticate_ttl ")
        if (found := value(start)) is not None
    ]
    return {
        "credentials_hours": max(seconds) / 3600 if seconds else None,
        "log_fields": " | ".join(dict.fromkeys(" ".join(fields(line)) for line in formats)) or None,
        "log_headers": value("log_mime_hdrs ") == "on",
        "kept_pages": value("cache deny ") != "all",
        "stores": [line for line in lines if line.startswith("cache_dir ")],
        "decrypts": [line for line in lines if line.startswith(("ssl_bump ", "sslproxy_")) and "ssl_bump" in line],
        "tells_of_itself": value("via ") != "off",
        "tells_of_clients": value("forwarded_for ") not in ("delete", "truncate"),
    }


def fields(line: str) -> list[str]:
    """The fields of a log format, by the charter's names; one that has none there, or a built-in format, by Squid's."""
    if "%" not in line:
        return [line]
    found = []
    for match in _CODE.finditer(line):
        code = match["code"]
        if code == "note" and (match["argument"] or "").startswith("category"):
            code = "category_note"
        found.append(FIELDS.get(code, f"%{{{match['argument']}}}{code}" if match["argument"] else code))
    return found


def keys() -> dict[str, Any]:
    """Who may read the proxy's keys, and how they seal."""
    shown = subprocess.run(
        ["klist", "-ke", str(KEYTAB)],
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    mode = KEYTAB.stat().st_mode & 0o7777 if KEYTAB.exists() else None
    return {
        "mode": f"{mode:04o}" if mode is not None else None,
        "open_to_others": bool(mode is None or mode & 0o007),
        "old_seals": bool(shown.returncode or _OLD_SEALS.search(shown.stdout)),
    }


def trail(traces: Sequence[Mapping[str, str]], named: Callable[[str], str]) -> dict[str, Any]:
    """What the log says of a trial: each request under the person's name, and nothing of what it carried."""
    lines = _tail(LOG_FOLDER / "access.log").splitlines()
    requests = []
    for trace in traces:
        mine = [line.split() for line in lines if trace["host"] in line.split()]
        requests.append(
            {
                "kind": trace["kind"],
                "person": named(trace["person"]),
                "logged": bool(mine),
                "under_name": any(trace["person"].casefold() in map(str.casefold, line) for line in mine),
                "fields": max((len(line) for line in mine), default=0),
            }
        )
    files = [file for file in sorted(LOG_FOLDER.glob("*")) if file.is_file() and file.suffix != ".gz"]
    return {
        "requests": requests,
        "contents": [
            f"{file.name}: what a request of {trace['kind']} carried"
            for file in files
            for trace in traces
            if trace["marker"] in _tail(file)
        ],
    }


def _tail(file: Path) -> str:
    try:
        with open(file, "rb") as stream:
            stream.seek(0, 2)
            stream.seek(max(0, stream.tell() - _READ_BYTES))
            return stream.read().decode("utf-8", "replace")
    except OSError:
        return ""
