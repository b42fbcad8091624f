"""From the API's answers to CampaignResult: who leads what, who goes where, what is still unmet."""

from collections import defaultdict
from datetime import date
from typing import Any

from commune_demo import case
from commune_demo.api import Api
from commune_demo.results import CampaignResult, CommuneResult, PlacedPerson, SchoolResult
from commune_demo.sinks import Expected


def assemble(
    api: Api, *, plan: dict[str, Any], run: dict[str, Any], messages: dict[str, dict[str, int]]
) -> CampaignResult:
    """Reads the published plan back, as the portal would, and puts it together for a reader."""
    communes = _communes()
    schools = _schools()
    duty_names = {duty["field_code"]: duty["name_vi"] for duty in api.list_all("/v1/duties")}
    _add_responsibilities(api, plan["id"], communes, schools)
    _add_people(api, plan["id"], communes, schools, duty_names)
    _add_explanations(api, run["id"], communes)
    for shortfall in api.list_all(f"/v1/plans/{plan['id']}/shortfalls"):
        communes[shortfall["commune_code"]].unmet_days += shortfall["unmet_days"]
    campaign = case.campaign()
    return CampaignResult(
        campaign_name=campaign.name,
        province_name=case.PROVINCE_NAME,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        plan_version=plan["version"],
        schools=list(schools.values()),
        communes=list(communes.values()),
        certificate=run["certificate"],
        messages=messages,
        answers={},
        people_listed=int(api.get("/v1/volunteers", limit=1)["total"]) - _count_repeated(run),
    )


def _count_repeated(run: dict[str, Any]) -> int:
    """Rows beyond the first of each human."""
    return sum(len(one["rows"]) - 1 for one in run["duplicates"])


def expected_messages(result: CampaignResult) -> list[Expected]:
    """What each placed person must find in their inbox and on their phone."""
    names = {commune.code: commune.name for commune in result.communes}
    return [
        Expected(p.volunteer_id, p.email, p.phone, names[p.commune_code], p.weekdays, p.dates) for p in result.people
    ]


def _communes() -> dict[str, CommuneResult]:
    needs = {need.commune_code: need for need in case.needs()}
    return {
        commune.code: CommuneResult(
            code=commune.code,
            name=commune.full_name,
            latitude=commune.latitude,
            longitude=commune.longitude,
            is_remote=commune.is_remote,
            lacks_it_staff=needs[commune.code].lacks_it_staff,
            needed_days=sum(item.people * item.days_per_week for item in needs[commune.code].items),
        )
        for commune in case.communes()
    }


def _schools() -> dict[str, SchoolResult]:
    return {
        school.code: SchoolResult(
            code=school.code,
            name=school.name,
            short_name=school.short_name,
            latitude=school.latitude,
            longitude=school.longitude,
            people_listed=len(case.people_of(school.code)),
        )
        for school in case.schools()
    }


def _add_responsibilities(
    api: Api, plan_id: str, communes: dict[str, CommuneResult], schools: dict[str, SchoolResult]
) -> None:
    for row in api.list_all(f"/v1/plans/{plan_id}/responsibilities"):
        commune, school = communes[row["commune_code"]], schools[row["school_code"]]
        school.promised_days += sum(row["promised_days"].values())
        if row["is_lead"]:
            commune.lead_code = school.code
            commune.lead_km = round(row["distance_m"] / 1000)
            school.communes.append(commune)
        else:
            commune.support_codes.append(school.code)


def _add_explanations(api: Api, run_id: str, communes: dict[str, CommuneResult]) -> None:
    for code, told in api.get(f"/v1/matching-runs/{run_id}/explanations").items():
        commune, data = communes[code], told["data"]
        commune.why_vi, commune.why_en = data["vi"], data["en"]
        commune.lacks = [(reason["vi"], reason["en"]) for reason in data["unmet"]]


def _add_people(
    api: Api,
    plan_id: str,
    communes: dict[str, CommuneResult],
    schools: dict[str, SchoolResult],
    duty_names: dict[str, str],
) -> None:
    by_commune: dict[str, list[PlacedPerson]] = defaultdict(list)
    for row in api.list_all(f"/v1/plans/{plan_id}/placements"):
        by_commune[row["commune_code"]].append(
            PlacedPerson(
                volunteer_id=row["volunteer_id"],
                full_name=row["full_name"],
                role=row["role"],
                school_code=row["school_code"],
                commune_code=row["commune_code"],
                weekdays=tuple(row["weekdays"]),
                dates=tuple(date.fromisoformat(day) for day in row["dates"]),
                duties=tuple(duty_names[code] for code in row["work_days"]),
                distance_km=round(row["distance_m"] / 1000),
                email=row["email"],
                phone=row["phone"],
            )
        )
        school = schools[row["school_code"]]
        school.people_placed += 1
        school.person_days += len(row["weekdays"])
    for code, people in by_commune.items():
        communes[code].people.extend(sorted(people, key=lambda person: person.full_name))
