"""The list of employees is read strictly, and everything wrong with it is told at once."""

from __future__ import annotations

import re
from datetime import date

import pytest
from ansible.module_utils.ad.employees import COLUMNS, Employee, EmployeeFileError, load_employees
from hypothesis import given, settings
from hypothesis import strategies as st

HEADER = ",".join(COLUMNS)
DEPARTMENTS = {"workshop": {"name": "Atelier"}, "used_cars": {"name": "Véhicules d'occasion"}}
BOSS = "Kerso,Maud,Atelier,Directrice,,,2001-02-05,,yes,yes,permanent"
BOSS_MAIL = "maud.kerso@example.com"


@pytest.fixture(scope="module")
def listing(tmp_path_factory):
    """A file to overwrite, outside the reach of hypothesis."""
    return tmp_path_factory.mktemp("hr") / "employees.csv"


@pytest.fixture
def load(listing):
    """Load lines below a right header and a director, or exactly what is given as bytes."""

    def _load(*lines, **arguments):
        listing.write_text("\n".join([HEADER, BOSS, *lines]) + "\n", encoding="utf-8")
        return load_employees(listing, DEPARTMENTS, "example.com", **arguments)

    return _load


@pytest.fixture
def problems(listing, load):
    """What is wrong with the lines, or with the bytes."""

    def _load(content):
        if isinstance(content, tuple):
            return load(*content)
        listing.write_bytes(content)
        return load_employees(listing, DEPARTMENTS, "example.com")

    def _problems(*lines):
        with pytest.raises(EmployeeFileError) as refusal:
            _load(lines[0] if isinstance(lines[0], bytes) else lines)
        assert all(str(listing) in row for row in str(refusal.value).splitlines())
        return refusal.value.problems

    return _problems


def row(**changed):
    cells = dict(
        zip(
            COLUMNS, f"Ducret,Zoé,Atelier,Mécanicienne,{BOSS_MAIL},,2020-02-17,,no,no,permanent".split(","), strict=True
        )
    )
    return ",".join({**cells, **changed}.values())


def test_a_line_becomes_an_employee(load):
    line = row(department="VEHICULES D’OCCASION", vpn="Yes", leaves_on="2027-01-29", contract="temporary")
    assert load(line)[1] == Employee(
        line=3, last_name="Ducret", first_name="Zoé", department="used_cars", job="Mécanicienne", manager=BOSS_MAIL,
        mail="zoe.ducret@example.com", starts_on=date(2020, 2, 17), leaves_on=date(2027, 1, 29), laptop=False, vpn=True,
        contract="temporary", login="ducretzoe", key="ducret.zoe.2020-02-17",
    )  # fmt: skip


def test_the_first_and_the_last_day_are_working_days(load):
    employee = load(row(starts_on="2026-03-02", leaves_on="2026-08-31"))[1]
    days = ("2026-03-01", "2026-03-02", "2026-08-31", "2026-09-01")
    assert [employee.status(date.fromisoformat(day)) for day in days] == ["future", "active", "active", "left"]


@pytest.mark.parametrize("encode", [
    lambda text: b"\xef\xbb\xbf" + text.encode(),
    lambda text: text.replace(",", ";").encode(),
    lambda text: text.replace("\n", "\r\n").encode(),
    lambda text: (text + "\n\n,,,,,,,,,,\n").encode(),
    lambda text: b"\xef\xbb\xbf" + text.replace(",", ";").replace("\n", "\r\n").encode(),
], ids=["byte order mark", "semicolons", "Windows line ends", "blank lines", "French Excel"])  # fmt: skip
def test_what_spreadsheets_write_is_read(listing, encode):
    listing.write_bytes(encode(f"{HEADER}\n{BOSS}\n{row()}\n"))
    assert [one.login for one in load_employees(listing, DEPARTMENTS, "example.com")] == ["kersomau", "ducretzoe"]


@pytest.mark.parametrize(("changed", "reason"), [
    ({"last_name": ""}, "last_name: is empty"),
    ({"first_name": "  "}, "first_name: is empty"),
    ({"last_name": "李"}, "Latin transcription"),
    ({"first_name": "Zoé3"}, "does not belong in a name"),
    ({"last_name": "D" * 65}, "65 characters"),
    ({"department": "Atelie"}, "did you mean 'Atelier'?"),
    ({"department": "Zoo"}, "it is one of Atelier, Véhicules d'occasion"),
    ({"department": ""}, "department: is empty"),
    ({"manager": "maud.kers@example.com"}, f"did you mean '{BOSS_MAIL}'?"),
    ({"manager": "zoe.ducret@example.com"}, "their own manager"),
    ({"mail": "zoe.ducret@"}, "is not a mail address"),
    ({"mail": "zoé@example.com"}, "is not a mail address"),
    ({"mail": BOSS_MAIL, "manager": ""}, "already that of line 2"),
    ({"starts_on": ""}, "starts_on: '' is not a date"),
    ({"starts_on": "2026-02-30"}, "'2026-02-30' does not exist"),
    ({"starts_on": "17/2/2020"}, "write 2020-02-17"),
    ({"starts_on": "20200217"}, "is not a date written year-month-day"),
    ({"starts_on": "0020-02-17"}, "not a year of somebody's working life"),
    ({"leaves_on": "2020-02-16"}, "is before the first day"),
    ({"laptop": "oui"}, "laptop: 'oui' is not one of yes, no"),
    ({"vpn": ""}, "vpn: '' is not one of yes, no"),
    ({"contract": "CDI"}, "not one of permanent, temporary, apprentice"),
    ({"job": "Chef\tmécano"}, "control characters (U+0009)"),
    ({"job": "Chef\u200b"}, "control characters (U+200B)"),
    ({"job": '"Chef'}, "double quotes do not match"),
    ({"job": "Chef, atelier"}, "has 12 fields, the first line has 11"),
    ({"job": "x" * 300}, "longer than 256"),
])  # fmt: skip
def test_a_bad_value_is_refused_with_its_line(problems, changed, reason):
    found = problems(row(**changed))
    assert [line for line, _ in found] == [3]
    assert reason in found[0][1]


def test_everything_wrong_is_told_at_once_in_the_order_of_the_file(problems):
    found = problems(row(starts_on="2026-02-30", laptop="maybe"), row(last_name=""), "too,short")
    assert [line for line, _ in found] == [3, 3, 4, 5]


def test_the_same_person_twice_is_refused(problems):
    assert problems(row(), row(mail="z2@example.com", last_name="DUCRET")) == [
        (4, "same names and first day as line 3; remove one of the two")
    ]


def test_managers_in_a_circle_are_refused_once(problems):
    ring = [
        row(last_name=last, manager=f"zoe.{above}@example.com")
        for last, above in (("Aix", "brest"), ("Brest", "caen"), ("Caen", "aix"))
    ]
    found = problems(*ring, row(last_name="Dax", manager="zoe.aix@example.com"))
    assert len(found) == 1
    assert found[0][0] == 3
    assert "goes round in a circle" in found[0][1]


def test_nobody_is_unknown_as_a_manager_while_lines_cannot_be_read(problems):
    assert [
        line for line, _ in problems(row(first_name=""), row(last_name="Aix", manager="zoe.ducret@example.com"))
    ] == [3]


@pytest.mark.parametrize(("content", "line", "reason"), [
    (b"", 1, "the file is empty"),
    (b"\xef\xbb\xbf \n", 1, "the file is empty"),
    (f"{HEADER}\n".encode(), 1, "lists nobody"),
    (f"{HEADER}\n{BOSS}\nGu\xe9,Zo\xe9".encode("latin-1"), 3, "is not UTF-8 (byte 0xe9)"),
    (f"{HEADER}\n".encode("utf-16"), 1, "is not UTF-8"),
    (f"{HEADER},age\n{BOSS},50".encode(), 1, "unknown column 'age'"),
    (f"{HEADER.replace('vpn', 'VPN')}\n{BOSS}".encode(), 1, "missing column 'vpn'"),
    (f"{HEADER},vpn\n{BOSS},no".encode(), 1, "column 'vpn' is there twice"),
    (b"a,b\n1,2", 1, "missing column 'last_name'"),
    (b'"last_name\n', 1, "double quotes do not match"),
])  # fmt: skip
def test_a_bad_file_is_refused(problems, content, line, reason):
    assert any(found == (line, found[1]) and reason in found[1] for found in problems(content))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(EmployeeFileError, match=r"nowhere\.csv: cannot be read: No such file"):
        load_employees(tmp_path / "nowhere.csv", DEPARTMENTS, "example.com")


def test_departments_that_read_alike_are_refused(load, listing):
    listing.write_text(f"{HEADER}\n{BOSS}\n", encoding="utf-8")
    with pytest.raises(EmployeeFileError, match="several departments of the site read 'atelier'"):
        load_employees(listing, {"a": {"name": "Atelier"}, "b": {"name": "ATELIER"}}, "example.com")


def test_the_second_of_a_name_gets_the_second_address_wherever_they_stand(load):
    found = load(row(starts_on="2021-03-01"), row(starts_on="2019-03-04"))
    assert [(one.login, one.mail) for one in found[1:]] == [
        ("ducretzoe2", "zoe.ducret2@example.com"),
        ("ducretzoe", "zoe.ducret@example.com"),
    ]


def test_an_address_does_not_move_when_an_elder_of_that_name_comes_back(load):
    younger, elder = "ducret.zoe.2021-03-01", "ducret.zoe.2019-03-04"
    rows = (row(starts_on="2021-03-01"), row(starts_on="2019-03-04"))
    for known in ({younger: "ducretzoe"}, {younger: "ducretzoe", elder: "ducretzoe2"}):
        found = load(*rows, known=known)
        assert [(one.login, one.mail) for one in found[1:]] == [
            ("ducretzoe", "zoe.ducret@example.com"),
            ("ducretzoe2", "zoe.ducret2@example.com"),
        ]


def test_an_address_of_the_directory_is_not_given_to_somebody_else(load):
    gone = {"ducret.zoe.1999-01-04": "zoe.ducret@example.com"}
    assert load(row(), known_mails=gone)[1].mail == "zoe.ducret2@example.com"
    with pytest.raises(EmployeeFileError, match=r"belongs to ducret\.zoe\.1999-01-04 in the directory"):
        load(row(mail="zoe.ducret@example.com"), known_mails=gone)


NAMES = st.tuples(st.sampled_from(["Ly", "Le Goff", "Legoff", "LE-GOFF", "Bertrandon", "Bertrandel", "Œ"]),
                  st.sampled_from(["Yann", "Yannick", "An", "Julie", "Julien", "É"]))  # fmt: skip
DAYS = st.dates(date(2000, 1, 1), date(2020, 12, 31)).map(date.isoformat)
PEOPLE = st.lists(st.tuples(NAMES, DAYS), max_size=12, unique=True)


def as_rows(people):
    unique = {(last.lower().replace(" ", "-"), first, day): row(last_name=last, first_name=first, starts_on=day)
              for (last, first), day in people}  # fmt: skip
    return list(unique.values())


@given(PEOPLE, NAMES)
@settings(max_examples=80, deadline=None)
def test_adding_somebody_who_starts_later_changes_nobody_else(listing, people, newcomer):
    def loaded(rows):
        listing.write_text("\n".join([HEADER, BOSS, *rows]), encoding="utf-8")
        return {one.key: (one.login, one.mail) for one in load_employees(listing, DEPARTMENTS, "example.com")}

    before = loaded(as_rows(people))
    after = loaded([row(last_name=newcomer[0], first_name=newcomer[1], starts_on="2021-01-04"), *as_rows(people)])
    assert before.items() <= after.items()
    assert len(after) == len(before) + 1
    assert all(re.fullmatch("[a-z][a-z0-9]{0,19}", login) for login, _ in after.values())
    assert len({login for login, _ in after.values()}) == len({mail for _, mail in after.values()}) == len(after)


@given(PEOPLE, PEOPLE, st.data())
@settings(max_examples=80, deadline=None)
def test_what_the_directory_knows_never_changes_whoever_comes_and_goes(listing, people, newcomers, data):
    def loaded(rows, known):
        listing.write_text("\n".join([HEADER, BOSS, *rows]), encoding="utf-8")
        found = load_employees(listing, DEPARTMENTS, "example.com", {key: login for key, (login, _) in known.items()},
                               known_mails={key: mail for key, (_, mail) in known.items()})  # fmt: skip
        return {one.key: (one.login, one.mail) for one in found}

    known = loaded(as_rows(people), {})
    staying = [one for one in people if data.draw(st.booleans())]
    found = loaded(as_rows([*newcomers, *staying]), known)
    assert all(known[key] == given for key, given in found.items() if key in known)
    everybody = {**known, **found}
    assert (
        len({login for login, _ in everybody.values()})
        == len({mail for _, mail in everybody.values()})
        == len(everybody)
    )


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_arbitrary_bytes_are_refused_and_nothing_else_happens(listing, content):
    listing.write_bytes(content)
    with pytest.raises(EmployeeFileError):
        load_employees(listing, DEPARTMENTS, "example.com")


CELL = st.one_of(
    st.sampled_from(
        ["Atelier", "yes", "no", "2020-02-17", "2019-13-01", BOSS_MAIL, "permanent", "Zoé", "", '"', "a;b"]
    ),
    st.text(max_size=10),
)


@given(st.lists(st.lists(CELL, min_size=10, max_size=12), min_size=1, max_size=4), st.sampled_from(",;"))
@settings(max_examples=100, deadline=None)
def test_arbitrary_cells_never_raise_anything_but_a_refusal(listing, rows, delimiter):
    text = "\n".join([HEADER.replace(",", delimiter), *(delimiter.join(cells) for cells in rows)])
    listing.write_bytes(text.encode("utf-8", "replace"))
    try:
        load_employees(listing, DEPARTMENTS, "example.com")
    except EmployeeFileError as refusal:
        assert refusal.problems  # noqa: PT017
