"""Everything that is told of a workstation: a table of readers, and one engine that reads each on its own.

A fact that cannot be told is left out and its reason stands under its name; absence is never an answer. When the machine
stops answering, what was read stays and the rest has that reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.module_utils.windows.facts_people import PEOPLE
from ansible.module_utils.windows.facts_policy import POLICY
from ansible.module_utils.windows.facts_protection import PROTECTION
from ansible.module_utils.windows.facts_software import SOFTWARE
from ansible.module_utils.windows.facts_source import Source, UnreadError
from ansible.module_utils.windows.facts_system import SYSTEM
from ansible.module_utils.wsman.channel import HostError
from ansible.module_utils.wsman.client import WrongTypeError
from ansible.module_utils.wsman.faults import FaultError

Reader = Callable[[Source], Any]
#: By the name of the fact: a reader, or a reader for each of its parts. What many facts rest on comes first.
READERS: dict[str, Reader | dict[str, Reader]] = {**SYSTEM, **POLICY, **PROTECTION, **PEOPLE, **SOFTWARE}


def gather(
    source: Source, readers: Mapping[str, Any] = READERS
) -> tuple[dict[str, Any], dict[str, str], HostError | None]:
    """Facts; by the path of each that is missing the reason; and what became of the machine if it stopped answering.

    :raises HostError: the machine answered nothing at all.
    """
    facts: dict[str, Any] = {}
    failures: dict[str, str] = {}
    gone: HostError | None = None
    for name, reader in readers.items():
        parts = reader if isinstance(reader, Mapping) else {"": reader}
        values: dict[str, Any] = {}
        reasons: dict[str, str] = {}
        for part, read in parts.items():
            try:
                if gone is not None:
                    raise gone
                values[part] = read(source)
            except (UnreadError, FaultError, WrongTypeError) as error:
                reasons[part] = str(error)
            except HostError as error:
                if not facts and not values and not failures and not reasons:
                    raise
                gone, reasons[part] = error, str(error)
        if values:
            facts[name] = values[""] if "" in parts else values
        whole = "" in parts or (not values and len(set(reasons.values())) == 1)
        failures |= (
            {name: next(iter(reasons.values()))}
            if whole and reasons
            else {f"{name}.{part}": why for part, why in reasons.items()}
        )
    return facts, failures, gone
