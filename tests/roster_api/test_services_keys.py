"""What the keys of the two services may do: each its own internal routes and no others, bound to nothing."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from roster_api.access.models import ApiKey
from roster_api.access.principal import Role
from roster_api.access.rules import RULES
from roster_api.migrations import upgrade
from roster_api.settings import Settings
from sqlalchemy.exc import IntegrityError

from tests.roster_api.reference_world import World, shared_reference_world
from tests.roster_api.test_access_routes import KEY_OF_ROLE, filled

INTERNAL = sorted((method, path) for method, path in RULES if path.startswith("/v1/internal/"))
SOLVERS = tuple(
    f"/v1/internal/{folder}/"
    for folder in ("matching-runs", "advice", "border-rounds", "secondment-runs", "group-runs")
)
"""The rest is the notifier's: whatever names a person."""
OLD_KEY = """insert into roster.api_keys (id, role, label, prefix, key_sha256, province_code)
values (gen_random_uuid(), $1, 'old', '', gen_random_uuid()::text, $2)"""


@pytest.fixture
async def world(module_roster_database_url: str) -> AsyncIterator[World]:
    async with shared_reference_world(module_roster_database_url) as made:
        yield made


def test_each_service_has_its_own_internal_routes_and_people_have_none() -> None:
    for rule in INTERNAL:
        assert RULES[rule] == frozenset({Role.SOLVER if rule[1].startswith(SOLVERS) else Role.NOTIFIER}), rule
    services = {Role.SOLVER, Role.NOTIFIER}
    theirs = {rule for rule, roles in RULES.items() if not isinstance(roles, str) and roles & services}
    assert theirs == set(INTERNAL)


@pytest.mark.parametrize(("method", "path"), INTERNAL)
async def test_no_other_key_reaches_an_internal_route_bound_or_not(world: World, method: str, path: str) -> None:
    own = "solver" if path.startswith(SOLVERS) else "notifier"
    for who in {*KEY_OF_ROLE.values(), "other_admin", "other_coordinator"} - {own}:
        answer = await world.as_(who).request(method, filled(path), json={})
        assert (answer.status_code, answer.json()["code"]) == (403, "access.role"), who
    assert (await world.as_(own).request(method, filled(path), json={})).status_code not in {401, 403}


async def test_a_services_key_reads_nobody(world: World) -> None:
    volunteer = f"/v1/volunteers/{world.ids['volunteer']}"
    for who in ("solver", "notifier"):
        for path in ("/v1/volunteers", volunteer, "/v1/schools", "/v1/communes", "/v1/campaigns", "/v1/api-keys"):
            assert (await world.as_(who).get(path)).status_code == 403, (who, path)


@pytest.mark.parametrize("role", ["solver", "notifier"])
async def test_no_administrator_makes_a_services_key_over_http(world: World, role: str) -> None:
    for who in ("admin", "other_admin"):
        answer = await world.as_(who).post("/v1/api-keys", json={"role": role, "label": "esc"})
        assert answer.status_code == 422, who
        assert "keys create" in answer.json()["errors"][0]["vi"]


async def test_a_services_key_bound_to_a_province_cannot_be_stored(world: World) -> None:
    with pytest.raises(IntegrityError, match="service_is_unbound"):
        async with world.session() as session:
            session.add(ApiKey(role="solver", label="x", key_sha256="x", province_code="56"))


async def test_keys_both_services_shared_are_revoked_by_the_migration(postgres_url: str) -> None:
    url = Settings(database_url=postgres_url).database_url
    await upgrade(url, revision="0010")
    connection = await asyncpg.connect(postgres_url)
    try:
        for role, province in (("service", None), ("service", "56"), ("admin", "56")):
            await connection.execute(OLD_KEY, role, province)
        await upgrade(url)
        rows = await connection.fetch("select role, province_code, revoked_at is null as lives from roster.api_keys")
    finally:
        await connection.close()
    assert {tuple(row) for row in rows} == {("admin", "56", True), ("solver", None, False)}
