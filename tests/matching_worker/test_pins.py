"""Pins of people: kept whenever some plan keeps them, and named with the rule that stands against them otherwise."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any
from uuid import UUID

import pytest
from commune_schemas.documents import InstanceDocument, PlacementPolicy, PlacementVolunteer
from commune_schemas.matching import MatchingProblem, PlacementDecision, ResponsibilityDecision, VolunteerRole
from commune_schemas.unkept import UnkeptPin
from hypothesis import given, settings
from hypothesis import strategies as st
from matching_worker.campaign.plan import JointPlan
from matching_worker.campaign.planner import Planner
from matching_worker.child.process import ChildTerms
from matching_worker.model.pins import settle_pins
from matching_worker.roster.news import RunNews

from tests.matching_worker.problems import make_problem

pytestmark = pytest.mark.usefixtures("solving_here")

Wish = tuple[str, str]
SUPERVISION = ("commune", "commune", "school", "none")


def make_wishes(seed: int) -> tuple[InstanceDocument, list[PlacementVolunteer], PlacementPolicy]:
    """2-3 schools, 2-3 communes, 3-6 people, most of them pinned, every rule in the way now and then."""
    rng = Random(seed)
    schools = [f"S{k}" for k in range(rng.choice((2, 3)))]
    communes = [f"C{k}" for k in range(rng.choice((2, 3)))]
    teachers = rng.random() < 0.3
    people = [draw_person(rng, f"p{k}", schools, communes, teachers=teachers) for k in range(rng.randint(3, 6))]
    policy: dict[str, Any] = {"max_support": rng.choice((0, 1, 1, 2))}
    if rng.random() < 0.4:
        policy["max_communes_per_lecturer"] = rng.choice((0.5, 1.0))
        policy["lecturer_bound"] = rng.choice(("hard", "hard", "level"))
    if rng.random() < 0.3:
        policy["max_lead_m"] = 60_000
    pairs = list(itertools.product(communes, schools))
    instance = InstanceDocument.model_validate(
        {
            "schema": "mw-instance/1",
            "id": f"wishes-{seed}",
            "fields": ["kpi"],
            "schools": [{"id": school, "remote_capable": rng.random() < 0.5} for school in schools],
            "communes": [
                {"id": c, "need": {"kpi": 1}, "mode": rng.choice(("road",) * 5 + ("remote",))} for c in communes
            ],
            "volunteers": [
                {key: p[key] for key in ("id", "school", "role", "skills", "days", "max_days")} for p in people
            ],
            "dist_m": [[rng.choice((10_000, 50_000, 70_000)) for _ in schools] for _ in communes],
            "forbid": [pair for pair in pairs if rng.random() < 0.1],
            "policy": policy,
        }
    )
    volunteers = [PlacementVolunteer.model_validate(person) for person in people]
    supervision: dict[str, Any] = {
        "students_per_lecturer": rng.choice((1, 2, 5)),
        "supervision": rng.choice(SUPERVISION),
    }
    if teachers:
        supervision |= {"supervisors": ["lecturer", "teacher"], "supervised": ["student"]}
    return instance, volunteers, PlacementPolicy.model_validate(supervision)


def draw_person(rng: Random, name: str, schools: list[str], communes: list[str], *, teachers: bool) -> dict[str, Any]:
    """Somebody of stage B, pinned to a commune more often than not."""
    roles = ("lecturer", "student", "student", "teacher") if teachers else ("lecturer", "student", "student")
    return {
        "id": name,
        "school": rng.choice(schools),
        "role": rng.choice(roles),
        "skills": {"kpi": 1},
        "days": rng.choice(([0, 1], [0, 1], [2], [])),
        "max_days": 2,
        "max_m": rng.choice((30_000, 80_000, 80_000)),
        "team": rng.choice((None, None, None, "t")),
        "pinned_commune": rng.choice((None, *communes, *communes)),
        "forbidden_communes": rng.choice(([], [], [], communes[:1])),
        "previous_commune": rng.choice((None, *communes)),
    }


def list_kept_sets(
    instance: InstanceDocument, people: list[PlacementVolunteer], policy: PlacementPolicy
) -> Iterator[set[Wish]]:
    """The pins kept by every way of sending people anywhere that a plan of both stages can have."""
    units: dict[tuple[str, str], list[PlacementVolunteer]] = {}
    for person in people:
        units.setdefault((person.school, person.team or person.id), []).append(person)
    members = list(units.values())
    communes = [commune.id for commune in instance.communes]
    for where in itertools.product([None, *communes], repeat=len(members)):
        sent = [(p, c) for unit, c in zip(members, where, strict=True) if c is not None for p in unit]
        allowed = all(may_go(instance, p, c) for p, c in sent) and is_supervised(people, sent, policy)
        if allowed and can_be_related(instance, {(c, p.school) for p, c in sent}):
            yield {(p.id, c) for p, c in sent if p.pinned_commune == c}


def is_supervised(
    people: list[PlacementVolunteer], sent: list[tuple[PlacementVolunteer, str]], policy: PlacementPolicy
) -> bool:
    supervisors = policy.supervisors or ["lecturer"]
    pupils = [(p, c) for p, c in sent if p.role == "student"]
    for school, commune in {(p.school, c) for p, c in pupils}:
        here = [p for p, c in sent if p.school == school and c == commune]
        all_of_school = [p for p in people if p.school == school]
        of_school = [p for p, _ in pupils if p.school == school]
        guides, guided = {
            "commune": (here, [p for p in here if p.role == "student"]),
            "school": (all_of_school, of_school),
            "none": ([], []),
        }[policy.supervision]
        if len(guided) > policy.students_per_lecturer * sum(p.role in supervisors for p in guides):
            return False
    return True


def may_go(instance: InstanceDocument, person: PlacementVolunteer, commune: str) -> bool:
    row = [one.id for one in instance.communes].index(commune)
    column = [one.id for one in instance.schools].index(person.school)
    distance, limit = instance.dist_m[row][column], instance.policy.max_lead_m
    remote = instance.communes[row].mode == "remote"
    reached = instance.schools[column].remote_capable if remote else limit is None or distance <= limit
    allowed = reached and (commune, person.school) not in instance.forbid
    return bool(allowed and person.days and distance <= person.max_m and commune not in person.forbidden_communes)


def can_be_related(instance: InstanceDocument, related: set[Wish]) -> bool:
    """Some choice of leads leaves every one of these schools leading or supporting its commune."""
    policy = instance.policy
    lecturers = Counter(v.school for v in instance.volunteers if v.role == "lecturer")
    by_commune = {c: [s for code, s in related if code == c] for c, _ in related}
    for leads in itertools.product(*([None, *schools] for schools in by_commune.values())):
        led = Counter(school for school in leads if school is not None)
        bound = policy.max_communes_per_lecturer if policy.lecturer_bound == "hard" else None
        fits = bound is None or all(count <= int(bound * lecturers[s] + 1e-9) for s, count in led.items())
        supports = [len(schools) - (lead is not None) for lead, schools in zip(leads, by_commune.values(), strict=True)]
        if fits and all(count <= policy.max_support for count in supports):
            return True
    return False


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 1 << 30))
def test_as_many_pins_are_kept_as_in_the_best_of_all_plans(seed: int) -> None:
    instance, people, policy = make_wishes(seed)
    settled = settle_pins(instance, people, policy)
    kept_sets = list(list_kept_sets(instance, people, policy))
    assert len(settled.kept) == max(map(len, kept_sets))
    assert any(set(settled.kept) <= kept for kept in kept_sets)
    wished = {(p.id, p.pinned_commune) for p in people if p.pinned_commune is not None}
    assert wished == {*settled.kept, *((pin["volunteer"], pin["commune"]) for pin in settled.unkept)}
    assert all(pin["rule"] in pin["vi"] and pin["rule"] in pin["en"] for pin in settled.unkept)
    in_teams = {p.id for p in people if p.team is not None}
    assert {pin["volunteer"] for pin in settled.unkept if pin["rule"] == "P8"} <= in_teams


@pytest.mark.parametrize("seed", [363, 642, 1283])
def test_nobody_without_a_team_is_told_of_one(seed: int) -> None:
    """Their pins would be kept if somebody else's team went apart."""
    instance, people, policy = make_wishes(seed)
    in_teams = {p.id for p in people if p.team is not None}
    unkept = settle_pins(instance, people, policy).unkept
    assert {pin["volunteer"] for pin in unkept} - in_teams
    assert {pin["volunteer"] for pin in unkept if pin["rule"] == "P8"} <= in_teams
    assert [pin for pin in unkept if "None" in pin["vi"] + pin["en"]] == []


async def plan(problem: MatchingProblem) -> tuple[JointPlan, dict[UUID, str], dict[UUID, UnkeptPin]]:
    """The plan, where everybody goes, and the pins not kept."""
    planner = Planner(problem, news=RunNews(), stop=asyncio.Event(), terms=ChildTerms())
    joint = await planner.plan()
    assert joint.lead_plan is not None
    related = {*joint.lead_plan.lead.items(), *joint.lead_plan.support}
    schools = {str(v.id): v.school_code for v in problem.volunteers}
    places = {UUID(p): c for solution in joint.placements.values() for p, c, _ in solution.place}
    assert all((commune, schools[str(person)]) in related for person, commune in places.items())
    return joint, places, {pin.volunteer_id: pin for pin in planner.pins.unkept if pin.volunteer_id is not None}


def pin(*pairs: tuple[UUID, str]) -> list[PlacementDecision]:
    return [PlacementDecision(volunteer_id=person, commune_code=commune) for person, commune in pairs]


def by_school(problem: MatchingProblem, school: str, role: VolunteerRole) -> list[UUID]:
    return [v.id for v in problem.volunteers if v.school_code == school and v.role is role]


async def test_a_pin_to_another_schools_commune_brings_the_persons_school_in_as_a_support() -> None:
    problem = make_problem(communes=2)
    leads = [
        ResponsibilityDecision(commune_code="22000", school_code="S0"),
        ResponsibilityDecision(commune_code="22001", school_code="S1"),
    ]
    person = by_school(problem, "S0", VolunteerRole.LECTURER)[0]
    asked = problem.model_copy(update={"pins": leads, "placement_pins": pin((person, "22001"))})
    joint, places, unkept = await plan(asked)
    assert joint.lead_plan is not None
    assert places[person] == "22001"
    assert joint.lead_plan.lead["22001"] == "S1"
    assert ("22001", "S0") in joint.lead_plan.support
    assert sum(days for code, school, _, days in joint.lead_plan.flow if (code, school) == ("22001", "S0")) > 0
    assert not unkept
    assert joint.unmet_upper_bound == joint.unmet_lower_bound == 0


async def test_without_supports_the_pinned_persons_school_leads_or_the_pin_is_reported_as_outside_its_area() -> None:
    problem = make_problem(communes=3)
    options = problem.options.model_copy(update={"max_support": 0})
    person = by_school(problem, "S1", VolunteerRole.LECTURER)[0]
    asked = problem.model_copy(update={"options": options, "placement_pins": pin((person, "22001"))})
    joint, places, unkept = await plan(asked)
    assert joint.lead_plan is not None
    assert (joint.lead_plan.lead["22001"], places[person], unkept) == ("S1", "22001", {})
    leads = [
        ResponsibilityDecision(commune_code="22001", school_code="S0"),
        ResponsibilityDecision(commune_code="22002", school_code="S1"),
    ]
    _, places, unkept = await plan(asked.model_copy(update={"pins": leads}))
    assert (unkept[person].rule, unkept[person].commune_code) == ("R8", "22001")
    assert places[person] == "22002", "who would have served without the pin still serves"


async def test_a_team_torn_apart_by_its_pins_goes_where_the_first_pin_says() -> None:
    problem = make_problem(communes=3, schools=1)
    lecturer, student = (by_school(problem, "S0", role)[0] for role in (VolunteerRole.LECTURER, VolunteerRole.STUDENT))
    team = {lecturer, student}
    people = [v.model_copy(update={"team": "1"}) if v.id in team else v for v in problem.volunteers]
    pins = pin((lecturer, "22001"), (student, "22002"))
    _, places, unkept = await plan(problem.model_copy(update={"volunteers": people, "placement_pins": pins}))
    assert (places[lecturer], places[student]) == ("22001", "22001")
    assert {who: found.rule for who, found in unkept.items()} == {student: "P8"}


async def test_whom_a_team_leaves_without_a_supervisor_is_told_so_and_of_no_team() -> None:
    """Were the team split, the lecturer could go along; but the student is in no team."""
    problem = make_problem(communes=3, schools=1)
    lecturer, mate = by_school(problem, "S0", VolunteerRole.LECTURER)[:2]
    student = by_school(problem, "S0", VolunteerRole.STUDENT)[0]
    changes = {lecturer: {"team": "1"}, mate: {"team": "1", "role": VolunteerRole.TEACHER}, student: {}}
    people = [v.model_copy(update=changes[v.id]) for v in problem.volunteers if v.id in changes]
    options = problem.options.model_copy(
        update={"supervisors": [VolunteerRole.LECTURER], "supervised": [VolunteerRole.STUDENT]}
    )
    pins = pin((mate, "22001"), (student, "22002"))
    asked = problem.model_copy(update={"volunteers": people, "options": options, "placement_pins": pins})
    _, places, unkept = await plan(asked)
    assert (places[lecturer], places[mate]) == ("22001", "22001")
    assert {who: found.rule for who, found in unkept.items()} == {student: "P5"}
    assert "None" not in unkept[student].vi + unkept[student].en


@pytest.mark.parametrize(
    ("change", "rule"),
    [({"max_distance_m": 1}, "P3"), ({"free_weekdays": []}, "P2"), ({"role": VolunteerRole.STUDENT}, "P5")],
)
async def test_a_pin_that_a_rule_forbids_is_named_with_its_rule(change: dict[str, Any], rule: str) -> None:
    """P5: of a school that has no lecturer."""
    problem = make_problem(communes=3, schools=2)
    person = by_school(problem, "S1", VolunteerRole.LECTURER)[0]
    people = [v for v in problem.volunteers if v.school_code == "S0" or v.id == person]
    people = [v.model_copy(update=change) if v.id == person else v for v in people]
    asked = problem.model_copy(update={"volunteers": people, "placement_pins": pin((person, "22001"))})
    _, places, unkept = await plan(asked)
    assert {who: found.rule for who, found in unkept.items()} == {person: rule}
    assert str(person) in unkept[person].vi
    assert person not in places


async def test_pinned_students_get_the_lecturers_they_need() -> None:
    problem = make_problem(communes=4, schools=1, people=4)
    students = by_school(problem, "S0", VolunteerRole.STUDENT)
    pins = pin(*zip(students, ("22002", "22003"), strict=True))
    _, places, unkept = await plan(problem.model_copy(update={"placement_pins": pins}))
    assert unkept == {}
    assert [places[student] for student in students] == ["22002", "22003"]


async def test_a_pin_to_weekdays_on_which_the_person_is_not_free_is_named_and_the_others_are_planned() -> None:
    """Free days may be corrected after somebody was placed by hand on others."""
    problem = make_problem(communes=3, schools=1)
    person, other = by_school(problem, "S0", VolunteerRole.LECTURER)[:2]
    pins = [
        PlacementDecision(volunteer_id=person, commune_code="22001", weekdays=[4]),
        PlacementDecision(volunteer_id=other, commune_code="22002", weekdays=[1, 4]),
    ]
    joint, places, unkept = await plan(problem.model_copy(update={"placement_pins": pins}))
    assert not joint.infeasible
    assert {who: (found.rule, found.commune_code) for who, found in unkept.items()} == {person: ("P2", "22001")}
    assert "các thứ đã ghim" in unkept[person].vi
    assert places[other] == "22002"
    (days,) = (days for p, _, days in joint.placements["S0"].place if p == str(other))
    assert days == [1]


def with_few_leads(problem: MatchingProblem) -> MatchingProblem:
    """One commune a lecturer, as a rule; the school has one lecturer."""
    keeps = by_school(problem, "S0", VolunteerRole.LECTURER)[0]
    people = [v for v in problem.volunteers if v.id == keeps or v.role is not VolunteerRole.LECTURER]
    options = problem.options.model_copy(update={"max_communes_per_lecturer": 1.0, "lecturer_bound": "hard"})
    return problem.model_copy(update={"volunteers": people, "options": options})


async def test_where_leads_are_scarce_the_commune_that_somebody_is_pinned_to_is_led() -> None:
    problem = with_few_leads(make_problem(communes=3, schools=1))
    (person,) = by_school(problem, "S0", VolunteerRole.LECTURER)
    for commune in problem.communes:
        joint, places, unkept = await plan(problem.model_copy(update={"placement_pins": pin((person, commune.code))}))
        assert joint.lead_plan is not None
        assert (places[person], [*joint.lead_plan.lead], unkept) == (commune.code, [commune.code], {})


async def test_a_pin_to_a_commune_that_nobody_can_lead_is_named() -> None:
    problem = make_problem(communes=3, schools=1)
    people = [v.model_copy(update={"role": VolunteerRole.OFFICIAL}) for v in problem.volunteers]
    options = problem.options.model_copy(
        update={"max_communes_per_lecturer": 1.0, "lecturer_bound": "hard", "supervision": "none"}
    )
    person = people[0].id
    asked = {"volunteers": people, "options": options, "placement_pins": pin((person, "22001"))}
    joint, places, unkept = await plan(problem.model_copy(update=asked))
    assert (places, {who: found.rule for who, found in unkept.items()}) == ({}, {person: "R9"})
    assert not joint.infeasible
