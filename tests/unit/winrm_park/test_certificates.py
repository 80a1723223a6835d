"""The authority of a site makes the machines' certificates, or it is said why it cannot."""

from __future__ import annotations

import ssl
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
import requests
from cryptography import x509

from tests.unit.winrm_park.park_samples import LOGIN, PASSWORD, call
from tests.winrm_park import ProfileError, profiles
from tests.winrm_park.certificates import Authority
from tests.winrm_park.park import Park

KINDS = {"rsa": ["rsa:2048"], "curve": ["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"], "ed25519": ["ed25519"]}


def made(folder, kind):
    """Two files as a site has them."""
    certificate, key = folder / f"{kind}.crt", folder / f"{kind}.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", *KINDS[kind], "-nodes", "-subj", "/CN=essai", "-days", "2",
                    "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)  # fmt: skip
    return certificate, key


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return made(tmp_path_factory.mktemp("pki"), "rsa")


@pytest.mark.parametrize("kind", ["rsa", "curve"])
def test_whoever_trusts_the_site_trusts_its_machines(tmp_path, kind):
    authority = Authority.of_site(*made(tmp_path, kind))
    assert authority.pem() == (tmp_path / f"{kind}.crt").read_bytes()
    with Park([profiles.profile("pc-1", "10")], {LOGIN: PASSWORD}, authority=authority) as park:
        assert status(park, str(tmp_path / f"{kind}.crt")) == 200
        with pytest.raises(requests.exceptions.SSLError):
            status(park, True)


def test_a_park_that_stands_for_months_is_still_trusted(site):
    with Park([profiles.profile("pc-1", "10")], {LOGIN: PASSWORD}, authority=Authority.of_site(*site)) as park:
        endpoint = park.endpoint("pc-1")
        shown = ssl.get_server_certificate((endpoint.address, endpoint.port))
    ends = x509.load_pem_x509_certificate(shown.encode()).not_valid_after_utc
    assert ends > datetime.now(UTC) + timedelta(days=180)


def status(park, trusted):
    request = call("EnumKey", sSubKeyName="SOFTWARE")
    return requests.post(park.url("pc-1"), request, auth=(LOGIN, PASSWORD), timeout=20, verify=trusted).status_code


def test_a_key_that_is_none_is_one_sentence(tmp_path, site):
    (tmp_path / "ca.key").write_text("nothing", "ascii")
    with pytest.raises(ProfileError, match=r"ca\.key: no authority to make certificates with"):
        Authority.of_site(site[0], tmp_path / "ca.key")


def test_a_key_that_is_protected_is_one_sentence(tmp_path, site):
    protected = tmp_path / "ca.key"
    subprocess.run(["openssl", "rsa", "-aes256", "-passout", "pass:secret", "-in", str(site[1]),
                    "-out", str(protected)], check=True, capture_output=True)  # fmt: skip
    with pytest.raises(ProfileError, match=r"ca\.key: no authority to make certificates with"):
        Authority.of_site(site[0], protected)


def test_files_that_are_missing_or_exchanged_are_one_sentence(tmp_path, site):
    for certificate, key in ((site[0], tmp_path / "none"), (tmp_path / "none", site[1]), (site[1], site[0])):
        with pytest.raises(ProfileError, match="no authority to make certificates with"):
            Authority.of_site(certificate, key)


def test_a_key_of_another_kind_is_refused(tmp_path):
    with pytest.raises(ProfileError, match=r"ed25519\.key: neither an RSA key nor one of an elliptic curve"):
        Authority.of_site(*made(tmp_path, "ed25519"))


def test_a_key_that_is_not_the_certificates_is_refused(tmp_path, site):
    with pytest.raises(ProfileError, match=r"curve\.key: not the key of .*rsa\.crt"):
        Authority.of_site(site[0], made(tmp_path, "curve")[1])
