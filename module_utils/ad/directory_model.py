"""The directory as it is and as it should be, and what leads from one to the other. Values only, no I/O."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ansible.module_utils.ad import directory_names as names

# userAccountControl, [MS-ADTS] 2.2.16
DISABLED = 0x2
LOCKED = 0x10
NO_PASSWORD_REQUIRED = 0x20
REVERSIBLE = 0x80
NORMAL = 0x200
NEVER_EXPIRES = 0x10000
NO_PREAUTHENTICATION = 0x400000
PASSWORD_EXPIRED = 0x800000
#: Bits that no account of the site may carry.
FORBIDDEN = NO_PASSWORD_REQUIRED | REVERSIBLE | NO_PREAUTHENTICATION
CONTROL_WORDS = {
    DISABLED: "disabled",
    NO_PASSWORD_REQUIRED: "no password required",
    REVERSIBLE: "password stored reversibly",
    NEVER_EXPIRES: "password never expires",
    NO_PREAUTHENTICATION: "no Kerberos preauthentication",
}

# groupType, [MS-ADTS] 2.2.12
GLOBAL = -0x80000000 | 0x2
DOMAIN_LOCAL = -0x80000000 | 0x4
SCOPE_WORDS = {GLOBAL: "global security", DOMAIN_LOCAL: "domain local security"}

BUILTIN_ADMINISTRATOR, GUEST = 500, 501
#: Accounts that Windows or Samba made have a smaller RID ([MS-SAMR] 3.1.1.9.2).
FIRST_SITE_RID = 1000


class DirectoryInputError(Exception):
    """The site's data and the directory cannot be reconciled; every reason is told before anything is written."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


@dataclass(frozen=True)
class Account:
    """A user account found in the directory; attributes hold the text of everything the site manages."""

    dn: str
    login: str
    sid: str
    control: int
    attributes: Mapping[str, str] = field(default_factory=dict)
    primary_group: int = 513
    password_last_set: int = 0
    last_logon: int = 0
    created: str | None = None
    computed: int = 0

    @property
    def enabled(self) -> bool:
        return not self.control & DISABLED

    @property
    def employee_key(self) -> str | None:
        return self.attributes.get("employeeNumber")

    @property
    def builtin(self) -> bool:
        return names.rid(self.sid) < FIRST_SITE_RID


@dataclass(frozen=True)
class Group:
    """A group found in the directory; members are distinguished names."""

    dn: str
    name: str
    sid: str
    kind: int
    description: str | None = None
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class State:
    """Everything that was read, once."""

    base: str
    domain_sid: str
    accounts: Sequence[Account] = ()
    groups: Sequence[Group] = ()
    units: Sequence[str] = ()
    bound_login: str | None = None

    @cached_property
    def by_dn(self) -> dict[str, Account | Group]:
        return {names.key(thing.dn): thing for thing in self._things()}

    @cached_property
    def by_login(self) -> dict[str, Account]:
        return {account.login.casefold(): account for account in self.accounts}

    @cached_property
    def by_group(self) -> dict[str, Group]:
        return {group.name.casefold(): group for group in self.groups}

    @cached_property
    def by_sid(self) -> dict[str, Account | Group]:
        return {thing.sid: thing for thing in self._things()}

    def _things(self) -> Iterator[Account | Group]:
        yield from self.accounts
        yield from self.groups

    @property
    def known_logins(self) -> dict[str, str]:
        """Login by employee key, so that nobody's login moves when a namesake arrives."""
        return {account.employee_key: account.login for account in self.accounts if account.employee_key}

    @property
    def known_mails(self) -> dict[str, str]:
        """Address by employee key, for the same reason."""
        return {
            account.employee_key: account.attributes["mail"]
            for account in self.accounts
            if account.employee_key and "mail" in account.attributes
        }


@dataclass(frozen=True)
class Layout:
    """Where things are below the site's root unit; the kind of an account is told by its place."""

    root: str

    @property
    def people(self) -> str:
        return names.child("OU", "Personnes", self.root)

    @property
    def left(self) -> str:
        return names.child("OU", "Partis", self.root)

    @property
    def technical(self) -> str:
        return names.child("OU", "Comptes techniques", self.root)

    @property
    def administrators(self) -> str:
        return names.child("OU", "Administrateurs", self.root)

    @property
    def groups(self) -> str:
        return names.child("OU", "Groupes", self.root)

    def department(self, name: str) -> str:
        return names.child("OU", name, self.people)

    def units(self) -> list[str]:
        desks, servers = (names.child("OU", name, self.root) for name in ("Postes", "Serveurs"))
        # Workstations of which more is demanded, and those that a dated exception opens to storage.
        machines = [desks, servers, *(names.child("OU", name, desks) for name in ("Sensibles", "Supports"))]
        return [self.root, self.people, self.left, self.technical, self.administrators, self.groups, *machines]

    def kind(self, account: Account) -> str:
        if account.builtin:
            return "builtin"
        places = {
            self.people: "person",
            self.left: "person",
            self.technical: "technical",
            self.administrators: "administrator",
        }
        return next((kind for place, kind in places.items() if names.below(account.dn, place)), "unknown")


@dataclass(frozen=True)
class WantedAccount:
    """An account the site asks for. manager is a login. Attributes that are None must have no value."""

    login: str
    kind: str
    parent: str
    display_name: str
    attributes: Mapping[str, str | None]
    manager: str | None = None
    key: str | None = None
    enabled: bool = True
    left: bool = False
    never_expires: bool = False
    must_change: bool = True
    department: str = ""
    source: str = ""

    def control(self, current: int) -> int:
        """userAccountControl with the bits the site decides, and the others as they are."""
        kept = current & ~(FORBIDDEN | NEVER_EXPIRES | DISABLED)
        return kept | (NEVER_EXPIRES if self.never_expires else 0) | (0 if self.enabled else DISABLED)


@dataclass(frozen=True)
class WantedGroup:
    """A group the site manages; members are logins and names of groups, and no one else."""

    name: str
    kind: int
    members: tuple[str, ...]
    description: str | None = None


@dataclass(frozen=True)
class Wanted:
    """The whole directory as the site asks for it."""

    layout: Layout
    units: Sequence[str]
    accounts: Sequence[WantedAccount]
    groups: Sequence[WantedGroup]
    #: logins by SID of a well-known group
    privileges: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: SIDs of the groups whose membership is compared strictly
    watched: Sequence[str] = ()
    remove_unknown_privileged: bool = False
    disable_unknown: bool = False
    rename_logins: bool = False
    #: characters of a random first password
    first_password_length: int = 16
