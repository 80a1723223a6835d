"""Another reader than ours finds in our files what we put there: Samba's, recorded; the lab asks it again."""

from __future__ import annotations

import json

import pytest
from ansible.module_utils.ad import security_descriptor as sd
from ansible.module_utils.ad.group_policy import gpt_ini, preferences, registry_pol, scripts_ini, security_template

from tests.unit.ad.group_policy import written
from tests.unit.ad.group_policy.samples_of import sample

READINGS = json.loads(sample("read_by_samba", "readings.json"))


@pytest.mark.parametrize("name", sorted(written.FILES))
def test_we_still_write_the_bytes_that_samba_read(name):
    assert written.FILES[name] == sample("read_by_samba", name)


def test_samba_found_every_registry_value():
    assert READINGS["Registry.pol"] == written.registry_reading(written.REGISTRY)
    assert registry_pol.unpack(sample("read_by_samba", "Registry.pol")) == written.REGISTRY


def test_samba_found_every_security_setting():
    wanted = {
        title: dict(entries)
        for title, entries in written.TEMPLATE.sections
        if title not in (security_template.UNICODE, security_template.VERSION)
    }
    found = READINGS["GptTmpl.inf"]
    lines = [f"{key}={value}" for key, value in wanted["Registry Values"].items()]
    assert found["sections"] == {
        **written.template_reading({title: each for title, each in wanted.items() if title != "Registry Values"}),
        "Registry Values": lines,
    }
    assert {title: found["applied"][title] for title in wanted} == wanted
    assert security_template.unpack(sample("read_by_samba", "GptTmpl.inf")) == written.TEMPLATE


def test_samba_found_every_drive_and_would_mount_it():
    found = READINGS["Drives.xml"]
    assert found["items"] == written.drive_readings(written.DRIVES)
    assert found["mounted"] == {
        "Atelier & « pièces » <neuves>": "gio mount smb://fs1/atelier",
        "Commun": "gio mount smb://fs1/commun",
        "ancien": "gio mount smb: --unmount",
    }
    assert preferences.unpack(sample("read_by_samba", "Drives.xml")).items == written.DRIVES


def test_samba_found_every_script():
    assert READINGS["scripts.ini"] == written.script_readings(written.SCRIPTS)
    assert scripts_ini.unpack(sample("read_by_samba", "scripts.ini")).scripts == written.SCRIPTS


def test_samba_found_the_version():
    assert READINGS["GPT.INI"] == {"Version": "196613", "displayName": "New Group Policy Object"}
    assert gpt_ini.unpack(sample("read_by_samba", "GPT.INI")).version == 196613


def test_samba_found_the_rights_and_writes_them_the_same():
    raw = sample("read_by_samba", "folder.sd")
    domain = "S-1-5-21-1-2-3"
    text, again = READINGS["folder.sd"]
    assert text == (
        f"O:{domain}-512G:{domain}-512D:P(A;OICI;FA;;;{domain}-512)(A;OICIIO;FA;;;CO)"
        f"(OA;OICI;;{written.APPLY_GROUP_POLICY};;AU)(D;;SD;;;WD)S:(AU;OICISAFA;SD;;;WD)"
    )
    assert again == raw.hex()
    assert sd.unpack(raw).dacl == written.FOLDER.dacl
    assert sd.unpack(raw).sacl == written.FOLDER.sacl
