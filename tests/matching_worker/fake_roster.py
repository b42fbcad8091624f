"""A small roster-api: the internal routes of matching runs with their leases, in memory, over real HTTP."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import uvicorn
from commune_schemas.jobs import API_KEY_HEADER
from commune_schemas.leases import ClaimRequest, ProgressAnswer, RunFailure, RunLease, RunProgress
from commune_schemas.matching import MatchingProblem, MatchingResult
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from tests.support.deadlines import until

SERVICE_KEY = "key-of-the-worker"


@dataclass
class FakeRun:
    problem: MatchingProblem
    lease_token: UUID | None = None
    lease_until: float = 0.0
    cancel_requested: bool = False
    claims: list[str] = field(default_factory=list)
    progress: list[RunProgress] = field(default_factory=list)
    results: list[MatchingResult] = field(default_factory=list)
    failures: list[RunFailure] = field(default_factory=list)
    refused_writes: int = 0

    @property
    def is_finished(self) -> bool:
        return bool(self.results or self.failures)

    @property
    def is_leased(self) -> bool:
        return time.monotonic() < self.lease_until


class FakeRoster:
    """Start with `serving()`. `go_away()` closes the port, `come_back()` opens it again."""

    def __init__(self, *, lease_seconds: int = 10) -> None:
        self.runs: dict[UUID, FakeRun] = {}
        self.lease_seconds = lease_seconds
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._app = self._make_app()
        self._server: uvicorn.Server | None = None
        self._serving: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def add(self, problem: MatchingProblem) -> FakeRun:
        self.runs[problem.run_id] = FakeRun(problem)
        return self.runs[problem.run_id]

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator["FakeRoster"]:
        await self.come_back()
        try:
            yield self
        finally:
            await self.go_away()

    async def come_back(self) -> None:
        config = uvicorn.Config(self._app, host="127.0.0.1", port=self.port, log_level="error", lifespan="off")
        self._server = uvicorn.Server(config)
        self._serving = asyncio.create_task(self._server._serve())
        await until(lambda: self._server is not None and self._server.started)

    async def go_away(self) -> None:
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            self._server.force_exit = True
            await self._serving
            self._server = None

    def _make_app(self) -> FastAPI:
        app = FastAPI()
        base = "/v1/internal/matching-runs/{run_id}"

        @app.middleware("http")
        async def knows_the_key(request: Request, call_next: object) -> Response:
            if request.headers.get(API_KEY_HEADER) != SERVICE_KEY:
                return problem(401, "access.denied")
            return await call_next(request)  # type: ignore[operator, no-any-return]

        app.post(base + "/claim", response_model=None)(self._claim)
        app.get(base + "/problem")(self._get_problem)
        app.put(base + "/progress", response_model=None)(self._put_progress)
        app.put(base + "/result", response_model=None)(self._put_result)
        app.put(base + "/failure", response_model=None)(self._put_failure)
        return app

    async def _claim(self, run_id: UUID, body: ClaimRequest) -> RunLease | Response:
        run = self.runs.get(run_id)
        if run is None:
            return problem(404, "not_found")
        if run.is_finished:
            return problem(409, "run.finished")
        if run.is_leased:
            return problem(409, "lease.held")
        run.claims.append(body.worker)
        run.lease_token = uuid4()
        self._renew(run)
        return RunLease(lease_token=run.lease_token, lease_seconds=self.lease_seconds, cancel_requested=False)

    async def _get_problem(self, run_id: UUID) -> MatchingProblem:
        return self.runs[run_id].problem

    async def _put_progress(self, run_id: UUID, body: RunProgress) -> ProgressAnswer | Response:
        run = self.runs[run_id]
        if body.lease_token != run.lease_token:
            return self._refuse(run)
        run.progress.append(body)
        self._renew(run)
        return ProgressAnswer(cancel_requested=run.cancel_requested)

    async def _put_result(self, run_id: UUID, body: MatchingResult) -> Response:
        run = self.runs[run_id]
        if body.lease_token != run.lease_token:
            return self._refuse(run)
        run.results.append(body)
        return Response(status_code=204)

    async def _put_failure(self, run_id: UUID, body: RunFailure) -> Response:
        run = self.runs[run_id]
        if body.lease_token != run.lease_token:
            return self._refuse(run)
        run.failures.append(body)
        return Response(status_code=204)

    def _renew(self, run: FakeRun) -> None:
        run.lease_until = time.monotonic() + self.lease_seconds

    def _refuse(self, run: FakeRun) -> Response:
        run.refused_writes += 1
        return problem(409, "lease.lost")


def problem(status: int, code: str) -> Response:
    return JSONResponse({"code": code, "status": status}, status_code=status, media_type="application/problem+json")
