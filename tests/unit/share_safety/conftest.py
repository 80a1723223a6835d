"""The programs of the roles, as the roles install them."""

from __future__ import annotations

import sys

from tests.conftest import ROOT
from tests.unit.host_library import programs  # noqa: F401  (finds the library)

for role, folder in (("share_alarms", "share-alarms"), ("share_quotas", "share-quotas")):
    sys.path.insert(0, str(ROOT / "roles" / role / "files" / "usr" / "local" / "lib" / folder))
