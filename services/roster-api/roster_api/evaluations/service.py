"""Decisions about evaluation: who may rate whom, what each may read of it, and when words are released."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from commune_service.database_clock import ask_now
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal, Role
from roster_api.campaigns.models import Campaign
from roster_api.errors import NotFoundError
from roster_api.etags import Seen, check_seen
from roster_api.evaluations import repository
from roster_api.evaluations.models import CRITERIA, HIGHEST, LOWEST, Evaluation, Rated, Rater
from roster_api.evaluations.schemas import FAR_MARKS, FEWEST, CriterionSummary, EvaluationOut, Summary
from roster_api.paging import Page, Paging, fetch_page
from roster_api.plans.scope import row_scope


@dataclass(frozen=True)
class Verdict:
    """Who says what of whom. `by`: the words for who it was; None of a person by their link."""

    rater: Rater
    rater_id: str
    rated: Rated
    rated_id: str
    marks: Mapping[str, int]
    words: str
    by: str | None


async def rate(
    session: AsyncSession, *, campaign_id: UUID, verdict: Verdict, seen: Seen, **service: Any
) -> EvaluationOut:
    """Said again, the newer word holds, and its words are held until released; 412 where another word was given since
    what was `seen`. 404 where `service` (bounds on days of service) shows that rater and rated never met."""
    met = await repository.find_service(session, campaign_id=campaign_id, **service)
    if met is None:
        raise NotFoundError
    row = await repository.find_for_update(
        session,
        campaign_id=campaign_id,
        rater=verdict.rater.value,
        rater_id=verdict.rater_id,
        rated=verdict.rated.value,
        rated_id=verdict.rated_id,
    )
    if row is None or _says(row) != (dict(verdict.marks), verdict.words):  # the same again is no other word
        check_seen(seen, str(row.row_version) if row else None)
    if row is None:
        row = Evaluation(
            campaign_id=campaign_id,
            rater=verdict.rater.value,
            rater_id=verdict.rater_id,
            rated=verdict.rated.value,
            rated_id=verdict.rated_id,
        )
        session.add(row)
    elif _says(row) != (dict(verdict.marks), verdict.words):
        row.released_at = row.released_by = None
        row.rated_at = await ask_now(session)
    volunteer = service.get("volunteer_id")
    row.commune_code, row.school_id = met
    row.volunteer_id = volunteer if isinstance(volunteer, UUID) else None
    row.marks, row.words, row.rated_by = dict(verdict.marks), verdict.words, verdict.by
    await session.flush()
    await session.refresh(row)
    return _out(row, await repository.list_names(session, [row]))


def _says(row: Evaluation) -> tuple[dict[str, int], str]:
    return row.marks, row.words


async def list_evaluations(
    session: AsyncSession, *, principal: Principal, campaign: Campaign, paging: Paging
) -> Page[EvaluationOut]:
    """Home Affairs reads all; a commune and a school what they gave themselves."""
    bounds: dict[str, str] = {}
    if principal.role is Role.COMMUNE_OFFICER:
        bounds = {"rater": Rater.COMMUNE.value, "rater_id": principal.commune_code or ""}
    elif principal.role is Role.SCHOOL_COORDINATOR:
        bounds = {"rater": Rater.SCHOOL.value, "rater_id": str(principal.school_id)}
    rows, total = await fetch_page(session, repository.select_evaluations(campaign.id, **bounds), paging=paging)
    names = await repository.list_names(session, rows)
    items = [_out(row, names) for row in rows]
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


async def release(
    session: AsyncSession, *, principal: Principal, campaign: Campaign, evaluation_id: UUID
) -> EvaluationOut:
    """Its words may be read by who is rated from now on. Again changes nothing."""
    row = await repository.find_evaluation(session, campaign_id=campaign.id, evaluation_id=evaluation_id)
    if row is None:
        raise NotFoundError
    if row.released_at is None:
        row.released_at = await ask_now(session)
        row.released_by = principal.label
        await session.flush()
    return _out(row, await repository.list_names(session, [row]))


async def summarise(session: AsyncSession, *, principal: Principal, campaign: Campaign) -> list[Summary]:
    """Of every school (with what is said of its people) and every commune, as far as one may see; by name."""
    scope = row_scope(principal)
    rows = await repository.list_all(session, campaign.id, scope)
    names = await repository.list_names(session, rows)
    about: dict[tuple[Rated, str], list[Evaluation]] = defaultdict(list)
    for row in rows:
        if row.rated == Rated.COMMUNE:
            about[Rated.COMMUNE, row.commune_code].append(row)
        else:
            about[Rated.SCHOOL, str(row.school_id)].append(row)
    marks = _pool(rows) if principal.role is Role.ADMIN else {}
    is_rated = {Rated.SCHOOL: scope.commune_code is None, Rated.COMMUNE: scope.school_id is None}
    summaries = [
        _summarise(rated, about_id, names.get(about_id, ""), found, marks)
        for (rated, about_id), found in about.items()
        if is_rated[rated]
    ]
    return sorted(summaries, key=lambda each: (each.rated, each.about_name, each.about_id))


Pool = Mapping[tuple[Rated, str], Sequence[int]]
"""By what is rated and criterion, every mark given."""


def _pool(rows: Sequence[Evaluation]) -> Pool:
    pool: dict[tuple[Rated, str], list[int]] = defaultdict(list)
    for row in rows:
        about = Rated.COMMUNE if row.rated == Rated.COMMUNE else Rated.SCHOOL
        for criterion, mark in row.marks.items():
            pool[about, criterion].append(mark)
    return pool


def find_far(own: Sequence[int], everybodys: Sequence[int]) -> float | None:
    """How far the mean of these marks lies from that of all others, where that is far; None of fewer than three."""
    others = len(everybodys) - len(own)
    if min(len(own), others) < FEWEST:
        return None
    apart = sum(own) / len(own) - (sum(everybodys) - sum(own)) / others
    return round(apart, 2) if abs(apart) >= FAR_MARKS else None


def _summarise(rated: Rated, about_id: str, name: str, rows: Sequence[Evaluation], pool: Pool) -> Summary:
    criteria = {name: summarise_marks(row.marks.get(name) for row in rows) for name in CRITERIA[rated]}
    words = sorted(row.words for row in rows if row.released_at is not None and row.words)
    far = {
        criterion: find_far([row.marks[criterion] for row in rows if criterion in row.marks], pool[rated, criterion])
        for criterion in CRITERIA[rated]
        if (rated, criterion) in pool
    }
    outliers = {criterion: apart for criterion, apart in far.items() if apart is not None}
    return Summary(
        rated=rated, about_id=about_id, about_name=name, evaluations=len(rows), criteria=criteria, words=words,
        outliers=outliers,
    )  # fmt: skip


def summarise_marks(given: Iterable[int | None]) -> CriterionSummary:
    """Mean and distribution; neither of fewer than three."""
    marks = [mark for mark in given if mark is not None]
    if len(marks) < FEWEST:
        return CriterionSummary(mean=None, counts=None)
    counts = Counter(marks)
    return CriterionSummary(
        mean=round(sum(marks) / len(marks), 2), counts=[counts[mark] for mark in range(LOWEST, HIGHEST + 1)]
    )


def _out(row: Evaluation, names: Mapping[str, str]) -> EvaluationOut:
    return EvaluationOut(
        id=row.id,
        rater=Rater(row.rater),
        rated=Rated(row.rated),
        rated_id=row.rated_id,
        rated_name=names.get(row.rated_id, ""),
        commune_code=row.commune_code,
        marks=row.marks,
        words=row.words,
        rated_at=row.rated_at,
        released_at=row.released_at,
        row_version=row.row_version,
    )
