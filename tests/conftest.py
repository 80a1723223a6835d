"""Make the project's shared Python reachable under the one name it has everywhere: ansible.module_utils.{ad,policy}."""

from __future__ import annotations

from pathlib import Path

import ansible.module_utils

ROOT = Path(__file__).resolve().parent.parent
_SHARED = str(ROOT / "module_utils")
if _SHARED not in ansible.module_utils.__path__:
    ansible.module_utils.__path__.append(_SHARED)
