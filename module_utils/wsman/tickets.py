"""A Kerberos ticket for the audit account, kept in a private file for as long as the audit lasts.

With the domain's controllers given, this computer's own settings of Kerberos are not looked at: whoever audits many
clients has none of each.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import krb5

_CACHE, _SETTINGS = "KRB5CCNAME", "KRB5_CONFIG"


def settings(realm: str, controllers: Sequence[str]) -> str:
    """A krb5.conf for one domain; names are taken as they are, whatever a resolver would make of them."""
    domain = realm.lower()
    lines = [
        "[libdefaults]",
        f"default_realm = {realm}",
        "dns_lookup_kdc = false",
        "dns_lookup_realm = false",
        "dns_canonicalize_hostname = false",
        "rdns = false",
        "[realms]",
        f"{realm} = {{",
        *(f"  kdc = {controller}" for controller in controllers),
        "}",
        "[domain_realm]",
        f".{domain} = {realm}",
        f"{domain} = {realm}",
    ]
    return "\n".join(lines) + "\n"


@contextlib.contextmanager
def _environment(**wanted: str) -> Iterator[None]:
    """Set variables of the process, and put back what they were."""
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name)
            else:
                os.environ[name] = value


@contextlib.contextmanager
def ticket_of(user: str, password: str | None, controllers: Sequence[str] = ()) -> Iterator[None]:
    """Ask for a ticket with the password, or go by the one that the environment has where there is no password.

    :param controllers: addresses of the domain's controllers; without, this computer's settings of Kerberos count.
    :raises ValueError: the domain gives none; the message names the account.
    """
    if password is None:
        yield
        return
    realm = user.rpartition("@")[2]
    if controllers and (not realm or realm == user):
        raise ValueError(f"user: {user} names no domain; write it as login@REALM")
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="garant-"))  # readable by its owner only
        if controllers:
            file = Path(folder, "krb5.conf")
            file.write_text(settings(realm, controllers), "ascii")
            stack.enter_context(_environment(**{_SETTINGS: str(file)}))
        try:
            context = krb5.init_context()
            principal = krb5.parse_name_flags(context, user.encode())
            options = krb5.get_init_creds_opt_alloc(context)
            ticket = krb5.get_init_creds_password(context, principal, options, password=password.encode())
            cache = krb5.cc_resolve(context, f"FILE:{Path(folder, 'tickets')}".encode())
            krb5.cc_initialize(context, cache, principal)
            krb5.cc_store_cred(context, cache, ticket)
        except krb5.Krb5Error as error:
            raise ValueError(
                f"user: the domain gives {user} no ticket ({error}); write it as login@REALM and check its password"
            ) from error
        stack.enter_context(_environment(**{_CACHE: f"FILE:{Path(folder, 'tickets')}"}))
        yield
