"""Fields and duties beyond the seven are data; teachers serve by weekday; who answers for a field is one question."""

from typing import Any

import pytest
import sqlalchemy as sa
from roster_api.needs.models import NeedDeclaration, NeedItem
from roster_api.volunteers.models import Volunteer

from tests.roster_api.editing_world import EditingWorld, editing_world

FIELDS = {
    "education": "Giáo dục",
    "land": "Địa chính, đất đai",
    "finance": "Tài chính, kế toán",
    "construction": "Xây dựng",
    "transport": "Giao thông",
    "urban": "Quản lý đô thị",
}


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with editing_world(roster_database_url) as made:
        yield made


async def test_six_more_fields_with_a_duty_each_and_teachers_who_serve_on_their_own_weekdays(
    world: EditingWorld,
) -> None:
    overseer = world.world.as_("overseer")
    for code, name in FIELDS.items():
        made = await overseer.post("/v1/fields", json={"code": code, "name_vi": name, "name_en": code})
        assert made.status_code == 201, made.text
        duty = {"code": f"{code}_help", "field_code": code, "name_vi": f"Hỗ trợ {name}", "name_en": code}
        assert (await overseer.post("/v1/duties", json=duty | {"guidance_vi": "Bước 1"})).status_code == 201
    twice = await overseer.post("/v1/fields", json={"code": "land", "name_vi": "Đất", "name_en": "x"})
    assert (twice.status_code, twice.json()["code"]) == (409, "field.exists")
    lost = {"code": "x", "field_code": "none", "name_vi": "Việc", "name_en": "x"}
    nowhere = await overseer.post("/v1/duties", json=lost)
    assert (nowhere.status_code, nowhere.json()["code"]) == (422, "field.unknown")
    etag = (await overseer.get("/v1/duties/land_help")).headers["etag"]
    changed = await overseer.patch("/v1/duties/land_help", json={"guidance_vi": "Bước 2"}, headers={"If-Match": etag})
    assert changed.status_code == 200
    versions = (await overseer.get("/v1/duties/land_help/versions")).json()["items"]
    assert [row["guidance_vi"] for row in versions] == ["Bước 2", "Bước 1"]
    renamed = await overseer.patch("/v1/fields/land", json={"name_en": "Land"}, headers={"If-Match": "*"})
    assert renamed.json()["name_en"] == "Land"
    assert (await world.world.as_("s1").post("/v1/fields", json={"code": "y"})).status_code == 403

    await teach_and_serve(world)
    plan_id = await world.plan()
    assert {number: place for number, place in (await world.places(plan_id)).items() if number in (0, 3)} == {
        0: ("C1", [0, 1]),
        3: ("C3", [0, 2, 4]),
    }
    assert (await world.world.publish(plan_id)).status_code == 200
    path = f"/v1/campaigns/{world.world.campaign_id}/communes/C3/answerable"
    answer = (await world.admin.get(path, params={"field_code": "education"})).json()
    assert (answer["lead"]["school_code"], answer["lead"]["people"], answer["lead"]["days"]) == ("S2", 1, 3)
    assert (answer["lead"]["contact_name"], answer["duties"][0]["guidance_vi"]) == ("Cô Hoa", "Bước 1")
    assert (await world.world.as_("c1").get(path, params={"field_code": "education"})).status_code == 404
    assert (await world.world.as_("s1").get(path, params={"field_code": "education"})).status_code == 404
    seen = (await world.world.as_("overseer").get(path, params={"field_code": "education"})).json()
    assert seen["lead"]["contact_phone"] is None


async def teach_and_serve(world: EditingWorld) -> None:
    """Teachers alone, as at Nà Bủng (Monday, Tuesday) and Nà Tấu (Monday, Wednesday, Friday; lessons on the others)."""
    first, second = world.world.volunteer_ids[0], world.world.volunteer_ids[3]
    async with world.world.session() as session:
        await session.execute(sa.update(Volunteer).values(role="teacher", skills={}))
        for person, weekdays in ((first, [0, 1]), (second, [0, 2, 4])):
            await session.execute(
                sa.update(Volunteer)
                .where(Volunteer.id == person)
                .values(free_weekdays=weekdays, max_days=len(weekdays), skills={"education": 2}, max_distance_m=20_000)
            )
        await session.execute(sa.delete(NeedItem).where(NeedItem.duty_code == "kpi"))
        await session.execute(sa.delete(NeedDeclaration).where(NeedDeclaration.commune_code == "C2"))
        of_west = sa.select(NeedDeclaration.id).where(NeedDeclaration.commune_code == "C1")
        await session.execute(sa.update(NeedItem).values(duty_code="education_help", days_per_week=3))
        await session.execute(sa.update(NeedItem).where(NeedItem.declaration_id.in_(of_west)).values(days_per_week=2))
