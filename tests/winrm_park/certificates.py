"""Certificates of the simulated machines, one for each, by an authority made for the run or that of the lab's site."""

from __future__ import annotations

import ipaddress
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from tests.winrm_park import VENDOR, ProfileError

_PEM = serialization.Encoding.PEM


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _made() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """An authority's key and certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_name(f"{VENDOR} authority"))
        .issuer_name(_name(f"{VENDOR} authority"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=400))
        .not_valid_after(now + timedelta(days=400))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
                key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    return key, certificate


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


class Authority:
    """An authority: one that lives as long as the park, or one that is there."""

    def __init__(self) -> None:
        self._key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
        self._certificate: x509.Certificate
        self._key, self._certificate = _made()

    @classmethod
    def of_site(cls, certificate: Path, key: Path) -> Self:
        """The authority that a site keeps in two files.

        :raises ProfileError: they hold none, the key is protected, or it is another's.
        """
        found = cls.__new__(cls)
        try:
            secret = serialization.load_pem_private_key(key.read_bytes(), None)
            found._certificate = x509.load_pem_x509_certificate(certificate.read_bytes())
        except (OSError, ValueError, TypeError) as error:
            raise ProfileError(f"{key}: no authority to make certificates with: {error}") from error
        if not isinstance(secret, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
            raise ProfileError(f"{key}: neither an RSA key nor one of an elliptic curve")
        if secret.public_key() != found._certificate.public_key():
            raise ProfileError(f"{key}: not the key of {certificate}; nobody would trust what it signs")
        found._key = secret
        return found

    def pem(self) -> bytes:
        """The certificate that clients are to trust."""
        return self._certificate.public_bytes(_PEM)

    def context(self, host_name: str, address: str, state: str = "valid") -> ssl.SSLContext:
        """The server side of TLS for a machine; `state` is one of profiles.CERTIFICATES."""
        key = ec.generate_private_key(ec.SECP256R1())
        now = datetime.now(UTC)
        names: list[x509.GeneralName] = [x509.DNSName(host_name)]
        if state == "other_name":
            names = [x509.DNSName("another-machine.example.lan")]
        else:
            names.append(x509.IPAddress(ipaddress.ip_address(address)))
        certificate = (
            x509.CertificateBuilder()
            .subject_name(_name(host_name))
            .issuer_name(self._certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=390))
            .not_valid_after(now + timedelta(days=-1 if state == "expired" else 390))
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:  # OpenSSL reads keys from files alone
            path = Path(folder) / "server.pem"
            path.touch(mode=0o600)
            path.write_bytes(_pem(key) + certificate.public_bytes(_PEM))
            context.load_cert_chain(path)
        return context
