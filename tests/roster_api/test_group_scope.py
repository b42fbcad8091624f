"""An overseer bound to a group sees its communes and no other: deny by default, effective with the next request."""

from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa
from roster_api.access.principal import Role
from roster_api.access.rules import RULES, is_open_to_groups

from tests.roster_api.groups_world import Deputies, deputies_world, finish_run, publish, who_follows


@pytest.fixture
async def made(roster_database_url: str) -> AsyncIterator[Deputies]:
    async with deputies_world(roster_database_url) as world:
        yield world


async def list_seen(made: Deputies, who: str) -> dict[str, set[str]]:
    """Communes by what is asked for."""
    plan = (await made.get(who, f"{made.campaign}/plans")).json()["items"][0]["id"]
    lists = {
        "coverage": f"/v1/plans/{plan}/responsibilities",
        "placements": f"/v1/plans/{plan}/placements",
        "shortfalls": f"/v1/plans/{plan}/shortfalls",
        "attendance": f"{made.campaign}/attendance",
        "blockers": f"{made.campaign}/blockers",
        "needs": f"{made.campaign}/needs",
    }
    seen = {}
    for name, path in lists.items():
        answer = await made.get(who, path)
        assert answer.status_code == 200, (name, answer.text)
        seen[name] = {row["commune_code"] for row in answer.json()["items"]}
    standing = (await made.get(who, f"{made.campaign}/standing")).json()
    seen["standing"] = {row["commune_code"] for row in standing["communes"]}
    totals = (await made.get(who, f"{made.campaign}/attendance/totals")).json()
    seen["totals"] = {row["commune_code"] for row in totals["communes"]}
    return seen


async def raise_everywhere(made: Deputies) -> dict[str, str]:
    """Blocker by commune."""
    admin, raised = made.world.as_("admin"), {}
    for code in made.world.communes:
        body = {"words": "Mất mạng", "commune_code": code}
        raised[code] = (await admin.post(f"{made.campaign}/blockers", json=body)).json()["id"]
    return raised


async def test_from_publishing_on_an_overseer_sees_own_communes_in_every_list_and_nothing_else(made: Deputies) -> None:
    blockers = await raise_everywhere(made)
    for name, communes in (await list_seen(made, "anh")).items():
        expected = {"C3"} if name == "shortfalls" else set(made.world.communes)
        assert communes == expected, f"{name}: the whole province while no groups are published"
    overseers = [{"account_id": made.accounts["anh"]}, {"account_id": made.accounts["binh"]}]
    draft = await finish_run(made, overseers)
    grouping = await publish(made, draft)
    assert len(grouping["narrowed"]) == 2
    by_account = {group["overseer"]["account_id"]: group["overseer"]["name"] for group in grouping["groups"]}
    names = {who: by_account[made.accounts[who]] for who in ("anh", "binh")}
    for who in ("anh", "binh"):
        own = {code for code, account in who_follows(grouping).items() if account == made.accounts[who]}
        for name, communes in (await list_seen(made, who)).items():
            assert communes == (own & {"C3"} if name == "shortfalls" else own), f"{name} of {who}"
        for code, blocker_id in blockers.items():
            path = f"{made.campaign}/blockers/{blocker_id}"
            status = 200 if code in own else 404
            assert (await made.get(who, path)).status_code == status
            assert (await made.post(who, f"{path}/notes", {"words": "Đã gọi"})).status_code == status
            asked = await made.get(who, f"{made.campaign}/communes/{code}/answerable", field_code="digitise")
            assert asked.status_code == status
            assert code not in own or asked.json()["overseer_name"] == names[who]
            support = {"commune_code": code, "words": "Gọi", "began_at": "2025-11-03T08:00:00Z"}
            logged = await made.post(who, f"{made.campaign}/support", support | {"ended_at": "2025-11-03T09:00:00Z"})
            assert logged.status_code == (201 if code in own else 422), logged.text
            counted = await made.get(who, f"{made.campaign}/duty-counts/{code}/2025-11-03")
            assert counted.status_code == status
        (shown,) = (await made.get(who, f"/v1/groupings/{draft}")).json()["groups"]
        assert {one["commune_code"] for one in shown["communes"]} == own
    me = (await made.get("anh", "/v1/me")).json()["assignments"]
    assert [(one["role"], one["scope_kind"]) for one in me] == [("overseer", "oversight_group")]


async def test_what_is_not_named_as_open_to_groups_is_refused_to_who_is_bound_to_one(made: Deputies) -> None:
    await publish(made, await finish_run(made, [{"account_id": made.accounts["anh"]}]))
    refused = await made.get("anh", f"{made.campaign}/matching-runs")
    assert (refused.status_code, refused.json()["code"]) == (403, "access.group_only")
    assert (await made.get("binh", f"{made.campaign}/matching-runs")).status_code == 200, "not named: as before"
    drafts = (await made.world.as_("admin").get(f"{made.campaign}/plans")).json()["total"]
    assert (await made.get("anh", f"{made.campaign}/plans")).json()["total"] <= drafts
    for key, rule in RULES.items():
        if not isinstance(rule, str) and Role.OVERSEER in rule and key[0] != "GET":
            is_open = is_open_to_groups(key)
            assert is_open == key[1].endswith(("/solve", "/notes", "/support")), key


async def test_home_affairs_binds_an_overseer_by_hand_and_nobody_else_may_be(made: Deputies) -> None:
    admin, path = made.world.as_("admin"), f"/v1/accounts/{made.accounts['anh']}/assignments"
    body = {"role": "overseer", "province_code": "56", "is_of_group": True}
    assert (await admin.post(path, json=body)).json()["scope_kind"] == "oversight_group"
    assert (await admin.post(path, json=body)).json()["code"] == "grant.held_already"
    assert (await admin.post(path, json=body | {"role": "director"})).status_code == 422
    async with made.world.session() as session:
        await session.execute(sa.text("update roster.role_assignments set revoked_at = now() where not is_of_group"))
    seen = await list_seen(made, "anh")
    assert set(map(len, seen.values())) == {0}, "who is bound to a group sees nothing until it is published"
