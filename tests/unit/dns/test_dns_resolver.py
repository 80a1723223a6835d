"""The resolver as it says it runs, and the questions that a site's tables make."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible.module_utils.linux.dns_resolver import read_resolver

from plugins.filter.name_resolution import name_attempts, name_questions, site_clocks
from tests.conftest import ROOT

HEALTHY = {
    ("get_option", "access-control"): "10.0.2.10 allow\n127.0.0.0/8 allow\n::0/0 refuse\n0.0.0.0/0 refuse\n",
    ("get_option", "module-config"): "validator iterator\n",
    ("get_option", "private-address"): "fc00::/7\n10.0.0.0/8\n",
    ("get_option", "verbosity"): "1\n",
    ("get_option", "val-log-level"): "0\n",
    ("list_forwards",): ". IN forward 192.0.2.53 192.0.2.54\n",
    ("list_local_zones",): "localhost. redirect\ndns.example. always_nxdomain\nresolver.example. always_nxdomain\n",
}


def resolver(declared: list[str], **changed: str) -> dict[str, Any]:
    def ask(program: str, *words: str) -> str:
        assert program == "unbound-control"
        option = words[-1]
        return changed.get(option.replace("-", "_"), HEALTHY.get(words, "no\n"))

    return read_resolver(declared, ask)


def test_a_healthy_resolver_is_read() -> None:
    assert resolver(["10.0.2.0/24"]) == {
        "clients": ["10.0.2.10"],
        "undeclared_clients": [],
        "forwarders": ["192.0.2.53", "192.0.2.54"],
        "validates": True,
        "private_networks": ["10.0.0.0/8", "fc00::/7"],
        "traces": [],
        "refused": ["dns.example", "resolver.example"],
    }


@pytest.mark.parametrize("access", ["0.0.0.0/0 allow\n", "10.0.1.0/24 allow_snoop\n", "::/0 allow\n"])
def test_whoever_is_answered_beyond_those_declared_is_told(access: str) -> None:
    found = resolver(["10.0.2.0/24"], access_control="10.0.2.10 allow\n" + access)
    assert found["undeclared_clients"] == [access.partition(" ")[0]]


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("log_queries", "yes"),
        ("log_replies", "yes"),
        ("log_servfail", "yes"),
        ("val_log_level", "2"),
        ("verbosity", "3"),
    ],
)
def test_what_writes_names_down_is_told(option: str, value: str) -> None:
    (line,) = resolver(["10.0.2.10"], **{option: f"{value}\n"})["traces"]
    assert line == f"{option.replace('_', '-')}: {value}"


GIVEN: dict[str, Any] = {
    "domain": "site.lan",
    "hosts": {"dc1": "10.0.2.10"},
    "table": [{"name": "wpad", "values": ["10.0.1.254"]}, {"name": "log", "type": "CNAME", "values": ["srv1"]}],
    "proxy_names": ["wpad"],
    "outside": ["www.example.org"],
    "encrypted": ["dns.example"],
    "signals": ["signal.example"],
}


def test_tables_become_questions() -> None:
    found = {(each["kind"], each["name"], each["type"]): each for each in name_questions(GIVEN)}
    assert found["own", "dc1.site.lan", "A"]["expected"] == ["10.0.2.10"]
    assert found["own", "log.site.lan", "CNAME"]["expected"] == ["srv1.site.lan"]
    assert found["own", "_kerberos._udp.site.lan", "SRV"]["timed"]
    assert found["proxy", "wpad.site.lan", "A"]["expected"] == ["10.0.1.254"]
    assert found["outside", "www.example.org", "A"]["timed"]
    assert not found["encrypted", "dns.example", "A"]["timed"]
    assert {("signal", "signal.example", kind) for kind in ("A", "AAAA")} <= set(found)


def test_a_name_of_the_proxy_that_no_table_holds_is_refused() -> None:
    with pytest.raises(AnsibleFilterError, match="add it to site_dns_names"):
        name_questions({**GIVEN, "proxy_names": ["wpad", "proxy"]})


def test_resolvers_outside_are_tried_in_every_way() -> None:
    found = name_attempts(["192.0.2.53"], ["10.0.2.254"], "www.example.org")
    assert [each["way"] for each in found if each["kind"] == "foreign"] == ["udp", "tcp", "tls", "https"]
    assert {each["address"] for each in found if each["kind"] == "resolver"} == {"10.0.2.254"}


def listed() -> dict[str, list[str]]:
    file = ROOT / "roles" / "dns_resolver" / "vars" / "doh_resolvers.yml"
    return dict(yaml.safe_load(file.read_text(encoding="utf-8")))


def test_the_list_of_names_has_each_once_and_the_signals_that_browsers_look_for() -> None:
    names = [name for each in listed().values() for name in each]
    assert len(names) == len(set(names))
    assert all(name == name.lower().strip(".") and "." in name for name in names)
    assert {"use-application-dns.net", "mask.icloud.com"} <= set(listed()["dns_resolver_signals"])
    assert {"dns.google", "cloudflare-dns.com"} <= set(listed()["dns_resolver_doh_names"])


@pytest.mark.parametrize(
    "site", sorted(file.parts[-4] for file in Path(ROOT).glob("inventories/*/group_vars/all/dns.yml"))
)
def test_what_a_site_asks_for_does_not_exist_in_the_list_of_refused_names(site: str) -> None:
    given = yaml.safe_load((ROOT / "inventories" / site / "group_vars/all/dns.yml").read_text(encoding="utf-8"))
    refused = [name for each in listed().values() for name in each]
    wrong = [name for name in given["site_outside_names"] for each in refused if f".{name}".endswith(f".{each}")]
    assert wrong == []


def test_clocks_become_one_fact_and_a_host_that_was_not_read_says_why() -> None:
    against = [{"server": "10.0.2.10", "ahead_seconds": 0.1, "round_trip_seconds": 0.01}]
    clock = {"tracking": {"synchronised": True}, "against": against}
    readings: dict[str, Any] = {
        "dc1": {"read_clock": {"clock": clock}, "read_clock_here": {"clock": {"tracking": None, "against": against}}},
        "fs1": {"read_clock": {"msg": "chronyc failed"}},
        "ws1": {},
    }
    found = site_clocks(["ws1", "fs1", "dc1"], readings)
    assert found["here"] == against
    assert [each["problem"] for each in found["hosts"]] == ["the host does not answer", "chronyc failed", ""]
    assert found["hosts"][2]["against"] == against
    assert found["hosts"][0]["tracking"] is None
