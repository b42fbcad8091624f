"""The delivery board: the notifier's states with people's names, each caller their own, and words while it is away."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from commune_schemas.notices import Recipient, RecipientKind, Source, SourceKind
from commune_stack.serving import served
from notifier.api.schemas import BoardRow, MessageBoard, MessagePage, MessageRead
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.roster_api.planning_world import World, planning_world

PLACES = ((0, "C1", (0, 1)), (3, "C2", (2,)))
KEY = "reads-states-alone-reads-states-alone"


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


class FakeNotifier:
    """Two messages, one a school, in the notifier's own shapes; keeps what it was asked."""

    def __init__(self, world: World, plan_id: str, names: dict[int, str]) -> None:
        self.asked: list[dict[str, str]] = []
        self.messages = [
            message(world, plan_id, 0, school=names[0], commune="C1", status="failed"),
            message(world, plan_id, 3, school=names[3], commune="C2", status="delivered"),
        ]
        self.plan_id = plan_id

    async def list_messages(self, request: Request) -> JSONResponse:
        assert request.headers["X-Api-Key"] == KEY
        self.asked.append(dict(request.query_params))
        school = request.query_params.get("school_name")
        items = [each for each in self.messages if school in {None, each.school_name}]
        page = MessagePage(items=items, total=len(items), limit=50, offset=0)
        return JSONResponse(page.model_dump(mode="json"))

    async def count(self, _request: Request) -> JSONResponse:
        rows = [
            BoardRow(messages=1, **each.model_dump(include={"school_name", "commune_code", "channel", "status"}))
            for each in self.messages
        ]
        return JSONResponse(MessageBoard(plan_id=self.plan_id, rows=rows).model_dump(mode="json"))


def message(world: World, plan_id: str, person: int, *, school: str, commune: str, status: str) -> MessageRead:
    now = datetime.now(UTC)
    return MessageRead.model_validate(
        {
            "id": uuid4(),
            "reference": f"{person}@test",
            "source": Source(kind=SourceKind.PLAN, id=plan_id, version=1),
            "recipient": Recipient(kind=RecipientKind.VOLUNTEER, id=str(world.volunteer_ids[person])),
            "plan_id": plan_id,
            "plan_version": 1,
            "volunteer_id": world.volunteer_ids[person],
            "channel": "sms",
            "kind": "placement_assigned",
            "school_name": school,
            "commune_code": commune,
            "status": status,
            "attempts": 1,
            "reason_code": "address.refused" if status == "failed" else None,
            "reason_vi": "Số không tồn tại." if status == "failed" else None,
            "reason_en": "No such number." if status == "failed" else None,
            "created_at": now,
            "next_attempt_at": now,
            **dict.fromkeys(("sent_at", "delivered_at", "failed_at", "superseded_at")),
        }
    )


@asynccontextmanager
async def beside(world: World, plan_id: str) -> AsyncIterator[FakeNotifier]:
    placed = (await world.as_("admin").get(f"/v1/plans/{plan_id}/responsibilities")).json()["items"]
    names = {0: name_of(placed, "C1"), 3: name_of(placed, "C2")}
    fake = FakeNotifier(world, plan_id, names)
    routes = [Route("/v1/messages", fake.list_messages), Route("/v1/messages/board", fake.count)]
    async with served(Starlette(routes=routes)) as port:
        state = world.app.state
        update = {"notifier_url": f"http://127.0.0.1:{port}", "notifier_api_key": SecretStr(KEY)}
        before, state.settings = state.settings, state.settings.model_copy(update=update)
        yield fake
        state.settings = before


def name_of(placed: list[dict[str, Any]], commune: str) -> str:
    return next(str(each["school_name"]) for each in placed if each["commune_code"] == commune)


async def test_who_was_not_reached_stands_there_with_name_phone_and_reason(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    async with beside(world, plan_id):
        board = (await world.as_("admin").get(f"/v1/plans/{plan_id}/messages")).json()
    failed = next(each for each in board["items"] if each["status"] == "failed")
    assert failed["full_name"]
    assert failed["phone"].startswith("+84")
    assert failed["reason_vi"] == "Số không tồn tại."
    assert (board["counts"]["failed"], board["counts"]["arrived"]) == (1, 1)
    assert board["by_commune"]["C1"]["failed"] == 1
    assert failed["school_code"] in board["by_school"]


async def test_a_coordinator_sees_the_own_school_alone(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    async with beside(world, plan_id) as fake:
        board = (await world.as_("s1").get(f"/v1/plans/{plan_id}/messages")).json()
        foreign = (await world.as_("s1").get(f"/v1/plans/{plan_id}/messages", params={"school_code": "S2"})).json()
    assert len(board["items"]) == 1
    assert sum(board["counts"].values()) == 1
    assert fake.asked[0]["school_name"] == board["items"][0]["school_name"]
    assert (foreign["items"], foreign["total"]) == ([], 0)


async def test_while_the_notifier_is_away_the_answer_is_503_with_words(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    answer = await world.as_("admin").get(f"/v1/plans/{plan_id}/messages")
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "notifier.away", "10")


async def test_a_plan_that_one_does_not_see_has_no_messages_either(world: World) -> None:
    assert (await world.as_("admin").get(f"/v1/plans/{uuid4()}/messages")).status_code == 404
