"""Read back which Group Policy a workstation and its people get, as a client does: with the host's own account.

Runs on the workstation, where Samba's Python bindings are. Writes nothing, not even a cache. What cannot be read is an
error.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from ansible.module_utils.linux.account_phase import AccountPhaseError, ask
from ansible.module_utils.linux.policy_chain import Link, Policy, in_order, why_not
from ansible.module_utils.linux.policy_contents import PolicyContentsError, Resultant
from ansible.module_utils.linux.samba_client import Account, ResultantPolicyError, SambaClient

#: Client-side extensions ([MS-GPREG] 1.9, [MS-GPSB] 1.9, [MS-GPPREF] 1.9).
REGISTRY = "{35378EAC-683F-11D2-A89A-00C04FBBCFA2}"
SECURITY = "{827D319E-6EAC-11D2-A4EA-00C04F79F83A}"
DRIVES = "{5794DAFD-BE60-433F-88A2-1A31939AC01F}"
_DOMAIN_ADMINS = "-512"

__all__ = ["ResultantPolicyError", "read"]


def read(users: Iterable[str], accounts: Iterable[str], services: Iterable[str]) -> dict[str, Any]:
    """The policies and settings of this computer and of these users, and who may log on.

    :raises ResultantPolicyError: anything of it cannot be read.
    """
    with _explained():
        client = SambaClient()
        reader = Reader(client)
        services = list(services)
        return {
            "reader": client.reader,
            "computer": reader.resultant(client.account(client.machine), "computer"),
            "users": {login: reader.resultant(client.account(login), "user") for login in users},
            "logon_rights": [row for login in accounts for row in logon_rights(client.account(login), services)],
        }


def logon_rights(account: Account, services: Iterable[str]) -> list[dict[str, Any]]:
    """Whether the account may log on, tried by the account phase of each service."""
    rows = []
    for service in services:
        answer = ask(service, account.login)
        rows.append(
            {
                "login": account.login,
                "sid": account.sid,
                "administrator": any(sid.endswith(_DOMAIN_ADMINS) for sid in account.sids),
                "enabled": account.enabled,
                "service": service,
                "allowed": answer.allowed,
                "detail": answer.detail,
            }
        )
    return rows


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """Whatever a library says becomes one error of ours."""
    try:
        yield
    except ImportError as error:
        raise ResultantPolicyError(
            f"Samba's Python bindings are not all there ({error}); install python3-samba and samba-dsdb-modules"
        ) from error
    except (AccountPhaseError, PolicyContentsError) as error:
        raise ResultantPolicyError(str(error)) from error
    except (OSError, RuntimeError, ValueError, KeyError) as error:
        raise ResultantPolicyError(
            f"the policy cannot be read with the host's own account: {type(error).__name__}: {error}; check the host's "
            "membership (net ads testjoin) and that a controller answers"
        ) from error
    except Exception as error:
        # ldb.LdbError derives from Exception alone, and its module is only known where Samba is.
        if type(error).__name__ != "LdbError":
            raise
        raise ResultantPolicyError(f"the directory refused: {error}; check the host's membership") from error


class Reader:
    """Puts together what a client finds in the directory and in SYSVOL."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._policy = cache(client.policy)
        self._file = cache(client.file)

    def resultant(self, account: Account, side: str) -> dict[str, Any]:
        """The policies that apply to an account, in order, and what remains set after them."""
        links, left_out = in_order(self._client.scopes(account.dn))
        skipped = [self._told(link, why) for link, why in left_out]
        applied: list[Policy] = []
        for link in links:
            policy = self._policy(link.policy)
            if policy is None:
                skipped.append(self._told(link, "it does not exist, or the host may not read it"))
            elif why := why_not(policy, side, account.sids):
                skipped.append(self._told(link, why))
            else:
                # Linked twice, it is applied where it comes last.
                applied = [each for each in applied if each.guid != policy.guid] + [policy]
        resultant = Resultant()
        for policy in applied:
            self._apply(resultant, policy, side, account)
        return {
            "dn": account.dn,
            "policies": [{"name": policy.name, "guid": policy.guid} for policy in applied],
            "settings": resultant.settings,
            "skipped": skipped,
        }

    def _told(self, link: Link, why: str) -> dict[str, str]:
        policy = self._policy(link.policy)
        return {"policy": policy.name if policy else link.policy, "target": link.target, "why": why}

    def _apply(self, resultant: Resultant, policy: Policy, side: str, account: Account) -> None:
        """What the extensions that the policy announces find in its files."""
        if self._file(f"{policy.path}\\GPT.INI") is None:
            raise ResultantPolicyError(f"the files of the policy {policy.name} are missing from SYSVOL: {policy.path}")
        half = f"{policy.path}\\{'Machine' if side == 'computer' else 'User'}"
        for extension, path, apply in (
            (
                REGISTRY,
                "Registry.pol",
                lambda content: resultant.apply_registry(side, self._client.registry_rows(content)),
            ),
            (
                SECURITY,
                r"Microsoft\Windows NT\SecEdit\GptTmpl.inf",
                lambda content: resultant.apply_template(side, content),
            ),
            (
                DRIVES,
                r"Preferences\Drives\Drives.xml",
                lambda content: resultant.apply_drives(side, content, account.sids),
            ),
        ):
            if policy.announces(side, extension) and (content := self._file(f"{half}\\{path}")) is not None:
                apply(content)
