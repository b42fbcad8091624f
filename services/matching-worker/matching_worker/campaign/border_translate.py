"""From a border round of roster-api to stage E's document, and from its plan back to supports by school."""

from collections import Counter

from commune_schemas.documents import BorderDocument, BorderNeed, BorderPolicy, BorderSolution, BorderStaff
from commune_schemas.national import BorderHelpers, BorderProblem, BorderSupport

from matching_worker.model.geography import distance_m

METRES_A_DEGREE = 111_000
"""Of latitude, a little less than it is: what is farther apart in latitude alone needs no distance computed."""


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
