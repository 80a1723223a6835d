"""The commands that a cmd shell of a simulated machine knows. The list is closed: any other is refused and noted.

What is written goes out in the code page of the shell, as Windows does: 65001 when the client asks for it, the machine's
own otherwise.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.winrm_park import VENDOR, ansible_modules, registry, renewal

if TYPE_CHECKING:
    from tests.winrm_park.machine import Machine

NOT_RECOGNISED = 9009
#: What joins or redirects commands and is not simulated.
_SPECIAL = frozenset({"&&", "|", "||", ">", ">>", "<", "2>&1"})
_DISPLAYED = {"REG_DWORD": lambda data: f"0x{data:x}", "REG_QWORD": lambda data: f"0x{data:x}",
              "REG_BINARY": lambda data: data.hex().upper(), "REG_MULTI_SZ": r"\0".join}  # fmt: skip


@dataclass
class Done:
    """What a command left."""

    output: str = ""
    error: str = ""
    code: int = 0
    reboot: bool = False


def run(machine: Machine, line: str, account: str, sent: bytes = b"") -> Done:
    """Run a command line, or several joined by &, whose code is that of the last.

    One that is not in the list fails with Windows' own code and says why in plain words. `sent` is what came on the
    standard input: only modules of Ansible come that way.
    """
    machine.told.commands.append(line)
    words = split(line)
    while len(words) > 2 and words[0].lower() in ("cmd", "cmd.exe") and words[1].lower() == "/c":
        words = split(" ".join(words[2:])) if len(words) == 3 else words[2:]
    whole = Done()
    for name, arguments in _joined(words):
        done = None if _SPECIAL & set(arguments) else _COMMANDS.get(name, _unknown)(machine, arguments, account)
        if name == "powershell" and sent:
            done = _module(machine, sent)
        if done is None:
            machine.told.unsimulated.append(f"command {line}")
            said: str = machine.words["unknown_command"].format(name=name)
            return Done(error=f"{said}\r\n{VENDOR}: command not simulated: {line:.200}\r\n", code=NOT_RECOGNISED)
        whole = Done(whole.output + done.output, whole.error + done.error, done.code, whole.reboot or done.reboot)
    return whole


def _joined(words: list[str]) -> list[tuple[str, list[str]]]:
    """The commands of a line, by their name without path and extension."""
    found: list[list[str]] = [[]]
    for word in words:
        if word == "&":
            found.append([])
        else:
            found[-1].append(word)
    return [(re.sub(r"\.exe$", "", (each or [""])[0].lower().rpartition("\\")[2]), each[1:]) for each in found]


def _unknown(_machine: Machine, _words: list[str], _account: str) -> Done | None:
    return None


def split(line: str) -> list[str]:
    """The words of a line: quotation marks hold together, backslashes are themselves."""
    reader = shlex.shlex(line, posix=True, punctuation_chars=False)
    reader.whitespace_split, reader.escape, reader.quotes, reader.commenters = True, "", '"', ""
    try:
        return list(reader)
    except ValueError:
        return line.split()


def _module(machine: Machine, sent: bytes) -> Done | None:
    try:
        written, code = ansible_modules.answer(machine, sent)
    except ansible_modules.NoPayloadError:
        return None
    return Done(f"{written}\r\n", code=code)


def _setup(machine: Machine, words: list[str], _account: str) -> Done | None:
    code = renewal.setup(machine, words)
    return None if code is None else Done(code=code)


def _dism(machine: Machine, words: list[str], _account: str) -> Done | None:
    code = renewal.dism(machine, words)
    return None if code is None else Done(code=code)


def _ver(machine: Machine, words: list[str], _account: str) -> Done | None:
    system = machine.profile["os"]
    version = ".".join(str(part) for part in (system["version"], system["build"], system.get("ubr")) if part)
    return None if words else Done(f"\r\nMicrosoft Windows [Version {version}]\r\n")


def _hostname(machine: Machine, words: list[str], _account: str) -> Done | None:
    return None if words else Done(f"{machine.name}\r\n")


def _whoami(machine: Machine, words: list[str], account: str) -> Done | None:
    return None if words else Done(f"{machine.profile['domain']['name'].lower()}\\{account.lower()}\r\n")


def _echo(_machine: Machine, words: list[str], _account: str) -> Done | None:
    return Done(" ".join(words) + "\r\n") if words else None


def _shutdown(machine: Machine, words: list[str], _account: str) -> Done | None:
    flags = [word.lower() for word in words]
    if machine.behaviour["access"] != "administrator":
        return Done(error="Access is denied.(5)\r\n", code=5)
    return Done(reboot=True) if "/r" in flags or "-r" in flags else None


@dataclass
class _Asked:
    path: str
    value: str | None = None
    deep: bool = False
    view: str = ""


def _reg(machine: Machine, words: list[str], _account: str) -> Done | None:
    asked = _asked(words)
    if asked is None:
        return None
    said = machine.words["registry"]
    path = _viewed(machine, asked)
    hive = path.partition("\\")[0]
    if hive not in registry.LONG_NAMES:
        return Done(error=f"{said['bad_key']}\r\n", code=1)
    top = machine.registry.find(path)
    if top is None or (asked.value is not None and not asked.deep and asked.value.lower() not in top.values):
        return Done(error=f"{said['no_key']}\r\n", code=1)
    lines, matches = [""], 0
    shown = path.replace(hive, registry.LONG_NAMES[hive], 1)
    for below, key in machine.registry.walk(path):
        if below and not asked.deep:
            continue
        values = [each for each in key.values.values() if asked.value in (None, each.name.lower())]
        matches += len(values)
        if values or asked.value is None:
            lines.append(shown + below)
            lines += [_value_line(each, said["default_value"]) for each in values]
            lines.append("")
    if not asked.deep and asked.value is None:
        lines += [f"{shown}\\{each.name}" for each in top.keys.values()]
    if asked.value is not None and asked.deep:
        lines.append(said["search_end"].format(count=matches))
    return Done("\r\n".join(lines) + "\r\n", code=0 if matches or asked.value is None else 1)


def _asked(words: list[str]) -> _Asked | None:
    """What a `reg query` asks; None for anything else that reg does."""
    if len(words) < 2 or words[0].lower() != "query":
        return None
    asked, rest = _Asked(words[1].strip("\\")), words[2:]
    while rest:
        flag = rest.pop(0).lower()
        if flag == "/s":
            asked.deep = True
        elif flag == "/v" and rest:
            asked.value = rest.pop(0).lower()
        elif flag in ("/reg:32", "/reg:64"):
            asked.view = flag[-2:]
        else:
            return None
    return asked


def _viewed(machine: Machine, asked: _Asked) -> str:
    """The path in the view that was asked, its hive by its short name."""
    hive, mark, rest = asked.path.partition("\\")
    hive = {long: short for short, long in registry.LONG_NAMES.items()}.get(hive.upper(), hive.upper())
    below = rest.lower()
    if asked.view == "32" and machine.bits == 64 and below.startswith("software\\") and "wow6432node" not in below:
        rest = rest[:8] + "\\WOW6432Node" + rest[8:]
    return f"{hive}{mark}{rest}"


def _value_line(value: registry.Value, default: str) -> str:
    data = _DISPLAYED.get(value.type, str)(value.data)
    return f"    {value.name or default}    {value.type}    {data}"


_COMMANDS: dict[str, Callable[[Machine, list[str], str], Done | None]] = {
    "ver": _ver,
    "hostname": _hostname,
    "whoami": _whoami,
    "echo": _echo,
    "reg": _reg,
    "shutdown": _shutdown,
    "setup": _setup,
    "dism": _dism,
}
