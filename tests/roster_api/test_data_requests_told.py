"""Who asked about their data hears that it came in and what became of it; Home Affairs hears before it is late."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from roster_api.access.models import Account, RoleAssignment
from roster_api.access.principal import Role
from roster_api.data_requests.due import remind_of_requests
from roster_api.data_requests.models import DataRequest, DataRequestNews
from roster_api.outbox.models import OutboxRow

from tests.roster_api.planning_world import NAMES, PROVINCE, World, planning_world
from tests.roster_api.test_data_requests import carry_out, file

OFFICIALS = (("hong@example.vn", Role.ADMIN, PROVINCE), ("khoi@example.vn", Role.OVERSEER, PROVINCE),
             ("lai@example.vn", Role.ADMIN, "11"), ("toan-quoc@example.vn", Role.ADMIN, None))  # fmt: skip


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        async with made.session() as session:
            for email, role, province in OFFICIALS:
                account = Account(issuer="https://issuer.example.vn", email=email, display_name=email)
                session.add(account)
                await session.flush()
                given = {"role": role, "province_code": province, "granted_by": "x"}
                session.add(RoleAssignment(account_id=account.id, **given))
        yield made


async def list_told(world: World) -> list[tuple[str, str, str]]:
    """(news, address, reason) of every notice asked for, in order; each has one outbox row."""
    async with world.session() as session:
        news = (await session.scalars(sa.select(DataRequestNews).order_by(DataRequestNews.at))).all()
        sources = [row.args.get("source_id") for row in await session.scalars(sa.select(OutboxRow))]
    told = []
    for each in news:
        assert sources.count(str(each.id)) == 1
        path = f"/v1/internal/sources/data_request/{each.id}/notices"
        items = (await world.as_("notifier").get(path)).json()["items"]
        asked = {"items": [{"recipient": item["recipient"], "source": item["source"]} for item in items]}
        cards = (await world.as_("notifier").post("/v1/internal/contacts", json=asked)).json()["items"]
        reached = {card["recipient"]["id"]: card["email"] for card in cards}
        told += [(item["news"], reached[item["recipient"]["id"]], item["reason"]) for item in items]
        assert all(NAMES[0] not in str(item) for item in items if item["kind"] == "data_request_due")
    return told


async def pass_to(world: World, *, due_in: timedelta) -> None:
    """So long before the time is over; the relay's round comes twice."""
    async with world.session() as session:
        await session.execute(sa.update(DataRequest).values(due_at=datetime.now(UTC) + due_in))
    for _ in range(2):
        async with world.session() as session:
            await remind_of_requests(session)


async def test_a_receipt_then_home_affairs_a_day_before_and_when_late_then_the_answer_each_once(world: World) -> None:
    request = await file(world, 0, "access")
    await file(world, 0, "access")
    received = ("received", "person0@example.vn", "")
    assert await list_told(world) == [received]
    await pass_to(world, due_in=timedelta(days=2))
    assert await list_told(world) == [received]
    await pass_to(world, due_in=timedelta(hours=20))
    due = ("due", "hong@example.vn", "")
    assert await list_told(world) == [received, due], "Home Affairs of the own province, and nobody else"
    await pass_to(world, due_in=timedelta(hours=-1))
    assert await list_told(world) == [received, due, ("late", "hong@example.vn", "")]
    for _ in range(2):
        await carry_out(world, request)
    assert await list_told(world) == [received, ("done", "person0@example.vn", "")], "what is answered is due no more"


async def test_a_refusal_is_told_with_its_words_and_an_erased_person_is_written_to_no_more(world: World) -> None:
    request = await file(world, 0, "correction", correction={"words": "Tôi là giảng viên"})
    refused = await world.as_("admin").post(f"/v1/data-requests/{request['id']}/refuse", json={"reason": "Đã đúng"})
    assert refused.status_code == 200
    assert (await list_told(world))[-1] == ("refused", "person0@example.vn", "Đã đúng")
    erased = await file(world, 1, "erasure")
    await carry_out(world, erased)
    await world.as_("notifier").post(f"/v1/internal/erasures/{erased['id']}/done", json={"messages": 0})
    async with world.session() as session:
        kinds = sa.select(DataRequestNews.kind).where(DataRequestNews.request_id == erased["id"])
        assert list(await session.scalars(kinds)) == ["received"], "there is no address any more"


async def test_where_a_province_has_no_account_of_home_affairs_the_nations_hears(world: World) -> None:
    async with world.session() as session:
        mine = sa.update(RoleAssignment).where(RoleAssignment.province_code == PROVINCE)
        await session.execute(mine.values(revoked_at=sa.func.now()))
    asked = {"kind": "access", "channel": "paper", "proof": "phiếu 3"}
    school = world.school_ids["S1"]
    filed = await world.as_("s1").post(f"/v1/data-subjects/school_contact/{school}/requests", json=asked)
    assert filed.status_code == 200, filed.text
    await pass_to(world, due_in=timedelta(hours=3))
    assert await list_told(world) == [("received", None, ""), ("due", "toan-quoc@example.vn", "")]
