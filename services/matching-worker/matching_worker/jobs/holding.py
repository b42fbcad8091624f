"""A run in this worker's hands: claimed, its lease kept while it is solved, let go when that cannot be."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any
from uuid import UUID

import structlog
from commune_schemas.leases import RunFailure

from matching_worker.child.failures import describe_reason
from matching_worker.roster.client import RUNS, LeaseLost, RosterAway, RosterClient, RosterRefused, RunUnavailable
from matching_worker.roster.lease import LeaseKeeper
from matching_worker.settings import Settings

log = structlog.get_logger()


async def hold_run(
    run_id: UUID,
    *,
    roster: RosterClient,
    settings: Settings,
    solve: Callable[[LeaseKeeper], Coroutine[Any, Any, None]],
    base: str = RUNS,
) -> None:
    """Claims the run and has it solved while its lease is kept. Raises only CancelledError."""
    run = str(run_id)
    try:
        lease = await roster.claim(run_id, worker=settings.matching_name, base=base)
    except RunUnavailable as reason:
        log.info("run.not_claimed", run_id=run, code=reason.code)
        return
    except (RosterAway, RosterRefused) as reason:
        log.warning("run.not_claimed", run_id=run, reason=str(reason))
        return
    log.info("run.claimed", run_id=run)
    keeper = LeaseKeeper(
        roster,
        run_id=run_id,
        lease_token=lease.lease_token,
        heartbeat_seconds=min(settings.matching_heartbeat_seconds, lease.lease_seconds / 4),
        patience_seconds=settings.matching_patience_seconds,
        base=base,
    )
    if lease.cancel_requested:
        keeper.stop.set()
    try:
        await while_kept(keeper, solve(keeper))
    except LeaseLost:
        log.warning("run.lease_lost", run_id=run)
    except (RosterAway, RosterRefused, RunUnavailable) as reason:
        log.warning("run.given_up", run_id=run, reason=f"{type(reason).__name__}: {reason}")
    except asyncio.CancelledError:
        log.info("run.let_go", run_id=run)
        raise


async def while_kept(keeper: LeaseKeeper, work: Coroutine[Any, Any, None]) -> None:
    """Do the work while the lease is kept; when keeping fails, the work is cancelled and the reason raised."""
    working = asyncio.create_task(work)
    keeping = asyncio.create_task(keeper.keep())
    try:
        await asyncio.wait({working, keeping}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            await working
        else:
            await keeping
    finally:
        working.cancel()
        keeping.cancel()
        await asyncio.gather(working, keeping, return_exceptions=True)


async def hold_and_report(
    run_id: UUID,
    *,
    roster: RosterClient,
    settings: Settings,
    base: str,
    solve: Callable[[LeaseKeeper], Awaitable[None]],
) -> None:
    """hold_run(); a failure of any kind is handed in as such, with its words."""

    async def solve_or_report(keeper: LeaseKeeper) -> None:
        try:
            await solve(keeper)
        except (LeaseLost, RosterAway, RosterRefused, RunUnavailable):
            raise
        except Exception as error:
            failure = describe_failure(error, lease_token=keeper.lease_token)
            log.exception("run.failed", run_id=str(run_id), kind=failure.kind)
            await roster.put_failure(run_id, failure, base=base)

    await hold_run(run_id, roster=roster, settings=settings, solve=solve_or_report, base=base)


def describe_failure(error: Exception, *, lease_token: UUID) -> RunFailure:
    kind, vi, en = describe_reason(error)
    return RunFailure(lease_token=lease_token, kind=kind, detail_vi=vi[:2000], detail_en=en[:2000])
