"""Group Policy files that we write, read by the controller's own code instead of ours."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible.module_utils.ad.group_policy import preferences, registry_pol, scripts_ini, security_template
from ansible.module_utils.ad.group_policy.preferences import DriveMapping
from ansible.module_utils.ad.group_policy.registry_pol import RegistrySetting
from ansible.module_utils.ad.group_policy.scripts_ini import ScriptLine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.compliance.conftest import connect, hosts_of
from tests.unit.ad.group_policy import generated, written
from tests.unit.ad.group_policy.samples_of import sample

DC = hosts_of("domain_controllers")[0]
READER = Path(written.__file__).with_name("samba_reader.py")
#: Each example is one connection: files come in batches, and a failure is shown as it was found.
REMOTE = settings(
    max_examples=4,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
#: Samba takes any = for the end of a key, and strips what Unicode calls a blank.
PORTABLE_LINE = generated.LINE.filter(
    lambda text: "=" not in text and text.strip() == text and len(text.splitlines()) < 2
)
TEMPLATES = st.dictionaries(
    st.sampled_from(["System Access", "Kerberos Policy", "Privilege Rights", "Event Audit"]),
    st.dictionaries(generated.WORD, PORTABLE_LINE, max_size=5),
    max_size=4,
)
SCRIPTS = st.lists(
    st.builds(ScriptLine, st.sampled_from(sorted(scripts_ini.EVENTS)), PORTABLE_LINE, PORTABLE_LINE), max_size=6
).map(tuple)


def read_by_samba(files: Mapping[str, bytes]) -> dict[str, Any]:
    """What Samba's code finds in these files on the controller."""
    sent = json.dumps({name: base64.b64encode(raw).decode() for name, raw in files.items()}).encode()
    given_files, code = (base64.b64encode(gzip.compress(each)).decode() for each in (sent, READER.read_bytes()))
    unpacked = "base64 -d | gunzip"
    output = connect(DC).check_output(f'echo {given_files} | {unpacked} | python3 -c "$(echo {code} | {unpacked})"')
    return dict(json.loads(output))


def test_the_controller_reads_our_files_as_recorded() -> None:
    recorded = json.loads(sample("read_by_samba", "readings.json"))
    assert read_by_samba(written.FILES) == recorded


@REMOTE
@given(st.lists(generated.registry_settings(generated.CLEAN), min_size=15, max_size=15))
def test_the_controller_finds_every_registry_value(policies: list[tuple[RegistrySetting, ...]]) -> None:
    found = read_by_samba({f"{n}.pol": registry_pol.pack(each) for n, each in enumerate(policies)})
    assert found == {f"{n}.pol": written.registry_reading(each) for n, each in enumerate(policies)}


@REMOTE
@given(st.lists(TEMPLATES, min_size=15, max_size=15))
def test_the_controller_finds_every_security_setting(policies: list[dict[str, dict[str, str]]]) -> None:
    files = {f"{n}.inf": security_template.pack(security_template.template(each)) for n, each in enumerate(policies)}
    found = read_by_samba(files)
    for number, sections in enumerate(policies):
        assert found[f"{number}.inf"]["sections"] == written.template_reading(sections)


@REMOTE
@given(st.lists(st.lists(generated.DRIVES, max_size=4).map(tuple), min_size=15, max_size=15))
def test_the_controller_finds_every_drive(policies: list[tuple[DriveMapping, ...]]) -> None:
    files = {
        f"{n}.xml": preferences.pack(preferences.PreferenceFile("Drives", each)) for n, each in enumerate(policies)
    }
    found = read_by_samba(files)
    assert [found[name]["items"] for name in files] == [written.drive_readings(each) for each in policies]


@REMOTE
@given(st.lists(SCRIPTS, min_size=15, max_size=15))
def test_the_controller_finds_every_script(policies: list[tuple[ScriptLine, ...]]) -> None:
    files = {f"{n}scripts.ini": scripts_ini.pack(scripts_ini.ScriptsFile(each)) for n, each in enumerate(policies)}
    found = read_by_samba(files)
    assert [found[name] for name in files] == [written.script_readings(each) for each in policies]
