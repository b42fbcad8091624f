"""Who may call what: every route has a rule, every rule is kept, and someone else's object looks like a missing one."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi.routing import iter_route_contexts
from roster_api.access.principal import Role
from roster_api.access.rules import LINK, OPEN, PUBLIC, RULES
from roster_api.app import create_app
from roster_api.routing import domain_router
from roster_api.settings import Settings

from tests.roster_api.reference_world import (
    CAMPAIGN,
    DIEN_BIEN_COMMUNE,
    MISSING_ID,
    NEED,
    NHA_TRANG,
    SCHOOL,
    TRUONG_SA,
    World,
    shared_reference_world,
    volunteer,
)
from tests.roster_api.rights_page import PAGE, write_page

DOCUMENTATION = {("GET", "/openapi.json")}
KEY_OF_ROLE = {role: role.value for role in Role if role is not Role.VOLUNTEER} | {
    Role.SCHOOL_COORDINATOR: "coordinator",
    Role.COMMUNE_OFFICER: "officer",
}


@pytest.fixture
async def world(module_roster_database_url: str) -> AsyncIterator[World]:
    async with shared_reference_world(module_roster_database_url) as made:
        yield made


def routes_of(app: Any) -> set[tuple[str, str]]:
    return {
        (method, str(context.path))
        for context in iter_route_contexts(app.routes)
        for method in (context.methods or set()) - {"HEAD"}
    }


def test_every_route_has_a_rule_and_every_rule_a_route() -> None:
    app = create_app(Settings(database_url="postgresql://nobody@127.0.0.1/none"))
    assert routes_of(app) - DOCUMENTATION == set(RULES)


def test_the_page_of_rights_says_what_the_rules_say() -> None:
    renew = "a right changed: read the difference, then python -m tests.roster_api.rights_page"
    assert PAGE.read_text() == write_page(), renew


async def test_a_route_nobody_wrote_a_rule_for_is_refused_even_to_an_admin(world: World) -> None:
    router = domain_router(tag="new")

    @router.get("/forgotten")
    async def forgotten() -> str:
        return "open"

    world.app.include_router(router)
    answer = await world.as_("admin").get("/v1/forgotten")
    assert (answer.status_code, answer.json()["code"]) == (403, "access.no_rule")


def filled(path: str) -> str:
    """The path with identifiers of the right form that nothing has."""
    for name in ("province_code", "commune_code"):
        path = path.replace(f"{{{name}}}", "99999"[: 2 if name == "province_code" else 5])
    path = path.replace("/provinces/{code}", "/provinces/99").replace("/communes/{code}", "/communes/99999")
    path = path.replace("/duties/{code}", "/duties/none").replace("{school_code}", "NONE").replace("{token}", "none")
    return "/".join(MISSING_ID if part.startswith("{") else part for part in path.split("/"))


KEYED = sorted((method, path, rule) for (method, path), rule in RULES.items() if not isinstance(rule, str))


async def test_each_role_may_call_the_routes_its_rule_allows(world: World) -> None:
    """And no others: test_refused_before_reading asks all those."""
    wrong = []
    for method, path, rule in KEYED:
        for role in KEY_OF_ROLE.keys() & rule:
            answer = await world.as_(KEY_OF_ROLE[role]).request(method, filled(path), json={})
            refused = answer.status_code == 403 and answer.json()["code"] == "access.role"
            if refused or answer.status_code in {401, 500}:
                wrong.append((method, path, role.value, answer.status_code))
    assert wrong == []


async def test_revoked_keys_are_refused_on_every_route(world: World) -> None:
    made = await world.create("/v1/api-keys", {"role": "admin", "label": "soon revoked", "instead_of_account": True})
    world.keys["revoked"] = made["key"]
    assert (await world.as_("revoked").get("/v1/provinces")).status_code == 200
    assert (await world.as_("admin").post(f"/v1/api-keys/{made['id']}/revoke")).status_code == 200
    for method, path, _rule in KEYED:
        answer = await world.as_("revoked").request(method, filled(path), json={})
        assert (answer.status_code, answer.json()["code"]) == (401, "access.key_unknown"), (method, path)


async def test_only_health_metrics_what_is_public_personal_links_and_checking_a_code_are_open(world: World) -> None:
    assert {key for key, rule in RULES.items() if rule == PUBLIC} == {
        ("GET", "/health"),
        ("GET", "/health/live"),
        ("GET", "/metrics"),
        ("GET", "/v/{code}"),
    }
    assert all(path.startswith("/v1/public/") for (_method, path), rule in RULES.items() if rule == OPEN)
    assert all(
        path.startswith(("/a/", "/i/", "/u/", "/v1/me/")) for (_method, path), rule in RULES.items() if rule == LINK
    )


Paths = tuple[str, str, str]
"""(own, someone else's, missing)"""


def object_cases(world: World) -> list[tuple[str, str, Paths, dict[str, Any]]]:
    """(who, method, paths, body)."""
    ids = world.ids

    def paths(pattern: str, *identifiers: str) -> Paths:
        own, foreign, missing = (pattern.replace("ID", identifier) for identifier in identifiers)
        return own, foreign, missing

    def schools(action: str = "") -> Paths:
        return paths(f"/v1/schools/ID{action}", ids["school"], ids["other_school"], MISSING_ID)

    def volunteers(action: str = "") -> Paths:
        return paths(f"/v1/volunteers/ID{action}", ids["volunteer"], ids["other_volunteer"], MISSING_ID)

    needs = paths(f"/v1/campaigns/{ids['campaign']}/needs/ID", NHA_TRANG, TRUONG_SA, "99999")
    communes = paths("/v1/communes/ID", NHA_TRANG, TRUONG_SA, "99999")
    far = paths("/v1/communes/ID", DIEN_BIEN_COMMUNE, NHA_TRANG, "99999")
    return [
        ("coordinator", "GET", schools(), {}),
        ("coordinator", "PATCH", schools(), {"address": "Số 1"}),
        ("coordinator", "GET", volunteers(), {}),
        ("coordinator", "PATCH", volunteers(), {"max_days": 3}),
        ("coordinator", "POST", volunteers("/withdraw"), {}),
        ("coordinator", "POST", volunteers("/archive"), {}),
        ("coordinator", "POST", volunteers("/restore"), {}),
        ("officer", "GET", needs, {}),
        ("officer", "PUT", needs, NEED),
        ("officer", "PATCH", communes, {"office_address": "Số 2"}),
        ("other_admin", "GET", paths("/v1/provinces/ID", "11", "56", "99"), {}),
        ("other_admin", "POST", paths("/v1/provinces/ID/communes/import", "11", "56", "99"), {}),
        ("other_admin", "GET", far, {}),
        ("other_admin", "PATCH", far, {"is_remote": False}),
    ]


def without_instance(answer: httpx.Response) -> tuple[int, dict[str, Any]]:
    body = answer.json()
    body.pop("instance", None)
    return answer.status_code, body


async def test_someone_elses_object_answers_exactly_like_a_missing_one(world: World) -> None:
    for who, method, (own, foreign, missing), body in object_cases(world):
        headers = {"If-Match": "*"}
        options: dict[str, Any] = {"headers": headers} | ({"json": body} if body else {})
        foreign_answer = without_instance(await world.as_(who).request(method, foreign, **options))
        missing_answer = without_instance(await world.as_(who).request(method, missing, **options))
        assert foreign_answer == missing_answer, (who, method, foreign)
        assert foreign_answer[0] == 404, (who, method, foreign)
        own_answer = await world.as_(who).request(method, own, **options)
        assert own_answer.status_code == 200, (who, method, own, own_answer.text)


async def test_an_admin_of_another_province_finds_none_of_this_ones_objects(world: World) -> None:
    ids, admin = world.ids, world.as_("other_admin")
    for path in (f"/v1/schools/{ids['school']}", f"/v1/volunteers/{ids['volunteer']}"):
        assert (await admin.get(path)).status_code == 404
    for suffix in ("", "/needs", f"/needs/{NHA_TRANG}", "/decisions", "/existing-relations"):
        assert (await admin.get(f"/v1/campaigns/{ids['campaign']}{suffix}")).status_code == 404
    for path in ("/v1/schools", "/v1/volunteers", "/v1/campaigns", "/v1/schools?q=khanh", "/v1/volunteers?q=an"):
        assert (await admin.get(path)).json()["total"] == 0
    for path, body in (
        ("/v1/schools", SCHOOL | {"code": "X"}),
        ("/v1/campaigns", CAMPAIGN),
        ("/v1/volunteers", volunteer(ids["school"])),
        (
            "/v1/api-keys",
            {"role": "school_coordinator", "label": "x", "school_id": ids["school"], "instead_of_account": True},
        ),
        ("/v1/api-keys", {"role": "admin", "label": "x", "province_code": "56", "instead_of_account": True}),
    ):
        assert (await admin.post(path, json=body)).status_code == 422, path


async def test_lists_show_a_coordinator_the_own_school_and_an_officer_the_own_need(world: World) -> None:
    ids = world.ids
    coordinator, officer = world.as_("coordinator"), world.as_("officer")
    assert [s["id"] for s in (await coordinator.get("/v1/schools")).json()["items"]] == [ids["school"]]
    people = (await coordinator.get("/v1/volunteers")).json()["items"]
    assert {person["school_id"] for person in people} == {ids["school"]}
    needs = (await officer.get(f"/v1/campaigns/{ids['campaign']}/needs")).json()
    assert [need["commune_code"] for need in needs["items"]] == [NHA_TRANG]
    assert (needs["total"], needs["totals"]["communes"]) == (1, 1)


async def test_a_coordinator_cannot_add_people_to_another_school_nor_learn_whether_it_exists(world: World) -> None:
    bodies = [volunteer(world.ids["other_school"]), volunteer(MISSING_ID)]
    answers = [await world.as_("coordinator").post("/v1/volunteers", json=body) for body in bodies]
    assert without_instance(answers[0]) == without_instance(answers[1])
    assert answers[0].status_code == 422


async def test_phone_and_email_are_shown_to_those_who_need_them_only(world: World) -> None:
    ids = world.ids
    sees = {"admin", "coordinator"}
    for who in ("admin", "overseer", "finance", "coordinator"):
        person = (await world.as_(who).get(f"/v1/volunteers/{ids['volunteer']}")).json()
        listed = (await world.as_(who).get("/v1/volunteers")).json()["items"]
        assert ((person["phone"], person["email"]) == (None, None)) == (who not in sees), who
        shown = {item["school_id"] for item in listed if item["phone"] or item["email"]}
        assert shown <= ({ids["school"]} if who == "coordinator" else set() if who not in sees else set(ids.values()))
    for who in ("admin", "overseer", "finance", "coordinator", "officer"):
        school = (await world.as_(who).get("/v1/schools", params={"q": "DHKH"})).json()["items"][0]
        assert (school["contact_phone"] is None) == (who not in sees), who


async def test_own_objects_change_only_in_the_fields_that_are_theirs(world: World) -> None:
    coordinator, officer = "coordinator", "officer"
    school, commune = f"/v1/schools/{world.ids['school']}", f"/v1/communes/{NHA_TRANG}"
    for who, path, body in (
        (coordinator, school, {"is_remote_capable": True}),
        (coordinator, school, {"address": "x", "name": "Trường khác"}),
        (officer, commune, {"is_remote": True}),
    ):
        answer = await world.patch(path, body, who=who)
        assert (answer.status_code, answer.json()["code"]) == (403, "access.fields")
