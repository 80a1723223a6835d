"""What is broken on purpose in the lab, and exactly which controls must turn red for it.

Each entry breaks one thing on one host by a command of that host, by another road than the one that set it. Entries
of one batch do not touch each other: all are broken, one audit must see exactly their controls, one converge heals.
"""

from __future__ import annotations

from dataclasses import dataclass

DC = "domain_controllers"
WORKSTATION = "linux_workstations"


@dataclass(frozen=True)
class Sabotage:
    """One thing broken: the group whose first host is broken, the command, the controls that turn red."""

    name: str
    group: str
    command: str
    red: frozenset[str]
    batch: int = 1


def breaks(name: str, group: str, command: str, *red: str, batch: int = 1) -> Sabotage:
    """An entry; the controls default to the name."""
    return Sabotage(name, group, command, frozenset(red or (name,)), batch)


def ldif(dn: str, attribute: str, value: str, operation: str = "replace") -> str:
    """A shell command that changes an object in the controller's own database; {base} is the domain's name."""
    return (f"printf 'dn: {dn}\\nchangetype: modify\\n{operation}: {attribute}\\n{attribute}: {value}\\n' "
            "| ldbmodify -H /var/lib/samba/private/sam.ldb --relax")


def of_account(login: str, attribute: str, value: str) -> str:
    """A shell command that changes an account found by its login."""
    return (f"dn=$(ldbsearch -H /var/lib/samba/private/sam.ldb --cross-ncs sAMAccountName={login} dn | sed -n 's/^dn: //p'); "
            f"printf 'dn: %s\\nchangetype: modify\\nreplace: {attribute}\\n{attribute}: {value}\\n' \"$dn\" "
            "| ldbmodify -H /var/lib/samba/private/sam.ldb --relax")


SETTINGS = "samba-tool domain passwordsettings set --quiet"
