"""Group Policy: what its files and attributes hold ([MS-GPOL] and the protocols of its extensions)."""

from __future__ import annotations


class GroupPolicyDataError(ValueError):
    """Bytes or text of a policy that cannot be read, or a value that cannot be written; the message says where."""

    def __init__(self, what: str, offset: int | None = None, line: int | None = None) -> None:
        self.what, self.offset, self.line = what, offset, line
        place = f"line {line}: " if line is not None else f"byte {offset}: " if offset is not None else ""
        super().__init__(place + what)
