"""A profile of remote access as OpenVPN's clients take it: one file with everything in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PART = re.compile(r"<(cert|key)>\n(.*?)</\1>\n", re.DOTALL)


@dataclass(frozen=True)
class Service:
    """What every profile of a service says."""

    remote: str
    port: int
    server_name: str
    min_tls_version: float
    authority: str
    shared_key: str
    #: Asks for login, password and a code; the words that the client asks for the code with.
    challenge: str | None = None


def render(service: Service, certificate: str | None, key: str | None, *, code_asked: bool = True) -> str:
    """The profile; without a certificate for trials only."""
    lines = [
        "client",
        "dev tun",
        "proto udp",
        f"remote {service.remote} {service.port}",
        "nobind",
        "persist-key",
        "persist-tun",
        "remote-cert-tls server",
        f"verify-x509-name {service.server_name} name",
        f"tls-version-min {service.min_tls_version}",
        "data-ciphers AES-256-GCM:CHACHA20-POLY1305",
        "auth SHA256",
        "verb 3",
    ]
    if service.challenge is None:
        lines += ["resolv-retry infinite", "keepalive 10 60"]
    else:
        lines += ["explicit-exit-notify 1", "auth-nocache", "auth-user-pass"]
        lines += [f'static-challenge "{service.challenge}" 1'] if code_asked else []
    parts = [("ca", service.authority), ("cert", certificate), ("key", key), ("tls-crypt", service.shared_key)]
    blocks = [f"<{name}>\n{text}</{name}>\n" for name, text in parts if text]
    return "".join(line + "\n" for line in lines) + "".join(blocks)


def credentials_in(profile: str) -> tuple[str, str] | None:
    """Certificate and key of a profile; None when it has none."""
    found = dict(_PART.findall(profile))
    return (found["cert"], found["key"]) if {"cert", "key"} <= found.keys() else None
