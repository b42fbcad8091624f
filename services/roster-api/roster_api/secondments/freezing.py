"""The frozen problem of a run: who might be moved, which vacancies there are, how far it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from commune_schemas.amounts import amount
from commune_schemas.documents import SecondmentDocument, SecondmentPerson, SecondmentPolicy, SecondmentPost
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.communes.repository import find_communes_by_code
from roster_api.provinces.models import Province
from roster_api.secondments import repository
from roster_api.secondments.distances import Point, metres_between
from roster_api.secondments.schemas import SecondmentRequest
from roster_api.secondments.taken import count_at_once
from roster_api.staff.models import Availability, Post, StaffMember, Unit, UnitKind
from roster_api.staff.repository import list_active

Both = tuple[str, str]


@dataclass(frozen=True)
class Frozen:
    document: SecondmentDocument
    considered: list[dict[str, Any]]
    vacancies: dict[str, str]
    """Post by the document's name of a vacancy."""


@dataclass(frozen=True)
class _World:
    units: dict[UUID, Unit]
    staff: list[StaffMember]
    posts: list[Post]
    points: dict[UUID, Point]


async def freeze(session: AsyncSession, *, province: Province, run_id: UUID, request: SecondmentRequest) -> Frozen:
    world = await _load(session, province)
    span: dict[str, Any] = {"from_on": request.from_on, "until_on": request.until_on}
    holding = await repository.list_holding(session, post_ids=[post.id for post in world.posts], **span)
    posts, vacancies = _list_vacancies(world, count_at_once(holding))
    held = await repository.list_holding(session, staff_ids=[person.id for person in world.staff], **span)
    busy = {row.staff_id for row in held}
    considered = list(_consider(world, request, wanted={post.field for post in posts}, busy=busy))
    people = [
        SecondmentPerson(id=one["code"], kind=one["kind"], unit=one["unit_code"], fields=one["fields"])
        for one in considered
        if one["is_candidate"]
    ]
    document = SecondmentDocument(
        schema_="mw-secondment/1",
        id=str(run_id),
        title=province.full_name,
        posts=posts,
        people=people,
        dist_m=_measure(world, {person.unit for person in people}, posts, vacancies),
        forbid=sorted({(one.unit_code, one.commune_code) for one in request.forbid}),
        policy=SecondmentPolicy(max_move_m=request.max_move_km * 1000),
    )
    return Frozen(document, considered, vacancies)


async def _load(session: AsyncSession, province: Province) -> _World:
    units = {unit.id: unit for unit in await list_active(session, Unit, province_code=province.code)}
    codes = {unit.commune_code for unit in units.values() if unit.commune_code is not None}
    communes = await find_communes_by_code(session, codes=codes, province_code=province.code)
    points = {}
    for unit in units.values():
        commune = communes.get(unit.commune_code or "")
        place: Point = (province.latitude, province.longitude)
        if unit.latitude is not None and unit.longitude is not None:
            place = (unit.latitude, unit.longitude)
        elif commune is not None:
            place = (commune.latitude, commune.longitude)
        points[unit.id] = place
    staff = await list_active(session, StaffMember, province_code=province.code)
    posts = await list_active(session, Post, province_code=province.code)
    movable = [one for one in staff if one.availability != Availability.NONE.value and one.unit_id in units]
    return _World(units, movable, [post for post in posts if post.unit_id in units], points)


def place_of(unit: Unit) -> str:
    """What the document calls the place of a post: the commune, or the unit where it is in none."""
    return unit.commune_code or f"~{unit.code}"[:64]


def _list_vacancies(world: _World, taken: Any) -> tuple[list[SecondmentPost], dict[str, str]]:
    posts, vacancies = [], {}
    for post in world.posts:
        count = post.quota - post.filled - taken[post.id]
        for number in range(count):
            name = post.code if count == 1 else f"{post.code}/{number + 1}"
            place = place_of(world.units[post.unit_id])
            posts.append(SecondmentPost(id=name, commune=place, field=post.field_code, priority=post.priority))
            vacancies[name] = str(post.id)
    return posts, vacancies


def _consider(
    world: _World, request: SecondmentRequest, *, wanted: set[str], busy: set[UUID]
) -> Iterable[dict[str, Any]]:
    for person in world.staff:
        unit = world.units[person.unit_id]
        known = [one for one in person.qualifications if one["field_code"] in wanted]
        fields = sorted(one["field_code"] for one in known if one["level"] >= request.min_level)
        why_not = _why_no_candidate(person, request, is_busy=person.id in busy, known=len(known), enough=len(fields))
        yield {
            "code": person.code,
            "staff_id": str(person.id),
            "unit_code": unit.code,
            "kind": "province" if unit.kind == UnitKind.PROVINCIAL_AGENCY.value else "internal",
            "fields": fields,
            "is_candidate": why_not is None,
            "reason_vi": why_not and why_not[0],
            "reason_en": why_not and why_not[1],
        }


def _why_no_candidate(
    person: StaffMember, request: SecondmentRequest, *, is_busy: bool, known: int, enough: int
) -> Both | None:
    """The first of the criteria that somebody does not meet."""
    if is_busy:
        return "đang được điều động ở vị trí khác trong thời gian đó", "is in another post within that time"
    if person.conduct in {one.value for one in request.refused_conduct}:
        return "xếp loại không đạt tiêu chí", "the rating is below the criteria"
    if request.min_service_years and not _has_served(person.serving_since, request):
        years = request.min_service_years
        vi = f"công tác chưa đủ {years} năm, hoặc chưa ghi"
        return vi, f"has served less than {amount(years, 'year')}, or it is not known"
    if not known:
        return "không có chuyên môn mà vị trí trống nào cần", "knows no field that a vacancy is in"
    if not enough:
        return f"trình độ dưới mức {request.min_level}", f"the qualification is below level {request.min_level}"
    return None


def _has_served(since: date | None, request: SecondmentRequest) -> bool:
    return since is not None and (request.from_on - since).days >= request.min_service_years * 365.25 - 1


def _measure(
    world: _World, units: set[str], posts: list[SecondmentPost], vacancies: dict[str, str]
) -> dict[str, dict[str, int]]:
    """Metres from each unit that has a candidate to each place that has a vacancy."""
    unit_of_post = {str(post.id): post.unit_id for post in world.posts}
    places = {post.commune: world.points[unit_of_post[vacancies[post.id]]] for post in posts}
    starts = {unit.code: world.points[unit.id] for unit in world.units.values() if unit.code in units}
    return {
        code: {place: metres_between(start, end) for place, end in sorted(places.items())}
        for code, start in sorted(starts.items())
    }
