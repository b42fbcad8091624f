"""Pages of the timeline, starting points, oversight groups and training: in both languages, from what the API gives."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from roster_api.group_runs.schemas import ChangePreview, GroupingRead, GroupRunRead
from roster_api.standing.schemas import CommuneStanding
from roster_api.timeline.schemas import StartingPointDetails, TimelineOut, WaveChanges
from roster_api.training.schemas import CourseOut, Gap, Participant, QualificationReview, TrainingTotals

from tests.portal.test_editing import CAMPAIGN
from tests.portal.world import ADMIN, ASSIGNMENT, EMPTY, ME, PortalWorld, portal_world

ID = "99999999-9999-4999-8999-999999999999"
HOSTILE = "<script>alert(1)</script>"
AT = "2026-11-30T02:00:00Z"
SEASON = CAMPAIGN | {"id": "c1", "status": "open", "starts_on": "2026-11-02", "ends_on": "2026-11-29"}
OVERSEER = {"id": ID, "name": HOSTILE, "account_id": "33333333-3333-3333-3333-333333333333"}
COMMUNE = {"commune_code": "22366", "commune_name": "Xã A", "weight": 4, "why_vi": "gần tâm nhóm", "why_en": "near"}
GROUP = {"number": 0, "overseer": OVERSEER, "weight": 4, "km": 12, "is_connected": True, "communes": [COMMUNE]}
FIGURES = {"number": 0, "communes": 1, "weight": 4, "km": 12, "is_connected": True}
JUDGED = {"lo": 3, "hi": 5, "cost_km": 12, "groups": [FIGURES], "broken": []}
BROKEN = {"rule": "D2", "number": 0, "vi": "Nhóm không liền nhau.", "en": "The group is not in one piece."}
GROUPING = {
    "id": ID, "campaign_id": ID, "run_id": ID, "from_id": None, "status": "draft", "version": None, "edits": 0,
    "created_at": AT, "published_by": None, "published_by_id": None, "published_at": None, "superseded_at": None,
    "row_version": 1, "groups": [GROUP, GROUP | {"number": 1}], "judgement": JUDGED, "history": [],
}  # fmt: skip
RUN = {
    "id": ID, "campaign_id": ID, "status": "infeasible", "overseers": [OVERSEER], "joined": [], "requested_by": "Sở",
    "terms": {"weights": "need", "balance_pct": 10, "time_limit_seconds": 30, "seed": 0}, "requested_by_id": None,
    "requested_at": AT, "started_at": None, "finished_at": None, "attempts": 1, "progress": None, "certificate": None,
    "failure": None, "conflict": [{"rule": "D3", "vi": "Không thể cân bằng.", "en": "No balance."}],
    "is_conflict_proved": False, "grouping_id": None,
}  # fmt: skip
PREVIEW = {
    "before": JUDGED, "after": JUDGED, "km_more": 3, "newly_broken": [BROKEN], "summary_vi": "Thêm 3 km.",
    "summary_en": "3 km more.", "row_version": 1,
}  # fmt: skip
STEP = {
    "step": "needs", "vi": "Nhu cầu của các xã", "en": "The communes' needs", "due_on": "2026-11-20", "done_on": None,
    "is_overdue": True, "days_late": 10, "missing": 1, "missing_names": [HOSTILE], "reminded_at": AT, "reminded": 1,
}  # fmt: skip
TIMELINE = {
    "campaign_id": ID, "wave": 2, "follows_id": ID, "from_on": "2026-11-02", "until_on": "2026-11-29", "steps": [STEP],
}  # fmt: skip
CHANGES: dict[str, Any] = dict.fromkeys(
    ("stays", "other_days", "moves", "leaves", "joins", "communes_kept", "communes_changed", "open_blockers",
     "unmet_days", "starting_points_agreed"), 7,
) | {"campaign_id": ID, "follows_id": ID, "plan_id": None, "people": []}  # fmt: skip
POINT = {
    "commune_code": "22366", "commune_name": "Xã A", "school_id": ID, "school_name": HOSTILE, "state": "proposed",
    "number": 3, "first_visit_on": "2026-11-09", "duties": ["scan"], "commune_contact": "Lê Thị Mẫu",
    "school_contact": None, "words": HOSTILE, "agreed_by": ["school"], "changed_at": AT,
    "steps": [{"number": 3, "act": "proposed", "side": "school", "first_visit_on": "2026-11-09", "duties": ["scan"],
               "words": "", "made_by": "Trường", "made_at": AT}],
}  # fmt: skip
COURSE = {
    "id": ID, "province_code": "56", "code": "CDS-01", "topic": HOSTILE, "field_code": "digitise", "mode": "online",
    "capacity": 30, "trainer": "", "school_id": None, "commune_code": None, "nominated": 2, "people": 1,
    "attendances": 1, "passed": 1, "row_version": 1,
    "sessions": [{"number": 1, "held_on": "2026-12-01", "kind": "training", "volunteer_id": None}],
}  # fmt: skip
PERSON = {
    "staff_id": ID, "code": "CB01", "full_name": HOSTILE, "unit_name": "UBND xã A", "is_nominated": True,
    "sessions": [1], "result": "passed", "certificate_code": "ABCD-EFGH",
}  # fmt: skip
TOTALS = {"province_code": "56", "courses": 1, "people": 1, "attendances": 1, "passed": 1, "communes": []}
GAP = {"commune_code": "22366", "commune_name": "Xã A", "field_code": "digitise", "staff": 9, "qualified": 1,
       "trained": 2, "nominated": 3, "lacking": 6}  # fmt: skip
PROPOSAL = {"kind": "course", "course_id": ID, "post_id": None, "vi": "Khóa CDS-01", "en": "Course CDS-01"}
FIT = {
    "staff_id": ID, "code": "CB01", "full_name": HOSTILE, "unit_name": "UBND xã A", "position": "Công chức",
    "field_code": "digitise", "required_level": 2, "held_level": None, "fit": "does_not_fit", "proposals": [PROPOSAL],
    "possible_posts": 1,
}  # fmt: skip
REVIEW = {
    "province_code": "56", "fits": 5, "fits_with_training": 1, "does_not_fit": 1, "no_requirement": 2, "counts": [],
    "people": [FIT], "people_total": 1,
}  # fmt: skip
STANDING = {
    "commune_code": "22366", "commune_name": "Xã A", "is_priority": True, "standing": "stuck", "lead_school": None,
    "people": 2, "unmet_days": 0, "days_due": 5, "days_served": 4, "days_unconfirmed": 1, "open_blockers": 1,
    "highest_level": None,
}  # fmt: skip
SHAPES = (
    (GroupingRead, GROUPING), (GroupRunRead, RUN), (ChangePreview, PREVIEW), (TimelineOut, TIMELINE),
    (WaveChanges, CHANGES), (StartingPointDetails, POINT), (CourseOut, COURSE), (Participant, PERSON),
    (TrainingTotals, TOTALS), (Gap, GAP), (QualificationReview, REVIEW), (CommuneStanding, STANDING),
)  # fmt: skip
OWN = "/v1/campaigns/c1"


def page_of(*items: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    return 200, EMPTY | {"items": list(items), "total": len(items)}


@pytest.fixture
async def world() -> AsyncIterator[PortalWorld]:
    async with portal_world() as made:
        made.sign_in()
        made.answers |= {
            ("GET", "/v1/me"): (200, ADMIN),
            ("GET", OWN): (200, SEASON),
            ("GET", f"/v1/campaigns/{ID}"): (200, SEASON),
            ("GET", "/v1/campaigns"): page_of(SEASON),
            ("GET", f"{OWN}/timeline"): (200, TIMELINE),
            ("GET", f"{OWN}/wave-changes"): (200, CHANGES),
            ("GET", f"{OWN}/starting-points"): page_of(POINT),
            ("GET", f"{OWN}/starting-points/22366/{ID}"): (200, POINT),
            ("GET", f"{OWN}/groupings"): page_of(GROUPING),
            ("GET", f"{OWN}/group-runs"): page_of(RUN),
            ("GET", f"/v1/groupings/{ID}"): (200, GROUPING),
            ("GET", "/v1/courses"): page_of(COURSE),
            ("GET", f"/v1/courses/{ID}"): (200, COURSE),
            ("GET", f"/v1/courses/{ID}/participants"): page_of(PERSON),
            ("GET", "/v1/staff"): page_of({"id": ID, "full_name": HOSTILE, "position": "Công chức"}),
            ("GET", "/v1/provinces/56/training"): (200, TOTALS),
            ("GET", "/v1/provinces/56/training-gaps"): (200, [GAP]),
            ("GET", "/v1/provinces/56/training-gaps/people"): page_of(PERSON),
            ("GET", "/v1/provinces/56/qualification-review"): (200, REVIEW),
            ("GET", f"{OWN}/standing"): (200, {"communes": [STANDING]}),
        }
        yield made


def sent(world: PortalWorld, path: str) -> Any:
    request = [each for each in world.asked if each.method != "GET" and each.url.path == path][-1]
    return json.loads(request.content)


def test_what_the_pages_are_tried_with_is_what_the_api_gives() -> None:
    for shape, example in SHAPES:
        shape.model_validate(example)


PAGES = {
    "/campaigns/c1/timeline": ("Quá hạn", "Late"),
    "/campaigns/c1/starting-points": ("Chờ bên kia đồng ý", "Waits for the other's word".replace("'", "&#39;")),
    f"/campaigns/c1/starting-points/22366/{ID}": ("Đồng ý đề nghị này", "Say yes to this"),
    "/campaigns/c1/groups": ("Không thể cân bằng.", "No balance."),
    f"/groupings/{ID}": ("Bỏ dự thảo", "Give the draft up"),
    "/training": ("Mở khóa học", "Open a course"),
    f"/training/courses/{ID}": ("Cấp mã chứng nhận", "Give everybody who passed a code"),
    "/training/gaps?commune=22366&field=digitise": ("Những người còn thiếu", "Who lacks it"),
    "/staff/qualifications": ("Khóa CDS-01", "Course CDS-01"),
}


async def test_each_page_says_it_in_both_languages_and_nobodys_words_are_code(world: PortalWorld) -> None:
    for path, words in PAGES.items():
        for language, expected in zip(("vi", "en"), words, strict=True):
            world.client.cookies.set("language", language, domain="portal.example")
            answer = await world.client.get(path)
            assert answer.status_code == 200, path
            assert expected in answer.text, path
            assert HOSTILE not in answer.text, path
    for path, key in (("/campaigns/c1/groups", "groupings"), ("/campaigns/c1/starting-points", "starting-points")):
        world.answers["GET", f"{OWN}/{key}"] = (200, EMPTY)
        assert 'class="empty"' in (await world.client.get(path)).text


async def test_due_days_the_launch_and_a_starting_point_go_as_they_were_typed(world: PortalWorld) -> None:
    fields = await world.form_of("/campaigns/c1/timeline")
    await world.post("/campaigns/c1/timeline", fields | {"then": "due", "due-needs": "20/11/2026", "due-run": ""})
    assert sent(world, f"{OWN}/timeline") == {"items": [{"step": "needs", "due_on": "2026-11-20"}]}
    world.answers["PUT", f"{OWN}/timeline"] = (412, {"code": "precondition.stale", "detail_vi": "Đã đổi"})
    late = await world.post(
        "/campaigns/c1/timeline", fields | {"then": "due", "due-needs": "21/11/2026", "etag": '"a"'}
    )
    put = [each for each in world.asked if each.method == "PUT"][-1]
    assert (put.headers["If-Match"], late.status_code) == ('"a"', 412)
    assert "Người khác đã lưu" in late.text
    assert (
        'name="due-needs" aria-label="Hạn: Nhu cầu của các xã" placeholder="dd/mm/yyyy" value="21/11/2026"' in late.text
    )
    monday = {"code": "x", "detail_vi": "Ra quân vào một ngày thứ Hai."}
    world.answers["POST", f"{OWN}/launch"] = (422, monday)
    refused = await world.post("/campaigns/c1/timeline", fields | {"then": "launch", "launched_on": "03/11/2026"})
    assert (refused.status_code, monday["detail_vi"] in refused.text) == (422, True)
    assert 'value="03/11/2026"' in refused.text
    point = f"/starting-points/22366/{ID}"
    await world.post(f"/campaigns/c1{point}", fields | {"then": "agree", "number": "3", "side": "commune"})
    assert sent(world, f"{OWN}{point}/agree") == {"number": 3, "side": "commune"}
    typed = {"then": "propose", "first_visit_on": "09/11/2026", "duties": "scan", "side": "school", "words": "sớm"}
    await world.post(f"/campaigns/c1{point}", fields | typed)
    assert sent(world, f"{OWN}{point}") == {
        "first_visit_on": "2026-11-09", "duties": ["scan"], "commune_contact": None, "school_contact": None,
        "words": "sớm", "side": "school",
    }  # fmt: skip


async def test_groups_are_run_looked_at_changed_despite_a_rule_and_published(world: PortalWorld) -> None:
    fields = await world.form_of("/campaigns/c1/groups")
    assert "chưa được chứng minh độc lập" in (await world.client.get("/campaigns/c1/groups")).text
    made = RUN | {"status": "succeeded", "conflict": [], "is_conflict_proved": None, "grouping_id": ID}
    noted = made | {"certificate": {"status": "optimal", "notes": ["Chưa có giải thích cho 4 trên 4 xã"]}}
    world.answers["GET", f"{OWN}/group-runs"] = page_of(noted, made)
    page = (await world.client.get("/campaigns/c1/groups")).text
    assert (page.count("Chưa có giải thích cho 4"), "chưa được chứng minh" in page) == (1, False)
    typed = {"account": ID, "others": "Lê Thị Mẫu; mau@example.vn", "weights": "equal", "balance_pct": "20"}
    await world.post("/campaigns/c1/groups", fields | typed)
    assert sent(world, f"{OWN}/group-runs") == {
        "overseers": [{"account_id": ID}, {"name": "Lê Thị Mẫu", "email": "mau@example.vn"}],
        "weights": "equal", "balance_pct": 20,
    }  # fmt: skip
    draft = f"/groupings/{ID}"
    world.answers["POST", f"/v1{draft}/edits/preview"] = (200, PREVIEW)
    move = {"commune_code": "22366", "to": "1"}
    looked = await world.post(draft, fields | move | {"then": "look"})
    assert "Thêm 3 km." in looked.text
    assert "Nhóm không liền nhau." in looked.text
    world.answers["POST", f"/v1{draft}/edits"] = (200, GROUPING)
    edit = move | {"then": "edit", "reason": "gần nhà", "despite": "yes", "etag": '"1"'}
    assert (await world.post(draft, fields | edit)).headers["Location"] == draft
    assert sent(world, f"/v1{draft}/edits") == {
        "moves": [{"commune_code": "22366", "to": 1}], "reason": "gần nhà", "despite": ["D2", "D3", "D4"],
    }  # fmt: skip
    world.answers["POST", f"/v1{draft}/publish"] = (409, {"code": "x", "detail_vi": "Người khác phải công bố."})
    refused = await world.post(draft, fields | {"then": "publish", "etag": '"1"'})
    assert (refused.status_code, "Người khác phải công bố." in refused.text) == (409, True)


async def test_an_overseer_sees_the_own_groups_communes_and_how_they_stand(world: PortalWorld) -> None:
    assert (await world.client.get("/my-communes")).status_code == 404, "of an overseer alone"
    role = ASSIGNMENT | {"role": "overseer", "scope_kind": "province", "scope_id": "56"}
    world.answers["GET", "/v1/me"] = (200, ME | {"assignments": [role]})
    world.app.state.kept.forget("the-token None")
    assert 'class="empty"' in (await world.client.get("/my-communes")).text, "nothing is published"
    world.answers["GET", f"{OWN}/groupings"] = page_of(GROUPING | {"status": "published", "version": 1})
    world.app.state.kept.forget("the-token None")
    page = (await world.client.get("/my-communes")).text
    assert 'href="/communes/22366">Xã A</a>' in page
    assert "Đang vướng" in page


async def test_an_overseer_of_a_group_begins_with_the_own_communes_and_is_led_to_nothing_refused(
    world: PortalWorld,
) -> None:
    role = ASSIGNMENT | {"role": "overseer", "scope_kind": "oversight_group", "scope_id": "56"}
    world.answers["GET", "/v1/me"] = (200, ME | {"assignments": [role]})
    world.app.state.kept.forget("the-token None")
    assert (await world.client.get("/")).headers["Location"] == "/my-communes"
    page = (await world.client.get("/my-communes")).text
    assert "Sở Khoa học và Công nghệ, nhóm xã được giao" in page
    refused = ("/volunteers", "/leaders", "/training", "/allowances", "/settings")
    assert [path for path in refused if f'href="{path}"' in page] == []
    assert 'name="began"' in (await world.client.get(f"/campaigns/{ID}/support")).text, "they log their support"


async def test_courses_are_opened_nominated_to_and_their_sheet_is_taken(world: PortalWorld) -> None:
    fields = await world.form_of("/training")
    world.answers["POST", "/v1/courses"] = (201, COURSE)
    typed = {"code": "CDS-01", "topic": "Chữ ký số", "field_code": "digitise", "mode": "online", "capacity": "30",
             "sessions": "01/12/2026\n08/12/2026"}  # fmt: skip
    assert (await world.post("/training", fields | typed)).status_code == 303
    assert sent(world, "/v1/courses") == {
        "code": "CDS-01", "topic": "Chữ ký số", "field_code": "digitise", "mode": "online", "trainer": "",
        "province_code": "56", "capacity": 30, "sessions": [{"held_on": "2026-12-01"}, {"held_on": "2026-12-08"}],
    }  # fmt: skip
    course = f"/training/courses/{ID}"
    world.answers["PUT", f"/v1/courses/{ID}/nominations"] = (200, {"commune_code": "22366", "nominated": 1, "left": 1})
    await world.post(course, fields | {"then": "nominate", "staff": ID, "commune_code": "22366"})
    assert sent(world, f"/v1/courses/{ID}/nominations") == {"staff_ids": [ID], "commune_code": "22366"}
    wrong = {"code": "x", "detail_vi": "Không hiểu ô B2.", "errors": [{"pointer": "/B2", "vi": "Ô B2", "en": "B2"}]}
    world.answers["POST", f"/v1/courses/{ID}/sheet"] = (422, wrong)
    answer = await world.client.post(
        course, data=fields | {"then": "sheet"}, files={"file": ("a.xlsx", b"x")},
        headers={"Origin": "http://portal.example"},
    )  # fmt: skip
    assert (answer.status_code, "Ô B2" in answer.text) == (422, True)


async def test_an_overseer_without_an_address_is_named_by_the_line(world: PortalWorld) -> None:
    path = "/campaigns/c1/groups"
    form = await world.form_of(path)
    answer = await world.post(path, form | {"others": "Lê A; a@example.vn\nTrần B", "weights": "need"})
    assert (answer.status_code, "Dòng 2 của những người chưa có tài khoản" in answer.text) == (422, True)
    assert "Trần B" in answer.text, "what was typed is kept"
