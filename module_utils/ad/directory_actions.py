"""The steps that bring the directory in line, each with the lines that tell a person what it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ansible.module_utils.ad import directory_names as names
from ansible.module_utils.ad.directory_model import CONTROL_WORDS, DISABLED, SCOPE_WORDS

#: A line of the diff before and after; None where the object or the member is not there.
Pair = tuple[str | None, str | None]


@dataclass(frozen=True)
class CreateUnit:
    """A new organizational unit."""

    dn: str

    def __str__(self) -> str:
        return f"create the unit {self.dn}"

    def lines(self) -> list[Pair]:
        return [(None, f"{self.dn}: organizational unit")]


@dataclass(frozen=True)
class CreateGroup:
    """A new group, without members yet."""

    dn: str
    name: str
    kind: int
    description: str | None

    def __str__(self) -> str:
        return f"create the group {self.name}"

    def lines(self) -> list[Pair]:
        told = SCOPE_WORDS[self.kind] + " group" + (f": {self.description}" if self.description else "")
        return [(None, f"{self.name}: {told}")]


@dataclass(frozen=True)
class CreateAccount:
    """A new account; its password is made when it is applied, and is not part of the plan."""

    dn: str
    login: str
    display_name: str
    department: str
    mail: str
    control: int
    must_change: bool
    password_length: int
    attributes: Mapping[str, str]

    def __str__(self) -> str:
        return f"create the account {self.login}"

    def lines(self) -> list[Pair]:
        return [(None, f"{self.login}: {self.dn}; {control_words(self.control)}")]


@dataclass(frozen=True)
class Move:
    """Another place or another common name for the same object."""

    dn: str
    new_dn: str
    label: str

    def __str__(self) -> str:
        return f"move {self.label} to {self.new_dn}"

    def lines(self) -> list[Pair]:
        return [(f"{self.label} name: {self.dn}", f"{self.label} name: {self.new_dn}")]


@dataclass(frozen=True)
class Attribute:
    """One attribute's new value (None removes it), and how both values are told to a person."""

    name: str
    value: str | None
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """New values for attributes of one object, in one request."""

    dn: str
    label: str
    attributes: Sequence[Attribute]

    def __str__(self) -> str:
        return f"change {', '.join(one.name for one in self.attributes)} of {self.label}"

    def lines(self) -> list[Pair]:
        return [
            (f"{self.label} {one.name}: {one.before}", f"{self.label} {one.name}: {one.after}")
            for one in self.attributes
        ]


@dataclass(frozen=True)
class ChangeMembers:
    """Members that join and leave one group, in one request; by distinguished name, with what they are called."""

    dn: str
    label: str
    add: Mapping[str, str]
    remove: Mapping[str, str]

    def __str__(self) -> str:
        return f"change the members of {self.label} ({len(self.add)} join, {len(self.remove)} leave)"

    def lines(self) -> list[Pair]:
        joined: list[Pair] = [(None, f"{self.label} member: {who}") for who in sorted(self.add.values())]
        return joined + [(f"{self.label} member: {who}", None) for who in sorted(self.remove.values())]


Action = CreateUnit | CreateGroup | CreateAccount | Move | Change | ChangeMembers


@dataclass(frozen=True)
class Plan:
    """What there is to do, in order, and what was found that the site does not know."""

    actions: Sequence[Action] = ()
    #: enabled accounts that nothing in the site's data explains
    unknown_accounts: Sequence[str] = ()
    #: "group: member" for members of watched groups that the site did not name
    unknown_privileged: Sequence[str] = ()

    def diff(self) -> dict[str, str]:
        """Before and after, one line per object or attribute."""
        pairs = [pair for action in self.actions for pair in action.lines()]
        before = "".join(f"{line}\n" for line, _ in pairs if line is not None)
        after = "".join(f"{line}\n" for _, line in pairs if line is not None)
        return {"before": before, "after": after}


def control_words(control: int) -> str:
    """userAccountControl as words; the bits that this project has no opinion on are not told."""
    words = [word for bit, word in CONTROL_WORDS.items() if control & bit]
    return ", ".join(words if control & DISABLED else ["enabled", *words])


def expiry_words(value: str | None) -> str:
    """accountExpires as a day."""
    return names.iso_time(int(value or 0)) or "never"
