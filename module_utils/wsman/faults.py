"""Why Windows refused, by the codes of its fault ([MS-WSMV] 2.2.4.43, winerror.h, wbemcli.h); no word of it is looked at.

A fault carries the code of WS-Management and often, inside, the code of who really refused: the innermost one that is
known decides. The codes were taken from Microsoft's tables and from recordings; on a real machine they are to be
confirmed, and one that is not known is said as it came.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ansible.module_utils.wsman import answers, names

DENIED, NOT_HERE, BAD_QUERY, NOT_FOUND, TOO_SLOW, BUSY, NO_SHELL, UNKNOWN = (
    "access_denied",
    "not_here",
    "bad_query",
    "not_found",
    "too_slow",
    "busy",
    "no_shell",
    "unknown",
)
_KINDS = {
    5: DENIED,
    0x80070005: DENIED,  # E_ACCESSDENIED
    0x80041003: DENIED,  # WBEM_E_ACCESS_DENIED
    2150859012: DENIED,
    2150859013: DENIED,
    2150859014: DENIED,
    0x8004100E: NOT_HERE,  # WBEM_E_INVALID_NAMESPACE
    0x80041010: NOT_HERE,  # WBEM_E_INVALID_CLASS
    0x80041013: NOT_HERE,  # WBEM_E_PROVIDER_LOAD_FAILURE
    0x80041017: BAD_QUERY,  # WBEM_E_INVALID_QUERY: also a column that this release does not have
    0x80041002: NOT_FOUND,  # WBEM_E_NOT_FOUND
    0x80041069: TOO_SLOW,  # WBEM_E_TIMED_OUT
    0x8004106C: BUSY,  # WBEM_E_QUOTA_VIOLATION
    2150858793: TOO_SLOW,
    2150859174: BUSY,
    2150859173: BUSY,
    2150858843: NO_SHELL,
    2150858752: NOT_HERE,
    2150858778: NOT_HERE,
    2150859002: NOT_HERE,
    2150859003: NOT_HERE,
    2150859060: BAD_QUERY,
}
_SAID = {
    DENIED: "access denied; give the audit account the rights of a local administrator",
    NOT_HERE: "this release or edition of Windows does not have it",
    BAD_QUERY: "this release of Windows does not know one of the columns",
    NOT_FOUND: "Windows finds no such instance",
    TOO_SLOW: "Windows did not answer within the time it was given",
    BUSY: "Windows has too many operations open; read it again later",
    NO_SHELL: "the shell is gone",
    UNKNOWN: "refused with a code that is not known here",
}


@dataclass(frozen=True)
class Fault:
    """A refusal: what kind, its codes from the outermost inwards, the subcode of SOAP, and what Windows says."""

    kind: str
    codes: tuple[int, ...]
    subcode: str
    text: str

    def __str__(self) -> str:
        codes = ", ".join(str(code) for code in self.codes)
        told = f" ({codes or self.subcode})" if codes or self.subcode else ""
        return f"{self.kind}: {_SAID[self.kind]}{told}" + (f": {self.text[:160]}" if self.kind == UNKNOWN else "")


class FaultError(Exception):
    """Windows refused one thing; the others may be asked for."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def decode(data: bytes) -> Fault | None:
    """The fault that an answer holds, None when it holds none.

    :raises AnswerError: the bytes are no message.
    """
    found = answers.body(data).find(f"{{{names.SOAP}}}Fault")
    if found is None:
        return None
    codes = []
    for element in found.iter():
        if element.tag == f"{{{names.FAULT}}}WSManFault" and element.get("Code", "").isdigit():
            codes.append(int(element.get("Code", "")))
        elif answers.local(element.tag) in ("error_Code", "StatusCode") and (element.text or "").strip().isdigit():
            codes.append(int(element.text or ""))
    text = " ".join("".join(found.itertext()).split())
    # WinRM 2.0 gives WMI's code in the sentence alone, and always in digits.
    codes += [int(code, 16) for code in re.findall(r"0x(800[47][0-9A-Fa-f]{4})\b", text)]
    unique = tuple(dict.fromkeys(code & 0xFFFFFFFF for code in codes))
    subcode = found.findtext(f".//{{{names.SOAP}}}Subcode/{{{names.SOAP}}}Value") or ""
    kind = next((_KINDS[code] for code in reversed(unique) if code in _KINDS), None)
    return Fault(kind or _by_subcode(subcode), unique, subcode, text)


def _by_subcode(subcode: str) -> str:
    """DSP0226 14.6, for a fault without a code of Microsoft's."""
    return {"AccessDenied": DENIED, "TimedOut": TOO_SLOW, "QuotaLimit": BUSY}.get(subcode.rsplit(":", 1)[-1], UNKNOWN)
