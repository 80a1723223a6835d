"""A mistake in what the role wrote is told by its key, and nothing is saved by half a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.backup.programs import given, part, settings

SettingsError = part("settings").SettingsError


def test_settings_in_good_order_are_read(tmp_path: Path) -> None:
    read = settings(tmp_path)
    assert (read.host, read.sets[0].before, read.repositories[0].place) == ("fs1", "none", "offsite")


@pytest.mark.parametrize("name", sorted(given()))
def test_a_setting_that_is_missing_is_named(tmp_path: Path, name: str) -> None:
    without = {key: value for key, value in given().items() if key != name}
    (tmp_path / "s.json").write_text(__import__("json").dumps(without), encoding="utf-8")
    with pytest.raises(SettingsError, match=rf"s\.json: {name} is missing"):
        part("settings").read_settings(str(tmp_path / "s.json"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"repositories": []}, "repositories is empty"),
        ({"repositories": [{**given()["repositories"][0], "place": "cellar"}]}, "place is cellar"),
        ({"repositories": [{**given()["repositories"][0], "url": "http://x/"}]}, "not an address by https"),
        ({"repositories": given()["repositories"] * 2}, "offsite stands twice"),
        ({"sets": [{"name": "a", "paths": []}]}, "set a: paths is empty"),
        ({"sets": [{"name": "a", "paths": ["srv"]}]}, "does not begin at the root"),
        ({"sets": [{"name": "a", "paths": ["/srv"], "before": "hope"}]}, "before is hope"),
        ({"working_from": "8h"}, "is not an hour|invalid literal"),
        ({"attempts": 0}, "attempts is less than one"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        settings(tmp_path, **change)


def test_a_set_that_nobody_defined_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no set is called share; there are shares"):
        settings(tmp_path).set_named("share")
