"""A visiting lecturer on the lists of two schools, both of which need them: placed once, told, never booked twice."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from commune_demo import case
from commune_schemas.matching import MatchingResult, StageDocuments
from roster_api.campaigns.models import Campaign, CampaignStatus
from roster_api.needs.models import NeedDeclaration, NeedItem
from roster_api.volunteers.models import Volunteer
from sqlalchemy import delete

from tests.roster_api.handed_in import OBJECTIVE, stage_a, stage_b
from tests.system.case_world import CAMPAIGN_ID, CaseWorld, case_world, make_volunteer

COMMUNES = tuple(commune.code for commune in case.communes() if not commune.is_remote)[:2]
PHONE = "+84950007777"


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[CaseWorld]:
    """Two communes want software twice a week; the visiting lecturer alone knows it, on the lists of both schools."""
    async with case_world(roster_database_url) as made:
        async with made.app.state.sessions.begin() as session:
            await session.execute(delete(NeedItem))
            await session.execute(delete(NeedDeclaration))
            await session.execute(delete(Volunteer))
            session.add_all(need(CAMPAIGN_ID, commune) for commune in COMMUNES)
            schools = sorted(made.schools.items())[:2]
            session.add_all(lecturer(number, school_id) for number, (_, school_id) in enumerate(schools))
        yield made


def need(campaign_id: UUID, commune: str) -> NeedDeclaration:
    items = [NeedItem(duty_code="software", people=1, days_per_week=2)]
    return NeedDeclaration(
        campaign_id=campaign_id,
        commune_code=commune,
        lacks_it_staff=True,
        presence=[0] * 5,
        items=items,
        declared_by="test",
    )


def lecturer(number: int, school_id: UUID, *, name: str = "Lê Thị Hoa", phone: str = PHONE) -> Volunteer:
    person = next(p for p in case.people() if p.role == "lecturer")
    row = make_volunteer(person, school_id)
    row.phone = row.email = None  # sealed for the row's own id, which changes next
    row.id, row.external_ref, row.full_name, row.phone = uuid4(), f"GV{number}", name, phone
    row.skills, row.free_weekdays, row.max_days, row.team = {"software": 2}, [0, 2], 2, None
    row.max_distance_m, row.absences = 100_000_000, []
    return row


async def placements(world: CaseWorld, run: dict[str, Any]) -> list[dict[str, Any]]:
    return await world.list_all(f"/v1/plans/{run['plan_id']}/placements")


async def test_one_human_on_two_lists_is_placed_once_and_the_office_is_told(world: CaseWorld) -> None:
    run = await world.plan(time_limit_seconds=10)
    assert run["status"] == "succeeded", (run["conflict"], run["failure"])
    placed = await placements(world, run)
    assert len(placed) == 1
    (found,) = run["duplicates"]
    assert {row["school_code"] for row in found["rows"]} == set(sorted(world.schools)[:2])
    assert [row["volunteer_id"] for row in found["rows"] if row["is_counted"]] == [placed[0]["volunteer_id"]]
    assert "Lê Thị Hoa" in found["vi"]
    await world.publish(run["plan_id"])


async def test_two_people_who_share_a_phone_are_both_placed(world: CaseWorld) -> None:
    async with world.app.state.sessions.begin() as session:
        await session.execute(delete(Volunteer))
        schools = [school_id for _, school_id in sorted(world.schools.items())[:2]]
        session.add_all([lecturer(1, schools[0]), lecturer(2, schools[1], name="Trần Văn Ba")])
    run = await world.plan(time_limit_seconds=10)
    assert run["duplicates"] == []
    assert len(await placements(world, run)) == 2


async def test_a_plan_that_books_one_human_twice_is_not_published(world: CaseWorld) -> None:
    """By rows that became one human after the run: within the plan, and under another campaign's plan."""
    async with world.app.state.sessions.begin() as session:
        second = await session.get(Volunteer, await other_row(world))
        second.phone = "+84950007778"
    run = await world.plan(time_limit_seconds=10)
    placed = await placements(world, run)
    assert (len(placed), run["duplicates"]) == (2, [])
    async with world.app.state.sessions.begin() as session:
        (await session.get(Volunteer, await other_row(world))).phone = PHONE
    assert await refused(world, run["plan_id"]) == {"human.placed_twice"}

    result = world.service.results[UUID(run["id"])]
    first, second = (part_of(result, row["volunteer_id"]) for row in placed)
    mine = await world.replay(first, time_limit_seconds=10)
    await world.publish(mine["plan_id"])
    other_campaign = await open_another_campaign(world)
    theirs = await world.replay(second, campaign_id=other_campaign, time_limit_seconds=10)
    assert await refused(world, theirs["plan_id"]) == {"seat.taken"}


async def other_row(world: CaseWorld) -> UUID:
    page = await world.get("/v1/volunteers", limit=10)
    return UUID(sorted((row["external_ref"], row["id"]) for row in page["items"])[1][1])


def part_of(result: MatchingResult, volunteer_id: str) -> MatchingResult:
    """One person's place alone, with documents of no more."""
    (row,) = (row for row in result.placements if str(row.volunteer_id) == volunteer_id)
    related = [each for each in result.responsibilities if each.commune_code == row.commune_code]
    leads = {each.commune_code: each.school_code for each in related if each.is_lead}
    (school,) = (
        school
        for school, documents in result.stage_b.items()
        if volunteer_id in {person["id"] for person in documents.problem["volunteers"]}
    )
    assert result.certificate is not None
    of_a = [each.model_copy(update={"objective": OBJECTIVE}) for each in result.certificate.stages if each.stage == "A"]
    place = stage_b([(volunteer_id, row.commune_code, row.weekdays)], school=school)
    return result.model_copy(
        update={
            "placements": [row],
            "responsibilities": related,
            "certificate": result.certificate.model_copy(update={"stages": of_a}),
            "stage_a": StageDocuments.model_validate(stage_a(leads)),
            "stage_b": {school: StageDocuments.model_validate(place)},
        }
    )


async def refused(world: CaseWorld, plan_id: str) -> set[str]:
    shown = await world.get(f"/v1/plans/{plan_id}/changes")
    base = {"base_plan_id": shown["base_plan_id"]}
    await world.post(f"/v1/plans/{plan_id}/approve", base)
    answer = await world.admin.post(f"/v1/plans/{plan_id}/publish", json=base)
    assert answer.status_code == 409, answer.text
    codes = {error["code"] for error in answer.json()["errors"]}
    assert {error["code"] for error in shown["missing"]} == codes
    assert not any(school in answer.text for school in world.schools), "nothing is said of the other list"
    return codes


async def open_another_campaign(world: CaseWorld) -> UUID:
    campaign_id = uuid4()
    async with world.app.state.sessions.begin() as session:
        first = await session.get(Campaign, CAMPAIGN_ID)
        session.add(
            Campaign(
                id=campaign_id,
                province_code=first.province_code,
                name="Đợt hai",
                search_key="dot hai",
                status=CampaignStatus.OPEN.value,
                starts_on=first.starts_on,
                ends_on=max(first.ends_on, date(2026, 1, 1)),
                start_time=first.start_time,
                end_time=first.end_time,
            )
        )
        await session.flush()
        session.add(need(campaign_id, COMMUNES[1]))
    return campaign_id
