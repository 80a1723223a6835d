"""Whom a policy applies to, and the rights its folder must have."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible.module_utils.ad import security_descriptor as sd
from ansible.module_utils.ad.group_policy.model import AUTHENTICATED_USERS
from ansible.module_utils.ad.group_policy.plan_rights import (
    APPLY,
    container_rights,
    filtering,
    folder_rights,
    wrong_rights,
)

from tests.unit.ad.group_policy.policy_samples import ADMINS, GROUP, RIGHTS

OTHER = "S-1-5-21-1-2-3-1105"
READ = 0x20094


def changed(*add: sd.Ace, drop: str = "") -> bytes:
    """The usual rights with entries added, and without those of somebody."""
    descriptor = sd.unpack(RIGHTS)
    kept = tuple(ace for ace in descriptor.dacl if ace.sid != drop)
    return sd.pack(replace(descriptor, dacl=(*add, *kept)))


def test_the_usual_rights_need_no_change():
    assert container_rights(RIGHTS, [AUTHENTICATED_USERS]) is None
    assert filtering(RIGHTS).applies_to == (AUTHENTICATED_USERS,)


def test_a_policy_for_a_group_applies_to_it_and_stays_readable():
    rights = filtering(container_rights(RIGHTS, [GROUP]))
    assert rights.applies_to == (GROUP,)
    assert {GROUP, AUTHENTICATED_USERS} <= set(rights.readers)


def test_a_group_that_is_taken_out_loses_its_right_to_read_too():
    before = container_rights(RIGHTS, [GROUP, OTHER])
    after = filtering(container_rights(before, [OTHER]))
    assert after.applies_to == (OTHER,)
    assert GROUP not in after.readers


def test_reading_that_somebody_else_was_given_stays():
    given = changed(sd.Ace(sd.ALLOWED, 2, READ, OTHER))
    assert OTHER in filtering(container_rights(given, [GROUP])).readers


@pytest.mark.parametrize("ace", [
    sd.Ace(sd.DENIED_OBJECT, 2, 0x100, GROUP, APPLY),
    sd.Ace(sd.DENIED, 2, 0x100, GROUP),
    sd.Ace(sd.DENIED, 2, 0x10, GROUP),
])  # fmt: skip
def test_a_refusal_set_by_hand_is_seen_and_taken_away(ace):
    wrong = changed(ace)
    assert filtering(wrong).denied == (GROUP,)
    assert filtering(container_rights(wrong, [AUTHENTICATED_USERS])).denied == ()


def test_a_refusal_of_another_right_stays():
    wrong = changed(sd.Ace(sd.DENIED_OBJECT, 2, 0x100, GROUP, "00299570-246d-11d0-a768-00aa006e0529"))
    assert filtering(wrong).denied == ()
    assert container_rights(wrong, [AUTHENTICATED_USERS]) is None


def test_whoever_has_all_extended_rights_applies_it():
    assert GROUP in filtering(changed(sd.Ace(sd.ALLOWED, 2, 0x130, GROUP))).applies_to


def test_entries_that_only_others_inherit_do_not_count():
    assert filtering(changed(sd.Ace(sd.ALLOWED, sd.INHERIT_ONLY | 2, 0x130, GROUP))).applies_to == (
        AUTHENTICATED_USERS,
    )


def test_a_policy_hidden_from_everyone_is_shown_again():
    hidden = changed(drop=AUTHENTICATED_USERS)
    after = filtering(container_rights(hidden, [GROUP]))
    assert AUTHENTICATED_USERS in after.readers
    assert container_rights(container_rights(hidden, [GROUP]), [GROUP]) is None


def test_refusals_stand_before_permissions():
    wrong = changed(sd.Ace(sd.ALLOWED, 2, READ, OTHER), sd.Ace(sd.DENIED, 2, 0x2, OTHER))
    kinds = [ace.type for ace in sd.unpack(container_rights(wrong, [GROUP])).dacl]
    assert kinds == sorted(kinds, key=lambda kind: kind != sd.DENIED)


def test_the_folder_is_protected_and_every_file_is_compared_on_samba_only():
    right = folder_rights(RIGHTS)
    assert sd.unpack(right).protected
    other = folder_rights(changed(sd.Ace(sd.ALLOWED, 2, READ, OTHER)))
    inherited = sd.pack(replace(sd.unpack(right), control=0x8004))
    present = {"": right, "MACHINE": right, r"MACHINE\Registry.pol": other, "GPT.INI": inherited}
    assert wrong_rights(present, right, every_file=True) == (r"MACHINE\Registry.pol", "GPT.INI")
    assert wrong_rights(present, right, every_file=False) == ()
    assert wrong_rights({**present, "": other}, right, every_file=False) == ("",)
    assert sd.unpack(right).owner == ADMINS
