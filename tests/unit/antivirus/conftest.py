"""A clamd that finds the test file and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.antivirus.programs import Clamd, Verdict


def finds(content: bytes) -> str:
    return "Test.Eicar FOUND" if b"EICAR-STANDARD" in content else "OK"


@pytest.fixture
def verdict() -> Verdict:
    return finds


@pytest.fixture
def clamd(tmp_path: Path, verdict: Verdict) -> Iterator[str]:
    made = Clamd(tmp_path / "clamd.ctl", verdict)
    yield made.path
    made.close()
