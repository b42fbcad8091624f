"""What somebody else's people are makes no difference to what one reads; and who reads which field about a person."""

import random
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
import sqlalchemy as sa
from roster_api.access.principal import Role
from roster_api.access.rules import RULES
from roster_api.text import name_sort_key, search_key
from roster_api.volunteers.models import Volunteer

from tests.roster_api.reference_world import World, volunteer
from tests.roster_api.rights_world import (
    DISTURBED,
    OF_THE_SCHOOL,
    Rights,
    disturb_rows,
    fill,
    rights_world,
)
from tests.roster_api.test_authz_objects import KEYS

pytestmark = pytest.mark.asyncio(loop_scope="module")

PEOPLE = "/v1/volunteers"
NAMES = ("Lê Thị Bí Mật", "Phạm Văn Kín", "Hoàng Giấu Tên", "Đỗ Không Lộ")
COUNTED_AT = re.compile(rb'"as_of":"[^"]*"')
OF_PLACES_AND_ACCOUNTS = ("/v1/accounts", "/v1/provinces", "/v1/communes")
"""Their full names and addresses are a place's, or those of who was let in."""
BY_FIELD = {
    "contact_phone": {Role.ADMIN, Role.SCHOOL_COORDINATOR, Role.COMMUNE_OFFICER},
    "contact_email": {Role.ADMIN, Role.SCHOOL_COORDINATOR, Role.COMMUNE_OFFICER},
    "phone": {Role.ADMIN, Role.SCHOOL_COORDINATOR, Role.COMMUNE_OFFICER},
    "email": {Role.ADMIN, Role.SCHOOL_COORDINATOR, Role.COMMUNE_OFFICER},
    "call_phone": {Role.ADMIN, Role.SCHOOL_COORDINATOR},
    "full_name": {
        Role.ADMIN, Role.DIRECTOR, Role.OVERSEER, Role.EDUCATION_DEPARTMENT, Role.FINANCE, Role.SCHOOL_COORDINATOR,
        Role.SCHOOL_VIEWER, Role.COMMUNE_OFFICER,
    },
    "external_ref": {
        Role.ADMIN, Role.DIRECTOR, Role.OVERSEER, Role.EDUCATION_DEPARTMENT, Role.FINANCE, Role.SCHOOL_COORDINATOR,
        Role.SCHOOL_VIEWER,
    },
}  # fmt: skip
"""The fields that are somebody's: the roles to whom any answer may show one. To the others it is null, or absent."""


Answers = dict[Role, dict[str, httpx.Response]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rights(module_roster_database_url: str) -> AsyncIterator[Rights]:
    async with rights_world(module_roster_database_url) as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def undisturbed(rights: Rights) -> Answers:
    """Every answer each role may read of its own things, before anybody's people are others."""
    return {role: {path: await read(rights, role, path) for path in readable(role)} for role in KEYS}


def readable(role: Role) -> Iterator[str]:
    for (method, path), rule in sorted(RULES.items()):
        if method == "GET" and not isinstance(rule, str) and role in rule and not path.endswith("/events"):
            yield path


async def read(rights: Rights, role: Role, path: str) -> httpx.Response:
    return await rights.world.as_(KEYS[role]).get(fill(path, rights.missing | rights.own))


def content(answer: httpx.Response) -> bytes:
    """As it came; without what the clock writes."""
    return COUNTED_AT.sub(b"", answer.content)


def compared(answers: dict[str, httpx.Response]) -> dict[str, bytes]:
    """Those that are the same each time, where nothing changes."""
    paths = [path for path in answers if not path.endswith(".xlsx") and "annotated" not in path]
    paths = [path for path in paths if not path.startswith(("/v1/audit", "/v1/api-keys", "/v1/accounts"))]
    return {path: content(answers[path]) for path in paths}


async def read_again(rights: Rights, role: Role, before: dict[str, bytes]) -> dict[str, bytes]:
    return {path: content(await read(rights, role, path)) for path in before}


async def disturb(world: World, school_id: str, *, seed: int) -> None:
    """Other people in that school: some come, some go, all others are called and reached otherwise."""
    chance = random.Random(seed)
    for number in range(chance.randint(1, 3)):
        person = volunteer(school_id, full_name=chance.choice(NAMES), phone=f"09500{seed:02d}{number}21", max_days=2)
        await world.create("/v1/volunteers", person)
    async with world.session() as session:
        people = (await session.scalars(sa.select(Volunteer).where(Volunteer.school_id == school_id))).all()
        for person in people:
            person.full_name = chance.choice(NAMES)
            person.search_key, person.sort_key = search_key(person.full_name), name_sort_key(person.full_name)
            person.email = f"bimat{chance.randint(1, 10**6)}@example.vn"
            person.status = chance.choice(["active", "withdrawn", "archived"])
            person.free_weekdays = chance.sample(range(5), 2)


async def test_two_worlds_that_differ_in_other_peoples_people_answer_byte_for_byte_alike(
    rights: Rights, undisturbed: Answers
) -> None:
    """Another province's people make no difference to anybody; those of the school next door none to a school."""
    school_bound = [Role.SCHOOL_COORDINATOR, Role.SCHOOL_VIEWER]
    before = {role: compared(answers) for role, answers in undisturbed.items()}
    assert sum(len(answers) for answers in before.values()) > 250
    await disturb(rights.world, rights.far["school_id"], seed=3)
    async with rights.world.session() as session:
        await disturb_rows(session, rights.far, (*OF_THE_SCHOOL, *DISTURBED), word="lạ 3")
    for role in KEYS:
        assert await read_again(rights, role, before[role]) == before[role], role
    await disturb(rights.world, rights.near["school_id"], seed=1)
    for role in KEYS:
        if PEOPLE in before[role] and role not in school_bound:
            now = content(await read(rights, role, PEOPLE))
            assert now != before[role][PEOPLE], f"{role}: the school next door is of the own province"
        else:
            assert await read_again(rights, role, before[role]) == before[role], role
    async with rights.world.session() as session:
        await disturb_rows(session, rights.near, OF_THE_SCHOOL, word="lạ 1")
    for role in school_bound:
        assert await read_again(rights, role, before[role]) == before[role], role


def fields(part: Any) -> Iterator[tuple[str, Any]]:
    """(name, value) of every field that holds something, wherever in an answer it stands."""
    if isinstance(part, list):
        for each in part:
            yield from fields(each)
    elif isinstance(part, dict):
        for name, value in part.items():
            if value not in (None, "", [], {}):
                yield name, value
            yield from fields(value)


async def test_every_field_that_is_somebodys_is_read_by_the_roles_of_the_list_alone(undisturbed: Answers) -> None:
    wrong, seen = set(), set()
    for role, answers in undisturbed.items():
        for path, answer in answers.items():
            if (
                answer.status_code != 200
                or "json" not in answer.headers["content-type"]
                or path.startswith(OF_PLACES_AND_ACCOUNTS)
            ):
                continue
            for name, _value in fields(answer.json()):
                if name in BY_FIELD:
                    seen.add((name, role))
                    if role not in BY_FIELD[name]:
                        wrong.add((name, role.value, path))
    assert wrong == set()
    assert {name for name, _role in seen} >= {"phone", "email", "full_name", "contact_phone"}, "the world shows them"
