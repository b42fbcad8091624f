"""`make faults`: a small campaign told in two versions, while a seeded schedule kills, pauses, wipes and cuts off.

The verdict is by what arrived and by the client's own history (verdict.py). A failure shows the schedule of its seed;
`make faults SEED=n` plays it again.
"""

from pathlib import Path

import pytest

from tests.system.faults.known_bugs import missed_bugs
from tests.system.faults.play import play
from tests.system.faults.schedule import draw
from tests.system.faults.verdict import judge


@pytest.mark.faults
async def test_everyone_is_told_once_and_nothing_acknowledged_is_lost(
    fault_seed: int, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    schedule = draw(fault_seed)
    try:
        evidence = await play(schedule, kept=tmp_path, others=pytestconfig.getoption("--fault-campaigns"))
        faults = judge(evidence)
        assert not faults, "\n".join(faults)
        assert missed_bugs(evidence) == []
    except BaseException as error:
        error.add_note(f"{schedule}\nlogs and diary: {tmp_path}\nagain: make faults SEED={fault_seed}")
        raise
