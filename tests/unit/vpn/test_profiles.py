"""What people get is theirs alone, leavers lose it by the same run, and a second run finds nothing to do."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from ansible.module_utils.linux.vpn_authority import Authority, foreign
from ansible.module_utils.linux.vpn_profile import Service, credentials_in, render
from ansible.module_utils.linux.vpn_profiles import PEERS, PEOPLE, Folder, Plan, Terms, Wanted, secrets_of
from ansible.module_utils.linux.vpn_sheet import Stationery, paragraphs
from cryptography import x509

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
DAY = timedelta(days=1)
TERMS = Terms("example.lan", 365 * DAY, 45 * DAY, 60 * DAY, 30 * DAY)
STATIONERY = Stationery("Menuiserie Exemple", "Atelier", "Appelez le poste 12.")
SERVICES = {
    PEOPLE: Service("vpn.example.com", 1194, "gw1.example.lan", 1.2, "", "", challenge="Code"),
    PEERS: Service("vpn.example.com", 1195, "gw1.example.lan", 1.2, "", ""),
}
EVERYBODY = Wanted({"anne": "Anne A", "s.onde": "S Onde"}, {"adm.anne": "Anne A"}, ["nas1"])


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "pki").mkdir(mode=0o700)
    return Folder(tmp_path / "vpn", foreign(str(tmp_path / "pki")))


def run(folder: Folder, wanted: Wanted = EVERYBODY, now: datetime = NOW, *, dry: bool = False) -> Plan:
    return folder.reconcile(wanted, SERVICES, TERMS, STATIONERY, now, dry=dry)


def revoked(folder: Folder) -> set[str]:
    found = x509.load_pem_x509_crl((folder.authority.folder / "crl.pem").read_bytes())
    assert found.is_signature_valid(folder.authority.certificate.public_key())  # type: ignore[arg-type]
    return {f"{each.serial_number:x}" for each in found}


def test_a_second_run_changes_nothing(folder: Folder) -> None:
    assert run(folder).changed()
    assert not run(folder).changed()


def test_a_dry_run_tells_all_and_writes_nothing(folder: Folder) -> None:
    plan = run(folder, dry=True)
    assert (plan.issued, plan.secrets_made) == (["anne", "s.onde", "nas1"], ["anne", "s.onde", "adm.anne"])
    assert not folder.directory.exists()
    assert not (folder.authority.folder / "crl.pem").exists()


def test_everything_is_for_its_owner_alone(folder: Folder) -> None:
    run(folder)
    open_ = [file for file in folder.directory.rglob("*") if stat.S_IMODE(file.stat().st_mode) & 0o077]
    assert open_ == []


def test_a_leaver_is_revoked_and_leaves_nothing(folder: Folder) -> None:
    run(folder)
    serial = folder.index()[PEOPLE]["anne"]["serial"]
    plan = run(folder, Wanted({"s.onde": "S Onde"}, {}, ["nas1"]), NOW + DAY)
    assert plan.revoked == ["anne"]
    assert serial in revoked(folder)
    assert [file.name for file in folder.directory.rglob("*anne*")] == []
    assert secrets_of(folder.directory, "administrators") == {}


def test_whoever_comes_back_gets_another_certificate_and_the_old_one_stays_revoked(folder: Folder) -> None:
    run(folder)
    old = folder.index()[PEOPLE]["anne"]["serial"]
    run(folder, Wanted({}, {}, []))
    run(folder)
    assert old in revoked(folder)
    assert folder.index()[PEOPLE]["anne"]["serial"] not in revoked(folder)


def test_a_lost_laptop_costs_certificate_and_secret_and_nobody_else_notices(folder: Folder) -> None:
    run(folder)
    before, others = folder.index(), secrets_of(folder.directory, PEOPLE)
    plan = run(folder, Wanted(EVERYBODY.people, EVERYBODY.administrators, EVERYBODY.peers, ["anne"]))
    assert (plan.revoked, plan.issued, plan.secrets_made) == (["anne"], ["anne"], ["anne"])
    assert before[PEOPLE]["anne"]["serial"] in revoked(folder)
    after = secrets_of(folder.directory, PEOPLE)
    assert after["anne"] != others["anne"]
    assert after["s.onde"] == others["s.onde"]


def test_a_certificate_near_its_end_is_renewed_with_the_same_secret(folder: Folder) -> None:
    run(folder)
    secrets = secrets_of(folder.directory, PEOPLE)
    plan = run(folder, now=NOW + 330 * DAY)
    assert plan.renewed == ["anne", "s.onde", "nas1"]
    assert plan.revoked == []
    assert secrets_of(folder.directory, PEOPLE) == secrets


@pytest.mark.parametrize(("days", "due"), [(29, False), (31, True)])
def test_the_list_of_revoked_certificates_is_signed_again_before_it_ends(folder: Folder, days: int, due: bool) -> None:
    run(folder)
    assert (run(folder, now=NOW + days * DAY).revocation_list is not None) is due


def test_a_list_that_another_authority_signed_is_replaced(folder: Folder, tmp_path: Path) -> None:
    run(folder)
    (tmp_path / "other").mkdir(mode=0o700)
    other = foreign(str(tmp_path / "other"))
    forged = other.revocation_list(folder.authority.register(), NOW, 60 * DAY)
    (folder.authority.folder / "crl.pem").write_bytes(forged)
    assert run(folder).revocation_list == "another authority signed it"


def test_trials_have_a_revoked_number_that_nobody_bears(folder: Folder) -> None:
    run(folder)
    canary = folder.authority.register()["canary"]
    assert canary in revoked(folder)
    assert canary not in {entry["serial"] for kind in folder.index().values() for entry in kind.values()}


def test_a_certificate_says_its_owner_and_serves_to_connect_only(folder: Folder) -> None:
    issued = folder.authority.issue("s.onde", "example.lan", NOW, DAY)
    certificate = x509.load_pem_x509_certificate(issued.certificate.encode())
    assert certificate.subject.rfc4514_string() == "CN=s.onde"
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["s.onde.vpn.example.lan"], "or a dot makes it a foreign DNS name"
    use = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(use) == [x509.oid.ExtendedKeyUsageOID.CLIENT_AUTH]


def test_a_sheet_that_was_handed_over_and_destroyed_is_not_made_again(folder: Folder) -> None:
    run(folder)
    (folder.directory / "sheets" / "fiche_anne.pdf").unlink()
    assert not run(folder).changed()


def test_a_new_address_of_the_gateway_reaches_every_profile_with_the_same_key(folder: Folder) -> None:
    run(folder)
    file = folder.directory / "people" / "anne.ovpn"
    before = credentials_in(file.read_text())
    moved = {kind: Service(**{**vars(service), "remote": "other.example.com"}) for kind, service in SERVICES.items()}
    plan = folder.reconcile(EVERYBODY, moved, TERMS, STATIONERY, NOW)
    assert plan.rewritten == ["anne", "s.onde", "nas1"]
    assert "remote other.example.com 1194\n" in file.read_text()
    assert credentials_in(file.read_text()) == before


def test_a_person_is_asked_for_password_and_code_and_a_peer_is_not(folder: Folder) -> None:
    run(folder)
    person, peer = ((folder.directory / name).read_text() for name in ("people/anne.ovpn", "peers/nas1.ovpn"))
    for line in ("auth-user-pass\n", 'static-challenge "Code" 1\n', "auth-nocache\n"):
        assert line in person
        assert line not in peer
    for profile in (person, peer):
        assert "remote-cert-tls server\nverify-x509-name gw1.example.lan name\n" in profile


def test_a_profile_without_a_certificate_has_none() -> None:
    assert credentials_in(render(SERVICES[PEOPLE], None, None)) is None


def test_an_authority_that_is_missing_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="run pki_authority first"):
        Authority(tmp_path)


def test_the_sheet_says_whose_it_is_and_what_to_do_after_a_loss() -> None:
    said = "\n".join(text for _, text in paragraphs("anne", "MFRGGZDFMZTWQ2LK", STATIONERY, administrator=False))
    for part in ("anne", "MFRG GZDF MZTW Q2LK", "otpauth://totp/", "perdu, volé", "Appelez le poste 12."):
        assert part in said
