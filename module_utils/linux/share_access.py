"""Try, from a workstation, every kind of person on every share, with tickets that the file server asked for.

What could not be tried stands in "untried" with its reason and is no answer; nobody's password is known or touched.
Needs root, smbclient and Python 3.11.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from ansible.module_utils.linux import smb_negotiation
from ansible.module_utils.linux.share_folders_trial import personal, recycle
from ansible.module_utils.linux.share_trial import LAID, WRITTEN, find, judged, lay, visit
from ansible.module_utils.linux.smbclient_output import ANONYMOUS_DENIALS, OK, NoAnswerError, denial
from ansible.module_utils.linux.smbclient_session import STRANGERS, Client, client_of

#: Sessions at a time; more would only wait for the server.
_AT_ONCE = 6
#: A client that knows no cipher: told only not to encrypt, smbclient would do so all the same when a share wants it.
_UNENCRYPTED = ("--option=client smb3 encryption algorithms=none",)

Key = TypeVar("Key")
Value = TypeVar("Value")


def try_access(
    plan: Mapping[str, Any],
    tickets: Mapping[str, str],
    refused: Mapping[str, str],
    *,
    host: str,
    planter: str,
    bin_folder: str,
) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """The facts of the trial, and what it must have left in the audit log: who did what to which file.

    :raises NoAnswerError: the administrator has no ticket, so that no file can be laid out.
    :raises NegotiationError: the file server does not answer at all.
    """
    started = time.monotonic()
    with client_of(host, planter, tickets, refused, {"laid": LAID, "written": WRITTEN}) as client:
        trial = _Trial(client, plan, planter, bin_folder)
        facts = {
            **trial.matrix(),
            "kinds": trial.kinds_facts(),
            "shares": plan["shares"],
            "managers": [{**one, "ticket": client.ticket_of(one["person"])} for one in plan["managers"]],
            "closed": [{"person": one, "status": client.ticket_of(one)} for one in plan["closed"]],
            "personal": trial.folders(),
            "anonymous": trial.strangers(),
            "protocols": _protocols(host),
            "unencrypted": trial.unencrypted(),
            "recycle": trial.bins(),
            "table_digest": plan["table_digest"],
        }
        facts["unsigned"] = {"accepted": any(one.pop("unsigned") for one in facts["protocols"].values())}
        facts["untried"] = trial.untried
    facts["duration_seconds"] = round(time.monotonic() - started, 1)
    return facts, _traces(client, plan, facts["attempts"], facts["recycle"])


class _Trial:
    """One run over the plan; what has no answer is noted and left out."""

    def __init__(self, client: Client, plan: Mapping[str, Any], planter: str, bin_folder: str) -> None:
        self.client, self.plan, self.planter, self.bin_folder = client, plan, planter, bin_folder
        self.kinds = [{**kind, "number": str(number)} for number, kind in enumerate(plan["kinds"])]
        self.untried: list[dict[str, str]] = []

    def matrix(self) -> dict[str, Any]:
        """Every kind on every share."""
        client, shares = self.client, [share["name"] for share in self.plan["shares"]]
        numbers = [kind["number"] for kind in self.kinds if kind["person"] not in client.refused]
        laid = self._each(
            shares, lambda share: lay(client, self.planter, share, numbers), lambda share: {"share": share}
        )
        shown = self._each(range(len(self.kinds)), lambda place: self._shown(self.kinds[place]), self._of_kind)
        pairs = [(place, share) for place in shown for share in laid]
        visits = self._each(
            pairs,
            lambda pair: visit(client, self.kinds[pair[0]], pair[1], pair[1] in shown[pair[0]]),
            lambda pair: {**self._of_kind(pair[0]), "share": pair[1]},
        )
        left = self._each(
            laid, lambda share: None if laid[share].absent else find(client, self.planter, laid[share]), _of_share
        )
        tried = self._each(
            [pair for pair in visits if pair[1] in left],
            lambda pair: judged(client, visits[pair], laid[pair[1]]),
            lambda pair: {**self._of_kind(pair[0]), "share": pair[1]},
        )
        found = [attempt for attempts in tried.values() for attempt in attempts]
        return {
            "attempts": [one for one in found if one["action"] != "delete_own"],
            "own_files": [one for one in found if one["action"] == "delete_own"],
        }

    def _of_kind(self, place: int) -> dict[str, str]:
        return {"kind": self.kinds[place]["id"]}

    def _shown(self, kind: Mapping[str, Any]) -> frozenset[str]:
        """The shares that somebody is shown."""
        if kind["person"] in self.client.refused:
            return frozenset()
        output = self.client.listed(kind["person"])
        if output.connection:
            denial(output.connection, output.said())
        return output.shares

    def kinds_facts(self) -> list[dict[str, Any]]:
        kept = ("id", "title", "status", "person", "people", "groups")
        return [
            {**{name: kind[name] for name in kept}, "ticket": self.client.ticket_of(kind["person"])}
            for kind in self.kinds
        ]

    def folders(self) -> list[dict[str, Any]]:
        """People's own folders."""
        share = self.plan["personal"]
        if not share:
            return []
        tried = self._each(
            [share], lambda name: personal(self.client, name, self.planter, self.kinds), lambda name: {"share": name}
        )
        return tried.get(share, [])

    def strangers(self) -> list[dict[str, Any]]:
        """Nobody, on every share and on the list of shares."""
        pairs = [(share, stranger) for share in [*self._names(), "IPC$"] for stranger in STRANGERS]
        tried = self._each(pairs, lambda pair: self._strange(*pair), lambda pair: {"share": pair[0], "as": pair[1]})
        return list(tried.values())

    def _strange(self, share: str, stranger: str) -> dict[str, Any]:
        output = self.client.strange(stranger, share)
        granted = output.first is None if share == "IPC$" else output.connection is None
        status = OK if granted else denial(output.connection or output.first, output.said(), ANONYMOUS_DENIALS)
        return {"share": share, "as": stranger, "granted": granted, "status": status}

    def unencrypted(self) -> dict[str, bool]:
        """Sensitive shares that take a session in clear."""
        names = [share["name"] for share in self.plan["shares"] if share["sensitive"]]
        return self._each(names, self._takes_clear, lambda name: {"share": name})

    def _takes_clear(self, share: str) -> bool:
        output = self.client.run(self.planter, share, ["ls"], *_UNENCRYPTED)
        return output.connection is None or not denial(output.connection, output.said())

    def bins(self) -> list[dict[str, Any]]:
        """What becomes of a deleted file."""
        tried = self._each(
            range(len(self.plan["shares"])),
            lambda place: recycle(self.client, self.plan["shares"][place], self.bin_folder, self.kinds),
            lambda place: {"share": self.plan["shares"][place]["name"]},
        )
        return [one for one in tried.values() if one is not None]

    def _names(self) -> list[str]:
        return [share["name"] for share in self.plan["shares"]]

    def _each(
        self, keys: Iterable[Key], do: Callable[[Key], Value], describe: Callable[[Key], Mapping[str, str]]
    ) -> dict[Key, Value]:
        """What each key gives, several at a time; a key without an answer is noted and left out."""
        waiting = list(keys)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            futures = [(key, pool.submit(do, key)) for key in waiting]
        found = {}
        for key, future in futures:
            try:
                found[key] = future.result()
            except NoAnswerError as error:
                self.untried.append({**describe(key), "reason": str(error)})
        return found


def _of_share(share: str) -> dict[str, str]:
    return {"share": share}


def _protocols(host: str) -> dict[str, dict[str, Any]]:
    """Each dialect offered alone: whether it is taken, and whether unsigned messages would be."""
    found = {}
    for dialect in (smb_negotiation.OLD, *smb_negotiation.DIALECTS):
        answer = smb_negotiation.offer(host, dialect)
        found[dialect.lower()] = {
            "accepted": answer.accepted,
            "detail": answer.detail,
            "unsigned": answer.accepted and not answer.signing_required,
        }
    return found


def _traces(
    client: Client, plan: Mapping[str, Any], attempts: Sequence[Mapping[str, Any]], bins: Sequence[Mapping[str, Any]]
) -> list[dict[str, str]]:
    """What was really done and must be found in the audit log."""
    sensitive = {share["name"] for share in plan["shares"] if share["sensitive"]}
    numbers = {kind["id"]: str(number) for number, kind in enumerate(plan["kinds"])}
    return [*_attempt_traces(client, attempts, sensitive, numbers), *_bin_traces(client, bins)]


def _attempt_traces(
    client: Client, attempts: Sequence[Mapping[str, Any]], sensitive: set[str], numbers: Mapping[str, str]
) -> Iterator[dict[str, str]]:
    for one in attempts:
        where = {"person": one["person"], "share": one["share"]}
        if one["granted"] and one["action"] == "delete":
            yield {**where, "what": "deletion", "file": client.name(f"delete-{numbers[one['kind']]}")}
        if one["granted"] and one["action"] == "read" and one["share"] in sensitive:
            yield {**where, "what": "read", "file": client.name("read")}


def _bin_traces(client: Client, bins: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, str]]:
    for one in bins:
        yield {"person": one["person"], "share": one["share"], "what": "deletion", "file": client.name("recycle")}
