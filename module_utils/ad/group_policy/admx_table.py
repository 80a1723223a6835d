"""What an administrative template says of a policy, and how a choice becomes registry values ([MS-GPREG] 3.2.5.1).

A row names things as its ADMX file does: `ControlPanelDisplay/CPL_Personalization_ScreenSaverTimeOut` is the policy of
that name in ControlPanelDisplay.admx, its elements have the ids of that file. What the file leaves out has the meaning
that the format gives it: enabled writes 1 to the policy's value, disabled deletes it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.ad.group_policy.registry_pol import RegistrySetting

#: Marks of [MS-GPREG] 3.2.5.1: delete this value; delete every value of the key first.
DELETE, DELETE_ALL = "**del.", "**delvals."
_DELETED = ("REG_SZ", " ")
_LARGEST = 2**32 - 1


class AdmxError(ValueError):
    """A choice that the template does not allow; `element` is where, None for the policy itself."""

    def __init__(self, what: str, element: str | None = None) -> None:
        super().__init__(what)
        self.element = element


@dataclass(frozen=True)
class Element:
    """One thing to fill in of a policy; kind is decimal, text, lines, enum, boolean or list."""

    id: str
    kind: str
    value: str = ""
    key: str | None = None
    unit: str | None = None  # of a number, so that a charter's minutes become its seconds
    minimum: int = 0
    maximum: int = _LARGEST
    #: What the smallest number would mean when it is not a number but a switch: refused unless it is written so.
    zero_means: str | None = None
    choices: tuple[int | str, ...] = ()
    as_text: bool = False
    required: bool = False
    longest: int = 1023
    #: Whether Windows puts in the variables that a text names.
    expands: bool = False
    #: What a text must look like as a whole, where Windows would not say that it is wrong.
    pattern: str | None = None

    def settings(self, key: str, given: Any) -> list[RegistrySetting]:
        """The registry values of what was filled in.

        :raises AdmxError: it is of another type, or out of range.
        """
        place = self.key or key
        if self.kind == "list":
            return self._listed(place, given)
        return [RegistrySetting(place, self.value, *self._stored(given))]

    def _stored(self, given: Any) -> tuple[str, int | str | tuple[str, ...]]:
        if self.kind == "boolean":
            if not isinstance(given, bool):
                raise AdmxError(f"{given!r} is neither true nor false", self.id)
            return "REG_DWORD", int(given)
        if self.kind == "enum":
            if isinstance(given, bool) or given not in self.choices:
                raise AdmxError(f"{given!r} is not one of {', '.join(map(str, self.choices))}", self.id)
            return ("REG_SZ", given) if isinstance(given, str) else ("REG_DWORD", int(given))
        if self.kind == "decimal":
            return self._number(given)
        if self.kind == "lines":
            return "REG_MULTI_SZ", tuple(self._texts(given))
        if not isinstance(given, str) or not given.strip():
            raise AdmxError(f"{given!r} is not a text", self.id)
        if self.pattern and not re.fullmatch(self.pattern, given):
            raise AdmxError(f"{given!r} does not have the form that {self.id} takes", self.id)
        if len(given) > self.longest:
            raise AdmxError(f"the text has {len(given)} characters, at most {self.longest} fit", self.id)
        return ("REG_EXPAND_SZ" if self.expands else "REG_SZ"), given

    def _number(self, given: Any) -> tuple[str, int | str]:
        if isinstance(given, bool) or not isinstance(given, int):
            raise AdmxError(f"{given!r} is not a whole number", self.id)
        if given == 0 and self.zero_means:
            raise AdmxError(f"0 would mean: {self.zero_means}; disable the policy if that is wanted", self.id)
        if not self.minimum <= given <= self.maximum:
            unit = f" {self.unit}" if self.unit else ""
            raise AdmxError(f"{given} is not between {self.minimum} and {self.maximum}{unit}", self.id)
        return ("REG_SZ", str(given)) if self.as_text else ("REG_DWORD", given)

    def _texts(self, given: Any) -> list[str]:
        if not isinstance(given, list) or not given or not all(isinstance(each, str) and each for each in given):
            raise AdmxError(f"{given!r} is not a list of texts", self.id)
        return given

    def _listed(self, key: str, given: Any) -> list[RegistrySetting]:
        texts = self._texts(given)
        rows = [RegistrySetting(key, str(number), "REG_SZ", each) for number, each in enumerate(texts, start=1)]
        return [RegistrySetting(key, DELETE_ALL, *_DELETED), *rows]

    def deleted(self, key: str) -> RegistrySetting:
        """What takes away what this element may have written."""
        name = DELETE_ALL if self.kind == "list" else DELETE + self.value
        return RegistrySetting(self.key or key, name, *_DELETED)


@dataclass(frozen=True)
class Policy:
    """One policy of a template. `side` is computer, user or both; enabled and disabled are what its own value gets."""

    name: str
    file: str
    side: str
    key: str
    value: str | None = None
    enabled: int | str = 1
    disabled: int | str | None = None
    elements: tuple[Element, ...] = ()

    @property
    def id(self) -> str:
        """The name that no other policy has."""
        return f"{self.file}/{self.name}"

    def fits(self, side: str) -> bool:
        """Whether the policy exists for computers, or for users."""
        return self.side in (side, "both")

    def element(self, name: str) -> Element | None:
        """The element with this id."""
        return next((each for each in self.elements if each.id == name), None)

    def settings(self, state: str, given: Mapping[str, Any]) -> tuple[RegistrySetting, ...]:
        """The registry values of the policy when it is enabled with these elements, or disabled.

        :raises AdmxError: an element is missing, too many, or does not take what it is given.
        """
        if state == "disabled":
            return self._disabled(given)
        rows = [self._own(self.enabled)] if self.value else []
        for element in self.elements:
            if element.id in given:
                rows += element.settings(self.key, given[element.id])
            elif element.required:
                raise AdmxError(f"{self.id} needs its element {element.id}")
        if not rows:
            names = ", ".join(each.id for each in self.elements)
            raise AdmxError(f"{self.id} sets nothing without one of its elements: {names}")
        return tuple(rows)

    def _disabled(self, given: Mapping[str, Any]) -> tuple[RegistrySetting, ...]:
        if given:
            raise AdmxError(f"{self.id} is disabled: it takes no elements", next(iter(given)))
        rows = []
        if self.value and self.disabled is not None:
            rows.append(self._own(self.disabled))
        elif self.value:
            rows.append(RegistrySetting(self.key, DELETE + self.value, *_DELETED))
        return (*rows, *(each.deleted(self.key) for each in self.elements))

    def _own(self, data: int | str) -> RegistrySetting:
        assert self.value is not None  # noqa: S101  (callers asked)
        return RegistrySetting(self.key, self.value, "REG_SZ" if isinstance(data, str) else "REG_DWORD", data)


def switch(file: str, name: str, side: str, key: str, value: str, **other: Any) -> Policy:
    """A policy that writes 1 when it is enabled and 0 when it is disabled, as most of Windows do."""
    return Policy(name, file, side, key, value, **{"disabled": 0, **other})
