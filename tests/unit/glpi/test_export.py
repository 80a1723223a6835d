"""An export of GLPI is read whatever its language, or refused with the line that cannot be meant."""

from __future__ import annotations

import pytest
from ansible.module_utils.windows.glpi_csv import read_export
from ansible.module_utils.windows.glpi_model import Computer, GlpiError

MEGABYTE = 1024**2
FRENCH = (
    "\ufeff"
    '"Nom";"Entité";"Numéro de série";"Type";"Modèle";"Système d\'exploitation - Nom";'
    '"Système d\'exploitation - Version";"Système d\'exploitation - Version du noyau";"Lieu";"Groupe";"Utilisateur";'
    '"Composants - Processeur";"Composants - Mémoire";"Volumes - Taille totale";"Dernière modification"\n'
    '"PC-12";"Siège";"ABC1234";"Ordinateur portable";"Latitude 5400";"Microsoft Windows 10 Professionnel";"22H2";'
    '"10.0.19045";"Atelier";"";"duponthug";"Intel(R) Core(TM) i5-8365U CPU @ 1.60GHz";"4096\n4096";"243 712 Mio";"2026-11-01"\n'
    '"PC-13.exemple.lan";"Siège";"";"Tour";"";"";"";"";"";"Comptabilité";"";"";"";"";""\n'
)
ENGLISH = (
    "Serial number,Name,Operating System - Name,Operating System - Kernel version,Components - Memory,Components - Processor,"
    "Volumes - Global size,User,Location,Type\n"
    "ABC1234,PC-12,Microsoft Windows 10 Pro,10.0.19045,8 GiB,Intel(R) Core(TM) i5-8365U CPU @ 1.60GHz,238 GiB,duponthug,"
    "Atelier,Laptop\n"
)


def refused(content: str | bytes) -> list[str]:
    with pytest.raises(GlpiError) as told:
        read_export(content if isinstance(content, bytes) else content.encode(), "export.csv")
    return str(told.value).splitlines()


def test_a_french_export_is_read() -> None:
    first, second = read_export(FRENCH.encode(), "export.csv")
    assert first == Computer(
        name="PC-12",
        origin="export.csv:2",
        serial="ABC1234",
        system="Microsoft Windows 10 Professionnel",
        build=19045,
        memory_bytes=8192 * MEGABYTE,
        processor="Intel(R) Core(TM) i5-8365U CPU @ 1.60GHz",
        disk_bytes=243712 * MEGABYTE,
        user="duponthug",
        location="Atelier",
        model="Latitude 5400",
        portable=True,
    )
    # The line is that of the file: a cell before it has two lines.
    assert second == Computer("PC-13.exemple.lan", "export.csv:4", group="Comptabilité", portable=False)
    assert second.host == "pc-13"


def test_an_english_export_says_the_same() -> None:
    (french, _), (english,) = read_export(FRENCH.encode(), "e"), read_export(ENGLISH.encode(), "e")
    for name in ("host", "serial", "build", "memory_bytes", "processor", "user", "location", "portable"):
        assert getattr(french, name) == getattr(english, name), name
    assert english.disk_bytes == 238 * 1024 * MEGABYTE


def test_a_release_of_several_builds_tells_none() -> None:
    (one,) = read_export(b"Name;Operating System - Version\nPC-1;22H2\n", "e")
    assert one.build is None


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "export.csv:1: has no column Name"),
        ("Serial number;User\nx;y\n", "export.csv:1: has no column Name"),
        ("Name;User\n;y\n", "export.csv:2: has no name"),
        ("Name;User\nPC 1;y\n", "export.csv:2: 'PC 1' is no name of a computer"),
        ("Name\n../etc\n", "export.csv:2: '../etc' is no name of a computer"),
        ("Name\nPC-1\npc-1.lan\n", "export.csv:3: pc-1 is already there (export.csv:2)"),
        ("Name;Memory\nPC-1;much\n", "export.csv:2: 'much' is no size"),
        ("Name;Memory\nPC-1;4 To\n", "export.csv:2: '4 To' is no size"),
        ('Name\n"PC-1', "export.csv:2: is no CSV"),
        ("Name\nÉ".encode("latin-1"), "export.csv: is not UTF-8 text"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_line(content: str | bytes, told: str) -> None:
    assert refused(content)[0].startswith(told)


def test_every_bad_line_is_told_at_once() -> None:
    assert len(refused("Name;Memory\nPC-1;x\n;1\nPC-2;y\n")) == 3
