"""Documents in which nothing counts but how many people's places change, and how a joint one falls into parts."""

from commune_schemas.documents import PlacementDocument


def only_changes(document: PlacementDocument) -> PlacementDocument:
    """The same people, rules and decisions, with nothing needed, nobody asked for, nobody far: `changed` counts heads.

    A plan of it keeps every rule of the document but the cap (P9). Whatever no plan can do with fewer changes there, no
    plan can do here.
    """
    near = {
        person.id: {c: 0 if metres <= person.max_m else metres for c, metres in document.dist_m[person.id].items()}
        for person in document.volunteers
    }
    return document.model_copy(
        update={
            "communes": [
                c.model_copy(update={"need": {}, "presence": [0] * 5, "min_people": 0}) for c in document.communes
            ],
            "volunteers": [person.model_copy(update={"change_weight": 1}) for person in document.volunteers],
            "dist_m": near,
            "policy": document.policy.model_copy(update={"max_changes": None, "keep_previous": True, "use": "need"}),
        }
    )


def list_parts(document: PlacementDocument) -> list[PlacementDocument]:
    """A document a school, with the communes that its people can reach: without a cap they do not touch each other."""
    parts = []
    for school in sorted({person.school for person in document.volunteers}):
        people = [person for person in document.volunteers if person.school == school]
        reached = {c for p in people for c, metres in document.dist_m[p.id].items() if metres <= p.max_m}
        reached |= {person.pinned_commune for person in people if person.pinned_commune is not None}
        parts.append(
            document.model_copy(
                update={
                    "communes": [commune for commune in document.communes if commune.id in reached],
                    "volunteers": people,
                    "dist_m": {p.id: {c: document.dist_m[p.id][c] for c in reached} for p in people},
                }
            )
        )
    return parts
