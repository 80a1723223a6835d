"""The test file is what everybody knows it is, and no file of the repository holds it."""

from __future__ import annotations

import hashlib
import io
import subprocess
import zipfile

from ansible.module_utils.linux import malware_samples

from tests.conftest import ROOT
from tests.unit.antivirus import programs  # noqa: F401  (finds the package)

from avhost import eicar  # isort: skip


def test_it_is_the_file_that_every_antivirus_knows() -> None:
    assert len(eicar.eicar()) == 68
    assert hashlib.md5(eicar.eicar(), usedforsecurity=False).hexdigest() == "44d88612fea8a8f36de82e1278abb02f"


def test_the_audit_and_the_host_make_the_same_files() -> None:
    assert malware_samples.samples()["plain"] == eicar.eicar()
    assert malware_samples.samples()["nested"] == eicar.nested()


def test_it_is_in_an_archive_in_an_archive() -> None:
    with zipfile.ZipFile(io.BytesIO(eicar.nested())) as outer:
        inner = io.BytesIO(outer.read("archive.zip"))
    with zipfile.ZipFile(inner) as archive:
        assert archive.read("eicar.com") == eicar.eicar()


def test_its_signature_matches_it_at_its_place_and_is_no_part_of_a_clean_file() -> None:
    _, _, offset, pattern = eicar.signature().split(":")
    assert eicar.eicar()[int(offset) :] == bytes.fromhex(pattern)
    assert bytes.fromhex(pattern) not in eicar.CLEAN


def test_only_an_audits_own_file_is_one_of_a_trial() -> None:
    assert eicar.is_trial("virusfilter.garant-essai-1-malware-plain.infected-x", eicar.eicar())
    assert not eicar.is_trial("garant-essai-1-malware-plain", b"something else")
    assert not eicar.is_trial("budget.xls", eicar.eicar())


def test_no_file_of_the_repository_would_be_found() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    files = [ROOT / name for name in listed.stdout.splitlines()]
    marks = (eicar.eicar(), eicar.nested())
    held = [file for file in files if file.is_file() and any(mark in file.read_bytes() for mark in marks)]
    assert held == []
