"""Who did it, by key or account, and four eyes where a province wants them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from roster_api.migrations.tables import metadata

from tests.roster_api.planning_world import World, planning_world
from tests.support.issuer import TestIssuer, add_account, serving
from tests.support.publishing import after_a_look

PLACES = ((0, "C1", (0, 1)), (3, "C2", (2,)))
RULES = "/v1/provinces/56/publishing"


@dataclass
class Office:
    """A province with two administrators who sign in, and the keys of its world."""

    world: World
    issuer: TestIssuer
    accounts: dict[str, str]

    async def ask(self, who: str, method: str, path: str, body: Any = None) -> httpx.Response:
        """`who`: a key's name, or an administrator's."""
        if who not in self.accounts:
            return await self.world.as_(who).request(method, path, json=body)
        headers = {"Authorization": f"Bearer {self.issuer.token(who)}"}
        return await self.world.as_("nobody").request(method, path, json=body, headers=headers)

    async def decide(self, who: str, plan_id: str, verb: str) -> httpx.Response:
        seen = after_a_look((await self.ask("admin", "GET", f"/v1/plans/{plan_id}/changes")).json())
        body = seen if verb == "publish" else {"base_plan_id": seen["base_plan_id"]}
        return await self.ask(who, "POST", f"/v1/plans/{plan_id}/{verb}", body)


@pytest.fixture
async def office(roster_database_url: str) -> AsyncIterator[Office]:
    async with planning_world(roster_database_url) as world, serving(TestIssuer()) as issuer:
        state = world.app.state
        state.settings = state.settings.model_copy(update={"issuers": [issuer.settings()]})
        accounts = {}
        for subject in ("an", "binh"):
            async with world.session() as session:
                role = {"role": "admin", "province_code": "56"}
                account = await add_account(
                    session, issuer, subject=subject, email=f"{subject}@example.vn", roles=[role]
                )
            accounts[subject] = str(account[0])
        yield Office(world, issuer, accounts)


def codes(answer: httpx.Response) -> tuple[int, str | None]:
    return answer.status_code, answer.json().get("code")


async def test_with_four_eyes_who_approves_does_not_publish_and_no_key_does_either(office: Office) -> None:
    assert (await office.ask("admin", "PUT", RULES, {"four_eyes": True})).json()["four_eyes"] is True
    plan_id = await office.world.make_plan(PLACES)
    assert codes(await office.decide("admin", plan_id, "approve")) == (403, "plan.four_eyes_key")
    approved = await office.decide("an", plan_id, "approve")
    assert (approved.status_code, approved.json()["approved_by_id"]) == (200, office.accounts["an"])
    assert codes(await office.decide("an", plan_id, "publish")) == (403, "plan.four_eyes")
    assert codes(await office.decide("admin", plan_id, "publish")) == (403, "plan.four_eyes_key")
    run_id = approved.json()["run_id"]
    by_run = await office.ask("an", "POST", f"/v1/matching-runs/{run_id}/publish", {})
    assert codes(by_run) == (403, "plan.four_eyes")
    published = await office.decide("binh", plan_id, "publish")
    assert (published.status_code, published.json()["published_by_id"]) == (200, office.accounts["binh"])


async def test_what_a_key_approved_before_has_to_be_approved_by_a_person(office: Office) -> None:
    plan_id = await office.world.make_plan(PLACES)
    by_key = (await office.decide("admin", plan_id, "approve")).json()
    assert by_key["approved_by"] == "admin"
    await office.ask("an", "PUT", RULES, {"four_eyes": True})
    assert codes(await office.decide("an", plan_id, "publish")) == (403, "plan.four_eyes")
    assert (await office.decide("an", plan_id, "approve")).json()["approved_by_id"] == office.accounts["an"]
    assert (await office.decide("binh", plan_id, "publish")).status_code == 200


async def test_a_key_may_begin_four_eyes_and_not_end_them(office: Office) -> None:
    await office.ask("admin", "PUT", RULES, {"four_eyes": True})
    assert codes(await office.ask("admin", "PUT", RULES, {"four_eyes": False})) == (403, "province.four_eyes_held")
    assert (await office.ask("an", "PUT", RULES, {"four_eyes": False})).json()["four_eyes"] is False
    for who in ("overseer", "finance", "s1"):
        assert codes(await office.ask(who, "PUT", RULES, {"four_eyes": False})) == (403, "access.role")
    assert (await office.ask("elsewhere", "PUT", RULES, {"four_eyes": True})).status_code == 404


async def test_a_label_repeated_is_told_apart_by_the_key_or_account_behind_it(office: Office) -> None:
    body = {"role": "admin", "label": "admin", "province_code": "56", "instead_of_account": True}
    second = (await office.ask("admin", "POST", "/v1/api-keys", body)).json()
    office.world.keys["second"] = second["key"]
    runs = {}
    for who in ("admin", "second", "an"):
        path = f"/v1/campaigns/{office.world.campaign_id}/matching-runs"
        answer = await office.ask(who, "POST", path, {"force": True})
        assert answer.status_code == 202, answer.text
        runs[who] = answer.json()
    assert runs["admin"]["requested_by"] == runs["second"]["requested_by"]
    assert runs["admin"]["requested_by_id"] != runs["second"]["requested_by_id"] == second["id"]
    assert runs["an"]["requested_by_id"] == office.accounts["an"]
    plan_id = await office.world.make_plan(PLACES, force=True)
    approved = (await office.decide("second", plan_id, "approve")).json()
    assert (approved["approved_by"], approved["approved_by_id"]) == ("admin", second["id"])
    discarded = (await office.ask("binh", "POST", f"/v1/plans/{plan_id}/discard", {})).json()
    assert (discarded["approved_by_id"], discarded["discarded_by_id"]) == (second["id"], office.accounts["binh"])


def test_every_table_that_says_who_did_something_says_by_which_key_or_account() -> None:
    missing = [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("_by") and column.type.python_type is str and f"{column.name}_id" not in table.columns
    ]
    assert missing == []
