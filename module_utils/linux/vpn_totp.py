"""Codes that change with the time, as the applications on telephones make them (RFC 6238, RFC 4226). Standard library only."""

from __future__ import annotations

import base64
import hmac
import secrets
import struct
from urllib.parse import quote

STEP_SECONDS, DIGITS = 30, 6
_SECRET_BYTES = 20  # RFC 4226 section 4, R6: 160 bits are recommended


def new_secret() -> str:
    """A secret as people and applications write it: base 32, without padding."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode().rstrip("=")


def raw(secret: str) -> bytes:
    """Its bytes; ValueError when it is none."""
    compact = secret.replace(" ", "").upper()
    return base64.b32decode(compact + "=" * (-len(compact) % 8))


def code(secret: str, at: float, *, digits: int = DIGITS, algorithm: str = "sha1") -> str:
    """The code of a moment, in seconds since 1970 (RFC 6238 section 4, RFC 4226 section 5.3)."""
    digest = hmac.digest(raw(secret), struct.pack(">Q", int(at) // STEP_SECONDS), algorithm)
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}d}"


def address(secret: str, login: str, issuer: str) -> str:
    """What applications take in, as a link or a square code."""
    label = quote(f"{issuer}:{login}", safe="")
    return (
        f"otpauth://totp/{label}?secret={secret}&issuer={quote(issuer, safe='')}&digits={DIGITS}&period={STEP_SECONDS}"
    )


def groups(secret: str) -> str:
    """The secret in groups of four, to be typed by hand."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
