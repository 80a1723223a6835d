"""What the antivirus of this host does, by trying; read by another road than the programs that set it up.

Run as root on the host. A fact that cannot be had is left out, with its reason; absence is never turned into an answer.
Everything of a trial bears a reserved name and is removed. Standard library only, Python 3.11.
"""

from __future__ import annotations

import contextlib
import glob
import json
import os
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from typing import Any

from ansible.module_utils.linux import antivirus_locks
from ansible.module_utils.linux.fact_readers import read_facts
from ansible.module_utils.linux.malware_samples import samples
from ansible.module_utils.linux.share_tickets import PREFIX

PROGRAM = "/usr/local/sbin/antivirus"
SETTINGS = "/etc/antivirus/settings.json"
STATE = "/var/lib/antivirus/state.json"
DATABASES = "/var/lib/clamav"
SOCKET = "/run/clamav/clamd.ctl"
DAEMON = "clamav-daemon.service"
RELAY = "antivirus-relay.socket"
TIMERS = {name: f"antivirus-{name}.timer" for name in ("update", "watch", "scan")}
_SECONDS = 180
_DAY = 24 * 3600
_AHEAD_SECONDS = 300
_HEADER = 512


class AntivirusError(Exception):
    """What was to be read or tried has no answer; the message says what to do."""


def antivirus_facts(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Facts, and for those that could not be read the reason, by the fact's name."""
    remove_trial(given["share_root"], given["recycle_folder"], _quarantine_of(SETTINGS))
    readers: dict[str, Callable[[], Any]] = {
        "daemon": lambda: daemon(SOCKET),
        "relay": lambda: relay(_settings()),
        "signatures": lambda: signatures(DATABASES, bool(_settings()["official"])),
        "update": lambda: last("update"),
        "watch": lambda: last("watch"),
        "scan": lambda: last("scan"),
        "alerts": lambda: [str(each["what"]) for each in _state().get("alerts", [])],
        "timers": lambda: {name: unit_state(unit) for name, unit in TIMERS.items()},
        "detection": lambda: detection(_settings()),
        "quarantine": lambda: quarantine(str(_settings()["quarantine"]), given["share_root"]),
        "untold": lambda: told_when_down(PROGRAM),
        "media": lambda: {"wanted": bool(_settings()["media_paths"]), **unit_state("antivirus-media.service")},
        "locks": lambda: antivirus_locks.ways_to_stop(SOCKET, [DATABASES, SETTINGS, STATE, PROGRAM]),
    }
    return read_facts(readers, AntivirusError, antivirus_locks.LockError)


def _json(path: str) -> dict[str, Any]:
    try:
        with open(path, encoding="utf-8") as file:
            return dict(json.load(file))
    except (OSError, ValueError) as error:
        raise AntivirusError(f"{path}: {error}; bring the host in line first") from error


def _settings() -> dict[str, Any]:
    return _json(SETTINGS)


def _state() -> dict[str, Any]:
    return _json(STATE)


def _quarantine_of(settings: str) -> str:
    try:
        return str(_json(settings).get("quarantine", ""))
    except AntivirusError:
        return ""


def run(*command: str, seconds: float = _SECONDS) -> subprocess.CompletedProcess[str]:
    """A command of the system with its output, whatever came of it."""
    return subprocess.run(
        command,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=seconds,
        check=False,
    )


def unit_state(unit: str) -> dict[str, bool]:
    """Whether a unit runs now and will again after a restart."""
    return {word: run("systemctl", "--quiet", f"is-{word}", unit).returncode == 0 for word in ("active", "enabled")}


def daemon(socket: str) -> dict[str, Any]:
    """The engine: whether it runs, comes back, and how much memory it takes."""
    shown = run("systemctl", "show", "--property=MainPID", "--value", DAEMON).stdout.strip()
    memory = None
    with (
        contextlib.suppress(OSError, ValueError, StopIteration),
        open(f"/proc/{int(shown)}/status", encoding="ascii") as file,
    ):
        memory = next(int(line.split()[1]) for line in file if line.startswith("VmRSS:")) // 1024
    version = run("clamd", "--version").stdout.strip() if os.path.exists("/usr/sbin/clamd") else ""
    return {**unit_state(DAEMON), "socket": os.path.exists(socket), "memory_mb": memory, "version": version}


def relay(settings: Mapping[str, Any]) -> dict[str, bool]:
    """What stands between the shares and the engine: whether it is wanted here, listens, and will after a restart.

    systemd starts the service behind it when it is asked.
    """
    if "shares_socket" not in settings:
        raise AntivirusError(f"{SETTINGS} does not say where the shares ask; bring the host in line first")
    path = str(settings["shares_socket"])
    return {"wanted": path != "", "socket": path != "" and os.path.exists(path), **unit_state(RELAY)}


def signatures(folder: str, official: bool) -> dict[str, Any]:
    """Age by the headers of the containers: the daily one when the publisher's are used, else the newest."""
    found: list[dict[str, Any]] = []
    for path in sorted(glob.glob(os.path.join(folder, "*.c[vlu]d"))):
        with open(path, "rb") as file:
            fields = file.read(_HEADER).decode("ascii", "replace").rstrip().split(":")
        if fields[0] != "ClamAV-VDB" or len(fields) < 9:
            raise AntivirusError(f"{path} has no header of signatures")
        found.append(
            {
                "name": os.path.basename(path),
                "version": int(fields[2]),
                "signatures": int(fields[3]),
                "built": int(fields[8]),
            }
        )
    deciding = [each["built"] for each in found if not official or str(each["name"]).startswith("daily.")]
    age = (time.time() - max(deciding)) / 3600 if deciding else None
    return {"databases": found, "age_hours": None if age is None else round(max(age, 0), 2)}


def last(part: str) -> dict[str, Any]:
    """What came of the last update, watch or search, and how long ago it was."""
    found = _state().get(part)
    if not isinstance(found, dict):
        raise AntivirusError(f"no {part} was ever written down; look at antivirus-{part}.timer")
    moment = found.get("ok_at") if part == "scan" else found.get("at")
    age = None if moment is None else time.time() - moment
    if age is not None and age < -_AHEAD_SECONDS:
        raise AntivirusError(f"the last {part} is dated in the future; compare the clocks")
    return {
        "age_minutes": None if age is None else round(age / 60, 1),
        "age_days": None if age is None else round(age / _DAY, 3),
        "wrong": [str(each) for each in found.get("wrong", [])],
        **{key: found[key] for key in ("files", "unread") if key in found},
    }


def detection(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Samples dropped where the search looks, then searched for: which were found and set aside."""
    where = next((path for path in settings["scan_paths"] if os.path.isdir(path)), None)
    if where is None:
        raise AntivirusError("none of the folders that are searched exists")
    folder = tempfile.mkdtemp(prefix=PREFIX, dir=where)
    before = set(_files(str(settings["quarantine"])))
    try:
        paths = {name: os.path.join(folder, f"{PREFIX}{name}") for name in samples()}
        for name, content in samples().items():
            with open(paths[name], "wb") as file:
                file.write(content)
        done = run(PROGRAM, "--dry", "scan", folder)
        said = json.loads(done.stdout) if done.stdout.startswith("{") else {}
        new = set(_files(str(settings["quarantine"]))) - before
        return [
            {
                "sample": name,
                "found": not os.path.exists(path),
                "set_aside": any(kept.endswith(os.path.basename(path)) and _only_root(kept) for kept in new),
                "said": "; ".join(said.get("wrong", [])) or done.stderr.strip()[-200:],
            }
            for name, path in paths.items()
        ]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        remove_trial("", "", str(settings["quarantine"]))


def _files(folder: str) -> list[str]:
    return [os.path.join(where, name) for where, _, names in os.walk(folder) for name in names]


def _only_root(path: str) -> bool:
    state = os.lstat(path)
    return state.st_uid == 0 and not stat.S_IMODE(state.st_mode) & 0o077


def quarantine(folder: str, share_root: str) -> dict[str, Any]:
    """Who may enter it, what in it is open, and whether an account without rights really could."""
    state = os.stat(folder)
    inside = bool(share_root) and os.path.realpath(folder).startswith(os.path.realpath(share_root) + os.sep)
    return {
        "closed": state.st_uid == 0 and not stat.S_IMODE(state.st_mode) & 0o077,
        "in_a_share": inside,
        "listed_by_nobody": antivirus_locks.open_to_nobody("ls", folder),
        "files": len(_files(folder)),
    }


def told_when_down(program: str) -> list[str]:
    """What the watch says of an engine that is not there; empty when it would tell nobody."""
    with tempfile.TemporaryDirectory(prefix=PREFIX) as folder:
        done = run(program, "--dry", "--socket", os.path.join(folder, "nothing"), "--folder", folder, "watch")
        if done.returncode or not done.stdout.startswith("{"):
            raise AntivirusError(f"the watch does not run: {done.stderr.strip()[-200:]}")
        return [str(each) for each in json.loads(done.stdout)["wrong"] if "clamd does not answer" in each]


def remove_trial(share_root: str, recycle_folder: str, folder: str) -> None:
    """Remove what trials left on the shares, in the bins and in the quarantine, by their reserved name."""
    patterns = []
    if share_root:
        patterns += [f"{share_root}/*/{PREFIX}*-malware-*"]
        if recycle_folder:
            patterns += [f"{share_root}/*/{recycle_folder}/*/*{PREFIX}*-malware-*"]
    left = [path for pattern in patterns for path in glob.glob(pattern, include_hidden=True)]
    if folder:
        left += [path for path in _files(folder) if PREFIX in os.path.basename(path)]
    for path in left:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
