"""Files as a file server has them, made from a seed, and what a day changes among them. Runs inside the containers.

python3 backup_data.py generate FOLDER BYTES          python3 backup_data.py change FOLDER
python3 backup_data.py measure RESULT.json COMMAND...

Half of the bytes lie in small files, half in large ones. In each, six bytes of ten cannot be compressed, as pictures and
office documents; the rest is text.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

SEED = 20261121
LARGE = 64 * 1024 * 1024
SMALL = (512, 4096, 16384, 65536, 262144)
BLOCK = 65536
INCOMPRESSIBLE = 0.6
CHANGED, NEW = 100, 100
_WORDS = b"facture devis atelier livraison client commande piece garantie essai rendez-vous ".split()


def content(chance: random.Random, size: int) -> bytes:
    """Bytes of one block."""
    noise = int(size * INCOMPRESSIBLE)
    words = b" ".join(chance.choices(_WORDS, k=min(400, size // 8 + 1)))
    return (chance.randbytes(noise) + words * ((size - noise) // len(words) + 1))[:size]


def write(path: Path, chance: random.Random, size: int) -> None:
    """A file of that many bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for begin in range(0, size, BLOCK):
            file.write(content(chance, min(BLOCK, size - begin)))


def generate(folder: Path, total: int) -> None:
    """The files of the first day."""
    chance, written, number = random.Random(SEED), 0, 0  # noqa: S311
    while written < total / 2:
        size = int(chance.choice(SMALL) * chance.uniform(0.5, 1.5))
        write(folder / f"service{number % 12}" / f"dossier{number // 12 % 200}" / f"document{number}.bin", chance, size)
        written, number = written + size, number + 1
    for large in range(round(total / 2 / LARGE)):
        write(folder / "archives" / f"image{large}.bin", chance, LARGE)


def change(folder: Path) -> None:
    """A day's work: some files change in the middle, two of them large, and some are new."""
    chance = random.Random(SEED + 1)  # noqa: S311
    small = sorted(folder.glob("service*/*/*"))
    large = sorted(folder.glob("archives/*"))[:2]
    for path in [*chance.sample(small, CHANGED - len(large)), *large]:
        size = path.stat().st_size
        with path.open("r+b") as file:
            file.seek(size // 2)
            file.write(content(chance, min(BLOCK, size - size // 2)))
    for number in range(NEW):
        write(folder / "service0" / "nouveaux" / f"document{number}.bin", chance, chance.choice(SMALL))


def traffic() -> int:
    """Bytes that came and went on the container's interfaces, but the loopback."""
    counters = Path("/sys/class/net").glob("[!l]*/statistics/[rt]x_bytes")
    return sum(int(counter.read_text()) for counter in counters)


def measure(result: Path, command: list[str]) -> int:
    """Run a command; write down time, processor, the largest process, and bytes on the wire."""
    before, began = traffic(), time.monotonic()
    child = subprocess.Popen(command)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    found = {
        "seconds": time.monotonic() - began,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "memory_bytes": used.ru_maxrss * 1024,
        "wire_bytes": traffic() - before,
    }
    result.write_text(json.dumps(found), encoding="utf-8")
    return child.returncode


def main(arguments: list[str]) -> int:
    """Do what the first argument says."""
    what, where = arguments[0], Path(arguments[1])
    if what == "generate":
        generate(where, int(arguments[2]))
    elif what == "change":
        change(where)
    else:
        return measure(where, arguments[2:])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
