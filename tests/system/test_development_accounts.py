"""The development issuer's people have accounts, one a role, and making them again changes nothing."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa
from commune_stack.development_accounts import UNINVITED, seed_accounts
from commune_stack.issuer import PEOPLE, issuer_settings
from commune_stack.serving import served
from roster_api.access.models import Account, RoleAssignment
from roster_api.access.principal import Role
from roster_api.app import create_app
from roster_api.issuer_settings import IssuerSettings
from roster_api.settings import Settings

from tests.roster_api.reference_world import World, reference_world


@pytest.fixture
async def world(roster_database_url: str) -> AsyncIterator[World]:
    async with reference_world(roster_database_url) as made:
        yield made


async def test_there_is_one_account_a_role_and_seeding_again_adds_none(world: World) -> None:
    issuers = [IssuerSettings.model_validate(issuer_settings("http://127.0.0.1:9"))]
    app = create_app(Settings(database_url=world.database_url, issuers=issuers))
    held: list[list[str]] = []
    async with served(app) as port:
        for _time in range(2):
            people = await asyncio.to_thread(seed_accounts, f"http://127.0.0.1:{port}", world.keys["admin"])
            assert {person.subject for person in people} == {person.subject for person in PEOPLE} - UNINVITED
            async with world.session() as session:
                held.append(sorted(await session.scalars(sa.select(RoleAssignment.role))))
                assert len((await session.scalars(sa.select(Account))).all()) == len(people)
    assert held[0] == held[1]
    assert set(held[0]) == {role.value for role in Role if not role.is_service} - {"volunteer"}
    await app.state.engine.dispose()
