"""A roster-api of one benchmark's own: Postgres, the real `serve`, schools with keys, a live run."""

import asyncio
import contextlib
import os
import resource
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import psutil
from commune_stack.places import throwaway_directory
from commune_stack.ports import free_port
from commune_stack.postgres import Postgres
from commune_stack.programs import Program, all_of, answers
from commune_stack.stack import command
from commune_stack.supervisor import supervised

PROVINCE, COMMUNE = "56", "22366"
ADMIN_KEY = "bench-" + "0123456789abcdef" * 3
SCHOOLS = 20
WATCHERS = 60
OPEN_FILES = 8192
MEANT = {"instead_of_account": True}
"""A program in a person's role."""


@dataclass
class LoadWorld:
    """Where it answers, and who may ask."""

    port: int
    internal_port: int
    pid: int
    reader_pid: int
    database_url: str
    schools: list[tuple[str, str]]
    """(id, its coordinator's key)."""
    watchers: list[str]
    """Overseers' keys."""
    run_id: str
    place: Path
    environment: dict[str, str]
    """Of the service's process."""

    def rss_mb(self) -> float:
        """Of the service's process, now."""
        return float(psutil.Process(self.pid).memory_info().rss) / 1e6

    async def lists_waiting(self) -> int:
        """Lists that are not read yet."""
        connection = await asyncpg.connect(self.database_url)
        try:
            query = "select count(*) from roster.roster_uploads where status in ('uploaded', 'reading')"
            return int(await connection.fetchval(query))
        finally:
            await connection.close()

    async def idle_in_transaction(self) -> int:
        """Connections that hold a transaction and do nothing: what others would have to wait for."""
        connection = await asyncpg.connect(self.database_url)
        try:
            return int(
                await connection.fetchval(
                    "select count(*) from pg_stat_activity "
                    "where state = 'idle in transaction' and now() - state_change > '1 s'"
                )
            )
        finally:
            await connection.close()


@contextlib.asynccontextmanager
async def load_world(**settings: str) -> AsyncIterator[LoadWorld]:
    """Everything on loopback, thrown away at the end. `settings`: of roster-api, besides what it needs."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(OPEN_FILES, most), most))
    with throwaway_directory() as place:
        postgres = Postgres(place.path / "postgres", durable=False)
        await postgres.prepare()
        port, internal_port = free_port(), free_port()
        async with supervised(place.path, [postgres.program()]) as running:
            await postgres.create_service_database("roster")
            environment = {
                "ROSTER_ENVIRONMENT": "development",
                "ROSTER_DATABASE_URL": postgres.service_url("roster"),
                "ROSTER_PORT": str(port),
                "ROSTER_INTERNAL_PORT": str(internal_port),
                "ROSTER_BOOTSTRAP_KEY": ADMIN_KEY,
                **settings,
            }
            as_owner = {**environment, "ROSTER_MIGRATION_DATABASE_URL": postgres.owner_url("roster")}
            migrating = Program("migrate", (command("roster-api"), "migrate"), as_owner, is_step=True)
            probe = all_of(*(answers(f"http://127.0.0.1:{where}/health") for where in (port, internal_port)))
            serving = Program("roster-api", (command("roster-api"), "serve"), environment, probe=probe)
            reading = Program("roster-reader", (command("roster-api"), "reader"), environment)
            await running.start([migrating, serving, reading])
            schools, watchers, run_id = await _fill(f"http://127.0.0.1:{port}")
            pid, reader_pid = (running[name].pid or os.getpid() for name in ("roster-api", "roster-reader"))
            yield LoadWorld(
                port,
                internal_port,
                pid,
                reader_pid,
                postgres.url("roster"),
                schools,
                watchers,
                run_id,
                place.path,
                environment,
            )


async def _fill(address: str) -> tuple[list[tuple[str, str]], list[str], str]:
    async with httpx.AsyncClient(base_url=address, headers={"X-Api-Key": ADMIN_KEY}, timeout=60) as admin:

        async def create(path: str, body: dict[str, Any]) -> dict[str, Any]:
            answer = await admin.post(path, json=body)
            for _ in range(100):
                if answer.status_code != 401:  # the configured key is made beside the start
                    break
                await asyncio.sleep(0.1)
                answer = await admin.post(path, json=body)
            answer.raise_for_status()
            made: dict[str, Any] = answer.json()
            return made

        await create(f"/v1/provinces/{PROVINCE}/communes/import", {})
        schools = []
        for number in range(SCHOOLS):
            school = await create("/v1/schools", {
                "code": f"T{number}", "province_code": PROVINCE, "name": f"Trường thử {number}", "kind": "university",
                "latitude": 12.2, "longitude": 109.2,
            })  # fmt: skip
            coordinator = {"role": "school_coordinator", "label": "bench", "school_id": school["id"]} | MEANT
            schools.append((str(school["id"]), str((await create("/v1/api-keys", coordinator))["key"])))
        await create("/v1/volunteers", {
            "school_id": schools[0][0], "full_name": "Nguyễn Văn An", "role": "lecturer", "phone": "0950000001",
            "free_weekdays": [0, 1], "skills": {"digitise": 2},
        })  # fmt: skip
        overseer = {"role": "overseer", "label": "bench", "province_code": PROVINCE} | MEANT
        watchers = [str((await create("/v1/api-keys", overseer))["key"]) for _ in range(WATCHERS)]
        today = datetime.now(UTC).date()
        campaign = await create("/v1/campaigns", {
            "province_code": PROVINCE, "name": "Đợt thử",
            "starts_on": (today + timedelta(days=7)).isoformat(), "ends_on": (today + timedelta(days=35)).isoformat(),
        })  # fmt: skip
        need = {"lacks_it_staff": True, "items": [{"duty_code": "digitise", "people": 1, "days_per_week": 1}]}
        (await admin.put(f"/v1/campaigns/{campaign['id']}/needs/{COMMUNE}", json=need)).raise_for_status()
        path = f"/v1/campaigns/{campaign['id']}"
        (await admin.post(f"{path}/open")).raise_for_status()
        run = await create(f"{path}/matching-runs", {})
        return schools, watchers, str(run["id"])
