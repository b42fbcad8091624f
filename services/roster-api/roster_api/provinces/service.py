"""Decisions about provinces: what an import of communes changes."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.communes import repository as commune_rows
from roster_api.communes.models import Commune
from roster_api.errors import ForbiddenError, NotFoundError
from roster_api.etags import Seen, check_seen, tag_rows
from roster_api.paging import Page, Paging
from roster_api.provinces import repository
from roster_api.provinces.models import Province
from roster_api.provinces.old_names import OldCommune, read_old_names
from roster_api.provinces.schemas import CommuneImportAnswer, ProvinceRead, PublishingRules
from roster_api.provinces.source import REMOTE_BY_DEFAULT, SourceCommune, read_communes
from roster_api.text import search_key, sort_key


def _read(row: Row[Province, int]) -> ProvinceRead:
    province, communes = row
    return ProvinceRead(
        code=province.code,
        name=province.name,
        full_name=province.full_name,
        latitude=province.latitude,
        longitude=province.longitude,
        communes=communes,
        four_eyes=province.four_eyes,
        sms_price_vnd=province.sms_price_vnd,
        is_plan_public=province.is_plan_public,
        pays_on_school_word=province.pays_on_school_word,
    )


async def list_provinces(
    session: AsyncSession, *, principal: Principal, paging: Paging, q: str | None
) -> Page[ProvinceRead]:
    rows, total = await repository.list_provinces(session, principal=principal, paging=paging, q=q)
    return Page(items=[_read(row) for row in rows], total=total, limit=paging.limit, offset=paging.offset)


async def get_province(session: AsyncSession, *, principal: Principal, code: str) -> ProvinceRead:
    row = await repository.find_province(session, principal=principal, code=code)
    if row is None:
        raise NotFoundError
    return _read(row)


def tag_of(province: Province | ProvinceRead) -> str:
    """Of how the province publishes."""
    return tag_rows([(name, getattr(province, name)) for name in PublishingRules.model_fields])


async def set_publishing(
    session: AsyncSession, *, principal: Principal, code: str, rules: PublishingRules, seen: Seen
) -> ProvinceRead:
    """The same again changes nothing; 412 where somebody changed them since they were `seen`. 403 for a key that would
    end the four eyes: they are there against keys, too."""
    row = await repository.lock_province(session, principal=principal, code=code)
    if row is None:
        raise NotFoundError
    if row.four_eyes and not rules.four_eyes and principal.account_id is None:
        raise ForbiddenError(
            "province.four_eyes_held",
            vi="Chỉ người đăng nhập bằng tài khoản mới được bỏ quy định hai người; khóa thì không.",
            en="Only somebody signed in may end the rule of four eyes; a key may not.",
        )
    wanted = rules.model_dump()
    if "pays_on_school_word" not in rules.model_fields_set:  # clients of before it was there say nothing of money
        del wanted["pays_on_school_word"]
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if changed:
        check_seen(seen, tag_of(row))
    for name, value in changed.items():
        setattr(row, name, value)
    await session.flush()
    return await get_province(session, principal=principal, code=code)


def _columns(source: SourceCommune, old_names: Sequence[OldCommune]) -> dict[str, Any]:
    return {
        "old_names": [str(old) for old in old_names],
        "old_search_key": "\n".join(search_key(f"{old.full_name} {old.district}") for old in old_names),
        "province_code": source.province_code,
        "kind": source.kind.value,
        "name": source.name,
        "full_name": source.full_name,
        "latitude": source.latitude,
        "longitude": source.longitude,
        "area_km2": source.area_km2,
        "search_key": search_key(source.full_name),
        "sort_key": sort_key(source.name),
    }


async def import_communes(session: AsyncSession, *, principal: Principal, code: str) -> CommuneImportAnswer:
    """Brings the province's communes to the source's names and places. Idempotent; `is_remote`, offices and contacts,
    which people decide, are never touched."""
    await get_province(session, principal=principal, code=code)
    sources = {source.code: source for source in read_communes(code)}
    old_names = read_old_names(code)
    known = {row.code: row for row in await commune_rows.lock_communes_of_province(session, province_code=code)}
    counts: Counter[str] = Counter()
    for source in sources.values():
        columns = _columns(source, old_names.get(source.code, ()))
        row = known.get(source.code)
        if row is None:
            session.add(Commune(code=source.code, is_remote=source.code in REMOTE_BY_DEFAULT, **columns))
            counts["created"] += 1
            continue
        changed = {name: value for name, value in columns.items() if getattr(row, name) != value}
        for name, value in changed.items():
            setattr(row, name, value)
        counts["updated" if changed else "same"] += 1
    await session.flush()
    return CommuneImportAnswer(
        province_code=code,
        total=len(sources),
        created=counts["created"],
        updated=counts["updated"],
        same=counts["same"],
        not_in_source=sorted(known.keys() - sources.keys()),
    )
