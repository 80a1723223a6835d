"""bin/bootstrap on computers that have none, some or all of what it needs; apt, dpkg and pip are played."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

COMMAND = Path(__file__).parents[3] / "bin" / "bootstrap"
PACKAGES = re.sub("#.*", "", COMMAND.read_text().partition("PACKAGES=(")[2].partition("\n)")[0]).split()

#: As Debian's dpkg-query: the packages that it knows on standard output, and 1 if it does not know all.
DPKG_QUERY = """\
#!/bin/bash
answer=0
shift 3
for package in "$@"; do grep " $package\\$" "$PLAYED/status" || answer=1; done
exit $answer
"""
APT_GET = '#!/bin/bash\necho "apt-get $*" >>"$PLAYED/calls"\n'
PYTHON = """\
#!/bin/bash
case "$*" in
    *print*) echo "3.11.7 (main)" ;;
    "-m venv"*) mkdir -p .venv/bin && ln -sf "$PLAYED/bin/pip" .venv/bin/pip ;;
esac
"""
SUDO = '#!/bin/bash\n"$@"\n'
PIP = '#!/bin/bash\necho "pip $*" >>"$PLAYED/calls"\n[ ! -e "$PLAYED/pip-fails" ]\n'


@pytest.fixture
def computer(tmp_path):
    (tmp_path / "project/bin").mkdir(parents=True)
    shutil.copy(COMMAND, tmp_path / "project/bin/bootstrap")
    (tmp_path / "project/requirements.txt").write_text("ansible-core\n")
    (tmp_path / "bin").mkdir()
    programs = {"dpkg-query": DPKG_QUERY, "apt-get": APT_GET, "python3": PYTHON, "pip": PIP, "sudo": SUDO}
    for name, text in programs.items():
        (tmp_path / "bin" / name).write_text(text)
        (tmp_path / "bin" / name).chmod(0o755)
    (tmp_path / "status").touch()
    return tmp_path


def bootstrap(computer: Path, *words: str) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Its answer, and what it called to change the computer."""
    (computer / "calls").write_text("")
    environment = {**os.environ, "PATH": f"{computer / 'bin'}:{os.environ['PATH']}", "PLAYED": str(computer)}
    answer = subprocess.run(
        [computer / "project/bin/bootstrap", *words], env=environment, capture_output=True, text=True, check=False
    )
    return answer, (computer / "calls").read_text().splitlines()


def have(computer: Path, *lines: str) -> None:
    (computer / "status").write_text("".join(f"{line}\n" for line in lines))


def installed_packages(calls: list[str]) -> list[str]:
    [call] = [call for call in calls if call.startswith("apt-get install")]
    return [word for word in call.split()[2:] if not word.startswith("-")]


def test_a_fresh_computer_gets_all_packages(computer):
    answer, calls = bootstrap(computer)
    assert answer.returncode == 0, answer.stderr
    assert installed_packages(calls) == PACKAGES
    assert calls[-1].startswith("pip install")


def test_what_is_there_is_not_installed_again(computer):
    have(computer, "installed gcc", "installed podman")
    assert installed_packages(bootstrap(computer)[1]) == [
        package for package in PACKAGES if package not in {"gcc", "podman"}
    ]


def test_a_package_that_left_its_settings_behind_is_missing(computer):
    have(computer, *(f"{'config-files' if package == 'podman' else 'installed'} {package}" for package in PACKAGES))
    assert installed_packages(bootstrap(computer)[1]) == ["podman"]


def test_a_second_run_changes_nothing(computer):
    bootstrap(computer)
    have(computer, *(f"installed {package}" for package in PACKAGES))
    assert bootstrap(computer)[1] == []


def test_disks_need_more(computer):
    have(computer, *(f"installed {package}" for package in PACKAGES))
    assert installed_packages(bootstrap(computer, "--disks")[1]) == ["qemu-system-x86", "e2fsprogs"]


def test_what_pip_did_not_install_is_installed_next_time(computer):
    (computer / "pip-fails").touch()
    assert bootstrap(computer)[0].returncode != 0
    (computer / "pip-fails").unlink()
    assert bootstrap(computer)[1][-1].startswith("pip install")
