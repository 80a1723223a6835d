"""Values of a definition: written there, or bound by the playbook under a name, brought to the unit of the setting.

What says "never" is the word never, in a definition as in a value (None); the number that stands for it is written by
the setting alone, because 0 and -1 mean different things in different places.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from ansible.module_utils.ad.group_policy.admx_policies import did_you_mean
from ansible.module_utils.ad.group_policy.definition_yaml import Source

NEVER = "never"
#: What a problem leaves behind: already told, not to be looked at again.
WRONG = object()
_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_PLACEHOLDER = re.compile(r"\{([a-z][a-z_]*)\}")
_SID = re.compile(r"S-1-[0-9]+(-[0-9]+){1,15}")
_BUILTIN_RIDS = range(544, 600)


def converted(value: int, unit: str, wanted: str) -> int:
    """The same length of time in another unit.

    :raises ValueError: it is no whole number there, or one of the units is not of time.
    """
    if unit == wanted:
        return value
    if unit not in _SECONDS or wanted not in _SECONDS:
        raise ValueError(f"{unit} cannot be turned into {wanted}")
    seconds = value * _SECONDS[unit]
    if seconds % _SECONDS[wanted]:
        raise ValueError(f"{value} {unit} are not a whole number of {wanted}, which this setting takes")
    return seconds // _SECONDS[wanted]


@dataclass(frozen=True)
class Binding:
    """What the caller knows: the values it binds, and where the definitions are to hold."""

    values: Mapping[str, Any]
    context: Mapping[str, Any]

    def texts(self) -> dict[str, str]:
        """What may stand between braces in a text."""
        given = {key: value for key, value in self.context.items() if isinstance(value, str)}
        return {**given, **{key: str(value) for key, value in (self.context.get("texts") or {}).items()}}

    def value(self, source: Source, node: yaml.Node, unit: str | None = None) -> Any:
        """A value of the file, resolved; WRONG when it cannot be."""
        if isinstance(node, yaml.MappingNode):
            return self._bound(source, node, unit)
        given = source.plain(node)
        if isinstance(given, str):
            return self._filled(source, node, given)
        if isinstance(given, list):
            filled = [self._filled(source, node, each) if isinstance(each, str) else each for each in given]
            return WRONG if WRONG in filled else filled
        return given

    def _bound(self, source: Source, node: yaml.Node, unit: str | None) -> Any:
        return self.named(source, node, source.fields(node, ("value_of", "unit"), ("value_of",), "a value"), unit)

    def named(self, source: Source, node: yaml.Node, fields: Mapping[str, yaml.Node], unit: str | None) -> Any:
        """The value that the playbook binds to the name in value_of, in the unit that the setting takes."""
        name = source.text(fields.get("value_of"), "value_of")
        if not name:
            return WRONG
        if name not in self.values:
            known = list(self.values)
            source.problem(node, f"no value is bound to {name!r}{did_you_mean(name, known)}; the playbook binds it")
            return WRONG
        given = self.values[name]
        if given is None:
            return NEVER
        if isinstance(given, str):
            return self._filled(source, node, given)
        return self._in_unit(source, fields["unit"], name, unit) if "unit" in fields else given

    def _in_unit(self, source: Source, node: yaml.Node, name: str, wanted: str | None) -> Any:
        given, unit = self.values[name], source.one_of(node, "unit", _SECONDS, "seconds")
        if isinstance(given, bool) or not isinstance(given, int) or wanted is None:
            why = "the setting has no unit" if wanted is None else f"{given!r} is not a whole number"
            source.problem(node, f"{name} has a unit, but {why}")
            return WRONG
        try:
            return converted(given, unit, wanted)
        except ValueError as error:
            source.problem(node, f"{name}: {error}")
            return WRONG

    def _filled(self, source: Source, node: yaml.Node, given: str) -> Any:
        known = self.texts()
        missing = [name for name in _PLACEHOLDER.findall(given) if name not in known]
        if missing:
            source.problem(node, f"nothing is known as {{{missing[0]}}}{did_you_mean(missing[0], list(known))}")
            return WRONG
        return _PLACEHOLDER.sub(lambda match: known[match[1]], given)

    def sids(self, source: Source, node: yaml.Node | None, what: str) -> tuple[str, ...]:
        """A list of groups as SIDs: by name, by SID, or {rid: 512} for one that every domain has."""
        found = [self.sid(source, each, what) for each in source.items(node, what)]
        return tuple(dict.fromkeys(each for each in found if each))

    def named_sids(
        self, source: Source, node: yaml.Node, fields: Mapping[str, yaml.Node], what: str
    ) -> tuple[str, ...]:
        """The groups, by name, that the playbook binds to the name in value_of, as SIDs."""
        given = self.named(source, node, fields, None)
        if given is WRONG:
            return ()
        if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
            source.problem(node, f"{what}: {given!r} is not a list of groups")
            return ()
        found = [self._known(source, node, each, what) for each in given]
        return tuple(dict.fromkeys(each for each in found if each))

    def sid(self, source: Source, node: yaml.Node, what: str) -> str | None:
        """The SID of one group; None when it is not known."""
        if isinstance(node, yaml.MappingNode):
            given = source.plain(source.fields(node, ("rid",), ("rid",), what).get("rid", node))
            if isinstance(given, bool) or not isinstance(given, int) or given <= 0:
                source.problem(node, f"{what}: rid is the number of a well-known group, such as 512")
                return None
            return f"S-1-5-32-{given}" if given in _BUILTIN_RIDS else f"{self.context['domain_sid']}-{given}"
        name = source.text(node, what)
        return self._known(source, node, name, what) if name else None

    def _known(self, source: Source, node: yaml.Node, name: str, what: str) -> str | None:
        if _SID.fullmatch(name):
            return name
        known = {str(group).casefold(): str(sid) for group, sid in self.context["sids"].items()}
        if name.casefold() not in known:
            source.problem(node, f"{what}: the directory has no group {name!r}{did_you_mean(name, list(known))}")
            return None
        return known[name.casefold()]
