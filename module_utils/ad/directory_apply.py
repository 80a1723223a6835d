"""Carry out a plan: first passwords are put away first, then one request per step, and the first refusal stops."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from ansible.module_utils.ad import directory_names as names
from ansible.module_utils.ad.connection import Directory, DirectoryError, RefusedPasswordError, encode_password
from ansible.module_utils.ad.directory_actions import (
    Action,
    Attribute,
    Change,
    ChangeMembers,
    CreateAccount,
    CreateGroup,
    CreateUnit,
    Move,
)
from ansible.module_utils.ad.first_passwords import SHORTEST, FirstPassword, generate

#: Keeps first passwords before the accounts that they open exist.
HandOver = Callable[[Sequence[FirstPassword]], None]
_PASSWORD_TRIALS = 5
_LDAP_NAMES = {"account": "userAccountControl"}


class PartialFailureError(DirectoryError):
    """A step failed; the message says which one and how many were done before."""

    def __init__(self, step: Action, done: int, total: int, cause: Exception) -> None:
        super().__init__(
            f"cannot {step}: {cause} ({done} of {total} steps were done and are kept; run again to continue)"
        )
        self.done = done


def apply_plan(directory: Directory, actions: Sequence[Action], hand_over: HandOver) -> None:
    """Do everything in order. Passwords of all new accounts are kept in one call before anything is written."""
    created = [action for action in actions if isinstance(action, CreateAccount)]
    passwords = {action.login: new_password(action) for action in created}
    hand_over(list(passwords.values()))
    for done, action in enumerate(actions):
        try:
            if isinstance(action, CreateAccount):
                _create_account(directory, action, passwords[action.login], hand_over)
            else:
                _apply(directory, action)
        except DirectoryError as error:
            raise PartialFailureError(action, done, len(actions), error) from error


def new_password(action: CreateAccount) -> FirstPassword:
    """A random password for one new account, with what its letter needs."""
    return FirstPassword(
        login=action.login,
        display_name=action.display_name,
        department=action.department,
        password=generate(max(action.password_length, SHORTEST), names=[action.display_name, action.login]),
        created=datetime.now(UTC).replace(microsecond=0).isoformat(),
        mail=action.mail,
    )


def _create_account(directory: Directory, action: CreateAccount, entry: FirstPassword, hand_over: HandOver) -> None:
    """One request makes the account, with its password; a refused password is replaced, and the new one kept first."""
    for trial in range(1, _PASSWORD_TRIALS + 1):
        try:
            directory.add(action.dn, account_attributes(action, entry.password))
        except RefusedPasswordError as error:
            if trial == _PASSWORD_TRIALS:
                raise DirectoryError(
                    f"{error}; {_PASSWORD_TRIALS} random passwords were refused: check the domain's password rules"
                ) from error
            entry = new_password(action)
            hand_over([entry])
        else:
            return


def account_attributes(action: CreateAccount, password: str) -> dict[str, list[bytes]]:
    """What the add request of an account carries."""
    values: dict[str, list[bytes]] = {
        "objectClass": [b"top", b"person", b"organizationalPerson", b"user"],
        "sAMAccountName": [action.login.encode()],
        "userAccountControl": [str(action.control).encode()],
        "unicodePwd": [encode_password(password)],
        **{name: [value.encode()] for name, value in action.attributes.items()},
    }
    if action.must_change:
        values["pwdLastSet"] = [b"0"]
    return values


def _apply(directory: Directory, action: Action) -> None:
    if isinstance(action, CreateUnit):
        directory.add(action.dn, {"objectClass": [b"top", b"organizationalUnit"]})
    elif isinstance(action, CreateGroup):
        described = [action.description.encode()] if action.description else []
        directory.add(
            action.dn,
            {
                "objectClass": [b"top", b"group"],
                "sAMAccountName": [action.name.encode()],
                "groupType": [str(action.kind).encode()],
                "description": described,
            },
        )
    elif isinstance(action, Move):
        directory.move(action.dn, names.parent(action.new_dn), names.rdn(action.new_dn))
    elif isinstance(action, Change):
        directory.modify(action.dn, {_LDAP_NAMES.get(one.name, one.name): _values(one) for one in action.attributes})
    elif isinstance(action, ChangeMembers):
        directory.modify_values(
            action.dn, "member", [dn.encode() for dn in action.add], [dn.encode() for dn in action.remove]
        )


def _values(attribute: Attribute) -> list[bytes]:
    return [attribute.value.encode()] if attribute.value else []
