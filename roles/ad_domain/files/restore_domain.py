#!/usr/bin/python3
"""Put a domain back from a backup made by `samba-tool domain backup offline`, as the controller that it was.

Samba's own restore makes a controller of another name and removes the old one, for sites where others still run and
must not meet a copy that is behind them. Where the lost controller was the only one, it comes back under its own name,
with its keys, so that members trust it as before. A backup that knows several controllers is refused.

Nothing of Samba's may run. The folder is filled beside and moved into place at the end, so that an interrupted restore
leaves what was there.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from typing import Any

import ldb
from samba.auth import system_session
from samba.ntacls import backup_restore
from samba.param import LoadParm
from samba.samdb import SamDB

MARKERS = ("sidForRestore", "backupRename", "backupDate", "backupType")
#: Identifiers given since the backup are lost with it, and what bears them lives on in access lists: none is given twice.
SKIPPED_BLOCKS = 4
BLOCK = 500


class RestoreError(Exception):
    """The backup is not put back; the message says why and what to do."""


def unpack(backup: str, folder: str) -> None:
    """Unpack, and compare every file with the digest that the backup holds of it."""
    with tarfile.open(backup) as archive:
        archive.extractall(folder, filter="tar")
    try:
        with open(os.path.join(folder, "SHA256SUM"), encoding="utf-8") as file:
            digests = [line.rstrip("\n").split("  ", 1) for line in file if line.strip()]
    except OSError as error:
        raise RestoreError(f"{backup} is not an offline backup of a domain: {error}") from error
    for digest, name in digests:
        with open(os.path.join(folder, name), "rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                raise RestoreError(f"{backup}: {name} is not what was saved; take an older backup")


def settings_for(folder: str, host: str) -> tuple[LoadParm, str]:
    """Settings of the backup, with every path below the folder."""
    old = LoadParm()
    old.load(os.path.join(folder, "etc", "smb.conf"))
    path = os.path.join(folder, "restore.conf")
    lines = {
        "netbios name": host.upper(),
        "realm": old.get("realm"),
        "workgroup": old.get("workgroup"),
        "server role": "active directory domain controller",
        "private dir": os.path.join(folder, "private"),
        "state directory": os.path.join(folder, "state"),
        "cache directory": os.path.join(folder, "cache"),
        "lock directory": os.path.join(folder, "lock"),
        "binddns dir": os.path.join(folder, "bind-dns"),
        "idmap_ldb:use rfc2307": "yes",
    }
    with open(path, "w", encoding="utf-8") as file:
        file.write("[global]\n" + "".join(f"\t{key} = {value}\n" for key, value in lines.items()))
        file.write(f"[sysvol]\n\tpath = {folder}/state/sysvol\n\tread only = no\n")
    for name in ("cache", "lock", "state/sysvol"):
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    new = LoadParm()
    new.load(path)
    return new, path


def own_again(database: SamDB, host: str, realm: str) -> None:
    """Refuse what this way back is not for: another domain, another controller, or several."""
    domain = database.domain_dns_name()
    if domain.casefold() != realm.casefold():
        raise RestoreError(f"the backup is of the domain {domain}, not of {realm.lower()}; give the right backup")
    found = database.search(
        database.get_config_basedn(), ldb.SCOPE_SUBTREE, "(&(objectClass=server)(serverReference=*))", ["cn"]
    )
    names = sorted(str(each["cn"][0]).casefold() for each in found)
    if names != [host.casefold()]:
        raise RestoreError(
            f"the backup knows the controllers {', '.join(names)}, and {host.lower()} can only come back where it was the"
            " only one; restore with samba-tool domain backup restore under a new name, then join the others anew"
        )


def live_again(database: SamDB) -> None:
    """Remove the marks that say it is a backup: Samba does not start on one."""
    mark = ldb.Dn(database, "@SAMBA_DSDB")
    present = database.search(mark, ldb.SCOPE_BASE, attrs=list(MARKERS))[0]
    change = ldb.Message(mark)
    for name in MARKERS:
        if name in present:
            change[name] = ldb.MessageElement([], ldb.FLAG_MOD_DELETE, name)
    if len(change) > 0:
        database.modify(change)


def skip_identifiers(database: SamDB) -> tuple[int, int]:
    """Give this controller a block of identifiers that no block given since the backup can reach."""
    manager = ldb.Dn(database, f"CN=RID Manager$,CN=System,{database.domain_dn()}")
    pool = int(database.search(manager, ldb.SCOPE_BASE, attrs=["rIDAvailablePool"])[0]["rIDAvailablePool"][0])
    low, high = pool & 0xFFFFFFFF, pool >> 32
    first = low + SKIPPED_BLOCKS * BLOCK
    last = first + BLOCK - 1
    own = database.search(database.domain_dn(), ldb.SCOPE_SUBTREE, "(objectClass=rIDSet)", ["dn"])
    _replace(database, manager, rIDAvailablePool=high << 32 | last + 1)
    block = last << 32 | first
    _replace(database, own[0].dn, rIDAllocationPool=block, rIDPreviousAllocationPool=block, rIDNextRID=first)
    return first, last


def _replace(database: SamDB, dn: Any, **values: int) -> None:
    change = ldb.Message(dn)
    for name, value in values.items():
        change[name] = ldb.MessageElement(str(value), ldb.FLAG_MOD_REPLACE, name)
    database.modify(change, ["relax:0", "local_oid:1.3.6.1.4.1.7165.4.3.12:0"])


def move_into_place(folder: str, state: str) -> None:
    """Put what was unpacked where Samba looks, in place of what is there."""
    private = os.path.join(state, "private")
    # What winbind remembered of before, and folders whose modes the archive does not keep.
    for name in ("winbindd_cache.tdb", "gencache.tdb"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(os.path.join(folder, "state", name))
    for name in ("sam.ldb.d", "tls"):
        if os.path.isdir(os.path.join(folder, "private", name)):
            os.chmod(os.path.join(folder, "private", name), 0o700)
    for name in os.listdir(os.path.join(folder, "state")):
        _replace_path(os.path.join(folder, "state", name), os.path.join(state, name))
    # Last: a run that finds no database begins anew.
    _replace_path(os.path.join(folder, "private"), private)


def _replace_path(new: str, old: str) -> None:
    if os.path.isdir(old) and not os.path.islink(old):
        shutil.rmtree(old)
    os.replace(new, old)


def main() -> None:
    """Unpack, check, make it live, move it into place."""
    parser = argparse.ArgumentParser(description="Put a domain back from an offline backup.")
    parser.add_argument("--backup", required=True)
    parser.add_argument("--host", required=True)
    parser.add_argument("--realm", required=True)
    parser.add_argument("--state", default="/var/lib/samba")
    given = parser.parse_args()
    if subprocess.run(["pgrep", "-x", "samba|smbd"], capture_output=True, check=False).returncode == 0:
        sys.exit("restore_domain: Samba runs; stop samba-ad-dc.service first")
    folder = os.path.join(given.state, ".restored")
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder, 0o700)
    try:
        unpack(given.backup, folder)
        lp, path = settings_for(folder, given.host)
        database = SamDB(
            url=os.path.join(folder, "private", "sam.ldb"),
            session_info=system_session(),
            lp=lp,
            flags=ldb.FLG_DONT_CREATE_DB,
        )
        own_again(database, given.host, given.realm)
        first, last = skip_identifiers(database)
        backup_restore(os.path.join(folder, "sysvol.tar.gz"), os.path.join(folder, "state", "sysvol"), database, path)
        live_again(database)
        sid = database.get_domain_sid()
        database.disconnect()
        move_into_place(folder, given.state)
    except (RestoreError, OSError, tarfile.TarError, ldb.LdbError) as error:
        sys.exit(f"restore_domain: {error}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{given.realm.lower()} {sid} is back; new identifiers from {first} to {last}")


if __name__ == "__main__":
    main()
