"""Every route x every role x own, foreign and missing objects, with bodies that are valid: one table, no exceptions."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from roster_api.access.keys import add_key
from roster_api.access.principal import Role
from roster_api.access.rules import RULES
from roster_api.app import create_app
from roster_api.settings import Settings

from tests.roster_api.description import committed_description
from tests.roster_api.reference_world import MISSING_ID, NEED, NHA_TRANG, World
from tests.roster_api.rights_world import Ids, Rights, fill, parameters, rights_world
from tests.support.issuer import TestIssuer, serving

PEOPLE: tuple[Role, ...] = tuple(role for role in Role if not role.is_service and role is not Role.VOLUNTEER)
KEYS: dict[Role, str] = dict(zip(PEOPLE, (role.value for role in PEOPLE), strict=True))
KEYS[Role.ADMIN], KEYS[Role.SCHOOL_COORDINATOR], KEYS[Role.COMMUNE_OFFICER] = "admin56", "coordinator", "officer"
"""By role, the name of its key in the world."""
NEAR = {
    Role.SCHOOL_COORDINATOR: {
        "school_id",
        "volunteer_id",
        "upload_id",
        "advice_id",
        "account_id",
        "assignment_id",
        "request_id",
        "statement_id",
        "invitation_id",
        "blocker_id",
        "paper_id",
        "subject_id",
        "course_id",
        "order_id",
    },
    Role.SCHOOL_VIEWER: {"school_id", "volunteer_id", "upload_id", "advice_id", "statement_id", "paper_id"},
    Role.COMMUNE_OFFICER: {"commune_code", "blocker_id"},
}
"""What of the same province is somebody else's, by role; to every other role it is their own."""
PIN = {"kind": "responsibility_pin", "commune_code": NHA_TRANG, "school_id": MISSING_ID, "reason": "Gần nhất"}
C, V, P, U = "/v1/campaigns/{campaign_id}", "/v1/volunteers/{volunteer_id}", "/v1/plans/{plan_id}", "/v1/roster-uploads"
S = "/v1/secondments/{secondment_id}"
TERMS = {"from_on": "2025-10-20", "until_on": "2026-04-19", "legal_basis": "x", "signer": "x"}
SQUARE = [[[109.1, 12.2], [109.2, 12.2], [109.2, 12.3], [109.1, 12.2]]]
SHAPE = {
    "type": "Feature",
    "properties": {"code": NHA_TRANG},
    "geometry": {"type": "Polygon", "coordinates": SQUARE},
}
DECISION = {
    "issuer": ["ỦY BAN NHÂN DÂN"],
    "symbol": "QĐ-UBND",
    "place": "Khánh Hòa",
    "decided_by": "Chủ tịch Ủy ban nhân dân tỉnh",
    "subject": "Về việc cử người hỗ trợ xã",
    "legal_bases": ["Căn cứ Luật Tổ chức chính quyền địa phương"],
    "signing": ["CHỦ TỊCH"],
    "recipients": ["Lưu: VT"],
}
TEMPLATE = "/v1/message-templates/{kind}/{channel}/{language}"
CONSENT = {"purpose": "messages", "is_given": True, "text_version": "1", "channel": "paper", "proof": "Phiếu 1"}
TICK = {"key": "k", "volunteer_id": MISSING_ID, "serves_on": "2025-11-03", "outcome": "present"}
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/v1/accounts/{account_id}/assignments"): {"role": "school_viewer", "school_id": MISSING_ID},
    ("POST", f"{C}/attendance"): {"ticks": [TICK | {"ticked_at": "2025-11-03T08:00:00+07:00"}]},
    ("PUT", f"{C}/duty-counts/{{commune_code}}/{{week_on}}"): {"items": []},
    ("POST", f"{C}/allowance-statements"): {"month": "2025-11-01"},
    ("POST", f"{C}/service-papers"): {"kind": "certificate", "volunteer_id": MISSING_ID},
    ("POST", "/v1/allowance-rates/{rate_id}/end"): {"valid_until": "2025-11-01"},
    ("POST", f"{C}/blockers"): {"words": "Mất mạng", "commune_code": NHA_TRANG},
    ("POST", f"{C}/blockers/{{blocker_id}}/notes"): {"words": "Đã gọi"},
    ("POST", f"{C}/blockers/{{blocker_id}}/reopen"): {"words": "Chưa xong"},
    ("POST", f"{C}/blockers/{{blocker_id}}/solve"): {"words": "Đã xong"},
    ("PUT", "/v1/courses/{course_id}/nominations"): {"staff_ids": []},
    ("POST", "/v1/staff/{staff_id}/learning"): {
        "kind": "self_study",
        "learnt_on": "2025-11-03",
        "words": "Tự học",
    },
    ("PUT", f"{C}/timeline"): {"items": []},
    ("POST", f"{C}/launch"): {"launched_on": "2025-11-03"},
    ("POST", f"{C}/next-wave"): {"name": "Đợt 2", "starts_on": "2026-11-03", "ends_on": "2026-11-28"},
    ("PUT", f"{C}/starting-points/{{commune_code}}/{{school_id}}"): {
        "first_visit_on": "2025-11-03",
        "duties": ["digitise"],
    },
    ("POST", f"{C}/starting-points/{{commune_code}}/{{school_id}}/agree"): {"number": 1},
    ("PUT", f"{C}/evaluations/people/{{volunteer_id}}"): {"help": 3, "attitude": 3, "skill": 3},
    ("PUT", f"{C}/evaluations/schools/{{school_id}}"): {"help": 3, "attitude": 3, "skill": 3},
    ("PUT", f"{C}/evaluations/communes/{{commune_code}}"): {"readiness": 3},
    ("POST", f"{C}/support"): {
        "commune_code": NHA_TRANG,
        "words": "Gọi",
        "began_at": "2025-11-03T08:00:00Z",
        "ended_at": "2025-11-03T09:00:00Z",
    },
    ("POST", f"{C}/group-runs"): {"overseers": [{"name": "Lê Văn Theo", "email": "theo@example.vn"}]},
    ("POST", "/v1/groupings/{grouping_id}/edits"): {"exchanges": [[0, 1]], "reason": "x"},
    ("POST", "/v1/groupings/{grouping_id}/edits/preview"): {"exchanges": [[0, 1]]},
    ("PUT", f"{C}/calendar-exceptions"): {"items": []},
    ("POST", f"{C}/decisions"): PIN,
    ("POST", f"{C}/existing-relations"): {"commune_code": NHA_TRANG, "school_id": MISSING_ID},
    ("PUT", f"{C}/needs"): {"items": [NEED | {"commune_code": NHA_TRANG}]},
    ("PUT", f"{C}/needs/{{commune_code}}"): NEED,
    ("POST", f"{C}/needs/{{commune_code}}/review"): {"decision": "accept"},
    ("PATCH", C): {"name": "Khác"},
    ("PATCH", "/v1/communes/{code}"): {"office_address": "Số 1"},
    ("PATCH", "/v1/duties/{code}"): {"guidance_vi": "x"},
    ("PATCH", "/v1/fields/{code}"): {"name_en": "x"},
    ("PATCH", "/v1/schools/{school_id}"): {"address": "Số 1"},
    ("POST", "/v1/provinces/{code}/secondment-runs"): {"from_on": "2025-10-20", "until_on": "2026-04-19"},
    ("POST", "/v1/secondment-runs/{secondment_run_id}/decisions"): TERMS,
    ("PATCH", S): {"signer": "Giám đốc"},
    ("POST", f"{S}/start"): {"on": "2025-10-20"},
    ("POST", f"{S}/return"): {"on": "2025-10-20"},
    ("POST", f"{S}/end"): {"on": "2025-10-20", "reason": "x"},
    ("POST", f"{S}/extend"): {"until_on": "2026-04-19", "reason": "x", "legal_basis": "x"},
    ("POST", f"{S}/review"): {"on": "2025-10-20", "next_review_on": "2026-04-19", "reason": "x"},
    ("POST", f"{S}/ask-change"): {"reason": "x"},
    ("PATCH", "/v1/units/{unit_id}"): {"quota_party": 3},
    ("PATCH", "/v1/staff/{staff_id}"): {"position": "Chuyên viên"},
    ("PATCH", "/v1/posts/{post_id}"): {"priority": 2},
    ("PATCH", V): {"max_days": 3},
    ("PUT", f"{V}/absences"): {"items": []},
    ("POST", f"{V}/consents"): CONSENT,
    ("POST", f"{V}/data-requests"): {"kind": "erasure", "channel": "paper", "proof": "Phiếu 1"},
    ("POST", "/v1/data-subjects/{subject_kind}/{subject_id}/requests"): {
        "kind": "erasure",
        "channel": "paper",
        "proof": "Phiếu 1",
    },
    ("POST", "/v1/data-requests/{request_id}/refuse"): {"reason": "Chưa rõ ai hỏi"},
    ("POST", "/v1/matching-runs/{run_id}/advice"): {"kind": "replacements", "volunteer_id": MISSING_ID},
    ("PUT", f"{P}/decision"): DECISION,
    ("POST", f"{P}/edits"): {"edits": [{"kind": "send_home", "volunteer_id": MISSING_ID}], "reason": "Gần nhất"},
    ("POST", f"{P}/edits/preview"): {"edits": [{"kind": "send_home", "volunteer_id": MISSING_ID}]},
    ("POST", f"{V}/own-words"): {
        "free_weekdays": [0],
        "max_days": 2,
        "skills": {"digitise": 1},
        "channel": "spoken",
        "proof": "Gọi ngày 1/12",
    },
    ("POST", "/v1/call-list/{message_id}/calls"): {"outcome": "reached"},
    ("POST", TEMPLATE): {"blocks": None, "reason": "Lời của tỉnh"},
    ("POST", "/v1/suppressions/{suppression_id}/release"): {"reason": "Hộp thư đã mở lại"},
    ("POST", "/v1/webhooks"): {"url": "https://example.vn/hook", "event_types": ["commune-roster.message.failed"]},
    ("POST", "/v1/webhooks/{webhook_id}/replay"): {"since": "2025-11-03T08:00:00+07:00"},
    ("POST", "/v1/message-orders"): {"message_ids": [MISSING_ID], "reason": "Đã sửa địa chỉ"},
    ("POST", f"{P}/message-orders"): {"status": "failed", "confirm": 1, "reason": "Đã sửa địa chỉ"},
    ("POST", f"{P}/replacements"): {"leaver_id": MISSING_ID, "volunteer_ids": [MISSING_ID], "reason": "Gần nhất"},
    ("PUT", "/v1/provinces/{code}/boundaries"): {"type": "FeatureCollection", "features": [SHAPE]},
    ("PUT", "/v1/provinces/{code}/travel"): {"items": []},
    ("PUT", "/v1/provinces/{code}/publishing"): {"four_eyes": False},
    ("PUT", f"{U}/{{upload_id}}/decisions"): {"decisions": []},
}
"""Valid bodies of writes that need one; every other write takes an empty one."""
SPAN = {"first_on": "2025-11-03", "last_on": "2025-11-07"}
QUERIES = {
    "allowances.xlsx": {"month": "2025-11-01"},
    "sheet.xlsx": SPAN,
    "sign-in.html": SPAN,
    "answerable": {"field_code": "digitise"},
    "people": {"commune_code": NHA_TRANG, "field": "digitise"},
    "stand-ins": {"on": "2025-11-03", "q": "an"},
}
"""By the path's end, what a read has to be asked."""
OF_NOTIFIER = ("/v1/message-templates/", "/v1/suppressions/", "/v1/webhooks/")
UNSCOPED = ("/v1/internal/", "/v1/national-runs", "/v1/duties/", "/v1/fields/", "/v1/call-list/", *OF_NOTIFIER)
"""Of the services, of the nation, of the whole country: no province has its own. Whose a message is says the notifier,
which this world has not: test_deliveries.py, test_message_templates.py, test_suppressions_and_webhooks.py."""
MADE_OF_ROWS = frozenset({"set_id", "order_id", "group_run_id", "grouping_id"})
"""Home Affairs' own are there."""
REFUSED = {403, 404}


def patient_settings(url: str) -> Settings:
    """That let one test ask thousands of times in a minute."""
    often = {"requests_a_minute": 10**6, "wrong_keys_a_minute": 10**6, "heavy_requests_an_hour": 10**6}
    return Settings.model_validate({"database_url": url} | often)


@pytest.fixture(scope="module")
def filled() -> dict[str, Rights]:
    return {}


@pytest.fixture
async def rights(module_roster_database_url: str, filled: dict[str, Rights]) -> AsyncIterator[Rights]:
    """Filled once a module; an application of one's own a test, as it has a loop of its own."""
    url = module_roster_database_url
    if url not in filled:
        async with rights_world(url) as made:
            filled[url] = made
    made = filled[url]
    made.world = World(app=create_app(patient_settings(url)), keys=made.world.keys, ids=made.world.ids)
    yield made
    await made.world.close()


def cases() -> Iterator[tuple[str, str, Role]]:
    """(method, path, role) of whoever may and of whatever has an object."""
    for (method, path), rule in sorted(RULES.items()):
        if isinstance(rule, str) or "{" not in path or path.startswith(UNSCOPED):
            continue
        for role in sorted(rule):
            yield method, path, role


async def ask(rights: Rights, who: str, method: str, path: str, ids: Ids, **more: Any) -> httpx.Response:
    options: dict[str, Any] = {"headers": {"If-Match": "*"}}
    if path.endswith(("/roster-uploads", "/registers/{register}", "/sheet")) and method == "POST":
        options["files"] = {"file": ("x.csv", b"a,b\n", "text/csv")}
    elif method != "GET":
        options["json"] = BODIES.get((method, path), {}) | more
    options["params"] = QUERIES.get(path.rpartition("/")[2], {})
    return await rights.world.as_(who).request(method, fill(path, ids), **options)


def seen(answer: httpx.Response) -> tuple[int, Any]:
    body = answer.json() if "json" in answer.headers.get("content-type", "") else answer.text
    if isinstance(body, dict):
        body.pop("instance", None)
    return answer.status_code, body


def foreign_places(rights: Rights, path: str, role: Role) -> Iterator[tuple[str, Ids, Ids]]:
    """(name, ids of somebody else's, ids that differ from them only in being nowhere)."""
    named, own = parameters(path), rights.missing | rights.own
    yield "far", rights.missing | rights.far, rights.missing
    theirs = named & NEAR.get(role, set())
    if theirs:
        missing = {name: rights.missing[name] for name in theirs}
        yield "near", own | {name: rights.near[name] for name in theirs}, own | missing
    for inner in named & {"blocker_id", "evaluation_id", "decision_id", "other_id", "assignment_id"}:
        mixed = {inner: rights.far[inner]}
        yield "mixed", own | mixed, own | {inner: rights.missing[inner]}


async def test_what_is_somebody_elses_answers_like_what_is_nowhere_on_every_route_to_every_role(rights: Rights) -> None:
    wrong = []
    for method, path, role in cases():
        for name, foreign, missing in foreign_places(rights, path, role):
            theirs = seen(await ask(rights, KEYS[role], method, path, foreign))
            nowhere = seen(await ask(rights, KEYS[role], method, path, missing))
            if theirs != nowhere or theirs[0] not in REFUSED:
                wrong.append(f"{method} {path} {role} {name}: {theirs} {nowhere}")
    assert wrong == []


async def test_everybody_who_may_reads_what_is_their_own(rights: Rights) -> None:
    wrong = []
    for method, path, role in cases():
        if method != "GET" or path.endswith("/events"):
            continue
        answer = await ask(rights, KEYS[role], method, path, rights.missing | rights.own)
        if answer.status_code in {401, 403, 422, 500}:
            wrong.append((path, role.value, answer.status_code, answer.text[:200]))
        if answer.status_code == 404 and role is Role.ADMIN and parameters(path) & MADE_OF_ROWS:
            wrong.append((path, role.value, 404, "it was made"))
    assert wrong == []


async def test_a_field_nobody_declared_is_refused_in_every_body(rights: Rights) -> None:
    document = committed_description()
    wrong = []
    for (method, path), rule in sorted(RULES.items()):
        body = document["paths"].get(path, {}).get(method.lower(), {}).get("requestBody", {})
        is_json = "application/json" in body.get("content", {}) and not path.endswith(
            "/boundaries"
        )  # GeoJSON takes more
        if isinstance(rule, str) or Role.ADMIN not in rule or not is_json:
            continue
        answer = await ask(rights, "admin", method, path, rights.missing | rights.own, khong_co=1)
        if answer.status_code != 422:
            wrong.append((method, path, answer.status_code))
    assert wrong == []


async def test_what_is_over_opens_no_route(rights: Rights) -> None:
    """A key and a token that were good an hour ago."""
    past = datetime.now(UTC) - timedelta(hours=1)
    async with rights.world.session() as session:
        expired = (await add_key(session, role=Role.ADMIN, label="over", expires_at=past))[1]
    async with serving(TestIssuer()) as issuer:
        state = rights.world.app.state
        state.settings = state.settings.model_copy(update={"issuers": [issuer.settings()]})
        moment = int(past.timestamp())
        token = issuer.token(iat=moment - 600, nbf=moment - 600, exp=moment)
        wrong = []
        for (method, path), rule in sorted(RULES.items()):
            if isinstance(rule, str):
                continue
            for headers, code in (
                ({"X-Api-Key": expired}, "access.key_unknown"),
                ({"Authorization": f"Bearer {token}"}, "access.token_invalid"),
            ):
                address = fill(path, rights.missing)
                answer = await rights.world.as_("nobody").request(method, address, headers=headers, json={})
                if (answer.status_code, answer.json()["code"]) != (401, code):
                    wrong.append((method, path, answer.status_code))
        assert wrong == []


async def test_the_tables_speak_of_what_there_is_and_forget_nothing(rights: Rights) -> None:
    assert set(BODIES) <= set(RULES)
    named = {name for method, path, _role in cases() for name in parameters(path)}
    assert named <= set(rights.own), "of every path parameter there is one's own, and somebody else's"
