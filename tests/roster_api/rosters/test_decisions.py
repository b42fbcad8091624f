"""Rows that may be somebody else: side by side in the answer, decided by the school, compared anew."""

from typing import Any
from uuid import UUID

import httpx
import sqlalchemy as sa
from roster_api.volunteers.models import Volunteer

from tests.roster_api.rosters.conftest import SchoolDesk
from tests.roster_api.rosters.workbooks import person, roster
from tests.support.refusals import check_words

SHEET = "Danh sách"


async def put(desk: SchoolDesk, upload: dict[str, Any], *decisions: dict[str, Any]) -> httpx.Response:
    headers = {"If-Match": f'"{upload["row_version"]}"'}
    body = {"decisions": [{"sheet": SHEET, **one} for one in decisions]}
    return await desk.client.put(f"/v1/roster-uploads/{upload['id']}/decisions", json=body, headers=headers)


async def decided(desk: SchoolDesk, upload: dict[str, Any], *decisions: dict[str, Any]) -> dict[str, Any]:
    return await desk.settled(await put(desk, upload, *decisions))


def other(number: int, **changes: Any) -> list[Any]:
    """Somebody else: another name, phone and address."""
    return person(
        number, **{"Họ và tên": "Vũ Thị Khác", "Số điện thoại": "0950007777", "Email": "k@x.example"} | changes
    )


async def test_an_equal_code_and_nothing_else_is_asked_about_side_by_side_and_decided(desk: SchoolDesk) -> None:
    await desk.take_in(roster(person(1), person(2)))
    (known,) = [one for one in await desk.volunteers() if one["external_ref"] == "SV001"]
    upload = await desk.preview(roster(other(1), person(2)))
    assert upload["counts"]["error"] == 1
    (doubt,) = upload["doubts"]
    assert (doubt["code"], doubt["row"], doubt["choices"]) == ("identity.code_taken", 2, ["same_as", "left_out"])
    assert (doubt["listed"]["full_name"], doubt["listed"]["phone"]) == ("Vũ Thị Khác", "+84950007777")
    assert (doubt["beside"]["volunteer_id"], doubt["beside"]["full_name"]) == (known["id"], known["full_name"])
    same = await decided(desk, upload, {"row": 2, "is": "same_as", "volunteer_id": known["id"]})
    assert (same["counts"]["error"], same["counts"]["changed"], same["doubts"]) == (0, 1, [])
    assert same["decisions"] == [{"sheet": SHEET, "row": 2, "is": "same_as", "volunteer_id": known["id"]}]
    out = await decided(desk, same, {"row": 2, "is": "left_out"})
    assert (out["counts"]["left_out"], out["counts"]["error"], out["counts"]["missing"]) == (1, 0, 1)
    assert (await desk.commit(out)).status_code == 200
    assert {one["full_name"] for one in await desk.volunteers()} >= {known["full_name"]}
    assert (await put(desk, out)).json()["code"] == "roster.already_committed"


async def test_a_decision_for_somebody_who_is_gone_when_it_is_read_is_an_error_at_the_row(desk: SchoolDesk) -> None:
    await desk.take_in(roster(person(1), person(2)))
    (known,) = [one for one in await desk.volunteers() if one["external_ref"] == "SV001"]
    upload = await desk.preview(roster(other(1), person(2)))
    chosen = await put(desk, upload, {"row": 2, "is": "same_as", "volunteer_id": known["id"]})
    async with desk.app.state.sessions.begin() as session:
        await session.execute(sa.delete(Volunteer).where(Volunteer.id == UUID(known["id"])))
    after = await desk.settled(chosen)
    (error,) = [each for each in after["errors"] if each["code"] == "identity.decision_gone"]
    assert (error["row"], error["column"]) == (2, "Họ và tên")
    check_words(error["vi"], error["en"])


async def test_doubles_in_the_file_stand_side_by_side_and_the_later_may_be_left_out(desk: SchoolDesk) -> None:
    upload = await desk.preview(roster(person(1), person(2), other(3, **{"Số điện thoại": "0950000001"})))
    (doubt,) = upload["doubts"]
    assert (doubt["code"], doubt["row"], doubt["beside"]["row"]) == ("duplicate.phone", 4, 2)
    assert doubt["listed"]["phone"] == doubt["beside"]["phone"] == "+84950000001"
    out = await decided(desk, upload, {"row": 4, "is": "left_out"})
    assert (out["counts"]["new"], out["counts"]["left_out"], out["counts"]["error"]) == (2, 1, 0)


async def test_one_name_on_list_and_roster_is_one_person_or_two_as_the_school_says(desk: SchoolDesk) -> None:
    await desk.take_in(roster(person(1), person(2)))
    names = {one["external_ref"]: one for one in await desk.volunteers()}
    again = other(9, **{"Họ và tên": names["SV001"]["full_name"]})
    upload = await desk.preview(roster(again, person(2)))
    (doubt,) = upload["doubts"]
    assert (doubt["code"], doubt["choices"]) == ("identity.same_name", ["same_as", "new", "left_out"])
    same = await decided(desk, upload, {"row": 2, "is": "same_as", "volunteer_id": names["SV001"]["id"]})
    assert (same["counts"]["changed"], same["counts"]["new"], same["doubts"]) == (1, 0, [])
    new = await decided(desk, same, {"row": 2, "is": "new"})
    assert (new["counts"]["new"], new["doubts"], new["repairs"]) == (1, [], [])


async def test_decisions_about_nobody_or_by_somebody_too_late_are_refused(
    desk: SchoolDesk, other_desk: SchoolDesk
) -> None:
    await other_desk.take_in(roster(person(5)))
    (theirs,) = await other_desk.volunteers()
    upload = await desk.preview(roster(person(1)))
    for one, code in (
        ({"row": 9, "is": "new"}, "decision.no_such_row"),
        ({"row": 2, "is": "same_as", "volunteer_id": theirs["id"]}, "decision.no_such_person"),
    ):
        assert (await put(desk, upload, one)).json()["code"] == code
    assert (await put(desk, upload, {"row": 2, "is": "same_as"})).status_code == 422
    assert (await put(other_desk, upload, {"row": 2, "is": "new"})).status_code == 404
    await decided(desk, upload, {"row": 2, "is": "new"})
    assert (await put(desk, upload, {"row": 2, "is": "new"})).status_code == 412


async def test_the_same_human_in_two_schools_is_told_to_home_affairs_alone(
    desk: SchoolDesk, other_desk: SchoolDesk, admin: httpx.AsyncClient
) -> None:
    await other_desk.take_in(roster(person(71)))
    upload = await desk.take_in(roster(person(71), person(72)))
    path = f"/v1/roster-uploads/{upload['id']}/elsewhere"
    (found,) = (await admin.get(path)).json()
    assert [one["school_id"] for one in found["others"]] == [str(other_desk.school_id)]
    assert (await desk.client.get(path)).status_code == 403
