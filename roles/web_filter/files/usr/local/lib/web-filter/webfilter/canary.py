"""The canary: names that must be refused are asked for, of the lists and of the proxy itself, every few minutes."""

from __future__ import annotations

import http.client
import subprocess
import time
from collections.abc import Sequence
from typing import Any

from hostlib import read_state

from webfilter.settings import Settings

HELPER = "/usr/local/sbin/web-category"
_SECONDS = 15
_FORBIDDEN = 403
#: A name of the canary's domain that is in no list: refused like the others, it would prove nothing.
UNLISTED = "none"


def ask_helper(command: Sequence[str], names: Sequence[str]) -> list[str]:
    """What a helper of our own says about names, asked the way Squid asks; an empty text where it says nothing."""
    lines = "".join(f"{number} http://{name}/ -\n" for number, name in enumerate(names))
    try:
        said = subprocess.run(
            list(command), input=lines, capture_output=True, text=True, timeout=_SECONDS, check=False
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return [""] * len(names)
    answers = dict(line.partition(" ")[::2] for line in said.splitlines())
    return [answers.get(str(number), "") for number in range(len(names))]


def ask_proxy(address: str, port: int, name: str) -> int | str:
    """The status that the proxy gives for a name, asked for without a login; a text when there is none."""
    connection = http.client.HTTPConnection(address, port, timeout=_SECONDS)
    try:
        connection.request("GET", f"http://{name}/", headers={"Host": name, "Cache-Control": "no-store"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return f"no answer: {error or type(error).__name__}"
    finally:
        connection.close()


def sing(settings: Settings, helper: Sequence[str] = (HELPER,)) -> dict[str, Any]:
    """Ask for every canary. What is wrong is a list of sentences; none means that the filter filters."""
    names = settings.canaries()
    unlisted = f"{UNLISTED}.{settings.canary_domain}"
    wrong: list[str] = []
    told = ask_helper(helper, [*names, unlisted])
    for category, answer in zip(names.values(), told, strict=False):
        if not _holds(answer, category):
            wrong.append(f"{category}: the lists say {answer or 'nothing'!r} of its canary")
    if told[-1] != "OK category_=none":
        wrong.append(f"the lists say {told[-1] or 'nothing'!r} of a name that is in none")
    statuses: dict[str, int | str] = {}
    if settings.proxy_address:
        for name, category in names.items():
            if category in settings.closed_categories:
                statuses[category] = status = ask_proxy(settings.proxy_address, settings.proxy_port, name)
                if status != _FORBIDDEN:
                    wrong.append(f"{category}: the proxy does not refuse its canary: {status}")
        if not statuses:
            wrong.append("no category is closed")
        if ask_proxy(settings.proxy_address, settings.proxy_port, unlisted) == _FORBIDDEN:
            wrong.append("the proxy refuses every name: its refusals prove nothing")
    return {
        "at": int(time.time()),
        "wrong": wrong,
        "asked": len(names),
        "through_the_proxy": len(statuses),
        "statuses": statuses,
    }


def _holds(answer: str, category: str) -> bool:
    said, _, rest = answer.partition(" category_=")
    return said == "OK" and category in rest.partition(" ")[0].split(",")


def old_lists(settings: Settings, folder: str) -> list[str]:
    """Lists that their source has not given for too long, and those that nobody ever got."""
    state = read_state(folder).get("lists", {})
    limit = time.time() - settings.lists_at_most_days * 24 * 3600
    found = []
    for name in sorted(settings.lists):
        accepted = state.get(name, {}).get("accepted_at")
        if accepted is None:
            found.append(f"{name}: never fetched")
        elif accepted < limit:
            found.append(f"{name}: not fetched for {int(time.time() - accepted) // 86400} days")
    return found
