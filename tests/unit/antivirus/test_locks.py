"""What an account without rights is refused was tried; silence and a try that never began are no refusal."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from ansible.module_utils.linux import antivirus_locks as locks


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where an engine would listen; whoever tries keeps their own rights."""
    monkeypatch.setattr(locks, "_NOBODY", ("env",))
    return tmp_path / "clamd.ctl"


def test_an_engine_that_lets_anybody_in_is_open(engine: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(engine))
        listening.listen()
        assert locks._engine_open(str(engine))


def test_an_engine_that_nobody_runs_is_not_called_closed(engine: Path) -> None:
    with socket.socket(socket.AF_UNIX) as gone:
        gone.bind(str(engine))
    with pytest.raises(locks.LockError, match="nobody answers"):
        locks._engine_open(str(engine))


def test_a_try_without_the_account_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "_NOBODY", ("false",))
    with pytest.raises(locks.LockError, match="cannot be taken on"):
        locks.open_to_nobody("ls", "/")
