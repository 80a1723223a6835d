"""What definitions of policies are told of a site: its file server when it has one, and nothing that stops it when not."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from tests.conftest import ROOT

SITE = {
    "ad_root_ou": "Site",
    "ad_domain": "site.lan",
    "charter": {"a_control": {}},
    "client_profile": {"name": "Exemple", "charter": "Charte", "contact": "Pia"},
}


def context(**site: Any) -> dict[str, Any]:
    loader = DataLoader()
    told = loader.load_from_file(str(ROOT / "playbooks/vars/group_policy.yml"), trusted_as_template=True)
    templar = Templar(loader=loader, variables={**SITE, **site})
    return dict(templar.template(told["group_policy_context"]))


@pytest.mark.parametrize("groups", [{}, {"file_servers": []}, {"domain_controllers": ["dc1"]}])
@pytest.mark.parametrize("shares", [{}, {"site_shares": []}])
def test_a_site_without_a_file_server_has_its_policies_all_the_same(
    groups: dict[str, list[str]], shares: dict[str, Any]
) -> None:
    told = context(groups=groups, **shares)
    assert (told["file_server"], told["shares"]) == ("", [])
    assert (told["root_ou"], told["controls"], told["texts"]["contact"]) == ("Site", ["a_control"], "Pia")


def test_the_first_file_server_is_named_as_people_reach_it() -> None:
    told = context(groups={"file_servers": ["fs1", "fs2"]}, site_shares=[{"name": "plans"}])
    assert (told["file_server"], told["shares"]) == ("fs1.site.lan", [{"name": "plans"}])
