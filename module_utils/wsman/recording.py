"""What one machine was asked and what it answered, kept in a file that is read again without the machine.

What a first real machine answers becomes a sample that tests read for good. Passwords and tickets travel beside the messages,
never in them; logins, names of machines and lists of programs do stand in them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import yaml


class Recording:
    """Questions and answers, in their order."""

    def __init__(self) -> None:
        self.messages: list[dict[str, str]] = []

    def note(self, asked: bytes, answered: bytes) -> None:
        """Keep one of them."""
        self.messages.append({"request": asked.decode("utf-8"), "response": answered.decode("utf-8", "replace")})

    def write(self, folder: str, name: str, read_at: str, told: Mapping[str, Any]) -> str:
        """Keep the machine's file, which nobody else may read; where it is.

        :param read_at: when the machine was read, as facts of age count from it
        :param told: the facts that came of it
        :raises OSError: it cannot be written.
        """
        os.makedirs(folder, 0o700, exist_ok=True)
        file = os.path.join(folder, f"{name}.yml")
        draft = f"{file}.partial"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
            content = {"read_at": read_at, "workstation": dict(told), "messages": self.messages}
            yaml.safe_dump(content, stream, allow_unicode=True, sort_keys=False)
        os.replace(draft, file)
        return file
