"""A plan is applied in order, passwords first, and stops at the first refusal."""

from __future__ import annotations

import pytest
from ansible.module_utils.ad.connection import DirectoryError
from ansible.module_utils.ad.directory_apply import PartialFailureError, apply_plan

from . import directory_samples as samples
from .directory_fake import FakeDirectory

NEW_LOGINS = {"talleceve", "darvorfleo", "kersomau", "nguyenan", "svc.sauve", "adm.kerso"}


def refuse(entries):
    raise DirectoryError("the store is sealed")


def test_passwords_are_kept_in_one_call_before_anything_is_written():
    directory, calls = FakeDirectory(), []

    def keep(entries):
        calls.append(({entry.login for entry in entries}, len(directory.writes)))

    apply_plan(directory, samples.plan_for(directory).actions, keep)
    assert calls == [(NEW_LOGINS, 0)]


def test_the_account_has_the_password_that_was_kept():
    directory = FakeDirectory()
    for entry in samples.converge(directory):
        assert directory.account(entry.login)[1]["unicodePwd"] == [f'"{entry.password}"'.encode("utf-16-le")]


def test_nothing_is_written_when_passwords_cannot_be_kept():
    directory = FakeDirectory()
    with pytest.raises(DirectoryError, match="sealed"):
        apply_plan(directory, samples.plan_for(directory).actions, refuse)
    assert directory.writes == []


def test_a_refused_password_is_replaced_and_the_new_one_kept():
    directory = FakeDirectory()
    directory.refuse_passwords = 4
    kept = samples.converge(directory)
    assert len(kept) == len(NEW_LOGINS) + 4
    latest = {entry.login: entry.password for entry in kept}
    for login, password in latest.items():
        assert directory.account(login)[1]["unicodePwd"] == [f'"{password}"'.encode("utf-16-le")]


def test_five_refused_passwords_are_enough():
    directory = FakeDirectory()
    directory.refuse_passwords = 5
    with pytest.raises(
        PartialFailureError, match=r"5 random passwords were refused: check the domain's password rules"
    ):
        samples.converge(directory)


@pytest.mark.parametrize("done", [0, 3, 12, 20])
def test_a_failure_tells_the_step_and_the_next_run_continues(done):
    directory = FakeDirectory()
    directory.fail_at = done
    with pytest.raises(
        PartialFailureError, match=rf"cannot (create|change) .*\({done} of \d+ steps were done"
    ) as caught:
        samples.converge(directory)
    assert caught.value.done == done == len(directory.writes)
    directory.fail_at = None
    samples.converge(directory)
    assert samples.plan_for(directory).actions == []


def test_members_of_a_group_are_written_in_one_request():
    directory = FakeDirectory()
    samples.converge(directory)
    written = [one for one in directory.writes if one.startswith("members ")]
    assert len(written) == len(set(written))
