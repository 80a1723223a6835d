"""The test file that every antivirus finds, put together when it is needed.

Stored whole it would be found where these programs are kept (https://www.eicar.org).
"""

from __future__ import annotations

import hashlib
import io
import zipfile

_BEFORE = r"X5O!P%@AP[4\PZX54(P^)7CC)7}$"
_WORDS = ("EICAR", "STANDARD", "ANTIVIRUS", "TEST", "FILE!$H+H*")
PREFIX = "garant-essai-"
CLEAN = b"Rien de mauvais ici, un fichier comme un autre.\n"


def eicar() -> bytes:
    """The test file."""
    return (_BEFORE + "-".join(_WORDS)).encode("ascii")


def signature(name: str = "Site.Eicar") -> str:
    """A line of an .ndb file that finds it, by what stands after its first part and there alone."""
    return f"{name}:0:{len(_BEFORE)}:{'-'.join(_WORDS).encode('ascii').hex()}"


def nested() -> bytes:
    """The test file in an archive in an archive; the same bytes each time."""
    return _zipped("archive.zip", _zipped("eicar.com", eicar()))


def _zipped(name: str, content: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
    return kept.getvalue()


def is_trial(name: str, content: bytes) -> bool:
    """Whether a file is one that an audit put there: by its name, and by being nothing but the test file."""
    known = {hashlib.sha256(each).digest() for each in (eicar(), nested())}
    return PREFIX in name and hashlib.sha256(content).digest() in known
