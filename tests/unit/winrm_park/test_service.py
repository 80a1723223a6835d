"""WS-Management of a machine, by requests written here: shapes, pages, refusals."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from tests.unit.winrm_park.park_samples import (
    asked,
    body,
    call,
    envelope,
    fault_codes,
    listed,
    machine,
    only,
    pull,
    query,
)
from tests.winrm_park import VENDOR, faults, names
from tests.winrm_park.service import Service
from tests.winrm_park.tables import CLASSES

IDENTIFY = (
    f'<s:Envelope xmlns:s="{names.SOAP}" xmlns:i="{names.IDENTITY}"><s:Header/><s:Body><i:Identify/></s:Body>'
    "</s:Envelope>"
).encode()
HOTFIXES = [f"KB{number:07d}" for number in range(60)]


def envelope_size(largest):
    return f"<w:MaxEnvelopeSize>{largest}</w:MaxEnvelopeSize>"


def test_identify_says_that_the_machine_is_simulated():
    said = Service(machine("7")).answer(IDENTIFY, "")
    assert body(said).findtext(".//wsmid:ProductVendor", "", names.SEARCH) == VENDOR
    assert body(said).findtext(".//wsmid:ProductVersion", "", names.SEARCH) == "OS: 6.1.7601 SP: 0.0 Stack: 2.0"


@pytest.mark.parametrize("system", ["xp", "7", "10", "11"])
@pytest.mark.parametrize("language", ["fr", "en", "de"])
def test_every_class_of_every_system_answers_whole(system, language):
    made = machine(system, language=language)
    service = Service(made)
    there = [each for each in CLASSES if each.on(made)]
    assert len(there) > 10
    for each in there:
        found = asked(service, query(f"SELECT * FROM {each.name}", each.namespace))  # noqa: S608 -- WQL
        assert found.find("w:EndOfSequence", names.SEARCH) is not None
        for row in each.rows(made):
            assert set(row) <= set(each.properties.split()), f"{each.name} shows more than it says"


def test_the_caption_carries_the_banner_in_every_language():
    for language in ("fr", "en", "de"):
        rows = listed(asked(Service(machine(language=language)), query("SELECT Caption FROM Win32_OperatingSystem")))
        assert f"({VENDOR})" in str(rows[0]["Caption"])


def test_a_projection_has_no_namespace_and_a_whole_row_has_that_of_its_class():
    service = Service(machine())
    fragment = only(asked(service, query("SELECT Name, Domain FROM Win32_ComputerSystem")), "w:Items/*")
    assert fragment.tag == f"{{{names.WSMAN}}}XmlFragment"
    assert [each.tag for each in fragment] == ["Name", "Domain"]
    whole = only(asked(service, query("SELECT * FROM Win32_ComputerSystem")), "w:Items/*")
    uri = f"{names.WMI}root/cimv2/Win32_ComputerSystem"
    assert whole.tag == f"{{{uri}}}Win32_ComputerSystem"
    assert {each.tag.partition("}")[0] for each in whole} == {f"{{{uri}"}


def test_a_null_is_nil_an_array_repeats_and_a_date_has_an_element_of_its_own():
    service = Service(machine())
    row = asked(service, query("SELECT CSDVersion, InstallDate FROM Win32_OperatingSystem"))[1][0]
    assert row[0].get(f"{{{names.SCHEMA_INSTANCE}}}nil") == "true"
    assert row[1][0].tag == "Datetime"
    both = machine("10", hardware={"chassis": [3, 10]})
    row = asked(Service(both), query("SELECT ChassisTypes FROM Win32_SystemEnclosure"))[1][0]
    assert [each.text for each in row] == ["3", "10"]


def test_a_member_of_a_group_is_a_reference_that_can_be_got():
    service = Service(machine(language="fr"))
    wql = (
        "SELECT PartComponent FROM Win32_GroupUser WHERE "
        "GroupComponent=\"Win32_Group.Domain='PC-1',Name='Administrateurs'\""
    )
    members = asked(service, query(wql))[1]
    assert len(members) == 2
    for member in members:
        resource = member.findtext(".//w:ResourceURI", "", names.SEARCH)
        selectors = "".join(ET.tostring(each, "unicode") for each in member.iterfind(".//w:SelectorSet", names.SEARCH))
        row = asked(service, envelope(resource, f"{names.TRANSFER}/Get", "", selectors))
        assert (row.findtext(f"{{{resource}}}SID") or "").startswith("S-1-5-21-")


@pytest.mark.parametrize(("most", "largest"), [(7, 153600), (32000, 8192)])
def test_rows_come_in_pages_by_number_and_by_size(most, largest):
    service = Service(machine(updates={"hotfixes": HOTFIXES}))
    page = asked(service, query("SELECT * FROM Win32_QuickFixEngineering", most=most, header=envelope_size(largest)))
    rows, pages = listed(page), 1
    while context := page.findtext("n:EnumerationContext", "", names.SEARCH):
        page = asked(service, pull(context, most, envelope_size(largest)))
        rows += listed(page)
        pages += 1
    assert [row["HotFixID"] for row in rows] == HOTFIXES
    assert pages > 5
    assert page.find("n:EndOfSequence", names.SEARCH) is not None


def test_no_page_is_larger_than_the_client_takes():
    service = Service(machine(updates={"hotfixes": HOTFIXES}))
    answer = service.answer(query("SELECT * FROM Win32_QuickFixEngineering", header=envelope_size(8192)), "")
    assert 4096 < len(answer.body) < 8192


def test_without_optimisation_only_a_context_comes_back():
    service = Service(machine())
    page = asked(service, query("SELECT Name FROM Win32_ComputerSystem", optimize=False))
    assert [each.tag for each in page] == [f"{{{names.ENUMERATION}}}EnumerationContext"]
    assert listed(asked(service, pull(str(page[0].text)))) == [{"Name": "PC-1"}]


def test_a_context_is_used_up_by_its_last_page():
    service = Service(machine())
    page = asked(service, query("SELECT Name FROM Win32_ComputerSystem", optimize=False))
    asked(service, pull(str(page[0].text)))
    assert fault_codes(service, pull(str(page[0].text))) == [faults.BAD_CONTEXT]


@pytest.mark.parametrize(
    ("system", "wql", "namespace", "codes"),
    [
        ("10", "SELECT * FROM NoSuchClass", "root/cimv2", [faults.NO_CLASS, faults.WBEM_INVALID_CLASS]),
        ("10", "SELECT * FROM X", "root/nosuchplace", [faults.NO_NAMESPACE, faults.WBEM_INVALID_NAMESPACE]),
        ("10", "SELEKT * FROM X", "root/cimv2", [faults.BAD_FILTER, faults.WBEM_INVALID_QUERY]),
        ("xp", "SELECT NumberOfCores FROM Win32_Processor", "root/cimv2", [faults.BAD_FILTER, faults.WBEM_INVALID_QUERY]),
        ("xp", "SELECT * FROM AntiVirusProduct", "root/SecurityCenter2", [faults.NO_NAMESPACE, faults.WBEM_INVALID_NAMESPACE]),
        ("xp", "SELECT Name FROM SoftwareLicensingProduct", "root/cimv2", [faults.NO_CLASS, faults.WBEM_INVALID_CLASS]),
        ("7", "SELECT * FROM Win32_EncryptableVolume", "root/cimv2/Security/MicrosoftVolumeEncryption",
         [faults.NO_NAMESPACE, faults.WBEM_INVALID_NAMESPACE]),
        ("7", "SELECT * FROM MSFT_MpComputerStatus", "root/Microsoft/Windows/Defender",
         [faults.NO_NAMESPACE, faults.WBEM_INVALID_NAMESPACE]),
    ],
)  # fmt: skip
def test_what_a_system_does_not_have_is_a_refusal_with_its_codes(system, wql, namespace, codes):
    service = Service(machine(system))
    assert fault_codes(service, query(wql, namespace)) == codes
    assert service.machine.told.unsimulated == []


@pytest.mark.parametrize(
    ("request_", "noted"),
    [
        (query("SELECT * FROM Win32_Printer"), "class Win32_Printer of root/cimv2"),
        (query("SELECT MaxProcessMemorySize FROM Win32_OperatingSystem"),
         "property MaxProcessMemorySize of Win32_OperatingSystem"),
        (query("SELECT * FROM X", "root/wmi"), "namespace root/wmi"),
        (call("Create", f"{names.WMI}root/cimv2/Win32_Processor"), "method Create of Win32_Processor"),
        (envelope(f"{names.WMI}root/cimv2/Win32_Service", f"{names.TRANSFER}/Put", ""), f"action {names.TRANSFER}/Put"),
    ],
)  # fmt: skip
def test_what_is_not_simulated_fails_loudly_and_is_noted(request_, noted):
    service = Service(machine())
    assert fault_codes(service, request_)
    assert service.machine.told.unsimulated == [noted]


def test_who_is_no_administrator_is_refused_the_chip_and_the_encryption_alone():
    service = Service(machine(states=["not_administrator"]))
    tpm = query("SELECT SpecVersion FROM Win32_Tpm", "root/cimv2/Security/MicrosoftTpm")
    assert fault_codes(service, tpm) == [faults.PROVIDER_REFUSED, faults.WBEM_ACCESS_DENIED]
    assert listed(asked(service, query("SELECT Name FROM Win32_ComputerSystem")))


def test_who_is_denied_reads_nothing_at_all():
    service = Service(machine(states=["denied"]))
    for request in (query("SELECT Name FROM Win32_ComputerSystem"), call("EnumKey", sSubKeyName="SOFTWARE")):
        assert fault_codes(service, request) == [faults.ACCESS_DENIED]


def test_a_profile_can_break_one_class():
    service = Service(machine(behaviour={"faults": [{"class": "Win32_Processor", "code": 2150859014}]}))
    assert fault_codes(service, query("SELECT Name FROM Win32_Processor")) == [2150859014]
    assert listed(asked(service, query("SELECT Name FROM Win32_ComputerSystem")))


def test_a_profile_can_make_one_class_slow():
    service = Service(machine(behaviour={"slow": {"SoftwareLicensingProduct": 2.5}}))
    assert service.answer(query("SELECT ID FROM SoftwareLicensingProduct"), "").seconds == 2.5
    assert service.answer(query("SELECT Name FROM Win32_ComputerSystem"), "").seconds == 0.0


def test_a_volume_answers_its_methods_by_its_key():
    service = Service(machine(states=["encrypted"]))
    place = f"{names.WMI}root/cimv2/Security/MicrosoftVolumeEncryption/Win32_EncryptableVolume"
    namespace = "root/cimv2/Security/MicrosoftVolumeEncryption"
    identifier = listed(asked(service, query("SELECT DeviceID FROM Win32_EncryptableVolume", namespace)))[0]["DeviceID"]
    selector = f'<w:SelectorSet><w:Selector Name="DeviceID">{identifier}</w:Selector></w:SelectorSet>'
    assert asked(service, call("GetProtectionStatus", place, selector))[0].text == "1"
    wrong = '<w:SelectorSet><w:Selector Name="DeviceID">X</w:Selector></w:SelectorSet>'
    assert fault_codes(service, call("GetProtectionStatus", place, wrong))


@pytest.mark.parametrize("raw", [b"", b"no xml", b"<a/>", b"<s:Envelope/>"])
def test_what_is_no_envelope_is_a_bad_request(raw):
    assert Service(machine()).answer(raw, "").status == 400
