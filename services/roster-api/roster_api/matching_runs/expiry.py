"""What time alone does to runs: those past their deadline or out of attempts fail, cancelled ones without a worker end.

The relay calls end_overdue_runs() once a round.
"""

from commune_schemas.amounts import amount
from commune_schemas.matching import RunStatus
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.matching_runs import repository
from roster_api.matching_runs.leases import end_run, fail_run
from roster_api.work.handing_out import MAX_ATTEMPTS


async def end_overdue_runs(session: AsyncSession) -> int:
    """End what must end, each with its reason. Returns how many did."""
    ended = 0
    for run_id in await repository.list_overdue_ids(session):
        run = await repository.find_overdue_for_update(session, run_id)
        if run is None:  # a worker finished it, or renewed its lease, in between
            continue
        ended += 1
        if run.cancel_requested_at is not None:
            await end_run(session, run, status=RunStatus.CANCELLED)
        elif run.attempts >= MAX_ATTEMPTS:
            await fail_run(
                session,
                run,
                kind="no_result",
                vi=f"Đã thử {run.attempts} lần, tiến trình giải đều dừng giữa chừng mà không có kết quả.",
                en=f"Tried {amount(run.attempts, 'time')}; each time the worker stopped without a result.",
            )
        else:
            await fail_run(
                session,
                run,
                kind="deadline",
                vi="Quá thời hạn chung của lần ghép mà chưa có kết quả. Hãy kiểm tra matching-worker và Redis.",
                en="The run's overall deadline passed without a result. See whether matching-worker and Redis are up.",
            )
    return ended
