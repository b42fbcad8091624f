"""A world for the tests of rights: the same objects in a province, in the school next door, and in another province."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from roster_api.access.keys import add_key, find_principal
from roster_api.access.principal import Role
from roster_api.access.rules import RULES
from roster_api.advice.models import Advice
from roster_api.allowances.models import AllowanceRate, AllowanceStatement
from roster_api.blockers.models import Blocker
from roster_api.data_requests.models import DataRequest
from roster_api.deliveries.models import MessageOrder
from roster_api.evaluations.models import Evaluation
from roster_api.group_runs.drafting import draft_of_run
from roster_api.group_runs.repository import find_run
from roster_api.invitations.models import Invitation, InvitationRound
from roster_api.plans.models import Plan
from roster_api.scenarios.models import ScenarioRun, ScenarioSet
from roster_api.service_papers.models import ServicePaper
from roster_api.training.models import Course, CourseSession
from sqlalchemy.ext.asyncio import AsyncSession

from tests.roster_api.reference_world import (
    CAMPAIGN,
    DIEN_BIEN_COMMUNE,
    MISSING_ID,
    NEED,
    NHA_TRANG,
    OTHER_PROVINCE,
    PROVINCE,
    SCHOOL,
    TRUONG_SA,
    World,
    reference_world,
    volunteer,
)
from tests.support.issuer import TestIssuer, add_account
from tests.support.reading import work_off

LIST = "Họ và tên,Vai trò\nNguyễn Văn An,Giảng viên\n".encode()
Ids = dict[str, str]
"""By path parameter."""
MISSING: Ids = {
    "school_code": "NONE",
    "commune_code": "99999",
    "commune": "99999",
    "province": "99",
    "duty": "none",
    "token": "none",
    "kind": "plan",
    "week_on": "2025-11-03",
    "register": "units",
    "subject_kind": "school_contact",
}
"""What is not here is MISSING_ID."""
REQUEST = {"channel": "paper", "filed_by": "x"}
WHAT_CODE = {"provinces": "province", "communes": "commune", "duties": "duty"}


def fill(path: str, ids: Mapping[str, str]) -> str:
    """The path with these ids in the places of its parameters."""
    kind = WHAT_CODE.get(path.split("/")[2], "code")
    return re.sub(r"\{(\w+)\}", lambda found: ids[kind if found[1] == "code" else found[1]], path)


def parameters(path: str) -> set[str]:
    kind = WHAT_CODE.get(path.split("/")[2], "code")
    return {kind if name == "code" else name for name in re.findall(r"\{(\w+)\}", path)}


class Rights:
    """`own` of province 56, `near`: another school and commune there, `far`: another province; `missing`: nowhere."""

    def __init__(self, world: World, issuer: TestIssuer) -> None:
        self.world = world
        self.issuer = issuer
        names = {name for _method, path in RULES for name in re.findall(r"\{(\w+)\}", path)}
        self.missing: Ids = dict.fromkeys(names, MISSING_ID) | MISSING
        self.own: Ids = {}
        self.near: Ids = {}
        self.far: Ids = {}


@asynccontextmanager
async def rights_world(database_url: str) -> AsyncIterator[Rights]:
    async with reference_world(database_url) as world:
        world.app.state.settings = world.app.state.settings.model_copy(update={"uploads_at_once": 10})
        issuer = TestIssuer(url="http://127.0.0.1:9")
        made = Rights(world, issuer)
        own = {
            "province": PROVINCE,
            "commune": NHA_TRANG,
            "commune_code": NHA_TRANG,
            "duty": "digitise",
            "school_code": "DHKH",
            "week_on": "2025-11-03",
        }
        ids = {"school_id": "school", "volunteer_id": "volunteer", "campaign_id": "campaign"}
        made.own = own | {name: world.ids[here] for name, here in ids.items()}
        made.far = await _make_far(world)
        for place in (made.own, made.far):
            await _decide_and_run(world, place)
            await _fill_unit(world, place)
            await _divide(world, place)
        near = {"school_id": world.ids["other_school"], "volunteer_id": world.ids["other_volunteer"]}
        made.near = made.own | near | {"commune": TRUONG_SA, "commune_code": TRUONG_SA}
        for place in (made.own, made.near, made.far):
            place |= {"subject_kind": "school_contact", "subject_id": place["school_id"]}
            await _fill_school(world, place)
        async with world.session() as session:
            for place in (made.own, made.near, made.far):
                await _add_rows(session, place, issuer)
            await _compare(session, made.own, made.far)
            keys = {"admin56": (Role.ADMIN, PROVINCE), "auditor": (Role.AUDITOR, PROVINCE)}
            for name, (role, province) in keys.items():
                world.keys[name] = (await add_key(session, role=role, label=name, province_code=province))[1]
        for place, who in ((made.own, "admin56"), (made.near, "other_coordinator"), (made.far, "other_admin")):
            await _order(world, place, who)
        yield made


async def _make_far(world: World) -> Ids:
    place = {"province": OTHER_PROVINCE, "commune": DIEN_BIEN_COMMUNE, "commune_code": DIEN_BIEN_COMMUNE}
    place |= {"duty": "digitise", "school_code": "DB1", "week_on": "2025-11-03"}
    school = SCHOOL | {"code": "DB1", "province_code": OTHER_PROVINCE, "name": "Trường Điện Biên"}
    place["school_id"] = (await world.create("/v1/schools", school))["id"]
    person = volunteer(place["school_id"], phone="0950000789", email="far@example.edu.vn")
    place["volunteer_id"] = (await world.create("/v1/volunteers", person))["id"]
    place["campaign_id"] = (await world.create("/v1/campaigns", CAMPAIGN | {"province_code": OTHER_PROVINCE}))["id"]
    declared = await world.as_("admin").put(
        f"/v1/campaigns/{place['campaign_id']}/needs/{DIEN_BIEN_COMMUNE}", json=NEED
    )
    assert declared.status_code == 200, declared.text
    return place


async def _decide_and_run(world: World, place: Ids) -> None:
    campaign = f"/v1/campaigns/{place['campaign_id']}"
    assert (await world.as_("admin").post(f"{campaign}/open")).status_code == 200
    pin = {"kind": "responsibility_pin", "commune_code": place["commune_code"], "school_id": place["school_id"]}
    place["decision_id"] = (await world.create(f"{campaign}/decisions", pin | {"reason": "Gần nhất"}))["id"]
    asked = await world.as_("admin").post(f"{campaign}/matching-runs", json={})
    assert asked.status_code == 202, asked.text
    place["run_id"] = place["other_id"] = asked.json()["id"]


async def _fill_unit(world: World, place: Ids) -> None:
    unit = {"code": "STTTT", "name": "Sở", "kind": "provincial_agency", "province_code": place["province"]}
    place["unit_id"] = (await world.create("/v1/units", unit | {"contact_phone": "0258 3831 170"}))["id"]
    of_unit = {"code": "A1", "unit_id": place["unit_id"]}
    member = of_unit | {"full_name": "Trần Văn Công", "side": "government", "phone": "0950000321"}
    knows = {"availability": "nominated", "qualifications": [{"field_code": "digitise", "level": 3}]}
    place["staff_id"] = (await world.create("/v1/staff", member | knows))["id"]
    files = {"file": ("x.csv", "Mã,Tên,Loại\nA,B,Sở ban ngành\n".encode(), "text/csv")}
    sent = await world.as_("admin").post(f"/v1/provinces/{place['province']}/registers/units", files=files)
    assert sent.status_code == 202, sent.text
    await work_off(world.app)
    place |= {"register_upload_id": sent.json()["id"], "register": "units"}
    post = of_unit | {"title": "Công chức", "field_code": "digitise"}
    place["post_id"] = (await world.create("/v1/posts", post))["id"]
    span = {"from_on": "2025-10-20", "until_on": "2026-04-19"}
    asked = await world.as_("admin").post(f"/v1/provinces/{place['province']}/secondment-runs", json=span)
    assert asked.status_code == 202, asked.text
    place["secondment_run_id"] = asked.json()["id"]
    moved = {"staff_id": place["staff_id"], "post_id": place["post_id"], "legal_basis": "x", "signer": "x", **span}
    place["secondment_id"] = (await world.create("/v1/secondments", moved | {"reason": "Theo đề nghị"}))["id"]


async def _divide(world: World, place: Ids) -> None:
    """A run of groups, and a draft as it would leave."""
    who = {"name": "Lê Văn Theo", "email": "theo@example.vn"}
    path = f"/v1/campaigns/{place['campaign_id']}/group-runs"
    asked = await world.as_("admin").post(path, json={"overseers": [who]})
    assert asked.status_code == 202, asked.text
    place["group_run_id"] = asked.json()["id"]
    async with world.session() as session:
        run = await find_run(session, UUID(place["group_run_id"]), with_documents=True)
        assert run is not None
        draft = await draft_of_run(session, run, owner={one["id"]: 0 for one in run.document["communes"]})
        place["grouping_id"] = str(draft.id)


async def _compare(session: AsyncSession, *places: Ids) -> None:
    """Runs asked for at once; they have ended or not."""
    for place in places:
        row = ScenarioSet(
            id=uuid4(), campaign_id=UUID(place["campaign_id"]), from_scratch=False, requested_by="x"
        )  # fmt: skip
        session.add(row)
        await session.flush()
        session.add(ScenarioRun(set_id=row.id, position=0, run_id=UUID(place["run_id"]), named={}, no_effect=[]))
        place["set_id"] = str(row.id)


async def _order(world: World, place: Ids, who: str) -> None:
    """Messages sent again, by whoever has this key."""
    principal = await find_principal(world.app.state.engine, key_value=world.keys[who])
    assert principal is not None
    async with world.session() as session:
        row = MessageOrder(id=uuid4(), message_ids=[], reason="x", asked_by="x", asked_by_id=principal.actor_id)
        session.add(row)
        place["order_id"] = str(row.id)


async def _fill_school(world: World, place: Ids) -> None:
    files = {"file": ("ds.csv", LIST, "text/csv")}
    sent = await world.as_("admin").post(f"/v1/schools/{place['school_id']}/roster-uploads", files=files)
    assert sent.status_code in {201, 202}, sent.text
    place["upload_id"] = sent.json()["id"]


async def _add_blocker(session: AsyncSession, place: Ids, now: datetime) -> str:
    blocker = Blocker(
        id=uuid4(), campaign_id=UUID(place["campaign_id"]), commune_code=place["commune_code"], words="x",
        school_id=UUID(place["school_id"]), urgency="normal", level_since=now, raised_at=now, raised_by="x",
    )  # fmt: skip
    session.add(blocker)
    await session.flush()
    return str(blocker.id)


async def _add_evaluation(session: AsyncSession, place: Ids) -> str:
    row = Evaluation(
        id=uuid4(), campaign_id=UUID(place["campaign_id"]), rater="school", rater_id=place["school_id"], words="x",
        rated="commune", rated_id=place["commune_code"], commune_code=place["commune_code"], marks={"readiness": 3},
        school_id=UUID(place["school_id"]),
    )  # fmt: skip
    session.add(row)
    await session.flush()
    return str(row.id)


async def _add_rows(session: AsyncSession, place: Ids, issuer: TestIssuer) -> None:
    """What only a worker or a person brings about, straight into the tables."""
    run_id, school_id = UUID(place.get("run_id", MISSING_ID)), UUID(place["school_id"])
    if "plan_id" not in place and run_id != UUID(MISSING_ID):
        known = await session.scalar(sa.select(Plan.id).where(Plan.run_id == run_id))
        plan = Plan(
            campaign_id=UUID(place["campaign_id"]), run_id=run_id, draft_number=1, version=1, status="published",
            content_sha256="x", is_verified=True, published_at=sa.func.now(), published_by="x",
        )  # fmt: skip
        if known is None:
            session.add(plan)
            await session.flush()
        place["plan_id"] = str(known or plan.id)
    place |= await _add_month(session, place) | await _add_invitation(session, place)
    outbox_id = await session.scalar(sa.text("select id from roster.outbox limit 1"))
    now = await session.scalar(sa.select(sa.func.now()))
    assert now is not None
    place["blocker_id"] = await _add_blocker(session, place, now)
    place["evaluation_id"] = await _add_evaluation(session, place)
    question = {"kind": "replacements", "volunteer_id": place["volunteer_id"]}
    asked = {"outbox_id": outbox_id, "question": question, "question_sha256": str(school_id)}
    times = {"requested_at": now, "deadline_at": now + timedelta(hours=1), "requested_by": "x"}
    advice = Advice(run_id=run_id, document="", school_id=school_id, **asked, **times)
    session.add(advice)
    request = DataRequest(volunteer_id=UUID(place["volunteer_id"]), kind="access", **REQUEST, due_at=now)
    session.add(request)
    bound: dict[str, Any] = {"province_code": place["province"], "school_id": school_id}
    key = (await add_key(session, role=Role.SCHOOL_COORDINATOR, label="key", **bound))[0]
    role = {"role": Role.SCHOOL_VIEWER.value, **bound}
    subject = f"viewer-{school_id}"
    account = await add_account(session, issuer, subject=subject, email=f"{school_id}@example.vn", roles=[role])
    await session.flush()
    place |= {
        "advice_id": str(advice.id),
        "request_id": str(request.id),
        "key_id": str(key.id),
        "account_id": str(account[0]),
    }
    place["assignment_id"] = str(account[1][0])


async def _add_month(session: AsyncSession, place: Ids) -> Ids:
    rate = AllowanceRate(
        province_code=place["province"], component="remote_day", amount_vnd=1, valid_from=date(2025, 1, 1),
        legal_basis="x", set_by="x",
    )  # fmt: skip
    statement = AllowanceStatement(
        campaign_id=UUID(place["campaign_id"]), school_id=UUID(place["school_id"]), month=date(2025, 11, 1), number=1,
        total_vnd=0, unpaid=[], computed_by="x",
    )  # fmt: skip
    served = {"commune_name": "Xã", "days": ["2025-11-03"]}
    content = {"full_name": "An", "role": "student", "school_name": "x", "province_name": "x", "campaign_name": "x"}
    paper = ServicePaper(
        campaign_id=UUID(place["campaign_id"]), school_id=UUID(place["school_id"]), kind="certificate",
        volunteer_id=UUID(place["volunteer_id"]), code=place["volunteer_id"], issued_by="x",
        content=content | {"communes": [served], "duties": []},
    )  # fmt: skip
    course = Course(
        province_code=place["province"], code=place["school_id"], topic="Chữ ký số", sort_key="", mode="online",
        field_code="digitise", trainer="", school_id=UUID(place["school_id"]), commune_code=place["commune_code"],
        made_by="x",
    )  # fmt: skip
    session.add_all([rate, statement, paper, course])
    await session.flush()
    session.add(CourseSession(course_id=course.id, number=1, held_on=date(2025, 11, 3)))
    return {
        "course_id": str(course.id),
        "rate_id": str(rate.id),
        "statement_id": str(statement.id),
        "paper_id": str(paper.id),
    }


async def _add_invitation(session: AsyncSession, place: Ids) -> Ids:
    round_id, school_id = uuid4(), UUID(place["school_id"])
    session.add(InvitationRound(id=round_id, school_id=school_id, kind="invitation", asked_by="x"))
    await session.flush()
    person = UUID(place["volunteer_id"])
    ends_at = datetime.now(UTC) + timedelta(days=1)
    link = Invitation(school_id=school_id, volunteer_id=person, round_id=round_id, expires_at=ends_at)
    session.add(link)
    await session.flush()
    return {"invitation_id": str(link.id)}


DISTURBED = (
    ("staff", "full_name", "staff_id"),
    ("posts", "title", "post_id"),
    ("secondments", "reason_vi", "secondment_id"),
    ("register_uploads", "file_name", "register_upload_id"),
)
OF_THE_SCHOOL = (
    ("blockers", "words", "blocker_id"),
    ("evaluations", "words", "evaluation_id"),
    ("data_requests", "reason", "request_id"),
    ("allowance_statements", "computed_by", "statement_id"),
    ("service_papers", "issued_by", "paper_id"),
)
"""(table, column, which of a place's ids)."""


async def disturb_rows(session: AsyncSession, place: Ids, rows: Sequence[tuple[str, str, str]], *, word: str) -> None:
    """Each of these reads otherwise from now on."""
    for table, column, name in rows:
        statement = sa.text(f"update roster.{table} set {column} = :word where id = cast(:id as uuid)")  # noqa: S608
        await session.execute(statement, {"word": f"{word} {column}", "id": place[name]})
