"""Ask PAM whether an account may open a session now: the account phase alone, no password ([pam_acct_mgmt(3)]).

The whole stack of the service answers, as it would after a good password. The answer is a number, in no language.
"""

from __future__ import annotations

import ctypes
import ctypes.util
from dataclasses import dataclass

#: <security/_pam_types.h>
_SUCCESS, _PERMISSION_DENIED, _NEW_PASSWORD_REQUIRED, _ACCOUNT_EXPIRED, _CONVERSATION_ERROR = 0, 6, 12, 13, 19
_SILENT = 0x8000
_MEANINGS = {
    1: "a PAM module cannot be loaded",
    3: "a PAM service failed",
    4: "a PAM module met a system error",
    7: "authentication failed",
    9: "what knows the rights does not answer",
    10: "the account is not known",
}


class AccountPhaseError(Exception):
    """PAM gave no answer about the right to log on; the message says what it gave instead."""


@dataclass(frozen=True)
class Answer:
    """Whether the session would be opened, and the reason PAM gives."""

    allowed: bool
    detail: str


def meaning(code: int, service: str, login: str) -> Answer:
    """What a return code says about the right to log on.

    :raises AccountPhaseError: it says nothing about it.
    """
    if code == _SUCCESS:
        return Answer(True, "PAM_SUCCESS")
    if code == _NEW_PASSWORD_REQUIRED:
        return Answer(True, "PAM_NEW_AUTHTOK_REQD: once the password is changed")
    if code == _PERMISSION_DENIED:
        return Answer(False, "PAM_PERM_DENIED")
    if code == _ACCOUNT_EXPIRED:
        return Answer(False, "PAM_ACCT_EXPIRED")
    why = _MEANINGS.get(code, "an answer that is about something else")
    raise AccountPhaseError(
        f"PAM service {service} did not say whether {login} may log on: code {code}, {why}; "
        "check that sssd and winbind run and that the account exists"
    )


class _Conversation(ctypes.Structure):
    _fields_ = (("function", ctypes.c_void_p), ("data", ctypes.c_void_p))


_TALK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)


def ask(service: str, login: str) -> Answer:
    """The answer of the service's stack about the account; needs root.

    :raises AccountPhaseError: PAM is not there, or the answer is not about the right to log on.
    """
    library = ctypes.util.find_library("pam") or "libpam.so.0"
    try:
        pam = ctypes.CDLL(library)
    except OSError as error:
        raise AccountPhaseError(f"{library} cannot be loaded: {error}") from error
    pam.pam_start.argtypes = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p))
    pam.pam_acct_mgmt.argtypes = (ctypes.c_void_p, ctypes.c_int)
    pam.pam_end.argtypes = (ctypes.c_void_p, ctypes.c_int)
    silent = _TALK(lambda *_: _CONVERSATION_ERROR)  # the account phase has nothing to ask of anybody
    conversation = _Conversation(ctypes.cast(silent, ctypes.c_void_p), None)
    handle = ctypes.c_void_p()
    code = pam.pam_start(service.encode(), login.encode(), ctypes.byref(conversation), ctypes.byref(handle))
    if code != _SUCCESS:
        return meaning(code, service, login)
    try:
        code = pam.pam_acct_mgmt(handle, _SILENT)
    finally:
        pam.pam_end(handle, code)
    return meaning(code, service, login)
