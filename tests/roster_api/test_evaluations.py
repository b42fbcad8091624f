"""Evaluation both ways: of who served, none of fewer than three, words only after they were released."""

from typing import Any

import pytest
import sqlalchemy as sa
from roster_api.attendance.models import ServiceDay
from roster_api.evaluations.models import Evaluation
from roster_api.evaluations.service import find_far
from roster_api.privacy.retention import purge

from tests.roster_api.month_world import come_to_pass, list_days, results, tick
from tests.roster_api.planning_world import World, planning_world
from tests.roster_api.test_answers import token_of

GOOD = {"help": 5, "attitude": 4, "skill": 3}


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        plan_id = await made.make_published(
            [(0, "C1", (0,)), (1, "C1", (0,)), (2, "C1", (1,)), (3, "C2", (0,)), (4, "C1", (1,))]
        )
        made.keys["plan"] = plan_id
        await come_to_pass(made)
        yield made


def path(world: World) -> str:
    return f"/v1/campaigns/{world.campaign_id}/evaluations"


async def rate_people(world: World, *numbers: int, **more: Any) -> list[int]:
    officer = world.as_("c1")
    people = [world.volunteer_ids[number] for number in numbers]
    return [(await officer.put(f"{path(world)}/people/{person}", json=GOOD | more)).status_code for person in people]


async def summary_of(world: World, who: str, about: str) -> dict[str, Any]:
    found = (await world.as_(who).get(f"{path(world)}/summary")).json()
    return next((one for one in found if one["about_id"] == about), {})


async def test_no_average_of_fewer_than_three_and_words_only_after_they_were_released(world: World) -> None:
    school = str(world.school_ids["S1"])
    assert await rate_people(world, 0, 1, words="Rất nhiệt tình") == [200, 200]
    assert await rate_people(world, 3) == [404], "who never served this commune"
    few = await summary_of(world, "s1", school)
    assert few["evaluations"] == 2
    assert few["criteria"]["help"] == {"mean": None, "counts": None}
    assert few["words"] == []
    assert await rate_people(world, 2, help=2, words="Đến muộn") == [200]
    enough = await summary_of(world, "s1", school)
    assert enough["criteria"]["help"] == {"mean": 4.0, "counts": [0, 1, 0, 0, 2]}
    held = (await world.as_("admin").get(path(world))).json()["items"]
    late = next(row for row in held if row["words"] == "Đến muộn")
    assert (await world.as_("c1").post(f"{path(world)}/{late['id']}/release")).status_code == 403
    assert (await world.as_("admin").post(f"{path(world)}/{late['id']}/release")).json()["released_at"]
    assert (await summary_of(world, "s1", school))["words"] == ["Đến muộn"]
    assert await rate_people(world, 2, help=2, words="Đến muộn hai lần") == [200]
    assert (await summary_of(world, "s1", school))["words"] == [], "what was changed is held again"
    assert await summary_of(world, "s2", school) == {}
    single = (await world.as_("s1").get(path(world))).json()
    assert single["total"] == 0, "a school reads no single mark of its people"


async def test_schools_and_people_rate_the_commune_which_never_reads_who_said_what(world: World) -> None:
    ready = {"readiness": 2, "words": "Không có máy tính"}
    for who in ("s1", "s2"):
        assert (await world.as_(who).put(f"{path(world)}/communes/C1", json=ready)).status_code == 200
    assert (await world.as_("s1").put(f"{path(world)}/communes/C2", json=ready)).status_code == 404
    assert (await summary_of(world, "c1", "C1"))["criteria"]["readiness"]["mean"] is None
    token = await token_of(world, world.keys["plan"], 0)
    link = {"Authorization": f"Link {token}"}
    said = await world.as_("nobody").put("/v1/me/evaluation", json={"readiness": 5}, headers=link)
    assert (said.status_code, said.json()["rated_id"]) == (200, "C1")
    again = await world.as_("nobody").put("/v1/me/evaluation", json={"readiness": 4}, headers=link)
    assert again.json()["id"] == said.json()["id"], "the newer word holds"
    seen = await summary_of(world, "c1", "C1")
    assert (seen["evaluations"], seen["criteria"]["readiness"]["mean"]) == (3, 2.67)
    assert seen["words"] == []
    assert "S1" not in str(seen)
    assert (await world.as_("c1").get(path(world))).json()["total"] == 0
    assert (await world.as_("finance").get(f"{path(world)}/summary")).status_code == 403
    for wrong in ({"readiness": 6}, {"readiness": 0}, {}, {"readiness": 3, "words": "xem https://x.example.com"}):
        assert (await world.as_("s1").put(f"{path(world)}/communes/C1", json=wrong)).status_code == 422


async def test_a_commune_rates_the_schools_that_sent_people(world: World) -> None:
    body = GOOD | {"words": "Phối hợp tốt"}
    for school, status in (("S1", 200), ("S2", 200)):
        answer = await world.as_("c1").put(f"{path(world)}/schools/{world.school_ids[school]}", json=body)
        assert answer.status_code == status
    assert (await world.as_("c1").put(f"{path(world)}/schools/{world.campaign_id}", json=body)).status_code == 404
    assert (await world.as_("c1").get(path(world))).json()["total"] == 2, "its own are its own to read"


async def test_words_go_when_their_time_is_over_and_marks_stay(world: World) -> None:
    assert await rate_people(world, 0, 1, words="Rất nhiệt tình") == [200, 200]
    async with world.session() as session:
        assert (await purge(session, world.app.state.settings))["words of evaluations"] == 0
        await session.execute(sa.text("update roster.campaigns set starts_on = '2015-01-05', ends_on = '2015-02-01'"))
        assert (await purge(session, world.app.state.settings))["words of evaluations"] == 2
        marks = await session.execute(sa.text("select words, marks from roster.evaluations"))
        assert [(words, bool(given)) for words, given in marks] == [("", True)] * 2


async def test_who_came_instead_of_another_is_rated(world: World) -> None:
    planned = (await list_days(world, volunteer_id=world.volunteer_ids[0]))[0]
    stand_in = world.volunteer_ids[5]
    person = f"{path(world)}/people/{stand_in}"
    assert (await world.as_("c1").put(person, json=GOOD)).status_code == 404, "was never there"
    came = tick(planned, "replaced", key="r", replaced_by_volunteer_id=str(stand_in))
    assert await results(world, "c1", came) == ["recorded"]
    rated = await world.as_("c1").put(person, json=GOOD)
    assert (rated.status_code, rated.json()["rated_name"]) == (200, "Đỗ Giang"), rated.text
    async with world.session() as session:
        row = await session.scalar(sa.select(Evaluation).where(Evaluation.volunteer_id == stand_in))
        assert row is not None
        assert row.school_id == world.school_ids["S2"], "of the school that is theirs, whoever they came for"


async def test_nobody_is_rated_before_they_came(world: World) -> None:
    async with world.session() as session:
        await session.execute(sa.update(ServiceDay).values(serves_on=ServiceDay.serves_on + 70))
    for who, about, marks in (
        ("c1", f"people/{world.volunteer_ids[0]}", GOOD),
        ("c1", f"schools/{world.school_ids['S1']}", GOOD),
        ("s1", "communes/C1", {"readiness": 3}),
    ):
        assert (await world.as_(who).put(f"{path(world)}/{about}", json=marks)).status_code == 404


@pytest.mark.parametrize(
    ("own", "others", "apart"),
    [
        ([1, 2, 1], [5, 4, 5], -3.33),
        ([5, 5, 5], [4, 4, 4], 1.0),
        ([5, 5, 4], [4, 4, 4], None),
        ([1, 1], [5, 5, 5], None),
        ([1, 1, 1], [5, 5], None),
    ],
)
def test_a_mean_stands_out_by_a_mark_from_all_others_and_none_of_fewer_than_three(
    own: list[int], others: list[int], apart: float | None
) -> None:
    assert find_far(own, [*own, *others]) == apart


async def test_outliers_are_for_home_affairs_alone(world: World) -> None:
    """Of each school three people at the commune are rated, of one badly."""
    async with world.session() as session:
        for school, marks in (("S1", (1, 1, 2)), ("S2", (5, 5, 5))):
            for number, mark in enumerate(marks):
                session.add(
                    Evaluation(
                        campaign_id=world.campaign_id, rater="commune", rater_id=f"C{number}", rated="school",
                        rated_id=str(world.school_ids[school]), commune_code="C1", words="",
                        school_id=world.school_ids[school], marks={"help": mark, "attitude": 4, "skill": 4},
                    )
                )  # fmt: skip
    about = str(world.school_ids["S1"])
    assert (await summary_of(world, "admin", about))["outliers"] == {"help": -3.67}
    for who in ("s1", "overseer"):
        assert (await summary_of(world, who, about))["outliers"] == {}
