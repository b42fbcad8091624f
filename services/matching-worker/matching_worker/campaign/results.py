"""From the solver's plans back to roster-api's result: relations, placements with their dates, what stays undone."""

from collections.abc import Mapping

from commune_calendar.service_days import Placed
from commune_schemas.documents import InstanceSolution, PlacementSolution
from commune_schemas.matching import ProblemVolunteer, ResultPlacement, ResultResponsibility, ResultShortfall

from matching_worker.campaign.translate import Translation


def list_responsibilities(translation: Translation, plan: InstanceSolution) -> list[ResultResponsibility]:
    promised: dict[tuple[str, str], dict[str, int]] = {}
    for commune, school, field, days in plan.flow:
        promised.setdefault((commune, school), {})[field] = days
    pairs = [(commune, school, True) for commune, school in plan.lead.items()]
    pairs += [(commune, school, False) for commune, school in plan.support]
    return [
        ResultResponsibility(
            commune_code=commune,
            school_code=school,
            is_lead=is_lead,
            distance_m=translation.distances[commune, school],
            promised_days=promised.get((commune, school), {}),
        )
        for commune, school, is_lead in sorted(pairs, key=lambda pair: (pair[0], not pair[2], pair[1]))
    ]


def list_placements(translation: Translation, plans: Mapping[str, PlacementSolution]) -> list[ResultPlacement]:
    """Every placed person with the dates of service, and what fell out of the weekly pattern."""
    volunteers: dict[str, ProblemVolunteer] = {str(one.id): one for one in translation.problem.volunteers}
    places = [place for plan in plans.values() for place in plan.place]
    there: dict[str, list[Placed]] = {}
    for person, commune, weekdays in places:
        there.setdefault(commune, []).append((volunteers[person], weekdays))
    calendars = {
        person: translation.days.plan(volunteers[person], weekdays, beside=there[commune])
        for person, commune, weekdays in places
    }
    work: dict[str, dict[str, int]] = {}
    for plan in plans.values():
        for person, _, field, days in plan.work:
            work.setdefault(person, {})[field] = days
    return [
        ResultPlacement(
            volunteer_id=volunteers[person].id,
            commune_code=commune,
            weekdays=sorted(days),
            work_days=work.get(person, {}),
            distance_m=translation.distances[commune, volunteers[person].school_code],
            dates=list(calendars[person].dates),
            lost=list(calendars[person].lost),
        )
        for plan in plans.values()
        for person, commune, days in sorted(plan.place)
    ]


def list_shortfalls(translation: Translation, plans: Mapping[str, PlacementSolution]) -> list[ResultShortfall]:
    """What the placed people leave undone of each commune's need, by field."""
    served: dict[tuple[str, str], int] = {}
    for plan in plans.values():
        for _, commune, field, days in plan.work:
            served[commune, field] = served.get((commune, field), 0) + days
    return [
        ResultShortfall(commune_code=commune.code, field=field, needed_days=needed, unmet_days=unmet)
        for commune in translation.problem.communes
        for field, needed in sorted(commune.need_days.items())
        if (unmet := needed - served.get((commune.code, field), 0)) > 0
    ]
