"""What people said of themselves is not written over by the school's next list: it is kept, and the preview says so."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from roster_api.volunteers.models import Volunteer
from roster_api.volunteers.own_words import take_down

from tests.roster_api.rosters.conftest import SchoolDesk
from tests.roster_api.rosters.workbooks import person, roster


async def say(desk: SchoolDesk, one: dict[str, Any], **words: Any) -> None:
    """As the person does on the page of their invitation."""
    async with desk.app.state.sessions.begin() as session:
        row = await session.get_one(Volunteer, UUID(one["id"]))
        take_down(row, words, by="person", at=datetime.now(UTC))


async def test_a_later_list_is_told_what_was_kept_and_what_is_said_meanwhile_is_not_written_over(
    desk: SchoolDesk,
) -> None:
    await desk.take_in(roster(person(1), person(2), person(3)))
    people = {one["external_ref"]: one for one in await desk.volunteers()}
    await say(desk, people["SV001"], free_weekdays=[4], max_days=1, skills={"digitise": 2})
    upload = await desk.preview(roster(
        person(1, **{"Ngày rảnh": "T3", "Số điện thoại": "0950007777"}),
        person(2, **{"Ngày rảnh": "T3, T5"}),
        person(3),
    ))  # fmt: skip
    assert (upload["counts"]["changed"], upload["counts"]["same"]) == (2, 1)
    kept = [one for one in upload["repairs"] if one["code"] == "own_words.kept"]
    assert [(one["rows"], one["example"]["cell"][1:]) for one in kept] == [(1, "2")]
    assert "giữ điều đã khai" in kept[0]["example"]["vi"]
    rows = (await desk.client.get(f"/v1/roster-uploads/{upload['id']}/rows", params={"status": "changed"})).json()
    assert {tuple(row["changes"]) for row in rows["items"]} == {("phone",), ("free_weekdays",)}

    await say(desk, people["SV002"], free_weekdays=[0, 2])  # the very value that the list was compared with
    done = await desk.commit(upload)
    assert (done.status_code, done.json()["counts"]["conflict"]) == (200, 1)
    after = {one["external_ref"]: one for one in await desk.volunteers()}
    assert (after["SV001"]["phone"], after["SV001"]["free_weekdays"]) == ("+84950007777", [4])
    assert (after["SV001"]["max_days"], after["SV002"]["free_weekdays"]) == (1, [0, 2])
    again = await desk.preview(roster(person(2, **{"Ngày rảnh": "T3, T5"})))
    assert again["counts"]["changed"] == 0
