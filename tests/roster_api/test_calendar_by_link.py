"""The calendar behind the personal link: any calendar program can fetch it, and its event is the mail's."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from commune_schemas.notices import PersonNotice
from dateutil.rrule import rruleset, rrulestr
from icalendar import Calendar
from ics import Calendar as OtherParser
from notifier.calendar import write_calendar
from roster_api.answers import calendar as by_link
from roster_api.answers.models import PlacementAnswer
from roster_api.plans.models import Placement

from tests.notifier.people import make_placement
from tests.roster_api.planning_world import World, days_of_service, planning_world

PLACES = ((0, "C1", (0, 1)), (1, "C1", (0,)), (3, "C2", (2,)))
SAME_TO_A_CALENDAR = ("UID", "SEQUENCE", "SUMMARY", "LOCATION", "DESCRIPTION", "DTSTART", "DTEND", "RRULE", "STATUS")


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def notice_of(world: World, plan_id: str, number: int = 0) -> PersonNotice:
    who = str(world.volunteer_ids[number])
    told = next(notice for notice in await world.notices(plan_id) if notice["volunteer_id"] == who)
    return PersonNotice.model_validate({name: told[name] for name in PersonNotice.model_fields if name in told})


def event_of(content: bytes) -> Any:
    (event,) = Calendar.from_ical(content.decode()).walk("VEVENT")
    return event


def lines_of(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def days_by_lines(content: bytes) -> list[date]:
    """As a program reads it that takes the first value of each EXDATE line: the second library's own lines."""
    (event,) = OtherParser(content.decode()).events
    days = rruleset()
    for line in event.extra:
        if line.name == "RRULE":
            days.rrule(rrulestr(line.value, dtstart=event.begin.datetime.astimezone(UTC)))  # type: ignore[arg-type]
        if line.name == "EXDATE":
            first = datetime.fromisoformat(line.value.split(",")[0])
            days.exdate(first.replace(tzinfo=event.begin.datetime.tzinfo).astimezone(UTC))
    return [day.date() for day in days] or [event.begin.date()]


async def test_the_page_links_to_a_file_that_needs_no_header_and_is_the_mails_event(world: World) -> None:
    left_out = days_of_service((0, 1))[3]
    plan_id = await world.make_plan(PLACES)
    async with world.session() as session:
        served = [day for day in days_of_service((0, 1)) if day != left_out]
        mine = Placement.volunteer_id == world.volunteer_ids[0]
        await session.execute(sa.update(Placement).where(mine).values(dates=served))
    assert (await world.publish(plan_id)).status_code == 200
    notice = await notice_of(world, plan_id)
    path = notice.answer_url.removeprefix("https://roster.example")
    page = (await world.as_("nobody").get(path)).text
    assert f'href="{path}/calendar.ics"' in page
    feed = await world.as_("nobody").get(f"{path}/calendar.ics")
    assert (feed.status_code, feed.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    mail = write_calendar(notice, stamped_at=datetime.now(UTC), organizer_email="a@truong.example")
    ours, theirs = event_of(feed.content), event_of(mail)
    assert {name: ours[name].to_ical() for name in SAME_TO_A_CALENDAR if hasattr(ours[name], "to_ical")} == {
        name: theirs[name].to_ical() for name in SAME_TO_A_CALENDAR if hasattr(theirs[name], "to_ical")
    }
    assert ours["SUMMARY"] == theirs["SUMMARY"] == "Hỗ trợ Xã Tây Khánh Vĩnh"
    for content in (feed.content, mail):
        exceptions = [line for line in lines_of(content) if line.startswith("EXDATE")]
        assert len(exceptions) >= 1
        assert not [line for line in exceptions if "," in line], "an exception a line"
        assert days_by_lines(content) == served


async def test_opening_and_looking_at_links_however_often_answers_nothing(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    path = (await notice_of(world, plan_id)).answer_url.removeprefix("https://roster.example")
    nobody = world.as_("nobody")
    for address in (path, f"{path}/calendar.ics"):
        for _ in range(20):
            seen, looked = await nobody.get(address), await nobody.head(address)
            assert (seen.status_code, looked.status_code) == (200, 200)
            assert looked.headers["content-type"] == seen.headers["content-type"]
    wrong = [(await nobody.request(method, f"{path}x/calendar.ics")).status_code for method in ("GET", "HEAD")]
    assert wrong == [404, 404]
    async with world.session() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(PlacementAnswer)) == 0


async def test_the_file_follows_the_plan_and_ends_as_cancelled(world: World) -> None:
    first = await world.make_published(PLACES)
    path = (await notice_of(world, first)).answer_url.removeprefix("https://roster.example") + "/calendar.ics"
    before = event_of((await world.as_("nobody").get(path)).content)
    await world.make_published(((1, "C1", (0,)),))
    after = event_of((await world.as_("nobody").get(path)).content)
    assert (after["UID"], after["STATUS"]) == (before["UID"], "CANCELLED")
    assert after["SEQUENCE"] > before["SEQUENCE"]


async def test_the_page_says_how_far_what_to_do_and_whom_to_call_by_a_number_one_can_dial(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    path = (await notice_of(world, plan_id)).answer_url.removeprefix("https://roster.example")
    page = (await world.as_("nobody").get(path)).text
    for words in ("cách trường khoảng 12 km", "Hướng dẫn: Số hóa hồ sơ", "0950 000 012", 'href="tel:+84950000012"'):
        assert words in page
    headers = {"Authorization": f"Link {path.removeprefix('/a/')}"}
    mine = (await world.as_("nobody").get("/v1/me/placement", headers=headers)).json()
    assert set(mine["guidance"]) == {"Số hóa hồ sơ"}


def test_a_campaigns_name_is_text_in_the_calendar_whatever_it_holds() -> None:
    name = "Đợt 1; hỗ trợ, giai đoạn 2"
    content = by_link.write_calendar(
        make_placement(), uid="x", sequence=1, campaign_name=name, answer_url="https://roster.example/a/x",
        is_withdrawn=False, stamp=datetime(2026, 12, 1, tzinfo=UTC),
    )  # fmt: skip
    assert "X-WR-CALNAME:Đợt 1\\; hỗ trợ\\, giai đoạn 2" in lines_of(content)
