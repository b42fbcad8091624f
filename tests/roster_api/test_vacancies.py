"""A "cannot go" tells the school's contact at once, and again with who could step in, in names and in order."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from commune_schemas.advice import AdviceStatus
from roster_api.advice.models import Advice
from roster_api.advice.vacancies import ask_for_vacancies
from roster_api.answers.models import Vacancy
from roster_api.outbox.models import OutboxRow

from tests.roster_api.planning_world import World, planning_world

PLACES = ((0, "C1", (0, 1)), (1, "C1", (0,)), (3, "C2", (2,)))


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def answer(world: World, plan_id: str, number: int, **body: Any) -> None:
    told = {notice["volunteer_id"]: notice for notice in await world.notices(plan_id)}
    token = told[str(world.volunteer_ids[number])]["answer_url"].rpartition("/")[2]
    headers = {"Authorization": f"Link {token}"}
    given = await world.as_("nobody").post("/v1/me/confirmation", headers=headers, json={"answer": "cannot_go", **body})
    assert given.status_code == 200, given.text


async def outbox_sources(world: World) -> list[tuple[str, str]]:
    """(kind, id) of every source whose notices were asked for, the plan's and its reserve's left out."""
    async with world.session() as session:
        rows = await session.scalars(sa.select(OutboxRow).where(OutboxRow.topic == "prepare_notices"))
        found = [(row.args["source_kind"], row.args["source_id"]) for row in rows]
    return [one for one in found if one[0] not in {"plan", "reserve"}]


async def notice_of(world: World, answer_id: str) -> dict[str, Any]:
    page = (await world.as_("notifier").get(f"/v1/internal/sources/answer/{answer_id}/notices")).json()
    assert page["total"] == 1
    notice: dict[str, Any] = page["items"][0]
    return notice


async def ask_round(world: World) -> int:
    """As the relay does once a round."""
    async with world.session() as session:
        return await ask_for_vacancies(session)


async def only_advice(world: World) -> Advice:
    async with world.session() as session:
        advice: Advice = (await session.scalars(sa.select(Advice))).one()
    return advice


async def test_the_schools_contact_is_told_in_the_answers_own_transaction_and_only_once(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    await answer(world, plan_id, 1, reason="Ốm")
    await answer(world, plan_id, 1, reason="Ốm nặng")
    ((kind, answer_id),) = await outbox_sources(world)
    assert kind == "answer"
    notice = await notice_of(world, answer_id)
    assert notice["recipient"] == {"kind": "school", "id": str(world.school_ids["S1"])}
    assert (notice["full_name"], notice["reason"], notice["stand_ins"]) == (world_name(1), "Ốm", None)
    assert (notice["source"]["version"], notice["placement"]["commune_code"]) == (1, "C1")
    asked = {"items": [{"recipient": notice["recipient"], "source": notice["source"]}]}
    (card,) = (await world.as_("notifier").post("/v1/internal/contacts", json=asked)).json()["items"]
    assert card["personal_url"] is None
    assert (await world.as_("admin").get(f"/v1/internal/sources/answer/{answer_id}/notices")).status_code == 403


def world_name(number: int) -> str:
    return ("Nguyễn Văn An", "Trần Thị Bình", "Lê Cẩm Châu")[number]


async def test_who_could_step_in_is_asked_by_itself_and_told_when_it_is_known(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    await answer(world, plan_id, 1)
    assert (await ask_round(world), await ask_round(world)) == (1, 0)
    advice = await only_advice(world)
    assert advice.question == {"kind": "replacements", "volunteer_id": str(world.volunteer_ids[1])}
    person = str(world.volunteer_ids[2])
    offer = {"people": [person], "days": {person: [0]}, "effect": {"unmet": 0, "travel_km": 12}}
    nobody = {"people": [], "days": {}, "effect": {"unmet": 2, "travel_km": -40}}
    body = {"data": {"replacements": [offer, nobody]}, "text_vi": "x", "text_en": "x", "seconds": 0.5}
    for _ in range(2):
        put = await world.as_("solver").put(f"/v1/internal/advice/{advice.id}/answer", json=body)
        assert put.status_code == 204
    (_, first), (_, second) = await outbox_sources(world)
    assert first == second, "the same source, once more"
    notice = await notice_of(world, first)
    assert notice["source"]["version"] == 2
    assert notice["stand_ins"] == [
        {"people": "Lê Cẩm Châu", "weekdays": [0], "unmet_days": 0, "travel_km": 12},
        {"people": "", "weekdays": [], "unmet_days": 2, "travel_km": -40},
    ]


async def test_a_question_that_ends_without_an_answer_is_told_as_nobody_found(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    await answer(world, plan_id, 1)
    await ask_round(world)
    advice_id = (await only_advice(world)).id
    failure = {"kind": "fault", "detail_vi": "Lỗi", "detail_en": "A fault"}
    await world.as_("solver").put(f"/v1/internal/advice/{advice_id}/failure", json=failure)
    assert (await only_advice(world)).status == AdviceStatus.FAILED
    (_, _), (_, answer_id) = await outbox_sources(world)
    assert (await notice_of(world, answer_id))["stand_ins"] == []


async def test_a_second_vacancy_of_an_answered_question_has_its_stand_ins_at_once(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    asked = {"kind": "replacements", "volunteer_id": str(world.volunteer_ids[3])}
    run_id = (await world.as_("admin").get(f"/v1/plans/{plan_id}")).json()["run_id"]
    advice_id = (await world.as_("s2").post(f"/v1/matching-runs/{run_id}/advice", json=asked)).json()["id"]
    body = {"data": {"replacements": []}, "text_vi": "x", "text_en": "x", "seconds": 0.5}
    await world.as_("solver").put(f"/v1/internal/advice/{advice_id}/answer", json=body)
    await answer(world, plan_id, 3)
    await ask_round(world)
    async with world.session() as session:
        vacancy = (await session.scalars(sa.select(Vacancy))).one()
    assert (vacancy.advice_id, vacancy.stand_ins) == (UUID(advice_id), [])
