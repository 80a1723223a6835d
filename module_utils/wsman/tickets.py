"""A Kerberos ticket for the audit account, kept in a private file for as long as the audit lasts."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import krb5

_CACHE = "KRB5CCNAME"


@contextlib.contextmanager
def ticket_of(user: str, password: str | None) -> Iterator[None]:
    """Ask for a ticket with the password, or go by the one that the environment has where there is no password.

    :raises ValueError: the domain gives none; the message names the account.
    """
    if password is None:
        yield
        return
    before = os.environ.get(_CACHE)
    with tempfile.TemporaryDirectory(prefix="garant-") as folder:  # readable by its owner only
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
        os.environ[_CACHE] = f"FILE:{Path(folder, 'tickets')}"
        try:
            yield
        finally:
            os.environ.pop(_CACHE)
            if before is not None:
                os.environ[_CACHE] = before
