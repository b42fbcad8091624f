"""Stage A problems of every province, made up deterministically on the real communes.

The communes, their codes and coordinates are real; schools, needs and volunteers are drawn from a generator seeded by
the province, shaped like the example of Điện Biên: needs of 1-3 days in 3-5 fields, schools near towns and some far
off, sizes with a long tail, need about three fifths of what the volunteers offer.
"""

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commune_schemas.documents import InstanceDocument
from matching_worker.model.geography import distance_m, neighbours

from tests.support.places import HA_NOI, HO_CHI_MINH, KHANH_HOA, Place, list_communes, list_provinces

FIELDS = ("software", "pasc", "digitise", "dvc_guide", "kpi", "training", "sysadmin")
COMMUNES_A_SCHOOL = 8.28  # 3,321 communes to 401 schools
PEOPLE_A_COMMUNE = 3.75
DIEN_BIEN_EXAMPLE = Path(__file__).parents[1] / "matching_worker/documents/examples/A02_dienbien.json"


@dataclass(frozen=True)
class Shape:
    """How much of everything a province gets. Needs follow from what the people offer; `need_scale` is a seed only."""

    schools: int
    people: int
    need_scale: float = 1.0


def shape_of(province: str, *, people_factor: float = 1.0) -> Shape:
    """A province's number of schools and people, in proportion to its communes (towns have more schools)."""
    communes = len(list_communes(province))
    if province == KHANH_HOA:
        schools, people = 12, 243
    else:
        schools = {HA_NOI: 40, HO_CHI_MINH: 40}.get(province, max(5, round(communes / COMMUNES_A_SCHOOL * 0.86)))
        people = round(communes * PEOPLE_A_COMMUNE)
    return Shape(schools=schools, people=round(people * people_factor), need_scale=people_factor)


def make_instance(province: str, shape: Shape | None = None, *, variant: int = 0) -> dict[str, Any]:
    """A problem document (JSON form) for one province; the same arguments give the same document."""
    shape = shape or shape_of(province)
    rng = random.Random(f"{province}/{shape}/{variant}")
    communes = list_communes(province)
    schools = _schools(rng, province, communes, shape.schools)
    volunteers = _volunteers(rng, schools, shape.people)
    offered = sum(min(v["max_days"], len(v["days"])) for v in volunteers)
    return {
        "schema": "mw-instance/1",
        "stage": "A",
        "id": f"A-{province}-{shape.schools}-{shape.people}-{variant}",
        "title": f"province {province}",
        "fields": list(FIELDS),
        "schools": schools,
        "communes": _communes(rng, communes, 0.61 * offered),
        "volunteers": volunteers,
        "dist_m": [
            [0 if c.is_island else distance_m(c.point, (s["lat"], s["lon"])) for s in schools] for c in communes
        ],
        "pins": [],
        "forbid": [],
        "existing": [],
        "previous": [],
        "edges": [(communes[i].code, communes[j].code) for i, j in neighbours([c.point for c in communes])],
        "policy": {"max_support": 1, "max_lead_m": None, "theta_pct": 115},
    }


def make_province(province: str, shape: Shape | None = None) -> InstanceDocument:
    return InstanceDocument.model_validate(make_instance(province, shape))


def list_cases() -> list[InstanceDocument]:
    """The 35 cases of the targets: 34 provinces and the example of Điện Biên."""
    return [*map(make_province, list_provinces()), dien_bien_example()]


def dien_bien_example() -> InstanceDocument:
    return InstanceDocument.model_validate(json.loads(DIEN_BIEN_EXAMPLE.read_text("utf-8")))


def list_national(people: int = 100_000) -> list[InstanceDocument]:
    """The national case, a province at a time: 3,321 communes, about 400 schools, `people` volunteers in all."""
    usual = {province: shape_of(province).people for province in list_provinces()}
    factor = people / sum(usual.values())
    return [make_province(province, shape_of(province, people_factor=factor)) for province in usual]


def _schools(rng: random.Random, province: str, communes: list[Place], count: int) -> list[dict[str, Any]]:
    """Half of the schools near the capital (the first ward), the others near any commune of the mainland."""
    mainland = [c for c in communes if not c.is_island]
    capital = next((c for c in mainland if c.kind == "Phường"), mainland[0])
    made = []
    for number in range(count):
        near = capital if number < (count + 1) // 2 else rng.choice(mainland)
        spread = 0.05 if near is capital else 0.02
        made.append(
            {
                "id": f"S{province}-{number:03d}",
                "name": f"School {number}",
                "lat": round(near.point[0] + rng.uniform(-spread, spread), 5),
                "lon": round(near.point[1] + rng.uniform(-spread, spread), 5),
                "remote_capable": number == 0,
            }
        )
    return made


def _volunteers(rng: random.Random, schools: list[dict[str, Any]], people: int) -> list[dict[str, Any]]:
    weights = [rng.lognormvariate(0, 0.7) for _ in schools]
    sizes = [max(5, int(people * w / sum(weights))) for w in weights]
    made = []
    for school, size in zip(schools, sizes, strict=True):
        for number in range(size):
            days = sorted(rng.sample(range(5), rng.choice((2, 2, 3, 3, 4))))
            lecturer = number % 4 == 0
            known = rng.sample(FIELDS, rng.choice((1, 2, 2, 2, 3, 3, 4)))
            made.append(
                {
                    "id": f"{school['id']}-{number:04d}",
                    "school": school["id"],
                    "role": "lecturer" if lecturer else "student",
                    "skills": {f: rng.randint(2, 3) if lecturer else rng.randint(1, 2) for f in sorted(known)},
                    "days": days,
                    "max_days": rng.choice((2, 3)),
                }
            )
    return made


def _communes(rng: random.Random, places: list[Place], total_need: float) -> list[dict[str, Any]]:
    """Needs drawn by field and scaled so that the province needs about `total_need` person-days a week."""
    drawn: list[dict[str, float]] = []
    for _ in places:
        population = min(2.2, rng.lognormvariate(0, 0.35))
        wanted = rng.sample(FIELDS, rng.choice((3, 3, 4, 4, 5)))
        drawn.append({f: population * rng.choice((1.0, 1.0, 1.0, 2.0, 2.0)) for f in sorted(wanted)})
    scale = total_need / sum(sum(need.values()) for need in drawn)
    return [
        {
            "id": place.code,
            "name": place.name,
            "lat": place.point[0],
            "lon": place.point[1],
            "need": {f: max(1, round(days * scale)) for f, days in need.items()},
            "priority": 3 if rng.random() < 0.6 else 1,
            "mode": "remote" if place.is_island else "road",
        }
        for place, need in zip(places, drawn, strict=True)
    ]
