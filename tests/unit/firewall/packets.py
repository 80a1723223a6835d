"""Sends packets of any kind at a ruleset that the kernel runs, and says which came out: python3 packets.py < JSON.

Runs in a network of its own, where each of the firewall's interfaces is a tun device in our hands.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
import time
from typing import Any

_TUNSETIFF, _TUN_WITHOUT_HEADER = 0x400454CA, 0x1001
_FIRST_PORT = 20000
PROTOCOLS = {"icmp": 1, "tcp": 6, "udp": 17}


def checksum(data: bytes) -> int:
    """RFC 1071."""
    total = sum(struct.unpack(f">{(len(data) + 1) // 2}H", data + b"\0" * (len(data) % 2)))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def packet(number: int, source: str, destination: str, protocol: str, port: int) -> bytes:
    """A packet that opens a connection, told from others by its identification and source port."""
    kind = PROTOCOLS[protocol]
    sender = _FIRST_PORT + number
    if protocol == "icmp":
        body = struct.pack(">BBHHH", port, 0, 0, number, 1)
        body = struct.pack(">BBHHH", port, 0, checksum(body), number, 1)
    else:
        if protocol == "tcp":
            body = struct.pack(">HHIIBBHHH", sender, port, 1, 0, 80, 2, 1024, 0, 0)
        else:
            body = struct.pack(">HHHH", sender, port, 8, 0)
        pseudo = socket.inet_aton(source) + socket.inet_aton(destination) + struct.pack(">HH", kind, len(body))
        where = 16 if protocol == "tcp" else 6
        body = body[:where] + struct.pack(">H", checksum(pseudo + body) or 0xFFFF) + body[where + 2 :]
    header = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(body), number, 0, 64, kind, 0)
    header += socket.inet_aton(source) + socket.inet_aton(destination)
    return header[:10] + struct.pack(">H", checksum(header)) + header[12:] + body


def number_of(found: bytes) -> int | None:
    """The number of the packet that came out, or that this is an answer to."""
    if found[0] >> 4 != 4:
        return None
    kind, body = found[9], found[(found[0] & 15) * 4 :]
    if kind == 1 and body[0] == 3:  # port unreachable: holds the packet
        return int(struct.unpack(">H", body[12:14])[0])
    if kind == 1:
        return int(struct.unpack(">H", body[4:6])[0])
    sent_on = struct.unpack(">H", found[4:6])[0]  # the kernel's own answers have none
    return int(sent_on or struct.unpack(">H", body[2:4])[0] - _FIRST_PORT)


def main() -> None:
    """Set up, send, see what comes out."""
    given: dict[str, Any] = json.load(sys.stdin)
    devices = {}
    for name, address in given["interfaces"].items():
        handle = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(handle, _TUNSETIFF, struct.pack("16sH", name.encode(), _TUN_WITHOUT_HEADER))
        subprocess.run(["ip", "addr", "add", address, "dev", name], check=True)
        subprocess.run(["ip", "link", "set", name, "up"], check=True)
        devices[name] = handle
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    subprocess.run(["ip", "route", "add", "default", "dev", given["default"]], check=True)
    for switch, value in (("ip_forward", "1"), ("icmp_ratelimit", "0"), ("icmp_msgs_per_sec", "100000")):
        with contextlib.suppress(OSError), open(f"/proc/sys/net/ipv4/{switch}", "w", encoding="ascii") as file:
            file.write(value)
    subprocess.run(["nft", "-f", "-"], check=True, input=given["ruleset"], text=True)
    out: set[int] = set()
    for number, (interface, *what) in enumerate(given["packets"], start=1):
        os.write(devices[interface], packet(number, *what))
        if number % 20 == 0 or number == len(given["packets"]):
            time.sleep(0.01)
            for handle in devices.values():
                with contextlib.suppress(BlockingIOError):
                    while True:
                        found = number_of(os.read(handle, 2048))
                        if found:
                            out.add(found)
    print(json.dumps([number in out for number in range(1, len(given["packets"]) + 1)]))


if __name__ == "__main__":
    main()
