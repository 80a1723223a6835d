"""Machines, requests and policy folders that these tests share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from ansible.module_utils.ad.group_policy import gpt_ini, registry_pol, security_template
from ansible.module_utils.ad.group_policy.registry_pol import RegistrySetting

from tests.winrm_park import names, profiles
from tests.winrm_park.machine import Machine
from tests.winrm_park.service import Answer, Service

LOGIN, PASSWORD = "audit", "Essai-Poste-1"
GUID = "{11111111-2222-3333-4444-555555555555}"
OTHER_GUID = "{66666666-7777-8888-9999-AAAAAAAAAAAA}"
STDREGPROV = f"{names.WMI}root/default/StdRegProv"


def machine(system: str = "10", states: Iterable[str] = (), **own: Any) -> Machine:
    """A machine of one system."""
    own.setdefault("sessions", [{"login": "user01"}])
    return Machine(profiles.profile("pc-1", system, states, own))


def envelope(resource: str, action: str, body: str, header: str = "") -> bytes:
    """A request, written here and not by any client."""
    return (
        f'<s:Envelope xmlns:s="{names.SOAP}" xmlns:a="{names.ADDRESSING}" xmlns:w="{names.WSMAN}" '
        f'xmlns:n="{names.ENUMERATION}" xmlns:rsp="{names.SHELL}"><s:Header><a:Action>{action}</a:Action>'
        f"<a:MessageID>uuid:1</a:MessageID><w:ResourceURI>{resource}</w:ResourceURI>{header}</s:Header>"
        f"<s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def query(wql: str, namespace: str = "root/cimv2", most: int = 32000, header: str = "", optimize: bool = True) -> bytes:
    """The first request of an enumeration."""
    first = f"<w:OptimizeEnumeration/><w:MaxElements>{most}</w:MaxElements>" if optimize else ""
    body = f'<n:Enumerate>{first}<w:Filter Dialect="{names.WQL_DIALECT}">{escape(wql)}</w:Filter></n:Enumerate>'
    return envelope(f"{names.WMI}{namespace}/*", f"{names.ENUMERATION}/Enumerate", body, header)


def pull(context: str, most: int = 32000, header: str = "") -> bytes:
    """A following request of an enumeration."""
    body = (
        f"<n:Pull><n:EnumerationContext>{context}</n:EnumerationContext><n:MaxElements>{most}</n:MaxElements></n:Pull>"
    )
    return envelope(f"{names.WMI}root/cimv2/*", f"{names.ENUMERATION}/Pull", body, header)


def call(method: str, resource: str = STDREGPROV, header: str = "", **arguments: Any) -> bytes:
    """A call of a method."""
    given = "".join(f"<r:{name}>{escape(str(value))}</r:{name}>" for name, value in arguments.items())
    body = f'<r:{method}_INPUT xmlns:r="{resource}">{given}</r:{method}_INPUT>'
    return envelope(resource, f"{resource}/{method}", body, header)


def asked(service: Service, request: bytes) -> ET.Element:
    """The content of the body of an answer that is no fault."""
    answer = service.answer(request, LOGIN)
    assert answer.status == 200, answer.body
    return body(answer)[0]


def body(answer: Answer) -> ET.Element:
    found = ET.fromstring(answer.body).find("s:Body", names.SEARCH)  # noqa: S314 -- our own answer
    assert found is not None
    return found


def only(above: ET.Element, path: str) -> ET.Element:
    """The first element of a path, which has to be there."""
    return next(above.iterfind(path, names.SEARCH))


def fault_codes(service: Service, request: bytes) -> list[int]:
    """The codes of a fault, from the outermost inwards."""
    answer = service.answer(request, LOGIN)
    assert answer.status == 500, answer.body
    return [int(each.get("Code", "")) for each in body(answer).iter(f"{{{names.FAULT}}}WSManFault")]


def listed(rows: ET.Element) -> list[dict[str, str | None]]:
    """The items of an answer as plain rows."""
    items = [*rows.iterfind("w:Items/*", names.SEARCH), *rows.iterfind("n:Items/*", names.SEARCH)]
    return [{each.tag.rpartition("}")[2]: each.text for each in item} for item in items]


def policy(
    folder: Path,
    guid: str = GUID,
    *,
    computer: Iterable[RegistrySetting] = (),
    user: Iterable[RegistrySetting] = (),
    template: Mapping[str, Mapping[str, str | None]] | None = None,
    versions: tuple[int, int] = (1, 1),
) -> Path:
    """A policy as our own codecs write it, where SYSVOL has it."""
    top = folder / "Policies" / guid
    for name, rows in (("Machine", tuple(computer)), ("User", tuple(user))):
        (top / name).mkdir(parents=True, exist_ok=True)
        if rows:
            (top / name / "Registry.pol").write_bytes(registry_pol.pack(rows))
    if template is not None:
        place = top / "MACHINE" if (top / "MACHINE").is_dir() else top / "Machine"
        place = place / "Microsoft" / "Windows NT" / "SecEdit"
        place.mkdir(parents=True)
        (place / "GptTmpl.inf").write_bytes(security_template.pack(security_template.template(template)))
    (top / "GPT.INI").write_bytes(gpt_ini.pack(gpt_ini.new(*versions)))
    return folder
