"""Personal data at rest: nothing stands in clear, nothing opens elsewhere, and all is found again by who may."""

from typing import Any

import pytest
import sqlalchemy as sa
from commune_service.sealed_columns import Sealed
from commune_service.sealed_types import SealedBytesType, SealedJsonType
from commune_service.sealing import UnsealError, get_sealer, use_sealer
from pydantic import SecretStr
from roster_api.access.models import Account
from roster_api.commands.lookup_key import DIGESTED, digest_anew
from roster_api.migrations.sealed import SEALED_COLUMNS
from roster_api.migrations.tables import metadata
from roster_api.plans.models import FrozenContact, Placement
from roster_api.rosters.models import RosterUpload
from roster_api.schools.models import School
from roster_api.settings import Settings
from roster_api.volunteers.models import Volunteer
from sqlalchemy.exc import IntegrityError

from tests.roster_api.planning_world import World, planning_world
from tests.roster_api.test_answers import press, token_of
from tests.roster_api.test_retention import LIST, PLACES
from tests.support.dumping import dump, found_in
from tests.support.reading import work_off

PHONES = {f"+8495000010{number}" for number in range(6)} | {
    "+84950000011",
    "+84950000012",
    "+84950000777",
    "+84950000888",
}
EMAILS = {f"person{number}@example.vn" for number in range(6)} | {
    "xoan@truong.example",
    "Moi@truong.example",
    "noivu@example.vn",
}


@pytest.fixture
async def world(roster_database_url: str) -> Any:
    async with planning_world(roster_database_url) as made:
        yield made


async def add_person(world: World, **contacts: str) -> dict[str, Any]:
    body = {"school_id": str(world.school_ids["S2"]), "full_name": "Nguyễn Văn An", "role": "lecturer", **contacts}
    answer = await world.as_("s2").post("/v1/volunteers", json=body, headers={"Idempotency-Key": "person"})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def add_account_and_refused_list(world: World, upload_id: str) -> None:
    """An address to sign in with; words of the reader that quote what stood in a cell."""
    async with world.session() as session:
        session.add(Account(issuer="https://id.example.vn", email="noivu@example.vn", display_name="Trần Nội Vụ"))
        upload = await session.get_one(RosterUpload, upload_id)
        upload.refusal = {"code": "x", "vi": "ô 0950000888 lạ", "en": "x", "errors": []}
        upload.choices = [{"sheet": "x", "texts": ["xoan@truong.example"]}]
        upload.mapping_asked = {"sheets": [{"columns": ["+84950000888"]}]}


async def test_a_dump_holds_no_phone_and_no_address_in_clear(world: World, roster_database_url: str) -> None:
    plan_id = await world.make_published(PLACES)
    await press(world, await token_of(world, plan_id, 0), "cannot_go", reason="mổ")
    await add_person(world, email="Moi@truong.example", phone="0950000100")
    file = {"file": ("ds.csv", LIST.encode(), "text/csv")}
    path = f"/v1/schools/{world.school_ids['S1']}/roster-uploads"
    sent = await world.as_("s1").post(path, files=file, headers={"Idempotency-Key": "list"})
    await work_off(world.app)
    assert (await world.as_("s1").post(f"/v1/roster-uploads/{sent.json()['id']}/commit", json={})).status_code == 200
    await add_account_and_refused_list(world, sent.json()["id"])
    dumped = await dump(roster_database_url)
    assert "Nguyễn Văn An" in dumped, "it is the whole database"
    assert found_in(dumped, phones=PHONES, emails=EMAILS) == []
    assert not any(name in dumped for name in ("Cô Hoa", "Anh Nam", "Nguyễn Thị Xoan;"))
    assert found_in("0950000101 PERSON1@example.vn", phones=PHONES, emails=EMAILS), "the search finds what is there"


async def test_a_whole_phone_or_address_is_looked_up_within_what_one_may_see(world: World) -> None:
    async def find(who: str, q: str) -> list[str]:
        page = (await world.as_(who).get("/v1/volunteers", params={"q": q})).json()
        return [item["full_name"] for item in page["items"]]

    for q in ("0950 000 101", "+84950000101", "person1@EXAMPLE.vn"):
        assert await find("admin", q) == await find("s1", q) == ["Trần Thị Bình"], q
        assert await find("s2", q) == await find("overseer", q) == await find("elsewhere", q) == [], q
    assert await find("admin", "095000010") == [], "a part of a number finds nobody"


async def test_what_is_sealed_opens_in_its_own_row_alone_and_says_nothing_when_changed(world: World) -> None:
    async with world.session() as session:
        first, second = [await session.get_one(Volunteer, one) for one in world.volunteer_ids[:2]]
        assert (first.phone, first.email) == ("+84950000100", "person0@example.vn")
        sealed = first.phone_sealed
        first.phone = "+84950000100"
        assert first.phone_sealed is sealed, "the same again is no change"
        second.phone_sealed = sealed
        with pytest.raises(UnsealError):
            assert second.phone
        first.phone_sealed = bytes(sealed or b"")[:-1] + b"\0"
        with pytest.raises(UnsealError):
            assert first.phone
        await session.rollback()


async def test_one_human_at_two_schools_is_known_by_digests(world: World) -> None:
    await add_person(world, phone="0950000100")
    async with world.session() as session:
        same = sa.select(Volunteer.phone_digest).where(Volunteer.full_name == "Nguyễn Văn An")
        digests = list(await session.scalars(same))
    assert len(digests) == 2
    assert len(set(digests)) == 1


async def test_frozen_contacts_change_in_nothing_but_the_key_that_is_wrapped_anew_or_destroyed(world: World) -> None:
    plan_id = await world.make_published(PLACES)
    token = await token_of(world, plan_id, 0)
    async with world.session() as session:
        placed = FrozenContact.id.in_(sa.select(Placement.school_contact_id))
        kept = (await session.scalars(sa.select(FrozenContact).where(placed))).one()
    for change in ({"sealed": b"x"}, {"owner_id": "other"}):
        with pytest.raises(IntegrityError):
            async with world.session() as session:
                await session.execute(sa.update(FrozenContact).where(FrozenContact.id == kept.id).values(change))
    async with world.session() as session:
        await session.execute(sa.update(FrozenContact).where(FrozenContact.id == kept.id).values(wrapped_key=None))
        (await session.get_one(School, world.school_ids["S1"])).contact_phone = None
    page = await world.as_("nobody").get(f"/a/{token}")
    assert page.status_code == 200
    assert "0950 000 011" not in page.text, "its key is destroyed"
    assert "0950 000 012" in page.text
    back = sa.update(FrozenContact).where(FrozenContact.id == kept.id).values(wrapped_key=kept.wrapped_key)
    with pytest.raises(IntegrityError):
        async with world.session() as session:
            await session.execute(back)


def test_every_sealed_column_is_sealed_anew_when_keys_change() -> None:
    known = {(column.table, column.column) for column in SEALED_COLUMNS}
    named = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_sealed")
        or column.name == "wrapped_key"
        or isinstance(column.type, SealedJsonType | SealedBytesType)
    }
    assert named == known
    assert all(isinstance(getattr(Volunteer, name), Sealed) for name in ("phone", "email"))


def test_every_digest_is_made_anew_when_the_lookup_key_changes() -> None:
    named = {
        (table.name, column.name.removesuffix("_digest"))
        for table in metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_digest")
    }
    assert named == {(table, name) for table, name, _ in DIGESTED}


async def test_after_the_lookup_key_changed_and_digests_were_made_anew_people_are_found_again(
    world: World, roster_database_url: str
) -> None:
    before = get_sealer()
    settings = Settings(database_url=roster_database_url, lookup_key=SecretStr("another lookup key of the tests, 2"))
    use_sealer(settings.make_sealer())
    try:
        find = world.as_("admin").get
        assert (await find("/v1/volunteers", params={"q": "0950000101"})).json()["total"] == 0
        for expected in (12, 0):
            counts = await digest_anew(settings)
            assert sum(counts.values()) == expected, "killed in between, it goes on; done, there is nothing to do"
        for q in ("0950000101", "PERSON1@example.vn"):
            assert (await find("/v1/volunteers", params={"q": q})).json()["total"] == 1
    finally:
        use_sealer(before)
