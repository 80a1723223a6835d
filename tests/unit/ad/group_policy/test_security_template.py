"""GptTmpl.inf: security settings ([MS-GPSB] 2.2)."""

from __future__ import annotations

import time

import pytest
from ansible.module_utils.ad.group_policy import GroupPolicyDataError, security_template
from ansible.module_utils.ad.group_policy.security_template import Template, pack, template, unpack
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.ad.group_policy.generated import CLEAN, SIDS, TEMPLATE_SECTIONS
from tests.unit.ad.group_policy.samples_of import FUZZ, PROPERTIES, mutated, sample

FILE = sample("windows", "GptTmpl.inf")
LSA = r"MACHINE\System\CurrentControlSet\Control\Lsa"
SYSTEM = r"MACHINE\Software\Microsoft\Windows\CurrentVersion\Policies\System"


def test_the_file_of_windows_is_read():
    found = unpack(FILE)
    assert found.get("system access", "MINIMUMPASSWORDLENGTH") == "7"
    assert found.get("System Access", "NewAdministratorName") == '"Administrateur"'
    assert found.get("Kerberos Policy", "MaxServiceAge") == "600"
    assert found.get("Kerberos Policy", "Absent") is None
    assert found.privileges() == {
        "SeDenyInteractiveLogonRight": ("*S-1-5-21-1-2-3-512",),
        "SeNetworkLogonRight": ("*S-1-5-32-554", "*S-1-5-11", "*S-1-5-32-544", "*S-1-1-0"),
        "SeTcbPrivilege": (),
    }
    assert found.registry_values() == {
        rf"{LSA}\NoLMHash": ("REG_DWORD", 1),
        rf"{SYSTEM}\LegalNoticeCaption": ("REG_SZ", "Garage de démonstration"),
        rf"{SYSTEM}\LegalNoticeText": (
            "REG_MULTI_SZ",
            ("Poste réservé au travail,selon la charte.", "Deuxième ligne : rien à cacher = rien à craindre"),
        ),
        rf"{LSA}\FullPrivilegeAuditing": ("REG_BINARY", b"\0"),
    }
    assert found.section("Service General Setting") == (('"Spooler",4,""', None),)
    assert found.section("File Security") == (
        (r'"%SystemRoot%\debug",0,"D:PAR(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)"', None),
    )


def test_the_file_of_windows_is_written_back_to_the_byte():
    assert pack(unpack(FILE)) == FILE


def test_the_file_of_samba_is_read_without_byte_order_mark():
    assert unpack(sample("samba", "manage_security.inf")).sections == (
        ("Kerberos Policy", (("MaxTicketAge", "10"),)),
        ("System Access", (("MinimumPasswordLength", "14"), ("PasswordComplexity", "1"))),
    )


def test_a_new_template_has_what_every_template_has():
    made = template({"System Access": {"MinimumPasswordLength": "12"}, "Version": {"Revision": "9"}})
    assert pack(made).decode("utf-16") == (
        "[Unicode]\r\nUnicode=yes\r\n[System Access]\r\nMinimumPasswordLength = 12\r\n"
        '[Version]\r\nsignature="$CHICAGO$"\r\nRevision=1\r\n'
    )
    assert pack(made).startswith(b"\xff\xfe[\0")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig", "utf-8", "cp1252"])
def test_every_encoding_in_use_is_read(encoding):
    text = '[System Access]\r\n; a note\r\n\r\n  NewGuestName="Invité"  \n'
    raw = text.encode(encoding)
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    assert unpack(mark + raw).sections == (("System Access", (("NewGuestName", '"Invité"'),)),)


@PROPERTIES
@given(TEMPLATE_SECTIONS)
def test_every_template_comes_back(sections):
    wanted = template(sections)
    assert unpack(pack(wanted)) == wanted


@PROPERTIES
@given(st.binary(max_size=80) | mutated(FILE))
@example(b"[Registry Values]\nA=4=B=7,x=4,1\n")
@example(b"[Registry Values]\nno type\nonly = text\n")
@example("[System Access]\nName=a\u2028b\x0cc\x85d\n".encode())
def test_whatever_is_read_can_be_written_and_read_again(raw):
    try:
        found = unpack(raw)
        packed = pack(found)
    except GroupPolicyDataError:
        return
    assert unpack(packed) == found


def test_the_name_of_a_registry_value_may_hold_an_equals_sign():
    found = unpack(b"[Registry Values]\r\nMACHINE\\Odd=Name\\X = 7,a=4,b\r\n")
    assert found.section("Registry Values") == ((r"MACHINE\Odd=Name\X", "7,a=4,b"),)


@PROPERTIES
@given(
    st.one_of(
        st.tuples(st.sampled_from(["REG_SZ", "REG_EXPAND_SZ"]), CLEAN),
        st.tuples(st.just("REG_DWORD"), st.sampled_from([0, 2**32 - 1]) | st.integers(0, 2**32 - 1)),
        st.tuples(st.just("REG_BINARY"), st.binary(min_size=1, max_size=20)),
        st.tuples(st.just("REG_MULTI_SZ"), st.lists(CLEAN, max_size=4).map(tuple).filter(lambda value: value != ("",))),
    )
)
@example(("REG_MULTI_SZ", ()))
@example(("REG_MULTI_SZ", ("", "")))
@example(("REG_MULTI_SZ", ("a,b,,c", ",", "d")))
@example(("REG_SZ", "a,b"))
def test_every_registry_value_comes_back(wanted):
    kind, data = wanted
    if isinstance(data, str | tuple) and '"' in "".join(data):
        with pytest.raises(GroupPolicyDataError, match="quotation mark"):
            security_template.format_registry_value(kind, data)
        return
    assert security_template.registry_value(security_template.format_registry_value(kind, data)) == (kind, data)


@pytest.mark.parametrize(
    ("kind", "data", "text"),
    [
        ("REG_DWORD", 4, "4,4"),
        ("REG_SZ", "Bonjour, vous", '1,"Bonjour, vous"'),
        ("REG_MULTI_SZ", ("Un, deux", "trois"), '7,Un"," deux,trois'),
        ("REG_MULTI_SZ", (), "7,"),
        ("REG_BINARY", b"\1\xab", "3,1,ab"),
    ],
)
def test_a_registry_value_is_written_as_windows_does(kind, data, text):
    assert security_template.format_registry_value(kind, data) == text


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("REG_DWORD", 2**32),
        ("REG_DWORD", -1),
        ("REG_DWORD", "1"),
        ("REG_SZ", 1),
        ("REG_SZ", "two\nlines"),
        ("REG_SZ", 'a "quoted" word'),
        ("REG_MULTI_SZ", ("",)),
        ("REG_MULTI_SZ", ('say "no"',)),
        ("REG_MULTI_SZ", ("a\r",)),
        ("REG_BINARY", b""),
    ],
)
def test_a_registry_value_that_a_template_cannot_hold_is_refused(kind, data):
    with pytest.raises(GroupPolicyDataError, match="Registry Values"):
        security_template.format_registry_value(kind, data)


@PROPERTIES
@given(st.lists(SIDS, max_size=6).map(tuple))
def test_holders_of_a_right_come_back_with_their_star(sids):
    assert security_template.principals(security_template.format_principals(sids)) == tuple(f"*{sid}" for sid in sids)


def test_names_get_no_star():
    assert security_template.format_principals(["Guests", "*S-1-5-11"]) == "Guests,*S-1-5-11"
    with pytest.raises(GroupPolicyDataError, match="list of accounts"):
        security_template.format_principals(["a,b"])


@pytest.mark.parametrize(
    "entry",
    [("a=b", "1"), (";a", "1"), ("[a]", None), ("a", " 1"), ("a", "1\t"), ("a", "1\r\n2"), (" a", "1"), ("", None)],
)
def test_what_would_be_read_back_otherwise_is_refused(entry):
    with pytest.raises(GroupPolicyDataError, match=r"GptTmpl\.inf"):
        pack(Template((("System Access", (entry,)),)))


@pytest.mark.parametrize("title", ["a]\r\n[b", "a\nb"])
def test_a_section_that_would_be_read_back_otherwise_is_refused(title):
    with pytest.raises(GroupPolicyDataError):
        pack(Template(((title, ()),)))


@pytest.mark.parametrize(("text", "line"), [("[System Access\n", 1), ("\n\na=1\n", 3)])
def test_an_error_says_in_which_line(text, line):
    with pytest.raises(GroupPolicyDataError) as raised:
        unpack(text.encode())
    assert raised.value.line == line


def test_an_odd_byte_is_refused():
    with pytest.raises(GroupPolicyDataError, match="is not utf-16-le text"):
        unpack(FILE + b"x")


def test_a_value_is_replaced_in_its_place():
    found = unpack(b"[System Access]\nA=1\nB=2\na=3\n[Other]\nA=9\n")
    assert found.replaced("system access", "A", "7").sections == (
        ("System Access", (("A", "7"), ("B", "2"))),
        ("Other", (("A", "9"),)),
    )
    assert found.get("System Access", "A") == "3"
    assert found.without("SYSTEM ACCESS", "a").section("System Access") == (("B", "2"),)
    assert found.without("other").sections == found.sections[:1]
    assert found.replaced("New", "C", "1").sections[-1] == ("New", (("C", "1"),))


@FUZZ
@given(st.binary(max_size=120) | mutated(FILE))
def test_broken_bytes_never_break_the_readers_of_values(raw):
    try:
        found = unpack(raw)
        found.privileges()
        found.registry_values()
    except GroupPolicyDataError:
        return


@pytest.mark.parametrize("unit", ["=", " ", "= ", "=4", "a", '","'])
def test_long_lines_take_no_time(unit):
    raw = b"[Registry Values]\r\n" + b"x" + unit.encode() * 100_000 + b"x"
    started = time.monotonic()
    unpack(raw)
    assert time.monotonic() - started < 2


def test_a_type_that_templates_do_not_know_keeps_its_text():
    assert security_template.registry_value("11,5") == ("REG_QWORD", "5")
    assert security_template.format_registry_value("REG_QWORD", "5") == "11,5"
    assert security_template.registry_value("4 ,1") == ("REG_DWORD", 1)
    assert security_template.registry_value("4,one") == ("REG_DWORD", "one")
    with pytest.raises(GroupPolicyDataError, match="does not start with a type"):
        security_template.registry_value("one,4")
