"""Measure access lists and settings of many shares on a throwaway file server. Prints a table in Markdown.

GARANT_TEST_DC=10.0.0.10 GARANT_TEST_CA=ca.crt GARANT_TEST_PASSWORD=... GARANT_TEST_FILE_SERVER=10.0.0.20 \
GARANT_TEST_SHELL="ssh root@10.0.0.20" python tests/bench/file_shares.py 400 2000

400 shares of departments and a share with a folder for each of 2000 people are made, beside those that are there, and
removed afterwards, with the unit of the directory that holds their groups and people. The file server is one that the
role file_shares made; GARANT_TEST_SHELL gives a shell on it.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ansible.module_utils
from jinja2 import Environment
from ldap.controls import RequestControl

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
ansible.module_utils.__path__.append(str(ROOT / "module_utils"))

from ansible.module_utils.ad.connection import Credentials, connect  # noqa: E402
from ansible.module_utils.ad.directory_reconcile import reconcile as reconcile_directory  # noqa: E402
from ansible.module_utils.ad.share_reconcile import reconcile  # noqa: E402
from ansible.module_utils.ad.share_report import changes  # noqa: E402
from ansible.module_utils.ad.share_rights import definitions_of, folders_of, rights_of  # noqa: E402
from ansible.module_utils.ad.share_table import Share  # noqa: E402

from tests.bench.directory import TREE_DELETE, connection, write_list  # noqa: E402

MARK = "mesure"
LIST = "/etc/samba/shares.conf"
DEPARTMENTS = {
    f"d{n}": {"name": f"Service {n}", "group": f"GG_Mesure_{n}", "parent_group": "GG_Mesure"} for n in range(12)
}


def table(count: int) -> list[Share]:
    """That many shares of departments, and one of people's folders. More than there are drive letters."""
    manager = "jean-luc.babababa@mesure.example"
    common = {"kind": "department", "manager": manager, "drive": "Z", "sensitive": False, "delete": ("manager",)}
    shares = [
        Share(name=f"{MARK}{n}", title=f"Mesure {n}", stem=f"Mesure_{n}", read=("GG_Mesure",),
              write=(f"GG_Mesure_{n % 12}",), **common)
        for n in range(count)
    ]  # fmt: skip
    return [*shares, Share(
        name=f"{MARK}-perso", title="Mesure", stem="Mesure_Perso", read=("GG_Mesure",), write=(),
        **{**common, "kind": "personal", "delete": ()},
    )]  # fmt: skip


def shell(script: str, feed: str | None = None) -> str:
    """Run a script on the file server."""
    command = [*shlex.split(os.environ["GARANT_TEST_SHELL"]), "sh", "-ec", script]
    if command[0] == "ssh":
        command = [*command[:-3], shlex.join(command[-3:])]
    return subprocess.run(command, check=True, text=True, input=feed, capture_output=True).stdout


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.monotonic()
    result = work()
    return time.monotonic() - start, result


@contextmanager
def site(shares: list[Share], folder: Path, people: int) -> Iterator[tuple[dict[str, Any], list[tuple[str, str]]]]:
    """Groups and people in the directory, shares on the server; all removed afterwards."""
    (folder / "vault").write_text("mesure\n", encoding="utf-8")
    write_list(folder / "employees.csv", people)
    options = {
        **connection(), "root_ou": "Mesure partages", "employees_file": str(folder / "employees.csv"),
        "mail_domain": "mesure.example", "departments": DEPARTMENTS, "rights": rights_of(shares),
        "technical_accounts": [], "administrators": [], "privileged_rids": [],
        "first_passwords_file": str(folder / "s" / "first"), "vault_password_file": str(folder / "vault"),
    }  # fmt: skip
    rows = []
    list_before = shell(f"cat {LIST}")
    template = Environment(trim_blocks=True, autoescape=False).from_string(  # noqa: S701
        (ROOT / "roles/file_shares/templates/etc/samba/shares.conf.j2").read_text(encoding="utf-8")
    )
    listed = template.render(
        ansible_managed="bench", file_shares_shares=definitions_of(shares), file_shares_root="/srv/shares",
        file_shares_netbios=shell("testparm -s --parameter-name=workgroup 2>/dev/null").strip(),
    )  # fmt: skip
    try:
        seconds, plan = timed(lambda: reconcile_directory(options, False))
        rows.append((f"{len(rights_of(shares))} groups of rights and {people} people in the directory",
                     f"{seconds:.1f} s ({len(plan.actions)} steps)"))  # fmt: skip
        seconds, _ = timed(lambda: serve(list_before + listed, shares))
        rows.append((f"{len(shares)} shares listed, folders made, smbd reloaded", f"{seconds:.1f} s"))
        yield options, rows
    finally:
        shell(f"cat > {LIST}; smbcontrol all reload-config; rm -rf /srv/shares/{MARK}*", list_before)
        handle = connect(Credentials.from_arguments(options))
        base = handle.read_rootdse_s(attrlist=["defaultNamingContext"])["defaultNamingContext"][0].decode()
        handle.delete_ext_s(f"OU=Mesure partages,{base}", serverctrls=[RequestControl(TREE_DELETE, True)])


def serve(listed: str, shares: list[Share]) -> None:
    folders = " ".join(f"/srv/shares/{share.name}" for share in shares)
    shell(
        f"cat > {LIST}; g=$(wbinfo --sid-to-gid=S-1-5-32-544); mkdir -m 770 -p {folders}; chgrp $g {folders}; "
        "smbcontrol all reload-config; sleep 1",
        listed,
    )


def main() -> None:
    """Make, measure, remove."""
    count, people = (int(argument) for argument in [*sys.argv[1:3], "400", "2000"][:2])
    shares = table(count)
    with tempfile.TemporaryDirectory() as name, site(shares, Path(name), people) as (options, rows):
        rows.extend(measure(options, shares))
    print("| what | measured |\n|---|---|")
    for what, measured in rows:
        print(f"| {what} | {measured} |")


def measure(options: dict[str, Any], shares: list[Share]) -> Iterator[tuple[str, str]]:
    folders = [
        {**one, "entries": [{"scope": "all", **entry} for entry in one["entries"]]}
        for one in folders_of(shares, ".corbeille")
    ]
    names = ("employees_file", "departments", "mail_domain", "root_ou")
    asked = {
        **options, "file_server": os.environ["GARANT_TEST_FILE_SERVER"], "folders": folders, "timeout_seconds": 10,
        "people": {"share": f"{MARK}-perso", **{name: options[name] for name in names}},
    }  # fmt: skip
    for what, write in (("check mode, nothing there", False), ("from nothing", True), ("unchanged", True)):
        seconds, outcome = timed(lambda write=write: changes(reconcile(asked, write)))
        done = len(outcome["created_folders"]) + len(outcome["changed_folders"])
        yield f"access lists, {what}", f"{seconds:.1f} s ({done} folders)"
    for row in folders:
        row["entries"] = [*row["entries"], {"principal": "S-1-5-11", "rights": "traverse", "scope": "this"}]
    seconds, outcome = timed(lambda: changes(reconcile(asked, True)))
    yield "access lists, one entry more in each", f"{seconds:.1f} s ({len(outcome['changed_folders'])} folders)"
    seconds, printed = timed(lambda: shell("testparm -s -v 2>/dev/null"))
    yield "settings in force read", f"{seconds:.1f} s ({len(printed) // 1024} KiB)"


if __name__ == "__main__":
    main()
