"""Keeping a run's lease alive while it is being solved, whatever the solver does, and hearing a wish to cancel."""

import asyncio
import time
from uuid import UUID

import structlog

from matching_worker.roster.client import RUNS, RosterAway, RosterClient
from matching_worker.roster.news import RunNews

log = structlog.get_logger()


class LeaseKeeper:
    """Renews one run's lease; `base`: of which kind of run. `stop` is set when a person asked to cancel the run."""

    def __init__(
        self,
        roster: RosterClient,
        *,
        run_id: UUID,
        lease_token: UUID,
        heartbeat_seconds: float,
        patience_seconds: float,
        base: str = RUNS,
    ) -> None:
        self._roster = roster
        self._run_id = run_id
        self._base = base
        self._heartbeat_seconds = heartbeat_seconds
        self._patience_seconds = patience_seconds
        self.lease_token = lease_token
        self.news = RunNews()
        self.stop = asyncio.Event()

    async def keep(self) -> None:
        """Renew until cancelled. Raises LeaseLost, or RosterAway once the patience is used up.

        Past the lease's own seconds roster-api may have given the run to another; it then answers 'lease.lost', so
        going on meanwhile risks work but never a double write.
        """
        last_answer = time.monotonic()
        while True:
            try:
                news = self.news.progress(self.lease_token)
                answer = await self._roster.put_progress(self._run_id, news, base=self._base)
            except RosterAway as away:
                silent_for = time.monotonic() - last_answer
                log.warning("lease.not_renewed", run_id=str(self._run_id), reason=str(away), seconds=round(silent_for))
                if silent_for > self._patience_seconds:
                    raise
            else:
                last_answer = time.monotonic()
                if answer.cancel_requested and not self.stop.is_set():
                    log.info("run.cancel_requested", run_id=str(self._run_id))
                    self.stop.set()
            await asyncio.sleep(self._heartbeat_seconds)
