"""PAM's numbers mean what they mean; an answer about something else is no answer."""

from __future__ import annotations

import pytest
from ansible.module_utils.linux.account_phase import AccountPhaseError, meaning


@pytest.mark.parametrize(("code", "allowed"), [(0, True), (12, True), (6, False), (13, False)])
def test_pam_says_whether_an_account_may_log_on(code: int, allowed: bool) -> None:
    assert meaning(code, "sshd", "jmartin").allowed is allowed


@pytest.mark.parametrize("code", [1, 3, 4, 7, 8, 9, 10, 11, 19, 28, 31, 99])
def test_an_answer_about_something_else_is_an_error(code: int) -> None:
    with pytest.raises(AccountPhaseError, match=f"jmartin may log on: code {code}"):
        meaning(code, "sshd", "jmartin")
