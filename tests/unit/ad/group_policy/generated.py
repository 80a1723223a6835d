"""What the files of a policy can hold, for tests that try all of it."""

from __future__ import annotations

from ansible.module_utils.ad.group_policy import registry_pol
from ansible.module_utils.ad.group_policy.preferences import DriveMapping, GroupFilter
from ansible.module_utils.ad.group_policy.preferences_xml import Element
from ansible.module_utils.ad.group_policy.registry_pol import RegistrySetting
from ansible.module_utils.ad.group_policy.scripts_ini import EVENTS, ScriptLine
from hypothesis import strategies as st

#: UTF-16 cannot tell two halves of a character from the character.
_HALVES = st.text(st.characters(categories=["Cs"]), min_size=1, max_size=1)
TEXT = (
    st.lists(st.text(max_size=40) | _HALVES, max_size=4)
    .map("".join)
    .filter(lambda text: text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass") == text)
)
CLEAN = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=40)
LONG = st.integers(0, 70_000).map(lambda length: "é" * length)


def _numbers(bits: int) -> st.SearchStrategy[int]:
    return st.sampled_from([0, 1, 2**bits - 1]) | st.integers(0, 2**bits - 1)


_UNNAMED = st.integers(12, 2**32 - 1).map(lambda number: f"REG_{number}")


def registry_settings(text: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[RegistrySetting, ...]]:
    """Values of every type, their names and strings made of this text."""
    name = text.map(lambda each: each.replace("\0", ""))
    data = {
        "REG_SZ": text | LONG,
        "REG_EXPAND_SZ": text,
        "REG_DWORD": _numbers(32),
        "REG_DWORD_BIG_ENDIAN": _numbers(32),
        "REG_QWORD": _numbers(64),
        "REG_MULTI_SZ": st.lists(name, max_size=5).map(tuple),
    }
    unread = sorted(set(registry_pol.TYPES.values()) - set(data))
    typed = st.sampled_from(sorted(data)).flatmap(lambda kind: st.tuples(st.just(kind), data[kind]))
    raw = st.tuples(st.sampled_from(unread) | _UNNAMED, st.binary(max_size=80))
    special = st.sampled_from(["", "**del.Name", "**delvals.", "a;b", "[;]"])
    setting = st.builds(lambda key, value, pair: RegistrySetting(key, value, *pair), name, name | special, typed | raw)
    return st.lists(setting, max_size=6).map(tuple)


SETTINGS = registry_settings(TEXT)

SIDS = st.builds(
    lambda authority, numbers: "-".join(["S-1", str(authority), *map(str, numbers)]),
    st.integers(0, 2**32 - 1),
    st.lists(st.integers(0, 2**32 - 1), max_size=15),
) | st.sampled_from(["S-1-5-32-544", "S-1-1-0", "S-1-0x123456789abc-7", "S-1-3-0", "S-1-5-32-554"])

GUIDS = st.uuids().map(lambda guid: "{" + str(guid).upper() + "}")
DRIVES = st.builds(
    DriveMapping,
    letter=st.sampled_from("DPSZ"),
    path=CLEAN.map(lambda text: rf"\\fs1\{text}"),
    label=CLEAN,
    action=st.sampled_from("CRUD"),
    persistent=st.booleans(),
    groups=st.lists(st.builds(GroupFilter, SIDS, CLEAN), max_size=4).map(tuple),
    uid=GUIDS,
    changed=st.datetimes().map(lambda when: when.strftime("%Y-%m-%d %H:%M:%S")),
)
_TAG = st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,8}", fullmatch=True)
_ATTRIBUTES = st.dictionaries(_TAG, CLEAN, max_size=4).map(lambda found: tuple(found.items()))
_LEAF = st.builds(
    lambda tag, attributes, text: Element(tag, attributes, (text,) if text else ()), _TAG, _ATTRIBUTES, CLEAN
)
ELEMENTS = st.recursive(
    _LEAF,
    lambda inner: st.builds(
        lambda tag, attributes, children: Element(tag, attributes, tuple(children)),
        _TAG,
        _ATTRIBUTES,
        st.lists(inner, max_size=3),
    ),
    max_leaves=8,
)

#: INI text holds one line per value, without blanks at its ends.
LINE = CLEAN.map(lambda text: text.strip(" \t"))
WORD = st.from_regex(r"[A-Za-z*][A-Za-z0-9 \\_.-]{0,20}[A-Za-z0-9]", fullmatch=True)
SCRIPT_LINES = st.lists(st.builds(ScriptLine, st.sampled_from(sorted(EVENTS)), LINE, LINE), max_size=6).map(tuple)
TEMPLATE_SECTIONS = st.dictionaries(
    st.sampled_from(["System Access", "Kerberos Policy", "Privilege Rights", "Event Audit", "Group Membership"]),
    st.dictionaries(WORD, LINE, max_size=5),
    max_size=4,
)
