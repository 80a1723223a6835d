"""The letters say what they must, once, and are destroyed on demand."""

from __future__ import annotations

import importlib.util
import json
import re
import stat
import zlib
from datetime import date
from pathlib import Path

import pytest
from ansible.module_utils.ad import letters
from ansible.module_utils.ad.first_passwords import FirstPassword, FirstPasswordStore
from ansible.module_utils.ad.letter_text import kind, long_date, reading_help, western
from ansible.module_utils.ad.letters import LetterError, Stationery, render
from ansible.module_utils.testing import patch_module_args

MODULE = Path(__file__).resolve().parents[3] / "library" / "ad_first_password_letters.py"
SECRET = "Tr7-pas8Kwxyz"
STATIONERY = Stationery("Menuiserie Exemple", "Atelier de Lyon", "Charte informatique", "Appelez le poste 12.")


def entry(login="kersomau", password=SECRET, **changed):
    return FirstPassword(**{
        "login": login, "display_name": "Maud Kersó", "department": "Atelier", "password": password,
        "created": "2026-11-21T09:00:00+00:00", "mail": f"{login}@example.com", **changed,
    })  # fmt: skip


def words(pdf):
    """What a page in the core fonts says, in order."""
    streams = [zlib.decompress(part) for part in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S)
               if part.startswith(b"x")]  # fmt: skip
    shown = re.findall(rb"\(((?:\\.|[^\\)])*)\) ?Tj", b"".join(streams), re.S)
    return [re.sub(rb"\\(.)", rb"\1", one, flags=re.S).decode("latin-1").replace("\xa0", " ") for one in shown]


@pytest.fixture
def without_fonts(monkeypatch, tmp_path):
    monkeypatch.setattr(letters, "FONT_DIRECTORY", tmp_path / "no fonts")


@pytest.mark.usefixtures("without_fonts")
def test_a_letter_says_who_receives_what_and_the_rules():
    shown = words(
        render(entry(), Stationery("Menuiserie Exemple", "Lyon", "Charte", "Poste 12.", ("Une règle de plus.",)))
    )
    page = " ".join(shown)
    for expected in (
        "Menuiserie Exemple", "21 novembre 2026", "Bonjour Maud Kersó,", "kersomau", "kersomau@example.com",
        "Personne ne vous le demandera jamais", "personnel et confidentiel", "Une règle de plus.", "Poste 12.",
        "Récépissé à rendre signé", "Signature", "Date", "Nom et prénom",
    ):  # fmt: skip
        assert expected in page
    assert "Tr7-pas8Kwxyz" in "".join(word for word in shown if len(word) == 1)


@pytest.mark.usefixtures("without_fonts")
def test_the_receipt_does_not_hold_the_password():
    shown = words(render(entry(), STATIONERY))
    receipt = shown[shown.index("Récépissé à rendre signé") :]
    assert "kersomau" in " ".join(receipt)
    assert not any(len(word) == 1 for word in receipt)
    assert "pas8" not in "".join(receipt)


@pytest.mark.usefixtures("without_fonts")
def test_names_from_anywhere_are_printed_without_the_fonts():
    shown = " ".join(words(render(entry(display_name="Łukasz Đorđević-Yıldız"), STATIONERY)))
    assert "Bonjour Lukasz Dordevic-Yildiz," in shown


@pytest.mark.skipif(not letters.FONT_DIRECTORY.is_dir(), reason="fonts-dejavu-core is not installed")
def test_the_fonts_are_embedded_when_they_are_there():
    pdf = render(entry(display_name="Łukasz Đorđević"), STATIONERY)
    assert b"+DejaVuSansMono" in pdf
    assert b"/FontFile2" in pdf


def test_a_letter_is_one_page_and_the_same_every_time():
    pdf = render(entry(), STATIONERY)
    assert pdf == render(entry(), STATIONERY)
    assert b"D:20261121090000" in pdf
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 1
    assert b"Tr7-pas8Kwxyz" not in pdf


@pytest.mark.parametrize("length", [14, 18, 24])
@pytest.mark.parametrize("fonts", [True, False], ids=["own fonts", "core fonts"])
def test_a_long_password_fits_with_long_names_and_the_rules_of_the_client(length, fonts, monkeypatch, tmp_path):
    if not fonts:
        monkeypatch.setattr(letters, "FONT_DIRECTORY", tmp_path / "no fonts")
    rules = ("Une règle qui tient sur une ligne de la lettre, à peu de chose près, comme il y en a souvent.",) * 3
    long = entry(
        "montmora-l", (SECRET * 2)[:length], display_name="Marie-Christine de Montmorency-Laval",
        mail="marie-christine.de-montmorency-laval@menuiserie-exemple.fr",
    )  # fmt: skip
    contact = "Pour toute question, adressez-vous au service informatique de la maison."
    assert render(long, Stationery("Menuiserie Exemple", "Lyon", "Règles d’usage de l’informatique", contact, rules))


def test_a_letter_that_does_not_fit_on_a_page_is_refused_without_its_password():
    with pytest.raises(LetterError, match="kersomau: the letter is longer than a page") as refusal:
        render(entry(), Stationery("A", "B", "C", "D", rules=("Une règle.",) * 30))
    assert "pas8" not in str(refusal.value)


def test_an_entry_without_a_date_is_refused():
    with pytest.raises(LetterError, match="kersomau: the store says it was created on 'hier'"):
        render(entry(created="hier"), STATIONERY)


def test_each_character_is_explained():
    assert [kind(character) for character in "aZ7-"] == ["min.", "MAJ.", "chiffre", "signe"]
    assert "« - » tiret, « ? » point d’interrogation" in " ".join(reading_help("aZ7-b?c-")).replace("\xa0", " ")
    assert "ne contient ni zéro" in " ".join(reading_help("aZ7-"))
    assert "ne contient ni zéro" not in " ".join(reading_help("aZ0-"))


def test_dates_are_french():
    assert [long_date(date(2026, 2, 1)), long_date(date(2026, 8, 22))] == ["1er février 2026", "22 août 2026"]


def test_core_fonts_get_close_characters():
    assert western("L’œuvre – «\u202fŁódź\u202f» 李") == "L'oeuvre - «\xa0Lódz\xa0» ?"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys, without_fonts):
    """The module with a transparent vault and quick fonts; returns what it answers."""
    header = b"$ANSIBLE_VAULT;1.1;AES256\n"
    monkeypatch.setattr(FirstPasswordStore, "_vault", lambda self, action, payload: (
        header + payload if action == "encrypt" else payload.removeprefix(header)))  # fmt: skip
    spec = importlib.util.spec_from_file_location("ad_first_password_letters", MODULE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def _run(check=False, **more):
        arguments = {
            "store": str(tmp_path / "store" / "first.yml"), "vault_password_file": str(tmp_path / "vault"),
            "directory": str(tmp_path / "letters"), "client_name": "Menuiserie Exemple", "site_name": "Lyon",
            "charter_title": "Charte", "contact": "Poste 12.", "_ansible_check_mode": check,
            "_ansible_diff": True, **more,
        }  # fmt: skip
        with patch_module_args(arguments), pytest.raises(SystemExit):
            module.main()
        said = capsys.readouterr().out
        assert "pas8" not in said
        return json.loads(said)

    return _run


@pytest.fixture
def store(tmp_path, run):
    store = FirstPasswordStore(tmp_path / "store" / "first.yml", tmp_path / "vault")
    store.append([entry(), entry("lyan")])
    return store


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "letters"


def test_letters_are_made_once(run, store, folder):
    dry = run(check=True)
    assert dry["changed"]
    assert not folder.exists()
    assert dry["diff"] == {"before": "", "after": "lettre_kersomau.pdf\nlettre_lyan.pdf\n"}

    first = run()
    assert first["written"] == dry["written"] == ["lettre_kersomau.pdf", "lettre_lyan.pdf"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert "pas8" not in (folder / ".index.json").read_text()
    before = {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in folder.iterdir()}

    second = run()
    assert not second["changed"]
    assert second["unchanged"] == first["written"]
    assert {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in folder.iterdir()} == before


def test_only_letters_that_changed_are_made_again(run, store, folder):
    run()
    (folder / "lettre_lyan.pdf").write_bytes(b"%PDF damaged")
    assert run(check=True)["diff"]["before"] == "lettre_kersomau.pdf\nlettre_lyan.pdf (out of date)\n"
    assert run()["written"] == ["lettre_lyan.pdf"]
    store.append([entry(password="Nv9-pas8Kwxyz")])
    assert run()["written"] == ["lettre_kersomau.pdf"]
    assert run(contact="Poste 13.")["written"] == ["lettre_kersomau.pdf", "lettre_lyan.pdf"]


def test_only_the_letters_asked_for_are_made(run, store, folder):
    answer = run(logins=["lyan"])
    assert (answer["written"], answer["stale"]) == (["lettre_lyan.pdf"], [])
    assert "holds no first password of nobody" in run(logins=["lyan", "nobody"])["msg"]


def test_an_account_that_machines_use_gets_no_letter(run, store, folder):
    store.append([entry("svc.sauve"), entry("Svc.Deux")])
    technical = {"except_logins": ["Svc.Sauve", "Svc.Deux"]}
    first = run(**technical)
    assert (first["written"], first["stale"]) == (["lettre_kersomau.pdf", "lettre_lyan.pdf"], [])
    assert not run(**technical)["changed"]
    assert run(logins=["lyan", "svc.sauve"], **technical)["unchanged"] == ["lettre_lyan.pdf"]
    assert "svc.sauve" in store.latest(), "the password itself is kept"


def test_a_letter_made_for_an_account_that_machines_use_is_destroyed_once(run, store, folder):
    run()
    dry = run(check=True, except_logins=["lyan"])
    assert (folder / "lettre_lyan.pdf").exists()
    done = run(except_logins=["lyan"])
    assert done["changed"]
    assert done["destroyed"] == dry["destroyed"] == ["lettre_lyan.pdf"]
    assert done["diff"] == {"before": "lettre_kersomau.pdf\nlettre_lyan.pdf\n", "after": "lettre_kersomau.pdf\n"}
    assert not (folder / "lettre_lyan.pdf").exists()
    assert not run(except_logins=["lyan"])["changed"]


def test_a_letter_without_password_in_the_store_is_told(run, store, folder):
    run()
    store.forget(["lyan"])
    answer = run()
    assert (answer["changed"], answer["stale"]) == (False, ["lettre_lyan.pdf"])


def test_nothing_is_written_when_one_letter_cannot_be_made(run, store, folder):
    store.append([entry("wuli", created="hier")])
    assert "wuli: the store says" in run()["msg"]
    assert not folder.exists()


def test_a_login_cannot_lead_out_of_the_directory(run, store, folder):
    store.append([entry("../../etc/x")])
    assert "cannot be the login of a letter" in run()["msg"]


def test_letters_and_store_are_destroyed(run, store, folder):
    run()
    (folder / ".lettre_lyan.pdf.ab12").write_bytes(b"half written")
    dry = run(check=True, state="absent")
    assert store.exists()
    assert len(list(folder.iterdir())) == 4
    done = run(state="absent")
    assert done["destroyed"] == dry["destroyed"] == ["lettre_kersomau.pdf", "lettre_lyan.pdf"]
    assert done["store_destroyed"]
    assert done["diff"] == {"before": "lettre_kersomau.pdf\nlettre_lyan.pdf\nfirst.yml\n", "after": ""}
    assert not store.exists()
    assert not folder.exists()
    assert not run(state="absent")["changed"]


def test_one_person_can_be_destroyed_alone(run, store, folder):
    run()
    done = run(state="absent", logins=["lyan"])
    assert done["changed"]
    assert done["destroyed"] == ["lettre_lyan.pdf"]
    assert not done["store_destroyed"]
    assert list(store.latest()) == ["kersomau"]
    assert not run(state="absent", logins=["lyan"])["changed"]


def test_files_of_others_are_left_in_the_directory(run, store, folder):
    run()
    (folder / "notes.txt").write_text("mine")
    run(state="absent")
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_a_letter_needs_a_letterhead(run, store):
    assert "without client_name, contact" in run(client_name=None, contact="")["msg"]
