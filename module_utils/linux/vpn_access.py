"""A laptop's end of the trial of remote access: connects as it is told, looks what it reaches, leaves nothing behind.

Travels to the laptop as text; standard library, openvpn and iproute2. The laptop's own routes are not touched: routes
that the gateway pushes are read, and only the addresses that are tried go through the tunnel.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

_SHARED_MEMORY = "/dev/shm"  # noqa: S108 # secrets of the trial are never written to a disk
_DONE = "Initialization Sequence Completed"
_FAILED = re.compile(
    r"AUTH_FAILED|TLS Error: TLS handshake failed|TLS key negotiation failed|Exiting due to fatal error|"
    r"All connections have been connect-retry-max|SIGTERM\[|process exiting"
)
_PUSHED = re.compile(r"PUSH: Received control message: 'PUSH_REPLY,([^']*)'")
_TLS = re.compile(r"Control Channel: TLSv([0-9.]+)")
_NO_TUNNEL = re.compile(r"Cannot open TUN/TAP|Operation not permitted \(errno=1\)|Options error")


class TrialError(Exception):
    """The trial could not be made here; the message says why."""


def connect(given: dict[str, Any]) -> dict[str, Any]:
    """One attempt: what came of it, and what it reached."""
    with tempfile.TemporaryDirectory(prefix="garant-", dir=_SHARED_MEMORY) as folder:
        device = "garant" + secrets.token_hex(3)
        log = Path(folder, "log")
        _private(folder, "profile", given["profile"])
        _private(folder, "login", f"{given['login']}\n{given['password']}\n")
        begin = time.monotonic()
        with log.open("wb") as stream:
            client = subprocess.Popen(
                [
                    "openvpn", "--cd", folder, "--config", "profile", "--auth-user-pass", "login", "--auth-retry", "none",
                    "--dev", device, "--dev-type", "tun", "--route-noexec", "--connect-retry-max", "1",
                    "--connect-timeout", str(given["seconds"]), "--hand-window", str(given["seconds"]),
                    "--remap-usr1", "SIGTERM", *given["options"],
                ],
                stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, start_new_session=True,
            )  # fmt: skip
        try:
            said = _wait(client, log, begin + given["seconds"] + 5)
            found = _outcome(said, time.monotonic() - begin)
            if found["connected"]:
                found.update(_looked(device, said, given))
        finally:
            client.terminate()
            try:
                client.wait(timeout=10)
            except subprocess.TimeoutExpired:
                client.kill()
                client.wait()
    found["remains"] = Path("/sys/class/net", device).exists()
    return found


def _private(folder: str, name: str, content: str) -> None:
    handle = os.open(Path(folder, name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(content)


def _wait(client: subprocess.Popen[bytes], log: Path, end: float) -> str:
    """What the client said until it was through, or gave up."""
    while True:
        said = log.read_text("utf-8", "replace")
        if _DONE in said or _FAILED.search(said) or client.poll() is not None or time.monotonic() > end:
            return log.read_text("utf-8", "replace")
        time.sleep(0.05)


def _outcome(said: str, seconds: float) -> dict[str, Any]:
    if _NO_TUNNEL.search(said):
        lines = [line for line in said.splitlines() if _NO_TUNNEL.search(line)]
        raise TrialError(f"openvpn cannot make a tunnel here: {lines[0][-200:]}")
    tls = _TLS.search(said)
    failed = _FAILED.search(said)
    through = _DONE in said
    detail = "connected" if through else failed.group(0) if failed else "no answer"
    return {"connected": through, "detail": detail, "tls": tls.group(1) if tls else None, "seconds": round(seconds, 2)}


def _looked(device: str, said: str, given: dict[str, Any]) -> dict[str, Any]:
    """Routes and name servers that the gateway pushes; what is reached and resolved through the tunnel."""
    pushed = _PUSHED.search(said)
    options = pushed.group(1).split(",") if pushed else []
    servers = [option.split()[2] for option in options if option.startswith("dhcp-option DNS ")]
    for address in sorted({*servers, *(each["address"] for each in given["reach"] + given["refuse"])}):
        subprocess.run(["ip", "route", "add", f"{address}/32", "dev", device], check=True, capture_output=True)
    return {
        "full": any(option.startswith("redirect-gateway") for option in options),
        "routes": [option.removeprefix("route ") for option in options if option.startswith("route ")],
        "name_servers": servers,
        "reached": [{**_said(each), "reached": answers(each)} for each in given["reach"]],
        "passed": closed(given["refuse"]),
        "resolved": [
            {"name": name, "resolved": any(resolves(name, server) for server in servers)} for name in given["names"]
        ],
    }


def _said(target: dict[str, Any]) -> dict[str, Any]:
    return {"address": target["address"], "port": target["port"]}


def closed(targets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Targets that are to be out of reach, all at once, and whether anything answers there."""
    with ThreadPoolExecutor(max_workers=max(len(targets), 1)) as pool:
        found = pool.map(lambda each: answers({**each, "any": True, "seconds": 2}), targets)
        return [{**_said(each), "reached": reached} for each, reached in zip(targets, found, strict=True)]


def answers(target: dict[str, Any]) -> bool:
    """Whether a service answers what is expected when it is asked something; or, with "any", whether the host answers at all."""
    try:
        seconds = target.get("seconds", 5)
        with socket.create_connection((target["address"], target["port"]), timeout=seconds) as connection:
            if not target.get("send"):
                return True
            connection.sendall(bytes.fromhex(target["send"]))
            return bytes.fromhex(target["expect"]) in connection.recv(512)
    except ConnectionRefusedError:
        return bool(target.get("any"))
    except OSError:
        return False


def resolves(name: str, server: str) -> bool:
    """Whether a name server gives an address for a name (RFC 1035 4.1)."""
    number = secrets.token_bytes(2)
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    query = number + b"\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + labels + b"\x00\x00\x01\x00\x01"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(2)
        for _ in range(2):
            with contextlib.suppress(OSError):
                asking.sendto(query, (server, 53))
                answer = asking.recv(2048)
                return answer[:2] == number and not answer[3] & 15 and int.from_bytes(answer[6:8], "big") > 0
    return False


def do(command: dict[str, Any]) -> dict[str, Any]:
    """Answer one command."""
    if command["do"] == "refuse":
        return {"reached": closed(command["targets"])}
    if command["do"] == "reach":
        return {"reached": [{**_said(each), "reached": answers(each)} for each in command["targets"]]}
    with ThreadPoolExecutor(max_workers=8) as pool:
        return {"results": list(pool.map(connect, command["attempts"]))}


def main() -> None:
    """Read commands, answer each, until the other end goes away."""
    for line in sys.stdin:
        try:
            answer = do(json.loads(line))
        except FileNotFoundError as error:
            answer = {"error": f"{error.filename} is missing; install openvpn and iproute2"}
        except (OSError, TrialError, subprocess.CalledProcessError) as error:
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
