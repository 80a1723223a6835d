"""scripts.ini and psscripts.ini ([MS-GPSCR] 2.2)."""

from __future__ import annotations

import pytest
from ansible.module_utils.ad.group_policy import GroupPolicyDataError, scripts_ini
from ansible.module_utils.ad.group_policy.scripts_ini import EVENTS, ScriptLine, ScriptsFile, pack, unpack
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.ad.group_policy.generated import SCRIPT_LINES
from tests.unit.ad.group_policy.samples_of import FUZZ, PROPERTIES, mutated, sample

FILE, POWERSHELL = sample("windows", "scripts.ini"), sample("windows", "psscripts.ini")


def test_the_scripts_of_windows_are_read_in_their_order():
    found = unpack(FILE)
    assert found.of("logon") == (
        ScriptLine("logon", "bienvenue.cmd"),
        ScriptLine("logon", r"\\srv1\netlogon\imprimantes.vbs", '/étage:2 "a = b"'),
    )
    assert found.of("logoff") == (ScriptLine("logoff", "adieu.cmd"),)
    assert found.of("startup") == ()


def test_the_order_of_powershell_scripts_is_kept():
    found = unpack(POWERSHELL, scripts_ini.POWERSHELL)
    assert found.scripts == (ScriptLine("startup", "inventaire.ps1", "-Verbose"),)
    assert found.other == (("ScriptsConfig", (("StartExecutePSFirst", "true"),)),)


@pytest.mark.parametrize("raw", [FILE, POWERSHELL])
def test_the_files_of_windows_are_written_back_to_the_byte(raw):
    assert pack(unpack(raw)) == raw


@PROPERTIES
@given(SCRIPT_LINES)
def test_every_list_of_scripts_comes_back(lines):
    ordered = tuple(line for event in EVENTS for line in lines if line.event == event)
    assert unpack(pack(ScriptsFile(lines))) == ScriptsFile(ordered)


def test_scripts_run_by_their_numbers_not_by_their_place():
    text = "[LOGON]\r\n10CmdLine=c\r\n2cmdline=b\r\n2Parameters=x\r\n0CmdLine=a\r\n0Parameters=\r\n10Parameters=\r\n"
    found = unpack(text.encode())
    assert [(line.command, line.parameters) for line in found.scripts] == [("a", ""), ("b", "x"), ("c", "")]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[Logon]\nCmdLine=a\n", "is no <number>CmdLine"),
        ("[Logon]\n0CmdLine\n", "is no <number>CmdLine"),
        ("[Logon]\n0Command=a\n", "is no <number>CmdLine"),
        ("[Logon]\n0Parameters=a\n", "0Parameters has no 0CmdLine"),
        ("[Logon]\n0CmdLine=a\n0cmdline=b\n", "is there twice"),
    ],
)
def test_what_is_no_list_of_scripts_is_refused(text, why):
    with pytest.raises(GroupPolicyDataError, match=why):
        unpack(text.encode())


@pytest.mark.parametrize(
    "script",
    [ScriptLine("lunch", "a"), ScriptLine("logon", "a\nb"), ScriptLine("logon", "a", " b"), ScriptLine("logon", "a\t")],
)
def test_a_script_that_a_file_cannot_hold_is_refused(script):
    with pytest.raises(GroupPolicyDataError, match=r"scripts\.ini"):
        pack(ScriptsFile((script,)))


@FUZZ
@given(st.binary(max_size=120) | mutated(FILE) | mutated(POWERSHELL))
def test_broken_bytes_are_refused_or_can_be_written_again(raw):
    try:
        found = unpack(raw)
        packed = pack(found)
    except GroupPolicyDataError:
        return
    assert unpack(packed) == found


def test_each_event_has_its_section():
    text = b"[Startup]\n0CmdLine=a\n[Shutdown]\n0CmdLine=b\n[Logon]\n0CmdLine=c\n[Logoff]\n0CmdLine=d\n"
    assert [(line.event, line.command) for line in unpack(text).scripts] == [
        ("startup", "a"),
        ("shutdown", "b"),
        ("logon", "c"),
        ("logoff", "d"),
    ]
