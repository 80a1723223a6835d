"""A machine is asked page after page, codes of the registry are told apart, and the shell is closed whatever happens."""

from __future__ import annotations

from typing import Any, cast

import pytest
from ansible.module_utils.wsman import allowed, answers, faults, names
from ansible.module_utils.wsman.channel import Channel, HostError, RefusalError
from ansible.module_utils.wsman.client import USERS, Client, WrongTypeError
from ansible.module_utils.wsman.faults import FaultError

from tests.unit.wsman import samples


class Wire:
    """Answers in order; every question is kept. An answer of bytes is a fault."""

    endpoint = "https://pc-1.example.lan:5986/wsman"

    def __init__(self, *bodies: str | bytes) -> None:
        self.bodies, self.asked, self.sent = list(bodies), [], 0  # type: ignore[var-annotated]

    def seconds_left(self) -> float:
        return 12.7

    def send(self, data: bytes) -> bytes:
        allowed.check(data)
        root = answers.parse(data)
        self.asked.append(root)
        body = self.bodies.pop(0)
        if isinstance(body, bytes):
            raise RefusalError(body)
        number = (root.findtext(f".//{{{names.ADDRESSING}}}MessageID") or "").removeprefix("uuid:")
        return samples.answer(body, relates=number)

    def close(self) -> None:
        """Nothing to close."""

    def actions(self) -> list[str]:
        found = (root.findtext(f".//{{{names.ADDRESSING}}}Action") or "" for root in self.asked)
        return [action.rsplit("/", 1)[-1] for action in found]


def client(*bodies: str | bytes) -> tuple[Client, Wire]:
    wire = Wire(*bodies)
    return Client(cast(Channel, wire)), wire


def row(name: str) -> str:
    return samples.fragment(("Name", name))


_QUERY = "SELECT Name FROM Win32_Service WHERE Name='a<b & \"c\"'"


def test_rows_are_asked_page_after_page_until_the_end() -> None:
    asked, wire = client(
        samples.first_page(row("a"), "uuid:1", ended=False),
        samples.next_page(row("b") + row("c"), "uuid:2", ended=False),
        samples.next_page(row("d")),
    )
    assert [each["Name"] for each in asked.rows(names.CIMV2, _QUERY)] == ["a", "b", "c", "d"]
    assert wire.actions() == ["Enumerate", "Pull", "Pull"]
    assert wire.asked[2].findtext(f".//{{{names.ENUMERATION}}}EnumerationContext") == "uuid:2"


def test_a_query_travels_whole_and_says_how_long_it_may_take() -> None:
    asked, wire = client(samples.first_page(""))
    assert asked.rows(names.CIMV2, _QUERY) == []
    assert wire.asked[0].findtext(f".//{{{names.WSMAN}}}Filter") == _QUERY
    assert wire.asked[0].findtext(f".//{{{names.WSMAN}}}OperationTimeout") == "PT12S"
    assert wire.asked[0].find(f".//{{{names.WSMAN}}}OptimizeEnumeration") is not None


def test_an_enumeration_without_an_end_is_ended_here() -> None:
    endless = [samples.next_page(row("x"), "uuid:1", ended=False)] * 400
    asked, _wire = client(samples.first_page("", "uuid:1", ended=False), *endless)
    with pytest.raises(HostError, match="more than 200 pages"):
        asked.rows(names.CIMV2, _QUERY)


@pytest.mark.parametrize(
    ("inner", "kind", "expected"),
    [
        ("<p:uValue>4</p:uValue>", "DWORD", "4"),
        ("<p:sValue>Éditeur</p:sValue>", "String", "Éditeur"),
        ("<p:sValue>a</p:sValue><p:sValue>b</p:sValue>", "MultiString", ["a", "b"]),
        ("<p:uValue>1</p:uValue><p:uValue>255</p:uValue>", "Binary", ["1", "255"]),
    ],
)
def test_a_value_of_the_registry_comes_as_it_travels(inner: str, kind: str, expected: Any) -> None:
    asked, wire = client(samples.method_output(f"Get{kind}Value", inner))
    assert asked.value(kind, "SOFTWARE\\x", "y") == expected
    assert wire.asked[0].findtext(f".//{{{names.REGISTRY}}}hDefKey") == "2147483650"


@pytest.mark.parametrize("code", [1, 2])
def test_no_such_value_and_no_such_key_are_none(code: int) -> None:
    nil = '<p:uValue xsi:nil="true"/>'
    asked, _wire = client(samples.method_output("GetDWORDValue", nil, code))
    assert asked.value("DWORD", "x", "y") is None


def test_a_number_that_did_not_come_is_never_an_absence() -> None:
    asked, _wire = client(samples.method_output("GetDWORDValue", '<p:uValue xsi:nil="true"/>'))
    with pytest.raises(FaultError, match="y came without its number"):
        asked.value("DWORD", "x", "y")


def test_a_refusal_of_the_registry_is_never_an_absence() -> None:
    asked, _wire = client(samples.method_output("EnumKey", "", 5), samples.method_output("EnumKey", "", 1450))
    with pytest.raises(FaultError, match="access_denied"):
        asked.keys("SAM")
    with pytest.raises(FaultError, match="1450"):
        asked.keys("SAM")


def test_a_value_of_another_type_is_told() -> None:
    asked, _wire = client(samples.method_output("GetDWORDValue", "", 0x80041005))
    with pytest.raises(WrongTypeError):
        asked.value("DWORD", "x", "y")


def test_keys_and_values_are_lists_also_of_one_and_of_none() -> None:
    asked, wire = client(
        samples.method_output("EnumKey", "<p:sNames>S-1-5-18</p:sNames>"),
        samples.method_output("EnumValues", '<p:sNames xsi:nil="true"/><p:Types xsi:nil="true"/>'),
        samples.method_output("EnumKey", "", 2),
    )
    assert asked.keys("", USERS) == ["S-1-5-18"]
    assert asked.values("x") == []
    assert asked.keys("y") is None
    assert wire.asked[0].findtext(f".//{{{names.REGISTRY}}}hDefKey") == "2147483651"


def test_an_instance_is_asked_by_its_keys() -> None:
    asked, wire = client(samples.whole("Win32_Group", "<p:SID>S-1-5-21-1-2-3-512</p:SID>"))
    resource = f"{names.WMI}root/cimv2/Win32_Group"
    assert asked.instance(resource, {"Domain": "D", "Name": "A & B"})["SID"].endswith("-512")
    selectors = {each.get("Name"): each.text for each in wire.asked[0].iter(f"{{{names.WSMAN}}}Selector")}
    assert selectors == {"Domain": "D", "Name": "A & B"}


def test_a_fault_is_told_and_the_next_question_may_be_put() -> None:
    asked, _wire = client(samples.fault(5, "Accès refusé"), samples.first_page(row("a")))
    with pytest.raises(FaultError, match="access_denied"):
        asked.rows(names.CIMV2, _QUERY)
    assert len(asked.rows(names.CIMV2, _QUERY)) == 1


def test_listings_are_read_in_pieces_in_one_shell() -> None:
    asked, wire = client(
        samples.shell_made("S"),
        samples.command_started("C"),
        samples.written(b"HKEY_", done=False),
        samples.fault(2150858793, "timeout"),
        samples.written("É\r\n".encode()),
        samples.command_started("D"),
        samples.written(b"", code=1),
        "",
    )
    assert asked.listings("system", "wow") == {"system": ("HKEY_É\r\n", 0), "wow": ("", 1)}
    assert wire.actions() == ["Create", "Command", "Receive", "Receive", "Receive", "Command", "Receive", "Delete"]


@pytest.mark.parametrize("broken", [samples.fault(5, "x"), samples.fault(2150858843, "x")])
def test_the_shell_is_closed_when_the_command_is_refused(broken: bytes) -> None:
    asked, wire = client(samples.shell_made("S"), broken, "")
    with pytest.raises(FaultError):
        asked.listings("system")
    assert wire.actions()[-1] == "Delete"


def test_the_first_refusal_is_told_and_not_that_of_closing() -> None:
    asked, _wire = client(samples.shell_made("S"), samples.fault(5, "x"), samples.fault(2150858843, "x"))
    with pytest.raises(FaultError, match="access_denied"):
        asked.listings("system")


def test_what_is_no_answer_is_the_end_of_the_host() -> None:
    asked, _wire = client("<p:Strange/>", b"<html>proxy</html>", samples.answer("<x:NoFault/>"))
    for _ in range(3):
        with pytest.raises(HostError, match="odd"):
            asked.rows(names.CIMV2, _QUERY)


def test_a_fault_keeps_its_kind() -> None:
    asked, _wire = client(samples.fault(2150859002, "x", inside=0x8004100E))
    with pytest.raises(FaultError) as caught:
        asked.rows(names.BITLOCKER, "SELECT DriveLetter, ProtectionStatus FROM Win32_EncryptableVolume")
    assert caught.value.fault.kind == faults.NOT_HERE
