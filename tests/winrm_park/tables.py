"""Every WMI class that is simulated, in one list."""

from __future__ import annotations

from tests.winrm_park import rows_accounts, rows_hardware, rows_protection, rows_system
from tests.winrm_park.classes import WmiClass

CLASSES: tuple[WmiClass, ...] = (
    *rows_system.CLASSES,
    *rows_hardware.CLASSES,
    *rows_protection.CLASSES,
    *rows_accounts.CLASSES,
)
