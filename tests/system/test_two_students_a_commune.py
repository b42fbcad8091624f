"""Đà Nẵng's case: 105 students to 44 communes, two each, nobody to supervise them; asked for as heads, weighed as two
scenarios, solved by the real worker and laid side by side."""

import sqlite3
from collections import Counter
from contextlib import closing
from datetime import date, time
from typing import Any
from uuid import UUID

import httpx
import pytest
from commune_demo.case.geography import find_data_file
from commune_schemas.jobs import API_KEY_HEADER
from matching_worker.jobs.run import solve_matching_run
from matching_worker.settings import Settings as WorkerSettings
from roster_api.access.keys import add_key
from roster_api.access.principal import Role
from roster_api.app import create_app
from roster_api.campaigns.models import Campaign, CampaignStatus
from roster_api.campaigns.policy import CampaignPolicy
from roster_api.communes.models import Commune
from roster_api.needs.models import NeedDeclaration
from roster_api.schools.models import School
from roster_api.settings import Settings
from roster_api.text import name_sort_key, search_key, sort_key
from roster_api.volunteers.models import Volunteer
from sqlalchemy.ext.asyncio import AsyncSession

from tests.system.case_world import BASE_URL, WorkersClient

pytestmark = pytest.mark.long

PROVINCE, COMMUNES, STUDENTS = "48", 44, 105
LONG_ENOUGH = 3600
"""Seconds: the runs end when all is proved, and no busy machine ends them sooner."""
KINDS = {"Xã": "commune", "Phường": "ward", "Đặc khu": "special_zone"}
CAMPAIGN = UUID(int=48)


def list_communes() -> list[Commune]:
    query = (
        "select wardCode, wardType, wardShort, ward, wardLat, wardLon, wardAreaKm2 from admin_units"
        " where provinceCode = ? and wardType != 'Đặc khu' order by wardCode limit ?"
    )
    with closing(sqlite3.connect(f"{find_data_file().as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute(query, (PROVINCE, COMMUNES)).fetchall()
    return [
        Commune(
            code=code,
            kind=KINDS[kind],
            name=name,
            full_name=full,
            latitude=latitude,
            longitude=longitude,
            area_km2=area,
            province_code=PROVINCE,
            search_key=search_key(full),
            sort_key=sort_key(name),
        )
        for code, kind, name, full, latitude, longitude, area in rows
    ]


def make_school(number: int) -> School:
    name = f"Trường {number}"
    return School(
        id=UUID(int=100 + number),
        code=f"T{number}",
        name=name,
        search_key=search_key(name),
        sort_key=sort_key(name),
        province_code=PROVINCE,
        kind="university",
        latitude=16.02 + number / 40,
        longitude=108.15 + number / 50,
    )


def make_student(number: int) -> Volunteer:
    name = f"Sinh Viên {number}"
    return Volunteer(
        id=UUID(int=1000 + number),
        school_id=UUID(int=100 + number % 3),
        full_name=name,
        search_key=search_key(name),
        sort_key=name_sort_key(name),
        role="student",
        email=f"sv{number}@truong.example",
        skills={"digitise": 1},
        free_weekdays=[number % 3, number % 3 + 1],
        max_days=2,
        max_distance_m=150_000,
    )


async def fill(session: AsyncSession) -> None:
    communes = list_communes()
    policy = CampaignPolicy(supervision="none").model_dump(mode="json")
    campaign = Campaign(
        id=CAMPAIGN,
        province_code=PROVINCE,
        name="Mỗi xã hai sinh viên",
        search_key="moi xa hai sinh vien",
        status=CampaignStatus.OPEN.value,
        starts_on=date(2026, 12, 7),
        ends_on=date(2026, 12, 31),
        start_time=time(7, 30),
        end_time=time(16, 30),
        policy=policy,
    )
    session.add_all([*communes, *(make_school(number) for number in range(3)), campaign])
    await session.flush()
    session.add_all(make_student(number) for number in range(STUDENTS))
    for commune in communes:
        session.add(
            NeedDeclaration(
                campaign_id=CAMPAIGN,
                commune_code=commune.code,
                lacks_it_staff=True,
                presence=[0] * 5,
                items=[],
                min_people=2,
                declared_by="test",
            )
        )
    await session.flush()


@pytest.mark.timeout(300)
async def test_every_commune_gets_two_and_who_is_left_over_is_used_or_kept_in_reserve(roster_database_url: str) -> None:
    app = create_app(Settings(database_url=roster_database_url, link_secret="a-secret-of-the-tests-only"))
    async with app.state.sessions.begin() as session:
        await fill(session)
        keys = {role: (await add_key(session, role=role, label=role.value))[1] for role in (Role.ADMIN, Role.SOLVER)}
    worker = WorkersClient(app, keys[Role.SOLVER])
    transport = httpx.ASGITransport(app=app)
    try:
        async with httpx.AsyncClient(
            transport=transport, base_url=BASE_URL, headers={API_KEY_HEADER: keys[Role.ADMIN]}
        ) as admin:
            table = await play(admin, worker)
            everyone, needed = table["scenarios"]
            await check(admin, everyone, placed=STUDENTS)
            await check(admin, needed, placed=2 * COMMUNES)
            compared = await admin.get(table["comparisons"][0])
            assert len(compared.json()["people"]) >= STUDENTS - 2 * COMMUNES
            reserve = (await admin.get(f"/v1/plans/{needed['plan_id']}/changes")).json()["reserve"]
            assert len(reserve) == STUDENTS - 2 * COMMUNES
    finally:
        await worker.close()
        await app.state.engine.dispose()


async def play(admin: httpx.AsyncClient, worker: WorkersClient) -> Any:
    wishes = [{"name": "Dùng hết"}, {"name": "Chỉ người cần", "options": {"use": "need"}}]
    path = f"/v1/campaigns/{CAMPAIGN}/scenarios"
    answer = await admin.post(path, json={"scenarios": wishes, "time_limit_seconds": LONG_ENOUGH})
    assert answer.status_code == 202, answer.text
    for row in answer.json()["scenarios"]:
        await solve_matching_run(UUID(row["run_id"]), roster=worker, settings=WorkerSettings(matching_name="test"))
    table = (await admin.get(f"{path}/{answer.json()['id']}")).json()
    assert table["is_done"]
    return table


async def check(admin: httpx.AsyncClient, row: Any, *, placed: int) -> None:
    assert row["status"] == "succeeded"
    figures = row["figures"]
    assert (figures["people_placed"], figures["short_people"], figures["communes_without_people"]) == (placed, 0, 0)
    assert (figures["unmet_days"], figures["leads_changed"], len(row["leads"])) == (0, None, COMMUNES)
    placements = (await admin.get(f"/v1/plans/{row['plan_id']}/placements", params={"limit": 200})).json()["items"]
    there = Counter(one["commune_code"] for one in placements)
    for school in {*row["leads"].values()}:
        mine = [there[commune] for commune, lead in row["leads"].items() if lead == school]
        assert min(mine) >= 2
        assert max(mine) - min(mine) <= 1, "who is left over is spread evenly over the school's communes"
    run = (await admin.get(f"/v1/matching-runs/{row['run_id']}")).json()
    assert all(stage["verified"] and stage["status"] == "optimal" for stage in run["certificate"]["stages"])
    assert run["left_out"] == []
