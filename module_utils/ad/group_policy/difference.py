"""What differs between a policy as declared and as it stands, setting by setting, in words. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ansible.module_utils.ad.group_policy.model import setting_key

_PLAIN = re.compile(r"[^\W\d_][^\r\n]*")
#: Not a setting of the policy: whether it is there at all.
PRESENCE = "policy"


@dataclass(frozen=True)
class Difference:
    """One setting; None is not set. The policy is empty for what belongs to no policy (inheritance of a unit)."""

    policy: str
    setting: str
    expected: Any
    observed: Any

    def facts(self) -> dict[str, Any]:
        """As the module that reads gives it."""
        return asdict(self)


def compare_settings(
    policy: str, expected: Mapping[str, Any], observed: Mapping[str, Any], merge: bool = False
) -> Iterator[Difference]:
    """The settings that differ; with merge, those that are not declared may be whatever they are."""
    found = {setting_key(setting): (setting, value) for setting, value in observed.items()}
    for setting, value in expected.items():
        _, present = found.pop(setting_key(setting), (setting, None))
        if not equal(value, present):
            yield Difference(policy, setting, value, present)
    if not merge:
        for setting, value in found.values():
            yield Difference(policy, setting, None, value)


def equal(one: Any, other: Any) -> bool:
    """Whether two readable values are the same; what prints alike is (a list and a tuple, True and True)."""
    return _plain(one) == _plain(other)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value


def diff_text(differences: Iterable[Difference]) -> dict[str, str]:
    """Before and after as Ansible's diff shows them: the policy, then a line per setting."""
    listed = tuple(differences)
    return {
        "before": _text((each.policy, each.setting, each.observed) for each in listed),
        "after": _text((each.policy, each.setting, each.expected) for each in listed),
    }


def _text(rows: Iterable[tuple[str, str, Any]]) -> str:
    lines: list[str] = []
    last: str | None = None
    for policy, setting, value in sorted(rows, key=lambda row: (row[0], row[1])):
        if value is None:
            continue
        if policy != last:
            lines.append(f"{policy or 'domain'}:")
            last = policy
        lines.append(f"  {setting}: {_value(value)}")
    return "".join(f"{line}\n" for line in lines)


def _value(value: Any) -> str:
    """A value on one line; text that could be taken for a number or for nothing is put between quotation marks."""
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return value
    return json.dumps(_plain(value), ensure_ascii=False)
