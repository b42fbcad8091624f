"""What came after matching runs: killed at any commit, nothing is lost, nothing half done, nothing done or told twice.

Registers, secondment runs and their decisions, concurrent duty, oversight groups, ticks of attendance and of the call
list, orders to send again, statements of allowances and their corrections.
"""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook
from roster_api.allowances.models import AllowanceLine, AllowanceStatement
from roster_api.attendance.models import AttendanceTick
from roster_api.deliveries.models import MessageOrder, PhoneCall
from roster_api.groups.models import Grouping
from roster_api.timeline.models import StepReminder

from tests.roster_api import groups_world
from tests.roster_api.groups_world import deputies_world
from tests.roster_api.month_world import come_to_pass, count_rows, list_days, tick
from tests.roster_api.planning_world import planning_world
from tests.roster_api.reference_world import PROVINCE, World, reference_world
from tests.roster_api.secondment_world import SPAN, TERMS, claim, fill_departments, list_notices, put_result, solve_run
from tests.roster_api.striking import Striker
from tests.roster_api.test_allowances import (
    AN,
    BINH,
    MONTH,
    RATES,
    allowances_world,
    list_statements,
    set_outcome,
    set_rates,
)
from tests.roster_api.test_deliveries import KEY, beside
from tests.support.dying import KILLED, Dying, dying
from tests.support.reading import work_off

RUNS = "/v1/internal/secondment-runs"
POSTS = "Mã vị trí,Vị trí việc làm,Mã đơn vị,Lĩnh vực,Định mức,Hiện có\nVT-1,Công chức CNTT,MS,sysadmin,2,0\n"
TODAY = datetime.now(UTC).date()


@pytest.fixture(scope="module")
def helper() -> Iterator[Dying]:
    with dying() as started:
        yield started


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with reference_world(roster_database_url) as made:
        yield made


async def test_a_register_is_kept_and_written_whole_and_once(world: World, helper: Dying) -> None:
    await fill_departments(world)
    striker = Striker(world, helper)
    sent = await striker.ask("admin", f"/v1/provinces/{PROVINCE}/registers/posts", file=POSTS, again=202)
    await work_off(world.app)
    upload = f"/v1/register-uploads/{sent.json()['id']}"
    done = await striker.ask("admin", f"{upload}/commit", body={})
    assert (done.json()["status"], done.json()["counts"]["new"]) == ("committed", 1)
    assert (await world.as_("admin").get("/v1/posts", params={"q": "VT-1"})).json()["total"] == 1
    assert (await striker.ask("admin", f"{upload}/undo", body={})).json()["status"] == "undone"
    assert (await world.as_("admin").get("/v1/posts", params={"q": "VT-1"})).json()["total"] == 0


async def test_a_secondment_run_is_claimed_counted_and_ended_once_whichever_side_of_it_is_killed(
    world: World, helper: Dying
) -> None:
    await fill_departments(world)
    striker = Striker(world, helper)
    asked = await striker.ask("admin", f"/v1/provinces/{PROVINCE}/secondment-runs", body=SPAN, again=202)
    run_id = asked.json()["id"]
    await striker.lose("solver", f"{RUNS}/{run_id}/claim", body={"worker": "w1"})
    assert await striker.kill("after", "solver", f"{RUNS}/{run_id}/claim", body={"worker": "w1"}) == KILLED
    assert (await claim(world, run_id)).json()["code"] == "lease.held", "nobody heard the token; its time runs out"
    async with world.session() as session:
        await session.execute(sa.text("update roster.secondment_runs set held_until = now() - interval '1 second'"))
    token = (await claim(world, run_id, "w2")).json()["lease_token"]
    solved = await solve_run(world, run_id, token)
    result = solved.model_copy(update={"explanations": {}})  # the child that explained it was killed, too
    put = {"method": "PUT", "body": result.model_dump(mode="json")}
    await striker.ask("solver", f"{RUNS}/{run_id}/result", again=204, **put)
    assert (await put_result(world, run_id, result)).status_code == 204
    run = (await world.as_("admin").get(f"/v1/secondment-runs/{run_id}")).json()
    assert (run["status"], run["attempts"], run["filled"]) == ("succeeded", 2, 3)
    async with world.session() as session:
        assert await session.scalar(sa.text("select count(*) from roster.outbox where done_at is null")) == 0
    await assert_who_was_chosen_is_named_though_nothing_is_explained(world, run_id)
    drafted = await striker.ask("admin", f"/v1/secondment-runs/{run_id}/decisions", body=SPAN | TERMS, again=201)
    assert drafted.json() == {"drafted": 3, "already": 0}
    for step in ("approve", "publish"):
        assert (await striker.ask("admin", f"/v1/secondments/{step}", body={"run_id": run_id})).json()["changed"] == 3
    (notices,) = await list_notices(world)
    assert len(notices) == 3 + 2 + 2, "each person, each unit that sends and each that receives"


async def assert_who_was_chosen_is_named_though_nothing_is_explained(world: World, run_id: str) -> None:
    admin, path = world.as_("admin"), f"/v1/secondment-runs/{run_id}"
    vacancies = (await admin.get(f"{path}/vacancies")).json()["items"]
    assert {(one["person"], one["explanation"]) for one in vacancies} == {
        (code, None) for code in ("CB1", "CB2", "CB3")
    }
    assert all(one["people"][one["person"]]["full_name"] for one in vacancies)
    book = CalamineWorkbook.from_filelike(BytesIO((await admin.get(f"{path}/selection.xlsx")).content))
    rows = {name: len(book.get_sheet_by_name(name).to_python()) - 1 for name in ("Người được chọn", "Còn trống")}
    assert rows == {"Người được chọn": 3, "Còn trống": 0}


async def test_concurrent_duty_is_decided_and_each_occasion_told_once(world: World, helper: Dying) -> None:
    ids, striker = await fill_departments(world), Striker(world, helper)
    soon, later = (TODAY + timedelta(days=days) for days in (7, 100))
    duty = TERMS | {"from_on": str(TODAY), "review_on": str(soon), "weekdays": [0, 2], "reason": "Theo lịch"}
    duty |= {"staff_id": ids["CB1"], "post_id": ids["VT-NP"]}
    made = (await striker.ask("admin", "/v1/secondments", body=duty, again=201)).json()
    path = f"/v1/secondments/{made['id']}"
    for step in ("approve", "publish"):
        await striker.ask("admin", f"/v1/secondments/{step}", body={"secondment_ids": [made["id"]]})
    await striker.ask("admin", f"{path}/start", body={"on": str(TODAY)})
    await striker.sweep("roster_api.secondments.life:remind_of_endings")
    await striker.ask("admin", f"{path}/ask-change", body={"reason": "Trùng lịch họp"})
    review = {"on": str(TODAY), "next_review_on": str(later), "weekdays": [1, 3], "reason": "Theo đề nghị"}
    await striker.ask("admin", f"{path}/review", body=review)
    await striker.ask("admin", f"{path}/end", body={"on": str(TODAY), "reason": "Đã tuyển được người"})
    told = [{one["occasion"] for one in items} for items in await list_notices(world)]
    assert told == [{"published"}, {"review_due"}, {"change_asked"}, {"reviewed"}, {"ended_early"}]
    async with world.session() as session:
        asked = await session.scalar(sa.text("select count(*) from roster.outbox where topic = 'prepare_notices'"))
    assert asked == len(told), "an outbox row each"


async def test_oversight_groups_are_made_changed_published_and_told_once(
    roster_database_url: str, helper: Dying
) -> None:
    async with deputies_world(roster_database_url) as made:
        world, striker = made.world, Striker(made.world, helper)
        overseers = [{"account_id": account} for account in made.accounts.values()]
        body = {"overseers": overseers, "balance_pct": 100, "weights": "equal"}
        asked = await striker.ask("admin", f"{made.campaign}/group-runs", body=body, again=202)
        run_id = asked.json()["id"]
        path = groups_world.run_path(run_id)
        await striker.lose("solver", f"{path}/claim", body={"worker": "w1"})
        token = (await groups_world.claim(world, run_id)).json()["lease_token"]
        result = await groups_world.solve_run(world, run_id, token)
        put = {"method": "PUT", "body": result.model_dump(mode="json")}
        await striker.ask("solver", f"{path}/result", again=204, **put)
        run = (await world.as_("admin").get(f"/v1/group-runs/{run_id}")).json()
        assert (run["status"], run["attempts"], await count_rows(world, Grouping)) == ("succeeded", 1, 1)
        draft = f"/v1/groupings/{run['grouping_id']}"
        edit = {"exchanges": [[0, 1]], "reason": "Đổi địa bàn"}
        seen: Any = {"headers": {"If-Match": "*"}}
        edited = await striker.ask("admin", f"{draft}/edits", body=edit, **seen)
        assert edited.json()["edits"] == 1
        await striker.ask("admin", f"{draft}/publish", **seen)
        assert len(await groups_world.list_notices(made, run["grouping_id"])) == 2
        async with made.world.session() as session:
            rows = sa.text("select count(*) from roster.outbox where args->>'source_id' = :id")
            assert await session.scalar(rows, {"id": run["grouping_id"]}) == 1
        await see_a_step_reminded_of_once(striker, made.campaign)


async def see_a_step_reminded_of_once(striker: Striker, campaign: str) -> None:
    steps: Any = {"method": "PUT", "body": {"items": [{"step": "review", "due_on": "2025-10-20"}]}}
    await striker.ask("admin", f"{campaign}/timeline", **steps)
    await striker.sweep("roster_api.timeline.steps:remind_of_steps")
    await striker.ask("admin", f"{campaign}/launch", body={"launched_on": "2025-11-03"})
    assert await count_rows(striker.world, StepReminder) == 1


async def test_ticks_of_attendance_of_calls_and_orders_to_send_again_are_kept_once(
    roster_database_url: str, helper: Dying
) -> None:
    async with planning_world(roster_database_url) as world:
        plan_id = await world.make_published([(0, "C1", (0, 1, 2)), (3, "C2", (2,))])
        async with beside(world, plan_id) as notifier:
            address = {"notifier_url": world.app.state.settings.notifier_url, "notifier_api_key": KEY}
            striker = Striker(world, helper, **address)
            message = str(notifier.messages[0].id)
            await striker.ask("s1", f"/v1/call-list/{message}/calls", body={"outcome": "reached"}, again=201)
            order = {"message_ids": [message], "reason": "Đã sửa số"}
            await striker.ask("admin", "/v1/message-orders", body=order, again=202)
            of_plan = {"status": "failed", "confirm": 1, "reason": "Nhà mạng đã sửa"}
            await striker.ask("admin", f"/v1/plans/{plan_id}/message-orders", body=of_plan, again=202)
        assert (await count_rows(world, PhoneCall), await count_rows(world, MessageOrder)) == (1, 2)
        await come_to_pass(world)
        days = (await list_days(world, commune_code="C1"))[:5]
        ticks = [tick(day, key=f"k{number}") for number, day in enumerate(days)]
        path = f"/v1/campaigns/{world.campaign_id}/attendance"
        answer = await striker.ask("c1", path, body={"ticks": ticks})
        assert answer.json()["already"] == len(ticks) == await count_rows(world, AttendanceTick)
        assert all(day.outcome == "present" for day in (await list_days(world, commune_code="C1"))[:5])


async def test_a_half_made_statement_does_not_exist_and_a_correction_is_one_statement_of_the_difference(
    roster_database_url: str, helper: Dying
) -> None:
    async with allowances_world(roster_database_url) as world:
        await set_rates(world, RATES)
        striker, month = Striker(world, helper), {"month": MONTH}
        path = f"/v1/campaigns/{world.campaign_id}/allowance-statements"
        await striker.ask("finance", path, body=month)
        (first,) = [row for row in await list_statements(world) if row["school_code"] == "S1"]
        await move_on(striker, first, ("check", "approve"))
        await set_outcome(world, AN, 20, "absent")
        await set_outcome(world, BINH, 27, "present")
        await striker.ask("finance", path, body=month)
        first, second = [row for row in await list_statements(world) if row["school_code"] == "S1"]
        assert [(row["number"], row["state"]) for row in (first, second)] == [(1, "approved"), (2, "computed")]
        assert (first["total_vnd"], second["total_vnd"]) == (2_810_000, -150_000)
        await move_on(striker, second, ("check", "approve", "pay"))
        async with world.session() as session:
            lines = sa.func.sum(AllowanceLine.amount_vnd)
            whole = sa.select(AllowanceStatement.total_vnd == lines).join(
                AllowanceLine, AllowanceLine.statement_id == AllowanceStatement.id
            )
            assert set(await session.scalars(whole.group_by(AllowanceStatement.id))) == {True}


async def move_on(striker: Striker, statement: dict[str, Any], steps: tuple[str, ...]) -> None:
    for step in steps:
        who, path = "s1" if step == "check" else "finance", f"/v1/allowance-statements/{statement['id']}/{step}"
        answer = await striker.ask(who, path, headers={"If-Match": "*"})
        assert answer.json()["state"] == {"check": "checked", "approve": "approved", "pay": "paid"}[step]
