"""The worker's only way to roster-api: HTTP, with the worker's key, waiting out short absences.

Answers that mean something to a run become exceptions: RunUnavailable (held by another worker, finished, unknown),
LeaseLost (another worker has it now: write nothing), RosterAway (no answer within the patience), RosterRefused.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx
import stamina
from commune_schemas.advice import AdviceAnswer, AdviceFailure, AdviceTask
from commune_schemas.groups import GroupsProblem, GroupsResult
from commune_schemas.jobs import API_KEY_HEADER
from commune_schemas.leases import ClaimRequest, ProgressAnswer, RunFailure, RunLease, RunProgress
from commune_schemas.matching import MatchingProblem, MatchingResult
from commune_schemas.national import BorderFailure, BorderProblem, BorderResult
from commune_schemas.secondment import SecondmentProblem, SecondmentResult
from commune_service.authorities import trusted_authorities
from pydantic import BaseModel

REQUEST_SECONDS = 5.0
DOCUMENT_SECONDS = 60.0
FIRST_WAIT_SECONDS = 0.2
LONGEST_WAIT_SECONDS = 3.0
RUNS = "matching-runs"
ADVICE = "advice"
BORDERS = "border-rounds"
SECONDMENTS = "secondment-runs"
GROUPS = "group-runs"
NOTHING_TO_DO = frozenset(
    {"lease.held", "run.finished", "advice.held", "advice.finished", "border.held", "border.finished"}
)


class RunUnavailable(Exception):  # noqa: N818 - a state of the run, not a fault
    """Nothing to do for this worker: the run is held by another, finished, or unknown. `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class LeaseLost(Exception):  # noqa: N818 - a state of the run, not a fault
    """Another worker may have the run now; whatever this one found must not be written."""


class RosterAway(Exception):  # noqa: N818 - a state of the neighbour, not a fault
    """roster-api gave no usable answer: no connection, a time-out, a 5xx, or 'too many requests'."""


class RosterRefused(Exception):  # noqa: N818 - the neighbour's decision
    """roster-api understood and said no (wrong key, invalid body): asking again would not help."""


class RosterClient:
    def __init__(self, base_url: str, *, key: str, patience_seconds: float = 60.0) -> None:
        self._http = httpx.AsyncClient(
            base_url=base_url.rstrip("/"),
            headers={API_KEY_HEADER: key},
            timeout=REQUEST_SECONDS,
            verify=trusted_authorities(),
        )
        self._patience_seconds = patience_seconds

    async def close(self) -> None:
        await self._http.aclose()

    async def claim(self, run_id: UUID, *, worker: str, base: str = RUNS) -> RunLease:
        """Take the run's lease. Raises RunUnavailable when it is held, finished or unknown."""
        body = ClaimRequest(worker=worker)
        return RunLease.model_validate(await self._ask("POST", run_id, "claim", body, base=base))

    async def get_problem(self, run_id: UUID) -> MatchingProblem:
        answer = await self._ask_patiently("GET", run_id, "problem", None)
        return MatchingProblem.model_validate(answer)

    async def get_secondment_problem(self, run_id: UUID) -> SecondmentProblem:
        answer = await self._ask_patiently("GET", run_id, "problem", None, base=SECONDMENTS)
        return SecondmentProblem.model_validate(answer)

    async def get_groups_problem(self, run_id: UUID) -> GroupsProblem:
        answer = await self._ask_patiently("GET", run_id, "problem", None, base=GROUPS)
        return GroupsProblem.model_validate(answer)

    async def put_progress(self, run_id: UUID, progress: RunProgress, *, base: str = RUNS) -> ProgressAnswer:
        """Renew the lease and tell the news, once: the caller's own rhythm is the retry."""
        return ProgressAnswer.model_validate(await self._ask("PUT", run_id, "progress", progress, base=base))

    async def put_result(self, run_id: UUID, result: MatchingResult) -> None:
        await self._ask_patiently("PUT", run_id, "result", result)

    async def put_secondment_result(self, run_id: UUID, result: SecondmentResult) -> None:
        await self._ask_patiently("PUT", run_id, "result", result, base=SECONDMENTS)

    async def put_groups_result(self, run_id: UUID, result: GroupsResult) -> None:
        await self._ask_patiently("PUT", run_id, "result", result, base=GROUPS)

    async def put_failure(self, run_id: UUID, failure: RunFailure, *, base: str = RUNS) -> None:
        await self._ask_patiently("PUT", run_id, "failure", failure, base=base)

    async def take_advice(self, advice_id: UUID, *, worker: str) -> AdviceTask:
        """A question about a run, with its documents. Raises RunUnavailable when it is held, answered or unknown."""
        body = ClaimRequest(worker=worker)
        return AdviceTask.model_validate(await self._ask("POST", advice_id, "claim", body, base=ADVICE))

    async def put_advice(self, advice_id: UUID, answer: AdviceAnswer | AdviceFailure) -> None:
        part = "answer" if isinstance(answer, AdviceAnswer) else "failure"
        await self._ask_patiently("PUT", advice_id, part, answer, base=ADVICE)

    async def take_border_round(self, border_round_id: UUID, *, worker: str) -> None:
        """Raises RunUnavailable when it is held, finished or unknown."""
        await self._ask("POST", border_round_id, "claim", ClaimRequest(worker=worker), base=BORDERS)

    async def get_border_problem(self, border_round_id: UUID) -> BorderProblem:
        answer = await self._ask_patiently("GET", border_round_id, "problem", None, base=BORDERS)
        return BorderProblem.model_validate(answer)

    async def put_border_result(self, border_round_id: UUID, result: BorderResult | BorderFailure) -> None:
        part = "result" if isinstance(result, BorderResult) else "failure"
        await self._ask_patiently("PUT", border_round_id, part, result, base=BORDERS)

    async def _ask_patiently(
        self, method: str, run_id: UUID, part: str, body: BaseModel | None, *, base: str = RUNS
    ) -> Any:
        """Ask again while roster-api is away, with backoff and jitter, for as long as the patience lasts."""
        answer = None
        async for attempt in stamina.retry_context(
            on=RosterAway,
            attempts=None,
            timeout=self._patience_seconds,
            wait_initial=FIRST_WAIT_SECONDS,
            wait_max=LONGEST_WAIT_SECONDS,
        ):
            with attempt:
                answer = await self._ask(method, run_id, part, body, base=base)
        return answer

    async def _ask(self, method: str, run_id: UUID, part: str, body: BaseModel | None, *, base: str = RUNS) -> Any:
        content = None if body is None else body.model_dump_json(by_alias=True)
        headers = {} if content is None else {"Content-Type": "application/json"}
        timeout = REQUEST_SECONDS if part in ("claim", "progress") else DOCUMENT_SECONDS
        url = f"/v1/internal/{base}/{run_id}/{part}"
        async with transport_errors_as_away():
            answer = await self._http.request(method, url, content=content, headers=headers, timeout=timeout)
        raise_for_problem(answer)
        return answer.json() if answer.content else None


@asynccontextmanager
async def transport_errors_as_away() -> AsyncIterator[None]:
    try:
        yield
    except httpx.TransportError as error:
        raise RosterAway(type(error).__name__) from error


def raise_for_problem(answer: httpx.Response) -> None:
    """Turn roster-api's problem answers into what they mean for a run."""
    if answer.is_success:
        return
    if answer.status_code >= 500 or answer.status_code == 429:
        raise RosterAway(f"status {answer.status_code}")
    code = problem_code(answer)
    if code == "lease.lost":
        raise LeaseLost
    if code in NOTHING_TO_DO or answer.status_code == 404:
        raise RunUnavailable(code)
    raise RosterRefused(f"{answer.status_code} {code}")


def problem_code(answer: httpx.Response) -> str:
    try:
        body = answer.json()
    except ValueError:
        return f"status.{answer.status_code}"
    return str(body.get("code", f"status.{answer.status_code}")) if isinstance(body, dict) else "status"
