"""A recording of one machine, answered again without the machine."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ansible.module_utils.wsman.channel import LATE, HostError, Limits, RefusalError

_ID = re.compile(rb"<(?:\w+:)?MessageID[^>]*>\s*uuid:([0-9A-Fa-f-]+)")
#: What differs each time a question is put: its number, and the seconds that are left for it.
_OF_THE_MOMENT = re.compile(rb"<(?:\w+:)?(MessageID|OperationTimeout)\b[^>]*>[^<]*")


class Replay:
    """Stands in the place of a channel: answers what is asked from a recording, in its order."""

    endpoint = "https://recording:5986/wsman"

    def __init__(self, messages: Sequence[Mapping[str, str]]) -> None:
        self._left = list(messages)
        self.limits, self.sent = Limits(), 0

    def seconds_left(self) -> float:
        """A recording is in no hurry."""
        return self.limits.question_seconds

    def send(self, data: bytes) -> bytes:
        """The answer that was given to the same question.

        :raises RefusalError: it was a fault.
        :raises HostError: another question came next, or none.
        """
        kept = self._left.pop(0) if self._left else {"request": "", "response": ""}
        asked = kept["request"].encode()
        if _lasting(asked) != _lasting(data):
            raise HostError(LATE, f"the recording has another question as number {self.sent + 1}")
        self.sent += 1
        answer = _answering(kept["response"].encode(), asked, data)
        if b":Fault" in answer:
            raise RefusalError(answer)
        return answer

    def close(self) -> None:
        """Nothing is open."""


def _lasting(message: bytes) -> bytes:
    return re.sub(rb"https://[^<]*/wsman", b"", _OF_THE_MOMENT.sub(b"", message))


def _answering(answer: bytes, before: bytes, now: bytes) -> bytes:
    """An answer names the question that it belongs to."""
    former, later = _ID.search(before), _ID.search(now)
    return re.sub(re.escape(former[1]), later[1], answer, flags=re.IGNORECASE) if former and later else answer
