"""What the charter says of tickets reaches the settings that Samba's controller goes by, and it reads them at once."""

from __future__ import annotations

import configparser
from typing import Any

import jinja2
import pytest
import yaml

from tests.conftest import ROOT

ROLE = ROOT / "roles/ad_domain"
SPEC = yaml.safe_load((ROLE / "meta/argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]["main"][
    "options"
]
ARGUMENTS = {
    "ad_domain_ticket_hours": "kerberos_ticket_lifetime",
    "ad_domain_service_ticket_hours": "kerberos_service_lifetime",
    "ad_domain_ticket_renewal_days": "kerberos_renewal_lifetime",
    "ad_domain_clock_skew_minutes": "kerberos_clock_skew",
}
GIVEN = dict(zip(ARGUMENTS, (9, 8, 5, 4), strict=True))


def rendered(template: str) -> configparser.ConfigParser:
    environment = jinja2.Environment(undefined=jinja2.ChainableUndefined, autoescape=False)  # noqa: S701
    source = (ROLE / "templates" / template).read_text(encoding="utf-8")
    made = configparser.ConfigParser(delimiters=("=",), strict=False, interpolation=None)
    made.read_string(environment.from_string(source).render(**GIVEN))
    return made


def tasks(file: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load((ROLE / "tasks" / file).read_text(encoding="utf-8")))


def test_lifetimes_are_written_in_the_hours_that_samba_counts_in() -> None:
    settings = rendered("etc/samba/smb.conf.j2")["global"]
    assert settings["kdc:user ticket lifetime"] == "9"
    assert settings["kdc:service ticket lifetime"] == "8"
    assert settings["kdc:renewal lifetime"] == str(5 * 24)


def test_the_difference_of_clocks_is_written_in_seconds() -> None:
    assert rendered("etc/krb5.conf.j2")["libdefaults"]["clockskew"] == str(4 * 60)


@pytest.mark.parametrize("argument", ARGUMENTS)
def test_no_lifetime_is_left_to_a_default(argument: str) -> None:
    assert SPEC[argument]["required"] is True
    assert SPEC[argument]["type"] == "int"
    defaults = yaml.safe_load((ROLE / "defaults/main.yml").read_text(encoding="utf-8")) or {}
    assert argument not in defaults


def test_each_lifetime_is_bound_to_its_own_clause() -> None:
    plays = yaml.safe_load((ROOT / "playbooks/domain.yml").read_text(encoding="utf-8"))
    (bound,) = [role["vars"] for play in plays for role in play.get("roles", []) if role["role"] == "ad_domain"]
    told = {argument: bound[argument] for argument in ARGUMENTS}
    assert told == {argument: f"{{{{ charter.{clause}.at_most }}}}" for argument, clause in ARGUMENTS.items()}


@pytest.mark.parametrize(
    ("file", "destination"), [("samba_configure.yml", "/etc/samba/smb.conf"), ("samba_host.yml", "/etc/krb5.conf")]
)
def test_a_controller_reads_again_what_was_changed_under_it(file: str, destination: str) -> None:
    (writes,) = [task for task in tasks(file) if task.get("ansible.builtin.template", {}).get("dest") == destination]
    assert writes["notify"] == "Restart the domain controller"
    (look,) = [task for task in tasks("samba_run.yml") if "not read yet" in task["name"]]
    assert destination in look["ansible.builtin.shell"]["cmd"], "an interrupted run leaves it unread"
