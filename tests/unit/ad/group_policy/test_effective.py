"""Who wins: the order of links, what stands in the way of a policy, and the reason told when a declared one does not hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from ansible.module_utils.ad.group_policy.effective import Held, Tree, effective, place
from ansible.module_utils.ad.group_policy.effective_report import effective_report
from ansible.module_utils.ad.group_policy.links import GpoLink
from ansible.module_utils.ad.group_policy.model import GroupPolicy, Half, Link, setting_key
from ansible.module_utils.ad.group_policy.preferences import DriveMapping
from ansible.module_utils.ad.group_policy.reasons import REASONS, says
from ansible.module_utils.ad.group_policy.registry_pol import RegistrySetting
from ansible.module_utils.ad.group_policy.store_model import Target
from hypothesis import given
from hypothesis import strategies as st

DOMAIN, SID = "DC=site,DC=lan", "S-1-5-21-1-2-3"
ROOT_OU = f"OU=Site,{DOMAIN}"
DESKS = f"OU=Postes,{ROOT_OU}"
HALL = f"OU=Hall,{DESKS}"
WHERE = {"domain_dn": DOMAIN, "domain_sid": SID, "root_dn": ROOT_OU}
KEY = r"Software\X"
SETTING = rf"computer/registry/{KEY}\Value"


def dn(name: str) -> str:
    return f"CN={{{name}}},CN=Policies,CN=System,{DOMAIN}"


def link(name: str, options: int = 0) -> GpoLink:
    return GpoLink(dn(name), options)


def held(name: str, value: Any = 1, **other: Any) -> Held:
    given = {
        "dn": dn(name),
        "name": name,
        "status": "enabled",
        "settings": {SETTING: value},
        "versions": {"computer": (1, 1), "user": (1, 1)},
        "extensions": dict.fromkeys(("computer", "user"), frozenset({"registry", "security", "drives", "scripts"})),
    }
    return Held(**{**given, **other})


def winner(targets: list[Target], *policies: Held, unit: str = DESKS, setting: str = SETTING) -> str | None:
    found = effective(Tree(DOMAIN, targets, policies), unit, SID)[setting.split("/", maxsplit=1)[0]].get(
        setting_key(setting)
    )
    return found.by.policy.name if found else None


@pytest.mark.parametrize(
    ("targets", "name"),
    [
        ([Target(DESKS, (link("a"), link("b")))], "b"),
        ([Target(DOMAIN, (link("b"),)), Target(DESKS, (link("a"),))], "a"),
        ([Target(DOMAIN, (link("b", 2),)), Target(DESKS, (link("a"),))], "b"),
        ([Target(DOMAIN, (link("b", 2),)), Target(DESKS, (link("a", 2),))], "b"),
        ([Target(DESKS, (link("a", 2), link("b")))], "a"),
        ([Target(DESKS, (link("a"), link("b", 1)))], "a"),
        ([Target(DESKS, (link("a", 3),)), Target(ROOT_OU, (link("b"),))], "b"),
        ([Target(DOMAIN, (link("a"),)), Target(DESKS, (), "1")], None),
        ([Target(DOMAIN, (link("a", 2),)), Target(DESKS, (), "1")], "a"),
        ([Target(DOMAIN, (link("a"),)), Target(ROOT_OU, (), "1"), Target(DESKS, (link("b"),))], "b"),
        ([Target(DESKS, (link("a"),), "1")], "a"),
        ([Target(HALL, (link("a"),))], None),
        ([Target(DOMAIN, (link("a"),)), Target(ROOT_OU, (link("b"),)), Target(DESKS, (link("a"),))], "a"),
    ],
)
def test_links_decide_in_the_order_of_the_specification(targets: list[Target], name: str | None) -> None:
    assert winner(targets, held("a", 1), held("b", 2)) == name


@pytest.mark.parametrize(
    "broken",
    [
        {"status": "computer_disabled"},
        {"status": "disabled"},
        {"applies_to": (f"{SID}-1101",)},
        {"denied": ("S-1-5-11",)},
        {"versions": {"computer": (0, 0), "user": (1, 1)}},
        {"extensions": {"computer": frozenset({"security"}), "user": frozenset({"registry"})}},
    ],
)
def test_a_policy_that_clients_leave_out_does_not_win(broken: dict[str, Any]) -> None:
    targets = [Target(DOMAIN, (link("b"),)), Target(DESKS, (link("a"),))]
    assert winner(targets, held("a"), held("b")) == "a"
    assert winner(targets, held("a", **broken), held("b")) == "b"


def test_the_other_half_of_a_policy_goes_on_when_one_is_switched_off() -> None:
    assert winner([Target(DESKS, (link("a"),))], held("a", status="user_disabled")) == "a"


@pytest.mark.parametrize("sysvol", [2, None])
def test_a_version_that_does_not_follow_keeps_no_policy_from_winning(sysvol: int | None) -> None:
    assert winner([Target(DESKS, (link("a"),))], held("a", versions={"computer": (1, sysvol), "user": (1, 1)})) == "a"


def test_a_policy_filtered_on_all_computers_reaches_them() -> None:
    assert winner([Target(DESKS, (link("a"),))], held("a", applies_to=(f"{SID}-515",))) == "a"


def test_the_case_of_a_name_does_not_make_another_setting() -> None:
    other = held("b", settings={SETTING.upper().replace("COMPUTER/REGISTRY", "computer/registry"): 2})
    assert winner([Target(DESKS, (link("a"), link("b")))], held("a"), other) == "b"


def test_a_mark_of_deletion_takes_the_place_of_the_value() -> None:
    delete = held("b", settings={rf"computer/registry/{KEY}\**del.Value": " "})
    assert winner([Target(DESKS, (link("a"), link("b")))], held("a"), delete) == "b"
    everything = held("b", settings={rf"computer/registry/{KEY}\**delvals.": " "})
    assert winner([Target(DESKS, (link("a"), link("b")))], held("a"), everything) is None
    below = held("a", settings={rf"computer/registry/{KEY}\Y\Value": 1})
    found = rf"computer/registry/{KEY}\Y\Value"
    assert winner([Target(DESKS, (link("a"), link("b")))], below, everything, setting=found) == "a"


def test_scripts_of_several_policies_all_run() -> None:
    script = "computer/scripts/startup/1"
    policies = [held(name, settings={script: f"{name}.cmd"}) for name in ("a", "b")]
    found = effective(Tree(DOMAIN, [Target(DESKS, (link("a"), link("b")))], policies), DESKS, SID)["computer"]
    assert sorted(each.value for each in found.values()) == ["a.cmd", "b.cmd"]
    assert place(script, dn("a")) != place(script, dn("b"))


def test_rules_of_accounts_count_at_the_domain_alone() -> None:
    rule = "computer/security/System Access/MinimumPasswordLength"
    targets = [Target(DOMAIN, (link("a"),)), Target(DESKS, (link("b"),))]
    policies = held("a", settings={rule: 12}), held("b", settings={rule: 4})
    assert winner(targets, *policies, unit=DOMAIN, setting=rule) == "a"
    assert winner(targets, *policies, unit=DESKS, setting=rule) is None


def declared(name: str = "a", at: str = ROOT_OU, **other: Any) -> GroupPolicy:
    half = Half(registry=(RegistrySetting(KEY, "Value", "REG_DWORD", 1),))
    return GroupPolicy(**{"name": name, "computer": half, "links": (Link(at),), **other})


def facts(policy: Held) -> dict[str, Any]:
    return {
        "dn": policy.dn,
        "name": policy.name,
        "status": policy.status,
        "settings": dict(policy.settings),
        "applies_to": list(policy.applies_to),
        "denied": list(policy.denied),
        "version": {
            "directory": {side: one for side, (one, _) in policy.versions.items()},
            "sysvol": {side: other for side, (_, other) in policy.versions.items()},
        },
        "extensions": {side: sorted(kinds) for side, kinds in policy.extensions.items()},
    }


def reasons(targets: list[Target], *policies: Held, wanted: GroupPolicy | None = None) -> list[tuple[str, str]]:
    report = effective_report([facts(each) for each in policies], targets, [wanted or declared()], WHERE)
    assert all(set(each["says"]) == {"fr", "en"} for each in report["not_effective"])
    return [(each["why"], each["unit"]) for each in report["not_effective"]]


LINKED = [Target(ROOT_OU, (link("a"),))]


def test_what_holds_everywhere_is_not_complained_about() -> None:
    assert reasons([*LINKED, Target(DESKS, (link("b"),))], held("a"), held("b", settings={})) == []


@pytest.mark.parametrize(
    ("targets", "policies", "why", "unit"),
    [
        (LINKED, [], "missing", ROOT_OU),
        ([Target(ROOT_OU)], [held("a")], "unlinked", ROOT_OU),
        ([Target(ROOT_OU, (link("a", 1),))], [held("a")], "link_disabled", ROOT_OU),
        (LINKED, [held("a", status="computer_disabled")], "half_disabled", ROOT_OU),
        (LINKED, [held("a", applies_to=(f"{SID}-1101",))], "filtered", ROOT_OU),
        (LINKED, [held("a", versions={"computer": (3, 4), "user": (0, 0)})], "version", ROOT_OU),
        (LINKED, [held("a", settings={})], "not_set", ROOT_OU),
        (LINKED, [held("a", 2)], "changed", ROOT_OU),
        (LINKED, [held("a", extensions={"computer": frozenset(), "user": frozenset()})], "extension_missing", ROOT_OU),
        ([*LINKED, Target(DESKS, (), "1")], [held("a")], "inheritance_blocked", DESKS),
        ([*LINKED, Target(DESKS, (link("b"),))], [held("a"), held("b", 2)], "overridden", DESKS),
        ([*LINKED, Target(DOMAIN, (link("b", 2),))], [held("a"), held("b", 2)], "overridden", ROOT_OU),
    ],
)
def test_the_reason_why_a_declared_setting_does_not_hold_is_told_once(
    targets: list[Target], policies: list[Held], why: str, unit: str
) -> None:
    assert reasons(targets, *policies) == [(why, unit)]


@pytest.mark.parametrize(
    ("overrides", "changed", "told"),
    [
        (("a",), 2, []),
        ((), 2, [("a", "overridden", DESKS)]),
        (("other",), 2, [("a", "overridden", DESKS)]),
        # What takes the place on purpose is itself not as declared.
        (("a",), 9, [("b", "changed", DESKS)]),
    ],
)
def test_a_policy_may_take_the_place_of_another_that_it_names(
    overrides: tuple[str, ...], changed: int, told: list[tuple[str, str, str]]
) -> None:
    half = Half(registry=(RegistrySetting(KEY, "Value", "REG_DWORD", 2),))
    sooner = declared("b", DESKS, computer=half, overrides=overrides)
    targets = [*LINKED, Target(DESKS, (link("b"),))]
    report = effective_report([facts(held("a")), facts(held("b", changed))], targets, [declared(), sooner], WHERE)
    assert [(each["policy"], each["why"], each["unit"]) for each in report["not_effective"]] == told


def test_a_block_does_not_matter_to_an_enforced_policy() -> None:
    wanted = declared(links=(Link(ROOT_OU, enforced=True),))
    assert reasons([Target(ROOT_OU, (link("a", 2),)), Target(DESKS, (), "1")], held("a"), wanted=wanted) == []


def test_another_policy_with_the_same_value_does_no_harm() -> None:
    assert reasons([*LINKED, Target(DESKS, (link("b"),))], held("a"), held("b", 1)) == []


def test_a_policy_meant_for_a_group_is_not_missed_by_the_others() -> None:
    group = (f"{SID}-1101",)
    assert reasons(LINKED, held("a", applies_to=group), wanted=declared(applies_to=group)) == []


def test_a_rule_of_accounts_linked_to_a_unit_is_told_so() -> None:
    half = Half(security={"System Access": {"MinimumPasswordLength": 12}})
    rule = "computer/security/System Access/MinimumPasswordLength"
    assert reasons(LINKED, held("a", settings={rule: 12}), wanted=declared(computer=half)) == [
        ("account_policy", ROOT_OU)
    ]
    assert (
        reasons(
            [Target(DOMAIN, (link("a"),))], held("a", settings={rule: 12}), wanted=declared(computer=half, at=DOMAIN)
        )
        == []
    )


def test_a_file_of_preferences_that_is_switched_off_as_a_whole_gives_nothing() -> None:
    drive, whole = "user/drives/N", "user/drives/(file)"
    mapped = DriveMapping("N", r"\\fs1\plans")
    off = held("a", settings={drive: mapped.readable(), whole: {"disabled": "1"}})
    on = held("a", settings={drive: mapped.readable(), whole: {"disabled": "0"}})
    other = held("a", settings={SETTING: 1, drive: mapped.readable(), whole: {"disabled": "1"}})
    assert winner(LINKED, off, setting=drive) is None
    assert winner(LINKED, on, setting=drive) == "a"
    assert winner(LINKED, other) == "a"
    wanted = declared(computer=Half(), user=Half(preferences={"Drives": (mapped,)}))
    assert reasons(LINKED, off, wanted=wanted) == [("file_disabled", ROOT_OU)]
    assert reasons(LINKED, on, wanted=wanted) == []


def test_a_policy_with_a_guid_is_found_by_it_whatever_its_name() -> None:
    renamed = replace(held("a"), name="renamed by somebody")
    assert reasons(LINKED, renamed, wanted=declared(name="what we call it", guid="{A}")) == []
    assert reasons(LINKED, replace(renamed, settings={SETTING: 2})) == [("missing", ROOT_OU)]


def test_what_holds_is_told_with_who_decides_and_who_gives_way() -> None:
    targets = [Target(DOMAIN, (link("b"),)), Target(ROOT_OU, (link("c"), link("a"))), Target(DESKS, (link("d"),))]
    policies = [facts(held(name, value)) for value, name in enumerate("abcd")]
    report = effective_report(policies, targets, [], WHERE)
    row = next(each for each in report["effective"] if each["unit"] == ROOT_OU and each["side"] == "computer")
    told = row["settings"][SETTING]
    assert (row["scope"], told["value"], told["policy"], told["linked_at"]) == ("site", 0, "a", ROOT_OU)
    assert [(each["policy"], each["why"]) for each in told["overridden"]] == [("b", "nearer"), ("c", "order")]
    assert told["overridden"][0]["says"]["en"] == f"a is linked nearer, at {ROOT_OU}"
    assert [(each["unit"], each["scope"]) for each in report["effective"][::2]] == [
        (DOMAIN, "domain"),
        (f"OU=Domain Controllers,{DOMAIN}", "elsewhere"),
        (ROOT_OU, "site"),
        (DESKS, "site"),
    ]


def test_the_order_is_told_without_the_policies_that_do_not_reach_computers() -> None:
    targets = [
        Target(DOMAIN, (link("b", 2), link("a"))),
        Target(DESKS, (link("off"), link("others"), link("d"))),
    ]
    policies = [
        *(held(name) for name in "abd"),
        held("off", status="disabled"),
        held("others", applies_to=(f"{SID}-1234",)),
    ]
    report = effective_report([facts(each) for each in policies], targets, [], WHERE)
    order = {each["unit"]: each["policies"] for each in report["order"]}
    assert order[DESKS] == ["{a}", "{d}", "{b}"]
    assert order[ROOT_OU] == ["{a}", "{b}"]


@pytest.mark.parametrize("why", REASONS)
def test_every_reason_reads_in_both_languages(why: str) -> None:
    told = says(why, "X", "Y")
    assert told["fr"] != told["en"]
    assert "{" not in told["fr"] + told["en"]


NAMES = st.sampled_from("abcd")
LINKS = st.lists(st.tuples(NAMES, st.integers(0, 3)), max_size=4, unique_by=lambda each: each[0])


@given(
    st.fixed_dictionaries(
        {unit: st.tuples(LINKS, st.sampled_from([None, "0", "1"])) for unit in (DOMAIN, ROOT_OU, DESKS)}
    )
)
def test_an_enforced_link_at_the_domain_always_wins(
    drawn: Mapping[str, tuple[list[tuple[str, int]], str | None]],
) -> None:
    targets = [Target(unit, tuple(link(*each) for each in links), block) for unit, (links, block) in drawn.items()]
    enforced = [name for name, options in drawn[DOMAIN][0] if options == 2]
    found = winner(targets, *(held(name, name) for name in "abcd"))
    if enforced:
        assert found == enforced[-1]
    elif drawn[DESKS][1] == "1":
        own = {name for name, options in drawn[DESKS][0] if not options & 1}
        above = {name for name, options in (*drawn[DOMAIN][0], *drawn[ROOT_OU][0]) if options == 2}
        assert found in own | above or (found is None and not own | above)
