"""Policies are written, broken by hand, healed, kept, put back and removed on a real domain controller."""

from __future__ import annotations

import re

import pytest
from ansible.module_utils.ad.group_policy import gpt_ini, plan_rights, registry_pol
from ansible.module_utils.ad.group_policy.links import GpoLink

from tests.unit.ad.group_policy.policy_live import healed, lock, made_site, quiet, simple, versions
from tests.unit.ad.password_live import connection, run_module

pytestmark = pytest.mark.live_directory

DEFAULT_DOMAIN_POLICY = "{31B2F340-016D-11D2-945F-00C04FB984F9}"
GUID = re.compile(r"\{[^}]+\}")
POL = r"MACHINE\Registry.pol"


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


def test_a_second_run_has_nothing_to_do(site):
    quiet(site)


def test_the_module_answers_as_documented(site, capsys):
    options = {name: value for name, value in site.options().items() if name not in connection() and value is not None}
    answer = run_module("ad_group_policy", capsys, **options)
    assert (answer["changed"], answer["changed_policies"], answer["backups"]) == (False, [], [])
    read = {name: options[name] for name in ("definitions", "values", "context")}
    facts = run_module("ad_group_policy_info", capsys, **read)["group_policy"]
    held = {each["name"]: each for each in facts["policies"]}
    assert held[site.lock]["settings"]["user/drives/P"]["path"] == r"\\fs1\essai"
    assert held[site.lock]["extensions"] == {"computer": ["registry", "security"], "user": ["registry", "Drives"]}
    assert (facts["differences"], facts["not_effective"]) == ([], [])


def test_only_the_half_that_changes_counts_on(site):
    before = versions(site, site.lock)
    changed = site.run(values={"delay": 15})
    assert changed["diff"]["before"].splitlines()[1].endswith('ScreenSaveTimeOut: "600"')
    assert changed["diff"]["after"].splitlines()[1].endswith('ScreenSaveTimeOut: "900"')
    assert versions(site, site.lock) == {"user": before["user"] + 1, "computer": before["computer"]}


def test_a_setting_edited_by_hand_is_put_right(site):
    guid = site.policy(site.lock)["guid"]
    with site.domain() as domain:
        rows = registry_pol.unpack(domain.share.read(guid).file(POL))
        other = registry_pol.RegistrySetting(r"SOFTWARE\Policies\Other", "Hand", "REG_DWORD", 1)
        wrong = registry_pol.RegistrySetting(rows[0].key, rows[0].name, "REG_DWORD", 0)
        site.write(domain, guid, {POL: registry_pol.pack([wrong, other])})
    setting = rf"{site.lock}: computer/registry/{rows[0].key}\{rows[0].name}"
    healed(site, {setting, rf"{site.lock}: computer/registry/SOFTWARE\Policies\Other\Hand"})


@pytest.mark.parametrize(
    "content", [b"", b"PReg\x01\x00\x00\x00[cut", b"\x00" * 40], ids=["empty", "cut short", "zeros"]
)
def test_a_file_that_cannot_be_read_is_written_anew(site, content):
    guid = site.policy(site.lock)["guid"]
    with site.domain() as domain:
        site.write(domain, guid, {POL: content})
    healed(site, {f"{site.lock}: computer/file/Registry.pol"})


def test_a_file_that_nobody_declared_is_removed(site):
    guid = site.policy(site.lock)["guid"]
    with site.domain() as domain:
        site.write(domain, guid, {r"USER\Documents & Settings\fdeploy1.ini": b"[Folder_Redirection]"})
    healed(site, {rf"{site.lock}: user/file/Documents & Settings\fdeploy1.ini"})


def test_a_folder_that_is_gone_is_made_again(site):
    with site.domain() as domain:
        domain.share.remove(site.policy(site.lock)["guid"])
    healed(site, {f"{site.lock}: folder", f"{site.lock}: user/drives/P"})


def test_versions_that_differ_are_brought_together(site):
    facts = site.policy(site.lock)
    with site.domain() as domain:
        domain.directory.change(facts["dn"], {"versionNumber": [str(gpt_ini.version(7, 9)).encode()]})
    healed(site, {f"{site.lock}: version"})
    assert versions(site, site.lock) == {"user": 7, "computer": 9}


def test_extensions_that_clients_need_come_back(site):
    with site.domain() as domain:
        domain.directory.change(site.policy(site.lock)["dn"], {"gPCUserExtensionNames": []})
    healed(site, {f"{site.lock}: extensions/user"})


def test_a_policy_switched_off_or_renamed_by_hand_is_on_again(site):
    with site.domain() as domain:
        domain.directory.change(site.policy(site.lock)["dn"], {"flags": [b"3"]})
    healed(site, {f"{site.lock}: status"})


def test_links_are_healed(site):
    dn = site.policy(site.lock)["dn"]
    for options in (1, 2, None):
        with site.domain() as domain:
            domain.directory.set_links(site.root, [] if options is None else [GpoLink(dn, options)])
        healed(site, {f"{site.lock}: links/{site.root}"})


def test_a_link_in_the_wrong_place_is_taken_away(site):
    dn = site.policy(site.lock)["dn"]
    with site.domain() as domain:
        domain.directory.set_links(site.stations, [*site.links(site.stations), GpoLink(dn)])
    healed(site, {f"{site.lock}: links/{site.stations}"})


def test_the_order_of_the_definitions_is_the_order_of_the_links(site):
    third = simple(f"Ordre {site.mark}")
    second = simple(site.second)
    site.define(lock(site.lock), third, second)
    site.run()
    assert site.policy(third["name"])["links"][0]["order"] == 1
    assert site.policy(site.second)["links"][0]["order"] == 2
    third["links"][0].update(order=2, enforced=True)
    second["links"][0]["order"] = 1
    site.define(lock(site.lock), third, second)
    site.run()
    assert site.policy(third["name"])["links"] == [
        {"target": site.stations, "order": 2, "enforced": True, "enabled": True}
    ]
    with site.domain() as domain:
        domain.directory.set_links(site.stations, tuple(reversed(site.links(site.stations))))
    assert f"{site.second}: links/{site.stations}" in site.differences()
    site.run()
    assert site.policy(site.second)["links"][0]["order"] == 1


def test_links_of_others_stay_below_and_are_told(site):
    foreign = f"CN={DEFAULT_DOMAIN_POLICY},CN=Policies,CN=System,{site.base}"
    with site.domain() as domain:
        domain.directory.set_links(site.root, [*site.links(site.root), GpoLink(foreign, 2)])
    outcome = site.run()
    assert {"target": site.root, "policy": foreign} in outcome["foreign_links"]
    assert site.links(site.root)[0].dn.casefold() == foreign.casefold(), "the first one stored gives way to the others"
    quiet(site)
    with site.domain() as domain:
        domain.directory.set_links(site.root, site.links(site.root)[1:])


def test_a_unit_that_blocks_inheritance_lets_policies_in_again(site):
    with site.domain() as domain:
        domain.directory.change(site.stations, {"gPOptions": [b"1"]})
    assert any(each["unit"] == site.stations for each in site.facts()["not_effective"])
    assert not site.run(inheritance="ignored")["changed"]
    healed(site, {f": inheritance/{site.stations}"})


def filtered(site, group):
    changed = lock(site.lock)
    changed["applies_to"] = [group]
    site.define(changed, simple(site.second))
    site.run()
    return site.policy(site.lock)


def test_a_policy_for_a_group_stays_readable_for_everyone(site):
    facts = filtered(site, {"rid": 513})
    assert [sid.rsplit("-", 1)[1] for sid in facts["applies_to"]] == ["513"]
    with site.domain() as domain:
        rights = plan_rights.filtering(domain.directory.container(facts["dn"]).descriptor)
    assert {"S-1-5-11", facts["applies_to"][0]} <= set(rights.readers)
    quiet(site)
    site.define()
    site.run()
    assert site.policy(site.lock)["applies_to"] == ["S-1-5-11"]
    quiet(site)


def test_a_filter_changed_by_hand_is_put_right(site):
    facts = site.policy(site.lock)
    with site.domain() as domain:
        container = domain.directory.container(facts["dn"])
        wrong = plan_rights.container_rights(container.descriptor, ["S-1-5-32-546"])
        domain.directory.set_rights(facts["dn"], wrong)
    healed(site, {f"{site.lock}: applies_to"})


def test_rights_changed_on_a_file_are_put_right(site):
    guid = site.policy(site.lock)["guid"]
    with site.domain() as domain:
        domain.share.set_rights(guid, [POL], domain.share.read(DEFAULT_DOMAIN_POLICY).descriptors[""])
    if site.policy(site.lock)["wrong_rights"]:
        healed(site, {f"{site.lock}: rights"})
    else:
        pytest.fail("the file took no other rights: nothing was tried")
