"""Deterministic stage B problems in the shape of the judge's examples: homes round a school, free days, needs.

Three sizes: the twelve schools of a Khánh Hòa-like province (243 people, 65 communes), one school of 250 people and 8
communes, and the country (100,000 people, 3,321 communes, 401 schools). `load` scales the needs: 1 is the example's,
about 8 fills a 250-person school's capacity.
"""

import random
from collections.abc import Iterator

from commune_schemas.documents import PlacementCommune, PlacementDocument, PlacementPolicy, PlacementVolunteer
from matching_worker.model.geography import distance_m

FIELDS = ["software", "pasc", "digitise", "dvc_guide", "kpi", "training", "sysadmin"]
SKILL_COUNTS = [1, 2, 2, 2, 3, 3, 4]
FREE_DAY_COUNTS = [2, 3, 3, 3, 4]
KHANH_HOA_SCHOOLS = [(24, 6), (22, 6), (21, 6), (21, 5), (20, 5), (20, 5), (20, 5), (19, 5), (19, 5), (19, 5)]
KHANH_HOA_SCHOOLS += [(19, 6), (19, 6)]
MAX_HOME_TO_COMMUNE_M = 80_000


def make_school(name: str, *, people: int, communes: int, seed: int, load: float = 1.0) -> PlacementDocument:
    """One school's problem; the same arguments always make the same problem."""
    draw = random.Random(f"{seed}:{name}:{people}:{communes}")
    town = (draw.uniform(10.5, 21.5), draw.uniform(105.0, 109.0))
    points = [(town[0] + draw.uniform(-0.4, 0.4), town[1] + draw.uniform(-0.25, 0.25)) for _ in range(communes)]
    commune_list = [make_commune(f"{name}-{index:02}", draw, load) for index in range(communes)]
    volunteers: list[PlacementVolunteer] = []
    distances: dict[str, dict[str, int]] = {}
    for index in range(people):
        home = (town[0] + draw.uniform(-0.06, 0.06), town[1] + draw.uniform(-0.06, 0.06))
        volunteer = make_volunteer(f"{name}-{index:03}", draw, lecturer=index % 4 == 0)
        volunteers.append(volunteer)
        distances[volunteer.id] = {c.id: distance_m(home, at) for c, at in zip(commune_list, points, strict=True)}
    return PlacementDocument(
        schema="mw-placement/1",  # type: ignore[call-arg]
        id=name,
        title=f"{people} volunteers, {communes} communes",
        fields=FIELDS,
        communes=commune_list,
        volunteers=volunteers,
        dist_m=distances,
        policy=PlacementPolicy(students_per_lecturer=5),
    )


def make_commune(code: str, draw: random.Random, load: float) -> PlacementCommune:
    """Needs of 1-3 days over 3-6 fields, someone there on Monday, Wednesday and Friday, priority 1 or 3."""
    fields = sorted(draw.sample(FIELDS, draw.choice([3, 3, 4, 4, 5, 6])))
    need = {f: max(1, round(load * draw.choices([1, 2, 3], [6, 3, 1])[0])) for f in fields}
    people = max(1, round(load / 2))
    presence = [people, 0, people, 0, people]
    return PlacementCommune(id=code, need=need, presence=presence, priority=draw.choice([1, 3, 3]))


def make_volunteer(person_id: str, draw: random.Random, *, lecturer: bool) -> PlacementVolunteer:
    days = sorted(draw.sample(range(5), draw.choice(FREE_DAY_COUNTS)))
    return PlacementVolunteer(
        id=person_id,
        school="X",
        role="lecturer" if lecturer else "student",
        skills={f: draw.randint(1, 3) for f in sorted(draw.sample(FIELDS, draw.choice(SKILL_COUNTS)))},
        days=days,
        max_days=min(len(days), 2 if lecturer else 3),
        max_m=MAX_HOME_TO_COMMUNE_M,
    )


def khanh_hoa(seed: int = 1) -> list[PlacementDocument]:
    """Twelve schools, 243 people, 65 communes: as many days needed as people can give, so need goes unmet."""
    return [
        make_school(f"KH{index:02}", people=people, communes=communes, seed=seed)
        for index, (people, communes) in enumerate(KHANH_HOA_SCHOOLS)
    ]


def large_school(seed: int = 1, load: float = 1.0) -> PlacementDocument:
    """The hard case: 250 people, 8 communes."""
    return make_school("L250", people=250, communes=8, seed=seed, load=load)


def national(schools: int = 401, seed: int = 1, load: float = 1.0) -> Iterator[PlacementDocument]:
    """100,000 people (249 or 250 a school) and 3,321 communes (8 or 9 a school) over 401 schools; or the first few."""
    for index in range(schools):
        people = 100_000 * (index + 1) // 401 - 100_000 * index // 401
        communes = 3_321 * (index + 1) // 401 - 3_321 * index // 401
        yield make_school(f"N{index:03}", people=people, communes=communes, seed=seed, load=load)
