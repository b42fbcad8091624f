"""Days that fall out: a volunteer's absences, a campaign's exceptions, and the calendar that follows from them."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from roster_api.campaigns.calendar import list_holidays

from tests.roster_api.reference_world import CAMPAIGN, MISSING_ID, World, shared_reference_world, volunteer

EXAM = {"starts_on": "2026-11-11", "kind": "exam"}
TEACHING = {"starts_on": "2026-11-16", "ends_on": "2026-11-18", "kind": "teaching", "note": "Dạy thay"}


@pytest.fixture
async def world(module_roster_database_url: str) -> AsyncIterator[World]:
    async with shared_reference_world(module_roster_database_url) as made:
        yield made


@pytest.fixture
async def person(world: World) -> str:
    """A volunteer of the test's own."""
    return f"/v1/volunteers/{(await world.create('/v1/volunteers', volunteer(world.ids['school'])))['id']}"


async def make_campaign(world: World, starts_on: str, ends_on: str) -> str:
    body = CAMPAIGN | {"starts_on": starts_on, "ends_on": ends_on}
    return f"/v1/campaigns/{(await world.create('/v1/campaigns', body))['id']}"


async def put(world: World, path: str, *items: dict[str, Any], who: str = "admin", **headers: str) -> Any:
    return await world.as_(who).put(path, json={"items": list(items)}, headers=headers)


async def days_of(world: World, campaign: str) -> dict[str, dict[str, Any]]:
    calendar = (await world.as_("coordinator").get(f"{campaign}/calendar")).json()
    assert calendar["working_days"] == sum(day["weekday"] is not None for day in calendar["days"])
    return {day["on"]: day for day in calendar["days"]}


async def test_absences_are_declared_as_a_whole_and_the_same_again_changes_nothing(world: World, person: str) -> None:
    first = await put(world, f"{person}/absences", TEACHING, EXAM, who="coordinator")
    assert first.status_code == 200, first.text
    assert first.json()["absences"] == [
        {"starts_on": "2026-11-11", "ends_on": "2026-11-11", "kind": "exam", "note": ""},
        TEACHING,
    ]
    again = await put(world, f"{person}/absences", EXAM, TEACHING)
    assert again.json() == first.json()
    fewer = await put(world, f"{person}/absences", EXAM, **{"If-Match": first.headers["ETag"]})
    assert [one["kind"] for one in fewer.json()["absences"]] == ["exam"]
    stale = await put(world, f"{person}/absences", **{"If-Match": first.headers["ETag"]})
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition.stale")
    assert (await world.as_("admin").get(person)).json() == fewer.json()


async def test_the_note_of_an_absence_is_for_the_school_and_home_affairs_alone(world: World, person: str) -> None:
    await put(world, f"{person}/absences", TEACHING)
    for who, note in (("admin", "Dạy thay"), ("coordinator", "Dạy thay"), ("overseer", None), ("finance", None)):
        (absence,) = (await world.as_(who).get(person)).json()["absences"]
        assert (absence["kind"], absence["note"]) == ("teaching", note), who
    assert (await put(world, f"{person}/absences", EXAM, who="other_coordinator")).status_code == 404


@pytest.mark.parametrize(
    "items",
    [
        [EXAM | {"ends_on": "2026-11-10"}],
        [EXAM | {"kind": "elsewhere"}],
        [EXAM | {"starts_on": "11/11/2026"}],
        [TEACHING, EXAM | {"starts_on": "2026-11-17"}],
        [EXAM, EXAM],
        [EXAM | {"note": "a\nb"}],
    ],
)
async def test_absences_that_make_no_sense_are_refused_and_none_is_kept(
    world: World, person: str, items: list[dict[str, Any]]
) -> None:
    answer = await put(world, f"{person}/absences", *items)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["vi"]
    assert (await world.as_("admin").get(person)).json()["absences"] == []


async def test_the_calendar_knows_vietnams_holidays_by_name(world: World) -> None:
    autumn = await days_of(world, await make_campaign(world, "2026-08-24", "2026-09-11"))
    assert (autumn["2026-09-02"]["kind"], autumn["2026-09-02"]["vi"]) == ("holiday", "Quốc khánh")
    tet = await days_of(world, await make_campaign(world, "2027-02-01", "2027-02-19"))
    assert tet["2027-02-08"]["weekday"] is None
    assert "Tết" in tet["2027-02-08"]["vi"]
    november = await days_of(world, await make_campaign(world, "2026-11-09", "2026-12-04"))
    assert november["2026-11-20"] == {"on": "2026-11-20", "kind": "working", "weekday": 4, "vi": "", "en": ""}
    assert november["2026-11-24"]["vi"] == "Ngày Văn hóa Việt Nam"
    assert len(november) == 20, "no weekends"


async def test_the_office_closes_days_and_works_holidays_and_weekends(world: World) -> None:
    campaign = await make_campaign(world, "2026-08-24", "2026-09-11")
    storm = {"on": "2026-09-10", "kind": "closed", "reason": "Bão số 5"}
    worked = {"on": "2026-09-01", "kind": "open", "reason": "Trực theo quyết định của tỉnh"}
    saturday = {"on": "2026-08-29", "kind": "open", "reason": "Làm bù", "weekday": 0}
    before = (await world.as_("admin").get(f"{campaign}/calendar")).json()["working_days"]
    answer = await put(world, f"{campaign}/calendar-exceptions", storm, worked, saturday)
    assert answer.status_code == 200, answer.text
    assert answer.json()["working_days"] == before + 1
    assert [one["on"] for one in answer.json()["exceptions"]] == ["2026-08-29", "2026-09-01", "2026-09-10"]
    days = await days_of(world, campaign)
    assert [(days[on]["kind"], days[on]["weekday"]) for on in ("2026-09-10", "2026-09-01", "2026-08-29")] == [
        ("closed", None),
        ("open", 1),
        ("open", 0),
    ]
    assert days["2026-09-10"]["vi"] == "Bão số 5"
    again = await put(world, f"{campaign}/calendar-exceptions", saturday, storm, worked)
    assert again.headers["ETag"] == answer.headers["ETag"]
    none = await put(world, f"{campaign}/calendar-exceptions", **{"If-Match": answer.headers["ETag"]})
    assert none.json()["working_days"] == before
    stale = await put(world, f"{campaign}/calendar-exceptions", storm, **{"If-Match": answer.headers["ETag"]})
    assert stale.status_code == 412


async def test_a_campaign_without_a_working_day_is_not_opened_and_decreed_days_are_not_left_behind(
    world: World,
) -> None:
    campaign = await make_campaign(world, "2026-08-29", "2026-08-29")
    admin = world.as_("admin")
    refused = await admin.post(f"{campaign}/open")
    assert (refused.status_code, refused.json()["code"]) == (409, "campaign.no_working_day")
    assert "29/08/2026" in refused.json()["detail_vi"]
    await put(
        world, f"{campaign}/calendar-exceptions", {"on": "2026-08-29", "kind": "open", "reason": "x", "weekday": 0}
    )
    moved = await world.patch(campaign, {"starts_on": "2026-08-31", "ends_on": "2026-09-11"})
    assert (moved.status_code, moved.json()["errors"][0]["code"]) == (422, "calendar.outside")
    assert "29/08/2026" in moved.json()["errors"][0]["vi"]
    assert (await admin.post(f"{campaign}/open")).json()["status"] == "open", "the office opened that Saturday"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"on": "2026-09-14", "kind": "closed"}, "calendar.outside"),
        ({"on": "2026-09-03", "kind": "open"}, "calendar.not_a_holiday"),
        ({"on": "2026-09-05", "kind": "closed"}, "request.invalid"),
        ({"on": "2026-09-05", "kind": "open"}, "request.invalid"),
        ({"on": "2026-09-02", "kind": "open", "weekday": 1}, "request.invalid"),
        ({"on": "2026-09-02", "kind": "open", "reason": " "}, "request.invalid"),
    ],
)
async def test_exceptions_that_make_no_sense_are_refused_with_their_place(
    world: World, wrong: dict[str, Any], code: str
) -> None:
    campaign = await make_campaign(world, "2026-08-24", "2026-09-11")
    good = {"on": "2026-09-10", "kind": "closed", "reason": "Bão"}
    answer = await put(world, f"{campaign}/calendar-exceptions", good, {"reason": "x"} | wrong)
    assert answer.status_code == 422
    error = answer.json()["errors"][0]
    assert error["pointer"].startswith("/items/1")
    assert error["vi"]
    assert answer.json()["code"] == code
    assert (await world.as_("admin").get(f"{campaign}/calendar")).json()["exceptions"] == []


async def test_exceptions_go_on_while_a_campaign_is_open_and_end_with_it(world: World) -> None:
    campaign = await make_campaign(world, "2026-08-24", "2026-09-11")
    closed = {"on": "2026-09-10", "kind": "closed", "reason": "Bão"}
    await world.as_("admin").post(f"{campaign}/open")
    assert (await put(world, f"{campaign}/calendar-exceptions", closed)).status_code == 200
    assert (await put(world, f"{campaign}/calendar-exceptions", closed, who="other_admin")).status_code == 404
    await world.as_("admin").post(f"{campaign}/close")
    answer = await put(world, f"{campaign}/calendar-exceptions")
    assert (answer.status_code, answer.json()["code"]) == (409, "campaign.closed")
    assert (await world.as_("admin").get(f"/v1/campaigns/{MISSING_ID}/calendar")).status_code == 404


def test_names_are_vietnamese_first_and_english_beside_whatever_language_the_machine_speaks() -> None:
    assert list_holidays(2026)[date(2026, 9, 2)] == ("Quốc khánh", "National Day")
