"""Every id in every body: somebody else's is answered like one that is nowhere, and changes nothing."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from roster_api.app import create_app

from tests.roster_api.description import committed_description
from tests.roster_api.reference_world import NEED, World
from tests.roster_api.rights_world import Ids, Rights, fill, rights_world
from tests.roster_api.test_authz_objects import TERMS, C, P, V, patient_settings

ACCOUNT = {"email": "moi@example.vn", "display_name": "Người Mới"}
RATE = {"component": "remote_day", "amount_vnd": 1, "valid_from": "2025-12-01", "legal_basis": "Nghị quyết 1"}
TICK = {"key": "k", "outcome": "present", "serves_on": "2025-11-03", "ticked_at": "2025-11-03T08:00:00+07:00"}
POST = {"code": "V9", "title": "Công chức", "field_code": "digitise"}
MEMBER = {"code": "C9", "full_name": "Lê Văn Mới", "side": "government"}
PERSON = {"full_name": "Lê Văn Mới", "role": "student"}
KEY = {"label": "x", "instead_of_account": True}
COURSE = {"code": "K1", "topic": "Chữ ký số", "mode": "online", "trainer": "x", "sessions": [{"held_on": "2025-11-03"}]}
PAPER = {"proof": "x", "channel": "spoken", "free_weekdays": [0], "max_days": 2, "skills": {"digitise": 1}}
EDIT = {"reason": "Gần nhất"}
ASKED: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("admin56", "POST", "/v1/accounts", ACCOUNT | {"role": "finance", "province_code": "@province"}),
    ("admin56", "POST", "/v1/accounts", ACCOUNT | {"role": "school_viewer", "school_id": "@school_id"}),
    ("admin56", "POST", "/v1/accounts", ACCOUNT | {"role": "commune_officer", "commune_code": "@commune_code"}),
    ("coordinator", "POST", "/v1/accounts", ACCOUNT | {"role": "school_viewer", "school_id": "@school_id"}),
    ("admin56", "POST", "/v1/accounts/{account_id}/assignments", {"role": "school_viewer", "school_id": "@school_id"}),
    ("admin56", "POST", "/v1/api-keys", KEY | {"role": "school_viewer", "school_id": "@school_id"}),
    ("admin56", "POST", "/v1/api-keys", KEY | {"role": "commune_officer", "commune_code": "@commune_code"}),
    ("admin56", "POST", "/v1/api-keys", KEY | {"role": "finance", "province_code": "@province"}),
    ("finance", "POST", "/v1/allowance-rates", RATE | {"province_code": "@province"}),
    ("admin56", "POST", "/v1/campaigns", {"province_code": "@province", "name": "Đợt 9", "starts_on": "2026-11-03",
                                          "ends_on": "2026-11-28"}),
    ("officer", "POST", f"{C}/attendance", {"ticks": [TICK | {"volunteer_id": "@volunteer_id"}]}),
    ("admin56", "POST", f"{C}/blockers", {"words": "Mất mạng", "commune_code": "@commune_code"}),
    ("officer", "POST", f"{C}/blockers", {"words": "Mất mạng", "commune_code": "@commune_code"}),
    ("admin56", "POST", f"{C}/decisions", {"kind": "responsibility_pin", "commune_code": "@commune_code",
                                           "school_id": "@school_id", "reason": "x"}),
    ("admin56", "POST", f"{C}/decisions", {"kind": "placement_pin", "commune_code": "@commune_code",
                                           "volunteer_id": "@volunteer_id", "reason": "x"}),
    ("admin56", "POST", f"{C}/existing-relations", {"commune_code": "@commune_code", "school_id": "@school_id"}),
    ("admin56", "POST", f"{C}/need-reminders", {"commune_codes": ["@commune_code"]}),
    ("admin56", "PUT", f"{C}/needs", {"items": [NEED | {"commune_code": "@commune_code"}]}),
    ("coordinator", "POST", f"{C}/service-papers", {"kind": "certificate", "volunteer_id": "@volunteer_id"}),
    ("admin56", "POST", f"{C}/service-papers", {"kind": "certificate", "volunteer_id": "@volunteer_id"}),
    ("admin56", "POST", f"{C}/support", {"commune_code": "@commune_code", "words": "Gọi", "blocker_id": "@blocker_id",
                                         "began_at": "2025-11-03T08:00:00Z", "ended_at": "2025-11-03T09:00:00Z"}),
    ("admin56", "POST", "/v1/courses", COURSE | {"province_code": "@province", "field_code": "digitise"}),
    ("admin56", "POST", "/v1/courses", COURSE | {"province_code": "56", "field_code": "digitise",
                                                 "school_id": "@school_id", "commune_code": "@commune_code"}),
    ("admin56", "PUT", "/v1/courses/{course_id}/nominations", {"staff_ids": ["@staff_id"]}),
    ("admin56", "POST", "/v1/matching-runs/{run_id}/advice", {"kind": "replacements", "volunteer_id": "@volunteer_id"}),
    ("admin56", "POST", f"{P}/edits", EDIT | {"edits": [{"kind": "send_home", "volunteer_id": "@volunteer_id"}]}),
    ("admin56", "POST", f"{P}/edits/preview", {"edits": [{"kind": "send_home", "volunteer_id": "@volunteer_id"}]}),
    ("admin56", "POST", f"{P}/replacements", EDIT | {"leaver_id": "@volunteer_id", "volunteer_ids": ["@volunteer_id"]}),
    ("admin56", "POST", "/v1/posts", POST | {"unit_id": "@unit_id"}),
    ("admin56", "POST", "/v1/staff", MEMBER | {"unit_id": "@unit_id"}),
    ("admin56", "PATCH", "/v1/staff/{staff_id}", {"unit_id": "@unit_id"}),
    ("admin56", "POST", "/v1/units", {"code": "U9", "name": "Sở Chín", "kind": "provincial_agency",
                                      "province_code": "@province"}),
    ("admin56", "POST", "/v1/units", {"code": "U8", "name": "Xã Tám", "kind": "commune_office", "province_code": "56",
                                      "commune_code": "@commune_code"}),
    ("admin56", "PUT", "/v1/provinces/{code}/travel", {"items": [
        {"school_code": "@school_code", "commune_code": "@commune_code", "km": 9, "minutes": 20}]}),
    ("admin56", "POST", "/v1/schools", {"code": "X9", "name": "Trường Mới", "kind": "university", "latitude": 12.2,
                                        "longitude": 109.1, "province_code": "@province"}),
    ("coordinator", "POST", "/v1/schools/{school_id}/invitations", {"volunteer_ids": ["@volunteer_id"]}),
    ("coordinator", "POST", "/v1/schools/{school_id}/invitations/reminders", {"volunteer_ids": ["@volunteer_id"]}),
    ("admin56", "POST", "/v1/secondments", TERMS | {"staff_id": "@staff_id", "post_id": "@post_id", "reason": "x"}),
    ("admin56", "POST", "/v1/secondments/approve", {"secondment_ids": ["@secondment_id"]}),
    ("admin56", "POST", "/v1/secondments/publish", {"secondment_ids": ["@secondment_id"]}),
    ("admin56", "POST", "/v1/secondments/discard", {"secondment_ids": ["@secondment_id"]}),
    ("coordinator", "POST", "/v1/volunteers", PERSON | {"school_id": "@school_id"}),
    ("admin56", "POST", "/v1/volunteers", PERSON | {"school_id": "@school_id"}),
    ("coordinator", "POST", "/v1/volunteers/withdraw", {"volunteer_ids": ["@volunteer_id"], "reason": "x"}),
    ("coordinator", "POST", f"{V}/links/revoke", {"campaign_id": "@campaign_id"}),
    ("coordinator", "POST", f"{V}/links/reissue", {"campaign_id": "@campaign_id"}),
    ("admin56", "POST", f"{C}/group-runs", {"overseers": [{"account_id": "@account_id"}]}),
)  # fmt: skip
"""(who, method, path, body). An id that begins with @ is somebody else's, then one that is nowhere, then one's own."""


PLAYED_ELSEWHERE = {
    f"{C}/attendance", f"{C}/need-reminders", "/v1/courses/{course_id}/nominations", f"{P}/edits", f"{P}/edits/preview",
    f"{P}/replacements", "/v1/matching-runs/{run_id}/advice", f"{V}/links/revoke", f"{V}/links/reissue",
    f"{C}/group-runs",
}  # fmt: skip
"""In this world not even one's own can be done: nobody is placed, has a link or follows communes; no draft is open."""
NOTHING_DONE = {
    f"{C}/attendance": ('"recorded":0,"already":0,"refused":1',),
    f"{V}/links/revoke": ('"items":[]',),
    f"{V}/links/reissue": ('"items":[]',),
}
"""By path, what says that nothing was done where it is answered 200: of several, some may be one's own."""


NAMED = set(re.findall(r'"@(\w+)"', json.dumps(ASKED)))


@pytest.fixture
async def rights(roster_database_url: str) -> AsyncIterator[Rights]:
    async with rights_world(roster_database_url) as made:
        world = World(app=create_app(patient_settings(roster_database_url)), keys=made.world.keys, ids=made.world.ids)
        made.world = world
        yield made
        await world.close()


def put(body: Any, ids: Ids) -> Any:
    return json.loads(re.sub(r'"@(\w+)"', lambda found: json.dumps(ids[found[1]]), json.dumps(body)))


def foreign_ids(rights: Rights, who: str, body: Any) -> Iterator[tuple[str, Ids, Ids]]:
    """(name, one's own ids but for that one, which is somebody else's; the same with one that is nowhere)."""
    for name in dict.fromkeys(re.findall(r'"@(\w+)"', json.dumps(body))):
        elsewhere = [("far", rights.far[name])]
        if who == "coordinator" and name in {"school_id", "volunteer_id"}:
            elsewhere.append(("near", rights.near[name]))
        for where, foreign in elsewhere:
            yield f"{name} {where}", rights.own | {name: foreign}, rights.own | {name: rights.missing[name]}


async def ask(rights: Rights, who: str, method: str, path: str, body: Any, ids: Ids) -> tuple[int, str]:
    """What it is answered, without the ids that were sent."""
    where, sent = fill(path, rights.missing | rights.own), put(body, ids)
    answer = await rights.world.as_(who).request(method, where, json=sent, headers={"If-Match": "*"})
    text = re.sub(r'"instance":\s*"[^"]*"', "", answer.text)
    places = (ids, rights.far, rights.near, rights.missing)
    known = {each for place in places for name, each in place.items() if name in NAMED}
    for each in sorted(known, key=len, reverse=True):
        text = re.sub(rf"(?<![0-9a-f-]){re.escape(each)}(?![0-9a-f-])", "ID", text)
    return answer.status_code, text


async def test_an_id_in_a_body_that_is_somebody_elses_is_answered_like_one_that_is_nowhere(rights: Rights) -> None:
    wrong, asked_for_nothing = [], []
    for who, method, path, body in ASKED:
        for name, foreign, missing in foreign_ids(rights, who, body):
            theirs = await ask(rights, who, method, path, body, foreign)
            nowhere = await ask(rights, who, method, path, body, missing)
            is_refused = 400 <= theirs[0] < 500 or any(each in theirs[1] for each in NOTHING_DONE.get(path, ()))
            if theirs != nowhere or not is_refused:
                wrong.append((who, method, path, name, theirs, nowhere))
            own = await ask(rights, who, method, path, body, rights.own)
            if own == theirs and path not in PLAYED_ELSEWHERE:
                asked_for_nothing.append((method, path, name, own))
    assert wrong == []
    assert asked_for_nothing == []


OTHERWISE = {
    f"{C}/duty-counts/{{commune_code}}/{{week_on}}": "people of that commune's week, by the plan in force",
    f"{C}/needs/{{commune_code}}": "codes of duties, which are everybody's",
    f"{C}/needs/{{commune_code}}/review": "codes of duties",
    "/v1/duties": "codes of fields", "/v1/fields": "a code of its own", "/v1/posts/{post_id}": "codes of fields",
    "/v1/staff/{staff_id}/learning": "codes of fields",
    "/v1/groupings/{grouping_id}/edits": "communes of that division", "/v1/national-runs": "the nation's administrator",
    "/v1/groupings/{grouping_id}/edits/preview": "communes of that division",
    "/v1/matching-runs/{run_id}/approve": "the plan it is held against", f"{P}/approve": "the same",
    "/v1/matching-runs/{run_id}/publish": "the same", f"{P}/publish": "the same",
    "/v1/message-orders": "the notifier's: test_deliveries.py",
    "/v1/message-templates/{kind}/{channel}/{language}/preview": "the notifier's: test_message_templates.py",
    f"{P}/message-orders": "which of that plan's", f"{P}/reminders": "which of that plan's",
    "/v1/provinces/{code}/boundaries": "shapes of that province", "/v1/units/{unit_id}": "as in POST /v1/units",
    "/v1/provinces/{code}/secondment-runs": "what that run leaves out",
    "/v1/roster-uploads/{upload_id}/decisions": "people of that list's school: tests of rosters",
    V: "where somebody lives may be anywhere", f"{V}/own-words": "where somebody lives may be anywhere",
}  # fmt: skip
"""Bodies with ids or codes that are asked about elsewhere, or are nobody's."""


def list_ids(part: Any, shapes: dict[str, Any], seen: frozenset[str] = frozenset()) -> set[str]:
    """The fields of a body, at any depth, that name something by its id or code."""
    if isinstance(part, list):
        return set().union(*(list_ids(each, shapes, seen) for each in part))
    if not isinstance(part, dict):
        return set()
    name = str(part.get("$ref", "")).rpartition("/")[2]
    inner = list_ids(shapes[name], shapes, seen | {name}) if name and name not in seen else set()
    named = {field for field in part.get("properties", {}) if re.search(r"(^|_)(ids?|codes?)$", field)}
    return named | inner | set().union(*(list_ids(each, shapes, seen) for each in part.values()))


def test_every_body_that_names_something_is_asked_with_somebody_elses() -> None:
    document = committed_description()
    shapes = document["components"]["schemas"]
    naming = {
        path
        for path, methods in document["paths"].items()
        for method, route in methods.items()
        if method != "get" and not path.startswith("/v1/internal/")
        if list_ids(route.get("requestBody", {}).get("content", {}).get("application/json", {}), shapes)
    }
    assert naming - {path for _who, _method, path, _body in ASKED} - set(OTHERWISE) == set()
