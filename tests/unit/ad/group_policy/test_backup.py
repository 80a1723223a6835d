"""A policy is kept whole before a change, and put back whole."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from ansible.module_utils.ad.group_policy import backup
from ansible.module_utils.ad.group_policy.links import ENFORCED, GpoLink
from ansible.module_utils.ad.group_policy.model import Half
from ansible.module_utils.ad.group_policy.plan import plan_policy
from ansible.module_utils.ad.group_policy.plan_rights import container_rights
from ansible.module_utils.ad.group_policy.read import decode
from ansible.module_utils.ad.group_policy.store_model import GroupPolicyError, Target

from tests.unit.ad.group_policy.policy_samples import (
    GROUP,
    GUID,
    POLICIES,
    RIGHTS,
    ROOT,
    RUN,
    STATIONS,
    counts,
    stands,
    state_of,
    wanted,
    written,
)

DN = f"CN={GUID},{POLICIES}"
OTHER = GpoLink(f"CN={{X}},{POLICIES}")
LINKED = Target(ROOT, (OTHER, GpoLink(DN, ENFORCED)))


@pytest.fixture
def kept(tmp_path):
    return backup.write(backup.take(stands(), [LINKED]), tmp_path / "kept", "dc1")


def test_a_backup_is_its_owners_only_and_says_what_it_is(kept):
    assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    facts = json.loads(kept.read_text())
    assert facts["policy"]["name"] == "Postes"
    assert facts["settings"] == wanted().settings()
    assert facts["links"] == [{"target": ROOT, "options": ENFORCED, "order": 1}]
    assert "postes" in kept.name


def test_a_backup_comes_back_from_its_file(kept):
    read, taken = backup.read(kept), backup.take(stands(), [LINKED])
    assert (read.container, read.links) == (taken.container, taken.links)
    assert read.folder.files == taken.folder.files


def test_two_backups_never_share_a_file(tmp_path):
    taken = backup.take(stands(), [])
    assert len({backup.write(taken, tmp_path, "dc1") for _ in range(20)}) == 20


def restore(kept, stored=None, *targets):
    return backup.plan_restore(
        backup.read(kept), state_of(*targets, policies={GUID: stored} if stored else {}), POLICIES
    )


def test_putting_back_what_stands_writes_nothing(kept):
    plan = restore(kept, stands(), LINKED)
    assert not plan.changes
    assert plan.differences == ()


def test_a_changed_policy_is_put_back_and_counts_on(kept):
    policy = wanted(computer=Half(), status="disabled", comment="Autre", name="Autre nom")
    changed = written(plan_policy(policy, GUID, stands(), RUN))
    container = replace(changed.container, descriptor=container_rights(RIGHTS, [GROUP]))
    changed = decode(container, changed.folder, ())
    before = Target(STATIONS, (GpoLink(DN),))
    plan = restore(kept, changed, Target(ROOT, (OTHER,)), before)
    assert counts(plan.policies[0]) == (1, 3)
    assert plan.policies[0].rights == RIGHTS
    assert {target.dn: links for target, links in plan.links} == {ROOT: [OTHER, GpoLink(DN, ENFORCED)], STATIONS: []}
    assert {each.setting for each in plan.differences} >= {
        "name",
        "status",
        "comment",
        "applies_to",
        f"links/{STATIONS}",
    }
    after = written(plan.policies[0])
    assert after.policy.settings() == wanted().settings()
    assert (after.policy.name, after.policy.status, after.policy.comment) == ("Postes", "enabled", "Essai")
    assert not restore(kept, after, LINKED).changes


def test_a_removed_policy_is_made_again_with_its_number(kept):
    plan = restore(kept, None, Target(ROOT, (OTHER,)))
    assert (plan.policies[0].guid, plan.policies[0].stored) == (GUID, None)
    after = written(plan.policies[0], RIGHTS)
    assert after.policy.settings() == wanted().settings()
    assert counts(plan.policies[0]) == (2, 2), "clients that still know it read it again"
    assert not restore(kept, after, LINKED).changes


def test_a_policy_of_others_is_put_back_as_theirs(tmp_path):
    stored = stands()
    stored = replace(stored, container=replace(stored.container, marker=None))
    kept = backup.write(backup.take(stored, []), tmp_path, "dc1")
    adopted = written(plan_policy(wanted(user=Half()), GUID, stored, RUN))
    assert adopted.container.made_for(RUN.site)
    assert not written(restore(kept, adopted).policies[0]).container.marker


@pytest.mark.parametrize("change", [
    {"format": "other"}, {"version": 2}, {"policy": None}, {"files": {"GPT.INI": "*"}}, {"links": [{}]},
    {"files": {r"..\..\x": ""}}, {"files": {"C:x": ""}},
])  # fmt: skip
def test_a_file_that_is_no_backup_is_refused(kept, change):
    kept.write_text(json.dumps({**json.loads(kept.read_text()), **change}))
    with pytest.raises(GroupPolicyError, match=str(kept)):
        backup.read(kept)


def test_a_backup_that_is_not_there_or_of_another_domain_is_refused(kept, tmp_path):
    with pytest.raises(GroupPolicyError, match="cannot be read"):
        backup.read(tmp_path / "none.json")
    with pytest.raises(GroupPolicyError, match="another domain"):
        backup.plan_restore(backup.read(kept), state_of(), "CN=Policies,CN=System,DC=other,DC=lan")


def test_a_folder_that_cannot_be_written_stops_before_the_change(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(GroupPolicyError, match="nothing was written"):
        backup.write(backup.take(stands(), []), tmp_path / "file" / "below", "dc1")


def test_a_policy_too_large_to_be_kept_is_not_changed():
    stored = stands()
    with pytest.raises(GroupPolicyError, match="too large"):
        backup.take(replace(stored, folder=replace(stored.folder, unread=("setup.exe",))), [])
