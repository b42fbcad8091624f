"""Oversight groups: communes divided among deputies, changed by hand with the cost shown first, published, told."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import sqlalchemy as sa
from commune_schemas.documents import GroupsDocument
from matching_worker.jobs.groups import certify_groups
from matching_worker.model.outcome import Limits, Outcome, Status

from tests.roster_api.groups_world import (
    CONTACT,
    Deputies,
    claim,
    deputies_world,
    finish_run,
    list_notices,
    publish,
    put_result,
    request_run,
    run_path,
    solve_run,
    who_follows,
)


@pytest.fixture
async def made(roster_database_url: str) -> AsyncIterator[Deputies]:
    async with deputies_world(roster_database_url) as world:
        yield world


def both(made: Deputies) -> list[dict[str, Any]]:
    return [{"account_id": made.accounts["anh"]}, {"account_id": made.accounts["binh"]}]


async def blocker_heard_by(made: Deputies, commune: str) -> list[str]:
    """Addresses that are written to when a commune raises a blocker."""
    admin, notifier = made.world.as_("admin"), made.world.as_("notifier")
    raised = await admin.post(f"{made.campaign}/blockers", json={"words": "Mất mạng", "commune_code": commune})
    assert raised.status_code == 201, raised.text
    async with made.world.session() as session:
        step = await session.scalar(
            sa.text("select id from roster.blocker_steps where blocker_id = :id"), {"id": raised.json()["id"]}
        )
    items = (await notifier.get(f"/v1/internal/sources/blocker_step/{step}/notices")).json()["items"]
    asked = {"items": [{"recipient": one["recipient"], "source": one["source"]} for one in items]}
    cards = (await notifier.post("/v1/internal/contacts", json=asked)).json()["items"]
    return sorted(card["email"] for card in cards)


async def test_groups_are_computed_changed_by_hand_with_the_cost_first_published_and_told_once(made: Deputies) -> None:
    admin = made.world.as_("admin")
    draft = await finish_run(made, [{"account_id": made.accounts["anh"]}, CONTACT])
    shown = (await admin.get(f"/v1/groupings/{draft}")).json()
    assert shown["status"] == "draft"
    assert who_follows(shown) | {"C2": ""} == {"C1": made.accounts["anh"], "C2": "", "C3": CONTACT["name"]}
    assert all(commune["why_vi"] for group in shown["groups"] for commune in group["communes"])
    of = {one["commune_code"]: group["number"] for group in shown["groups"] for one in group["communes"]}
    assert "@" not in str(shown), "nobody's address is shown"

    # C1 and C3 lie apart: C2 between them, alone in the other group, would leave a group in two pieces
    apart = {"moves": [{"commune_code": "C2", "to": 1 - of["C2"]}]}
    both_ends = {"moves": [{"commune_code": "C3" if of["C2"] == of["C1"] else "C1", "to": of["C2"]}, *apart["moves"]]}
    seen = (await admin.post(f"/v1/groupings/{draft}/edits/preview", json=both_ends)).json()
    assert [one["rule"] for one in seen["newly_broken"]] == ["D2"]
    assert seen["summary_vi"].startswith(f"{seen['km_more']:+d} km")
    path, match = f"/v1/groupings/{draft}/edits", {"If-Match": f'"{seen["row_version"]}"'}
    refused = await admin.post(path, json=both_ends | {"reason": "Đường sông"}, headers=match)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "rule.D2")
    assert (await admin.post(path, json=apart | {"reason": "Đổi"})).status_code == 428

    seen = (await admin.post(f"{path}/preview", json=apart)).json()
    edited = await admin.post(path, json=apart | {"reason": "Gần nhà"}, headers=match)
    assert edited.status_code == 200, edited.text
    assert who_follows(edited.json())["C2"] != who_follows(shown)["C2"]
    (kept,) = edited.json()["history"]
    assert (kept["reason"], kept["effect"]["km_more"], kept["edited_by"]) == ("Gần nhà", seen["km_more"], "admin")
    stale = await admin.post(path, json=apart | {"reason": "Khác"}, headers=match)
    assert stale.status_code == 412
    await assert_published_and_told_once(made, draft)


async def assert_published_and_told_once(made: Deputies, draft: str) -> None:
    answer = await publish(made, draft)
    assert (answer["status"], answer["version"], len(answer["narrowed"])) == ("published", 1, 1)
    assert (await publish(made, draft))["narrowed"] == []
    told = await list_notices(made, draft)
    assert sorted(len(one["parts"][0]["rows"]) for one in told) == [1, 2]
    assert {one["recipient"]["kind"] for one in told} == {"account", "overseer"}
    async with made.world.session() as session:
        rows = await session.scalar(
            sa.text("select count(*) from roster.outbox where args->>'source_id' = :id"), {"id": draft}
        )
    assert rows == 1, "published twice, told once"
    theirs = next(code for code, who in who_follows(answer).items() if who == CONTACT["name"])
    assert await blocker_heard_by(made, theirs) == [CONTACT["email"]], "a blocker goes to whoever follows the commune"


async def test_a_change_of_what_is_in_force_is_a_new_version_and_tells_only_whose_communes_changed(
    made: Deputies,
) -> None:
    admin = made.world.as_("admin")
    first = await finish_run(made, both(made))
    before = who_follows(await publish(made, first))
    heard = await blocker_heard_by(made, "C1")
    assert len(heard) == 1
    edit = {"exchanges": [[0, 1]], "reason": "Đổi địa bàn"}
    drafted = await admin.post(f"/v1/groupings/{first}/edits", json=edit, headers={"If-Match": "*"})
    assert (drafted.json()["status"], drafted.json()["from_id"]) == ("draft", first)
    assert who_follows((await admin.get(f"/v1/groupings/{first}")).json()) == before, "what is published stays"
    second = drafted.json()["id"]
    after = who_follows(await publish(made, second))
    assert {code: who for code, who in after.items() if before[code] == who} == {}
    assert (await admin.get(f"/v1/groupings/{first}")).json()["status"] == "superseded"
    told = await list_notices(made, second)
    said = [" ".join(one["parts"][0]["sentences"]) for one in told]
    assert all("Thêm: " in words and "Giao cho người khác: " in words for words in said)
    assert len(told) == 2
    assert await blocker_heard_by(made, "C1") != heard
    again = await finish_run(made, both(made))
    assert who_follows((await admin.get(f"/v1/groupings/{again}")).json()) == after, "a new run keeps who follows whom"
    await publish(made, again)
    assert await list_notices(made, again) == [], "the same communes: nothing to tell"
    versions = (await admin.get(f"{made.campaign}/groupings")).json()["items"]
    assert [row["version"] for row in versions] == [3, 2, 1]


async def test_until_groups_are_published_every_overseer_hears_of_a_blocker(made: Deputies) -> None:
    assert await blocker_heard_by(made, "C1") == ["anh@so.example.vn", "binh@so.example.vn"]


async def test_a_run_has_a_lease_a_judge_and_says_what_clashes(made: Deputies) -> None:
    admin = made.world.as_("admin")
    run_id = await request_run(made, both(made))
    first = (await claim(made.world, run_id)).json()["lease_token"]
    assert (await claim(made.world, run_id, "w2")).json()["code"] == "lease.held"
    async with made.world.session() as session:
        await session.execute(sa.text("update roster.group_runs set held_until = now() - interval '1 second'"))
    second = (await claim(made.world, run_id, "w2")).json()["lease_token"]
    of_first = await solve_run(made.world, run_id, first)
    stale = await put_result(made.world, run_id, of_first)
    assert (stale.status_code, stale.json()["code"]) == (409, "lease.lost")
    lie = await solve_run(made.world, run_id, second)
    assert lie.documents == of_first.documents, "whoever takes over solves the same problem and finds the same groups"
    groups: Any = lie.documents.solution["group"]
    lie.documents.solution["group"] = dict.fromkeys(groups, 0)
    assert (await put_result(made.world, run_id, lie)).status_code == 204
    run = (await admin.get(f"/v1/group-runs/{run_id}")).json()
    assert (run["status"], run["failure"]["kind"], run["grouping_id"]) == ("failed", "verification", None)
    assert "D1" in run["failure"]["en"]
    waiting = await request_run(made, both(made))
    assert (await admin.post(f"/v1/group-runs/{waiting}/cancel")).json()["status"] == "cancelled"


async def claim_no_grouping(made: Deputies, *, conflict: list[dict[str, Any]], **terms: Any) -> dict[str, Any]:
    """The run as it is once a worker said that no grouping exists, and called that verified."""
    run_id = await request_run(made, both(made), **terms)
    token = (await claim(made.world, run_id)).json()["lease_token"]
    document = (await made.world.as_("solver").get(f"{run_path(run_id)}/problem")).json()["document"]
    outcome = Outcome(Status.INFEASIBLE, None, {}, {}, solver="x", seconds=0)
    certificate = certify_groups(GroupsDocument.model_validate(document), outcome, limits=Limits())
    solution = {"schema": "mw-infeasible/1", "conflict": conflict}
    body = {"lease_token": token, "status": "infeasible", "certificate": certificate.model_dump(mode="json")}
    body |= {"documents": {"problem": document, "solution": solution}, "explanations": {}}
    assert (await made.world.as_("solver").put(f"{run_path(run_id)}/result", json=body)).status_code == 204
    run: dict[str, Any] = (await made.world.as_("admin").get(f"/v1/group-runs/{run_id}")).json()
    return run


async def test_a_claim_that_no_grouping_exists_is_refuted_proved_or_called_a_claim(made: Deputies) -> None:
    clash = [{"rule": "D4", "vi": "Nhóm quá nặng.", "en": "A group is too heavy."}]
    exact: dict[str, Any] = {"weights": "blockers", "balance_pct": 0, "conflict": clash}
    for lie in ([], clash):
        run = await claim_no_grouping(made, conflict=lie)
        assert (run["status"], run["failure"]["kind"]) == ("failed", "verification"), lie
        assert run["is_conflict_proved"] is None
    for _ in range(2):
        await blocker_heard_by(made, "C1")
    claimed = await claim_no_grouping(made, **exact)
    assert (claimed["status"], claimed["conflict"], claimed["is_conflict_proved"]) == ("infeasible", clash, False)
    assert not claimed["certificate"]["verified"], "whatever the worker says of it"
    await blocker_heard_by(made, "C1")
    proved = await claim_no_grouping(made, **exact)
    assert (proved["status"], proved["is_conflict_proved"]) == ("infeasible", True), "C1 alone weighs too much"


async def test_who_is_no_overseer_or_named_twice_is_refused_and_blockers_weigh_only_once_there_are_any(
    made: Deputies,
) -> None:
    admin, path = made.world.as_("admin"), f"{made.campaign}/group-runs"
    stranger = {"account_id": "00000000-0000-4000-8000-000000000000"}
    refused = await admin.post(path, json={"overseers": [stranger, both(made)[0], both(made)[0]]})
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
        ("/overseers/0/account_id", "group.no_overseer"),
        ("/overseers/2", "group.overseer_twice"),
    ]
    of_blockers = {"overseers": both(made), "weights": "blockers", "balance_pct": 100}
    early = await admin.post(path, json=of_blockers)
    assert (early.status_code, early.json()["code"]) == (409, "group.no_blockers")
    await blocker_heard_by(made, "C1")
    grouping = (await admin.get(f"/v1/groupings/{await finish_run(made, both(made), weights='blockers')}")).json()
    weights = {one["commune_code"]: one["weight"] for group in grouping["groups"] for one in group["communes"]}
    assert weights == {"C1": 2, "C2": 1, "C3": 1}
    assert (await made.world.as_("elsewhere").get(f"/v1/groupings/{grouping['id']}")).status_code == 404
    assert (await made.world.as_("overseer").post(path, json=of_blockers)).status_code == 403
