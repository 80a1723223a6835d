"""What is known of a workstation besides what is read of it: the site's lists and the publisher's, for one machine."""

from __future__ import annotations

import importlib.util
from datetime import date
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible.module_utils.policy.computed_windows import WINDOWS_OBSERVERS
from ansible.module_utils.policy.computed_windows_software import matches
from ansible.module_utils.policy.facts import Facts, MissingFact
from ansible.module_utils.policy.windows_register import RegisterError, administrators_of, workstation_register

from tests.conftest import ROOT
from tests.unit.policy import samples_windows as samples

SITES = sorted(file.parents[2].name for file in (ROOT / "inventories").glob("*/group_vars/all/workstations.yml"))
SITE: dict[str, Any] = {
    "software": [{"name": "7-Zip", "keys": ["7-Zip"]}],
    "licences": [{"name": "Office 2024", "keys": ["*2024Volume - *"], "owned": 1}],
    "storage_exceptions": {"pc2": {"until": date(2027, 1, 31), "why": "plans", "approved_by": "DG"}},
    "banned": ["utorrent"],
    "proxy_server": "proxy.site.lan:3128",
}
MEMBERS = "computer/security/Group Membership/*S-1-5-32-544__Members"
OFFICE = samples.program("ProPlus2024Volume - fr-fr", "Office", "")


def publisher() -> dict[str, Any]:
    """The real tables of the repository."""
    return {
        name: yaml.safe_load((ROOT / "policies" / f"windows_{name}.yml").read_text(encoding="utf-8"))[name]
        for name in ("lifecycle", "programs")
    }


def policy(value: str | None, scope: str = "site") -> dict[str, Any]:
    settings = {} if value is None else {MEMBERS: {"value": value}}
    return {"effective": [{"side": "computer", "scope": scope, "settings": settings}]}


def register(host: str = "pc1", **given: Any) -> dict[str, Any]:
    park = given.pop("park", {"pc1": [OFFICE], "pc2": [OFFICE], "pc3": [samples.program("7-Zip", "7-Zip", "")]})
    held = given.pop("group_policy", policy(f"*{samples.TECHNICIANS}"))
    return workstation_register(
        host, "2026-11-21", site={**SITE, **given}, publisher=publisher(), park=park, unread=0, group_policy=held
    )


def observed(name: str, facts: dict[str, Any]) -> Any:
    return WINDOWS_OBSERVERS[name](Facts(facts, "", set()))


def test_a_licence_is_counted_on_the_machines_of_the_whole_park_once_each() -> None:
    twice = [OFFICE, samples.program("Standard2024Volume - fr-fr", "?", "")]
    counted = register(park={"pc1": twice, "pc2": [OFFICE], "pc3": []})["licences"]
    assert [(each["installed"], each["owned"]) for each in counted] == [(2, 1)]


def test_an_exception_belongs_to_one_machine() -> None:
    assert register("pc1")["storage_exception"] is None
    assert register("pc2")["storage_exception"] == {"until": "2027-01-31", "why": "plans", "approved_by": "DG"}


@pytest.mark.parametrize("missing", ["until", "why", "approved_by"])
def test_an_exception_is_dated_and_granted(missing: str) -> None:
    given = {**SITE["storage_exceptions"]["pc2"]}
    del given[missing]
    with pytest.raises(RegisterError, match=f"pc2 lacks {missing}"):
        register("pc2", storage_exceptions={"pc2": given})


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"name": "X"}, "neither keys nor publishers"),
        ({"name": "X", "keys": ["*"]}, "admits everything"),
        ({"name": "X", "publishers": ["??*"]}, "admits everything"),
    ],
)
def test_an_approval_that_would_admit_everything_is_refused(entry: dict[str, Any], said: str) -> None:
    with pytest.raises(RegisterError, match=said):
        register(software=[entry])


@pytest.mark.parametrize("owned", [None, True, -1, "8"])
def test_licences_are_counted_in_whole_numbers(owned: Any) -> None:
    with pytest.raises(RegisterError, match="whole number"):
        register(licences=[{"name": "X", "keys": ["x"], "owned": owned}])


def test_administrators_are_those_of_the_policy_in_force() -> None:
    assert administrators_of(policy("*S-1-5-21-1-1,*S-1-5-21-1-2")) == ["S-1-5-21-1-1", "S-1-5-21-1-2"]
    assert administrators_of(policy("*S-1-5-21-1-1", scope="domain")) is None
    assert administrators_of({}) is None


def test_what_the_site_or_the_directory_does_not_tell_is_left_out() -> None:
    found = register(group_policy=policy(None), proxy_server="", banned=[], software=[])
    assert {"administrators", "proxy_server", "banned", "software"} & set(found) == set()
    for name in ("unexpected_administrators", "proxy_troubles", "banned_programs", "unapproved_programs"):
        with pytest.raises(MissingFact):
            observed(name, {"workstation": samples.workstation(), "workstation_register": found})


@pytest.mark.parametrize(
    ("build", "edition", "supported"),
    [
        (2600, "Professional", False),
        (7601, "Professional", False),
        (19045, "Professional", False),
        (26100, "Professional", False),
        (26100, "Enterprise", True),
        (26200, "Professional", True),
        (17763, "EnterpriseS", True),
    ],
)
def test_the_table_of_windows_decides_by_build_and_edition(build: int, edition: str, supported: bool) -> None:
    facts = {"workstation": {"os": {"build": build, "edition_id": edition}}, "workstation_register": register()}
    assert (observed("system_out_of_support", facts) == []) is supported


@pytest.mark.parametrize(
    ("key", "supported"),
    [
        ("{90120000-0030-0000-0000-0000000FF1CE}", False),
        ("{90140000-0011-0000-1000-0000000FF1CE}", False),
        ("{90150000-0012-040C-1000-0000000FF1CE}", False),
        ("{90160000-0011-0000-1000-0000000FF1CE}", False),
        ("ProPlusRetail - fr-fr", False),
        ("HomeBusiness2019Retail - de-de", False),
        ("ProPlus2021Volume - en-us", False),
        ("ProPlus2024Volume - fr-fr", True),
        ("O365BusinessRetail - fr-fr", True),
        ("O365ProPlusRetail - x-none", True),
    ],
)
def test_the_table_of_office_decides_by_the_key_of_the_setup(key: str, supported: bool) -> None:
    facts = {
        "workstation": {"software": [samples.program(key, "whatever it is called", "")]},
        "workstation_register": register(),
    }
    assert (observed("office_out_of_support", facts) == []) is supported


def test_each_suite_of_the_table_is_of_one_release_and_known_as_a_suite() -> None:
    programs = publisher()["programs"]
    samples_of = {
        pattern.replace("[13]", "1").replace("?", "0").replace("*Volume", "ProPlusVolume").replace("*", "ProPlus")
        for release in programs["releases"]
        for pattern in release["keys"]
    }
    for key in (each.replace("- ProPlus", "- fr-fr") for each in samples_of):
        assert matches(key, programs["suites"]), key
        assert sum(matches(key, release["keys"]) for release in programs["releases"]) == 1, key


@pytest.mark.parametrize("site", SITES)
def test_the_lists_of_each_site_can_be_used(site: str) -> None:
    file = ROOT / "inventories" / site / "group_vars" / "all" / "workstations.yml"
    lists = yaml.safe_load(file.read_text(encoding="utf-8"))
    given = {
        "software": lists["site_approved_software"],
        "licences": lists["site_software_licences"],
        "storage_exceptions": lists["site_storage_exceptions"],
    }
    assert {"software", "licences", "storage_exception"} <= set(register(**given))


def filters() -> dict[str, Any]:
    file = ROOT / "plugins" / "filter" / "windows_workstations.py"
    specification = importlib.util.spec_from_file_location("filter_windows_workstations", file)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return dict(module.FilterModule().filters())


def test_the_filters_give_each_machine_its_register_and_what_became_of_reading_it() -> None:
    results = {
        "pc1": {"state": "measured", "workstation": samples.workstation()},
        "pc2": {"state": "off", "unreachable": True, "msg": "off: nothing answers"},
        "pc3": {"unreachable": True},
    }
    site = [*results, "pc4"]
    registers = filters()["workstation_registers"](
        results, "2026-11-21", SITE, publisher(), policy("*S-1-5-21-1"), machines=site
    )
    assert set(registers) == set(results)
    assert registers["pc2"]["storage_exception"]["until"] == "2027-01-31"
    counted = registers["pc1"]["licences"][0]
    assert (counted["installed"], counted["unread"]) == (1, 3), "pc4 is not in this audit"
    assert filters()["workstation_readings"](results) == {"pc1": {"state": "measured"}, "pc2": {"state": "off"}}


def test_a_list_that_cannot_be_used_is_one_clear_error() -> None:
    site = {**SITE, "software": [{"name": "X"}]}
    with pytest.raises(AnsibleFilterError, match="site_approved_software: X has neither"):
        filters()["workstation_registers"]({"pc1": {}}, "2026-11-21", site, publisher(), {}, machines=["pc1"])
