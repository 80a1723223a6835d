"""Where each part of a flow matrix stands in the inventory's file, for messages; runs on the controller."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from ansible.module_utils.firewall.model import Locate, Matrix, shown
from ansible.module_utils.firewall.model import Path as Place
from ansible.module_utils.firewall.reading import load_matrix

#: The variable of the inventory that holds each part.
VARIABLES = {"zones": "site_zones", "services": "site_services", "flows": "site_flows"}


def locator(file: str | Path) -> Locate:
    """Says file:line for a place in the matrix; the place alone when the file cannot be read."""
    path = Path(file)
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return shown
    lines: dict[Place, int] = {}
    if node is not None:
        _walk(node, (), lines)

    def locate(place: Place) -> str:
        known: Place = (VARIABLES.get(str(place[0]), place[0]), *place[1:])
        while known and known not in lines:
            known = known[:-1]
        return f"{path.parent.name}/{path.name}:{lines.get(known, 1)}: {shown(place)}"

    return locate


def _walk(node: yaml.Node, place: Place, lines: dict[Place, int]) -> None:
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            lines[(*place, str(key.value))] = key.start_mark.line + 1
            _walk(value, (*place, str(key.value)), lines)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            _walk(value, (*place, number), lines)


def matrix_of(data: Mapping[str, Any], file: str | Path | None) -> Matrix:
    """The matrix; a problem is told by the file and line it stands at.

    :raises MatrixError: something is wrong with it.
    """
    return load_matrix(data, locator(file) if file else None)
