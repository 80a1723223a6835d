"""Takes the steps of leaver_plan on the file server, each so that a cut-off run is taken up where it ended.

The order is what makes it safe: an archive is proven and written down before the folder goes; a copy is written down when it
is whole; a case is forgotten when its archives are gone and the journal has it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ansible.module_utils.ad.leaver_names import copy_name
from ansible.module_utils.linux import leaver_archive as archives
from ansible.module_utils.linux.leaver_archive import LeaverError
from ansible.module_utils.linux.leaver_case import Case, Journal, Part, all_cases, forget
from ansible.module_utils.linux.leaver_plan import Seen, Steps, Terms, plan

#: What the manager reads first.
NOTE = """Copie des documents de travail laissés par {login}, remise à {manager}.

Elle se lit et ne se modifie pas. Reprenez dans le dossier de votre service ce dont il a besoin : elle disparaît le {until}.
Ce que {login} avait nommé « personnel » ou « privé » n'y est pas et ne vous est pas destiné (nombre de fichiers : {left_out}).
"""
NOTE_FILE = "A LIRE.txt"
#: What one person's folder or archive can refuse, without a word about anybody else's.
_REFUSES = (LeaverError, OSError, EOFError, ValueError, tarfile.TarError, subprocess.SubprocessError)
#: A step as the journal tells it, once it is taken.
_TAKEN = {
    "archive": "cleared",
    "clear": "cleared",
    "hand_over": "handed_over",
    "withdraw": "withdrawn",
    "give_back": "given_back",
    "destroy": "destroyed",
}


@dataclass
class Settings:
    """Where things are, and what is marked as private."""

    share: str
    root: str
    terms: Terms
    markers: tuple[str, ...]
    group: int
    today: date
    #: Days after which a folder that cannot be archived is no longer a matter of patience.
    delay_days: int = 0
    owners_allowed: frozenset[str] = frozenset()


@dataclass
class Outcome:
    """What was done, or would be, and what was refused."""

    done: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)


class Work:
    """One run."""

    def __init__(self, settings: Settings, journal: Journal) -> None:
        self.at, self.journal = settings, journal

    def plans(self, people: Mapping[str, Mapping[str, Any]], open_accounts: list[str]) -> list[Steps]:
        """What is to be done, in the order of logins."""
        cases = all_cases(self.at.root)
        found = []
        for login in sorted({*people, *cases}):
            seen = Seen(os.path.isdir(self.folder(login)), os.path.isdir(self.copy(login)))
            steps = plan(
                login,
                people.get(login),
                cases.get(login),
                seen,
                terms=self.at.terms,
                today=self.at.today,
                open_accounts=open_accounts,
            )
            if steps.steps or steps.refused:
                found.append(steps)
        return found

    def run(self, people: Mapping[str, Mapping[str, Any]], open_accounts: list[str], write: bool) -> Outcome:
        """Take every step, or with write unset only say which; what one person's folder refuses stops nobody else's."""
        outcome = Outcome()
        with self.alone(write):
            for steps in self.plans(people, open_accounts):
                try:
                    if steps.refused:
                        raise LeaverError(steps.refused)
                    outcome.done += self._person(steps, people.get(steps.login), write)
                except _REFUSES as error:
                    late = self._is_late(people.get(steps.login))
                    outcome.refused.append({"login": steps.login, "why": str(error), "late": late})
        return outcome

    def _is_late(self, person: Mapping[str, Any] | None) -> bool:
        left_on = person["left_on"] if person else None
        return not left_on or (self.at.today - date.fromisoformat(left_on)).days > self.at.delay_days

    @contextlib.contextmanager
    def alone(self, write: bool) -> Iterator[None]:
        """One run at a time; the archive folder is root's alone."""
        if not write:
            yield
            return
        os.makedirs(self.at.root, 0o700, exist_ok=True)
        os.chmod(self.at.root, 0o700)
        descriptor = os.open(self.at.root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise LeaverError(f"{self.at.root}: another run is at work; wait for its end") from error
        finally:
            os.close(descriptor)

    def folder(self, login: str) -> str:
        """The own folder in the share."""
        return os.path.join(self.at.share, login)

    def copy(self, login: str) -> str:
        """What is handed over, beside the own folders."""
        return os.path.join(self.at.share, copy_name(login))

    def _person(self, steps: Steps, person: Mapping[str, Any] | None, write: bool) -> list[dict[str, Any]]:
        takes: dict[str, Callable[[str, Mapping[str, Any]], dict[str, Any]]] = {
            "archive": self._archive,
            "clear": self._clear,
            "hand_over": self._hand_over,
            "withdraw": self._withdraw,
            "give_back": self._give_back,
            "destroy": self._destroy,
        }
        done = []
        if "archive" in steps.steps:
            self._refuse_strangers(steps.login)
        for step in steps.steps:
            facts = takes[step](steps.login, person or {}) if write else {}
            if write:
                self.journal.add(_TAKEN[step], steps.login, **facts)
            done.append({"login": steps.login, "step": step, **facts})
        return done

    def _case_folder(self, login: str) -> str:
        return os.path.join(self.at.root, login)

    def _case(self, login: str) -> Case:
        case = Case.read(self._case_folder(login))
        if case is None:
            raise LeaverError(f"{self._case_folder(login)}: the case is gone; restore it from the backup")
        return case

    def _refuse_strangers(self, login: str) -> None:
        """Files of somebody else do not go with the folder of this person."""
        for uid, path in archives.owners(self.folder(login)).items():
            owner = _owner(uid)
            if uid not in (0, self.at.group) and owner not in self.at.owners_allowed and owner != login.casefold():
                raise LeaverError(
                    f"{self.folder(login)}: {path} belongs to {owner}; give it back to them, or make it {login}'s"
                )

    def _archive(self, login: str, person: Mapping[str, Any]) -> dict[str, Any]:
        folder = self._case_folder(login)
        os.makedirs(folder, 0o700, exist_ok=True)
        today = self.at.today.isoformat()
        case = Case.read(folder) or Case(login, person["key"], person["left_on"], today)
        number = len(case.parts) + 1
        packed = archives.pack(self.folder(login), os.path.join(folder, f"{number}.tar"))
        case.parts.append(Part(number, archived_on=today, **packed))
        case.write(folder)
        self.journal.add("archived", login, part=number, **packed)
        return {**self._clear(login, person), **packed}

    def _clear(self, login: str, _: Mapping[str, Any]) -> dict[str, Any]:
        folder, case = self._case_folder(login), self._case(login)
        part = case.parts[-1]
        archive = case.archive(folder, part)
        archives.check(archive, part.sha256)
        if os.path.isdir(self.folder(login)):
            archives.clear(self.folder(login), archive)
        part.cleared = True
        case.write(folder)
        return {"sha256": part.sha256}

    def _hand_over(self, login: str, person: Mapping[str, Any]) -> dict[str, Any]:
        folder, case = self._case_folder(login), self._case(login)
        first = case.handed_parts if case.handed_on and os.path.isdir(self.copy(login)) else 0
        copied = left_out = 0
        for part in case.parts[first:]:
            target = self.copy(login) if part.number == 1 else os.path.join(self.copy(login), f"suite-{part.number}")
            if os.path.isdir(target):
                shutil.rmtree(target)
            archive = case.archive(folder, part)
            archives.check(archive, part.sha256)
            copies, private = archives.hand_over(archive, target, self.at.markers, self.at.group)
            copied, left_out = copied + copies, left_out + private
        until = self.at.terms.copy_ends(case, self.at.today)
        self._note(login, person["manager"], until, left_out)
        case.handed_to, case.handed_parts = person["manager"], len(case.parts)
        case.handed_on = case.handed_on or self.at.today.isoformat()
        case.write(folder)
        return {"to": person["manager"], "until": until.isoformat(), "files": copied, "private_left_out": left_out}

    def _note(self, login: str, manager: str, until: date, left_out: int) -> None:
        path = os.path.join(self.copy(login), NOTE_FILE)
        with open(path, "w", encoding="utf-8-sig", newline="\r\n") as file:
            file.write(NOTE.format(login=login, manager=manager, until=f"{until:%d/%m/%Y}", left_out=left_out))
        os.chown(path, 0, self.at.group)
        os.chmod(path, 0o660)

    def _withdraw(self, login: str, _: Mapping[str, Any]) -> dict[str, Any]:
        shutil.rmtree(self.copy(login))
        archives.sync_folder(self.at.share)
        return {}

    def _give_back(self, login: str, person: Mapping[str, Any]) -> dict[str, Any]:
        """In place when there is no folder yet, or an empty one; else in a folder of its own in it."""
        folder, case = self._case_folder(login), self._case(login)
        digests = []
        for part in case.parts:
            archive = case.archive(folder, part)
            archives.check(archive, part.sha256)
            digests.append(part.sha256)
            if part.returned:
                continue
            draft = os.path.join(self.at.share, f".retour-{login}")
            if os.path.isdir(draft):
                shutil.rmtree(draft)
            archives.unpack(archive, draft)
            target = self.folder(login)
            if os.path.isdir(target) and os.listdir(target):
                target = os.path.join(target, f"Retour du {case.archived_on} ({part.number})")
                if os.path.isdir(target):
                    shutil.rmtree(target)  # of a run that was cut off between here and the end
            os.rename(draft, target)
            archives.sync_folder(self.at.share)
            part.returned = True
            case.write(folder)
        forget(folder)
        return {"sha256": digests, "left_on": case.left_on}

    def _destroy(self, login: str, _: Mapping[str, Any]) -> dict[str, Any]:
        folder, case = self._case_folder(login), self._case(login)
        digests = [part.sha256 for part in case.parts]
        self.journal.add("destroying", login, sha256=digests, left_on=case.left_on)
        forget(folder)
        return {"sha256": digests, "left_on": case.left_on}


def _owner(uid: int) -> str:
    """The login of an account, in lower case and without its domain; its number when nobody has it."""
    try:
        return pwd.getpwuid(uid).pw_name.rpartition("\\")[2].casefold()
    except KeyError:
        return str(uid)
