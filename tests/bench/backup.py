"""Measure restic, borg and rsync on the same data, in one run. Prints tables in Markdown.

As root, with podman:  python3 backup.py --image IMAGE --network NAME --client ADDRESS --server ADDRESS --gigabytes 4

IMAGE has systemd, python3, restic, restic-rest-server, borgbackup, rsync, openssh-client, openssh-server, apache2-utils
and openssl. Two containers are made on the network and removed at the end. Nothing is cached away: the page cache is that
of the machine, and the three programs take turns in the same order.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

DATA, BACK, HOME = "/srv/data", "/srv/back", "/srv/bench"
ULIMITS = ("--ulimit", "nofile=4096:4096", "--ulimit", "nproc=4096:4096")
MEBI = 1024 * 1024


def sh(*command: str, given: str | None = None) -> str:
    """What a command prints; the run ends if it fails."""
    done = subprocess.run(command, check=False, text=True, input=given, capture_output=True)
    if done.returncode:
        sys.exit(f"{' '.join(command[:6])} failed: {done.stderr[-600:] or done.stdout[-600:]}")
    return done.stdout


class Box:
    """One of the two containers."""

    def __init__(self, name: str, options: argparse.Namespace, address: str) -> None:
        self.name, self.nice = name, str(options.nice)
        sh("podman", "--runtime", "runc", "run", "-d", *ULIMITS, "--systemd=always", "--name", name,
           "--network", options.network, "--ip", address, options.image, "/sbin/init")  # fmt: skip
        sh("podman", "cp", str(Path(__file__).with_name("backup_data.py")), f"{name}:/root/backup_data.py")
        self.run(f"mkdir -p {HOME}")

    def run(self, script: str) -> str:
        """What a shell script in the container prints."""
        return sh("podman", "exec", "-i", self.name, "nice", "-n", self.nice, "bash", "-euo", "pipefail", "-s",
                  given=script)  # fmt: skip

    def processor(self) -> float:
        """Seconds of processor that everything in the container has taken."""
        pid = sh("podman", "inspect", "-f", "{{.State.Pid}}", self.name).strip()
        for line in Path(f"/proc/{pid}/cgroup").read_text(encoding="ascii").splitlines():
            _, controllers, path = line.split(":", 2)
            path = path.split("/init.scope")[0]
            if "cpuacct" in controllers.split(","):
                return int(Path(f"/sys/fs/cgroup/cpuacct{path}/cpuacct.usage").read_text(encoding="ascii")) / 1e9
            if not controllers and (file := Path(f"/sys/fs/cgroup{path}/cpu.stat")).exists():
                return int(file.read_text(encoding="ascii").split()[1]) / 1e6
        return float("nan")


def certificate(server: Box, client: Box, address: str) -> None:
    """A certificate for the server, known to the client, and keys of ssh between them."""
    server.run("ssh-keygen -A >/dev/null; systemctl reset-failed ssh; systemctl start ssh")
    server.run(
        f"cd {HOME}; openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=bench -keyout key.pem -out cert.pem"
        f" -addext subjectAltName=IP:{address} 2>/dev/null; chmod 0644 key.pem; mkdir -p /root/.ssh"
    )
    client.run("mkdir -p /root/.ssh; ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id_ed25519")
    client.run("ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/borg")
    plain, borg = (client.run(f"cat /root/.ssh/{name}.pub").strip() for name in ("id_ed25519", "borg"))
    server.run(
        f"printf '%s\\n' '{plain}' 'command=\"borg serve --append-only --restrict-to-path /srv/borg\",restrict {borg}'"
        " > /root/.ssh/authorized_keys; chmod 0600 /root/.ssh/authorized_keys; mkdir -p /srv/borg /srv/rsync"
    )
    known = " ".join(server.run("cat /etc/ssh/ssh_host_ed25519_key.pub").split()[:2])
    client.run(f"echo '{address} {known}' > /root/.ssh/known_hosts")
    client.run(f"cat > {HOME}/ca.pem <<'END'\n{server.run(f'cat {HOME}/cert.pem')}END")


def rest_server(server: Box, client: Box, address: str) -> None:
    """rest-server as production has it: TLS, append only, one user."""
    password = secrets.token_hex(16)
    server.run(
        f"htpasswd -B -b -c {HOME}/users client {password} 2>/dev/null; mkdir -p /srv/restic;"
        " systemctl disable --now restic-rest-server 2>/dev/null || true;"
        " systemd-run --quiet --unit=bench-rest restic-rest-server --path /srv/restic --append-only --private-repos"
        f" --htpasswd-file {HOME}/users --tls --tls-cert {HOME}/cert.pem --tls-key {HOME}/key.pem --listen :8000; sleep 2"
    )
    client.run(
        f"cat > {HOME}/restic.env <<'END'\nexport RESTIC_REPOSITORY=rest:https://{address}:8000/client/\n"
        f"export RESTIC_REST_USERNAME=client RESTIC_REST_PASSWORD={password} RESTIC_PASSWORD=bench\n"
        f"export RESTIC_CACERT={HOME}/ca.pem\nEND"
    )


def programs(address: str) -> dict[str, dict[str, str]]:
    """For each program, what prepares it, saves, restores, and where its repository lies on the server."""
    borg = f"BORG_PASSPHRASE=bench BORG_REPO=ssh://root@{address}/srv/borg/client BORG_RSH='ssh -i /root/.ssh/borg'"
    return {
        "restic": {
            "env": f". {HOME}/restic.env",
            "prepare": "restic init",
            "save": f"restic backup --quiet {DATA}",
            "restore": f"restic restore latest --quiet --target {BACK}",
            "restored": f"{BACK}{DATA}",
            "repository": "/srv/restic",
        },
        "borg": {
            "env": f"export {borg}",
            "prepare": "borg init --encryption repokey-blake2",
            "save": f"borg create --compression auto,zstd ::{{utcnow:%H%M%S%f}} {DATA}",
            "restore": f"cd {BACK} && borg extract ::$(borg list --last 1 --short)",
            "restored": f"{BACK}{DATA}",
            "repository": "/srv/borg",
        },
        "rsync": {
            "env": "true",
            "prepare": "true",
            "save": f"rsync -aHAX --delete {DATA}/ root@{address}:/srv/rsync/data/",
            "restore": f"rsync -aHAX root@{address}:/srv/rsync/data/ {BACK}/data/",
            "restored": f"{BACK}/data",
            "repository": "/srv/rsync",
        },
    }


def measured(client: Box, server: Box, env: str, command: str) -> dict[str, float]:
    """One command with its figures; the server's processor is that of everything in its container."""
    before = server.processor()
    client.run(f"{env}\npython3 /root/backup_data.py measure {HOME}/result.json bash -c '{command}' >/dev/null")
    found = dict(json.loads(client.run(f"cat {HOME}/result.json")))
    return {**found, "server_cpu_seconds": server.processor() - before}


def trial(client: Box, server: Box, name: str, ways: dict[str, str], step: str) -> dict[str, object]:
    """One step of one program, as a row."""
    restores = step == "full restore"
    if restores:
        client.run(f"rm -rf {BACK}; mkdir -p {BACK}")
    found = measured(client, server, ways["env"], ways["restore" if restores else "save"])
    same = ""
    if restores:
        client.run(f"diff --recursive --no-dereference {DATA} {ways['restored']}")
        same = "identical"
        client.run(f"rm -rf {BACK}")
    size = int(server.run(f"du -sb {ways['repository']}").split()[0])
    load = os.getloadavg()[0]
    print(f"{name}, {step}: {found['seconds']:.1f} s, load {load:.1f}", file=sys.stderr)
    return {"program": name, "step": step, **found, "repository_bytes": size, "load": load, "compared": same}


def table(rows: list[dict[str, object]]) -> str:
    """The figures in Markdown."""
    lines = [
        "| step | program | time | CPU, client | CPU, server | largest process | on the wire | repository | load |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in sorted(rows, key=lambda row: STEPS.index(str(row["step"]))):
        seconds = [f"{row[key]:.1f} s" for key in ("seconds", "cpu_seconds", "server_cpu_seconds")]
        sizes = [f"{float(str(row[key])) / MEBI:,.1f} MB" for key in ("memory_bytes", "wire_bytes", "repository_bytes")]
        lines.append(f"| {row['step']} | {row['program']} | {' | '.join((*seconds, *sizes))} | {row['load']:.1f} |")
    return "\n".join(lines)


STEPS = ["first", "unchanged", "a day's changes", "full restore"]


@contextmanager
def boxes(options: argparse.Namespace) -> Iterator[tuple[Box, Box]]:
    """The client and the server, gone afterwards whatever happens."""
    names = [f"bench-backup-{what}-{os.getpid()}" for what in ("client", "server")]
    try:
        yield Box(names[0], options, options.client), Box(names[1], options, options.server)
    finally:
        subprocess.run(["podman", "rm", "-f", "-t", "1", *names], check=False, capture_output=True)


def main() -> None:
    """Make the data, take turns, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("image", "network", "client", "server"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--gigabytes", type=float, default=4)
    parser.add_argument("--nice", type=int, default=10)
    options = parser.parse_args()
    rows: list[dict[str, object]] = []
    began = datetime.now(UTC)
    with boxes(options) as (client, server):
        client.run(f"python3 /root/backup_data.py generate {DATA} {int(options.gigabytes * 1024 * MEBI)}")
        files, size = client.run(f"find {DATA} -type f | wc -l; du -sb {DATA}").split()[:2]
        certificate(server, client, options.server)
        rest_server(server, client, options.server)
        versions = client.run("restic version; borg --version; rsync --version | sed -n 1p").splitlines()
        ways = programs(options.server)
        for way in ways.values():
            client.run(f"{way['env']}\n{way['prepare']} >/dev/null 2>&1")
        for step in STEPS:
            if step == "a day's changes":
                client.run(f"python3 /root/backup_data.py change {DATA}")
            rows += [trial(client, server, name, way, step) for name, way in ways.items()]
    print(f"{began:%Y-%m-%d %H:%M} UTC, {int(files):,} files, {int(size) / MEBI:,.0f} MB, nice {options.nice},"
          f" {os.cpu_count()} processors. " + "; ".join(versions) + ".\n")  # fmt: skip
    print(table(rows))
    restored = [row["program"] for row in rows if row["compared"] == "identical"]
    print(f"\nRestored and compared byte by byte, no difference: {', '.join(map(str, restored))}.")


if __name__ == "__main__":
    main()
