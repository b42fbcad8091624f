"""The worker's third job: the border round of a national run. Takes its problem, solves stage E in a child, hands in.

A proposal needs no lease: whoever computes it finds the same, and roster-api keeps the first. However it ends here it
ends visibly, or roster-api gives the round to another worker.
"""

import asyncio
from collections import Counter
from uuid import UUID

import structlog
from commune_schemas.documents import BorderDocument, BorderNeed, BorderPolicy, BorderSolution, BorderStaff
from commune_schemas.matching import StageCertificate, StageDocuments
from commune_schemas.national import BorderFailure, BorderHelpers, BorderProblem, BorderResult, BorderSupport
from commune_verify.border import proved_bound, verify

from matching_worker.child.failures import describe_reason
from matching_worker.child.messages import dump_document
from matching_worker.child.process import ChildTerms, SolverFailed, solve_in_child
from matching_worker.model.certificate import certify
from matching_worker.model.geography import distance_m
from matching_worker.model.outcome import Limits, Outcome, Status
from matching_worker.roster.client import RosterAway, RosterClient, RosterRefused, RunUnavailable
from matching_worker.settings import Settings

log = structlog.get_logger()

METRES_A_DEGREE = 111_000
"""Of latitude, a little less than it is: what is farther apart in latitude alone needs no distance computed."""


async def solve_border_round(border_round_id: UUID, *, roster: RosterClient, settings: Settings) -> None:
    """Solve one border round. Raises only CancelledError (the worker is being stopped)."""
    name = str(border_round_id)
    try:
        await roster.take_border_round(border_round_id, worker=settings.matching_name)
        problem = await roster.get_border_problem(border_round_id)
        terms = ChildTerms(memory_mb=settings.matching_memory_mb, silence_seconds=settings.matching_silence_seconds)
        result = await find_proposal(problem, terms=terms)
        await roster.put_border_result(border_round_id, result)
    except (RunUnavailable, RosterAway, RosterRefused) as reason:
        log.info("border.left", border_round_id=name, reason=f"{type(reason).__name__}: {reason}")
        return
    log.info("border.solved", border_round_id=name, result=type(result).__name__)


async def find_proposal(problem: BorderProblem, *, terms: ChildTerms) -> BorderResult | BorderFailure:
    """The checked proposal with its proof, or why there is none."""
    try:
        document = await asyncio.to_thread(make_document, problem)
        limits = Limits(time_seconds=problem.time_limit_seconds, seed=problem.seed)
        outcome = await solve_in_child(document, limits=limits, terms=terms)
        certificate = await asyncio.to_thread(certify_proposal, document, outcome, limits=limits)
    except Exception as error:  # noqa: BLE001 - whatever it is, people are told
        kind, vi, en = describe_reason(error)
        log.warning("border.failed", border_round_id=str(problem.border_round_id), kind=kind)
        return BorderFailure(kind=kind, detail_vi=vi[:2000], detail_en=en[:2000])
    plan = outcome.solution
    assert isinstance(plan, BorderSolution)  # noqa: S101 - certified
    documents = StageDocuments(problem=dump_document(document), solution=dump_document(plan))
    return BorderResult(certificate=certificate, supports=list_supports(document, plan), documents=documents)


def certify_proposal(document: BorderDocument, outcome: Outcome, *, limits: Limits) -> StageCertificate:
    """Raises SolverFailed when verify() refuses the plan, or when its prices do not prove the bound it states."""
    plan = outcome.solution
    assert isinstance(plan, BorderSolution)  # noqa: S101 - stage E always has a plan
    certificate = certify("E", document, outcome, limits=limits, verdict=verify(document, plan))
    is_proved = outcome.status is not Status.OPTIMAL or proved_bound(document, plan) == dict(outcome.bound)
    if not (certificate.verified and is_proved):
        raise SolverFailed(
            "verification",
            "Đề xuất không qua được kiểm tra độc lập.",
            "The proposal failed the independent check.",
        )
    return certificate


def make_document(problem: BorderProblem) -> BorderDocument:
    """Stage E's document: distances only between places of different provinces within the limit."""
    helpers = sorted(problem.helpers, key=lambda one: (one.school_code, one.fields, one.max_distance_m))
    numbers: Counter[str] = Counter()
    staff = []
    for one in helpers:
        numbers[one.school_code] += 1
        staff.append(
            BorderStaff(
                id=f"{one.school_code}/{numbers[one.school_code]}",
                school=one.school_code,
                province=one.province_code,
                fields=one.fields,
                days=one.days,
                max_m=min(one.max_distance_m, problem.max_distance_m),
            )
        )
    return BorderDocument(
        schema_="mw-border/1",
        id=str(problem.border_round_id),
        needs=[
            BorderNeed(
                commune=commune.code, province=commune.province_code, need=commune.unmet_days, priority=commune.priority
            )
            for commune in sorted(problem.communes, key=lambda commune: commune.code)
        ],
        staff=staff,
        dist_m=measure_distances(problem, helpers),
        policy=BorderPolicy(max_m=problem.max_distance_m),
    )


def measure_distances(problem: BorderProblem, helpers: list[BorderHelpers]) -> dict[str, dict[str, int]]:
    """Metres by commune and school, of the pairs within the limit in different provinces."""
    schools = {one.school_code: one for one in helpers}
    found: dict[str, dict[str, int]] = {}
    for commune in sorted(problem.communes, key=lambda commune: commune.code):
        near = {
            code: metres
            for code, school in sorted(schools.items())
            if school.province_code != commune.province_code
            and abs(school.latitude - commune.latitude) * METRES_A_DEGREE <= problem.max_distance_m
            and (metres := distance_m((commune.latitude, commune.longitude), (school.latitude, school.longitude)))
            <= problem.max_distance_m
        }
        if near:
            found[commune.code] = near
    return found


def list_supports(document: BorderDocument, plan: BorderSolution) -> list[BorderSupport]:
    """By commune, school and field: which of the school's people go is the school's to say."""
    staff = {one.id: one for one in document.staff}
    province_of = {need.commune: need.province for need in document.needs}
    days: Counter[tuple[str, str, str]] = Counter()
    helper_province = {one.school: one.province for one in document.staff}
    for commune, helper, field, given in plan.support:
        days[commune, staff[helper].school, field] += given
    return [
        BorderSupport(
            province_code=province_of[commune],
            commune_code=commune,
            helper_province_code=helper_province[school],
            school_code=school,
            field=field,
            days=given,
            distance_m=document.dist_m[commune][school],
        )
        for (commune, school, field), given in sorted(days.items())
    ]
