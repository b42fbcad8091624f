"""An older draft knows nothing of what happened since: publishing names who cannot go any more, and what is gone."""

from datetime import UTC, datetime
from typing import Any

import pytest
from roster_api.communes.models import Commune
from roster_api.decisions.models import Decision, DecisionKind
from roster_api.schools.models import School

from tests.roster_api.planning_world import World, planning_world
from tests.roster_api.test_vacancies import answer
from tests.support.publishing import after_a_look

OLDER = ((0, "C1", (0, 1)), (1, "C2", (0,)), (3, "C2", (2,)))
YOUNGER = ((0, "C1", (0, 1)), (1, "C1", (0,)))


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def changes_of(world: World, plan_id: str) -> dict[str, Any]:
    changes: dict[str, Any] = (await world.as_("admin").get(f"/v1/plans/{plan_id}/changes")).json()
    return changes


async def test_who_said_no_since_is_named_and_must_be_confirmed_unless_pinned_after_that(world: World) -> None:
    older = await world.make_plan(OLDER)
    published, admin = await world.make_published(YOUNGER), world.as_("admin")
    await answer(world, published, 1, reason="Ốm")
    await answer(world, published, 0, reason="Trùng lịch thi")
    changes = await changes_of(world, older)
    numbers = {str(person): number for number, person in enumerate(world.volunteer_ids)}
    named = {numbers[each["volunteer_id"]]: (each["change"], each["commune_code"]) for each in changes["unable"]}
    assert named == {0: ("unchanged", "C1"), 1: ("changed", "C2")}
    assert changes["confirm"]["unable"] == 1, "who stands there already is told nothing again"
    assert {each["full_name"] for each in changes["unable"]} == {"Nguyễn Văn An", "Trần Thị Bình"}
    assert all(each["answered_at"] for each in changes["unable"])

    seen = after_a_look(changes)
    await admin.post(f"/v1/plans/{older}/approve", json={"base_plan_id": seen["base_plan_id"]})
    unaware = seen | {"confirm": {name: seen["confirm"][name] for name in ("people", "messages", "unreachable")}}
    refused = await admin.post(f"/v1/plans/{older}/publish", json=unaware)
    assert (refused.status_code, refused.json()["code"]) == (409, "plan.confirm")
    assert "1 người bị xếp đi dù đã báo không đi được" in refused.json()["detail_vi"]
    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == [
        (f"volunteer:{world.volunteer_ids[1]}", "volunteer.cannot_go")
    ]
    async with world.session() as session:
        session.add(
            Decision(
                campaign_id=world.campaign_id,
                kind=DecisionKind.PLACEMENT_PIN,
                volunteer_id=world.volunteer_ids[1],
                commune_code="C2",
                reason="Đã gọi điện, đi được",
                decided_by="admin",
            )
        )
    changes = await changes_of(world, older)
    assert (changes["confirm"]["unable"], len(changes["unable"])) == (0, 1), "a pin is the later word"
    assert (await admin.post(f"/v1/plans/{older}/publish", json=unaware)).status_code == 200


async def test_the_confirmed_number_publishes_them_knowingly(world: World) -> None:
    older = await world.make_plan(OLDER)
    await answer(world, await world.make_published(YOUNGER), 1)
    published = await world.publish(older)
    assert (published.status_code, published.json()["version"]) == (200, 2)
    assert (await changes_of(world, older))["unable"] == [], "of a published plan nothing is left to decide"


async def test_what_was_archived_or_withdrawn_since_keeps_an_older_draft_back(world: World) -> None:
    older = await world.make_plan(OLDER)
    withdrawn = await world.as_("admin").post(f"/v1/volunteers/{world.volunteer_ids[0]}/withdraw")
    assert withdrawn.status_code == 200, withdrawn.text
    async with world.session() as session:
        (await session.get_one(Commune, "C3")).archived_at = datetime.now(UTC)
        (await session.get_one(School, world.school_ids["S2"])).archived_at = datetime.now(UTC)
    missing = (await changes_of(world, older))["missing"]
    assert {(each["pointer"], each["code"]) for each in missing} == {
        ("commune:C3", "commune.archived"),
        ("school:S2", "school.archived"),
        (f"volunteer:{world.volunteer_ids[0]}", "volunteer.not_active"),
    }
    refused = await world.publish(older)
    assert (refused.status_code, refused.json()["code"]) == (409, "plan.not_publishable")
    assert len(refused.json()["errors"]) == 3
