"""A pin that a run does not keep is told on the run, on the decision itself, and before the plan is published."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from roster_api.communes.models import Commune
from roster_api.decisions.models import Decision, DecisionKind

from tests.roster_api.planning_world import World, planning_world, run_path


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with planning_world(roster_database_url) as made:
        yield made


async def pin(world: World, **subject: UUID) -> str:
    kind = DecisionKind.PLACEMENT_PIN if "volunteer_id" in subject else DecisionKind.RESPONSIBILITY_PIN
    row = Decision(
        id=uuid4(),
        campaign_id=world.campaign_id,
        kind=kind.value,
        commune_code="C2",
        reason="r",
        decided_by="t",
        **subject,
    )
    async with world.session() as session:
        session.add(row)
    return str(row.id)


async def decision(world: World, decision_id: str) -> dict[str, Any]:
    path = f"/v1/campaigns/{world.campaign_id}/decisions/{decision_id}"
    found: dict[str, Any] = (await world.as_("admin").get(path)).json()
    return found


async def end_run(world: World, unkept: list[dict[str, Any]]) -> dict[str, Any]:
    """A run that ended with these pins unkept, and the plan of it."""
    run_id = await world.request_run()
    lease = (await world.claim(run_id)).json()["lease_token"]
    result = world.result(lease, [(0, "C1", [0])]) | {"unkept_pins": unkept}
    put = await world.as_("solver").put(f"{run_path(run_id)}/result", json=result)
    assert put.status_code == 204, put.text
    run: dict[str, Any] = (await world.as_("admin").get(f"/v1/matching-runs/{run_id}")).json()
    return run


async def test_an_unkept_pin_is_named_on_its_run_its_decision_and_before_publishing(world: World) -> None:
    person = str(world.volunteer_ids[0])
    decision_id = await pin(world, volunteer_id=UUID(person))
    assert (await decision(world, decision_id))["unkept"] is None
    unkept = {"commune_code": "C2", "volunteer_id": person, "rule": "P3", "vi": f"{person}: xa", "en": f"{person}: far"}
    run = await end_run(world, [unkept])
    assert [(row["volunteer_id"], row["rule"], row["vi"]) for row in run["unkept_pins"]] == [
        (person, "P3", "Nguyễn Văn An: xa")
    ]
    found = (await decision(world, decision_id))["unkept"]
    assert (found["run_id"], found["rule"], found["en"]) == (run["id"], "P3", "Nguyễn Văn An: far")
    changes = (await world.as_("admin").get(f"/v1/plans/{run['plan_id']}/changes")).json()
    assert [(row["pointer"], row["code"], row["vi"]) for row in changes["warnings"]] == [
        (f"volunteer:{person}", "pin.unkept", "Nguyễn Văn An: xa"),
        ("school:S1/contact_email", "contact.no_email", changes["warnings"][1]["vi"]),
    ], "nobody has to look up an id; and a school that hears of no 'cannot go' is named while there is time"
    assert changes["missing"] == [], "a warning keeps nothing from being published"


async def test_a_later_run_that_keeps_the_pin_takes_the_word_back(world: World) -> None:
    person = str(world.volunteer_ids[0])
    decision_id = await pin(world, volunteer_id=UUID(person))
    await end_run(world, [{"commune_code": "C2", "volunteer_id": person, "rule": "P5", "vi": "thiếu", "en": "short"}])
    assert (await decision(world, decision_id))["unkept"]["rule"] == "P5"
    run = await end_run(world, [])
    assert run["unkept_pins"] == []
    assert (await decision(world, decision_id))["unkept"] is None


async def test_pins_of_whoever_takes_no_part_are_frozen_as_unkept(world: World) -> None:
    """A person who withdrew, a commune without a need, a school that was archived."""
    leaver, stayer = (str(person) for person in world.volunteer_ids[:2])
    await pin(world, volunteer_id=UUID(leaver))
    await pin(world, school_id=world.school_ids["S2"])
    await world.as_("admin").post(f"/v1/volunteers/{leaver}/withdraw")
    await world.as_("admin").post(f"/v1/schools/{world.school_ids['S2']}/archive")
    await pin(world, volunteer_id=UUID(stayer))
    frozen = await freeze(world)
    assert [(row["volunteer_id"], row["school_code"], row["rule"]) for row in frozen["left_out_pins"]] == [
        (leaver, None, "P0"),
        (None, "S2", "P0"),
    ]
    assert [row["volunteer_id"] for row in frozen["placement_pins"]] == [stayer]


async def freeze(world: World) -> dict[str, Any]:
    frozen: dict[str, Any] = (
        await world.as_("admin").get(f"/v1/matching-runs/{await world.request_run()}/frozen")
    ).json()
    return frozen


async def test_a_pin_to_an_archived_commune_says_so_by_its_name(world: World) -> None:
    await pin(world, volunteer_id=world.volunteer_ids[0])
    async with world.session() as session:
        await session.execute(sa.update(Commune).where(Commune.code == "C2").values(archived_at=sa.func.now()))
    (row,) = (await freeze(world))["left_out_pins"]
    assert (row["commune_code"], row["rule"]) == ("C2", "P0")
    assert "Xã Ninh Phước: xã đã ngừng sử dụng" in row["vi"]
    assert "the commune is archived" in row["en"]
