"""Letting people in: by e-mail, with a role, by somebody who has no less; taking it away with the next request."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from roster_api.access.granting import GIVES
from roster_api.access.principal import Role
from roster_api.access.rules import RULES
from roster_api.access.rules.reference import GRANTERS

from tests.roster_api.desk import PORTAL, Desk, opened_desk
from tests.roster_api.reference_world import MISSING_ID, NHA_TRANG, SCHOOL

SOON = (datetime.now(UTC) + timedelta(days=3)).isoformat()
LATER = (datetime.now(UTC) + timedelta(days=30)).isoformat()


@pytest.fixture
async def desk(roster_database_url: str) -> AsyncIterator[Desk]:
    """Two schools of province 56; an admin of the nation, one of 56, a director, a coordinator, and an auditor."""
    async with opened_desk(roster_database_url) as made:
        await made.person("nation", {"role": "admin"})
        await made.person("admin", {"role": "admin", "province_code": "56"})
        assert (await made.post("/v1/provinces/56/communes/import", None, **admin())).status_code == 200
        for name in ("school", "other_school"):
            answer = await made.post("/v1/schools", SCHOOL | {"code": name}, **admin())
            made.ids[name] = answer.json()["id"]
        school = {"province_code": "56", "school_id": UUID(made.ids["school"])}
        await made.person("coordinator", {"role": "school_coordinator"} | school)
        await made.person("director", {"role": "director", "province_code": "56"})
        await made.person("auditor", {"role": "auditor", "province_code": "56"})
        yield made


def admin(subject: str = "admin") -> dict[str, Any]:
    return {"subject": subject, "acr": "high"}


def invitation(email: str = "moi@example.vn", **role: Any) -> dict[str, Any]:
    return {"email": email, "display_name": "Người Mới", "role": "overseer"} | role


async def test_somebody_invited_signs_in_acts_and_is_out_with_the_next_request(desk: Desk) -> None:
    made = await desk.post("/v1/accounts", invitation("Moi@Example.vn", until=LATER), **admin())
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["is_told"], told["sign_in_url"]) == (False, PORTAL)
    assert "moi@example.vn" in told["say_vi"]
    assert PORTAL in told["say_en"]
    account = told["account"]
    (role,) = account["assignments"]
    assert (role["role"], role["scope_kind"], role["scope_id"], role["scope_name"]) == (
        "overseer",
        "province",
        "56",
        "Tỉnh Khánh Hòa",
    )
    assert (account["bound_at"], role["granted_by"]) == (None, "Trần Thị Văn Thư")
    person: dict[str, Any] = {"subject": "moi", "email": "moi@example.vn", "email_verified": True}
    assert [item["code"] for item in (await desk.get("/v1/provinces", **person)).json()["items"]] == ["56"]
    path = f"/v1/accounts/{account['id']}/assignments/{role['id']}/revoke"
    revoked = await desk.post(path, None, **admin())
    assert (revoked.status_code, revoked.json()["revoked_by"]) == (200, "Trần Thị Văn Thư")
    assert (await desk.post(path, None, **admin())).json() == revoked.json()
    assert (await desk.get("/v1/provinces", **person)).json()["code"] == "access.no_role"
    listed = (await desk.get("/v1/accounts?revoked=true", **admin())).json()["items"]
    assert [item["id"] for item in listed] == [account["id"]]
    assert listed[0]["bound_at"] is not None


async def test_inviting_who_has_an_account_adds_the_role_beside_the_others_and_never_twice(desk: Desk) -> None:
    first = (await desk.post("/v1/accounts", invitation(), **admin())).json()["account"]
    again = await desk.post("/v1/accounts", invitation(), **admin())
    assert (again.status_code, again.json()["code"]) == (409, "grant.held_already")
    assert again.json()["facts"]["assignment_id"] == first["assignments"][0]["id"]
    more = await desk.post("/v1/accounts", invitation(role="finance"), **admin())
    assert [each["role"] for each in more.json()["account"]["assignments"]] == ["overseer", "finance"]
    path = f"/v1/accounts/{first['id']}/assignments"
    officer = {"role": "commune_officer", "commune_code": NHA_TRANG, "from": SOON, "until": LATER}
    granted = await desk.post(path, officer, **admin())
    assert granted.status_code == 201, granted.text
    assert (granted.json()["scope_kind"], granted.json()["scope_id"]) == ("commune", NHA_TRANG)
    unit = await desk.post(path, {"role": "unit_officer", "unit_code": "TTCDS"}, **admin())
    assert (unit.json()["scope_kind"], unit.json()["scope_name"]) == ("unit", "TTCDS")


MORE_THAN_OWN: tuple[tuple[str, dict[str, Any]], ...] = (
    ("admin", {"role": "admin", "province_code": "11"}),
    ("director", {"role": "admin"}),
    ("director", {"role": "director"}),
    ("director", {"role": "overseer", "province_code": "11"}),
    ("coordinator", {"role": "admin"}),
    ("coordinator", {"role": "overseer"}),
    ("coordinator", {"role": "school_coordinator", "school_id": "other_school"}),
    ("coordinator", {"role": "school_viewer", "school_id": MISSING_ID}),
)


async def test_nobody_gives_a_role_or_a_place_that_is_more_than_their_own(desk: Desk) -> None:
    for who, role in MORE_THAN_OWN:
        wanted = {name: desk.ids.get(value, value) for name, value in role.items()}
        answer = await desk.post("/v1/accounts", invitation(**wanted), **admin(who))
        assert answer.status_code in {403, 422}, (who, wanted, answer.text)
    assert (await desk.get("/v1/accounts?q=người mới", **admin("nation"))).json()["total"] == 0
    own = {"role": "school_viewer", "school_id": desk.ids["school"]}
    assert (await desk.post("/v1/accounts", invitation(**own), subject="coordinator")).status_code == 201
    assert (await desk.post("/v1/accounts", invitation("pgd@example.vn"), subject="director")).status_code == 201
    national = await desk.post("/v1/accounts", invitation("tw@example.vn", role="admin"), **admin("nation"))
    assert national.json()["account"]["assignments"][0]["scope_kind"] == "nation"
    unbound = await desk.post("/v1/accounts", invitation("tc@example.vn", role="finance"), **admin("nation"))
    assert (unbound.status_code, unbound.json()["code"]) == (422, "grant.province_needed")


async def test_what_is_given_by_a_role_that_ends_ends_no_later(desk: Desk) -> None:
    ends = datetime.now(UTC) + timedelta(days=7)
    await desk.person("brief", {"role": "admin", "province_code": "56", "valid_until": ends})
    for longer in ({}, {"until": LATER}):
        answer = await desk.post("/v1/accounts", invitation(**longer), **admin("brief"))
        assert (answer.status_code, answer.json()["code"]) == (422, "grant.longer_than_own")
    key = {"role": "finance", "label": "x", "instead_of_account": True}
    assert (await desk.post("/v1/api-keys", key, **admin("brief"))).json()["code"] == "grant.longer_than_own"
    assert (await desk.post("/v1/accounts", invitation(until=SOON), **admin("brief"))).status_code == 201


async def test_each_sees_and_takes_away_only_roles_that_are_theirs_to_give(desk: Desk) -> None:
    account = (await desk.post("/v1/accounts", invitation(), **admin())).json()["account"]
    role = account["assignments"][0]["id"]
    theirs = f"/v1/accounts/{account['id']}/assignments/{role}/revoke"
    missing = f"/v1/accounts/{account['id']}/assignments/{MISSING_ID}/revoke"
    answers = [await desk.post(path, None, subject="coordinator") for path in (theirs, missing)]
    assert {answer.status_code for answer in answers} == {404}
    granted = await desk.post(
        f"/v1/accounts/{account['id']}/assignments",
        {"role": "school_viewer", "school_id": desk.ids["school"]},
        subject="coordinator",
    )
    assert granted.status_code == 404, "nobody learns whether there is such an account"
    seen = {
        who: (await desk.get("/v1/accounts", **admin(who))).json()["total"]
        for who in ("nation", "admin", "director", "auditor", "coordinator")
    }
    assert seen == {"nation": 6, "admin": 5, "director": 1, "auditor": 5, "coordinator": 1}
    assert (await desk.post("/v1/accounts", invitation(), subject="auditor")).status_code == 403


NOT_SO = ("solver", "volunteer", "school_viewer", "commune_officer", "unit_officer", "emperor")
"""Roles nobody has an account for, or that want a place of their own."""
SENSELESS: tuple[dict[str, Any], ...] = (
    *({"role": role} for role in NOT_SO),
    {"unit_code": "A"},
    {"commune_code": NHA_TRANG},
    {"email": "no address"},
    {"from": LATER, "until": SOON},
    {"until": "2020-01-01T00:00:00Z"},
    {"issuer": "https://elsewhere.example.vn"},
    {"extra": 1},
)


async def test_invitations_that_make_no_sense_are_refused(desk: Desk) -> None:
    for wrong in SENSELESS:
        answer = await desk.post("/v1/accounts", invitation(**wrong), **admin())
        assert answer.status_code == 422, (wrong, answer.text)
        assert answer.json()["errors"], wrong


async def test_an_auditor_reads_the_audit_and_who_was_let_in_and_nothing_of_people(desk: Desk) -> None:
    for path in ("/v1/audit", "/v1/api-keys", "/v1/accounts"):
        assert (await desk.get(path, subject="auditor")).status_code == 200, path
    for path in ("/v1/volunteers", "/v1/schools", "/v1/communes"):
        assert (await desk.get(path, subject="auditor")).status_code == 403, path


def test_who_may_let_people_in_and_who_has_somebody_to_let_in_are_the_same() -> None:
    assert frozenset(GIVES) == GRANTERS == RULES[("POST", "/v1/accounts")]
    assert all(GIVES[role] <= GIVES[Role.ADMIN] for role in GIVES)
    assert {role for role in GIVES[Role.ADMIN] if role.is_service} == set()
