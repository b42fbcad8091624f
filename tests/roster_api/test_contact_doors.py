"""One rule for names and one for a person's own phone, at every door: lists, volunteers, schools, communes."""

import asyncio
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from roster_api.contacts import is_mobile, normalise_mobile
from roster_api.person_names import find_strange_part, read_person_name
from roster_api.rosters.reading.numbers import read_reference, read_team
from roster_api.rosters.reading.phones import read_phone

from tests.roster_api.reference_world import NHA_TRANG, World, reference_world, volunteer

GOOD_NAMES = (
    "H'Hen Niê", "Y-Blưm Niê Kđăm", "K’Brôi", "Hʼ Bia Êban", "PGS.TS. Lê Thị Hoa", "ThS.Nguyễn Văn An", "Phạm Gia Huy",
    "Bộ phận Một cửa UBND xã", "P.Đào tạo",
)  # fmt: skip
BAD_NAMES = (
    "Nhan tien: https://evil.example/x", "Nhận tiền www.evil.example", "Cô Hoa evil.example", "qua-tang.vn Hoa",
    "An\u202egnaV", "An\u200bVăn", "An\u2066Văn", "An\u2028Văn", "An\u00adVăn", "\u3164\u3164", "Văn An = 1", "An\tVăn",
    "Hoa evil.cóm", "Hoa ｅｖｉｌ.ｃｏｍ", "Hoa evil.cʼom", "Hoa evil.cжom", "Hoa банк.рф", "Hoa Tskh.Top",
    "Hoa ncs.cn.", "Hoa ts.ｔｏｐ", "An <b>Văn</b>", "An 0950000456", "An;Văn", "...", "A\u0301\u0301\u0301\u0301n",
)  # fmt: skip
OLD_FONTS = {
    "NguyÔn ThÞ Hång": "Nguyễn Thị Hồng", "TrÇn V¨n B×nh": "Trần Văn Bình", "Traàn Vaên Leâ": "Trần Văn Lê",
    "Nguyeãn Thò Höông": "Nguyễn Thị Hương", "LÃª TÃº": "Lê Tú", "Nguyễn Văn Ñô": "phông cũ",
}  # fmt: skip
LINKS = (
    "1 Trần Phú, https://evil.example", "www.evil.example", "1 Trần\u202ePhú", "xem bit.ly/abc", "1 Trần Phú evil.com",
    "1 Trần Phú qua-tang.shop", "1 Trần Phú, 192.0.2.7", "xem bit．ly／abc", "ｅｖｉｌ。ｃｏｍ",
)  # fmt: skip
ADDRESSES = (
    "Q.1, TP.HCM",
    "12.5/3 Đ.Me Linh",
    "P.Vĩnh Hải/TP.NT",
    "a@truong.vn",
    "KĐT.VN, Ấp 2.Xã",
    "5.Lý Thường Kiệt, P.Mỹ An, 090.12.34.567",
)
OWN_PHONES = {
    "0559905599": "+84559905599", "0528123456": "+84528123456", "0879123456": "+84879123456",
    "0898123456": "+84898123456", "844666531": "+84844666531", "0950 000 456": "+84950000456",
    "０９５００００４５６": "+84950000456",
    "+84 950 000 456": "+84950000456", "84950000456": "+84950000456", "950000456": "+84950000456",
    "0084 950.000.456": "+84950000456", "01629123456": "+84329123456", "+84 1629 123 456": "+84329123456",
}  # fmt: skip
NO_OWN_PHONES = {
    "02583822222": "cố định", "+84 258 3822 222": "cố định",
    "+14155550100": "nước ngoài", "0014155550100": "nước ngoài", "12345": "di động",
    "0999": "di động", "0950000456789": "di động", "0150000456": "di động", "gọi cô Hoa": "di động",
    "٠٩٥٠٠٠٠٤٥٦": "di động",
}  # fmt: skip
COURSE = {
    "province_code": "56", "code": "CDS-01", "topic": "Chữ ký số", "field_code": "digitise", "mode": "online",
    "sessions": [{"held_on": "2025-11-03"}],
}  # fmt: skip


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with reference_world(roster_database_url) as made:
        yield made


@pytest.mark.parametrize(("written", "number"), OWN_PHONES.items())
def test_a_mobile_is_the_same_number_by_the_api_and_in_a_list(written: str, number: str) -> None:
    assert normalise_mobile(written) == number
    assert read_phone(written).value == number
    assert is_mobile(number)


@pytest.mark.parametrize(("written", "why"), NO_OWN_PHONES.items())
def test_what_no_text_message_reaches_is_refused_by_the_api_and_in_a_list(written: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        normalise_mobile(written)
    assert read_phone(written).value is None


async def test_a_volunteers_phone_is_a_mobile_and_an_offices_may_be_a_landline(world: World) -> None:
    admin, school = world.as_("admin"), world.ids["school"]
    person = await world.create("/v1/volunteers", volunteer(school, phone="844666531"))
    assert person["phone"] == "+84844666531"
    for written, why in NO_OWN_PHONES.items():
        for answer in (
            await admin.post("/v1/volunteers", json=volunteer(school, phone=written)),
            await world.patch(f"/v1/volunteers/{person['id']}", {"phone": written}),
        ):
            assert answer.status_code == 422, written
            assert answer.json()["errors"][0]["pointer"] == "/phone"
            assert why in answer.json()["errors"][0]["vi"]
    for path in (f"/v1/schools/{school}", f"/v1/communes/{NHA_TRANG}"):
        assert (await world.patch(path, {"contact_phone": "02583822222"})).json()["contact_phone"] == "+842583822222"


@pytest.mark.parametrize("name", GOOD_NAMES)
def test_names_that_people_have_pass(name: str) -> None:
    assert read_person_name(f" {name} ") == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(("name", "guess"), OLD_FONTS.items())
def test_a_name_typed_before_unicode_is_asked_for_again_with_what_it_may_be(name: str, guess: str) -> None:
    with pytest.raises(ValueError, match=guess):
        read_person_name(name)


async def test_no_door_takes_a_name_that_is_a_link_or_reads_otherwise_than_it_is_written(world: World) -> None:
    school = world.ids["school"]
    doors = (
        (f"/v1/volunteers/{world.ids['volunteer']}", "full_name", "coordinator"),
        (f"/v1/schools/{school}", "contact_name", "coordinator"),
        (f"/v1/communes/{NHA_TRANG}", "contact_name", "officer"),
    )
    for name in (*BAD_NAMES, *OLD_FONTS):
        assert find_strange_part(name) is not None or name == "..." or name in OLD_FONTS, name
        for path, field, who in doors:
            answer = await world.patch(path, {field: name}, who=who)
            assert answer.status_code == 422, name
            assert answer.json()["errors"][0]["pointer"] == f"/{field}", name
        new = await world.as_("coordinator").post("/v1/volunteers", json=volunteer(school, full_name=name))
        made = await world.as_("admin").post("/v1/schools", json={"contact_name": name})
        assert new.status_code == 422, name
        assert "/contact_name" in {error["pointer"] for error in made.json()["errors"]}
    for link in LINKS:
        answer = await world.patch(f"/v1/communes/{NHA_TRANG}", {"office_address": link}, who="officer")
        assert answer.status_code == 422, link
        course = COURSE | {"trainer": f"Lê Văn {link}"}
        assert (await world.as_("admin").post("/v1/courses", json=course)).status_code == 422, link
    await world.create("/v1/courses", COURSE | {"trainer": "Trung tâm Chuyển đổi số (Sở KH&CN)"})


async def test_a_dutys_guidance_which_reaches_everyone_sent_holds_no_link_and_reads_as_it_is_written(
    world: World,
) -> None:
    new = {"code": "land_help", "field_code": "digitise", "name_vi": "Việc", "name_en": "Work"}
    for words in (*LINKS, "1. Mở máy\n2. Xem bit.ly/abc", "1. Mở\u200b máy", "1. Mở\n2.\u2066 Tắt"):
        changed = await world.patch("/v1/duties/kpi", {"guidance_vi": words})
        made = await world.as_("admin").post("/v1/duties", json=new | {"guidance_vi": words})
        for answer in (changed, made):
            assert answer.status_code == 422, words
            assert answer.json()["errors"][0]["pointer"] == "/guidance_vi", words
    kept = (await world.as_("admin").get("/v1/duties/kpi")).json()["guidance_vi"]
    assert (await world.patch("/v1/duties/kpi", {"guidance_vi": kept + "\n9. Việc cuối"})).status_code == 200


async def test_a_refused_change_names_the_field_alone_and_once(world: World) -> None:
    """A form shows each error beside the field that its pointer names."""
    for path, body in (
        ("/v1/duties/kpi", {"name_vi": "xem bit.ly/abc", "name_en": ""}),
        (f"/v1/schools/{world.ids['school']}", {"name": "A\u202eB", "kind": "zz", "latitude": "x"}),
        (f"/v1/volunteers/{world.ids['volunteer']}", {"full_name": "", "role": "zz", "max_days": 9}),
        (f"/v1/campaigns/{world.ids['campaign']}", {"name": "", "starts_on": "x", "start_time": "25:00"}),
    ):
        errors = (await world.patch(path, body)).json()["errors"]
        assert sorted(error["pointer"] for error in errors) == sorted(f"/{name}" for name in body)


async def test_a_note_of_several_lines_has_no_hidden_characters(world: World) -> None:
    need = {"lacks_it_staff": True, "items": [], "note": "Cần người\nbiết\u202e máy"}
    answer = await world.as_("admin").put(f"/v1/campaigns/{world.ids['campaign']}/needs/{NHA_TRANG}", json=need)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/note")


async def test_a_team_a_code_a_position_and_a_reason_that_others_read_hold_no_link(world: World) -> None:
    campaign, link = world.ids["campaign"], "xem bit.ly/abc"
    one = volunteer(world.ids["school"])
    bodies = [
        ("/v1/volunteers", one | {"team": link}, "/team"),
        ("/v1/volunteers", one | {"external_ref": link}, "/external_ref"),
        (f"/v1/campaigns/{campaign}/matching-runs", {"scenario": link}, "/scenario"),
        (f"/v1/campaigns/{campaign}/matching-runs", {"note": f"Vì thế\n{link}"}, "/note"),
    ]
    for path, body, pointer in bodies:
        errors = (await world.as_("admin").post(path, json=body)).json()["errors"]
        assert pointer in {error["pointer"] for error in errors}, (path, pointer)
    need = {"lacks_it_staff": True, "items": [], "note": link}
    answer = await world.as_("admin").put(f"/v1/campaigns/{campaign}/needs/{NHA_TRANG}", json=need)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/note")
    for read in (read_team, read_reference):
        assert [finding.code.partition(".")[2] for finding in read(link).findings] == ["malformed"]


async def test_yes_is_no_number(world: World) -> None:
    for name in ("max_days", "max_distance_m"):
        answer = await world.as_("admin").post("/v1/volunteers", json=volunteer(world.ids["school"]) | {name: True})
        assert f"/{name}" in {error["pointer"] for error in answer.json()["errors"]}, name


async def test_an_address_with_points_and_strokes_is_no_link(world: World) -> None:
    for address in ADDRESSES:
        answer = await world.patch(f"/v1/communes/{NHA_TRANG}", {"office_address": address}, who="officer")
        assert answer.status_code == 200, address


@given(st.text(max_size=40))
def test_what_passes_as_a_name_holds_letters_marks_and_few_signs_only(text: str) -> None:
    try:
        name = read_person_name(text)
    except ValueError:
        return
    assert {unicodedata.category(char)[0] for char in name if char not in " .'’-"} <= {"L", "M"}
    assert "://" not in name
    assert read_person_name(name) == name


async def test_two_active_people_of_one_school_cannot_have_one_phone(world: World) -> None:
    school, other = world.ids["school"], world.ids["other_school"]
    admin = world.as_("admin")
    same = volunteer(school, phone="0950000456", full_name="Trần Văn Khác")
    answer = await admin.post("/v1/volunteers", json=same)
    assert (answer.status_code, answer.json()["code"]) == (409, "volunteer.phone_taken")
    assert answer.json()["facts"] == {"volunteer_id": world.ids["volunteer"]}
    second = await world.create("/v1/volunteers", same | {"phone": "0950000457"})
    changed = await world.patch(f"/v1/volunteers/{second['id']}", {"phone": "0950 000 456"})
    assert (changed.status_code, changed.json()["code"]) == (409, "volunteer.phone_taken")
    assert (await world.patch(f"/v1/volunteers/{second['id']}", {"phone": "0950 000 457"})).status_code == 200
    await admin.post(f"/v1/volunteers/{world.ids['volunteer']}/withdraw")
    assert (await world.patch(f"/v1/volunteers/{second['id']}", {"phone": "0950000456"})).status_code == 200
    back = await admin.post(f"/v1/volunteers/{world.ids['volunteer']}/restore")
    assert (back.status_code, back.json()["code"]) == (409, "volunteer.phone_taken")
    await world.create("/v1/volunteers", volunteer(other, phone="0950000457"))


async def test_of_two_at_once_with_one_phone_one_is_added(world: World) -> None:
    bodies = [volunteer(world.ids["school"], phone="0950000999", full_name=name) for name in ("Lê An", "Lê Bình")]
    answers = await asyncio.gather(*(world.as_("admin").post("/v1/volunteers", json=body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
