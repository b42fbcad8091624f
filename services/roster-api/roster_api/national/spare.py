"""The border round's problem: what the provinces' plans leave unmet, and which days their people have to spare.

Everything is read from frozen problems and from plans as solved, neither of which ever changes, so it is the same
whenever it is made. Communes served from afar (islands) are no neighbours of anyone and take no part.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from commune_schemas.national import BorderCommune, BorderHelpers, BorderProblem
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.errors import NotFoundError
from roster_api.national import repository
from roster_api.national.models import BorderRound

TIME_LIMIT_SECONDS = 120.0


async def make_border_problem(session: AsyncSession, border: BorderRound) -> BorderProblem:
    national = await repository.find_national_run(session, border.national_run_id)
    if national is None or national.border_distance_m is None or national.certificate is None:
        raise NotFoundError
    rows = await repository.list_provinces(session, national.id)
    plans = await repository.list_plan_ids(session, [run.id for _, run in rows])
    communes: list[BorderCommune] = []
    helpers: list[BorderHelpers] = []
    for province, run in rows:
        plan_id = plans.get(run.id)
        if plan_id is None:
            continue
        frozen = await repository.get_frozen_problem(session, run.id)
        unmet: dict[str, dict[str, int]] = {}
        for row in await repository.list_shortfalls(session, plan_id):
            unmet.setdefault(row.commune_code, {})[row.field_code] = row.unmet_days
        used = await repository.list_weekdays_used(session, plan_id)
        communes += list_unmet(frozen, unmet, province_code=province.province_code)
        set_aside = await repository.list_weekdays_set_aside(session, run.id)
        helpers += sum_spare_days(
            frozen,
            used,
            set_aside,
            province_code=province.province_code,
            max_distance_m=national.border_distance_m,
        )
    return BorderProblem(
        border_round_id=border.id,
        max_distance_m=national.border_distance_m,
        seed=national.options.get("seed", 0),
        time_limit_seconds=TIME_LIMIT_SECONDS,
        communes=communes,
        helpers=helpers,
        certificates={
            one["province_code"]: one["certificate_sha256"]
            for one in national.certificate["provinces"]
            if one["certificate_sha256"]
        },
    )


def list_unmet(
    frozen: Mapping[str, Any], unmet: Mapping[str, dict[str, int]], *, province_code: str
) -> Iterator[BorderCommune]:
    for commune in frozen["communes"]:
        if commune["code"] in unmet and not commune["is_remote"]:
            yield BorderCommune(
                code=commune["code"],
                province_code=province_code,
                latitude=commune["latitude"],
                longitude=commune["longitude"],
                priority=commune["priority"],
                unmet_days=unmet[commune["code"]],
            )


def sum_spare_days(
    frozen: Mapping[str, Any],
    used: Mapping[str, Sequence[int]],
    set_aside: Mapping[str, set[int]],
    *,
    province_code: str,
    max_distance_m: int,
) -> Iterator[BorderHelpers]:
    """Days free and not used at home, by school, fields known and distance gone: no person is told apart.

    `used` and `set_aside` are weekdays by volunteer id; what was set aside at home is not free elsewhere.
    """
    schools = {school["code"]: school for school in frozen["schools"]}
    days: Counter[tuple[str, tuple[str, ...], int]] = Counter()
    people: Counter[tuple[str, tuple[str, ...], int]] = Counter()
    for volunteer in frozen["volunteers"]:
        at_home = used.get(volunteer["id"], ())
        free = set(volunteer["free_weekdays"]) - set_aside.get(volunteer["id"], set())
        spare = min(volunteer["max_days"] - len(at_home), len(free - set(at_home)))
        if spare > 0 and volunteer["skills"]:
            reach = min(volunteer["max_distance_m"], max_distance_m)
            key = (volunteer["school_code"], tuple(sorted(volunteer["skills"])), reach)
            days[key] += spare
            people[key] += 1
    for key in sorted(days):
        school_code, fields, reach = key
        yield BorderHelpers(
            school_code=school_code,
            province_code=province_code,
            latitude=schools[school_code]["latitude"],
            longitude=schools[school_code]["longitude"],
            fields=list(fields),
            people=people[key],
            days=days[key],
            max_distance_m=reach,
        )
