"""What people read of a run and of decisions: rows with names, for whoever may see them."""

from collections import Counter
from typing import Any
from uuid import UUID

from commune_schemas.secondment import PostExplanation
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.errors import NotFoundError
from roster_api.secondments.models import Secondment, SecondmentRun
from roster_api.secondments.schemas import (
    Named,
    SecondmentFailure,
    SecondmentRead,
    SecondmentRunRead,
    SecondmentRunTotals,
    VacancyRead,
)
from roster_api.staff.models import Post, StaffMember, Unit
from roster_api.staff.repository import list_by_id


def read_run(run: SecondmentRun) -> SecondmentRunRead:
    failure = None
    if run.failure_kind is not None:
        words = {"vi": run.failure_vi or "", "en": run.failure_en or ""}
        failure = SecondmentFailure(kind=run.failure_kind, **words)
    names = set(SecondmentRunRead.model_fields) - {"failure"}
    return SecondmentRunRead.model_validate({name: getattr(run, name) for name in names} | {"failure": failure})


def read_totals(run: SecondmentRun) -> SecondmentRunTotals:
    """With what the run came to; the run must be loaded with its documents."""
    kinds = {one["code"]: one["kind"] for one in run.considered}
    fields = {post["id"]: post["field"] for post in run.document["posts"]}
    moves = (run.solution or {}).get("moves", [])
    from_province = [vacancy for person, vacancy in moves if kinds[person] == "province"]
    return SecondmentRunTotals(
        **read_run(run).model_dump(),
        vacancies=len(run.vacancies),
        filled=len(moves),
        internal=len(moves) - len(from_province),
        province=len(from_province),
        province_by_field=dict(sorted(Counter(fields[vacancy] for vacancy in from_province).items())),
        considered=len(run.considered),
        candidates=sum(one["is_candidate"] for one in run.considered),
    )


async def read_vacancies(session: AsyncSession, run: SecondmentRun, names: list[str]) -> list[VacancyRead]:
    """These vacancies of a run, with who fills them and everybody whom their explanations name."""
    posts = await list_by_id(session, Post, {UUID(run.vacancies[name]) for name in names})
    units = await list_by_id(session, Unit, {post.unit_id for post in posts.values()})
    reasons = {
        name: PostExplanation.model_validate(run.explanations[name])
        for name in names
        if run.explanations and name in run.explanations
    }
    known = {one["code"]: one for one in run.considered}
    fills = {vacancy: person for person, vacancy in (run.solution or {}).get("moves", [])}
    named = {name: _people_of(reasons.get(name), fills.get(name)) & known.keys() for name in names}
    mentioned = set[str]().union(*named.values())
    staff = await list_by_id(session, StaffMember, {UUID(known[code]["staff_id"]) for code in mentioned})
    rows = []
    for name in names:
        post = posts[UUID(run.vacancies[name])]
        unit = units[post.unit_id]
        rows.append(
            VacancyRead(
                vacancy=name,
                post_id=post.id,
                title=post.title,
                field_code=post.field_code,
                unit_code=unit.code,
                unit_name=unit.name,
                person=fills.get(name),
                explanation=reasons.get(name),
                people={code: _name(known[code], staff) for code in sorted(named[name])},
            )
        )
    return rows


def _people_of(reasons: PostExplanation | None, person: str | None) -> set[str]:
    filled = {person} if person else set()
    if reasons is None:
        return filled
    moved = {each for one in reasons.alternatives for each in one["filled"].values() if each}
    return filled | moved | {one.person for one in reasons.candidates}


def _name(considered: dict[str, Any], staff: dict[UUID, StaffMember]) -> Named:
    row = staff[UUID(considered["staff_id"])]
    return Named(staff_id=row.id, full_name=row.full_name, unit_code=considered["unit_code"])


def list_empty(run: SecondmentRun) -> list[str]:
    """Vacancies that the plan leaves empty: to be recruited for, or filled by contract."""
    filled = {vacancy for _, vacancy in (run.solution or {}).get("moves", [])}
    return [name for name in run.vacancies if name not in filled]


def check_finished(run: SecondmentRun | None) -> SecondmentRun:
    """404 for a run that is missing, or has no plan."""
    if run is None or run.solution is None:
        raise NotFoundError
    return run


def read_secondment(joined: Any) -> SecondmentRead:
    row, person, post, sending, receiving = joined
    names = {
        "staff_code": person.code,
        "full_name": person.full_name,
        "post_title": post.title,
        "field_code": post.field_code,
        "from_unit_name": sending.name,
        "to_unit_name": receiving.name,
    }
    own = {name: getattr(row, name) for name in SecondmentRead.model_fields if hasattr(Secondment, name)}
    return SecondmentRead.model_validate(own | names)
