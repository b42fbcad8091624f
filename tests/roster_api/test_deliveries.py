"""The delivery board: the notifier's states with people's names, each caller their own, and words while it is away."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from commune_schemas.jobs import RESEND_MESSAGES
from commune_schemas.notices import Channel, MessageStatus, NoticeKind, Recipient, RecipientKind, Source, SourceKind
from commune_schemas.resending import MOST_MESSAGES
from commune_stack.serving import served
from notifier.api.schemas import BoardRow, MessageBoard, MessagePage, MessageRead, Unreached, UnreachedPage, WhyNot
from pydantic import SecretStr
from roster_api.data_requests.person_papers import list_papers_about
from roster_api.deliveries.models import PhoneCall
from roster_api.deliveries.orders import refuse_other_number
from roster_api.errors import ConflictError
from roster_api.outbox.models import OutboxRow
from roster_api.volunteers.models import Volunteer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.roster_api.planning_world import World, planning_world
from tests.support.refusals import check_words

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
        self.to_old: list[str] = []
        self.knows_old_contacts = True
        self.unreached: list[Unreached] = []

    async def list_unreached(self, request: Request) -> JSONResponse:
        assert request.headers["X-Api-Key"] == KEY
        page = UnreachedPage(items=self.unreached, total=len(self.unreached), limit=200, offset=0)
        return JSONResponse(page.model_dump(mode="json"))

    async def list_messages(self, request: Request) -> JSONResponse:
        assert request.headers["X-Api-Key"] == KEY
        self.asked.append(dict(request.query_params))
        school = request.query_params.get("school_name")
        status = request.query_params.get("status")
        items = [each for each in self.messages if school in {None, each.school_name} and status in {None, each.status}]
        if request.query_params.get("to_old_contact", "").lower() == "true":
            items = [each for each in items if str(each.id) in self.to_old]
        page = MessagePage(items=items, total=len(items), limit=50, offset=0)
        return JSONResponse(page.model_dump(mode="json"))

    async def get_message(self, request: Request) -> JSONResponse:
        found = [each for each in self.messages if str(each.id) == request.path_params["message_id"]]
        return JSONResponse(found[0].model_dump(mode="json")) if found else JSONResponse({}, status_code=404)

    async def list_to_old_contacts(self, request: Request) -> JSONResponse:
        if not self.knows_old_contacts:
            return JSONResponse({}, status_code=422)
        asked = request.query_params.getlist("message_id")
        return JSONResponse({"message_ids": [each for each in self.to_old if each in asked]})

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
    routes = [
        Route("/v1/messages", fake.list_messages),
        Route("/v1/messages/board", fake.count),
        Route("/v1/messages/unreached", fake.list_unreached),
        Route("/v1/messages/to-old-contacts", fake.list_to_old_contacts),
        Route("/v1/messages/{message_id}", fake.get_message),
    ]
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


def unreached(kind: RecipientKind, recipient_id: str, *, notice: NoticeKind) -> Unreached:
    why = WhyNot(
        id=uuid4(),
        channel=Channel.EMAIL,
        status=MessageStatus.FAILED,
        reason_code="recipient.no_address",
        reason_vi="Không có email.",
        reason_en="No e-mail.",
    )
    facts = {
        "source_kind": "answer",
        "source_id": uuid4(),
        "source_version": 1,
        "school_name": "",
        "commune_code": "C1",
    }
    return Unreached(
        **facts, recipient_kind=kind, recipient_id=recipient_id, kind=notice, since=datetime.now(UTC), why=[why]
    )


async def test_the_call_list_has_people_and_offices_with_reason_and_the_number_to_call(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    async with beside(world, plan_id) as fake:
        fake.unreached = [
            unreached(RecipientKind.VOLUNTEER, str(world.volunteer_ids[0]), notice=NoticeKind.INVITATION),
            unreached(RecipientKind.VOLUNTEER, str(world.volunteer_ids[3]), notice=NoticeKind.PLACEMENT_ASSIGNED),
            unreached(RecipientKind.SCHOOL, str(world.school_ids["S1"]), notice=NoticeKind.PERSON_CANNOT_GO),
            unreached(RecipientKind.COMMUNE, "C1", notice=NoticeKind.NEED_REMINDER),
            unreached(RecipientKind.VOLUNTEER, str(uuid4()), notice=NoticeKind.INVITATION),
        ]
        async with world.session() as session:
            person = await session.get_one(Volunteer, world.volunteer_ids[0])
            person.phone = None
        calls = (await world.as_("admin").get("/v1/call-list")).json()
        own = (await world.as_("s2").get("/v1/call-list")).json()
        narrowed = (await world.as_("admin").get("/v1/call-list", params={"school_code": "S1"})).json()
        refused = await world.as_("overseer").get("/v1/call-list")
    shown = [(each["kind"], each["call_name"], each["call_phone"]) for each in calls["items"]]
    assert shown[0] == ("invitation", "Cô Hoa", "+84950000011"), "who has no number is asked for at the school"
    assert shown[1][2] not in {None, "+84950000011"}, "the person's own"
    assert shown[2:] == [
        ("person_cannot_go", "Cô Hoa", "+84950000011"),
        ("need_reminder", "Anh Nam", "+84950000012"),
    ]
    assert {each["why"][0]["vi"] for each in calls["items"]} == {"Không có email."}
    assert (calls["by_school"], calls["total"]) == ({"S1": 2, "S2": 1}, 4)
    assert [each["volunteer_id"] for each in own["items"]] == [str(world.volunteer_ids[3])]
    assert {each["school_code"] for each in narrowed["items"]} == {"S1"}
    assert refused.status_code == 403


async def test_who_was_reached_by_telephone_is_ticked_by_whom_they_belong_to_and_leaves_the_list(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    async with beside(world, plan_id) as fake:
        entries = [
            unreached(RecipientKind.VOLUNTEER, str(world.volunteer_ids[n]), notice=NoticeKind.PLACEMENT_ASSIGNED)
            for n in (0, 3)
        ]
        fake.unreached = [
            each.model_copy(update={"source_kind": SourceKind.PLAN, "source_id": UUID(plan_id)}) for each in entries
        ]
        path = f"/v1/call-list/{fake.messages[0].id}/calls"
        key = {"Idempotency-Key": "once"}
        statuses = {who: (await world.as_(who).post(path, json={"outcome": "reached"})).status_code
                    for who in ("s2", "overseer", "c1")}  # fmt: skip
        missing = await world.as_("admin").post(f"/v1/call-list/{uuid4()}/calls", json={"outcome": "reached"})
        tried = await world.as_("s1").post(path, json={"outcome": "not_reached"}, headers=key)
        again = await world.as_("s1").post(path, json={"outcome": "not_reached"}, headers=key)
        still = (await world.as_("s1").get("/v1/call-list", params={"is_reached": False})).json()
        reached = await world.as_("s1").post(path, json={"outcome": "reached"})
        left = (await world.as_("admin").get("/v1/call-list", params={"is_reached": False})).json()
        done = (await world.as_("admin").get("/v1/call-list", params={"is_reached": True})).json()
    assert (statuses, missing.status_code) == ({"s2": 404, "overseer": 403, "c1": 403}, 404)
    assert (tried.status_code, again.json(), reached.status_code) == (201, tried.json(), 201)
    assert [(each["calls"], each["last_call"]["outcome"]) for each in still["items"]] == [(1, "not_reached")]
    assert [each["volunteer_id"] for each in left["items"]] == [str(world.volunteer_ids[3])]
    assert (left["reached"], left["by_school"], done["by_school"]) == (1, {"S2": 1}, {"S1": 1})
    assert [(each["calls"], each["last_call"]["outcome"]) for each in done["items"]] == [(2, "reached")]
    async with world.session() as session:
        assert {row.called_by_id is not None for row in await session.scalars(sa.select(PhoneCall))} == {True}
        told = await list_papers_about(session, await session.get_one(Volunteer, world.volunteer_ids[0]))
    assert [each["kind"] for each in told["reminders"]] == ["phone_call", "phone_call"]


async def test_an_officer_has_messages_sent_again_and_hears_where_to_and_what_became_of_it(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    async with beside(world, plan_id) as fake:
        failed, delivered = fake.messages
        body = {"message_ids": [str(failed.id), str(delivered.id)], "reason": "Đã sửa số điện thoại"}
        foreign = await world.as_("s2").post("/v1/message-orders", json=body)
        nowhere = await world.as_("admin").post("/v1/message-orders", json={**body, "message_ids": [str(uuid4())]})
        answer = await world.as_("admin").post("/v1/message-orders", json=body, headers={"Idempotency-Key": "again"})
        twice = await world.as_("admin").post("/v1/message-orders", json=body, headers={"Idempotency-Key": "again"})
    assert (foreign.status_code, nowhere.status_code, answer.status_code) == (404, 404, 202)
    assert twice.json() == answer.json()
    items = {item["message_id"]: item for item in answer.json()["items"]}
    assert items[str(failed.id)]["to"].startswith("+84 *** *** ")
    assert items[str(delivered.id)]["code"] == "message.contact_unchanged"
    order = f"/v1/message-orders/{answer.json()['id']}"
    task = (await world.as_("notifier").get(f"/v1/internal{order[3:]}")).json()
    assert (task["message_ids"], task["reason"]) == ([str(failed.id)], "Đã sửa số điện thoại")
    done = {"items": [{"message_id": str(failed.id), "to": "+84 *** *** 001", "code": None, "vi": "", "en": ""}]}
    for _ in range(2):
        assert (await world.as_("notifier").post(f"/v1/internal{order[3:]}/done", json=done)).status_code == 204
    shown = (await world.as_("admin").get(order)).json()
    assert (shown["is_done"], shown["items"][0]["to"]) == (True, "+84 *** *** 001")
    assert (await world.as_("s1").get(order)).status_code == 404
    assert (await world.as_("notifier").get(f"/v1/internal{order[3:]}")).json()["reason"] == "", "kept in one place"
    async with world.session() as session:
        rows = (await session.scalars(sa.select(OutboxRow).where(OutboxRow.topic == RESEND_MESSAGES))).all()
    assert [(row.args["order_id"], row.done_at is not None) for row in rows] == [(answer.json()["id"], True)]


async def test_every_failed_message_of_a_plan_is_ordered_once_their_number_is_confirmed(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    path = f"/v1/plans/{plan_id}/message-orders"
    body = {"status": "failed", "confirm": 3, "reason": "Nhà mạng đã sửa"}
    async with beside(world, plan_id):
        wrong = await world.as_("admin").post(path, json=body)
        right = await world.as_("admin").post(path, json={**body, "confirm": wrong.json()["facts"]["confirm"]})
        not_theirs = await world.as_("s2").post(path, json={**body, "confirm": 1})
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["facts"]["confirm"]) == (409, "order.confirm", 1)
    with pytest.raises(ConflictError, match=r"order\.too_many") as too_many:
        refuse_other_number(MOST_MESSAGES + 1, confirm=MOST_MESSAGES + 1)
    check_words(too_many.value.vi, too_many.value.en)
    assert (right.status_code, right.json()["messages"]) == (202, 1)
    assert not_theirs.status_code == 409


async def test_what_went_to_an_old_number_is_marked_on_the_board_and_may_be_ordered_by_itself_or_all_at_once(
    world: World,
) -> None:
    plan_id = await world.make_published(PLACES)
    board, orders = f"/v1/plans/{plan_id}/messages", f"/v1/plans/{plan_id}/message-orders"
    async with beside(world, plan_id) as fake:
        failed, delivered = fake.messages
        fake.to_old = [str(delivered.id)]
        shown = (await world.as_("admin").get(board)).json()["items"]
        narrowed = (await world.as_("admin").get(board, params={"to_old_contact": True})).json()
        alone = await world.as_("s2").post(
            "/v1/message-orders", json={"message_ids": [str(delivered.id)], "reason": "Đã sửa số điện thoại"}
        )
        body = {"to_old_contact": True, "confirm": 2, "reason": "Danh sách mới sửa 20 số"}
        wrong = await world.as_("admin").post(orders, json=body)
        every = await world.as_("admin").post(orders, json={**body, "confirm": 1})
        both = await world.as_("admin").post(orders, json={**body, "status": "failed"})
        neither = await world.as_("admin").post(orders, json={"confirm": 1, "reason": "Không rõ tin nào"})
        fake.knows_old_contacts = False
        unknown = (await world.as_("admin").get(board)).json()["items"]
        refused = await world.as_("admin").post(
            "/v1/message-orders", json={"message_ids": [str(delivered.id)], "reason": "Đã sửa số điện thoại"}
        )
    assert {each["id"]: each["to_old_contact"] for each in shown} == {str(failed.id): False, str(delivered.id): True}
    assert [each["id"] for each in narrowed["items"]] == [str(delivered.id)]
    assert alone.status_code == 202
    assert alone.json()["items"][0]["to"].startswith("+84 *** *** ")
    assert (wrong.status_code, wrong.json()["facts"]["confirm"]) == (409, 1)
    assert (every.status_code, every.json()["messages"]) == (202, 1)
    assert (both.status_code, neither.status_code) == (422, 422)
    assert {each["to_old_contact"] for each in unknown} == {None}, "an older notifier cannot say: the board is shown"
    assert (refused.status_code, refused.json()["code"]) == (409, "message.not_resendable")
