"""GLPI's REST interface is read by tables and pages, joined by numbers, and never written to."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.windows.glpi_model import Computer, GlpiError, differences, inventory
from ansible.module_utils.windows.glpi_module import read_inventory
from ansible.module_utils.windows.glpi_rest import Answer, Glpi, https_get, read_computers
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

MEGABYTE = 1024**2
TABLES: dict[str, list[dict[str, Any]]] = {
    "Computer": [
        {"id": 7, "name": "PC-12", "serial": "ABC1234", "users_id": 3, "groups_id": 2, "locations_id": 0,
         "computermodels_id": 5, "computertypes_id": 1, "is_deleted": 0, "is_template": 0},
        {"id": 8, "name": "PC-13", "serial": "", "users_id": 0, "groups_id": [2], "is_deleted": 0, "is_template": 0},
        {"id": 9, "name": "PC-14", "is_deleted": 1, "is_template": 0},
        {"id": 10, "name": None, "is_deleted": 0, "is_template": 1},
    ],
    "User": [{"id": 3, "name": "duponthug"}],
    "Group": [{"id": 2, "name": "Atelier"}],
    "Location": [],
    "ComputerModel": [{"id": 5, "name": "Latitude 5400"}],
    "ComputerType": [{"id": 1, "name": "Notebook"}],
    "OperatingSystem": [{"id": 1, "name": "Microsoft Windows 10 Professionnel"}],
    "OperatingSystemVersion": [{"id": 4, "name": "22H2"}],
    "OperatingSystemKernelVersion": [{"id": 6, "name": "10.0.19045"}],
    "DeviceProcessor": [{"id": 11, "designation": "Intel(R) Core(TM) i5-8365U CPU @ 1.60GHz"}],
    "Item_OperatingSystem": [
        {"id": 1, "itemtype": "Computer", "items_id": 7, "operatingsystems_id": 1, "operatingsystemversions_id": 4,
         "operatingsystemkernelversions_id": 6},
        {"id": 2, "itemtype": "Phone", "items_id": 8, "operatingsystems_id": 1},
    ],
    "Item_DeviceMemory": [
        {"id": 1, "itemtype": "Computer", "items_id": 7, "size": 4096, "is_deleted": 0},
        {"id": 2, "itemtype": "Computer", "items_id": 7, "size": "4096", "is_deleted": 0},
        {"id": 3, "itemtype": "Computer", "items_id": 7, "size": 4096, "is_deleted": 1},
    ],
    "Item_DeviceProcessor": [{"id": 1, "itemtype": "Computer", "items_id": 7, "deviceprocessors_id": 11}],
    "Item_Disk": [
        {"id": 1, "itemtype": "Computer", "items_id": 7, "mountpoint": "D:", "totalsize": 1000},
        {"id": 2, "itemtype": "Computer", "items_id": 7, "mountpoint": "C:", "totalsize": 243712},
    ],
}  # fmt: skip


class Server:
    """What GLPI would answer, and everything it was asked."""

    def __init__(self, tables: Mapping[str, list[dict[str, Any]]], page: int = 200) -> None:
        self.tables, self.page, self.asked = tables, page, list[str]()
        self.refuse: str | None = None
        self.range = "content-range"

    def get(self, path: str, headers: Mapping[str, str]) -> Answer:
        self.asked.append(path)
        if path == "initSession":
            good = headers.get("Authorization") == "user_token secret" and headers.get("App-Token") == "app"
            return (200, {}, {"session_token": "s"}) if good else (401, {}, ["ERROR_GLPI_LOGIN_USER_TOKEN", "jeton"])
        if headers.get("Session-Token") != "s":
            return 401, {}, ["ERROR_SESSION_TOKEN_MISSING", "jeton"]
        if path == "killSession":
            return 200, {}, None
        kind, _, query = path.partition("?")
        if kind == self.refuse:
            return 403, {}, ["ERROR_RIGHT_MISSING", "vous n'avez pas le droit"]
        asked = dict(part.split("=") for part in query.split("&"))
        first, last = map(int, asked["range"].split("-"))
        rows = self.tables[kind][first : min(last + 1, first + self.page)]
        end = first + max(len(rows) - 1, 0)
        whole = len(self.tables[kind])
        return 206 if whole > len(rows) else 200, {self.range: f"{first}-{end}/{whole}"}, rows


PC_12 = Computer(
    name="PC-12",
    origin="GLPI computer 7",
    serial="ABC1234",
    system="Microsoft Windows 10 Professionnel",
    build=19045,
    memory_bytes=8192 * MEGABYTE,
    processor="Intel(R) Core(TM) i5-8365U CPU @ 1.60GHz",
    disk_bytes=243712 * MEGABYTE,
    user="duponthug",
    group="Atelier",
    model="Latitude 5400",
    portable=True,
)
PC_13 = Computer("PC-13", "GLPI computer 8", group="Atelier")


@pytest.mark.parametrize("page", [1, 2, 200])
def test_computers_are_joined_from_their_tables_whatever_the_size_of_a_page(page: int) -> None:
    server = Server(TABLES, page)
    assert read_computers(Glpi(server.get, "secret", "app")) == [PC_12, PC_13]
    assert len(server.asked) == len(set(server.asked))


def test_eighty_computers_cost_as_many_requests_as_one() -> None:
    server = Server({**TABLES, "Computer": [{"id": n, "name": f"PC-{n}"} for n in range(1, 81)]})
    assert len(read_computers(Glpi(server.get, "secret", "app"))) == 80
    assert len(server.asked) == 1 + len(TABLES)


def test_a_table_that_comes_short_is_refused() -> None:
    class Short(Server):
        def get(self, path: str, headers: Mapping[str, str]) -> Answer:
            status, said, rows = super().get(path, headers)
            return status, said, rows if path.startswith(("initSession", "User")) else []

    with pytest.raises(GlpiError, match="Group: 0 rows came of 1"):
        read_computers(Glpi(Short(TABLES).get, "secret", "app"))


def test_a_part_of_a_table_is_never_taken_for_all_of_it() -> None:
    server = Server(TABLES, page=1)
    server.range = "x-range"
    with pytest.raises(GlpiError, match="a part came without Content-Range"):
        read_computers(Glpi(server.get, "secret", "app"))


@pytest.mark.parametrize("table", sorted(TABLES))
def test_a_table_that_may_not_be_read_is_named(table: str) -> None:
    server = Server(TABLES)
    server.refuse = table
    with pytest.raises(GlpiError, match=rf"{table}: GLPI refuses \(403, ERROR_RIGHT_MISSING\)"):
        read_computers(Glpi(server.get, "secret", "app"))


def test_a_wrong_token_is_told_without_being_shown() -> None:
    with pytest.raises(GlpiError, match="initSession: GLPI refuses") as told:
        Glpi(Server(TABLES).get, "wrong-token", "app")
    assert "wrong-token" not in str(told.value)


def test_two_computers_of_one_name_are_told() -> None:
    twice = {**TABLES, "Computer": [{"id": 1, "name": "PC-1"}, {"id": 2, "name": "pc-1.lan"}]}
    with pytest.raises(GlpiError, match=r"GLPI computer 2: pc-1 is already there \(GLPI computer 1\)"):
        read_computers(Glpi(Server(twice).get, "secret", "app"))


def test_an_inventory_says_who_is_where_and_nothing_that_is_measured() -> None:
    made = inventory([PC_13, PC_12])
    assert made["all"]["children"] == {
        "workstations": {
            "children": {
                "windows_workstations": {
                    "hosts": {
                        "pc-12": {
                            "department": "Atelier",
                            "users": [{"login": "duponthug", "name": "duponthug"}],
                            "serial": "ABC1234",
                        },
                        "pc-13": {"department": "Atelier"},
                    }
                }
            }
        },
        "portable_workstations": {"hosts": {"pc-12": {}}},
    }


def live(**changed: Any) -> dict[str, Any]:
    return {
        "workstation": {
            "os": {"build": 19045},
            "model": {"serial": "abc1234"},
            "memory_bytes": 8192 * MEGABYTE,
            "processor": {"name": "Intel(R) Core(TM) i5-8365U CPU @ 1.60GHz"},
            "disks": [{"letter": "C:", "size_bytes": 243712 * MEGABYTE + 5000, "system": True}],
            **changed,
        }
    }


def test_what_agrees_is_no_difference_and_neither_is_what_one_does_not_know() -> None:
    assert differences([PC_12], {"PC-12.example.lan": live()}) == []
    assert differences([PC_13], {"pc-13": live()}) == []
    assert differences([PC_12], {"pc-12": {"workstation": {}}}) == []


@pytest.mark.parametrize(
    ("changed", "what", "seen"),
    [
        ({"os": {"build": 26200}}, "build", 26200),
        ({"model": {"serial": "OTHER"}}, "serial", "OTHER"),
        ({"memory_bytes": 4096 * MEGABYTE}, "memory_bytes", 4096 * MEGABYTE),
        ({"processor": {"name": "Intel Core i3"}}, "processor", "Intel Core i3"),
        ({"disks": [{"size_bytes": 10**9, "system": True}]}, "disk_bytes", 10**9),
    ],
)
def test_each_thing_that_differs_is_told_once(changed: dict[str, Any], what: str, seen: Any) -> None:
    (found,) = differences([PC_12], {"pc-12": live(**changed)})
    assert (found["host"], found["what"], found["live"]) == ("pc-12", what, seen)
    assert found["glpi"] is not None


def test_machines_that_one_alone_knows_are_told() -> None:
    found = differences([PC_12, PC_13], {"pc-12": {"state": "off"}, "pc-99": live()})
    assert [(one["host"], one["glpi"], one["live"], one.get("why")) for one in found] == [
        ("pc-13", "present", None, None),
        ("pc-99", None, "present", None),
        ("pc-12", "present", None, "off"),
    ]


@pytest.fixture
def over_https(tmp_path: Path) -> Iterator[tuple[str, Path, list[tuple[str, str]]]]:
    """A server on a port of this computer, its certificate, and what it was asked."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(hours=1), now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    trusted = tmp_path / "ca.pem"
    trusted.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    glpi, asked = Server(TABLES), list[tuple[str, str]]()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            asked.append((self.command, self.path))
            path = self.path.removeprefix("/apirest.php/")
            if self.path.startswith("/moved/"):
                status, headers, body = 302, {"location": "https://localhost:1/"}, None
            else:
                status, headers, body = glpi.get(path, dict(self.headers.items()))  # type: ignore[assignment]
            data = json.dumps(body).encode()
            self.send_response(status)
            for header, value in headers.items():
                self.send_header(header, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_DELETE = answer

        log_message = staticmethod(lambda *_: None)  # type: ignore[assignment]

    server = HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://localhost:{server.server_port}", trusted, asked
    server.shutdown()
    server.server_close()


def options(url: str, ca_file: Path | None) -> dict[str, Any]:
    ca = str(ca_file) if ca_file else None
    given = {"url": url, "user_token": "secret", "app_token": "app", "ca_file": ca, "timeout_seconds": 5}
    return {"export": None, "workstations": {}, **given}


def test_glpi_is_read_over_https_and_only_asked(over_https: tuple[str, Path, list[tuple[str, str]]]) -> None:
    url, trusted, asked = over_https
    found = read_inventory(options(f"{url}/apirest.php", trusted))
    assert [computer["name"] for computer in found["computers"]] == ["PC-12", "PC-13"]
    assert [one["host"] for one in found["differences"]] == ["pc-12", "pc-13"]
    assert {method for method, _ in asked} == {"GET"}
    assert asked[-1][1] == "/apirest.php/killSession"


def test_a_certificate_that_nobody_vouches_for_is_refused(over_https: tuple[str, Path, list[tuple[str, str]]]) -> None:
    url, _, asked = over_https
    with pytest.raises(GlpiError, match="does not answer"):
        read_inventory(options(f"{url}/apirest.php", None))
    assert asked == []


def test_a_redirection_does_not_take_the_tokens_along(over_https: tuple[str, Path, list[tuple[str, str]]]) -> None:
    url, trusted, _ = over_https
    with pytest.raises(GlpiError, match=r"initSession: GLPI refuses \(302"):
        read_inventory(options(f"{url}/moved", trusted))


def test_an_address_without_encryption_is_refused() -> None:
    with pytest.raises(GlpiError, match="not reached by https"):
        https_get("http://glpi.example.org", None, 5)
