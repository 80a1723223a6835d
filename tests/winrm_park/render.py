"""Instances and outputs of methods as WS-Management writes them (DSP0230, [MS-WSMV] 2.2.4).

An instance of a whole class has elements in the class's namespace; a projection is a fragment whose elements have none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape

from tests.winrm_park import names
from tests.winrm_park.classes import Moment, Row, WmiClass
from tests.winrm_park.wql import Reference

_INSTANCE = f'xmlns:xsi="{names.SCHEMA_INSTANCE}"'
#: Characters that XML 1.0 cannot hold; Windows drops what it cannot write.
_NOT_XML = {code: None for code in range(32) if code not in (9, 10, 13)}


def text(value: Any) -> str:
    """A value as the text of an element."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(str(value).translate(_NOT_XML))


def element(name: str, value: Any, prefix: str = "") -> str:
    """A property: nil when it is NULL, repeated for an array."""
    tag = f"{prefix}{name}"
    if value is None:
        return f'<{tag} xsi:nil="true"/>'
    if isinstance(value, list):
        return "".join(element(name, each, prefix) for each in value)
    if isinstance(value, Moment):
        inner = "cim:Datetime" if prefix else "Datetime"
        return f"<{tag}><{inner}>{value}</{inner}></{tag}>"
    if isinstance(value, Reference):
        return f"<{tag}>{_endpoint(value)}</{tag}>"
    return f"<{tag}>{text(value)}</{tag}>"


def _endpoint(value: Reference) -> str:
    selectors = "".join(f'<w:Selector Name="{name}">{text(held)}</w:Selector>' for name, held in value.keys)
    return (
        f"<a:Address>{names.ADDRESSING}/role/anonymous</a:Address><a:ReferenceParameters><w:ResourceURI>{names.WMI}"
        f"root/cimv2/{value.class_name}</w:ResourceURI><w:SelectorSet>{selectors}</w:SelectorSet>"
        "</a:ReferenceParameters>"
    )


def instance(found: WmiClass, columns: Sequence[str] | None, row: Row) -> str:
    """One item of an enumeration."""
    if columns is not None:
        inner = "".join(element(name, row[name]) for name in columns)
        return f"<w:XmlFragment {_INSTANCE}>{inner}</w:XmlFragment>"
    inner = "".join(element(name, row[name], "p:") for name in sorted(row, key=str.lower))
    uri = f"{names.WMI}{found.namespace}/{found.name}"
    return (
        f'<p:{found.name} {_INSTANCE} xmlns:p="{uri}" xmlns:cim="{names.CIM}" xsi:type="p:{found.name}_Type">{inner}'
        f"</p:{found.name}>"
    )


def output(uri: str, method: str, pairs: Iterable[tuple[str, Any]]) -> str:
    """What a method gave."""
    inner = "".join(element(name, value, "p:") for name, value in pairs)
    return f'<p:{method}_OUTPUT {_INSTANCE} xmlns:p="{uri}" xmlns:cim="{names.CIM}">{inner}</p:{method}_OUTPUT>'
