"""The definitions of the sites of this repository can be meant."""

from __future__ import annotations

import pytest
import yaml
from ansible.module_utils.ad.group_policy.definition_load import load_definitions
from ansible.module_utils.policy.model import load_policies

from tests.conftest import ROOT
from tests.unit.ad.group_policy.definition_samples import (
    CONTEXT,
    DOMAIN,
)

SITES = sorted(folder.parent.name for folder in (ROOT / "inventories").glob("*/group_policies"))


@pytest.mark.parametrize("site", SITES)
def test_the_definitions_of_a_site_can_be_meant(site: str) -> None:
    folder = ROOT / "inventories" / site
    shares = yaml.safe_load((folder / "group_vars" / "all" / "shares.yml").read_text(encoding="utf-8"))["site_shares"]
    groups = {group for share in shares for group in (*share["read"], *share["write"])}
    context = {
        **CONTEXT,
        "shares": shares,
        "sids": {group.casefold(): f"{DOMAIN}-{rid}" for rid, group in enumerate(sorted(groups), start=1100)},
        "texts": {"client_name": "Site", "charter_title": "Charte", "contact": "nous"},
    }
    del context["controls"]
    names = {
        line.split("value_of: ")[1].split(",")[0].split("}")[0].strip()
        for file in (folder / "group_policies").glob("*.yml")
        for line in file.read_text(encoding="utf-8").splitlines()
        if "value_of: " in line
    }
    client = yaml.safe_load((folder / "group_vars" / "all" / "site.yml").read_text(encoding="utf-8"))["client"]
    charter = load_policies(ROOT, client).controls
    values = {name: charter[name].expected for name in names}
    files = sorted(str(file) for file in (folder / "group_policies").glob("*.yml"))
    policies = load_definitions(files, values, context)
    settings = {setting for policy in policies for setting in policy.settings()}
    assert {f"user/drives/{share['drive']}" for share in shares} <= settings
    assert sum(len(policy.settings()) for policy in policies) == len(settings), "one setting in two policies"
