"""Try the rules about passwords and logons for real, with an account that exists for nothing else.

Each step tells what the domain controller did. A step that could not be tried leaves no fact, only the reason why:
nobody may take it for a refusal. Whatever happens, the account ends unlocked, enabled, with a password nobody knows.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

import ldap
from ansible.module_utils.ad import anonymous_access
from ansible.module_utils.ad.connection import (
    Credentials,
    Directory,
    DirectoryError,
    encode_password,
    number,
    open_directory,
    text,
)
from ansible.module_utils.ad.kerberos_password import (
    MUST_CHANGE,
    Answer,
    KerberosClient,
    UntriedError,
    kerberos_client,
)
from ansible.module_utils.ad.probe_account import ProbeAccount, find_account, recording

#: Numbers of a refused logon to the directory ([MS-ERREF] 2.2): the password must be changed; the account is locked.
TO_BE_CHANGED, LOCKED = "773", "775"
#: Kinds of samples that may be refused for their length: there the refusal itself is what matters.
LENGTH_TELLS = ("too_short", "published_example")
#: More earlier passwords than this are not remembered by any directory.
LONGEST_HISTORY = 24
HOUR, DAY = 3600, 86400  # seconds


class LogonProbe:
    """One run, with the administrator's session and the test account."""

    def __init__(self, credentials: Credentials, directory: Directory, kerberos: KerberosClient, login: str) -> None:
        self.credentials, self.directory, self.kerberos, self.login = credentials, directory, kerberos, login
        self.server, self.ca_file, self.seconds = credentials.server, credentials.ca_file, credentials.timeout_seconds
        self.principal = f"{login}@{kerberos.realm}"
        self.account: ProbeAccount = find_account(directory, login)
        self.facts: dict[str, Any] = {"account": login}
        self.failures: dict[str, str] = {}

    # What the administrator does.

    def reset(self, must_change: bool = False) -> str:
        """Give the account a new random password, unlocked and enabled."""
        password = self.account.random_password()
        self.write(password, self.account.trial_control, {"pwdLastSet": [b"0"]} if must_change else {})
        return password

    def write(self, password: str, control: int, more: Mapping[str, Sequence[bytes]]) -> None:
        """Set the password, unlock and enable, in one request."""
        flags = {"userAccountControl": [str(control).encode()], "lockoutTime": [b"0"]}
        self.directory.modify(self.account.dn, {"unicodePwd": [encode_password(password)], **flags, **more})

    def demand_change(self) -> None:
        """Make the next logon ask for a new password; it also lifts the least age."""
        self.directory.modify(self.account.dn, {"pwdLastSet": [b"0"]})

    def unlock(self) -> None:
        """What the help desk does."""
        self.directory.modify(self.account.dn, {"lockoutTime": [b"0"]})

    def is_locked(self) -> bool:
        """What the directory says of the account."""
        return bool(number(self.directory.read(self.account.dn, ["lockoutTime"]), "lockoutTime"))

    # What the user does.

    def bind_refusal(self, password: str) -> str | None:
        """Log on to the directory."""
        return anonymous_access.bind_refusal(self.server, self.principal, password, self.ca_file, self.seconds)

    # The steps.

    def attempt(self, *keys: str) -> contextlib.AbstractContextManager[None]:
        """Run a step; what could not be tried is told as such, for each key it would have given."""
        return recording(self.facts, self.failures, keys)

    def try_without_account(self, base: str) -> None:
        """Nobody lists the directory or the shares."""
        with self.attempt("anonymous_search_refused", "anonymous_search_entries"):
            found = anonymous_access.anonymous_entries(self.server, base, self.ca_file, self.seconds)
            self.facts.update(anonymous_search_refused=found == 0, anonymous_search_entries=found)
        with self.attempt("anonymous_smb_refused"):
            self.facts["anonymous_smb_refused"] = anonymous_access.anonymous_smb_refused(self.server, self.seconds)

    def try_first_logon(self) -> None:
        """A password handed over opens nothing but the change of that password."""
        with self.attempt("first_logon_change_demanded"):
            password = self.account.random_password()
            # With the flags it has on this site: one of them may be what lets a first password stay.
            self.write(password, self.account.resting_control, {"pwdLastSet": [b"0"]})
            answer = self.kerberos.log_on(self.login, password)
            refusal = self.bind_refusal(password)
            if answer.accepted or refusal is None:
                self.facts["first_logon_change_demanded"] = False
            elif answer.code == MUST_CHANGE and refusal == TO_BE_CHANGED:
                self.facts["first_logon_change_demanded"] = True
            else:
                raise UntriedError(f"the account is refused for another reason: {answer.reason}, {refusal}")

    def try_samples(self, samples: Sequence[Mapping[str, str]]) -> None:
        """The user asks for passwords the rules forbid."""
        results: list[dict[str, Any]] = []
        with self.attempt("samples"):
            ticket = self.ticket()
            self.facts["samples"] = results
            for sample in samples:
                with self.attempt(f"samples.{sample['label']}"):
                    answer = self.kerberos.change(ticket, self.filled_in(sample["password"]))
                    if answer.accepted:
                        ticket = self.ticket()
                    told = {"kind": sample["kind"], "label": sample["label"]}
                    results.append({**told, **self.judged(sample["kind"], answer)})
        if any(result["accepted"] for result in results):
            self.forget_history()

    def try_compliant(self, length: int) -> None:
        """The user asks for a password the rules allow."""
        with self.attempt("compliant_accepted", "compliant_reason"):
            answer = self.kerberos.change(self.ticket(), self.account.random_password(length))
            self.facts.update(compliant_accepted=answer.accepted, compliant_reason=answer.reason)

    def try_old_password(self) -> None:
        """A password that was changed opens nothing any more, and cannot be taken again."""
        with self.attempt("old_password_still_works", "old_password_accepted_by", "previous_password_accepted"):
            old, new = self.reset(must_change=True), self.account.random_password()
            answer = self.kerberos.change(self.kerberos.ticket_to_change(self.login, old), new)
            if not answer.accepted:
                raise UntriedError(f"the password could not be changed: {answer.reason}")
            if self.bind_refusal(new) is not None:
                raise UntriedError("the new password does not open a session either")
            doors = {
                "kerberos": self.kerberos.log_on(self.login, old).accepted,
                "directory": self.bind_refusal(old) is None,
            }
            self.facts["old_password_still_works"] = any(doors.values())
            self.facts["old_password_accepted_by"] = [door for door, opens in doors.items() if opens]
            self.demand_change()
            again = self.kerberos.change(self.kerberos.ticket_to_change(self.login, new), old)
            self.facts["previous_password_accepted"] = again.accepted

    def try_tickets(self) -> None:
        """How long tickets last, and how far a clock may be off: as the controller does it, whatever is written."""
        with self.attempt("tickets"):
            password, host = self.reset(), text(self.directory.root, "dnsHostName")
            first = self.kerberos.lifetime(self.login, password)
            service = self.kerberos.lifetime(self.login, password, f"ldap/{host}")
            self.facts["tickets"] = {
                "ticket_hours": first.lasts / HOUR,
                "renewal_days": first.renewable / DAY,
                "service_ticket_hours": service.lasts / HOUR,
                "clock_skew_minutes": self.kerberos.clock_skew_minutes(self.login, password),
            }

    def try_lockout(self, max_attempts: int) -> None:
        """Wrong passwords lock the account, for the right one too, until an administrator unlocks it."""
        with self.attempt("locked_after_attempts", "right_password_refused_while_locked", "unlocked_by_administrator"):
            password = self.reset()
            if (refusal := self.bind_refusal(password)) is not None:
                raise UntriedError(f"the right password is refused before any wrong one: {refusal}")
            self.facts["locked_after_attempts"] = self.attempts_until_locked(max_attempts)
            if self.facts["locked_after_attempts"] is None:
                raise UntriedError(f"the account was not locked by {max_attempts} wrong passwords")
            refused = self.bind_refusal(password) == LOCKED and not self.kerberos.log_on(self.login, password).accepted
            self.facts["right_password_refused_while_locked"] = refused
            self.unlock()
            self.facts["unlocked_by_administrator"] = self.bind_refusal(password) is None

    def try_empty_password(self) -> None:
        """No password does not open, and cannot be given. A Kerberos client does not even send it."""
        with self.attempt("empty_password_refused"):
            self.reset()
            opens = anonymous_access.empty_password_binds(self.server, self.principal, self.ca_file, self.seconds)
            opens = opens or not anonymous_access.shares_refused(self.server, f"{self.login}%", self.seconds)
            self.facts["empty_password_refused"] = not opens and self.refuses_to_be_without_password()

    def try_cleartext(self) -> None:
        """The right password is refused when it travels in clear; it is thrown away afterwards."""
        with self.attempt("cleartext_bind_refused"):
            refused = anonymous_access.cleartext_bind_refused(self.server, self.principal, self.reset(), self.seconds)
            self.facts["cleartext_bind_refused"] = refused

    # What the steps share.

    def ticket(self) -> Any:
        """Start again from a first password, and hold what its change needs."""
        return self.kerberos.ticket_to_change(self.login, self.reset(must_change=True))

    def filled_in(self, sample: str) -> str:
        """The sample with the account's own names."""
        for placeholder, name in self.account.names.items():
            if f"{{{placeholder}}}" in sample:
                if not name:
                    raise UntriedError(f"the account {self.login} has no {placeholder}; give it one")
                sample = sample.replace(f"{{{placeholder}}}", name)
        return sample

    def judged(self, kind: str, answer: Answer) -> dict[str, Any]:
        """What is told of a sample; a refusal for another reason tells nothing of that rule."""
        reason = "" if answer.accepted else (answer.reason or "").lower()
        if "history" in reason:
            raise UntriedError("refused because it was used before, not because of the rule; run the probe again")
        if "too short" in reason and kind not in LENGTH_TELLS:
            raise UntriedError("refused because it is too short, not because of the rule; make the sample longer")
        return {"accepted": answer.accepted, "reason": answer.reason}

    def attempts_until_locked(self, most: int) -> int | None:
        """How many wrong passwords it takes; None when so many do not."""
        for attempt in range(1, most + 1):
            if self.bind_refusal(self.account.random_password()) is None:
                raise UntriedError("a wrong password is accepted")
            if self.is_locked():
                return attempt
        return None

    def forget_history(self) -> None:
        """Push accepted samples out of the history, or the next run would be refused them for that reason only."""
        with self.attempt("history"):
            for _ in range(LONGEST_HISTORY + 1):
                self.reset()

    def refuses_to_be_without_password(self) -> bool:
        """Whether an administrator cannot leave the account without a password."""
        try:
            self.directory.modify(self.account.dn, {"unicodePwd": [encode_password("")]})
        except DirectoryError as error:
            if isinstance(error.__cause__, (ldap.CONSTRAINT_VIOLATION, ldap.UNWILLING_TO_PERFORM)):
                return True
            raise
        return False


def run_probe(credentials: Credentials, login: str, realm: str, samples: Sequence[Mapping[str, str]],
              *, compliant_length: int, max_attempts: int) -> dict[str, Any]:  # fmt: skip
    """Try everything, and leave the account safe whatever happens.

    :raises DirectoryError: no session as administrator.
    :raises ProbeAccountError: the account named may not be tried.
    """
    with open_directory(credentials) as directory, kerberos_client(credentials.server, realm) as kerberos:
        probe = LogonProbe(credentials, directory, kerberos, login)
        try:
            probe.try_without_account(directory.base)
            probe.try_first_logon()
            probe.try_samples(samples)
            probe.try_compliant(compliant_length)
            probe.try_old_password()
            probe.try_tickets()
            probe.try_lockout(max_attempts)
            probe.try_empty_password()
            probe.try_cleartext()
        finally:
            leave_safe(probe)
    return {**probe.facts, "failures": probe.failures}


def leave_safe(probe: LogonProbe) -> None:
    """Unlocked, enabled, a password nobody knows; over a new session when the first one is gone."""
    try:
        probe.write(probe.account.random_password(), probe.account.resting_control, {})
    except DirectoryError:
        with open_directory(probe.credentials) as directory:
            probe.directory = directory
            probe.write(probe.account.random_password(), probe.account.resting_control, {})
