"""Between the module glpi_inventory_info and the readers: options in, plain data out."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.windows.glpi_csv import read_export
from ansible.module_utils.windows.glpi_model import Computer, GlpiError, differences, inventory
from ansible.module_utils.windows.glpi_rest import Glpi, https_get, read_computers


def read_inventory(options: Mapping[str, Any]) -> dict[str, Any]:
    """What GLPI knows, by whichever way it was named.

    :raises GlpiError: it cannot be read or meant.
    """
    computers = _from_file(options["export"]) if options["export"] else _from_rest(options)
    compared = options["workstations"]
    return {
        "computers": [dataclasses.asdict(computer) for computer in computers],
        "inventory": inventory(computers),
        "differences": [] if compared is None else differences(computers, compared),
    }


def _from_file(path: str) -> list[Computer]:
    with open(path, "rb") as file:
        return read_export(file.read(), path)


def _from_rest(options: Mapping[str, Any]) -> list[Computer]:
    get = https_get(options["url"], options["ca_file"], float(options["timeout_seconds"]))
    glpi = Glpi(get, options["user_token"], options["app_token"])
    try:
        return read_computers(glpi)
    finally:
        # What was read is not lost because the session could not be ended.
        with contextlib.suppress(GlpiError):
            glpi.close()
