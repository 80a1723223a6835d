"""The closed list of commands, in the words and the code page of the machine."""

from __future__ import annotations

import base64

import pytest

from tests.unit.winrm_park.park_samples import LOGIN, asked, body, envelope, fault_codes, machine, only
from tests.winrm_park import commands, faults, names, psrp
from tests.winrm_park.service import Service
from tests.winrm_park.shell import CMD

UNINSTALL = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"


def run(line, **own):
    made = machine(**own)
    return commands.run(made, line, LOGIN), made


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("hostname", "PC-1\r\n"),
        ("cmd /c hostname", "PC-1\r\n"),
        (r"C:\Windows\System32\HOSTNAME.EXE", "PC-1\r\n"),
        ("whoami", "example\\audit\r\n"),
        ("ver", "\r\nMicrosoft Windows [Version 10.0.19045.5371]\r\n"),
        ("echo a b", "a b\r\n"),
        ("hostname & echo x", "PC-1\r\nx\r\n"),
    ],
)
def test_a_command_of_the_list_answers(line, said):
    done, made = run(line)
    assert (done.output, done.error, done.code) == (said, "", 0)
    assert made.told.unsimulated == []


@pytest.mark.parametrize(
    "line",
    [
        "powershell -EncodedCommand AAAA",
        "schtasks /query",
        "dism /online",
        "wmic os get caption",
        r"reg add HKLM\X /v A",
        r"reg delete HKLM\X",
        "reg query HKLM /f x",
        "hostname | more",
        "hostname & del x",
        "hostname > c:\\x",
        "ver /x",
        "",
    ],
)
def test_any_other_command_fails_loudly_and_is_noted(line):
    done, made = run(line)
    assert done.code == commands.NOT_RECOGNISED
    assert "Garant simulator: command not simulated" in done.error
    assert made.told.unsimulated == [f"command {line}"]


def test_the_programs_are_listed_in_both_views():
    done, _made = run(f"reg query {UNINSTALL} /s")
    assert "\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\7-Zip\r\n" in done.output
    assert "    DisplayName    REG_SZ    7-Zip 24.09 (x64)\r\n" in done.output
    assert "Java" not in done.output
    assert "Java 8" in run(f"reg query {UNINSTALL} /s /reg:32")[0].output


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "Erreur"), ("en", "ERROR"), ("de", "FEHLER")]
)  # the words differ, the code does not
def test_a_key_that_is_not_there_is_an_error_in_the_language_of_the_machine(language, said):
    done, _made = run(r"reg query HKLM\SOFTWARE\Nowhere /s", language=language)
    assert (done.code, done.output) == (1, "")
    assert said in done.error


def test_types_are_shown_as_reg_shows_them():
    values = {"D": 255, "M": ["a", "b"], "B": {"binary": "0aff"}, "": "x"}
    done, _made = run(r"reg query HKLM\SOFTWARE\Exemple", language="fr", registry={r"HKLM\SOFTWARE\Exemple": values})
    assert done.output.split("\r\n")[2:6] == [
        "    D    REG_DWORD    0xff",
        r"    M    REG_MULTI_SZ    a\0b",
        "    B    REG_BINARY    0AFF",
        "    (par défaut)    REG_SZ    x",
    ]


def test_one_value_is_asked_by_its_name():
    path = r"HKLM\SYSTEM\CurrentControlSet\Services\USBSTOR"
    done, _made = run(f"reg query {path} /v start")
    assert "    Start    REG_DWORD    0x3" in done.output
    assert run(f"reg query {path} /v nothing")[0].code == 1


def test_a_reboot_is_for_administrators():
    assert run("shutdown /r /t 0")[0].reboot
    refused = commands.run(machine(states=["not_administrator"]), "shutdown /r /t 0", LOGIN)
    assert (refused.reboot, refused.code) == (False, 5)


# Over the wire


def shell(service, page="65001"):
    options = f'<w:OptionSet><w:Option Name="WINRS_CODEPAGE">{page}</w:Option></w:OptionSet>' if page else ""
    made = asked(service, envelope(CMD, f"{names.TRANSFER}/Create", "<rsp:Shell/>", options))
    number = made.findtext(".//w:Selector", "", names.SEARCH)
    return f'<w:SelectorSet><w:Selector Name="ShellId">{number}</w:Selector></w:SelectorSet>'


def verb(name):
    return f"{names.SHELL}/{name}"


def start(service, selector, line):
    content = f"<rsp:CommandLine><rsp:Command>{line}</rsp:Command></rsp:CommandLine>"
    return asked(service, envelope(CMD, verb("Command"), content, selector))[0].text


def receive(selector, number, largest=153600):
    content = f'<rsp:Receive><rsp:DesiredStream CommandId="{number}">stdout stderr</rsp:DesiredStream></rsp:Receive>'
    header = f"{selector}<w:MaxEnvelopeSize>{largest}</w:MaxEnvelopeSize>"
    return envelope(CMD, verb("Receive"), content, header)


def streams(answer, name="stdout"):
    found = answer.iterfind("rsp:Stream", names.SEARCH)
    return b"".join(base64.b64decode(each.text or "") for each in found if each.get("Name") == name)


def test_a_long_output_comes_in_pieces_and_ends_with_its_code():
    service = Service(machine())
    selector = shell(service)
    number = start(service, selector, f"reg query {UNINSTALL} /s")
    said, answers = b"", 0
    while True:
        answer = asked(service, receive(selector, number, 3600))
        said, answers = said + streams(answer), answers + 1
        state = only(answer, "rsp:CommandState")
        if state.get("State", "").endswith("Done"):
            break
        assert state.get("State", "").endswith("Running")
        assert state.find("rsp:ExitCode", names.SEARCH) is None
    assert answers > 1
    assert said.decode() == commands.run(service.machine, f"reg query {UNINSTALL} /s", LOGIN).output
    assert state.findtext("rsp:ExitCode", "", names.SEARCH) == "0"


@pytest.mark.parametrize(("page", "encoding"), [("65001", "utf-8"), ("", "cp850")])
def test_words_go_out_in_the_code_page_of_the_shell(page, encoding):
    service = Service(machine(language="de"))
    selector = shell(service, page)
    number = start(service, selector, "nothing")
    assert "konnte nicht gefunden werden" in streams(asked(service, receive(selector, number)), "stderr").decode(
        encoding
    )
    service = Service(machine(language="fr"))
    selector = shell(service, page)
    number = start(service, selector, "nothing")
    assert "exécutable" in streams(asked(service, receive(selector, number)), "stderr").decode(encoding)


def test_a_command_that_takes_its_time_is_a_timeout_that_the_client_repeats():
    service = Service(machine(behaviour={"slow": {"receive_timeouts": 2}}))
    selector = shell(service)
    number = start(service, selector, "hostname")
    for _each in range(2):
        assert fault_codes(service, receive(selector, number)) == [faults.RECEIVE_TIMED_OUT]
    assert streams(asked(service, receive(selector, number))) == b"PC-1\r\n"


def test_a_shell_that_was_deleted_is_gone():
    service = Service(machine())
    selector = shell(service)
    assert service.answer(envelope(CMD, f"{names.TRANSFER}/Delete", "", selector), LOGIN).status == 200
    assert len(service.shells) == 0
    content = "<rsp:CommandLine><rsp:Command>ver</rsp:Command></rsp:CommandLine>"
    assert fault_codes(service, envelope(CMD, verb("Command"), content, selector)) == [faults.SHELL_NOT_FOUND]


@pytest.mark.parametrize(
    ("resource", "noted"),
    [(psrp.POWERSHELL, f"shell {psrp.POWERSHELL} without psrpcore"), ("http://x/y", "shell http://x/y")],
)
def test_another_shell_is_refused_loudly(monkeypatch, resource, noted):
    monkeypatch.setattr(psrp, "psrpcore", None)
    service = Service(machine())
    assert fault_codes(service, envelope(resource, f"{names.TRANSFER}/Create", "<rsp:Shell/>"))
    assert service.machine.told.unsimulated == [noted]


def test_a_command_that_reboots_says_so_to_the_endpoint():
    service = Service(machine())
    selector = shell(service)
    number = start(service, selector, "shutdown /r /t 0")
    assert service.answer(receive(selector, number), LOGIN).reboot
    assert not service.answer(receive(selector, number), LOGIN).reboot
    assert body(service.answer(receive(selector, number), LOGIN)) is not None
