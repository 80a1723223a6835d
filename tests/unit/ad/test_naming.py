"""Names become logins, addresses and keys."""

from __future__ import annotations

import re
from datetime import date

import pytest
from ansible.module_utils.ad.naming import (
    LONGEST_LOGIN,
    Identity,
    assign_logins,
    fold,
    login_base,
    mail_address,
    why_unusable,
)
from hypothesis import given, settings
from hypothesis import strategies as st

LETTERS = st.text(st.characters(categories=["Lu", "Ll", "Lo", "Mn"]), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("last_name", "first_name", "login"),
    [
        ("Garçon-Delmas", "Frédérique", "garcondfre"),
        ("Œuvrard", "Maëlys", "oeuvrarmae"),
        ("d'Aubremont", "Guillaume", "daubremgui"),
        ("L’Hostellier", "Ronan", "lhostelron"),
        ("van der Straeten", "Joris", "vandersjor"),
        ("Strauß", "Uwe", "straussuwe"),
        ("Łukasik", "Agnieszka", "lukasikagn"),
        ("Sørensen", "Æmilie", "sorenseaem"),
        ("Đorđević", "Miloš", "dordevimil"),
        ("Yıldız", "İpek", "yildizipe"),
        ("Nguyễn", "Thị Hồng Vân", "nguyenthi"),
        ("Wu", "Li", "wuli"),
        ("Ba", "Bo", "babo"),
        ("ÞÓRSDÓTTIR", "J.-P.", "thorsdojp"),
    ],
)
def test_a_login_is_seven_letters_of_the_last_name_and_three_of_the_first(last_name, first_name, login):
    assert login_base(last_name, first_name) == login


def test_decomposed_accents_give_the_same_login_as_composed_ones():
    assert login_base("Gue\u0301zennec", "Loi\u0308c") == login_base("Guézennec", "Loïc") == "guezennloi"


@pytest.mark.parametrize(
    ("last_name", "first_name", "address"),
    [
        ("Le Goffic", "Yann", "yann.le-goffic@example.com"),
        ("Roussel-Prigent", "Jean-Rémi", "jean-remi.roussel-prigent@example.com"),
        ("O'Riordan", "Ciarán", "ciaran.oriordan@example.com"),
        (" -Diallo  Sarr- ", "Ousmane", "ousmane.diallo-sarr@example.com"),
    ],
)
def test_an_address_keeps_hyphens_between_the_parts_of_a_name(last_name, first_name, address):
    assert mail_address(last_name, first_name, "Example.COM") == address


def test_the_second_of_a_name_gets_a_numbered_address():
    assert mail_address("Rousselot", "Nathalie", "example.com", 2) == "nathalie.rousselot2@example.com"


@pytest.mark.parametrize("name", ["李", "Иванов", "李 Wei", "Παπάς"])
def test_a_name_without_latin_letters_asks_for_a_transcription(name):
    assert "Latin transcription" in (why_unusable(name) or "")


@pytest.mark.parametrize("name", ["Jean2", "Dupont;", "<b>", "A@b"])
def test_what_does_not_belong_in_a_name_is_told(name):
    assert "does not belong in a name" in (why_unusable(name) or "")


@pytest.mark.parametrize("name", ["-", "...", "' '", "\u0301"])
def test_a_name_without_any_letter_is_unusable(name):
    assert "has no letter" in (why_unusable(name) or "")


@given(LETTERS)
@settings(max_examples=200, deadline=None)
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(LETTERS, LETTERS)
@settings(max_examples=300, deadline=None)
def test_usable_names_make_well_formed_logins_and_addresses(last_name, first_name):
    if why_unusable(last_name) is None and why_unusable(first_name) is None:
        assert re.fullmatch("[a-z]{2,10}", login_base(last_name, first_name))
        address = mail_address(last_name, first_name, "example.com", 3)
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*[0-9]*@example\.com", address), address


def person(line, last_name, first_name, starts_on):
    return Identity(line, last_name, first_name, date.fromisoformat(starts_on))


def test_homonyms_are_numbered_by_seniority_whatever_their_order_in_the_file():
    people = [
        person(2, "Bertrandon", "Julie", "2020-01-06"),
        person(3, "Bertrandel", "Julien", "2010-01-04"),
        person(4, "Bertrand-Vial", "Jules", "2020-01-06"),
    ]
    assert assign_logins(people, {}) == {3: "bertranjul", 4: "bertranjul2", 2: "bertranjul3"}


def test_two_people_of_the_same_name_are_two_people():
    people = [person(2, "Rousselot", "Nathalie", "2018-01-15"), person(3, "Rousselot", "Nathalie", "2009-03-16")]
    assert assign_logins(people, {}) == {3: "rousselnat", 2: "rousselnat2"}


def test_a_login_the_directory_knows_does_not_move_when_an_elder_is_added():
    paul, paula, paule = (
        person(2, "Marchand", "Paul", "2020-09-07"),
        person(3, "Marchand", "Paula", "1999-01-04"),
        person(4, "Marchand", "Paule", "1998-01-05"),
    )
    found = assign_logins([paul, paula, paule], {paul.key: "marchanpau"})
    assert found == {2: "marchanpau", 4: "marchanpau2", 3: "marchanpau3"}


def test_the_login_of_somebody_who_left_the_list_is_not_given_again():
    known = {"marchand.paul.2012-05-02": "MarchanPau"}
    assert assign_logins([person(2, "Marchand", "Pauline", "2026-09-01")], known) == {2: "marchanpau2"}


def test_the_logins_of_other_accounts_are_not_given_to_people():
    people = [person(2, "Sonde", "Mdp", "2026-09-01"), person(3, "Krb", "Tgt", "2026-09-01")]
    assert assign_logins(people, {}, reserved={"SondeMdp"}) == {2: "sondemdp2", 3: "krbtgt2"}


def test_a_numbered_login_fits_in_the_directory_even_with_a_thousand_homonyms():
    crowd = [person(line, f"Rousselot{'abcdefghij'[line % 10]}", "Nathalie", "2018-01-15") for line in range(1000)]
    logins = set(assign_logins(crowd, {}).values())
    assert len(logins) == 1000
    assert "rousselnat1000" in logins
    assert max(map(len, logins)) <= LONGEST_LOGIN


def test_a_key_names_the_person_and_the_first_day():
    assert person(2, "Le Goffic", "Yann", "2003-10-06").key == "le-goffic.yann.2003-10-06"
