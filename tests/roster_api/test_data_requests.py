"""What a person may ask about their data is answered in two working days: seen, corrected, erased."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from roster_api.answers.models import PersonalLink, PlacementAnswer
from roster_api.audit.models import AuditEntry
from roster_api.data_requests.clock import find_due
from roster_api.data_requests.due import remind_of_requests
from roster_api.data_requests.models import DataRequest
from roster_api.rosters.models import RosterUpload, RosterUploadRow
from roster_api.volunteers.models import Volunteer

from tests.roster_api.planning_world import NAMES, World, planning_world
from tests.roster_api.test_answers import press, token_of
from tests.support.dumping import dump, found_in
from tests.support.reading import work_off

PLACES = ((0, "C1", (0, 1)), (1, "C1", (0,)))
HEADER = "Họ và tên;Số điện thoại;Email;Đối tượng;Ngày rảnh;Lĩnh vực"
PAPER = {"channel": "paper", "proof": "phiếu 7/2026"}


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def file(world: World, number: int, kind: str, who: str = "s1", **more: Any) -> dict[str, Any]:
    path = f"/v1/volunteers/{world.volunteer_ids[number]}/data-requests"
    answer = await world.as_(who).post(path, json={"kind": kind, **PAPER, **more})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def carry_out(world: World, request: dict[str, Any]) -> dict[str, Any]:
    answer = await world.as_("admin").post(f"/v1/data-requests/{request['id']}/carry-out")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def send_list_naming(world: World, number: int) -> str:
    """A list of the school with this person in it, read and not committed."""
    line = f"{NAMES[number]};095000010{number};person{number}@example.vn;giảng viên;T2;số hóa"
    file_ = {"file": ("ds.csv", f"{HEADER}\n{line}\n".encode(), "text/csv")}
    path = f"/v1/schools/{world.school_ids['S1']}/roster-uploads"
    sent = await world.as_("s1").post(path, files=file_, headers={"Idempotency-Key": "list"})
    assert sent.status_code == 202, sent.text
    return str(sent.json()["id"])


@pytest.mark.parametrize(
    ("filed", "due"),
    [
        ("2026-11-30T02:00+00:00", "2026-12-03"),  # a Monday morning: Tuesday, Wednesday
        ("2026-11-30T18:00+00:00", "2026-12-04"),  # Tuesday already in Vietnam
        ("2026-12-04T09:00+00:00", "2026-12-09"),  # a Friday: over the weekend
        ("2026-04-29T03:00+00:00", "2026-05-06"),  # before the holidays of 30 April and 1 May and a weekend
        ("2026-02-13T03:00+00:00", "2026-02-25"),  # before Tết
    ],
)
def test_the_clock_counts_working_days_of_vietnam(filed: str, due: str) -> None:
    found = find_due(datetime.fromisoformat(filed), working_days=2)
    assert (found.date().isoformat(), found.hour) == (due, 0)


async def test_a_person_asks_by_their_link_and_home_affairs_answers(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    headers = {"Authorization": f"Link {await token_of(world, plan_id, 0)}"}
    nobody = world.as_("nobody")
    wanted = {"kind": "correction", "correction": {"full_name": "Nguyễn Văn Ân", "email": "moi@example.vn"}}
    for _ in range(2):
        asked = await nobody.post("/v1/me/data-requests", json=wanted, headers=headers)
        assert (asked.status_code, asked.json()["state"]) == (200, "open"), asked.text
    assert (await nobody.post("/v1/me/data-requests", json={"kind": "correction"}, headers=headers)).status_code == 422
    listed = (await world.as_("admin").get("/v1/data-requests", params={"state": "open"})).json()
    assert [(item["kind"], item["full_name"], item["is_late"]) for item in listed["items"]] == [
        ("correction", NAMES[0], False)
    ]
    path = f"/v1/data-requests/{listed['items'][0]['id']}"
    assert (await world.as_("s1").get(path)).json()["correction"]["email"] == "moi@example.vn"
    for who, status in (("s2", 404), ("elsewhere", 404), ("overseer", 403)):
        assert (await world.as_(who).get(path)).status_code == status
    assert (await world.as_("s1").post(f"{path}/carry-out")).status_code == 403
    done = await carry_out(world, listed["items"][0])
    assert (done["state"], done["correction"]) == ("done", None)
    person = (await world.as_("s1").get(f"/v1/volunteers/{world.volunteer_ids[0]}")).json()
    assert (person["full_name"], person["email"]) == ("Nguyễn Văn Ân", "moi@example.vn")
    notice = next(n for n in await world.notices(plan_id) if n["volunteer_id"] == str(world.volunteer_ids[0]))
    assert notice["email"] == "moi@example.vn", "what is not sent yet goes to the corrected address"
    again = await carry_out(world, listed["items"][0])
    assert again["decided_at"] == done["decided_at"]
    refused = await world.as_("admin").post(f"{path}/refuse", json={"reason": "trễ"})
    assert (refused.status_code, refused.json()["code"]) == (409, "data_request.decided")


async def test_a_request_is_withdrawn_by_its_person_alone_or_refused_with_words(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    mine, theirs = [{"Authorization": f"Link {await token_of(world, plan_id, number)}"} for number in (0, 1)]
    nobody = world.as_("nobody")
    asked = (await nobody.post("/v1/me/data-requests", json={"kind": "erasure"}, headers=mine)).json()
    path = f"/v1/me/data-requests/{asked['id']}/withdraw"
    assert (await nobody.post(path, headers=theirs)).status_code == 404
    assert (await nobody.post(path, headers=mine)).json()["state"] == "withdrawn"
    request = await file(world, 0, "access")
    refused = await world.as_("admin").post(f"/v1/data-requests/{request['id']}/refuse", json={"reason": "Chưa rõ ai"})
    assert refused.json()["state"] == "refused"
    seen = (await nobody.get("/v1/me/data", headers=mine)).json()["requests"]
    assert [(one["kind"], one["state"], one["reason"]) for one in seen] == [
        ("access", "refused", "Chưa rõ ai"), ("erasure", "withdrawn", None),
    ]  # fmt: skip


async def test_everything_about_a_person_comes_in_one_document_and_that_it_was_taken_is_an_entry(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_id = await world.make_published(PLACES)
    await press(world, await token_of(world, plan_id, 0), "cannot_go", reason="mổ ruột thừa")
    path = f"/v1/volunteers/{world.volunteer_ids[0]}/data"
    assert (await world.as_("admin").get(path)).status_code == 503, "a part would pass for all of it"

    async def nothing_sent(*_args: object, **_named: object) -> list[object]:
        return []

    monkeypatch.setattr("roster_api.data_requests.routes.ask_messages_of", nothing_sent)
    data = (await world.as_("admin").get(path)).json()
    sections = {section["code"]: section["items"] for section in data["sections"]}
    assert sections["person"][0]["phone"] == "+84950000100"
    assert sections["placements"][0]["as_published"]["school_contact"]["phone"] == "+84950000011"
    assert sections["answers"][0]["reason"] == "mổ ruột thừa"
    assert sections["audit"], "who changed it"
    page = await world.as_("admin").get(f"{path}.html")
    assert "0950000100"[1:] in page.text.replace(" ", "")
    assert "mổ ruột thừa" in page.text
    for who in ("s1", "elsewhere", "overseer"):
        assert (await world.as_(who).get(path)).status_code in {403, 404}
    async with world.session() as session:
        reads = sa.select(AuditEntry).where(AuditEntry.action == "read", AuditEntry.route.like("%/data"))
        entry = (await session.scalars(reads)).one()
    assert entry.object_id == str(world.volunteer_ids[0])


async def live_and_say_why_not(world: World) -> tuple[str, str]:
    """Person 0 is placed, has a code and gave a reason: the plan, and their link's token."""
    plan_id = await world.make_published(PLACES)
    token = await token_of(world, plan_id, 0)
    await press(world, token, "cannot_go", reason="mổ ruột thừa")
    person = await world.as_("s1").get(f"/v1/volunteers/{world.volunteer_ids[0]}")
    await world.as_("s1").patch(
        f"/v1/volunteers/{world.volunteer_ids[0]}",
        json={"external_ref": "MASO-771"},
        headers={"If-Match": person.headers["etag"]},
    )
    return plan_id, token


async def assert_rows_are_empty(world: World, upload_id: str) -> None:
    async with world.session() as session:
        row = await session.get_one(Volunteer, world.volunteer_ids[0])
        assert (row.status, row.phone, row.phone_digest, row.skills) == ("archived", None, None, {})
        answer = (await session.scalars(sa.select(PlacementAnswer))).one()
        assert (answer.answer, answer.reason) == ("cannot_go", None)
        assert (
            await session.scalars(sa.select(PersonalLink.revoked_at).where(PersonalLink.volunteer_id == row.id))
        ).one()
        upload = await session.get_one(RosterUpload, upload_id)
        assert upload.purged_at is not None
        assert await session.scalar(sa.select(sa.func.count()).select_from(RosterUploadRow)) == 0


async def test_an_erased_person_stands_nowhere_in_the_dump_and_what_must_stay_stays(
    world: World, roster_database_url: str
) -> None:
    plan_id, token = await live_and_say_why_not(world)
    upload_id = await send_list_naming(world, 0)
    request = await file(world, 0, "erasure")
    assert request["stays"], "what must stay is said before"
    refused = await world.as_("admin").post(f"/v1/data-requests/{request['id']}/carry-out")
    assert (refused.status_code, refused.json()["code"]) == (409, "data_request.list_in_hand")
    await work_off(world.app)
    erased = await carry_out(world, request)
    assert (erased["state"], erased["full_name"]) == ("erasing", "(đã xóa dữ liệu)")
    assert erased["outcome"]["roster"]["uploads"] == 1
    assert (await carry_out(world, request))["state"] == "erasing"
    dumped = await dump(roster_database_url)
    assert NAMES[1] in dumped, "it is the whole database"
    assert found_in(dumped, phones={"+84950000100"}, emails={"person0@example.vn"}) == []
    assert [word for word in (NAMES[0], "MASO-771", "mổ ruột thừa") if word in dumped] == []
    await assert_rows_are_empty(world, upload_id)
    placed = (await world.as_("admin").get(f"/v1/plans/{plan_id}/placements")).json()["items"]
    assert len(placed) == len(PLACES), "the published plan is as it was"
    assert (await world.as_("nobody").get(f"/a/{token}")).status_code == 404
    for step in ("restore", "withdraw"):
        back = await world.as_("s1").post(f"/v1/volunteers/{world.volunteer_ids[0]}/{step}")
        assert (back.status_code, back.json()["code"]) == (409, "volunteer.erased")
    cards = {n["volunteer_id"]: n for n in await world.notices(plan_id)}
    assert cards[str(world.volunteer_ids[0])]["email"] is None


async def test_the_notifier_learns_whom_to_forget_and_its_word_ends_the_erasure(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    await press(world, await token_of(world, plan_id, 0), "cannot_go", reason="")
    request = await file(world, 0, "erasure")
    path = f"/v1/internal/erasures/{request['id']}"
    assert (await world.as_("notifier").get(path)).status_code == 404, "nobody is erased yet"
    await carry_out(world, request)
    assert (await world.as_("solver").get(path)).status_code == 403
    task = (await world.as_("notifier").get(path)).json()
    assert task["volunteer_id"] == str(world.volunteer_ids[0])
    assert len(task["answer_ids"]) == 1
    for _ in range(2):
        assert (await world.as_("notifier").post(f"{path}/done", json={"messages": 3})).status_code == 204
    seen = (await world.as_("admin").get(f"/v1/data-requests/{request['id']}")).json()
    assert (seen["state"], seen["outcome"]["notifier"]) == ("done", {"messages": 3})


async def test_what_is_due_is_shown_and_logged_once_and_late_ones_are_found(world: World) -> None:
    request = await file(world, 0, "access")
    now = datetime.now(UTC)
    for due_in, reminded in ((timedelta(days=3), 0), (timedelta(hours=5), 1), (timedelta(hours=-1), 1)):
        async with world.session() as session:
            await session.execute(sa.update(DataRequest).values(due_at=now + due_in))
        for expected in (reminded, 0):
            async with world.session() as session:
                assert await remind_of_requests(session) == expected
    late = (await world.as_("admin").get("/v1/data-requests", params={"late": True})).json()
    assert [item["id"] for item in late["items"]] == [request["id"]]
    assert late["items"][0]["is_late"]
