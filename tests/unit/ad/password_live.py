"""A live domain controller for tests, and modules run as Ansible runs them but for the copying."""

from __future__ import annotations

import importlib.util
import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.ad.connection import Credentials, Directory, open_directory
from ansible.module_utils.testing import patch_module_args

LIBRARY = Path(__file__).resolve().parents[3] / "library"


def connection() -> dict[str, Any]:
    """Options that reach the domain controller the tests were given; a KeyError says which one is missing."""
    return {
        "server": os.environ["GARANT_TEST_DC"],
        "bind_user": os.environ.get("GARANT_TEST_USER", "administrator@AUTOCONCEPT.LAN"),
        "bind_password": os.environ["GARANT_TEST_PASSWORD"],
        "ca_file": os.environ["GARANT_TEST_CA"],
    }


@contextmanager
def live_directory() -> Iterator[Directory]:
    with open_directory(Credentials.from_arguments(connection())) as directory:
        yield directory


def run_module(
    name: str, capsys: pytest.CaptureFixture[str], check_mode: bool = False, **options: Any
) -> dict[str, Any]:
    """What a module answers; its exit status must agree with it."""
    spec = importlib.util.spec_from_file_location(name, LIBRARY / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    arguments = {**connection(), **options, "_ansible_check_mode": check_mode}
    with patch_module_args(arguments), pytest.raises(SystemExit) as ended:
        module.main()
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert bool(ended.value.code) == answer.get("failed", False)
    return answer


def unique(prefix: str) -> str:
    return f"{prefix}-{uuid.uuid4().hex[:8]}"
