"""Accounts: which role a request acts in, how long it holds, and what an administrator has to prove."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from secrets import token_hex

import httpx
import pytest
import sqlalchemy as sa
from commune_service.data_keys import new_data_keys
from pydantic import ValidationError
from roster_api.access.models import Account, RoleAssignment
from roster_api.audit.models import AuditEntry
from roster_api.settings import Settings

from tests.roster_api.desk import Desk, opened_desk
from tests.roster_api.reference_world import MISSING_ID, SCHOOL
from tests.support.refusals import check_refusal

ADMIN = {"role": "admin", "province_code": "56"}
OVERSEER = {"role": "overseer", "province_code": "11"}


@pytest.fixture
async def desk(roster_database_url: str) -> AsyncIterator[Desk]:
    async with opened_desk(roster_database_url) as made:
        yield made


async def provinces(answer: httpx.Response) -> list[str]:
    return [item["code"] for item in answer.json()["items"]]


async def test_whoever_holds_several_roles_says_in_which_one_they_act(desk: Desk) -> None:
    admin, overseer = await desk.hold(ADMIN, OVERSEER)
    unsaid = await desk.get("/v1/provinces")
    assert (unsaid.status_code, unsaid.json()["code"]) == (409, "access.acting_as_needed")
    assert {each["id"] for each in unsaid.json()["facts"]["assignments"]} == {str(admin), str(overseer)}
    me = (await desk.get("/v1/me")).json()
    assert me["acting_as"] is None
    assert {each["scope_name"] for each in me["assignments"]} == {"Tỉnh Khánh Hòa", "Tỉnh Điện Biên"}
    assert await provinces(await desk.get("/v1/provinces", acting_as=overseer)) == ["11"]
    assert (await desk.get("/v1/api-keys", acting_as=overseer)).json()["code"] == "access.role"
    assert await provinces(await desk.get("/v1/provinces", acting_as=admin, acr="high")) == ["56"]


async def test_a_role_that_is_anothers_missing_or_nonsense_is_refused_alike(desk: Desk) -> None:
    await desk.hold(OVERSEER)
    theirs = (await desk.hold(ADMIN, subject="other", email="other@example.vn"))[0]
    answers = [await desk.get("/v1/provinces", acting_as=named) for named in (theirs, MISSING_ID, "nonsense")]
    check_refusal(answers[0], 403, "access.acting_as_unknown")
    assert len({answer.text for answer in answers}) == 1


async def test_a_role_is_not_given_for_a_time_that_is_over(desk: Desk) -> None:
    await desk.hold(ADMIN)
    account = (await desk.get("/v1/me", acr="high")).json()["account"]["id"]
    over = OVERSEER | {"until": (datetime.now(UTC) - timedelta(days=1)).isoformat()}
    answer = await desk.post(f"/v1/accounts/{account}/assignments", over | {"province_code": "56"}, acr="high")
    check_refusal(answer, 422, "grant.already_over", at="/until")


async def test_a_role_begins_ends_and_is_revoked_with_the_next_request(desk: Desk) -> None:
    now = datetime.now(UTC)
    await desk.hold(OVERSEER | {"valid_from": now + timedelta(days=1)})
    later = await desk.get("/v1/provinces")
    assert (later.status_code, later.json()["code"]) == (403, "access.no_role")
    async with desk.world.session() as session:
        await session.execute(sa.update(RoleAssignment).values(valid_from=now - timedelta(days=1)))
    assert (await desk.get("/v1/provinces")).status_code == 200
    for ended in ({"valid_until": now - timedelta(hours=1)}, {"valid_until": None, "revoked_at": now}):
        async with desk.world.session() as session:
            await session.execute(sa.update(RoleAssignment).values(**ended))
        assert (await desk.get("/v1/provinces")).json()["code"] == "access.no_role"
    assert (await desk.get("/v1/me")).json()["assignments"] == []


async def test_an_administrator_must_show_the_second_factor_that_the_settings_name(desk: Desk) -> None:
    await desk.hold(ADMIN)
    for weak in ({}, {"acr": "low"}, {"amr": ["pwd"]}, {"amr": "mfa"}, {"acr": ["high"]}):
        answer = await desk.get("/v1/provinces", **weak)
        assert (answer.status_code, answer.json()["code"]) == (401, "access.strong_authentication_needed"), weak
        assert 'acr_values="high"' in answer.headers["www-authenticate"]
        assert (await desk.get("/v1/me", **weak)).json()["strong_authentication"] is False
    for strong in ({"acr": "high"}, {"amr": ["pwd", "mfa"]}):
        assert (await desk.get("/v1/provinces", **strong)).status_code == 200


async def test_only_the_invited_address_verified_binds_an_account_and_only_once(desk: Desk) -> None:
    await desk.hold(OVERSEER, subject=None, email="moi@example.vn")
    for wrong in (
        {"email": "khac@example.vn", "email_verified": True},
        {"email": "moi@example.vn"},
        {"email": "moi@example.vn", "email_verified": "true"},
        {"email": "moi@example.vn", "email_verified": False},
    ):
        assert (await desk.get("/v1/provinces", **wrong)).json()["code"] == "access.no_account", wrong
    invited = {"email": "Moi@Example.vn", "email_verified": True}
    assert (await desk.get("/v1/provinces", **invited)).status_code == 200
    assert (await desk.get("/v1/provinces")).status_code == 200, "the subject decides from now on"
    assert (await desk.get("/v1/provinces", subject="thief", **invited)).json()["code"] == "access.no_account"
    async with desk.world.session() as session:
        entries = (await session.scalars(sa.select(AuditEntry).where(AuditEntry.object_kind == "accounts"))).all()
        account = (await session.scalars(sa.select(Account))).one()
    assert [(entry.actor_account_id, entry.details["counts"]) for entry in entries] == [
        (account.id, {"accounts.bind": 1})
    ]


async def test_what_a_person_does_is_recorded_with_the_account_and_the_role(desk: Desk) -> None:
    await desk.hold(ADMIN)
    headers = {"Authorization": f"Bearer {desk.issuer.token(acr='high')}"}
    body = SCHOOL | {"code": "S1"}
    made = await desk.world.as_("nobody").post("/v1/schools", json=body, headers=headers)
    assert made.status_code == 201, made.text
    account = (await desk.get("/v1/me", acr="high")).json()["account"]["id"]
    found = (await desk.get(f"/v1/audit?actor_account_id={account}", acr="high")).json()["items"]
    assert [(entry["route"], entry["actor_role"], entry["actor_label"]) for entry in found] == [
        ("/v1/schools", "admin", "Trần Thị Văn Thư")
    ]


def test_production_takes_no_issuer_by_http_nor_one_named_twice() -> None:
    secrets = {"link_secret": "k8Jq2vN5xR7tY1wZ4pL6mB3cD9fG0hS2", "solver_key": "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6",
               "notifier_key": "q9W8e7R6t5Y4u3I2o1P0a9S8d7F6g5H4", "environment": "production", "public_url": "https://x.example.vn",
               "database_url": "postgresql://db/x",
               "data_keys": new_data_keys(), "lookup_key": token_hex(32)}  # fmt: skip
    for issuers in (
        [{"issuer": "http://id.example.vn", "audience": "x"}],
        [{"issuer": "https://i.vn", "audience": "x"}] * 2,
    ):
        with pytest.raises(ValidationError, match="ROSTER_ISSUERS"):
            Settings.model_validate(secrets | {"issuers": issuers})
    fine = Settings.model_validate(secrets | {"issuers": [{"issuer": "https://id.example.vn", "audience": "x"}]})
    assert not fine.outbound_rule.allows_private
    with pytest.raises(ValidationError, match="algorithms"):
        Settings.model_validate(
            secrets | {"issuers": [{"issuer": "https://i.vn", "audience": "x", "algorithms": ["HS256"]}]}
        )
