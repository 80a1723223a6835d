"""Sign in to the proxy with the password of the dedicated test account, as browsers without Kerberos do.

The account's password is set for the time of the probe and thrown away afterwards; no other account is touched.
"""

from __future__ import annotations

from ansible.module_utils.ad.connection import Credentials, open_directory
from ansible.module_utils.ad.probe_account import random_password
from ansible.module_utils.ad.session_probe import prepared_account
from ansible.module_utils.linux.web_access import judged
from ansible.module_utils.linux.web_client import ask, basic

_LENGTH = 32  # of a password that nobody types


def probe_login(credentials: Credentials, account: str, proxy: tuple[str, int], domain: str) -> dict[str, str]:
    """What the proxy makes of each way to sign in: asked, refused or allowed.

    The closed account is tried first: what the directory said of a person is believed for a while.

    :raises DirectoryError: the test account cannot be prepared.
    :raises WebError: the proxy does not answer.
    """

    def tried(login: str, password: str) -> str:
        return judged(ask(proxy, "GET", f"http://{domain}/", basic(login, password) if login else ""))

    with open_directory(credentials) as directory:
        with prepared_account(directory, account) as (password, disable):
            disable()
            facts = {"closed_account": tried(account, password)}
        with prepared_account(directory, account) as (password, _):
            facts |= {
                "no_login": tried("", ""),
                "no_password": tried(account, ""),
                "wrong_password": tried(account, random_password(_LENGTH)),
                "right_password": tried(account, password),
            }
    return facts
