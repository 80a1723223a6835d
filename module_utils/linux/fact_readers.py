"""Read several facts, one not hindering another. Standard library only, Python 3.11."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from typing import Any

_UNREADABLE = (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, subprocess.SubprocessError)


def read_facts(
    readers: Mapping[str, Callable[[], Any]], *spoken: type[Exception], prefix: str = ""
) -> tuple[dict[str, Any], dict[str, str]]:
    """Facts, and for those that could not be read the reason, by the fact's name after the prefix.

    :param spoken: errors whose message is a sentence of its own; of any other the kind is told too.
    """
    facts: dict[str, Any] = {}
    failures: dict[str, str] = {}
    for name, reader in readers.items():
        try:
            facts[name] = reader()
        except spoken as error:
            failures[prefix + name] = str(error)
        except _UNREADABLE as error:
            failures[prefix + name] = f"{type(error).__name__}: {error}"
    return facts, failures
