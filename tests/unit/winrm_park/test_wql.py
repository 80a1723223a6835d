"""Queries as WMI reads them."""

from __future__ import annotations

import pytest

from tests.winrm_park import wql
from tests.winrm_park.wql import Reference

ROW = {"name": "C:", "drivetype": 3, "size": 255_000_000_000, "on": True, "free": None, "types": [3, 10]}


def where(condition):
    return wql.parse(f"SELECT * FROM X WHERE {condition}")  # noqa: S608 -- WQL


@pytest.mark.parametrize(
    "condition",
    [
        "DriveType=3",
        "3 = DriveType",
        "DriveType='3'",
        "size > 254999999999",
        "Name='c:'",
        'Name="C:"',
        "Name LIKE 'c_'",
        "Name LIKE '%:'",
        "Name LIKE '[A-D]:'",
        "On=TRUE",
        "On=1",
        "Free IS NULL",
        "Free = NULL",
        "Size IS NOT NULL",
        "NOT DriveType=5",
        "DriveType=5 OR DriveType=3 AND Name='C:'",
        "(DriveType=5 OR DriveType=3) AND Name<>'D:'",
        "Types=10",
    ],
)
def test_a_condition_that_holds_keeps_the_row(condition):
    assert where(condition).test(ROW)
    assert not where(f"NOT ({condition})").test(ROW)


@pytest.mark.parametrize("condition", ["Free > 0", "Free <> 5", "Free = ''", "Name = 3", "Name LIKE 'C'"])
def test_a_null_and_another_type_make_a_comparison_false(condition):
    assert not where(condition).test(ROW)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "DELETE FROM X",
        "SELECT FROM X",
        "SELECT * X",
        "SELECT * FROM X WHERE",
        "SELECT * FROM X WHERE A ~ 1",
        "SELECT * FROM X WHERE (A=1",
        "SELECT * FROM X WHERE A=1 ORDER BY A",
        "SELECT * FROM X WHERE A IS 3",
        "SELECT * FROM X WHERE A LIKE 3",
        "SELECT * FROM X WHERE A='unfinished",
        "SELECT A, FROM X",
    ],
)
def test_what_is_no_query_is_refused(text):
    with pytest.raises(wql.WqlError):
        wql.parse(text)


def test_columns_and_names_of_a_query_are_told_apart():
    found = wql.parse("select Name , Size from Win32_LogicalDisk where DriveType=3 and size>0")
    assert (found.columns, found.class_name, found.named) == (
        ("Name", "Size"),
        "Win32_LogicalDisk",
        ("DriveType", "size"),
    )


@pytest.mark.parametrize(
    "written",
    [
        "Win32_Group.Domain='PC-1',Name='Administrateurs'",
        'win32_group.name=\\"ADMINISTRATEURS\\",domain=\\"pc-1\\"',
        r"\\\\PC-1\\root\\cimv2:Win32_Group.Domain='PC-1',Name='Administrateurs'",
    ],
)
def test_a_reference_is_found_however_it_is_written(written):
    row = {"groupcomponent": Reference("Win32_Group", (("Domain", "PC-1"), ("Name", "Administrateurs")))}
    assert where(f'GroupComponent="{written}"').test(row)
    other = written.lower().replace("administrateurs", "invités")
    assert not where(f'GroupComponent="{other}"').test(row)
