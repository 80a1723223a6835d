"""Codes are those of the standard, and a secret is written in ways that applications read."""

from __future__ import annotations

import base64
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from ansible.module_utils.linux.vpn_totp import address, code, groups, new_secret, raw

SEEDS = {
    "sha1": b"12345678901234567890",
    "sha256": b"12345678901234567890123456789012",
    "sha512": b"1234567890123456789012345678901234567890123456789012345678901234",
}


@pytest.mark.parametrize(
    ("at", "algorithm", "expected"),
    [
        (59, "sha1", "94287082"), (59, "sha256", "46119246"), (59, "sha512", "90693936"),
        (1111111109, "sha1", "07081804"), (1111111109, "sha256", "68084774"), (1111111109, "sha512", "25091201"),
        (1111111111, "sha1", "14050471"), (1234567890, "sha1", "89005924"), (2000000000, "sha1", "69279037"),
        (20000000000, "sha1", "65353130"), (20000000000, "sha256", "77737706"), (20000000000, "sha512", "47863826"),
    ],
)  # fmt: skip
def test_codes_are_those_of_rfc_6238_appendix_b(at: int, algorithm: str, expected: str) -> None:
    secret = base64.b32encode(SEEDS[algorithm]).decode()
    assert code(secret, at, digits=8, algorithm=algorithm) == expected


def test_a_new_secret_is_long_enough_and_never_twice_the_same() -> None:
    assert len(raw(new_secret())) == 20
    assert new_secret() != new_secret()


def test_a_secret_typed_in_groups_is_the_same_secret() -> None:
    secret = new_secret()
    assert raw(groups(secret)) == raw(secret)


def test_the_address_says_who_where_and_which_secret() -> None:
    parts = urlsplit(address("MFRGGZDF", "dupont", "Menuiserie & fils"))
    assert (parts.scheme, parts.netloc, unquote(parts.path)) == ("otpauth", "totp", "/Menuiserie & fils:dupont")
    assert parse_qs(parts.query)["secret"] == ["MFRGGZDF"]
    assert parse_qs(parts.query)["issuer"] == ["Menuiserie & fils"]
