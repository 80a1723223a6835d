"""Make an archive of category lists in the format of the Université Toulouse Capitole, of names nobody can own.

python tests/bench/web_filter_lists.py out.tar.gz [how many domains]

Names end in .test or .example (RFC 2606). About one in thirty is a sub-domain of another one, as in real lists; some are
in two lists. The same numbers give the same names. A small archive serves a lab; one of 1.2 million, the measurement.
"""

from __future__ import annotations

import io
import random
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

#: How the domains are shared out among the lists, in thousandths.
SHARES = {
    "adult": 760,
    "agressif": 10,
    "chat": 5,
    "dangerous_material": 5,
    "doh": 5,
    "drogue": 15,
    "filehosting": 10,
    "gambling": 30,
    "hacking": 10,
    "malware": 80,
    "mixed_adult": 5,
    "phishing": 40,
    "redirector": 10,
    "social_networks": 5,
    "vpn": 5,
    "warez": 10,
    "webmail": 5,
}
#: Names that stand beside a list, as the archive has them.
ALIASES = {"porn": "adult", "aggressive": "agressif", "violence": "agressif", "drugs": "drogue", "proxy": "redirector"}
_SYLLABLES = [a + b for a in "bcdfglmnprstvz" for b in ("a", "e", "i", "o", "u", "ou", "an", "er")]
_SUB_DOMAIN, _TWICE, _PAGES = 1 / 30, 1 / 200, 20


def names(chance: random.Random, prefix: str, count: int) -> Iterator[str]:
    """That many different names, some of them below another one."""
    last = f"{prefix}.test"
    for number in range(count):
        if number and chance.random() < _SUB_DOMAIN:
            yield f"s{number:x}.{last}"
            continue
        word = "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4)))
        last = f"{word}{number:x}.{prefix.replace('_', '-')}.{chance.choice(('test', 'example'))}"
        yield last


def lists(count: int, seed: int = 1) -> Iterator[tuple[str, str, list[str]]]:
    """List, file and lines."""
    chance = random.Random(seed)  # noqa: S311  # the same names each time are the point
    shared: list[str] = []
    for name, share in SHARES.items():
        wanted = max(3, count * share // 1000)
        domains = [*names(chance, name, wanted - 1), f"{name.replace('_', '-')}.listed.test", *shared]
        shared = [each for each in domains if chance.random() < _TWICE]
        yield name, "domains", domains
        yield (
            name,
            "urls",
            [f"shared{n}.{name.replace('_', '-')}.test/{name}/{n}" for n in range(max(1, wanted // _PAGES))],
        )


def write(path: Path, count: int, published: float | None = None) -> int:
    """Write the archive; how many domains are in it."""
    when = int(published or time.time())
    total = 0
    with tarfile.open(path, "w:gz", compresslevel=5) as archive:

        def put(name: str, kind: bytes = tarfile.DIRTYPE, target: str = "", text: bytes = b"") -> None:
            member = tarfile.TarInfo(f"blacklists/{name}".rstrip("/"))
            member.type, member.linkname, member.size, member.mtime = kind, target, len(text), when
            member.mode = 0o755 if kind == tarfile.DIRTYPE else 0o644
            archive.addfile(member, io.BytesIO(text))

        put("")
        for name, file, lines in lists(count):
            if file == "domains":
                put(name)
                total += len(lines)
            put(f"{name}/{file}", tarfile.REGTYPE, text="".join(f"{line}\n" for line in lines).encode())
        for alias, target in ALIASES.items():
            put(alias, tarfile.SYMTYPE, target)
    return total


if __name__ == "__main__":
    print(write(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 400), "domains")
