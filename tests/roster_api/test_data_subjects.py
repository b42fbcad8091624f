"""What volunteers may ask about their data, offices' contacts, officials and account holders may ask, too."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from roster_api.access.models import Account, RoleAssignment
from roster_api.access.principal import Role
from roster_api.audit.models import AuditEntry
from roster_api.data_requests.models import DataRequest
from roster_api.migrations.tables import metadata
from roster_api.plans.models import FrozenContact
from roster_api.secondments.models import SecondmentRun
from roster_api.staff.models import StaffMember
from sqlalchemy.orm import undefer

from tests.roster_api.planning_world import World, planning_world
from tests.roster_api.reference_world import PROVINCE, reference_world
from tests.roster_api.reference_world import World as Reference
from tests.roster_api.secondment_world import decide, fill_departments, finish_run
from tests.roster_api.test_data_requests import PAPER, PLACES
from tests.support.dumping import dump, found_in
from tests.support.reading import work_off

CONTACT = {"contact_name": "Đào Thị Khó Quên", "contact_phone": "0950 000 777", "contact_email": "dao@example.vn"}
SECTIONS = {
    "placements": "placements", "plan_reserves": "reserves", "plan_withdrawals": "withdrawals", "seats": "placements",
    "placement_answers": "answers", "vacancies": "stand_ins", "reminded_people": "reminders",
    "personal_links": "links", "service_days": "service_days", "attendance_ticks": "stood_in_for",
    "duty_counts": "duty_counts", "service_papers": "service_papers", "allowance_lines": "allowances",
    "consents": "consents", "decisions": "decisions", "invitations": "invitations", "data_requests": "requests",
    "invitation_answers": "own_answers", "evaluations": "evaluations", "secondments": "secondments",
    "role_assignments": "roles", "overseers": "oversight_groups", "first_days": "reminders",
    "course_sessions": "sessions_given", "course_nominations": "training", "course_attendances": "training",
    "course_results": "training", "staff_learning": "training",
}  # fmt: skip
"""Of each table that names a volunteer, an official or an account, the section in which a person reads it."""


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


@pytest.fixture
async def reference(roster_database_url: str) -> AsyncIterator[Reference]:
    async with reference_world(roster_database_url) as made:
        yield made


@pytest.fixture(autouse=True)
def nothing_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask(*_args: object, **_named: object) -> list[object]:
        return []

    monkeypatch.setattr("roster_api.data_requests.subject_routes.ask_messages_of", ask)


async def ask(world: Any, who: str, kind: str, subject: Any, asked: str, status: int = 200, **more: Any) -> Any:
    path = f"/v1/data-subjects/{kind}/{subject}/requests"
    answer = await world.as_(who).post(path, json={"kind": asked, **PAPER, **more})
    assert answer.status_code == status, answer.text
    return answer.json()


async def carry_out(world: Any, request: dict[str, Any]) -> Any:
    return await world.as_("admin").post(f"/v1/data-requests/{request['id']}/carry-out")


async def read_data(world: Any, kind: str, subject: Any) -> dict[str, list[dict[str, Any]]]:
    path = f"/v1/data-subjects/{kind}/{subject}/data"
    answer = await world.as_("admin").get(path)
    assert answer.status_code == 200, answer.text
    page = await world.as_("admin").get(f"{path}.html")
    assert page.status_code == 200, page.text
    async with world.session() as session:
        read = sa.select(AuditEntry).where(AuditEntry.action == "read", AuditEntry.route.like("%data-subjects%"))
        assert (await session.scalars(read)).first() is not None, "that it was taken is an entry"
    return {section["code"]: section["items"] for section in answer.json()["sections"]}


async def finish(world: Any, request: dict[str, Any]) -> dict[str, Any]:
    """The notifier reads its task and says that it is done: (task, request as it is then)."""
    path = f"/v1/internal/erasures/{request['id']}"
    task = (await world.as_("notifier").get(path)).json()
    for _ in range(2):
        assert (await world.as_("notifier").post(f"{path}/done", json={"messages": 2})).status_code == 204
    seen = (await world.as_("admin").get(f"/v1/data-requests/{request['id']}")).json()
    assert seen["state"] == "done"
    async with world.session() as session:
        assert (await session.get_one(DataRequest, UUID(request["id"]))).wanted is None
    return dict(task)


async def name_contact(world: World, school_id: UUID) -> None:
    path = f"/v1/schools/{school_id}"
    current = await world.as_("admin").get(path)
    headers = {"If-Match": current.headers["etag"]}
    assert (await world.as_("admin").patch(path, json=CONTACT, headers=headers)).status_code == 200


async def test_a_schools_contact_is_seen_corrected_and_erased_with_what_published_plans_say_of_them(
    world: World, roster_database_url: str
) -> None:
    school = world.school_ids["S1"]
    await name_contact(world, school)
    await world.make_published(PLACES)
    for who, status in (("s2", 404), ("elsewhere", 404), ("c1", 404), ("overseer", 403)):
        await ask(world, who, "school_contact", school, "access", status)
    fixed = await ask(world, "s1", "school_contact", school, "correction", correction={"phone": "0258 3822 222"})
    assert (fixed["full_name"], fixed["school_id"]) == (CONTACT["contact_name"], str(school))
    assert (await carry_out(world, fixed)).json()["state"] == "done"
    assert (await world.as_("s1").get(f"/v1/schools/{school}")).json()["contact_phone"] == "+842583822222"
    data = await read_data(world, "school_contact", school)
    assert data["contact"][0]["email"] == "dao@example.vn"
    frozen = data["frozen_contacts"]
    assert {each["phone"] for each in frozen} == {"+84950000777"}, "as the plan says it"
    request = await ask(world, "s1", "school_contact", school, "erasure")
    assert all(each["how_long_vi"] and each["how_long_en"] for each in request["stays"])
    erased = (await carry_out(world, request)).json()
    assert (erased["state"], erased["outcome"]["roster"]["frozen_contacts"]) == ("erasing", len(frozen))
    async with world.session() as session:
        rows = (await session.scalars(sa.select(FrozenContact))).all()
        gone = {row.owner_id for row in rows if row.wrapped_key is None}
        assert gone == {str(school)}, "the key is destroyed, and no other school's"
    task = await finish(world, request)
    assert task["recipient"] == {"kind": "school", "id": str(school)}
    assert task["contact"]["phone"] == "+842583822222"
    dumped = await dump(roster_database_url)
    assert found_in(dumped, phones={"+84950000777", "+842583822222"}, emails={"dao@example.vn"}) == []
    assert CONTACT["contact_name"] not in dumped
    assert (await world.as_("s1").get(f"/v1/schools/{school}")).json()["contact_name"] is None


async def test_a_commune_asks_for_its_own_contact_alone_and_home_affairs_for_all(world: World) -> None:
    request = await ask(world, "c1", "commune_contact", "C1", "erasure")
    await ask(world, "c1", "commune_contact", "C2", "erasure", 404)
    await ask(world, "c1", "school_contact", world.school_ids["S1"], "erasure", 404)
    for kind, subject in (("commune_contact", "C9"), ("staff", "C1"), ("account", str(uuid4()))):
        await ask(world, "admin", kind, subject, "access", 404)
    await ask(world, "admin", "volunteer", world.volunteer_ids[0], "access", 422)
    listed = (await world.as_("admin").get("/v1/data-requests", params={"subject_kind": "commune_contact"})).json()
    assert [(each["subject_id"], each["school_name"]) for each in listed["items"]] == [("C1", "Xã Tây Khánh Vĩnh")]
    for who, total in (("s1", 0), ("elsewhere", 0)):
        assert (await world.as_(who).get("/v1/data-requests")).json()["total"] == total
    assert (await world.as_("elsewhere").get(f"/v1/data-requests/{request['id']}")).status_code == 404
    assert (await carry_out(world, request)).status_code == 200
    assert (await finish(world, request))["recipient"] == {"kind": "commune", "id": "C1"}


async def test_an_official_is_erased_only_once_no_secondment_runs_and_stands_nowhere_in_the_dump(
    reference: Reference, roster_database_url: str
) -> None:
    ids = await fill_departments(reference)
    run_id = await finish_run(reference)
    await decide(reference, run_id)
    staff = ids["CB1"]
    register = "Mã,Họ và tên,Đơn vị,Khối,Điện thoại\nCB1,Nguyễn Văn An,STTTT,Chính quyền,0950000800\n".encode()
    files = {"file": ("an.csv", register, "text/csv")}
    path = f"/v1/provinces/{PROVINCE}/registers/staff"
    sent = await reference.as_("admin").post(path, files=files)
    assert sent.status_code == 202, sent.text
    await work_off(reference.app)
    data = await read_data(reference, "staff", staff)
    assert (data["official"][0]["phone"], data["official"][0]["conduct"]) == ("+84950000800", "good")
    assert {each["status"] for each in data["secondments"]} == {"published"}
    assert all(data[section] for section in ("secondment_events", "considered", "registers"))
    request = await ask(reference, "admin", "staff", staff, "erasure")
    assert (await carry_out(reference, request)).json()["code"] == "data_request.secondment_in_force"
    await end_all(reference)
    assert (await carry_out(reference, request)).json()["code"] == "data_request.list_in_hand"
    upload = f"/v1/register-uploads/{sent.json()['id']}"
    assert (await reference.as_("admin").post(f"{upload}/cancel")).status_code == 200
    erased = (await carry_out(reference, request)).json()
    counts = {"unsubscriptions": 0, "registers": 1, "runs": 1, "reasons": 1, "person": 1}
    assert (erased["state"], erased["outcome"]["roster"]) == ("erasing", counts)
    await assert_official_is_nowhere(reference, staff, await dump(roster_database_url))
    task = await finish(reference, request)
    assert (task["recipient"], len(task["occasion_ids"])) == ({"kind": "staff", "id": staff}, 1)
    again = await ask(reference, "admin", "staff", staff, "access", 409)
    assert again["code"] == "data_request.erased"


async def end_all(world: Reference) -> None:
    async with world.session() as session:
        await session.execute(sa.text("update roster.secondments set status = 'returned', ended_on = until_on"))


async def assert_official_is_nowhere(world: Reference, staff: str, dumped: str) -> None:
    assert "Trần Thị Bình" in dumped, "it is the whole database"
    assert "Nguyễn Văn An" not in dumped
    assert found_in(dumped, phones={"+84950000800"}, emails={"cb1@example.vn"}) == []
    assert '"CB1"' not in dumped
    assert "'CB1'" not in dumped
    async with world.session() as session:
        row = await session.get_one(StaffMember, UUID(staff))
        assert (row.qualifications, row.conduct, row.phone) == ([], None, None)
        assert row.archived_at is not None
        run = (await session.scalars(sa.select(SecondmentRun).options(undefer("*")))).one()
        people = {person["id"] for person in run.document["people"]}
        assert row.code in people, "the frozen problem reads as before, under another code"
        assert row.code in {move[0] for move in (run.solution or {})["moves"]}


async def test_an_account_is_erased_once_it_holds_no_role_and_what_it_did_stays(
    world: World, roster_database_url: str
) -> None:
    async with world.session() as session:
        account = Account(
            issuer="https://issuer.example.vn", subject="chi-hai", email="hai@example.vn", display_name="Hồ Thị Hải",
            bound_at=sa.func.now(),
        )  # fmt: skip
        session.add(account)
        await session.flush()
        role = RoleAssignment(account_id=account.id, role=Role.LEADER, province_code=PROVINCE, granted_by="x")
        session.add(role)
        await session.flush()
        account_id, role_id = str(account.id), str(role.id)
    data = await read_data(world, "account", account_id)
    assert (data["account"][0]["email"], data["roles"][0]["role"]) == ("hai@example.vn", "leader")
    await ask(world, "elsewhere", "account", account_id, "access", 404)
    refused = await ask(world, "admin", "account", account_id, "correction", 422, correction={"phone": "0950 000 999"})
    assert refused["errors"][0]["pointer"] == "/correction/phone"
    request = await ask(world, "admin", "account", account_id, "erasure")
    assert (await carry_out(world, request)).json()["code"] == "data_request.holds_roles"
    revoke = f"/v1/accounts/{account_id}/assignments/{role_id}/revoke"
    assert (await world.as_("admin").post(revoke)).status_code == 200
    assert (await carry_out(world, request)).json()["state"] == "erasing"
    dumped = await dump(roster_database_url)
    assert [word for word in ("chi-hai", "Hồ Thị Hải", "hai@example.vn") if word in dumped] == []
    assert found_in(dumped, phones=set(), emails={"hai@example.vn"}) == []
    assert (await finish(world, request))["contact"] is None


def test_every_table_that_names_a_person_has_its_section_in_what_they_are_given() -> None:
    people = {"volunteers.id", "staff.id", "accounts.id"}
    naming = {
        table.name
        for table in metadata.tables.values()
        for key in table.foreign_keys
        if key.target_fullname.removeprefix("roster.") in people
    }
    assert naming == set(SECTIONS), "a new table gets a section in the export of a person"
