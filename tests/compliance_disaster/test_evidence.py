"""What the rehearsal before these tests has proven, as the audit judges it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.compliance.conftest import REHEARSED, connect, hosts_of, latest, play, run_audit, verdicts_of
from tests.compliance.sabotages_restore import REHEARSAL_SABOTAGES

pytestmark = pytest.mark.disruptive
DC = hosts_of("domain_controllers")[0]


def test_the_audit_believes_a_rehearsal_but_not_one_that_is_old_or_was_slow(tmp_path: Path) -> None:
    def judged(name: str) -> dict[str, str]:
        run_audit("--limit", DC, runs=tmp_path / name)
        verdicts = verdicts_of(latest(tmp_path / name))
        return {control: verdicts[(control, DC)]["verdict"] for control in REHEARSED}

    assert judged("made") == dict.fromkeys(REHEARSED, "pass")
    for sabotage in REHEARSAL_SABOTAGES:
        assert connect(DC).run(sabotage.command).rc == 0, sabotage.name
    assert judged("broken") == dict.fromkeys(REHEARSED, "fail")
    play("restore_drills")
    assert judged("healed") == dict.fromkeys(REHEARSED, "pass")
