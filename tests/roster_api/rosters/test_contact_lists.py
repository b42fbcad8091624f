"""A list of names and contacts alone: its people are on the roster, counted as incomplete, and keep what is known."""

import pytest

from tests.roster_api.rosters.conftest import SchoolDesk
from tests.roster_api.rosters.workbooks import person, roster, xlsx, xlsx_of

HEADER = ["STT", "Họ và tên", "Vai trò", "Số điện thoại", "Email", "Lớp"]
LAN = [1, "Trần Thị Lan", "SV năm 3", "0950000501", None, "K45A"]
MINH = [2, "Lê Văn Minh", "SV năm 3", None, "minh@truong.example", "K45B"]


async def test_names_and_one_contact_are_enough_and_such_people_are_counted_as_incomplete(desk: SchoolDesk) -> None:
    await desk.take_in(roster(person(1)))
    upload = await desk.preview(xlsx([HEADER, LAN, MINH]))
    assert (upload["counts"]["new"], upload["counts"]["error"]) == (2, 0)
    assert any("2 người chưa đủ thông tin" in note["vi"] for note in upload["notes"])
    assert (await desk.commit(upload)).status_code == 200
    listed = {}
    for wanted in ("true", "false"):
        answer = await desk.client.get(f"/v1/volunteers?incomplete={wanted}")
        listed[wanted] = {one["full_name"]: one for one in answer.json()["items"]}
    assert set(listed["true"]) == {"Trần Thị Lan", "Lê Văn Minh"}
    assert [one["is_incomplete"] for one in listed["false"].values()] == [False]
    lan = listed["true"]["Trần Thị Lan"]
    assert (lan["free_weekdays"], lan["skills"], lan["phone"]) == ([], {}, "+84950000501")
    filled = await desk.client.patch(
        f"/v1/volunteers/{lan['id']}",
        json={"free_weekdays": [1], "skills": {"digitise": 1}},
        headers={"If-Match": f'"{lan["row_version"]}"'},
    )
    assert filled.json()["is_incomplete"] is False


async def test_whoever_is_known_keeps_what_a_list_of_contacts_does_not_say(desk: SchoolDesk) -> None:
    await desk.take_in(roster(person(1)))
    (before,) = await desk.volunteers()
    await desk.take_in(xlsx([HEADER, [1, before["full_name"], "SV năm 4", None, before["email"], "K45A"]]))
    assert await desk.volunteers() == [before]


async def test_somebody_without_any_contact_is_an_error(desk: SchoolDesk) -> None:
    upload = await desk.preview(xlsx([HEADER, LAN, [2, "Lê Văn Minh", "SV năm 3", None, None, "K45B"]]))
    assert (upload["counts"]["new"], upload["counts"]["error"]) == (1, 1)
    assert "contact.missing" in {error["code"] for error in upload["errors"]}


@pytest.mark.parametrize("told", ["T2, T4", "x", "Số hóa hồ sơ"])
async def test_a_column_that_is_not_understood_and_may_tell_days_or_fields_is_asked_about(
    desk: SchoolDesk, told: str
) -> None:
    assert await desk.refused(xlsx([HEADER, [*LAN[:5], told]])) == "roster.columns"


async def test_a_sheet_of_contacts_beside_a_whole_list_is_asked_about_as_ever(desk: SchoolDesk) -> None:
    whole = [["Họ và tên", "Vai trò", "SĐT", "Ngày rảnh", "Lĩnh vực"]]
    whole.append(["Nguyễn Văn Anh", "GV", "0950000001", "T2", "Số hóa hồ sơ"])
    assert await desk.refused(xlsx_of({"DS": whole, "Liên hệ": [HEADER, LAN]})) == "roster.columns"
