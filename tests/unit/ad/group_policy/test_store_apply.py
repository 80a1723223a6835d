"""The order of writes: a client never sees half a policy, and nothing starts that cannot be ended."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible.module_utils.ad.group_policy.links import GpoLink
from ansible.module_utils.ad.group_policy.model import Half
from ansible.module_utils.ad.group_policy.plan_site import Wanted, match, plan_site, refuse_clashes
from ansible.module_utils.ad.group_policy.store_apply import apply, preflight
from ansible.module_utils.ad.group_policy.store_model import Container, GroupPolicyError, Marker, Target

from tests.unit.ad.group_policy.policy_samples import (
    BASE,
    GUID,
    POLICIES,
    RIGHTS,
    ROOT,
    RUN,
    STATIONS,
    stands,
    state_of,
    wanted,
)

DN = f"CN={GUID},{POLICIES}"


class Log:
    """Stands for both stores and writes down what is asked of them."""

    server, folder = "dc1", POLICIES

    def __init__(self, refuses: str = "") -> None:
        self.calls: list[str] = []
        self.refuses = refuses

    def create(self, guid, name, marker):
        self.calls.append("create")
        return Container(DN, guid, name, 0, 0, {"computer": "", "user": ""}, marker, RIGHTS)

    def container(self, dn):
        return Container(dn, GUID, "", 0, 0, {}, None, RIGHTS)

    def complete(self, _dn):
        return False

    def may_write(self, dn, _attributes):
        return dn != self.refuses

    def may_create(self):
        return self.refuses != POLICIES

    def check_writable(self, _guids, create):
        self.calls.append(f"checked {create}")

    def __getattr__(self, name):
        def note(*arguments, **_options):
            if name != "set_rights" or not isinstance(arguments[1], list) or arguments[1]:
                self.calls.append(name)

        return note


def plan(policies, state, **options):
    found, _ = match(policies, state.containers, RUN.site)
    guids = {each.name: found[each.name].guid if each.name in found else each.guid or GUID for each in policies}
    return plan_site(Wanted(policies, guids, POLICIES, RUN.site, **options), state, "")


def writes(planned):
    log = Log()
    apply(planned, log, log, every_file=True)
    return log.calls


def test_a_new_policy_is_linked_when_it_is_whole():
    planned = plan([wanted()], state_of(Target(ROOT)))
    assert writes(planned) == ["remove", "create", "write", "write_version", "change", "set_links"]


def test_rights_are_set_before_files():
    planned = plan([wanted(applies_to=("S-1-5-21-1-2-3-1104",))], state_of(Target(ROOT)))
    assert writes(planned)[:4] == ["remove", "create", "set_rights", "write"]


def test_a_removed_policy_is_unlinked_first_and_its_container_goes_last():
    state = state_of(Target(ROOT, (GpoLink(DN),)), policies={GUID: stands()})
    planned = plan([], state, purge=True)
    assert [each.container.guid for each in planned.removed] == [GUID]
    assert writes(planned) == ["set_links", "remove", "remove"]
    assert (planned.differences[0].setting, planned.differences[0].expected) == ("policy", None)


def test_only_policies_of_ours_are_removed():
    stored = stands()
    for marker in (None, Marker(False, RUN.site), Marker(True, "another")):
        theirs = replace(stored, container=replace(stored.container, marker=marker))
        planned = plan([], state_of(Target(ROOT, (GpoLink(DN),)), policies={GUID: theirs}), purge=True)
        assert not planned.changes


def test_a_folder_of_ours_without_a_container_goes_with_the_others():
    state = replace(state_of(), orphans={GUID: RUN.site, "{X}": None, "{Y}": "another"})
    assert plan([], state).orphans == ()
    planned = plan([], state, purge=True)
    assert writes(planned) == ["remove"]
    assert [each.setting for each in planned.differences] == [f"folder/{GUID}"]


def test_nothing_is_asked_when_nothing_differs():
    state = state_of(Target(ROOT, (GpoLink(DN),)), policies={GUID: stands()})
    planned = plan([wanted()], state, inheritance_root=ROOT)
    assert not planned.changes
    assert writes(planned) == []


def test_blocked_units_are_opened():
    state = state_of(Target(ROOT, (GpoLink(DN),)), Target(STATIONS, (), "1"), policies={GUID: stands()})
    planned = plan([wanted()], state, inheritance_root=ROOT)
    assert writes(planned) == ["change"]
    assert [each.setting for each in planned.differences] == [f"inheritance/{STATIONS}"]


@pytest.mark.parametrize("refused", [ROOT, POLICIES])
def test_nothing_starts_that_the_account_may_not_end(refused):
    log = Log(refused)
    with pytest.raises(GroupPolicyError, match="nothing was written"):
        preflight(plan([wanted()], state_of(Target(ROOT))), log, log)
    assert log.calls == []


def test_a_change_needs_the_container_and_its_folder():
    state = state_of(Target(ROOT, (GpoLink(DN),)), policies={GUID: stands()})
    planned = plan([wanted(user=Half())], state)
    with pytest.raises(GroupPolicyError, match="may not change"):
        preflight(planned, Log(DN), Log())
    log = Log()
    preflight(planned, log, log)
    assert log.calls == ["checked False"]


def container(name, guid, marker=None):
    return Container(f"CN={guid},{POLICIES}", guid, name, 0, 0, {}, marker, b"")


def test_a_policy_is_found_by_its_name_among_ours_whatever_the_case():
    ours, theirs = container("POSTES", GUID, Marker(True, RUN.site)), container("Autre", "{X}")
    found, clashes = match([wanted()], [theirs, ours], RUN.site)
    assert (found, clashes) == ({"Postes": ours}, [])


@pytest.mark.parametrize("held", [
    [container("Postes", GUID)],
    [container("Postes", GUID, Marker(True, "another"))],
    [container("Postes", GUID, Marker(True, RUN.site)), container("postes", "{X}")],
    [container("Postes", GUID, Marker(True, RUN.site)), container("Postes", "{X}", Marker(True, RUN.site))],
])  # fmt: skip
def test_a_name_borne_by_somebody_else_too_is_refused(held):
    _, clashes = match([wanted()], held, RUN.site)
    with pytest.raises(GroupPolicyError, match="already has a policy named Postes"):
        refuse_clashes(clashes)


def test_a_definition_with_a_guid_takes_the_policy_over():
    theirs = container("Ancien nom", GUID)
    assert match([wanted(guid=GUID)], [theirs], RUN.site) == ({"Postes": theirs}, [])


def test_the_domains_own_policy_may_bear_any_name():
    own = container("Stratégie du domaine", GUID)
    assert match([wanted(guid=GUID, merge=True)], [own, container("Postes", "{X}")], RUN.site) == ({"Postes": own}, [])


@pytest.mark.parametrize("text", [None, "", "somebody's note", "garant", "garant other x=y"])
def test_what_others_wrote_is_no_mark(text):
    assert Marker.from_text(text) is None


def test_a_mark_comes_back():
    for marker in (Marker(True), Marker(False, "s", {"computer": "a1", "user": "b2"})):
        assert Marker.from_text(marker.text()) == marker
    assert BASE in DN
