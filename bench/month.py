"""The month after publishing: the leaders' answer, and a province's statements, in a province and in the country.

The leaders' answer is kept for ten seconds; what is measured is the count anew, which is what whoever asks first
waits for.
"""

import asyncio
import contextlib
import time
from collections.abc import Iterator
from statistics import median
from typing import Any
from uuid import UUID

import httpx
import psutil
import sqlalchemy as sa
from commune_service.addresses import for_sqlalchemy
from roster_api.campaigns.models import Campaign
from roster_api.database import create_engine, create_sessions
from roster_api.migrations.tables import metadata
from roster_api.standing.service import count_standing

from bench.api_client import ask_for
from bench.engine_questions import percentile
from bench.load_world import ADMIN_KEY, MEANT, LoadWorld, load_world
from bench.month_rows import MONTH, fill_month
from bench.rows import Row, make_row

LEADERS_SECONDS, NATIONAL_LEADERS_SECONDS, STATEMENTS_SECONDS = 0.1, 0.3, 5.0
COUNTS = 40
PROVINCE = "56"
PEOPLE, DATES = 100_000, 20
QUIET = {"ROSTER_REQUESTS_A_MINUTE": "10000000", "ROSTER_DATABASE_TIMEOUT_SECONDS": "60"}
assert metadata is not None  # every table is known before a query is made


def leaders() -> Iterator[Row]:
    """65 communes, 243 people, 30 days each."""
    yield asyncio.run(_leaders())


async def _leaders() -> Row:
    async with load_world(**QUIET) as load:
        days = await fill_month(load.database_url, provinces=[PROVINCE], communes=65, schools=12, people=243, dates=30)
        seconds, cpu = await _count(load, [PROVINCE])
        key, campaign = await _key(load, "leader", PROVINCE), (await _campaigns(load))[PROVINCE]
        path = f"/v1/campaigns/{campaign}/standing"
        await ask_for(
            load.port, lambda _: path, headers={"X-Api-Key": key}, seconds=0.1
        )  # routes are put together at first
        asked = await ask_for(load.port, lambda _: path, headers={"X-Api-Key": key}, seconds=2)
        assert set(asked.statuses) == {200}, asked.statuses
        return make_row(
            "month.leaders", percentile(seconds, 0.95), "s", at_most=LEADERS_SECONDS, median_seconds=median(seconds),
            cpu_seconds=cpu, kept_p95_seconds=percentile(asked.seconds, 0.95), kept_a_second=asked.a_second, days=days,
        )  # fmt: skip


def national() -> Iterator[Row]:
    """100,000 people on 2 million dates in all provinces."""
    yield from asyncio.run(_national())


async def _national() -> list[Row]:
    async with load_world(**QUIET) as load:
        provinces = await _provinces(load)
        people = -(-PEOPLE // len(provinces))
        began = time.perf_counter()
        days = await fill_month(
            load.database_url, provinces=provinces, communes=98, schools=12, people=people, dates=DATES
        )
        filled = time.perf_counter() - began
        seconds, cpu = await _count(load, provinces)
        statements, statements_cpu, total = await _compute(load, PROVINCE)
        return [
            make_row(
                "month.national.leaders", percentile(seconds, 0.95), "s", at_most=NATIONAL_LEADERS_SECONDS,
                median_seconds=median(seconds), cpu_seconds=cpu, days=days, filling_seconds=filled,
            ),
            make_row(
                "month.national.statements", statements, "s", at_most=STATEMENTS_SECONDS, people=people,
                days=people * DATES, total_vnd=total, cpu_seconds=statements_cpu,
            ),
        ]  # fmt: skip


async def _provinces(load: LoadWorld) -> list[str]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{load.port}", headers={"X-Api-Key": ADMIN_KEY}) as admin:
        return [each["code"] for each in (await admin.get("/v1/provinces?limit=200")).json()["items"]]


async def _key(load: LoadWorld, role: str, province: str) -> str:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{load.port}", headers={"X-Api-Key": ADMIN_KEY}) as admin:
        made = await admin.post(
            "/v1/api-keys", json={"role": role, "label": "bench", "province_code": province} | MEANT
        )
        made.raise_for_status()
        return str(made.json()["key"])


async def _campaigns(load: LoadWorld) -> dict[str, UUID]:
    """By province, the one that was filled."""
    engine = create_engine(for_sqlalchemy(load.environment["ROSTER_DATABASE_URL"]))
    try:
        async with create_sessions(engine)() as session:
            query = sa.select(Campaign.province_code, Campaign.id).where(Campaign.starts_on == MONTH)
            return dict((await session.execute(query)).all())
    finally:
        await engine.dispose()


def cpu_seconds() -> float:
    """Of this process and all that it started: service, reader, Postgres."""
    spent = 0.0
    for process in (psutil.Process(), *psutil.Process().children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            spent += sum(process.cpu_times()[:2])
    return spent


async def _count(load: LoadWorld, provinces: list[str]) -> tuple[list[float], float]:
    """Seconds of each count anew, of one province after another; processor's seconds of one, on average."""
    engine = create_engine(for_sqlalchemy(load.environment["ROSTER_DATABASE_URL"]))
    seconds: list[float] = []
    before = cpu_seconds()
    try:
        sessions = create_sessions(engine)
        query = sa.select(Campaign).where(Campaign.starts_on == MONTH, Campaign.province_code.in_(provinces))
        async with sessions() as session:
            campaigns = list(await session.scalars(query.order_by(Campaign.province_code)))
        for number in range(COUNTS):
            async with sessions() as session:
                began = time.perf_counter()
                standing = await count_standing(session, campaigns[number % len(campaigns)])
                seconds.append(time.perf_counter() - began)
                assert standing.days_served > 0
    finally:
        await engine.dispose()
    return seconds[1:], (cpu_seconds() - before) / COUNTS  # the first makes the connection


async def _compute(load: LoadWorld, province: str) -> tuple[float, float, int]:
    """Seconds of Finance's request for a month of a whole province, the processor's; what it came to."""
    key, campaign = await _key(load, "finance", province), (await _campaigns(load))[province]
    headers: dict[str, Any] = {"X-Api-Key": key}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{load.port}", headers=headers, timeout=120) as finance:
        began, before = time.perf_counter(), cpu_seconds()
        made = await finance.post(f"/v1/campaigns/{campaign}/allowance-statements", json={"month": MONTH.isoformat()})
        seconds = time.perf_counter() - began
        assert made.status_code == 200, made.text
        return seconds, cpu_seconds() - before, int(made.json()["total_vnd"])


CASES = {"month.leaders": leaders, "month.national": national}
