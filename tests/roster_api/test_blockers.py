"""Blockers: clocks in working hours, the way up, who is told of each step and once, confirmed or reopened."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from roster_api.access.models import Account, RoleAssignment
from roster_api.blockers.escalating import escalate_overdue
from roster_api.blockers.models import Blocker, BlockerStep
from roster_api.campaigns.schemas import CalendarException
from roster_api.campaigns.working_time import LOCAL, WorkClock, WorkingDays
from roster_api.communes.models import Commune
from roster_api.outbox.models import OutboxRow
from roster_api.settings import Settings

from tests.roster_api.month_world import count_rows
from tests.roster_api.planning_world import PROVINCE, World, planning_world

SPANS = [(time(7, 30), time(11, 30)), (time(13, 30), time(17))]
EIGHT_HOURS = timedelta(hours=8)
DECREED = [
    {"on": "2026-01-02", "kind": "closed", "reason": "Hoán đổi ngày nghỉ"},
    {"on": "2026-01-10", "kind": "open", "reason": "Làm bù", "weekday": 4},
]
CLOCK = WorkClock(WorkingDays([CalendarException.model_validate(each) for each in DECREED]), SPANS)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("raised", "due"),
    [
        ("2025-11-14T16:50", "2025-11-18T07:50"),  # a Friday: 10 minutes, the whole Monday, 20 minutes
        ("2025-11-12T07:30", "2025-11-13T08:00"),  # a day has seven and a half hours
        ("2025-11-12T12:00", "2025-11-13T14:00"),  # at noon the clock stands
        ("2025-11-15T10:00", "2025-11-18T08:00"),  # raised on a Saturday
        ("2026-02-13T16:50", "2026-02-24T07:50"),  # before Tết, 16 to 20 February
        ("2025-12-31T16:00", "2026-01-05T16:30"),  # New Year, then a day exchanged, then a weekend
        ("2026-01-09T16:50", "2026-01-12T07:50"),  # the Saturday after is worked instead
        ("2026-04-24T17:00", "2026-04-29T08:00"),  # Hùng Kings on a Sunday: the Monday is given in lieu
    ],
)
def test_a_working_day_is_eight_hours_of_the_offices_hours(raised: str, due: str) -> None:
    start, end = local(raised), local(due)
    assert CLOCK.add(start, EIGHT_HOURS) == end
    assert CLOCK.between(start, end) == EIGHT_HOURS
    assert CLOCK.add(start.astimezone(UTC), EIGHT_HOURS) == end
    assert CLOCK.between(end, start) == timedelta()


def test_hours_are_read_from_the_settings_and_wrong_ones_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROSTER_WORKING_HOURS", "08:00-12:00, 13:00-17:00")
    monkeypatch.setenv("ROSTER_ENVIRONMENT", "development")
    settings = Settings(database_url="postgresql://nobody@127.0.0.1/none")
    assert settings.working_hours == [(time(8), time(12)), (time(13), time(17))]
    for wrong in ("08:00-12:00,11:00-17:00", "12:00-08:00", "sáng", ""):
        monkeypatch.setenv("ROSTER_WORKING_HOURS", wrong)
        with pytest.raises(ValueError, match="ROSTER_WORKING_HOURS"):
            Settings(database_url="postgresql://nobody@127.0.0.1/none")


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        await made.make_published([(0, "C1", (0, 1)), (3, "C2", (0,))])
        async with made.session() as session:
            (await session.get_one(Commune, "C1")).contact_email = "ubnd@xa.example.vn"
            for role in ("overseer", "director", "secretary_office"):
                account = Account(issuer="https://dev.example.vn", email=f"{role}@so.example.vn", display_name=role)
                session.add(account)
                await session.flush()
                session.add(RoleAssignment(account_id=account.id, role=role, province_code=PROVINCE, granted_by="test"))
        yield made


def path(world: World) -> str:
    return f"/v1/campaigns/{world.campaign_id}/blockers"


async def raised(world: World, **more: Any) -> dict[str, Any]:
    body = {"words": "Máy chủ một cửa không đăng nhập được", "field_code": "digitise"} | more
    answer = await world.as_("c1").post(path(world), json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def escalate(world: World, now: datetime) -> int:
    async with world.session() as session:
        return await escalate_overdue(session, world.app.state.settings, now=now)


async def told(world: World, blocker_id: str) -> list[tuple[str, list[str]]]:
    """(step, mail addresses) of every step that has notices, in order; each step's outbox row is there once."""
    async with world.session() as session:
        steps = (
            await session.scalars(
                sa.select(BlockerStep).where(BlockerStep.blocker_id == blocker_id).order_by(BlockerStep.number)
            )
        ).all()
        rows = [args.get("source_id") for args in await session.scalars(sa.select(OutboxRow.args))]
    service, heard = world.as_("notifier"), []
    for step in (step for step in steps if step.kind != "noted"):
        assert rows.count(str(step.id)) == 1
        items = (await service.get(f"/v1/internal/sources/blocker_step/{step.id}/notices")).json()["items"]
        asked = {"items": [{"recipient": one["recipient"], "source": one["source"]} for one in items]}
        cards = (await service.post("/v1/internal/contacts", json=asked)).json()["items"]
        heard.append((step.kind, sorted(card["email"] for card in cards)))
    return heard


async def test_a_level_that_nobody_holds_does_not_keep_a_blocker_to_itself(world: World) -> None:
    """The next level hears at once, Home Affairs last: never nobody, as long as anybody is there."""
    async with world.session() as session:
        await session.execute(sa.delete(RoleAssignment).where(RoleAssignment.role.in_(["overseer", "director"])))
    blocker = await raised(world)
    assert await told(world, blocker["id"]) == [("raised", ["secretary_office@so.example.vn"])]
    async with world.session() as session:
        held = sa.update(RoleAssignment).where(RoleAssignment.role == "secretary_office").values(role="admin")
        await session.execute(held)
    assert await told(world, blocker["id"]) == [("raised", ["secretary_office@so.example.vn"])], "now of Home Affairs"


async def test_a_blocker_goes_up_to_the_secretary_and_each_step_is_told_once(world: World) -> None:
    blocker = await raised(world)
    assert (blocker["level"], blocker["state"], blocker["held_by"]) == ("overseer", "open", ["overseer"])
    due = datetime.fromisoformat(blocker["due_at"])
    assert await escalate(world, due - timedelta(seconds=1)) == 0
    assert sum(await asyncio.gather(*(escalate(world, due) for _ in range(3)))) == 1, "three relays, one step"
    second = (await world.as_("overseer").get(f"{path(world)}/{blocker['id']}")).json()
    assert (second["level"], second["held_by"]) == ("director", ["director"])
    assert await escalate(world, datetime.fromisoformat(second["due_at"])) == 1
    third = (await world.as_("c1").get(f"{path(world)}/{blocker['id']}")).json()
    assert (third["level"], third["due_at"], third["held_by"]) == ("secretary_office", None, ["secretary_office"])
    assert await escalate(world, due + timedelta(days=365)) == 0, "nothing is above"
    assert [(step["kind"], step["level"], step["made_by"]) for step in third["steps"]] == [
        ("raised", "overseer", "c1"),
        ("escalated", "director", None),
        ("escalated", "secretary_office", None),
    ]
    assert await told(world, blocker["id"]) == [
        ("raised", ["overseer@so.example.vn"]),
        ("escalated", ["director@so.example.vn", "ubnd@xa.example.vn"]),
        ("escalated", ["secretary_office@so.example.vn", "ubnd@xa.example.vn"]),
    ]


async def test_killed_between_escalation_and_notice_neither_was_done_and_then_both_once(world: World) -> None:
    blocker = await raised(world)
    due, rows = datetime.fromisoformat(blocker["due_at"]), await count_rows(world, OutboxRow)
    async with world.session() as session:
        assert await escalate_overdue(session, world.app.state.settings, now=due) == 1
        await session.rollback()  # what Postgres does with a relay that dies before its commit
    async with world.session() as session:
        assert (await session.get_one(Blocker, blocker["id"])).level == "overseer"
    assert await count_rows(world, OutboxRow) == rows
    assert [await escalate(world, due), await escalate(world, due)] == [1, 0]
    assert await count_rows(world, OutboxRow) == rows + 1


async def test_solved_is_confirmed_by_who_raised_it_or_reopened_with_another_working_day(world: World) -> None:
    blocker = await raised(world, urgency="urgent")
    here = f"{path(world)}/{blocker['id']}"
    assert (await world.as_("c1").post(f"{here}/solve", json={"words": "Tự xong"})).status_code == 403
    assert (await world.as_("c1").post(f"{here}/confirm")).json()["code"] == "blocker.state"
    solved = (await world.as_("overseer").post(f"{here}/solve", json={"words": "Đã cấp lại mật khẩu"})).json()
    assert (solved["state"], solved["due_at"], solved["solution"]) == ("solved", None, "Đã cấp lại mật khẩu")
    assert await escalate(world, datetime.now(UTC) + timedelta(days=30)) == 0, "the clock stands"
    reopened = (await world.as_("c1").post(f"{here}/reopen", json={"words": "Vẫn không vào được"})).json()
    assert (reopened["state"], reopened["times_reopened"]) == ("open", 1)
    assert reopened["due_at"] is not None
    await world.as_("c1").post(f"{here}/notes", json={"words": "Gọi lúc 9 giờ"})
    await world.as_("overseer").post(f"{here}/solve", json={"words": "Đổi máy chủ"})
    closed = (await world.as_("c1").post(f"{here}/confirm")).json()
    assert (closed["state"], closed["held_by"]) == ("closed", [])
    assert await told(world, blocker["id"]) == [
        ("raised", ["overseer@so.example.vn"]),
        ("solved", ["ubnd@xa.example.vn"]),
        ("reopened", ["overseer@so.example.vn"]),
        ("solved", ["ubnd@xa.example.vn"]),
        ("confirmed", ["overseer@so.example.vn"]),
    ]


async def test_each_sees_what_concerns_them_and_raises_where_they_answer(world: World) -> None:
    blocker = await raised(world)
    seen = {}
    for who in ("admin", "overseer", "c1", "s1", "s2"):
        seen[who] = (await world.as_(who).get(path(world))).json()["total"]
    assert seen == {"admin": 1, "overseer": 1, "c1": 1, "s1": 1, "s2": 0}, "S1 answers for C1"
    assert (await world.as_("s2").get(f"{path(world)}/{blocker['id']}")).status_code == 404
    assert (await world.as_("s1").post(f"{path(world)}/{blocker['id']}/confirm")).json()["code"] == "blocker.state"
    assert (await world.as_("finance").get(path(world))).status_code == 403
    for who, commune, status in (("s1", "C1", 201), ("s1", "C2", 422), ("c1", "C2", 422), ("s2", None, 422)):
        body = {"words": "Mất mạng", "commune_code": commune}
        answer = await world.as_(who).post(path(world), json=body)
        assert answer.status_code == status, (who, commune)


async def test_support_is_logged_with_its_minutes_outside_working_hours(world: World) -> None:
    entry = {"commune_code": "C1", "words": "Hỗ trợ nâng cấp máy chủ"}
    hours = {"began_at": "2025-11-14T16:30:00+07:00", "ended_at": "2025-11-14T19:00:00+07:00"}
    log = f"/v1/campaigns/{world.campaign_id}/support"
    made = await world.as_("overseer").post(log, json=entry | hours)
    assert (made.json()["minutes"], made.json()["minutes_outside"]) == (150, 120)
    sunday = {"began_at": "2025-11-16T09:00:00+07:00", "ended_at": "2025-11-16T10:00:00+07:00"}
    assert (await world.as_("overseer").post(log, json=entry | sunday)).json()["minutes_outside"] == 60
    assert (await world.as_("c1").get(log)).json()["total"] == 2
    assert (await world.as_("s2").get(log)).json()["total"] == 0
    wrong = {"began_at": hours["ended_at"], "ended_at": hours["began_at"]}
    assert (await world.as_("overseer").post(log, json=entry | wrong)).status_code == 422
