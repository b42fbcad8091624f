"""Personal data has an end: each kind goes when its time is over, and what it came to stays."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from roster_api.answers.models import PersonalLink, PlacementAnswer
from roster_api.campaigns.models import Campaign
from roster_api.idempotency import IdempotencyKey
from roster_api.privacy.models import Purge
from roster_api.privacy.retention import RETENTIONS, purge, purging
from roster_api.rosters.models import RosterUpload, RosterUploadRow
from sqlalchemy.orm import undefer

from tests.roster_api.planning_world import World, planning_world
from tests.roster_api.test_answers import press, token_of
from tests.support.reading import work_off

PLACES = ((0, "C1", (0, 1)), (1, "C1", (0,)))
HEADER = "Họ và tên;Số điện thoại;Email;Đối tượng;Ngày rảnh;Lĩnh vực"
ELSEWHERE = {
    "names of stand-ins",
    "reasons why people were absent",
    "registers as they were sent",
    "words and contacts of starting points",
    "words of evaluations",
    "sign-ins that were ended",
}
"""Of what other tests have."""
LIST = f"{HEADER}\nNguyễn Thị Xoan;0950000777;xoan@truong.example;giảng viên;T2,T3;số hóa\n"
LONG = timedelta(days=4000)


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def travel(world: World, by: timedelta) -> None:
    """Everything happened so much earlier."""
    async with world.session() as session:
        for column in (IdempotencyKey.created_at, RosterUpload.created_at, PlacementAnswer.answered_at):
            await session.execute(sa.update(column.class_).values({column.key: column - by}))
        days = {"starts_on": Campaign.starts_on - by.days, "ends_on": Campaign.ends_on - by.days}
        await session.execute(sa.update(Campaign).values(days))


async def purged(world: World) -> dict[str, int]:
    async with world.session() as session:
        return await purge(session, world.app.state.settings)


async def test_what_was_kept_long_enough_goes_and_what_it_came_to_stays(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    await press(world, await token_of(world, plan_id, 0), "cannot_go", reason="mổ ruột thừa")
    file = {"file": ("ds.csv", LIST.encode(), "text/csv")}
    path = f"/v1/schools/{world.school_ids['S1']}/roster-uploads"
    sent = await world.as_("s1").post(path, files=file, headers={"Idempotency-Key": "list"})
    assert sent.status_code == 202, sent.text
    await work_off(world.app)
    upload = f"/v1/roster-uploads/{sent.json()['id']}"
    assert not any((await purged(world)).values()), "nothing is due yet"
    await travel(world, timedelta(days=31))
    assert (await purged(world))["lists as schools sent them"] == 1
    await travel(world, LONG)
    await purged(world)
    async with world.session() as session:
        kept = (await session.scalars(sa.select(RosterUpload).options(undefer(RosterUpload.content)))).one()
        assert (kept.content, kept.mapping, kept.file_name) == (b"", [], "")
        assert kept.counts["new"] == 1, "how many stays"
        for table in (RosterUploadRow, IdempotencyKey, PersonalLink):
            assert await session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
        answer = (await session.scalars(sa.select(PlacementAnswer))).one()
        assert (answer.answer, answer.reason) == ("cannot_go", None)
        ever = {row.name: row.rows_ever for row in await session.scalars(sa.select(Purge))}
    assert all(ever[kind.name] for kind in RETENTIONS if kind.name not in ELSEWHERE), ever
    for method, step in (("post", "commit"), ("get", "annotated"), ("put", "mapping")):
        body: dict[str, Any] = {"json": {}} if method == "post" else {}
        if method == "put":
            body = {"json": {"sheets": []}, "headers": {"If-Match": "*"}}
        refused = await getattr(world.as_("s1"), method)(f"{upload}/{step}", **body)
        assert (refused.status_code, refused.json()["code"]) == (409, "roster.purged"), step
    assert (await world.as_("s1").get(upload)).json()["purged_at"] is not None


async def test_the_relay_purges_once_in_a_while_and_not_each_round(world: World) -> None:
    sweep = purging(world.app.state.settings)
    async with world.session() as session:
        await sweep(session)
        first = await session.scalar(sa.select(sa.func.max(Purge.purged_at)))
    async with world.session() as session:
        await sweep(session)
        assert await session.scalar(sa.select(sa.func.max(Purge.purged_at))) == first
        await session.execute(sa.update(Purge).values(purged_at=sa.func.now() - timedelta(hours=1)))
        await sweep(session)
        assert await session.scalar(sa.select(sa.func.min(Purge.purged_at))) > first
