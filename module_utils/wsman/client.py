"""Questions to one machine: who answers, the rows of a query, an instance, a value of the registry, the one listing."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ansible.module_utils.wsman import allowed, answers, envelopes, faults, names
from ansible.module_utils.wsman.answers import Row
from ansible.module_utils.wsman.channel import Channel, HostError, RefusalError, SlowError
from ansible.module_utils.wsman.faults import FaultError

#: winreg.h; the view of 32-bit programs is a path of its own over WS-Management.
MACHINE, USERS = 0x80000002, 0x80000003
#: winerror.h as StdRegProv returns them: ERROR_INVALID_FUNCTION for a value that is not there.
_NO_VALUE, _NO_KEY, _REFUSED = 1, 2, 5
_WRONG_TYPE = 0x80041005
_MOST_PAGES = 200
Given = TypeVar("Given")


class WrongTypeError(Exception):
    """The value has another type than the one it was asked as."""


class Client:
    """A machine that is asked; every answer is checked to belong to its question."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    @property
    def sent(self) -> int:
        """Messages that were answered so far; the handshake of NTLM adds two requests to the first."""
        return self._channel.sent

    def identify(self) -> Row:
        """Who answers."""
        return self._read(envelopes.identify(), answers.identity)

    def rows(self, namespace: str, wql: str) -> list[Row]:
        """All rows of a query, page after page.

        :raises FaultError: Windows refused it.
        """
        page = self._asked(envelopes.enumerate_rows(self._target(), namespace, wql), answers.page)
        rows = list(page.rows)
        for _ in range(_MOST_PAGES):
            if page.context is None:
                return rows
            page = self._asked(envelopes.pull_rows(self._target(), namespace, page.context), answers.page)
            rows += page.rows
        raise HostError("odd", f"an enumeration of more than {_MOST_PAGES} pages")

    def instance(self, resource: str, keys: Mapping[str, str]) -> Row:
        """One instance by its keys."""
        return self._asked(envelopes.get(self._target(), resource, keys), answers.instance)

    def value(self, kind: str, key: str, name: str, hive: int = MACHINE) -> Any:
        """A value of the registry as it travels, None when there is no such value or key.

        :raises WrongTypeError: it is there, and of another type.
        """
        found = self._registry(f"Get{kind}Value", {"hDefKey": hive, "sSubKeyName": key, "sValueName": name})
        if found is None:
            return None
        value = found.get("uValue", found.get("sValue"))
        if value is None and kind in ("DWORD", "QWORD"):  # it is there, and its number did not come
            raise FaultError(faults.Fault(faults.UNKNOWN, (), "", f"{name} came without its number"))
        return value

    def keys(self, key: str, hive: int = MACHINE) -> list[str] | None:
        """Names of the keys below a key, None when it is not there."""
        found = self._registry("EnumKey", {"hDefKey": hive, "sSubKeyName": key})
        return None if found is None else answers.listed(found.get("sNames"))

    def values(self, key: str, hive: int = MACHINE) -> list[str] | None:
        """Names of the values of a key, None when it is not there."""
        found = self._registry("EnumValues", {"hDefKey": hive, "sSubKeyName": key})
        return None if found is None else answers.listed(found.get("sNames"))

    def listings(self, *wanted: str) -> dict[str, tuple[str, int | None]]:
        """What command lines of the list print, and their exit codes, by their names; the shell is closed in any case."""
        shell = self._asked(envelopes.open_shell(self._target()), answers.shell_id)
        try:
            return {name: self._run(shell, allowed.LISTINGS[name]) for name in wanted}
        finally:
            with contextlib.suppress(FaultError):  # a shell that is gone already; what went wrong before is told
                self._asked(envelopes.close_shell(self._target(), shell), lambda data, _: data)

    def _run(self, shell: str, line: str) -> tuple[str, int | None]:
        command = self._asked(envelopes.run_command(self._target(), shell, line), answers.command_id)
        written = b""
        while True:
            try:
                output = self._asked(envelopes.receive(self._target(), shell, command), answers.command_output)
            except FaultError as error:
                if error.fault.kind != faults.TOO_SLOW or not error.fault.codes:
                    raise
                continue  # nothing was written yet; the host's time ends it
            written += output.stdout
            if output.done:
                return written.decode("utf-8", "replace"), output.exit_code

    def close(self) -> None:
        """Let go of the connection."""
        self._channel.close()

    def _registry(self, method: str, arguments: Mapping[str, str | int]) -> Row | None:
        message = envelopes.invoke(self._target(), names.REGISTRY, method, arguments)
        row = self._asked(message, lambda data, asked: answers.output(data, method, asked))
        code = int(row["ReturnValue"]) & 0xFFFFFFFF
        if code in (_NO_VALUE, _NO_KEY):
            return None
        if code == _WRONG_TYPE:
            raise WrongTypeError(f"{arguments.get('sValueName')} has another type")
        if code:
            kind = faults.DENIED if code == _REFUSED else faults.UNKNOWN
            raise FaultError(faults.Fault(kind, (code,), "", f"{method} of {arguments['sSubKeyName']}"))
        return row

    def _target(self) -> envelopes.Target:
        return envelopes.Target(self._channel.endpoint, max(1, int(self._channel.seconds_left())))

    def _asked(self, message: envelopes.Message, decode: Callable[[bytes, str], Given]) -> Given:
        return self._read(message.data, lambda data: decode(data, message.id))

    def _read(self, data: bytes, decode: Callable[[bytes], Given]) -> Given:
        try:
            answer = self._channel.send(data)
        except SlowError as error:
            raise FaultError(faults.Fault(faults.TOO_SLOW, (), "no answer", "")) from error
        except RefusalError as error:
            try:
                fault = faults.decode(error.data)
            except answers.AnswerError as odd:
                raise HostError("odd", str(odd)) from odd
            if fault is None:
                raise HostError("odd", "an error without a fault") from error
            raise FaultError(fault) from error
        try:
            return decode(answer)
        except answers.AnswerError as error:
            raise HostError("odd", str(error)) from error
