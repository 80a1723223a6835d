"""First passwords: made at random, kept in an encrypted file until they are handed over, then destroyed.

The file is an Ansible Vault. Modules cannot import Ansible's own vault code, so the `ansible-vault` command that comes
with the interpreter does the work; clear text goes through pipes only, never through arguments or temporary files.
"""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ansible.module_utils.ad.naming import letters

#: Nothing that is mistaken for something else on paper (0 O o, 1 l I |), nothing that needs a dead key or AltGr on a
#: French keyboard.
LOWER_CASE = "abcdefghijkmnpqrstuvwxyz"
UPPER_CASE = "ABCDEFGHJKLMNPQRSTUVWXYZ"
DIGITS = "23456789"
SYMBOLS = "-+=*!?/"
CLASSES = (LOWER_CASE, UPPER_CASE, DIGITS, SYMBOLS)
SHORTEST = 14
#: A directory refuses a password that contains a part of the name this long ([MS-SAMR] 3.1.1.7.2).
SHORTEST_NAME_PART = 3
_ATTEMPTS = 10_000
_HEADER = b"$ANSIBLE_VAULT;"


class FirstPasswordError(Exception):
    """The store cannot be read or written; the message names the file and says what to do, never a password."""


def generate(length: int = SHORTEST, names: Iterable[str] = (), banned: Callable[[str], bool] | None = None) -> str:
    """A random password with the four classes, that starts with a letter, ends with a letter or a digit and holds no
    part of `names` (display name, login); `banned` may refuse a candidate for a reason of its own.
    """
    if length < SHORTEST:
        raise ValueError(f"a first password has at least {SHORTEST} characters, {length} were asked for")
    parts = name_parts(names)
    for _ in range(_ATTEMPTS):
        candidate = "".join(secrets.choice("".join(CLASSES)) for _ in range(length))
        if acceptable(candidate, parts) and not (banned and banned(candidate)):
            return candidate
    raise FirstPasswordError("no password satisfies the rules given: they ban too much")


def name_parts(names: Iterable[str]) -> set[str]:
    """The words of the names, and their joined form, that a password must not contain."""
    words = {part for name in names for part in (*map(letters, name.replace("-", " ").split()), letters(name))}
    return {word for word in words if len(word) >= SHORTEST_NAME_PART}


def acceptable(candidate: str, parts: Iterable[str] = ()) -> bool:
    """Four classes, easy to copy (no character twice in a row, no symbol at either end), no part of a name."""
    lowered = candidate.lower()
    return (
        all(any(character in members for character in candidate) for members in CLASSES)
        and all(left != right for left, right in itertools.pairwise(lowered))
        and candidate[0] in LOWER_CASE + UPPER_CASE
        and candidate[-1] not in SYMBOLS
        and not any(part in lowered or part in letters(candidate) for part in parts)
    )


@dataclass(frozen=True)
class FirstPassword:
    """One password to hand over."""

    login: str
    display_name: str
    department: str
    password: str = field(repr=False)
    created: str
    mail: str = ""


class FirstPasswordStore:
    """The encrypted file. Written whole or not at all, readable by its owner only."""

    def __init__(self, path: str | Path, vault_password_file: str | Path) -> None:
        self.path = Path(path).expanduser().absolute()
        self.vault_password_file = Path(vault_password_file).expanduser().absolute()

    def exists(self) -> bool:
        return self.path.exists()

    def read(self) -> list[FirstPassword]:
        """Everything in the store, oldest first; nothing when there is no store."""
        if not self.exists():
            return []
        try:
            sealed = self.path.read_bytes()
        except OSError as error:
            raise FirstPasswordError(f"{self.path}: cannot be read: {error.strerror}") from error
        if not sealed.startswith(_HEADER):
            raise FirstPasswordError(f"{self.path}: is not an Ansible Vault file; move it away, it was left untouched")
        clear = self._vault("decrypt", sealed)
        try:
            return [FirstPassword(**entry) for entry in json.loads(clear)["first_passwords"]]
        except (ValueError, KeyError, TypeError):
            raise FirstPasswordError(
                f"{self.path}: was decrypted but does not hold first passwords; check the path"
            ) from None

    def latest(self) -> dict[str, FirstPassword]:
        """The password in force of each login: the last one written."""
        return {entry.login: entry for entry in self.read()}

    def append(self, entries: Sequence[FirstPassword]) -> None:
        """Add entries without losing the earlier ones; one call for many entries is much faster than many calls."""
        if entries:
            with self._locked():
                self._write([*self.read(), *entries])

    def forget(self, logins: Collection[str] | None = None, *, dry: bool = False) -> tuple[bool, bool]:
        """Drop the entries of these logins, or all; the file goes with its last entry.

        Says whether entries are dropped and whether the file goes. It is read first, so that only a store of first
        passwords is ever removed; `dry` stops there.
        """
        if not self.exists():
            return False, False
        with self._locked():
            entries = self.read()
            kept = [entry for entry in entries if logins is not None and entry.login not in logins]
            if kept and len(kept) < len(entries) and not dry:
                self._write(kept)
            if not kept and not dry:
                self._unlink()
        return not kept or len(kept) < len(entries), not kept

    def destroy(self) -> bool:
        """Remove the store; True when there was one."""
        return self.forget()[1]

    def _unlink(self) -> None:
        try:
            self.path.unlink()
        except OSError as error:
            raise FirstPasswordError(f"{self.path}: cannot be removed: {error.strerror}; remove it by hand") from error

    def _write(self, entries: Sequence[FirstPassword]) -> None:
        clear = json.dumps({"first_passwords": [asdict(entry) for entry in entries]}, ensure_ascii=False, indent=1)
        sealed = self._vault("encrypt", clear.encode())
        if not sealed.startswith(_HEADER):
            raise FirstPasswordError(f"{self.path}: ansible-vault did not encrypt; nothing was written")
        write_privately(self.path, sealed)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """One writer at a time, by a lock on the directory."""
        private_directory(self.path.parent)
        handle = os.open(self.path.parent, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _vault(self, action: str, payload: bytes) -> bytes:
        """Encrypt or decrypt through pipes, whatever the configuration of the calling Ansible."""
        if not self.vault_password_file.is_file():
            raise FirstPasswordError(
                f"{self.vault_password_file}: the vault password file does not exist; {self.path} was left as it was"
            )
        done = subprocess.run(
            [vault_command(), action, "--output", "-", "-"],
            input=payload,
            capture_output=True,
            check=False,
            env={**os.environ, **self._vault_settings()},
        )
        if done.returncode != 0:
            said = " ".join(done.stderr.decode(errors="replace").split())
            raise FirstPasswordError(
                f"{self.path}: cannot {action} with the vault password file {self.vault_password_file}: {said} Give "
                "the password file that this store was made with; the store was left as it was."
            )
        return done.stdout

    def _vault_settings(self) -> dict[str, str]:
        """One secret and no other, whatever the calling Ansible is configured with."""
        return {
            "ANSIBLE_VAULT_IDENTITY_LIST": f"default@{self.vault_password_file}",
            "ANSIBLE_VAULT_ENCRYPT_IDENTITY": "default",
            "ANSIBLE_VAULT_PASSWORD_FILE": str(self.vault_password_file),
            "ANSIBLE_VAULT_ID_MATCH": "false",
            "ANSIBLE_NOCOLOR": "true",
            "LC_ALL": "C.UTF-8",  # modules run in the C locale, in which the command refuses to start
        }


def vault_command() -> str:
    """The ansible-vault that comes with this interpreter, or else the one in the path."""
    beside = Path(sys.executable).parent / "ansible-vault"
    found = str(beside) if beside.exists() else shutil.which("ansible-vault")
    if not found:
        raise FirstPasswordError(
            f"ansible-vault is neither beside {sys.executable} nor in the path; run the task with "
            "ansible_python_interpreter set to ansible_playbook_python"
        )
    return found


def private_directory(directory: Path) -> None:
    """Make the directory for its owner only; one that others can enter is refused rather than changed."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        opened = directory.stat().st_mode & 0o077
    except OSError as error:
        raise FirstPasswordError(f"{directory}: cannot be made a directory: {error.strerror}") from error
    if opened:
        raise FirstPasswordError(
            f"{directory}: is open to other users; first passwords need a directory of their own: "
            "name another one, or run chmod 700 on this one"
        )


def write_privately(path: Path, content: bytes) -> None:
    """Replace the file at once, for its owner only; what was there stays until the new content is on the disk."""
    private_directory(path.parent)
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise FirstPasswordError(f"{path}: cannot be written: {error.strerror}; what was there is unchanged") from error
