"""Measure ways to match 1.2 million domains in Squid, in one run. Prints tables in Markdown.

On a throwaway machine with squid, squidguard, nginx and the role's files in place, as root:
python3 web_filter.py big.tar.gz config.json     (the archive of web_filter_lists.py, and settings that name it)

Every way gets the same requests: hosts nobody asked for before, one in five of them listed. While lists are replaced,
clients go on asking: what matters is the longest time without any answer, and the requests that failed.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

HOME = Path("/var/tmp/bench")  # noqa: S108  # a throwaway machine's
PORT, BACK = 3128, 8081
UPDATE = "/usr/local/sbin/web-filter-update"
BASE = f"""
http_port 127.0.0.1:{PORT}
pid_filename {HOME}/squid.pid
cache_log {HOME}/cache.log
access_log none
cache deny all
shutdown_lifetime 1 seconds
max_filedescriptors 4096
memory_pools off
cache_mem 8 MB
cache_peer 127.0.0.1 parent {BACK} 0 no-query no-digest originserver
never_direct allow all
"""
WAYS = {
    "no filter": "http_access allow all\n",
    "dstdomain": f'acl listed dstdomain -n "{HOME}/listed.domains"\nhttp_access deny listed\nhttp_access allow all\n',
    "squidGuard": f"url_rewrite_program /usr/bin/squidGuard -c {HOME}/squidguard.conf\nurl_rewrite_children 5 startup=5\n"
    "http_access allow all\n",
    "helper": f"external_acl_type web_category concurrency=200 children-startup=1 children-max=2 queue-size=2000 ttl=60 %ru"
    f" /usr/local/sbin/web-category --current {HOME}/state/current --site-lists {HOME}/site.json\n"
    "acl asked external web_category\nacl closed note -m category_"
    " pornography hate drugs gambling malware hacking warez bypass weapons alcohol_tobacco\n"
    "http_access deny !asked\nhttp_access deny closed\nhttp_access allow all\n",
}


class Clients:
    """Clients that ask all along, each over one connection."""

    def __init__(self, hosts: list[str], count: int = 8) -> None:
        self.answers: list[tuple[float, float, int]] = []
        self._hosts, self._stop = hosts, threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(count)]

    def _ask(self, number: int) -> None:
        chance, connection = random.Random(number), None  # noqa: S311
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                connection = connection or http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
                connection.request("GET", f"http://{chance.choice(self._hosts)}/")
                answer = connection.getresponse()
                answer.read()
                status = answer.status
            except (OSError, http.client.HTTPException):
                connection, status = None, 0
            ended = time.monotonic()
            self.answers.append((began, ended, status))
            time.sleep(0.02 if status else 0.1)

    def __enter__(self) -> Clients:
        for thread in self._threads:
            thread.start()
        time.sleep(2)
        return self

    def __exit__(self, *_: object) -> None:
        time.sleep(2)
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def outage(self) -> tuple[float, float, int, int]:
        """Longest time without any answer, slowest answer, requests that failed, all requests."""
        good = sorted(ended for _, ended, status in self.answers if status)
        gap = max((after - before for before, after in itertools.pairwise(good)), default=0.0)
        slowest = max(ended - began for began, ended, _ in self.answers)
        return gap, slowest, sum(1 for each in self.answers if not each[2]), len(self.answers)


def timed(what: Callable[[], object]) -> float:
    began = time.monotonic()
    what()
    return time.monotonic() - began


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def processes(name: str) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if name in (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"):
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def memory(name: str) -> float:
    """Resident memory of the processes of a name, in MB; pages that several share are counted for each."""
    total = 0
    for number in processes(name):
        try:
            text = Path(f"/proc/{number}/status").read_text(encoding="ascii")
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("VmRSS:"))
    return total / 1024


def answered() -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        connection.request("GET", "http://first.open.test/")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False


def start(way: str) -> tuple[subprocess.Popen[bytes], float]:
    path = HOME / "squid.conf"
    path.write_text(BASE + WAYS[way], encoding="ascii")
    began = time.monotonic()
    squid = subprocess.Popen(["squid", "--foreground", "-f", str(path)])
    while not answered():
        if squid.poll() is not None:
            raise SystemExit((HOME / "cache.log").read_text(encoding="utf-8", errors="replace")[-2000:])
        time.sleep(0.05)
    return squid, time.monotonic() - began


def stop(squid: subprocess.Popen[bytes]) -> None:
    squid.terminate()
    squid.wait(60)
    (HOME / "squid.pid").unlink(missing_ok=True)
    time.sleep(1)


def rate(hosts: list[str], requests: int = 10_000) -> float:
    """Requests a second of two clients written in C; a host changes with each request."""
    urls = random.Random(7).choices(hosts, k=requests)  # noqa: S311
    clients = []
    began = time.monotonic()
    for part in range(2):
        file = HOME / f"curl{part}"
        lines = "".join(f'url = "http://{url}/"\noutput = /dev/null\n' for url in urls[part::2])
        file.write_text(lines, encoding="ascii")
        command = ["curl", "-s", "-x", f"http://127.0.0.1:{PORT}", "-Z", "--parallel-max", "20", "-K", str(file)]
        clients.append(subprocess.Popen(command))
    for client in clients:
        client.wait(120)
    return requests / (time.monotonic() - began)


def without_children(names: set[str]) -> list[str]:
    """Squid refuses a list that has a domain and one below it."""
    kept = []
    for name in names:
        labels = name.split(".")
        if not any(".".join(labels[at:]) in names for at in range(1, len(labels) - 1)):
            kept.append(f".{name}")
    return kept


def unpack(archive: str) -> set[str]:
    """The archive as squidGuard reads it; all domains."""
    target = HOME / "lists"
    shutil.rmtree(target, ignore_errors=True)
    with tarfile.open(archive) as file:
        file.extractall(target, filter="data")
    names: set[str] = set()
    for path in target.rglob("domains"):
        names.update(path.read_text(encoding="ascii").split())
    lists = sorted(
        path.parent.name for path in (target / "blacklists").glob("*/domains") if not path.parent.is_symlink()
    )
    text = f"dbhome {target}/blacklists\nlogdir {HOME}\n"
    for name in lists:
        text += f"dest {name} {{\n domainlist {name}/domains\n urllist {name}/urls\n}}\n"
    passes = " ".join(f"!{name}" for name in lists)
    text += f"acl {{\n default {{\n  pass {passes} all\n  redirect http://127.0.0.1:{BACK}/no\n }}\n}}\n"
    (HOME / "squidguard.conf").write_text(text, encoding="ascii")
    run("chown", "-R", "proxy:proxy", str(HOME))
    return names


def main() -> None:
    archive, settings = sys.argv[1:3]
    shutil.rmtree(HOME, ignore_errors=True)
    (HOME / "state").mkdir(parents=True)
    (HOME / "site.json").write_text('{"allowed": [], "refused": []}', encoding="ascii")
    (HOME / "nginx.conf").write_text(
        f"daemon off; pid {HOME}/nginx.pid; error_log {HOME}/nginx.log; events {{}}\n"
        f"http {{ access_log off; keepalive_requests 1000000; server {{ listen 127.0.0.1:{BACK};"
        " location / { return 200 'x'; } } }\n",
        encoding="ascii",
    )
    nginx = subprocess.Popen(["nginx", "-c", str(HOME / "nginx.conf")])
    names = unpack(archive)
    guard = ("setpriv", "--reuid=proxy", "--regid=proxy", "--clear-groups", "squidGuard", "-b", "-C", "all", "-c")
    ours = ("nice", UPDATE, "--settings", settings, "--folder", str(HOME / "state"), "--rebuild")

    def dedupe() -> None:
        (HOME / "listed.domains").write_text("\n".join(without_children(unpack(archive))) + "\n", encoding="ascii")

    def reload() -> None:
        run("squid", "-k", "reconfigure", "-f", str(HOME / "squid.conf"))
        time.sleep(1)

    prepare: dict[str, Callable[[], object]] = {
        "no filter": lambda: None,
        "dstdomain": dedupe,
        "squidGuard": lambda: run(*guard, str(HOME / "squidguard.conf")),
        "helper": lambda: run(*ours),
    }
    listed = sorted(names)[:: len(names) // 20_000]
    chance = random.Random(3)  # noqa: S311
    hosts = [chance.choice(listed) if chance.random() < 0.2 else f"w{n:x}.open.example" for n in range(40_000)]
    print(f"{len(names)} domains, load {os.getloadavg()[0]:.1f}\n")
    print(
        "| way | build | start | memory: squid + helpers, at the end | requests/s | while replacing: silence, slowest, failed |"
    )
    print("|---|---|---|---|---|---|", flush=True)
    for way, build in prepare.items():
        built = timed(build)
        squid, started = start(way)
        try:
            own, other = memory("(squid-"), memory("(squidGuard)") + memory("sbin/web-category")
            with Clients(hosts) as clients:
                if way == "no filter":
                    time.sleep(3)
                else:
                    build()
                    if way != "helper":
                        reload()
                    time.sleep(15 if way == "dstdomain" else 3)
            gap, slowest, failed, total = clients.outage()
            rates = [rate(hosts) for _ in range(2)]
            after = memory("(squid-") + memory("(squidGuard)") + memory("sbin/web-category")
            print(
                f"| {way} | {built:.1f} s | {started:.1f} s | {own:.0f} + {other:.0f} MB, {after:.0f} MB | "
                f"{' / '.join(f'{each:.0f}' for each in rates)} | {gap:.2f} s, {slowest:.2f} s, {failed} of {total} |",
                flush=True,
            )
        finally:
            stop(squid)
    nginx.terminate()
    print(f"\nload {os.getloadavg()[0]:.1f}", json.dumps({"cores": os.cpu_count()}))


if __name__ == "__main__":
    main()
