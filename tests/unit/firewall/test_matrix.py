"""The flow matrix is read whole, and what is wrong with it is told by its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.firewall.model import GATEWAY, MatrixError, Ports
from ansible.module_utils.firewall.reading import load_matrix, parse_samples
from ansible.module_utils.firewall.source import matrix_of

from tests.unit.firewall import samples

Change = Callable[[dict[str, Any]], Any]


def problems(change: Change) -> list[str]:
    data = samples.data()
    change(data)
    with pytest.raises(MatrixError) as caught:
        load_matrix(data)
    return caught.value.problems


def test_the_sample_is_read() -> None:
    matrix = samples.matrix()
    assert [flow.destination for flow in matrix.between("users", GATEWAY)] == [GATEWAY, GATEWAY]
    assert matrix.services["calls"] == (Ports("tcp", 135, 135), Ports("tcp", 49152, 65535))
    assert str(matrix.services["calls"][1]) == "tcp/49152-65535"


def test_what_is_refused_by_name_comes_before_what_is_open() -> None:
    data = samples.data()
    data["flows"].append({"from": "users", "to": "internet", "services": ["ping"], "why": "x", "rule": "A0-066"})
    assert [flow.refused for flow in load_matrix(data).between("users", "internet")] == [True, False]


def test_outside_is_everything_that_is_in_no_zone() -> None:
    matrix = samples.matrix()
    outside = matrix.addresses(matrix.zones["internet"])
    for zone in ("users", "servers", "guest"):
        for low, high in matrix.addresses(matrix.zones[zone]):
            assert not any(a <= high and low <= b for a, b in outside)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: d["zones"]["guest"].update(subnets=["10.80.1.128/25"]), "overlaps 10.80.1.0/24 of users"),
        (lambda d: d["zones"]["guest"].update(interfaces=["users0"]), "users0 is behind users too"),
        (lambda d: d["zones"]["guest"].update(kind="visitors"), "'visitors' is no kind of zone"),
        (lambda d: d["zones"]["guest"].update(subnets=["10.80.4.1/24"]), "is not an IPv4 subnet"),
        (lambda d: d["zones"]["guest"].update(subnets=["2001:db8::/64"]), "no IPv6 passes this firewall"),
        (lambda d: d["zones"]["guest"].update(subnets=[]), "lacks subnets"),
        (lambda d: d["zones"]["guest"].update(address="10.80.1.1"), "10.80.1.1 is not an address of this zone"),
        (lambda d: d["zones"]["guest"].update(subnet=["10.80.4.0/24"]), "did you mean 'subnets'?"),
        (lambda d: d["zones"]["guest"].update(interfaces=["eth 0"]), "'eth 0' is no name of an interface"),
        (lambda d: d["zones"]["internet"].update(subnets=["192.0.2.0/24"]), "give it no subnets"),
        (lambda d: d["zones"].update(wan={**d["zones"]["internet"], "interfaces": ["w0"]}), "is outside already"),
        (lambda d: d["zones"].update(gateway=d["zones"]["guest"]), "'gateway' is no name for it"),
        (lambda d: d["services"].update(web=["tcp/http"]), "'tcp/http' is no service"),
        (lambda d: d["services"].update(web=["tcp/70000"]), "'tcp/70000' is no service"),
        (lambda d: d["services"].update(web=["tcp/90-80"]), "'tcp/90-80' is no service"),
        (lambda d: d["services"].update(web=["icmp/redirect"]), "'icmp/redirect' is no service"),
        (lambda d: d["services"].update(web=[]), "must be a list with at least one name"),
        (lambda d: d["flows"][0].update(to="server"), "no zone 'server'; did you mean 'servers'?"),
        (lambda d: d["flows"][0].update(services=["file"]), "no service 'file'; did you mean 'files'?"),
        (lambda d: d["flows"][0].update(to="users"), "within a zone nothing passes"),
        (lambda d: d["flows"][0].update(why=" "), "a flow without a reason is not a flow"),
        (lambda d: d["flows"][0].pop("rule"), "lacks rule"),
        (lambda d: d["flows"][1].update(to_addresses=["10.80.4.10"]), "10.80.4.10/32 is not in servers"),
        (lambda d: d["flows"][1].update(to_addresses=[]), "would open the whole zone"),
        (lambda d: d["flows"][2].update(to_addresses=["10.80.1.254"]), "gateway is one host"),
        (lambda d: d["flows"].append({**d["flows"][6], "refused": False}), "opens tcp/80 from users to internet"),
        (lambda d: d["flows"].append({**d["flows"][0]}), "says what flows[0] says"),
        (lambda d: d.update(flows=[]), "at least one flow"),
        (lambda d: d["flows"].append("users to servers"), "must be a mapping"),
    ],
)
def test_what_is_wrong_is_told(change: Change, told: str) -> None:
    found = problems(change)
    assert any(told in problem for problem in found), found


def test_an_opening_for_some_addresses_contradicts_a_refusal_for_all() -> None:
    found = problems(lambda d: d["flows"].append({**d["flows"][6], "refused": False, "from_addresses": ["10.80.1.7"]}))
    assert len(found) == 1


def test_openings_for_other_addresses_do_not_contradict() -> None:
    data = samples.data()
    data["flows"][6]["from_addresses"] = ["10.80.1.7"]
    data["flows"].append({**data["flows"][6], "refused": False, "from_addresses": ["10.80.1.8"]})
    assert len(load_matrix(data).flows) == 8


def test_every_problem_is_told_at_once() -> None:
    def change(data: dict[str, Any]) -> None:
        data["zones"]["guest"]["kind"] = "visitors"
        data["flows"][0]["services"] = ["file"]

    assert len(problems(change)) >= 2


def test_a_problem_is_told_by_file_and_line(tmp_path: Path) -> None:
    data = samples.data()
    data["flows"][3]["services"] = ["telnet"]
    file = tmp_path / "flows.yml"
    written = yaml.safe_dump({f"site_{name}": part for name, part in data.items()}, sort_keys=False)
    file.write_text(written, encoding="utf-8")
    line = written.splitlines().index("  - telnet") + 1
    with pytest.raises(MatrixError, match=rf"flows\.yml:{line}: .*no service 'telnet'"):
        matrix_of(data, file)


def test_samples_are_read_or_refused() -> None:
    assert parse_samples(["tcp/23"]) == [Ports("tcp", 23, 23)]
    with pytest.raises(MatrixError, match="is no sample"):
        parse_samples(["telnet"])
