"""Taking people of a published plan off the roster: the guard names the communes left short and who was told."""

from uuid import UUID

from tests.roster_api.planning_world import planning_world
from tests.roster_api.rosters.conftest import SchoolDesk
from tests.roster_api.rosters.workbooks import HEADER, person, xlsx


async def test_removing_placed_people_says_which_communes_fall_short_and_who_was_told(
    roster_database_url: str,
) -> None:
    async with planning_world(roster_database_url) as world:
        await world.make_published(((0, "C1", (0, 1)), (1, "C2", (0,)), (2, "C2", (0, 2))))
        admin = world.as_("admin")
        desk = SchoolDesk(admin, world.app, UUID(str(world.school_ids["S1"])))
        known = await desk.volunteers()
        mine = {one["id"]: one for one in known}
        first, second = (mine[str(world.volunteer_ids[number])] for number in (0, 1))
        others = [one for one in known if one["id"] not in {first["id"], second["id"]}]
        listed = [
            person(9, **{"Mã số": None, "Họ và tên": one["full_name"], "Số điện thoại": f"0{one['phone'][3:]}"})
            for one in others
        ]
        upload = await desk.preview(xlsx([HEADER, *listed]))
        assert upload["counts"]["missing"] == 2
        refused = await desk.commit(upload, remove_missing=True)
        assert (refused.status_code, refused.json()["code"]) == (409, "roster.mass_removal")
        problem = refused.json()
        assert problem["facts"] == {"missing": 2, "active": 3, "communes_below_minimum": 2, "people_told": 2}
        assert "2 xã sẽ dưới mức tối thiểu (Xã Ninh Phước, Xã Tây Khánh Vĩnh)" in problem["detail_vi"]
        assert all(one["full_name"] in problem["detail_vi"] for one in (first, second))
        assert [error["code"] for error in problem["errors"]] == ["plan.told"] * 2 + ["plan.commune_short"] * 2
        done = await desk.commit(upload, remove_missing=True, confirm_mass_removal=True)
        assert done.json()["status"] == "committed"
        assert {one["id"] for one in await desk.volunteers()} == {one["id"] for one in others}
