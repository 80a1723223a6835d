"""The flow matrix of every site is right, and a firewall can be made of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.firewall.compare import facts
from ansible.module_utils.firewall.model import GATEWAY, Matrix, Ports
from ansible.module_utils.firewall.nftables import render
from ansible.module_utils.firewall.source import VARIABLES, matrix_of
from ansible.module_utils.policy.computed_firewall import FIREWALL_OBSERVERS
from jinja2.nativetypes import NativeEnvironment

from tests.conftest import ROOT
from tests.unit.firewall import samples
from tests.unit.firewall.kernel import in_kernel

FILES = sorted(ROOT.glob("inventories/*/group_vars/all/flows.yml"))
#: Controls of the catalogue that attempts refused by name decide on.
BY_NAME = {"direct_web", "direct_messaging", "direct_sharing", "direct_mail"}


def resolved(value: Any, known: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: resolved(each, known) for key, each in value.items()}
    if isinstance(value, list):
        return [resolved(each, known) for each in value]
    return NativeEnvironment().from_string(value).render(known) if isinstance(value, str) and "{{" in value else value


def matrix_in(file: Path) -> Matrix:
    known = yaml.safe_load(file.with_name("site.yml").read_text(encoding="utf-8"))
    servers = known["networks"]["servers"]["subnet"].rsplit(".", 1)[0]
    for other in ("vpn.yml", "dns.yml"):
        known |= yaml.safe_load(file.with_name(other).read_text(encoding="utf-8"))
    known["ad_controller_addresses"] = [f"{servers}.10"]
    known |= {"site_log_server": "log1", "hostvars": {"log1": {"address": f"{servers}.30"}}}
    known |= {"groups": {"backup_copies": ["log1"]}}
    written = yaml.safe_load(file.read_text(encoding="utf-8"))
    return matrix_of({part: resolved(written[name], known) for part, name in VARIABLES.items()}, file)


@pytest.fixture(params=FILES, ids=lambda file: file.parts[-4])
def matrix(request: pytest.FixtureRequest) -> Matrix:
    return matrix_in(request.param)


def test_the_kernel_takes_it_and_lists_it_back(matrix: Matrix) -> None:
    found = facts(in_kernel(render(matrix, samples.LOGGING)), matrix)
    assert found["differences"] == []
    assert found["policies"] == {"input": "drop", "forward": "drop", "output": "drop"}


def test_nobody_outside_and_no_guest_reaches_the_site_but_to_be_let_in(matrix: Matrix) -> None:
    outside = {zone.name for zone in matrix.of_kind("outside", "guest")}
    inside = {zone.name for zone in matrix.of_kind("inside", "provider")} | {GATEWAY}
    inward = [flow for flow in matrix.flows if flow.source in outside and flow.destination in inside]
    assert {(flow.source, flow.destination, flow.services) for flow in inward} <= {
        ("internet", GATEWAY, ("remote_access",))
    }


@pytest.mark.parametrize("zone", ["users", "servers"])
def test_whoever_fetches_through_the_proxy_gets_as_far_as_it(matrix: Matrix, zone: str) -> None:
    """Packages and signatures (package_proxy, antivirus_proxy), and the Web of the people."""
    ways = [flow for flow in matrix.between(zone, GATEWAY) if "proxy" in flow.services and not flow.refused]
    assert matrix.services["proxy"] == (Ports("tcp", 3128, 3128),)
    assert [way.source_networks for way in ways] == [()], "all of the zone, once"


def test_the_firewall_can_be_administered(matrix: Matrix) -> None:
    ways = [flow for flow in matrix.flows if flow.destination == GATEWAY and "ssh" in flow.services]
    assert ways
    assert all(flow.source_networks for flow in ways), "from a whole zone"


def test_what_is_refused_by_name_is_measured_by_name(matrix: Matrix) -> None:
    assert {flow.control for flow in matrix.flows if flow.refused} == BY_NAME
    assert {f"{name}_that_passed" for name in BY_NAME} <= set(FIREWALL_OBSERVERS)
