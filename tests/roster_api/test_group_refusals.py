"""What cannot be asked of oversight groups, or changed in them, is refused with a reason."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import sqlalchemy as sa
from roster_api.communes.models import Commune

from tests.roster_api.groups_world import Deputies, deputies_world, finish_run
from tests.roster_api.planning_world import PROVINCE
from tests.support.issuer import add_account
from tests.support.refusals import check_refusal

ANYWHERE = {"If-Match": "*"}


@pytest.fixture
async def made(roster_database_url: str) -> AsyncIterator[Deputies]:
    async with deputies_world(roster_database_url) as world:
        yield world


def overseers(number: int) -> list[dict[str, Any]]:
    return [{"name": f"Lê Văn {letter}ình", "email": f"{letter.lower()}@so.example.vn"} for letter in "BKTM"[:number]]


async def test_more_overseers_than_communes_or_one_of_them_twice_is_refused(made: Deputies) -> None:
    admin, path = made.world.as_("admin"), f"{made.campaign}/group-runs"
    many = check_refusal(await admin.post(path, json={"overseers": overseers(4)}), 409, "group.too_many")
    assert "4 người theo dõi mà chỉ có 3 xã" in many["detail_vi"]
    twice = await admin.post(path, json={"overseers": overseers(1) * 2})
    check_refusal(twice, 422, "group.overseers", at="/overseers/1")


async def test_a_change_of_what_is_not_there_or_of_nothing_is_refused_place_by_place(made: Deputies) -> None:
    admin, draft = made.world.as_("admin"), await finish_run(made, overseers(2))
    shown = (await admin.get(f"/v1/groupings/{draft}")).json()
    of = {one["commune_code"]: group["number"] for group in shown["groups"] for one in group["communes"]}
    moves = [{"commune_code": "C9", "to": 0}, {"commune_code": "C1", "to": 2}, {"commune_code": "C1", "to": of["C1"]}]
    change = {"moves": moves, "exchanges": [[0, 0], [0, 2]]}
    for path, body in (("edits/preview", change), ("edits", change | {"reason": "Đổi"})):
        answer = await admin.post(f"/v1/groupings/{draft}/{path}", json=body, headers=ANYWHERE)
        refused = check_refusal(answer, 422, "group.change")
        assert [(error["pointer"], error["code"]) for error in refused["errors"]] == [
            ("/moves/0", "group.unknown"),
            ("/moves/1", "group.unknown"),
            ("/moves/2", "group.no_change"),
            ("/exchanges/0", "group.unknown"),
            ("/exchanges/1", "group.unknown"),
        ]
    assert (await admin.get(f"/v1/groupings/{draft}")).json() == shown


async def test_a_grouping_is_not_published_for_other_communes_nor_once_it_is_given_up(made: Deputies) -> None:
    admin, draft = made.world.as_("admin"), await finish_run(made, overseers(2))
    async with made.world.session() as session:
        await session.execute(sa.update(Commune).where(Commune.code == "C3").values(archived_at=sa.func.now()))
    answer = await admin.post(f"/v1/groupings/{draft}/publish", headers=ANYWHERE)
    refused = check_refusal(answer, 409, "grouping.communes_changed")
    assert refused["facts"] == {"more": [], "gone": ["C3"]}
    assert (await admin.post(f"/v1/groupings/{draft}/discard", headers=ANYWHERE)).status_code == 200
    again = await admin.post(f"/v1/groupings/{draft}/publish", headers=ANYWHERE)
    check_refusal(again, 409, "grouping.status")


async def test_where_four_eyes_are_wanted_neither_a_key_nor_who_changed_it_publishes_a_grouping(
    made: Deputies,
) -> None:
    draft, role = await finish_run(made, overseers(2)), {"role": "admin", "province_code": PROVINCE}
    for who in ("chi", "dung"):
        async with made.world.session() as session:
            await add_account(session, made.issuer, subject=who, email=f"{who}@so.example.vn", roles=[role])
    rules = await made.world.as_("admin").put(f"/v1/provinces/{PROVINCE}/publishing", json={"four_eyes": True})
    assert rules.status_code == 200, rules.text
    path = f"/v1/groupings/{draft}"
    by_key = await made.world.as_("admin").post(f"{path}/publish", headers=ANYWHERE)
    check_refusal(by_key, 403, "grouping.four_eyes")

    async def do(who: str, step: str, body: Any = None) -> Any:
        headers = ANYWHERE | {"Authorization": f"Bearer {made.issuer.token(who)}"}
        return await made.client.post(f"{path}/{step}", json=body, headers=headers)

    edited = await do("chi", "edits", {"exchanges": [[0, 1]], "reason": "Gần nhà"})
    assert edited.status_code == 200, edited.text
    check_refusal(await do("chi", "publish"), 403, "grouping.four_eyes")
    assert (await do("dung", "publish")).json()["status"] == "published"
