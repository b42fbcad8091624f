"""The month: duties done in a week, support given with its hours, a school rated, silent communes reminded."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.portal.test_people_pages import LEAVER, asked
from tests.portal.test_pins_and_worth import COMMUNE, SCHOOL
from tests.portal.test_settings_pages import SETTLED, page_of, sent
from tests.portal.world import ADMIN, ASSIGNMENT, PortalWorld, portal_world

OFFICER = {"assignments": [ASSIGNMENT | {"role": "commune_officer", "scope_kind": "commune", "scope_id": "22366"}]}
DUTY = {"code": "digitise", "name_vi": "Số hóa hồ sơ", "name_en": "Digitise files", "field_code": "digital"}
COUNTS: dict[str, Any] = {
    "commune_code": "22366", "week_on": "2024-11-04", "people": {LEAVER: "Lê Văn Ốm"},
    "items": [{"volunteer_id": LEAVER, "full_name": "Lê Văn Ốm", "duty_code": "digitise", "number": 40}],
}  # fmt: skip
SUPPORT: dict[str, Any] = {
    "id": "x", "commune_code": "22366", "blocker_id": None, "began_at": "2026-11-02T12:00:00Z", "minutes": 90,
    "minutes_outside": 75, "words": "Cài lại máy in", "logged_by": "Sở KHCN", "ended_at": "2026-11-02T13:30:00Z",
}  # fmt: skip
TOTALS: dict[str, Any] = {
    "days": 12, "days_offered": 9, "people_offered": 5,
    "fields": [{"field_code": "digital", "name_vi": "Chuyển đổi số", "communes": 3, "days": 12, "days_offered": 9,
                "people_offered": 5, "days_short": 3}],
}  # fmt: skip
SILENT = {"commune_code": "22366", "commune_name": "Xã A", "is_draft": True, "is_reachable": True}
DAY = {
    "volunteer_id": LEAVER, "full_name": "Lê Văn Ốm", "school_code": "S1", "school_name": "Trường Mẫu",
    "commune_code": "22366", "commune_name": "Xã A", "replaced_by_name": None, "served_by_volunteer_id": None,
}  # fmt: skip


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.sign_in()
        made.answers |= {
            ("GET", "/v1/me"): (200, ADMIN),
            ("GET", "/v1/campaigns/c1"): (200, SETTLED | {"status": "open"}),
            ("GET", "/v1/communes"): (200, page_of(COMMUNE)),
            ("GET", "/v1/communes/22366"): (200, COMMUNE),
            ("GET", "/v1/schools"): (200, page_of(SCHOOL)),
            ("GET", "/v1/duties"): (200, page_of(DUTY)),
            ("GET", "/v1/campaigns/c1/duty-counts/22366/2024-11-04"): (200, COUNTS),
            ("GET", "/v1/campaigns/c1/support"): (200, page_of(SUPPORT)),
            ("GET", "/v1/campaigns/c1/silent-communes"): (200, page_of(SILENT | {"last_reminded_at": None})),
            ("GET", "/v1/campaigns/c1/need-totals"): (200, TOTALS),
            ("GET", "/v1/campaigns/c1/evaluations/summary"): (200, []),
            ("GET", "/v1/campaigns/c1/attendance"): (200, page_of(DAY)),
        }
        yield made


async def test_a_weeks_duties_are_sent_whole_and_refused_numbers_come_back(world: PortalWorld) -> None:
    address = "/campaigns/c1/duty-counts/22366"
    field = f"count/{LEAVER}/digitise"
    assert f'name="{field}" value="40"' in (await world.client.get(f"{address}?on=2024-11-06")).text
    path = "/v1/campaigns/c1/duty-counts/22366/2024-11-04"
    world.answers["PUT", path] = (422, {"code": "x", "detail_vi": "Không phục vụ tuần đó", "errors": []})
    typed = {"monday": "2024-11-04", field: "1.250", f"count/{LEAVER}/teach": ""}
    refused = await world.post(address, await world.form_of(f"{address}?on=2024-11-04") | typed)
    assert "Không phục vụ tuần đó" in refused.text
    assert f'name="{field}" value="1.250"' in refused.text
    assert sent(world, path) == {"items": [{"volunteer_id": LEAVER, "duty_code": "digitise", "number": 1250}]}


async def test_a_week_to_come_has_no_form(world: PortalWorld) -> None:
    world.answers["GET", "/v1/campaigns/c1/duty-counts/22366/2999-12-30"] = (200, COUNTS)
    page = (await world.client.get("/campaigns/c1/duty-counts/22366?on=2999-12-31")).text
    assert ("Tuần này chưa đến" in page, f'name="count/{LEAVER}' in page) == (True, False)


async def test_a_week_of_ticks_says_what_it_did_not_record_and_sends_another_reason(world: PortalWorld) -> None:
    path, address = "/v1/campaigns/c1/attendance", "/campaigns/c1/attendance/22366"
    refusal = {"result": "refused", "vi": "Ngày này chưa đến.", "en": "Not yet."}
    world.answers["POST", path] = (200, {"recorded": 1, "items": [refusal, refusal]})
    due: dict[str, Any] = {
        "serves_on": "2026-11-02",
        "outcome": None,
        "views": {},
        "is_disputed": False,
        "replaced_by_name": None,
    }
    world.answers["GET", path] = (200, page_of(DAY | due))
    absent = {"outcome/v1/2026-11-02": "absent", "was/v1/2026-11-02": "absent", "why/v1/2026-11-02": "Ốm"}
    loose = {"reason/v2/2026-11-02": "Bận", "was/v2/2026-11-02": ""}
    form = await world.form_of(address) | {"monday": "2026-11-02"} | absent | loose
    first = await world.post(address, form | {"reason/v1/2026-11-02": "Ốm"})
    assert "1 lý do chưa ghi, vì chưa chọn Vắng." in (await world.client.get(first.headers["Location"])).text
    second = await world.post(address, form | {"reason/v1/2026-11-02": "Con ốm"})
    assert [each["reason"] for each in sent(world, path)["ticks"]] == ["Con ốm"]
    page = (await world.client.get(second.headers["Location"])).text
    assert "Đã ghi 1 lượt. 2 lượt không ghi được: Ngày này chưa đến. 1 lý do chưa ghi" in page


async def test_who_came_instead_is_asked_of_somebody_by_name_and_a_cut_list_says_so(world: PortalWorld) -> None:
    address = f"/campaigns/c1/attendance/22366/replaced?volunteer_id={DAY['volunteer_id']}&on=2026-11-02"
    stand_ins = "/v1/campaigns/c1/attendance/22366/stand-ins"
    people = [{"volunteer_id": f"v{number}", "full_name": "Lê B", "school_name": "T"} for number in range(20)]
    world.answers["GET", stand_ins] = (200, people)
    assert f"Ai đã đến thay {DAY['full_name']}" in (page := (await world.client.get(f"{address}&q=le")).text)
    assert "Có thể còn người khác" in page
    page = (await world.client.get(f"{address}&q=l")).text
    assert ("Hãy ghi ít nhất hai chữ" in page, "Không tìm thấy ai" in page) == (True, False)


async def test_a_campaign_is_closed_for_good_only_by_who_confirms_it(world: PortalWorld) -> None:
    address, path = "/campaigns/c1/settings", "/v1/campaigns/c1/close"
    fields = await world.form_of(address)
    world.answers["POST", path] = (200, {})
    refused = await world.post(address, fields | {"then": "close"})
    assert (refused.status_code, "hãy đánh dấu vào ô xác nhận" in refused.text) == (422, True)
    assert not [each for each in world.asked if each.url.path == path]
    assert (await world.post(address, fields | {"then": "close", "sure": "yes"})).status_code == 303


async def test_an_overseer_reads_a_weeks_duties_without_a_form(world: PortalWorld) -> None:
    world.answers["GET", "/v1/me"] = (200, ADMIN | {"assignments": [ASSIGNMENT | {"role": "overseer"}]})
    page = (await world.client.get("/campaigns/c1/duty-counts/22366?on=2024-11-04")).text
    assert "40" in page
    assert f'name="count/{LEAVER}' not in page


async def test_support_is_logged_by_the_clock_on_the_wall_and_its_hours_outside_work_are_seen(
    world: PortalWorld,
) -> None:
    address, path = "/campaigns/c1/support", "/v1/campaigns/c1/support"
    page = (await world.client.get(address)).text
    assert "1 giờ 30 phút" in page
    assert "ngoài giờ 1 giờ 15 phút" in page
    world.answers["POST", path] = (422, {"code": "support.too_early", "detail_vi": "Chưa đến giờ này", "errors": []})
    typed = {"commune_code": "22366", "on": "2/11/2026", "began": "19:00", "ended": "20:30", "words": "Cài máy in"}
    refused = await world.post(address, await world.form_of(address) | typed)
    assert "Chưa đến giờ này" in refused.text
    assert 'value="2/11/2026"' in refused.text
    assert "Cài máy in</textarea>" in refused.text
    assert sent(world, path) == {
        "commune_code": "22366", "blocker_id": None, "began_at": "2026-11-02T19:00:00+07:00",
        "ended_at": "2026-11-02T20:30:00+07:00", "words": "Cài máy in",
    }  # fmt: skip


async def test_who_may_not_log_support_only_reads_it(world: PortalWorld) -> None:
    world.answers["GET", "/v1/me"] = (200, ADMIN | OFFICER)
    page = (await world.client.get("/campaigns/c1/support")).text
    assert ("Cài lại máy in" in page, 'name="began"' in page) == (True, False)


async def test_a_commune_rates_a_school_and_its_marks_come_back_when_they_are_refused(world: PortalWorld) -> None:
    world.answers["GET", "/v1/me"] = (200, ADMIN | OFFICER)
    address, path = "/campaigns/c1/evaluation", "/v1/campaigns/c1/evaluations/schools/s1"
    world.answers["PUT", path] = (422, {"code": "x", "detail_vi": "Lời quá dài", "errors": []})
    typed = {"rated": "school:s1", "help": "4", "attitude": "5", "skill": "3", "words": "Rất chu đáo"}
    refused = await world.post(address, await world.form_of(address) | typed)
    assert "Lời quá dài" in refused.text
    assert "Rất chu đáo</textarea>" in refused.text
    assert "đã đánh giá" not in refused.text, "nothing was recorded"
    assert sent(world, path) == {"help": 4, "attitude": 5, "skill": 3, "words": "Rất chu đáo"}


async def test_silent_communes_are_reminded_one_or_all_and_who_has_no_mail_is_named_to_be_called(
    world: PortalWorld,
) -> None:
    address, path = "/campaigns/c1/silent-communes", "/v1/campaigns/c1/need-reminders"
    page = (await world.client.get(address)).text
    assert "Chuyển đổi số" in page
    world.answers["POST", path] = (201, {"id": "n", "reminded": ["22366"], "already": [], "without_email": ["22372"]})
    fields = await world.form_of(address)
    assert (await world.post(address, fields | {"commune_code": "22366"})).status_code == 303
    assert sent(world, path) == {"commune_codes": ["22366"]}
    await world.post(address, fields)
    assert sent(world, path) == {}
    assert "1 xã không có email" in (await world.client.get(address)).text


async def test_only_home_affairs_reminds(world: PortalWorld) -> None:
    world.answers["GET", "/v1/me"] = (200, ADMIN | {"assignments": [ASSIGNMENT | {"role": "director"}]})
    page = (await world.client.get("/campaigns/c1/silent-communes")).text
    assert ("Xã A" in page, page.count('method="post"')) == (True, 1)
    assert asked(world, "POST", "/v1/campaigns/c1/need-reminders") == []


async def test_a_week_that_was_saved_meanwhile_is_shown_beside_what_was_typed(world: PortalWorld) -> None:
    address, field = "/campaigns/c1/duty-counts/22366", f"count/{LEAVER}/digitise"
    path = "/v1/campaigns/c1/duty-counts/22366/2024-11-04"
    stale = (412, {"code": "precondition.stale", "detail_vi": "Người khác đã lưu", "errors": []})
    world.answers["GET", path] = (200, COUNTS | {"row_version": 3})
    world.answers["PUT", path] = stale
    assert 'name="version" value="&#34;3&#34;"' in (await world.client.get(f"{address}?on=2024-11-04")).text
    fields = await world.form_of(f"{address}?on=2024-11-04") | {"monday": "2024-11-04", "version": '"3"'}
    page = (await world.post(address, fields | {field: "55"})).text
    assert asked(world, "PUT", path)[-1].headers["if-match"] == '"3"'
    assert f'name="{field}" value="55"' in page
    assert 'Đang được lưu: <b class="kept">40</b>' in page


async def test_an_evaluation_that_was_saved_meanwhile_is_shown_beside_what_was_typed(world: PortalWorld) -> None:
    stale = (412, {"code": "precondition.stale", "detail_vi": "Người khác đã lưu", "errors": []})
    world.answers["GET", "/v1/me"] = (200, ADMIN | OFFICER)
    given = {
        "id": "e1", "rater": "commune", "rated": "school", "rated_id": "s1", "rated_name": "Trường Mẫu", "words": "Tốt",
        "commune_code": "22366", "marks": {"help": 2, "attitude": 2, "skill": 2}, "released_at": None, "row_version": 6,
    }  # fmt: skip
    put = "/v1/campaigns/c1/evaluations/schools/s1"
    world.answers["PUT", put] = stale
    typed = {"rated": "school:s1", "help": "4", "attitude": "2", "skill": "2", "words": "Tốt"}
    blank = await world.form_of("/campaigns/c1/evaluation")
    world.answers["GET", "/v1/campaigns/c1/evaluations"] = (200, page_of(given))
    page = (await world.post("/campaigns/c1/evaluation", blank | typed | {"version": ""})).text
    assert asked(world, "PUT", put)[-1].headers["if-none-match"] == "*"
    assert page.count("Đang được lưu") == 1, "of what differs alone"
    assert 'Đang được lưu: <b class="kept">2</b>' in page
    assert 'name="version" value="6"' in page, "saved again, it takes its place"
