"""The commands of bin/garant: check policies, audit a site, judge a run again, print its report, make access reviews.

Exit codes of audit, judge and report: 0 everything passed or is waived, 1 something failed, 2 something could not be
evaluated, 3 the run itself failed. check and review leave with 0 or 3.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NoReturn

from ansible.module_utils.policy.evidence import EvidenceError
from ansible.module_utils.policy.loader import PolicyError
from ansible.module_utils.policy.model import load_policies
from ansible.module_utils.policy.review import make
from ansible.module_utils.policy.run import Outcome, judge_run, latest_run, load_outcome

RUN_FAILED = 3


def main(arguments: Sequence[str], root: Path) -> int:
    """Run one command and return its exit code."""
    given = _parser().parse_args(arguments)
    try:
        return int(given.run(given, root))
    except (PolicyError, EvidenceError) as error:
        print(f"ERROR: {error}", file=sys.stderr)
        return RUN_FAILED


class _Parser(argparse.ArgumentParser):
    """Leaves with 3 on a wrong command line: 2 says that something could not be evaluated."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(RUN_FAILED, f"{self.prog}: {message}; see {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="garant", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="check the policy files of one client, or of all")
    check.add_argument("clients", nargs="*", metavar="CLIENT")
    check.set_defaults(run=_check)
    audit = commands.add_parser("audit", help="read the live hosts of a site, judge, report")
    audit.add_argument("site")
    audit.add_argument("--lab", action="store_true", help="the site as reproduced in the lab")
    audit.add_argument("--inventory", action="append", default=[], help="another inventory on top; repeat for more")
    audit.add_argument("--limit", help="hosts to read, as ansible-playbook --limit takes them")
    audit.add_argument("--runs-directory", type=Path, help="folder of runs (var/runs when left out)")
    audit.add_argument("--ask-vault-pass", action="store_true", help="ask for the password of the site's vault")
    audit.add_argument("--vault-password-file", help="file that holds the password of the site's vault")
    audit.set_defaults(run=_audit)
    for name, text, function in (
        ("judge", "judge a recorded run with the policies of today", _judge),
        ("report", "print the summary of a run that was judged", _report),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("site", help="the site; its latest run is taken")
        command.add_argument("--run-directory", type=Path, help="another run of the site")
        command.set_defaults(run=function)
        if name == "judge":
            command.add_argument("--language", choices=("fr", "en"), default="fr", help="language of the HTML report")
    review = commands.add_parser("review", help="write the pages that managers sign: who reaches their shares")
    review.add_argument("site", help="the site; its latest run is taken")
    review.add_argument("--manager", default="", help="login or mail address of one manager (all when left out)")
    review.add_argument("--run-directory", type=Path, help="another run of the site")
    review.set_defaults(run=_review)
    return parser


def _check(given: argparse.Namespace, root: Path) -> int:
    clients = given.clients or sorted(file.parent.name for file in (root / "policies").glob("*/charter.yml"))
    for client in clients:
        policies = load_policies(root, client)
        print(
            f"{client}: {len(policies.controls)} controls, {len(policies.attestations)} attestations, "
            f"{len(policies.register)} rules: good"
        )
    return 0


def _audit(given: argparse.Namespace, root: Path) -> int:
    inventory = root / "inventories" / given.site
    known = sorted({file.parent.name for file in (root / "inventories").glob("*/employees.csv")})
    if given.site not in known:
        print(
            f"ERROR: inventories/{given.site} is not a site; known sites: {', '.join(known)}",
            file=sys.stderr,
        )
        return RUN_FAILED
    directory = (
        (given.runs_directory or root / "var" / "runs") / given.site / datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    )
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(inventory)]
    if given.lab:
        command += ["-i", str(root / "inventories" / "lab")]
        if subprocess.run([str(root / "bin" / "lab-guard"), given.site], check=False).returncode:
            return RUN_FAILED
    for inventory in given.inventory:
        command += ["-i", inventory]
    if given.limit:
        command += ["--limit", f"localhost,{given.limit}"]  # the run is opened and judged on the controller
    if given.vault_password_file:
        command += ["--vault-password-file", given.vault_password_file]
    if given.ask_vault_pass:
        command.append("--ask-vault-pass")
    command += ["-e", f"audit_directory={directory}", str(root / "playbooks" / "audit.yml")]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    finished = subprocess.run(command, cwd=root, check=False, env={**os.environ, "PATH": path})
    if finished.returncode or not (directory / "verdicts.jsonl").exists():
        print(
            f"ERROR: the audit stopped (ansible-playbook returned {finished.returncode}); what it says above tells why. "
            "Nothing was judged; earlier reports are untouched.",
            file=sys.stderr,
        )
        return RUN_FAILED
    return _tell(load_outcome(directory))


def _judge(given: argparse.Namespace, root: Path) -> int:
    directory = given.run_directory or latest_run(root, given.site)
    return _tell(judge_run(root, directory, date.today(), given.language))


def _report(given: argparse.Namespace, root: Path) -> int:
    return _tell(load_outcome(given.run_directory or latest_run(root, given.site)))


def _review(given: argparse.Namespace, root: Path) -> int:
    outcome = load_outcome(given.run_directory or latest_run(root, given.site))
    for file in make(outcome.directory, outcome.run, outcome.attestations, given.manager):
        print(file)
    return 0


def _tell(outcome: Outcome) -> int:
    print(outcome.summary(color=sys.stdout.isatty()))
    return outcome.exit_code
