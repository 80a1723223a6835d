"""Runs that are cut off, refused or taken back leave the policies of a real domain controller whole."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.ad import directory_names as names
from ansible.module_utils.ad.connection import DirectoryError
from ansible.module_utils.ad.group_policy.store_directory import PolicyDirectory
from ansible.module_utils.ad.group_policy.store_model import GroupPolicyError
from ansible.module_utils.ad.group_policy.store_sysvol import PolicyShare
from ansible.module_utils.ad.smb import SmbError

from tests.unit.ad.group_policy.policy_live import healed, lock, made_site, quiet, simple, versions

pytestmark = pytest.mark.live_directory

DEFAULT_DOMAIN_POLICY = "{31B2F340-016D-11D2-945F-00C04FB984F9}"
GUID = re.compile(r"\{[^}]+\}")
POL = r"MACHINE\Registry.pol"


class Interrupted(Exception):
    """The run was cut off here."""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with made_site(tmp_path_factory.mktemp("site")) as made:
        yield made


@pytest.fixture(autouse=True)
def _back_in_line(site):
    """Each test starts and ends with the policies as they were declared first."""
    yield
    site.define()
    site.run(purge=True)


def cut(*_args, **_options):
    raise Interrupted


@pytest.mark.parametrize("step", ["create", "folder", "file", "version", "directory", "links"])
def test_a_run_cut_off_anywhere_is_ended_by_the_next(site, step, monkeypatch):
    name = f"Coupée {site.mark}"
    site.define(lock(name), simple(site.second))

    places = {
        "create": (PolicyDirectory, "complete"),
        "folder": (PolicyShare, "_folder"),
        "file": (PolicyShare, "set_rights"),
        "version": (PolicyShare, "write_version"),
        "directory": (PolicyDirectory, "change"),
        "links": (PolicyDirectory, "set_links"),
    }
    with monkeypatch.context() as patch:
        patch.setattr(*places[step], cut)
        with pytest.raises(Interrupted):
            site.run()
    assert not any(name == each["name"] and each["links"] for each in site.facts()["policies"]), "half a policy applies"
    site.run()
    found = site.policy(name)
    assert found["version"]["directory"] == found["version"]["sysvol"]
    assert min(found["version"]["directory"].values()) >= 1
    assert (found["wrong_rights"], len(found["links"])) == ([], 1)
    assert not site.run()["changed"]


def test_a_change_cut_off_before_its_version_counts_on_in_the_next_run(site, monkeypatch):
    before = versions(site, site.lock)
    with monkeypatch.context() as patch:
        patch.setattr(PolicyShare, "write_version", cut)
        with pytest.raises(Interrupted):
            site.run(values={"delay": 20})
    assert site.policy(site.lock)["version"]["sysvol"] == before
    site.run(values={"delay": 20})
    assert versions(site, site.lock) == {"user": before["user"] + 1, "computer": before["computer"]}
    assert not site.run(values={"delay": 20})["changed"]


def test_what_is_not_declared_any_more_goes_only_when_asked(site):
    site.define(lock(site.lock))
    assert site.run()["removed_policies"] == []
    guid = site.policy(site.second)["guid"]
    assert f"{site.second}: policy" in site.differences()
    outcome = site.run(purge=True)
    assert outcome["removed_policies"] == [site.second]
    assert [Path(file).stat().st_mode & 0o777 for file in outcome["backups"]] == [0o600]
    assert site.links(site.stations) == ()
    with site.domain() as domain:
        assert guid not in domain.share.guids()
        assert guid not in {each.guid for each in domain.directory.containers()}
        assert DEFAULT_DOMAIN_POLICY in domain.share.guids()
    restored = site.run(definitions=None, restore=outcome["backups"][0])
    assert restored["changed"]
    assert site.policy(site.second)["guid"] == guid
    assert not site.run(definitions=None, restore=outcome["backups"][0])["changed"]
    site.define()
    quiet(site)


def test_a_container_removed_by_hand_is_made_again_and_its_folder_goes(site):
    facts = site.policy(site.lock)
    with site.domain() as domain:
        domain.directory.remove(facts["dn"])
    assert f": folder/{facts['guid']}" in site.differences()
    assert facts["guid"] in site.facts()["orphan_folders"]
    site.run(purge=True)
    with site.domain() as domain:
        assert facts["guid"] not in domain.share.guids()
    assert len(site.links(site.root)) == 1, "the dead link is gone"
    assert site.policy(site.lock)["settings"] == facts["settings"]
    quiet(site)


def test_a_condition_set_by_hand_is_taken_away(site):
    condition = b"[autoconcept.lan;{11111111-2222-3333-4444-555555555555};0]"
    with site.domain() as domain:
        domain.directory.change(site.policy(site.lock)["dn"], {"gPCWQLFilter": [condition]})
    healed(site, {f"{site.lock}: reach/gPCWQLFilter"})


def test_a_policy_is_put_back_with_settings_links_and_filter(site):
    was = copy.deepcopy(site.policy(site.lock))
    changed = lock(site.lock)
    changed.update(applies_to=[{"rid": 513}], links=[{"unit": "Postes", "enforced": True}], status="enabled")
    del changed["computer"]
    site.define(changed, simple(site.second))
    kept = [file for file in site.run()["backups"] if json.loads(Path(file).read_text())["policy"]["name"] == site.lock]
    planned = site.run(check=True, definitions=None, restore=kept[0])
    done = site.run(definitions=None, restore=kept[0])
    assert planned["diff"] == done["diff"]
    now = site.policy(site.lock)
    for same in ("settings", "links", "applies_to", "status", "extensions", "comment"):
        assert now[same] == was[same], same
    assert now["version"]["directory"]["computer"] == was["version"]["directory"]["computer"] + 2
    assert now["version"]["directory"]["user"] == was["version"]["directory"]["user"], "that half never changed"
    assert now["wrong_rights"] == []
    site.define()
    assert not site.run()["changed"]


def test_the_domains_own_policy_keeps_what_is_not_declared(site):
    with site.domain() as domain:
        before = {each.guid: each for each in domain.directory.containers()}[DEFAULT_DOMAIN_POLICY]
        held = domain.share.read(DEFAULT_DOMAIN_POLICY)
    mine: dict[str, Any] = {
        "name": "Default Domain Policy",
        "purpose": "Essai.",
        "guid": DEFAULT_DOMAIN_POLICY,
        "merge": True,
        "links": [{"unit": "domain"}],
        "computer": {
            "security": {"System Access": {"MinimumPasswordAge": {"value": 0, "reason": "essai"}}},
            "policies": [{"policy": "ControlPanelDisplay/CPL_Personalization_NoLockScreenSlideshow",
                          "state": "enabled", "reason": "essai"}],
        },
    }  # fmt: skip
    site.define(lock(site.lock), simple(site.second), mine)
    outcome = site.run()
    kept = [file for file in outcome["backups"] if DEFAULT_DOMAIN_POLICY.strip("{}").lower() in file]
    try:
        with site.domain() as domain:
            after = {each.guid: each for each in domain.directory.containers()}[DEFAULT_DOMAIN_POLICY]
            now = domain.share.read(DEFAULT_DOMAIN_POLICY)
        assert set(held.files) <= set(now.files)
        for side in ("computer", "user"):
            assert set(GUID.findall(before.extensions[side])) <= set(GUID.findall(after.extensions[side]))
        assert not after.marker.made
        assert not site.run()["changed"]
        del mine["computer"]["policies"]
        site.define(lock(site.lock), simple(site.second), mine)
        site.run()
        settings = site.policy("Default Domain Policy")["settings"]
        assert any("NoLockScreenSlideshow" in setting for setting in settings), "what is not declared stays"
    finally:
        site.define()
        site.run(definitions=None, restore=kept[0])
    with site.domain() as domain:
        again = domain.share.read(DEFAULT_DOMAIN_POLICY)
    assert {name for name in again.files if name != "GPT.INI"} == {name for name in held.files if name != "GPT.INI"}


def test_a_name_that_somebody_else_uses_is_refused(site):
    other = "{0B1C2D3E-0000-4000-8000-0123456789AB}"
    name = f"Étrangère {site.mark}"
    with site.domain() as domain:
        domain.directory.create(other, name, None)
    site.define(lock(site.lock), simple(name), simple(site.second))
    with pytest.raises(GroupPolicyError, match="already has a policy named"):
        site.run()
    adopted = simple(name)
    adopted["guid"] = other
    site.define(lock(site.lock), adopted, simple(site.second))
    site.run()
    assert site.policy(name)["made_here"]
    assert not site.run()["changed"]


def test_a_unit_that_is_not_there_is_refused_before_anything_is_written(site):
    lost = simple(f"Perdue {site.mark}")
    lost["links"] = [{"unit": "Nulle part"}]
    site.define(lock(site.lock), lost)
    with pytest.raises(GroupPolicyError, match="Nulle part"):
        site.run()
    assert lost["name"] not in {each["name"] for each in site.facts_without_definitions()["policies"]}


def test_wrong_credentials_and_a_silent_server_are_told_apart(site):
    with pytest.raises(DirectoryError, match="refused the credentials"):
        site.run(bind_password="wrong")
    with pytest.raises(DirectoryError, match="cannot be reached over LDAP"):
        site.run(server="127.0.0.1")


def test_nothing_is_written_when_sysvol_does_not_answer(site, monkeypatch):
    monkeypatch.setattr("ansible.module_utils.ad.smb._PORT", 446)
    with pytest.raises(SmbError, match="cannot be reached over SMB"):
        site.run(values={"delay": 30}, timeout_seconds=2)
    monkeypatch.undo()
    assert site.policy(site.lock)["settings"][
        r"user/registry/Software\Policies\Microsoft\Windows\Control Panel\Desktop\ScreenSaveTimeOut"
    ] == "600"  # fmt: skip


def test_an_account_that_may_only_read_writes_nothing(site):
    login, password = site.reader()
    with pytest.raises((GroupPolicyError, DirectoryError, SmbError), match=r"may not|refused|administrator"):
        site.run(values={"delay": 30}, bind_user=login, bind_password=password)
    quiet(site)


def test_backups_that_cannot_be_written_stop_the_run(site, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(GroupPolicyError, match="nothing was written"):
        site.run(values={"delay": 30}, backup_directory=str(blocked / "below"))
    quiet(site)


def test_purging_without_definitions_is_refused(site):
    with pytest.raises(GroupPolicyError, match="without any definition"):
        site.run(definitions=[], purge=True)
    assert names.leaf(site.policy(site.lock)["dn"]) == site.policy(site.lock)["guid"]
