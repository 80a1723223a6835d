"""Profiles and parks: what is merged, what is refused, what a seed draws."""

from __future__ import annotations

import pytest
import yaml

from tests.winrm_park import ProfileError, generate, profiles
from tests.winrm_park.machine import Machine


def test_mappings_merge_and_everything_else_replaces():
    assert profiles.merge({"a": {"b": 1, "c": [1]}, "d": 2}, {"a": {"c": [2]}, "d": None}) == {
        "a": {"b": 1, "c": [2]},
        "d": None,
    }


def test_a_profile_of_one_machine_does_not_change_that_of_another():
    first = profiles.profile("a", "10", own={"hardware": {"disks": []}})
    second = profiles.profile("b", "10")
    assert first["hardware"]["disks"] == []
    assert second["hardware"]["disks"]


@pytest.mark.parametrize("system", profiles.SYSTEMS)
@pytest.mark.parametrize("state", profiles.states())
def test_every_state_can_be_laid_over_every_system(system, state):
    laid = profiles.profile("pc", system, [state])
    assert laid == profiles.merge(profiles.profile("pc", system), profiles.read("states")[state])
    assert Machine(laid).registry.find(r"HKLM\SYSTEM\CurrentControlSet\Services\USBSTOR") is not None


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"hardwear": {}}, "unknown key 'hardwear'"),
        ({"hardware": {"ram": 4}}, "hardware has no ram"),
        ({"behaviour": {"power": True}}, "behaviour.power"),
        ({"behaviour": {"access": "root"}}, "behaviour.access"),
        ({"behaviour": {"certificate": "old"}}, "behaviour.certificate"),
        ({"behaviour": {"setup": "well"}}, "behaviour.setup"),
        ({"language": "es"}, "language"),
        ({"hardware": {"firmware": "efi"}}, "hardware.firmware"),
        ({"os": "10"}, "os is a mapping"),
    ],
)
def test_a_profile_that_is_mistyped_is_refused_by_its_name(own, said):
    with pytest.raises(ProfileError, match=said) as refused:
        profiles.profile("pc-9", "10", own=own, where="park.yml")
    assert "park.yml: pc-9" in str(refused.value)


def test_an_unknown_system_or_state_is_refused():
    with pytest.raises(ProfileError, match="'95' is none of"):
        profiles.profile("pc", "95")
    with pytest.raises(ProfileError, match="'healthy' is none of"):
        profiles.profile("pc", "10", ["healthy"])


def test_a_seed_draws_the_same_park_again_and_another_seed_another():
    assert generate.draw(80, seed=7) == generate.draw(80, seed=7)
    assert generate.draw(80, seed=7) != generate.draw(80, seed=8)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_drawn_park_has_every_system_language_and_the_mute_machines_that_were_asked(seed):
    made = generate.built(generate.draw(80, seed, mute=8))
    assert len({each["name"] for each in made}) == 80
    assert {each["os"]["build"] for each in made} == {2600, 7601, 19045, 22631}
    assert {each["language"] for each in made} == {"fr", "en", "de"}
    mute = [
        each
        for each in made
        if (each["behaviour"]["power"], each["behaviour"]["access"], each["behaviour"]["certificate"])
        != ("on", "administrator", "valid")
    ]
    assert len(mute) == 8


def test_a_park_survives_its_file(tmp_path):
    drawn = generate.draw(10, seed=3)
    path = tmp_path / "park.yml"
    path.write_text(yaml.safe_dump(drawn), "utf-8")
    assert generate.built(generate.load(path)) == generate.built(drawn)


@pytest.mark.parametrize(
    "text", ["- a", "machines: 3", "{", "machines: [{name: x}]", "machines: [{name: x, os: '10', pc: 1}]"]
)
def test_a_park_that_is_mistyped_names_its_file(tmp_path, text):
    path = tmp_path / "park.yml"
    path.write_text(text, "utf-8")
    with pytest.raises(ProfileError, match=r"park\.yml"):
        generate.built(generate.load(path), str(path))


def test_more_mute_machines_than_machines_are_refused():
    with pytest.raises(ProfileError, match="cannot have"):
        generate.draw(3, mute=4)


def test_sizes_and_words_differ_where_the_profile_says_so():
    small = Machine(profiles.profile("pc", "10", ["little_memory"]))
    assert sum(small.profile["hardware"]["memory_modules"]) == 2 * 2**30
    german = Machine(profiles.profile("pc", "7", own={"language": "de"}))
    assert german.accounts[1].name == "Gast"
    assert german.administrators[1].name == "Domänen-Admins"
