"""What the site's authority signs for remote access: certificates of people and peers, and the list of revoked ones.

The authority's names are constrained to the site's domain; a name of ours is therefore also written as a DNS name below
it, or else a login with a dot in it would be read as a foreign one (RFC 5280 4.2.1.10). Needs cryptography.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ansible.module_utils.ad.first_passwords import FirstPasswordError, write_privately
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_SERIAL_BITS = 128
_BACKDATED = timedelta(minutes=5)  # for clocks that differ


class AuthorityError(Exception):
    """The authority cannot be used; the message says which file and what to do."""


@dataclass(frozen=True)
class Issued:
    """A certificate with its key, as text."""

    certificate: str
    key: str
    serial: str
    not_after: datetime


class Authority:
    """The authority's folder on the controller: ca.key, ca.crt, crl.pem, revoked.json."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder).expanduser().absolute()
        try:
            key = serialization.load_pem_private_key((self.folder / "ca.key").read_bytes(), None)
            self.text = (self.folder / "ca.crt").read_text("ascii")
            self.certificate = x509.load_pem_x509_certificate(self.text.encode())
        except (OSError, ValueError) as error:
            raise AuthorityError(
                f"{self.folder}: the authority cannot be read ({error}); run pki_authority first"
            ) from error
        if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise AuthorityError(f"{self.folder}/ca.key: is neither an RSA nor an elliptic curve key")
        self.key = key

    def issue(self, name: str, domain: str, now: datetime, lifetime: timedelta, serial: str | None = None) -> Issued:
        """A new key and a certificate that its owner connects with, and nothing else."""
        number = int(serial or new_serial(), 16)
        own = ec.generate_private_key(ec.SECP256R1())
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(self.certificate.subject)
            .public_key(own.public_key())
            .serial_number(number)
            .not_valid_before(now - _BACKDATED)
            .not_valid_after(now + lifetime)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(f"{name}.vpn.{domain}")]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_signs_only(), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
        )
        return Issued(
            builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode(),
            own.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ).decode(),
            f"{number:x}",
            now + lifetime,
        )

    def register(self) -> dict[str, Any]:
        """Revoked serial numbers, and one that no certificate bears: trials sign one with it, which must be refused."""
        try:
            return dict(json.loads((self.folder / "revoked.json").read_text("utf-8")))
        except FileNotFoundError:
            return {"canary": new_serial(), "revoked": {}}
        except (OSError, ValueError) as error:
            raise AuthorityError(
                f"{self.folder}/revoked.json: {error}; restore it: it says what was revoked"
            ) from error

    def list_due(self, register: Mapping[str, Any], now: datetime, renewal: timedelta) -> str | None:
        """Why the list of revoked certificates must be signed again; None when it need not."""
        try:
            present = x509.load_pem_x509_crl((self.folder / "crl.pem").read_bytes())
        except FileNotFoundError:
            return "there is none"
        except ValueError:
            return "it cannot be read"
        if not present.is_signature_valid(self.certificate.public_key()):  # type: ignore[arg-type]
            return "another authority signed it"
        listed = {f"{each.serial_number:x}" for each in present}
        if listed != {register["canary"], *register["revoked"]}:
            return "it does not list what is revoked"
        ends = present.next_update_utc
        return "it nears its end" if ends is None or ends - now < renewal else None

    def revocation_list(self, register: Mapping[str, Any], now: datetime, lifetime: timedelta) -> bytes:
        """A list signed now."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(now - _BACKDATED)
            .next_update(now + lifetime)
            .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
        )
        revoked = {register["canary"]: {"on": now.isoformat()}, **register["revoked"]}
        for serial, entry in sorted(revoked.items()):
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(int(serial, 16))
                .revocation_date(datetime.fromisoformat(entry["on"]))
                .build()
            )
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    def save(self, register: Mapping[str, Any], revoked: bytes) -> None:
        """Keep register and list, the register first: what is revoked is never forgotten."""
        try:
            write_privately(self.folder / "revoked.json", json.dumps(register, indent=1, sort_keys=True).encode())
            write_privately(self.folder / "crl.pem", revoked)
        except FirstPasswordError as error:
            raise AuthorityError(str(error)) from error


def foreign(folder: str) -> Authority:
    """Another authority, in a folder of its own: what a forger would make."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Autre")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_privately(Path(folder, "ca.key"), secret)
    write_privately(Path(folder, "ca.crt"), certificate.public_bytes(serialization.Encoding.PEM))
    return Authority(folder)


def new_serial() -> str:
    """A serial number that nobody can guess, in hexadecimal."""
    return f"{secrets.randbits(_SERIAL_BITS) | 1 << (_SERIAL_BITS - 2):x}"


def shared_key() -> str:
    """A key for tls-crypt, in the format of openvpn --genkey secret."""
    digits = os.urandom(256).hex()
    lines = [digits[start : start + 32] for start in range(0, len(digits), 32)]
    frame = ("-----BEGIN OpenVPN Static key V1-----", *lines, "-----END OpenVPN Static key V1-----")
    return "".join(line + "\n" for line in frame)


def _signs_only() -> x509.KeyUsage:
    names = (
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
    )
    return x509.KeyUsage(
        digital_signature=True, encipher_only=False, decipher_only=False, **dict.fromkeys(names, False)
    )
