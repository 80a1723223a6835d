"""How the lab's simulated workstations become members of its domain, on a directory that plays Samba's."""

from __future__ import annotations

import runpy
import sys
from types import ModuleType, SimpleNamespace

import pytest

from tests.conftest import ROOT

DESKS, SENSITIVE = "OU=Postes,DC=exemple,DC=lan", "OU=Sensibles,OU=Postes,DC=exemple,DC=lan"


class Name(str):
    """A distinguished name."""

    __slots__ = ()

    def parent(self):
        return self.partition(",")[2]


class Found(dict):
    """An entry, or a change of one."""

    def __init__(self, dn, held=()):
        super().__init__(held)
        self.dn = dn


class Directory:
    """Accounts of machines by their names."""

    def __init__(self):
        self.held, self.passwords = {}, []

    def normalize_dn_in_domain(self, unit):
        return f"{unit},DC=exemple,DC=lan"

    def search(self, expression, attrs):
        return [self.held[expression]] if expression in self.held else []

    def newcomputer(self, name, computerou, service_principal_name_list):
        assert f"HTTP/{name.lower()}.exemple.lan" in service_principal_name_list
        self.held[f"(sAMAccountName={name}$)"] = Found(Name(f"CN={name},{computerou}"))

    def setpassword(self, account, password, force_change_at_next_login):
        assert not force_change_at_next_login
        self.passwords.append(account)

    def modify(self, change):
        next(each for each in self.held.values() if each.dn == change.dn).update(change)

    def rename(self, old, new):
        next(each for each in self.held.values() if each.dn == old).dn = new


@pytest.fixture
def join(monkeypatch):
    """The function, with stand-ins for what only a domain controller has."""
    ldb = {
        "Message": Found,
        "Dn": lambda _db, name: Name(name),
        "FLAG_MOD_REPLACE": 2,
        "MessageElement": lambda value, _flag, _name: value,
    }
    for name in ("ldb", "samba", "samba.dckeytab", "samba.auth", "samba.credentials", "samba.net", "samba.param",
                 "samba.samdb"):  # fmt: skip
        module = ModuleType(name)
        vars(module).update(ldb if name == "ldb" else {})
        monkeypatch.setitem(sys.modules, name, module)
    for part, name in (("auth", "system_session"), ("credentials", "Credentials"), ("net", "Net"),
                         ("param", "LoadParm"), ("samdb", "SamDB")):  # fmt: skip
        setattr(sys.modules[f"samba.{part}"], name, SimpleNamespace)
    joined = runpy.run_path(str(ROOT / "playbooks" / "files" / "lab-join"))["join"]
    return lambda db, unit: joined(db, "ws1", unit, "exemple.lan")


def test_a_machine_joins_once_and_moves_when_its_unit_changes(join):
    db = Directory()
    assert join(db, "OU=Postes")
    (account,) = db.held.values()
    assert account == {
        "userAccountControl": "4096",
        "dNSHostName": "ws1.exemple.lan",
        "msDS-SupportedEncryptionTypes": "24",
    }
    assert not join(db, "OU=Postes")
    assert join(db, "OU=Sensibles,OU=Postes")
    assert account.dn == f"CN=WS1,{SENSITIVE}"
    assert db.passwords == ["(sAMAccountName=WS1$)"], "a member stays the one it is"


@pytest.mark.parametrize("cut", ["setpassword", "modify"])
def test_a_join_that_was_cut_off_is_done_to_its_end_the_next_time(join, monkeypatch, cut):
    db = Directory()
    with monkeypatch.context() as during:
        during.setattr(db, cut, None)
        with pytest.raises(TypeError):
            join(db, "OU=Postes")
    assert join(db, "OU=Postes")
    (account,) = db.held.values()
    assert account["msDS-SupportedEncryptionTypes"] == "24"
    assert account.dn == f"CN=WS1,{DESKS}"
    assert not join(db, "OU=Postes")
