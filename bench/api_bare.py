"""The bare thing that the API is held against: FastAPI routes with the same queries on raw asyncpg, and nothing else.

`python -m bench.api_bare`; BARE_DATABASE_URL and BARE_PORT in the environment.
"""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import uvicorn
from fastapi import FastAPI, HTTPException

COLUMNS = (
    "id, school_id, external_ref, full_name, role, encode(email_sealed, 'hex') as email,"
    " encode(phone_sealed, 'hex') as phone, skills, free_weekdays, max_days, max_distance_m, team,"
    " absences, status, created_at, updated_at, row_version"
)
"""Contacts go out as they lie there, sealed: opening them is the product's work."""


async def read_json(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")


@asynccontextmanager
async def run(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["BARE_DATABASE_URL"], min_size=10, max_size=10, init=read_json) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=run)


@app.get("/volunteers/{volunteer_id}")
async def get_volunteer(volunteer_id: UUID, school_id: UUID) -> dict[str, Any]:
    query = f"select {COLUMNS} from roster.volunteers where id = $1 and school_id = $2"  # noqa: S608 - constants
    row = await app.state.pool.fetchrow(query, volunteer_id, school_id)
    if row is None:
        raise HTTPException(404)
    return dict(row)


@app.get("/volunteers")
async def list_volunteers(school_id: UUID, limit: int = 50, offset: int = 0) -> dict[str, Any]:
    of_school = "from roster.volunteers where school_id = $1 and status <> 'archived'"
    async with app.state.pool.acquire() as connection:
        total = await connection.fetchval(f"select count(*) {of_school}", school_id)
        rows = await connection.fetch(
            f"select {COLUMNS} {of_school} order by sort_key, id limit $2 offset $3", school_id, limit, offset
        )
    return {"items": [dict(row) for row in rows], "total": total, "limit": limit, "offset": offset}


@app.get("/health")
async def get_health() -> dict[str, str]:
    return {"status": "ok"}


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["BARE_PORT"]), log_level="warning", access_log=False)
