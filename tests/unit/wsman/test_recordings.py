"""Recordings of real Windows, where somebody put them: what they answered is understood.

pypsrp's source distribution holds some (MIT). They are not kept here: GARANT_WINRM_RECORDINGS names their folder.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
import yaml
from ansible.module_utils.wsman import answers, faults, names

FOLDER = os.environ.get("GARANT_WINRM_RECORDINGS")
_DECODERS = {
    names.CREATE: answers.shell_id,
    names.COMMAND: answers.command_id,
    names.RECEIVE: answers.command_output,
    names.ENUMERATE: answers.page,
    names.GET: answers.instance,
}


@pytest.mark.skipif(not FOLDER, reason="GARANT_WINRM_RECORDINGS names no folder of recordings")
def test_what_real_machines_answered_is_understood() -> None:
    understood: Counter[str] = Counter()
    for file in sorted(Path(FOLDER or "").glob("*.yml")):
        for message in yaml.safe_load(file.read_text(encoding="utf-8"))["messages"]:
            asked, answered = message["request"], message["response"]
            if not isinstance(answered, str) or not answered.lstrip().startswith("<"):
                continue
            root = answers.parse(asked.encode())
            action = root.findtext(f".//{{{names.ADDRESSING}}}Action") or ""
            number = (root.findtext(f".//{{{names.ADDRESSING}}}MessageID") or "").removeprefix("uuid:")
            fault = faults.decode(answered.encode())
            if fault is not None:
                assert fault.codes, file.name
                understood["fault"] += 1
            elif action in _DECODERS:
                _DECODERS[action](answered.encode(), None)
                assert answers.body(answered.encode(), number) is not None
                understood[action.rsplit("/", 1)[-1]] += 1
    assert min(understood[name] for name in ("Create", "Command", "Receive", "fault")) > 0
