"""A child killed while it explains a finished plan of stage C or D costs the reasons, never the plan."""

import asyncio
import contextlib
from typing import Any

import psutil
import pytest
from commune_schemas.documents import GroupsDocument
from commune_schemas.leases import ProgressAnswer, RunProgress
from commune_schemas.matching import RunStatus
from matching_worker.jobs.groups import solve_group_run
from matching_worker.jobs.secondment import solve_secondment_run
from matching_worker.settings import Settings

from tests.matching_worker import test_group_run, test_secondment_run
from tests.matching_worker.problems import solver_children


class Killing:
    """Kills the child of the stage that the news is of; heard with every sign of life, until one was killed."""

    killed = 0

    async def put_progress(self, run_id: object, progress: RunProgress, *, base: str) -> ProgressAnswer:
        if progress.stage == "explain" and not self.killed:
            for child in solver_children():
                with contextlib.suppress(psutil.NoSuchProcess):
                    child.kill()
                    self.killed += 1
        answer: ProgressAnswer = await super().put_progress(run_id, progress, base=base)  # type: ignore[misc]
        return answer


class OfGroups(Killing, test_group_run.Roster):
    pass


class OfSecondments(Killing, test_secondment_run.Roster):
    pass


def make_groups() -> OfGroups:
    return OfGroups(GroupsDocument.model_validate(test_group_run.ROW))


@pytest.mark.parametrize(
    ("make", "solve", "note"),
    [
        (make_groups, solve_group_run, "4 of 4 communes have no explanation"),
        (OfSecondments, solve_secondment_run, "2 of 2 posts have no explanation"),
    ],
)
async def test_the_plan_is_handed_in_without_its_reasons_and_the_certificate_says_so(
    make: Any, solve: Any, note: str
) -> None:
    roster = make()
    settings = Settings.model_validate({"roster_solver_key": "x" * 40, "matching_heartbeat_seconds": 0.05})
    await asyncio.wait_for(solve(roster.problem.run_id, roster=roster, settings=settings), 60)
    (result,) = roster.results
    assert roster.killed == 1
    assert (result.status, result.explanations) == (RunStatus.SUCCEEDED, {})
    assert (result.certificate.status, result.certificate.verified) == ("optimal", True)
    (words,) = result.certificate.notes
    assert note in words
    assert "SIGKILL" in words
