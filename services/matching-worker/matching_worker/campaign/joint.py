"""Stage B of all schools as one document, for what they have to share: a cap on how many people's plan may change.

A commune appears once for each school that serves it, and a person reaches the own school's communes only; so a plan of
the joint document is a plan of every school's document, and its levels are the sums of theirs.
"""

from collections.abc import Iterable, Mapping

from commune_schemas.documents import PlacementDocument, PlacementSolution, PlacementVolunteer
from commune_verify.placement import list_changed

from matching_worker.model.placement.problem.rules import supervises

OUT_OF_REACH_M = 100_000_000
SEPARATOR = "@"


def join_documents(
    documents: Mapping[str, PlacementDocument], *, strays: Iterable[PlacementVolunteer]
) -> PlacementDocument:
    """All schools' documents as one. `strays` had a place but their school serves nothing now: each changes."""
    first = next(iter(documents.values()))
    communes = [
        commune.model_copy(update={"id": join(commune.id, school)})
        for school, document in documents.items()
        for commune in document.communes
    ]
    volunteers = [
        join_person(person, school) for school, document in documents.items() for person in document.volunteers
    ]
    nowhere = dict.fromkeys((commune.id for commune in communes), OUT_OF_REACH_M)
    distances = {
        person: nowhere | {join(commune, school): metres for commune, metres in row.items()}
        for school, document in documents.items()
        for person, row in document.dist_m.items()
    }
    lost = [person.model_copy(update={"team": None, "max_m": 0, "pinned_commune": None}) for person in strays]
    return first.model_copy(
        update={
            "id": first.id.split(":")[0],
            "communes": communes,
            "volunteers": [*volunteers, *lost],
            "dist_m": distances | {person.id: nowhere for person in lost},
        }
    )


def at_work_in(documents: Mapping[str, PlacementDocument]) -> set[str]:
    """Everybody who is in one of the documents."""
    return {person.id for document in documents.values() for person in document.volunteers}


def join_person(person: PlacementVolunteer, school: str) -> PlacementVolunteer:
    previous, pinned = person.previous_commune, person.pinned_commune
    return person.model_copy(
        update={
            "max_m": min(person.max_m, OUT_OF_REACH_M - 1),
            "team": None if person.team is None else join(person.team, school),
            "previous_commune": None if previous is None else join(previous, school),
            "pinned_commune": None if pinned is None else join(pinned, school),
            "forbidden_communes": [join(commune, school) for commune in person.forbidden_communes],
        }
    )


def part_of(plan: PlacementSolution, school: str) -> PlacementSolution:
    """What a plan of the joint document says for one school."""
    return PlacementSolution(
        place=[(person, split(name)[0], days) for person, name, days in plan.place if split(name)[1] == school],
        work=[(person, split(name)[0], f, days) for person, name, f, days in plan.work if split(name)[1] == school],
    )


def join_plans(parts: Mapping[str, PlacementSolution]) -> PlacementSolution:
    """The plan of the joint document that says this for each school."""
    return PlacementSolution(
        place=[(person, join(c, school), days) for school, part in parts.items() for person, c, days in part.place],
        work=[(person, join(c, school), f, n) for school, part in parts.items() for person, c, f, n in part.work],
    )


def with_share(document: PlacementDocument, part: PlacementSolution, *, beyond: int = 0) -> PlacementDocument:
    """A school's document with as many changes allowed as `part`, its plan, makes, and so many `beyond` them.

    Where nobody had a place before, a document counts no changes; then only the people placed in `part` are left in it,
    and whoever supervises for the whole school from home, as somebody without a day.
    """
    share = len(list_changed(document, part)) + beyond
    policy = document.policy.model_copy(update={"max_changes": share})
    volunteers = document.volunteers
    if all(person.previous_commune is None for person in volunteers):
        placed = {person for person, _, _ in part.place}
        volunteers = [
            person if person.id in placed else person.model_copy(update={"days": [], "team": None})
            for person in volunteers
            if person.id in placed or (placed and _supervises_all(document, person))
        ]
    return document.model_copy(update={"policy": policy, "volunteers": volunteers})


def _supervises_all(document: PlacementDocument, person: PlacementVolunteer) -> bool:
    policy = document.policy
    return policy.supervision == "school" and supervises(person.role, policy.supervisors)


def share_evenly(count: int, documents: Mapping[str, PlacementDocument]) -> dict[str, int]:
    """So many changes given to schools by how many people they have; the sum is `count`."""
    everyone = sum(len(document.volunteers) for document in documents.values())
    shares, given, so_far = {}, 0, 0
    for school, document in sorted(documents.items()):
        so_far += len(document.volunteers)
        shares[school] = count * so_far // max(1, everyone) - given
        given += shares[school]
    return shares


def join(name: str, school: str) -> str:
    return f"{name}{SEPARATOR}{school}"


def split(name: str) -> tuple[str, str]:
    commune, _, school = name.partition(SEPARATOR)
    return commune, school
