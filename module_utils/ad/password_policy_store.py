"""Read the password policies of a directory, tell what differs from what is wanted, and write it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import ldap
import ldap.dn
import ldap.filter
from ansible.module_utils.ad.connection import Directory, number, text
from ansible.module_utils.ad.directory_names import key
from ansible.module_utils.ad.password_policy import (
    APPLIES_TO,
    PRECEDENCE,
    SETTINGS,
    Policy,
    PolicyError,
    check,
    decode_domain,
    decode_fine_grained,
    encode_domain,
    encode_fine_grained,
)
from ansible.module_utils.ad.security_descriptor import sid_text

#: groupType of a global security group, the only kind a fine-grained policy applies to ([MS-ADTS] 2.2.12).
GLOBAL_SECURITY = 0x80000002 - 2**32
#: sAMAccountType of a person's or a service's account ([MS-SAMR] 2.2.1.9).
NORMAL_ACCOUNT = 0x30000000

#: userAccountControl ([MS-ADTS] 2.2.16): the account cannot log on.
DISABLED = 0x2

#: Those who administer the domain: Administrators, and Domain, Schema and Enterprise Admins.
BUILTIN_ADMINISTRATORS = "S-1-5-32-544"
PRIVILEGED_RIDS = (512, 518, 519)
#: Membership through groups of groups ([MS-ADTS] 3.1.1.3.4.4.3 LDAP_MATCHING_RULE_TRANSITIVE_EVAL).
NESTED_MEMBER = "memberOf:1.2.840.113556.1.4.1941:"


def read_domain(directory: Directory) -> Policy:
    """The policy of the domain."""
    return decode_domain(directory.read(directory.base, [row.domain for row in SETTINGS]))


def container(directory: Directory) -> str:
    """Where fine-grained policies live."""
    return f"CN=Password Settings Container,CN=System,{directory.base}"


def read_fine_grained(directory: Directory) -> dict[str, Policy]:
    """The fine-grained policies, by distinguished name, strongest first."""
    attributes = ["cn", PRECEDENCE, APPLIES_TO, *(row.fine_grained for row in SETTINGS)]
    rows = directory.search(
        container(directory), "(objectClass=msDS-PasswordSettings)", attributes, ldap.SCOPE_ONELEVEL
    )
    logins: dict[str, str] = {}

    def login(dn: str) -> str:
        if dn not in logins:
            logins[dn] = text(directory.read(dn, ["sAMAccountName"]), "sAMAccountName") or dn
        return logins[dn]

    policies = {
        dn: {
            "name": text(values, "cn"),
            "precedence": number(values, PRECEDENCE),
            "applies_to": sorted(login(target.decode()) for target in values.get(APPLIES_TO, [])),
            **decode_fine_grained(values),
        }
        for dn, values in rows
    }
    return dict(sorted(policies.items(), key=lambda item: (item[1]["precedence"] or 0, item[1]["name"])))


def domain_sid(directory: Directory) -> str:
    """The identifier of the domain, that its groups' begin with."""
    return sid_text(directory.read(directory.base, ["objectSid"])["objectSid"][0])


def resolve(directory: Directory, name: str) -> tuple[str, str]:
    """The distinguished name and the login of a group or account given by login, SID, or number of a built-in group."""
    sid = f"{domain_sid(directory)}-{name}" if re.fullmatch(r"\d+", name) else name
    by_sid = re.fullmatch(r"S-1-\d+(-\d+)+", sid)
    wanted = f"objectSid={sid}" if by_sid else f"sAMAccountName={ldap.filter.escape_filter_chars(name)}"
    kinds = "(|(objectClass=user)(objectClass=group))"
    rows = directory.search(directory.base, f"(&({wanted}){kinds})", ["sAMAccountName", "groupType"])
    if not rows:
        raise PolicyError(f"no group or account is named {name}; create it before a password policy applies to it")
    dn, values = rows[0]
    if "groupType" in values and number(values, "groupType") != GLOBAL_SECURITY:
        raise PolicyError(f"{name} is not a global security group; fine-grained policies apply to those or accounts")
    return dn, text(values, "sAMAccountName") or name


def read_resultant(directory: Directory, domain: Policy, fine_grained: Mapping[str, Policy]) -> list[Policy]:
    """The policy in force, as the directory computes it, for each account that administers the domain."""
    sids = [BUILTIN_ADMINISTRATORS, *(f"{domain_sid(directory)}-{rid}" for rid in PRIVILEGED_RIDS)]
    groups = directory.search(directory.base, "(|" + "".join(f"(objectSid={sid})" for sid in sids) + ")", ["objectSid"])
    members_of = "".join(f"({NESTED_MEMBER}={ldap.filter.escape_filter_chars(dn)})" for dn, _ in groups)
    nested = directory.search(directory.base, f"(&(objectClass=group)(|{members_of}))", ["objectSid"])
    rids = {sid_text(values["objectSid"][0]).rpartition("-")[2] for _, values in [*groups, *nested]}
    primary = "".join(f"(primaryGroupID={rid})" for rid in sorted(rids))
    accounts = directory.search(directory.base, f"(&(sAMAccountType={NORMAL_ACCOUNT})(|{members_of}{primary}))",
                                ["sAMAccountName", "userAccountControl", "msDS-ResultantPSO"])  # fmt: skip
    policies = {key(dn): policy for dn, policy in fine_grained.items()}
    found: list[Policy] = []
    for _, values in accounts:
        resultant = text(values, "msDS-ResultantPSO")
        policy = policies[key(resultant)] if resultant else {**domain, "name": "domain"}
        enabled = not (number(values, "userAccountControl") or 0) & DISABLED
        found.append({"login": text(values, "sAMAccountName"), "enabled": enabled, "policy": policy["name"],
                      **{row.option: policy[row.option] for row in SETTINGS}})  # fmt: skip
    return sorted(found, key=lambda policy: policy["login"] or "")


def read_policies(directory: Directory) -> dict[str, Any]:
    """Everything: the domain's policy, the fine-grained ones, and which is in force for the administrators."""
    domain, fine_grained = read_domain(directory), read_fine_grained(directory)
    return {
        "domain": domain,
        "fine_grained": list(fine_grained.values()),
        "resultant": read_resultant(directory, domain, fine_grained),
    }


@dataclass(frozen=True)
class Difference:
    """One policy that is not as wanted: what differs, as people read it, and the write that makes it right."""

    name: str
    before: Policy | None
    after: Policy | None
    write: Callable[[], None]


def compare(
    directory: Directory, domain: Policy | None, fine_grained: Sequence[Policy], purge: bool
) -> list[Difference]:
    """What must be written for the directory to have these policies. All is checked first, and nothing is written."""
    wanted_domain = check(domain, "domain") if domain is not None else None
    wanted = [check(policy, policy["name"]) for policy in fine_grained]
    names = {policy["name"].casefold() for policy in wanted}
    if len(names) != len(wanted):
        raise PolicyError("two fine-grained policies have the same name; keep one of them")
    current = read_fine_grained(directory)
    found = [compare_domain(directory, wanted_domain)] if wanted_domain is not None else []
    found += [compare_fine_grained(directory, current, policy) for policy in wanted]
    if purge:
        surplus = {dn: policy for dn, policy in current.items() if policy["name"].casefold() not in names}
        found += [
            Difference(policy["name"], policy, None, partial(directory.delete, dn)) for dn, policy in surplus.items()
        ]
    return [difference for difference in found if difference is not None]


def compare_domain(directory: Directory, wanted: Policy) -> Difference | None:
    """The one write that brings the domain's own policy in line; None when it is."""
    attributes = directory.read(directory.base, [row.domain for row in SETTINGS])
    current = decode_domain(attributes)
    differs = {option: value for option, value in wanted.items() if current[option] != value}
    if not differs:
        return None
    before = {option: current[option] for option in differs}
    changes = encode_domain(differs, number(attributes, "pwdProperties") or 0)
    return Difference("domain", before, differs, partial(directory.modify, directory.base, changes))


def compare_fine_grained(directory: Directory, current: Mapping[str, Policy], wanted: Policy) -> Difference | None:
    """The write that creates a fine-grained policy or brings it in line; None when it is."""
    name = wanted["name"]
    targets = {login: dn for dn, login in (resolve(directory, who) for who in wanted["applies_to"])}
    wanted = {**wanted, "applies_to": sorted(targets)}
    applies_to = {APPLIES_TO: [dn.encode() for dn in targets.values()]}
    known = {policy["name"].casefold(): dn for dn, policy in current.items()}
    if name.casefold() not in known:
        dn = f"CN={ldap.dn.escape_dn_chars(name)},{container(directory)}"
        attributes = {"objectClass": [b"msDS-PasswordSettings"], **encode_fine_grained(wanted), **applies_to}
        return Difference(name, None, wanted, partial(directory.add, dn, attributes))
    dn = known[name.casefold()]
    differs = {option: value for option, value in wanted.items() if option != "name" and current[dn][option] != value}
    if not differs:
        return None
    before = {option: current[dn][option] for option in differs}
    changes = encode_fine_grained(differs) | (applies_to if "applies_to" in differs else {})
    return Difference(name, before, differs, partial(directory.modify, dn, changes))
