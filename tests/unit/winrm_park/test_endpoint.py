"""Unmodified clients over TLS on loopback: pywinrm, and pypsrp where it is installed."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
from winrm.exceptions import InvalidCredentialsError, WSManFaultError
from winrm.protocol import Protocol

from tests.unit.winrm_park.park_samples import LOGIN, PASSWORD, query
from tests.winrm_park import VENDOR, ProfileError, faults, profiles
from tests.winrm_park.park import Park, Place

NAME = query("SELECT Name FROM Win32_ComputerSystem").decode()


def protocol(park: Park, name: str, user: str = LOGIN, password: str = PASSWORD, **more: Any) -> Protocol:
    settings = {
        "transport": "ntlm",
        "ca_trust_path": str(park.ca_file),
        "read_timeout_sec": 3,
        "operation_timeout_sec": 1,
    }
    return Protocol(park.url(name), username=user, password=password, **{**settings, **more})


def run(client: Protocol, line: str = "hostname") -> str:
    shell = client.open_shell()
    command = client.run_command(shell, line)
    out, _err, code = client.get_command_output(shell, command)
    client.cleanup_command(shell, command)
    client.close_shell(shell)
    assert code == 0
    return out.decode()


def own(**behaviour: Any) -> Park:
    """A park of one machine that a test may break."""
    return Park([profiles.profile("one", "10", own={"behaviour": behaviour})], {LOGIN: PASSWORD})


@pytest.mark.parametrize(
    ("transport", "user"),
    [("basic", LOGIN), ("ntlm", LOGIN), ("ntlm", f"EXAMPLE\\{LOGIN}"), ("ntlm", f"{LOGIN}@example.lan")],
)
def test_pywinrm_runs_a_command_and_leaves_no_shell(park, transport, user):
    assert run(protocol(park, "on", user, transport=transport)) == "ON\r\n"
    assert len(park.endpoint("on").service.shells) == 0


def test_pywinrm_enumerates(park):
    answer = protocol(park, "old").send_message(query("SELECT BuildNumber FROM Win32_OperatingSystem").decode())
    assert b"<BuildNumber>7601</BuildNumber>" in answer


def test_pypsrp_runs_a_command(park):
    client_of = pytest.importorskip("pypsrp.client", reason="pypsrp is not installed").Client
    endpoint = park.endpoint("on")
    with client_of(
        endpoint.address, port=endpoint.port, username=LOGIN, password=PASSWORD, auth="ntlm",
        cert_validation=str(park.ca_file),
    ) as client:  # fmt: skip
        assert client.execute_cmd("hostname") == ("ON\r\n", "", 0)


@pytest.mark.parametrize("transport", ["basic", "ntlm"])
@pytest.mark.parametrize(("name", "password"), [("on", "wrong"), ("refuses", PASSWORD)])
def test_a_wrong_password_and_a_refused_account_are_invalid_credentials(park, transport, name, password):
    before = park.machine(name).told.refused_logons
    with pytest.raises(InvalidCredentialsError):
        run(protocol(park, name, password=password, transport=transport))
    assert park.machine(name).told.refused_logons > before


def test_an_account_without_rights_signs_in_and_is_denied(park):
    with pytest.raises(WSManFaultError) as refused:
        run(protocol(park, "denied"))
    assert refused.value.wsman_fault_code == faults.ACCESS_DENIED


def test_a_machine_that_is_off_refuses_at_once(park):
    start = time.monotonic()
    with pytest.raises(requests.exceptions.ConnectionError, match="refused"):
        run(protocol(park, "off"))
    assert time.monotonic() - start < 1


def test_a_machine_that_is_silent_lets_the_connection_time_out(park):
    endpoint = park.endpoint("silent")
    with pytest.raises(TimeoutError):
        socket.create_connection((endpoint.address, endpoint.port), timeout=0.5)


def test_a_machine_that_hangs_takes_the_connection_and_says_nothing(park):
    endpoint = park.endpoint("hung")
    with socket.create_connection((endpoint.address, endpoint.port), timeout=0.5) as connection:
        connection.sendall(b"hello")
        with pytest.raises(TimeoutError):
            connection.recv(1)


@pytest.mark.parametrize("name", ["expired", "renamed"])
def test_a_certificate_that_is_not_right_is_refused_by_the_client(park, name):
    with pytest.raises(requests.exceptions.SSLError, match="CERTIFICATE_VERIFY_FAILED"):
        run(protocol(park, name))


def test_the_authority_of_another_park_is_not_believed(park, tmp_path):
    with own() as other, pytest.raises(requests.exceptions.SSLError, match="CERTIFICATE_VERIFY_FAILED"):
        run(protocol(park, "on", ca_trust_path=str(other.ca_file)))


def test_latency_is_paid_for_each_request():
    with own(latency_ms=100) as slow:
        client = protocol(slow, "one", transport="basic")
        client.send_message(NAME)
        start = time.monotonic()
        for _each in range(3):
            client.send_message(NAME)
        assert time.monotonic() - start >= 0.3


def answers(park: Park) -> bool:
    try:
        return run(protocol(park, "one")) == "ONE\r\n"
    except requests.exceptions.ConnectionError:
        return False


def waited(condition: Callable[[], bool]) -> bool:
    """Whether something comes true while it is waited for."""
    end = time.monotonic() + 10
    while not (true := condition()) and time.monotonic() < end:
        time.sleep(0.02)
    return true


def test_a_machine_that_reboots_is_away_and_comes_back_with_another_start():
    with own(reboot_seconds=0.5) as one:
        client = protocol(one, "one")
        machine = one.machine("one")
        machine.services["RemoteRegistry"] = "Running"
        before = machine.booted_at
        shell = client.open_shell()
        client.get_command_output(shell, client.run_command(shell, "shutdown /r /t 0"))
        assert waited(lambda: not answers(one))
        assert waited(lambda: answers(one))
        assert machine.booted_at > before
        assert machine.services["RemoteRegistry"] == "Stopped"  # it is disabled: it does not come back
        assert len(one.endpoint("one").service.shells) == 0


def test_a_reboot_under_way_ends_with_the_park():
    with own() as one:
        one.reboot("one", 0.3)
        endpoint = one.endpoint("one")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((endpoint.address, endpoint.port), timeout=1)


def test_an_answer_that_takes_its_time_does_not_hold_up_the_end_of_the_park():
    with own(slow={"Win32_ComputerSystem": 60}) as one:
        with pytest.raises(requests.exceptions.ReadTimeout):
            requests.post(one.url("one"), NAME, auth=(LOGIN, PASSWORD), verify=str(one.ca_file), timeout=0.5)
        began = time.monotonic()
    assert time.monotonic() - began < 1


def test_a_machine_can_reboot_in_the_middle_of_an_audit():
    with own(reboot_after_requests=3, reboot_seconds=0.2) as one:
        client = protocol(one, "one", transport="basic")
        for _each in range(3):
            client.send_message(NAME)
        with pytest.raises(requests.exceptions.ConnectionError):
            client.send_message(NAME)


def test_a_machine_can_lose_its_power_in_the_middle_of_an_audit():
    with own(drop_after_requests=2) as one:
        client = protocol(one, "one", transport="basic")
        client.send_message(NAME)
        with pytest.raises(requests.exceptions.ConnectionError):
            client.send_message(NAME)
        endpoint = one.endpoint("one")
        with pytest.raises(TimeoutError):
            socket.create_connection((endpoint.address, endpoint.port), timeout=0.3)


def test_a_test_can_switch_a_machine_off_and_on():
    with own() as one:
        one.power("one", "off")
        with pytest.raises(requests.exceptions.ConnectionError):
            run(protocol(one, "one"))
        one.power("one", "on")
        assert run(protocol(one, "one")) == "ONE\r\n"


def test_machines_can_have_addresses_of_their_own_and_one_port():
    made = [profiles.profile(f"pc-{number}", "10") for number in range(3)]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with Park(made, {LOGIN: PASSWORD}, place=Place("127.0.7.1", port, spread=True)) as spread:
        assert [spread.url(f"pc-{number}") for number in range(3)] == [
            f"https://127.0.7.{number}:{port}/wsman" for number in (1, 2, 3)
        ]
        assert run(protocol(spread, "pc-2")) == "PC-2\r\n"


def raw(park: Park, name: str, text: bytes) -> bytes:
    """What the endpoint answers to these bytes."""
    endpoint = park.endpoint(name)
    context = ssl.create_default_context(cafile=str(park.ca_file))
    with (
        socket.create_connection((endpoint.address, endpoint.port), timeout=2) as plain,
        context.wrap_socket(plain, server_hostname=endpoint.address) as secured,
    ):
        secured.sendall(text)
        return secured.recv(4096)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (b"GET /wsman HTTP/1.1\r\n\r\n", b"404"),
        (b"POST /other HTTP/1.1\r\nContent-Length: 0\r\n\r\n", b"404"),
        (b"POST /wsman HTTP/1.1\r\nContent-Length: 0\r\n\r\n", b"401"),
        (b"POST /wsman HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"413"),
        (b"POST /wsman HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n", b"413"),
        (b"POST /wsman HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"411"),
        (b"nonsense\r\n\r\n", b"400"),
    ],
)
def test_what_is_no_request_of_winrm_is_refused_and_says_who_answers(park, text, status):
    answer = raw(park, "on", text)
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert VENDOR.encode() in answer


def test_nobody_is_answered_without_signing_in(park):
    body = query("SELECT Name FROM Win32_ComputerSystem")
    head = f"POST /wsman HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    answer = raw(park, "on", head + body)
    assert answer.startswith(b"HTTP/1.1 401")
    assert b"Envelope" not in answer


def test_two_machines_of_one_name_and_a_park_of_none_are_refused():
    twin = profiles.profile("pc", "10")
    with pytest.raises(ProfileError, match="two machines"):
        Park([twin, twin], {LOGIN: PASSWORD})
    with pytest.raises(ProfileError, match="without machines"):
        Park([], {LOGIN: PASSWORD})


def test_the_hosts_of_a_park_carry_the_banner(park):
    assert {each["simulated_by"] for each in park.hosts().values()} == {VENDOR}
