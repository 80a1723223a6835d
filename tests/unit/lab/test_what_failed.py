"""bin/what-failed: what a long log says at its end."""

import subprocess
from pathlib import Path

COMMAND = Path(__file__).parents[3] / "bin" / "what-failed"

LOG = """\
  \x1b[2m│\x1b[0m TASK [nas_backup : Save what no repository holds yet] ******
  \x1b[2m│\x1b[0m \x1b[31mfatal: [log1]: FAILED! => \x1b[0m
  \x1b[2m│\x1b[0m \x1b[31m    changed: false\x1b[0m
  \x1b[2m│\x1b[0m \x1b[31m    msg: non-zero return code\x1b[0m
  \x1b[2m│\x1b[0m \x1b[31m    rc: 1\x1b[0m
  \x1b[2m│\x1b[0m \x1b[31m    stderr: |-\x1b[0m
  \x1b[2m│\x1b[0m \x1b[31m        permitted subtree violation\x1b[0m
  \x1b[2m│\x1b[0m TASK [nas_backup : Ask once more] ******
  \x1b[2m│\x1b[0m fatal: [fs1]: FAILED! =>
  \x1b[2m│\x1b[0m     msg: nobody minds
  \x1b[2m│\x1b[0m ...ignoring
CRITICAL Idempotence test failed because of the following tasks:
*  => backup_repository : Know no account of the house
FAILED tests/compliance/test_site.py::test_every_host_was_measured - AssertionError
"""


def said(log: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, log], capture_output=True, text=True, check=False)


def test_failed_tasks_and_tests_are_said_again(tmp_path: Path) -> None:
    (tmp_path / "log").write_text(LOG)
    assert said(tmp_path / "log").stdout.splitlines()[1:] == [
        "What failed (3):",
        "  TASK [nas_backup : Save what no repository holds yet]",
        "  fatal: [log1]: FAILED! =>",
        "      msg: non-zero return code",
        "      stderr: |-",
        "          permitted subtree violation",
        "  a second converge changed: backup_repository : Know no account of the house",
        "  FAILED tests/compliance/test_site.py::test_every_host_was_measured - AssertionError",
    ]


def test_a_log_without_failures_is_no_answer(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("TASK [all well] ***\nok: [dc1]\n")
    run = said(tmp_path / "log")
    assert (run.returncode, "read its end" in run.stdout) == (1, True)
