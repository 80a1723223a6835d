"""The playbook of the renewal, run by Ansible over PSRP on simulated machines, five of which fail; killed and run again.

Two of the failures on every change, all five and eighty machines with `make rehearse-renewal`. What Windows and setup
really do is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from ansible.module_utils.windows.upgrade_state import DONE, ROLLED_BACK, SET_ASIDE

from tests.unit.upgrade.site_of_park import PASSWORD, Site

NEW = 26200
#: Seconds that a run lives before it is killed.
LIVES = (14.0, 22.0, 30.0)
#: What goes wrong: states of the machine, how setup goes, how the renewal ends, how often setup was started.
FAILURES: dict[str, tuple[list[str], str, tuple[str, str | None], int]] = {
    "no_space": (["full_disk"], "good", (SET_ASIDE, None), 0),
    "power_lost": ([], "power_lost", (ROLLED_BACK, "rolled_back_by_setup"), 1),
    "setup_error": ([], "error", (ROLLED_BACK, "driver_failed_0xC1900101"), 1),
    "no_return": ([], "lost", (SET_ASIDE, "no_return_after_restart"), 1),
    "postpones": ([], "good", (DONE, None), 1),
}


def site_of(folder: Path, good: int, failures: Iterable[str]) -> tuple[Site, dict[str, str]]:
    """Good machines, one that is left as it is, an old one that a technician replaces, and one for each failure."""
    failing = {f"pc{10 * number + 3}": failure for number, failure in enumerate(failures)}
    machines = {f"pc{number}": ("10", [], "good") for number in range(good)}
    for name, failure in failing.items():
        states, goes, _end, _started = FAILURES[failure]
        machines[name] = ("10", states, goes)
    machines |= {"new1": ("11", ["current"], "good"), "old1": ("7", [], "good")}
    return Site(folder, machines), failing


def renew(site: Site, failing: dict[str, str], lives: Iterable[float], by_wave: bool) -> None:
    """Run the playbook until nothing is left to do, as an engineer does.

    :param lives: seconds after which runs are killed, before others end
    :param by_wave: whether machines are seen to wave after wave, or all at once, which takes less time
    """
    site.run({})
    later = [name for name, failure in failing.items() if failure == "postpones"]
    days = {name: site.records()[name].begins[:10] for name in later}
    site.run({"renewal_postponed": days})
    left = list(lives)
    for _each in range(12 * len(site.machines)):
        wave = site.open_wave() if by_wave else site.open()
        if not wave:
            assert not left, "no run was left to be killed"
            return
        silent = [record.host for record in wave if record.step == "install" and record.begun]
        options = {
            "renewal_forced": [record.host for record in wave],
            "renewal_postponed": days,
            "renewal_saved": ["old1"],
            "renewal_excused": sorted(
                host for host, one in site.records().items() if one.status in (ROLLED_BACK, SET_ASIDE)
            ),
        }
        site.run(options, left.pop(0) if left else None)
        site.hours_later([host for host in silent if site.park.machine(host).renewal.lost])
        technician(site)
    raise AssertionError(f"nothing ends: {site.open_wave()}\n{site.said()[-5000:]}")


def technician(site: Site) -> None:
    """Put a new machine where the campaign waits for one."""
    for record in site.records().values():
        machine = site.park.machine(record.host)
        if record.step == "by_hand" and record.begun and machine.profile["os"]["build"] < NEW:
            site.replace(record.host)


def check(site: Site, failing: dict[str, str]) -> None:
    """No machine lost, none done twice, each failure ended as it must, and nothing asked that is not simulated."""
    ends = site.records()
    assert set(ends) == set(site.machines) - {"new1"}
    for host, end in ends.items():
        machine = site.park.machine(host)
        _states, _goes, (status, reason), started = FAILURES.get(failing.get(host, ""), ([], "", (DONE, None), 1))
        assert (end.status, end.reason if reason else None) == (status, reason), (host, end, site.said()[-3000:])
        if end.action == "upgrade":
            assert machine.renewal.started == end.installs == started, host
            assert machine.renewal.installed == (status == DONE), host
        assert (machine.profile["os"]["build"] >= NEW) is (status == DONE), host
        assert end.postponed == (failing.get(host) == "postpones"), host
    assert site.park.unsimulated() == {}
    assert PASSWORD not in site.said()


def test_a_park_is_renewed_by_the_playbook_though_it_is_killed_and_machines_fail(tmp_path: Path) -> None:
    site, failing = site_of(tmp_path, 1, ["power_lost", "postpones"])
    with site.park:
        site.write()
        renew(site, failing, LIVES[1:2], by_wave=False)
        check(site, failing)
        site.park.machine("pc0").renewal.started += 1
        with pytest.raises(AssertionError, match="pc0"):
            check(site, failing)


@pytest.mark.rehearsal
def test_eighty_machines_are_renewed_wave_by_wave_though_five_fail(tmp_path: Path) -> None:
    site, failing = site_of(tmp_path, 73, FAILURES)
    with site.park:
        site.write()
        renew(site, failing, LIVES, by_wave=True)
        check(site, failing)
