"""What each setting of a definition is there for."""

from __future__ import annotations

import yaml
from ansible.module_utils.ad.group_policy.admx_policies import did_you_mean
from ansible.module_utils.ad.group_policy.definition_yaml import Source

SERVES = ("control", "reason")


class Purpose:
    """What each setting is there for: the control whose clause it serves, or a reason in its own words."""

    def __init__(self, known: frozenset[str] | None) -> None:
        self.known = known
        self.controls: dict[str, str] = {}

    def read(self, source: Source, node: yaml.Node, fields: dict[str, yaml.Node]) -> str | None:
        """The control that a setting names, if it names one; neither or both is noted."""
        given = [field for field in SERVES if field in fields]
        if len(given) != 1:
            source.problem(
                node, "each setting names the control whose clause it serves, or gives a reason; one of them"
            )
            return None
        told = source.text(fields[given[0]], given[0])
        if given == ["control"] and told and self.known is not None and told not in self.known:
            source.problem(
                fields["control"], f"no control {told!r} is demanded here{did_you_mean(told, sorted(self.known))}"
            )
        return told if given == ["control"] else None

    def note(self, setting: str, control: str | None) -> None:
        """Remember which control a setting serves."""
        if control:
            self.controls[setting] = control
