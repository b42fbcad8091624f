"""The page of one's own data behind the personal link: seen, agreed to, withdrawn, corrected, without a script."""

from typing import Any

import pytest

from tests.roster_api.planning_world import NAMES, World, planning_world
from tests.roster_api.test_answers import token_of
from tests.roster_api.test_data_requests import PLACES

LIGHT_BYTES = 30_000


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def test_a_person_sees_their_data_and_says_what_they_agree_to_and_want(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    token = await token_of(world, plan_id, 0)
    nobody, path = world.as_("nobody"), f"/a/{token}"
    assert f'href="{path}/data"' in (await nobody.get(path)).text
    page = await nobody.get(f"{path}/data")
    assert page.status_code == 200
    assert len(page.content) < LIGHT_BYTES
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for shown in (NAMES[0], "+84950000100", "person0@example.vn", "Bạn chưa nói gì", "You have said nothing yet"):
        assert shown in page.text, shown
    assert "checked" not in page.text, "nothing is agreed to beforehand"
    for is_given, words in (("true", "Bạn đã đồng ý"), ("false", "Bạn đã rút lại")):
        said = await nobody.post(f"{path}/consents", data={"purpose": "messages", "is_given": is_given})
        assert (said.status_code, said.headers["location"]) == (303, f"{path}/data")
        assert words in (await nobody.get(f"{path}/data")).text
    wrong = await nobody.post(f"{path}/data-requests", data={"kind": "correction", "phone": "0258 3822 222"})
    assert wrong.status_code == 422
    assert "số cố định" in wrong.text
    assert 'value="0258 3822 222"' in wrong.text, "what was typed is there to be mended"
    nothing = await nobody.post(f"{path}/data-requests", data={"kind": "correction"})
    assert (nothing.status_code, "ghi nội dung cần sửa" in nothing.text) == (422, True)
    for form in ({"kind": "correction", "words": "Tôi là giảng viên"}, {"kind": "erasure"}, {"kind": "erasure"}):
        assert (await nobody.post(f"{path}/data-requests", data=form)).status_code == 303
    page = await nobody.get(f"{path}/data")
    assert page.text.count("/withdraw") == 2
    asked = (await world.as_("admin").get("/v1/data-requests")).json()["items"]
    assert {item["kind"] for item in asked} == {"correction", "erasure"}
    assert (await nobody.post(f"{path}/data-requests/{asked[0]['id']}/withdraw")).status_code == 303
    file = await nobody.get(f"{path}/data.json")
    sections = {section["code"]: section["items"] for section in file.json()["sections"]}
    assert sections["person"][0]["full_name"] == NAMES[0]
    assert "chưa trả lời" in sections["messages"][0]["status"], "what is left out is said"
    for wrong_path in ("/a/none/data", "/a/none/data.json"):
        assert (await nobody.get(wrong_path)).status_code == 404
