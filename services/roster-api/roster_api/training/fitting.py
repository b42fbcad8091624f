"""The review of qualifications: what the post that somebody holds asks for, against what the person holds.

A person's post is the one of their unit whose title is their position; where several of that title ask for different
fields, the one that the person fits best, and the answer says how many there are. Proposals are data for who decides.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.staff.models import Post, StaffMember, Unit
from roster_api.staff.repository import list_active
from roster_api.text import search_key
from roster_api.training import repository
from roster_api.training.models import Course, CourseResult, Learning, LearningKind, Result
from roster_api.training.schemas import (
    Fit,
    FitCount,
    FitOfPerson,
    FitProposal,
    ProposalKind,
    QualificationReview,
)

LEAST_LEVEL = 2
MOST_PROPOSALS = 3
ORDER = tuple(Fit)
"""From what fits best."""
SHOWN = (Fit.DOES_NOT_FIT, Fit.WITH_TRAINING)
Learnt = frozenset[tuple[UUID, str]]
"""(person, field) of a course passed, or of self-study."""


@dataclass(frozen=True)
class Province:
    """What proposals are made of, read once."""

    units: Mapping[UUID, Unit]
    posts: Mapping[tuple[UUID, str], Sequence[Post]]
    """By unit and title's search key, one of each field."""
    vacancies: Mapping[str | None, Sequence[Post]]
    """By commune."""
    courses: Mapping[str, Sequence[Course]]
    """By field, those with a place left."""
    learnt: Learnt


async def review_qualifications(
    session: AsyncSession, *, province_code: str, commune_code: str | None, field_code: str | None, limit: int
) -> QualificationReview:
    province = await _read(session, province_code)
    staff = await session.scalars(repository.select_staff(province_code, commune_code))
    people = [_judge(person, province) for person in staff]
    if field_code is not None:
        people = [each for each in people if each.field_code == field_code]
    totals = Counter(each.fit for each in people)
    shown = sorted((each for each in people if each.fit in SHOWN), key=lambda each: SHOWN.index(each.fit))
    return QualificationReview(
        province_code=province_code,
        **{each.value: totals[each] for each in Fit},
        counts=_count(people),
        people=shown[:limit],
        people_total=len(shown),
    )


async def _read(session: AsyncSession, province_code: str) -> Province:
    units = {unit.id: unit for unit in await list_active(session, Unit, province_code=province_code)}
    posts = await list_active(session, Post, province_code=province_code)
    vacancies: dict[str | None, list[Post]] = {}
    for post in posts:
        if post.filled < post.quota and post.unit_id in units:
            vacancies.setdefault(units[post.unit_id].commune_code, []).append(post)
    courses: dict[str, list[Course]] = {}
    rows = list(
        await session.scalars(sa.select(Course).where(Course.province_code == province_code).order_by(Course.code))
    )
    counts = await repository.count_courses(session, [row.id for row in rows])
    for row in rows:
        if row.capacity is None or counts[row.id][0] < row.capacity:
            courses.setdefault(row.field_code, []).append(row)
    return Province(units, _group_posts(posts), vacancies, courses, await _list_learnt(session, province_code))


def _group_posts(posts: Sequence[Post]) -> dict[tuple[UUID, str], list[Post]]:
    groups: dict[tuple[UUID, str], dict[str, Post]] = {}
    for post in posts:
        groups.setdefault((post.unit_id, search_key(post.title)), {}).setdefault(post.field_code, post)
    return {key: list(by_field.values()) for key, by_field in groups.items()}


async def _list_learnt(session: AsyncSession, province_code: str) -> Learnt:
    passed = (
        sa.select(CourseResult.staff_id, Course.field_code)
        .join(Course, Course.id == CourseResult.course_id)
        .where(Course.province_code == province_code, CourseResult.result == Result.PASSED.value)
    )
    alone = sa.select(Learning.staff_id, Learning.field_code).where(
        Learning.kind == LearningKind.SELF_STUDY.value, Learning.field_code.is_not(None)
    )
    rows = [*(await session.execute(passed)), *(await session.execute(alone))]
    return frozenset((row[0], row[1]) for row in rows)


def _judge(person: StaffMember, province: Province) -> FitOfPerson:
    unit = province.units.get(person.unit_id)
    possible = province.posts.get((person.unit_id, search_key(person.position or "")), ())
    held = {each["field_code"]: each.get("level", LEAST_LEVEL) for each in person.qualifications}
    judged = [(_fit(person, post, held, province.learnt), post) for post in possible]
    fit, post = min(judged, key=lambda each: ORDER.index(each[0]), default=(Fit.NO_REQUIREMENT, None))
    return FitOfPerson(
        staff_id=person.id, code=person.code, full_name=person.full_name, unit_name=unit.name if unit else "",
        position=person.position or "", field_code=post.field_code if post else None,
        required_level=LEAST_LEVEL if post else None, held_level=held.get(post.field_code) if post else None, fit=fit,
        possible_posts=len(possible),
        proposals=_propose(unit, post, held, province) if post is not None and fit in SHOWN else [],
    )  # fmt: skip


def _fit(person: StaffMember, post: Post, held: Mapping[str, int], learnt: Learnt) -> Fit:
    """Training makes up for a level that is short, or for a field that was learnt without a paper."""
    level = held.get(post.field_code)
    if level is not None and level >= LEAST_LEVEL:
        return Fit.FITS
    if level is not None or (person.id, post.field_code) in learnt:
        return Fit.WITH_TRAINING
    return Fit.DOES_NOT_FIT


def _propose(unit: Unit | None, post: Post, held: Mapping[str, int], province: Province) -> list[FitProposal]:
    """A course of the post's field; a vacancy of the commune in a field that the person knows; else somebody sent."""
    courses = [
        FitProposal(
            kind=ProposalKind.COURSE, course_id=course.id, vi=f"Cử đi học: {course.topic}", en=f"Course: {course.topic}"
        )
        for course in province.courses.get(post.field_code, ())
    ]
    known = {code for code, level in held.items() if level >= LEAST_LEVEL}
    commune = unit.commune_code if unit else None
    moves = [
        FitProposal(
            kind=ProposalKind.MOVE, post_id=vacancy.id, vi=f"Chuyển sang vị trí {vacancy.title} trong xã",
            en=f"Move to the post {vacancy.title} of the commune",
        )
        for vacancy in (province.vacancies.get(commune, ()) if commune else ())
        if vacancy.id != post.id and vacancy.field_code in known
    ]  # fmt: skip
    proposals = [*courses[:MOST_PROPOSALS], *moves[:MOST_PROPOSALS]]
    if not courses:
        vi, en = (
            f"Biệt phái người biết lĩnh vực này đến vị trí {post.title}",
            f"Second somebody to the post {post.title}",
        )
        proposals.append(FitProposal(kind=ProposalKind.SECONDMENT, post_id=post.id, vi=vi, en=en))
    return proposals


def _count(people: Iterable[FitOfPerson]) -> list[FitCount]:
    """By unit and field, of those whose post asks for something."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for each in people:
        if each.field_code is not None:
            counts.setdefault((each.unit_name, each.field_code), Counter())[each.fit.value] += 1
    return [
        FitCount(
            unit_name=unit, field_code=code,
            **{name: found[name] for name in ("fits", "fits_with_training", "does_not_fit")},
        )
        for (unit, code), found in sorted(counts.items())
    ]  # fmt: skip
