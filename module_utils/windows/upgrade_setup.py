"""What Windows setup says by its exit code. Numbers only: its messages are localised, and the sign depends on who reports."""

from __future__ import annotations

from dataclasses import dataclass

READY, DONE, ACTION, REPLACE, RETRY, FAILED = "ready", "done", "action", "replace", "retry", "failed"


@dataclass(frozen=True)
class Said:
    """An exit code: its number, its name where it has one, and what follows from it."""

    code: int
    name: str
    verdict: str

    @property
    def shown(self) -> str:
        """As Microsoft writes it."""
        return f"0x{self.code:08X}"


#: The first five stand in Microsoft's list of upgrade errors, the others in tables that administrators keep.
_KNOWN = (
    Said(0xC1900210, "compatible", READY),
    Said(0xC1900208, "incompatible_program_or_driver", ACTION),
    Said(0xC1900204, "edition_or_language_differs", ACTION),
    Said(0xC1900200, "not_eligible", REPLACE),
    Said(0xC190020E, "no_disk_space", ACTION),
    Said(0xC190010E, "licence_terms_not_accepted", FAILED),
    Said(0xC1900107, "earlier_upgrade_to_clear", RETRY),
    Said(0xC1900101, "driver_failed", FAILED),
    Said(0xC1900215, "no_image_for_this_machine", FAILED),
    Said(0, "finished", DONE),
    # The general code for "done once the machine has started anew".
    Said(3010, "restart_wanted", DONE),
)
_BY_CODE = {each.code: each for each in _KNOWN}


def setup_said(code: int) -> Said:
    """What an exit code means; one that is unknown is a failure, never a success."""
    plain = code & 0xFFFFFFFF
    return _BY_CODE.get(plain, Said(plain, "unknown", FAILED))


def scan_verdict(code: int) -> Said:
    """The answer of a scan alone: only the code for "compatible" lets the machine go on; zero says nothing of it."""
    said = setup_said(code)
    return Said(said.code, "no_verdict", FAILED) if said.verdict == DONE else said
