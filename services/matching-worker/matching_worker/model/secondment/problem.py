"""Stage C's document as arrays: posts and people in canonical order, and every move the rules allow with its km.

Sorting by id makes the order of the input irrelevant: the same posts and people give the same plan.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from commune_schemas.documents import SecondmentDocument
from numpy.typing import NDArray

from matching_worker.model.kilometres import round_km
from matching_worker.model.outcome import ProblemError
from matching_worker.model.secondment.rules import may_move

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Moves:
    """`post`, `person` are indices into the sorted ids; one entry an allowed (person, post) pair."""

    post_ids: list[str]
    person_ids: list[str]
    priority: Integers
    """By post."""
    from_province: Integers
    """By person: 1 for a person of a provincial agency, else 0."""
    post: Integers
    person: Integers
    km: Integers


def read_moves(document: SecondmentDocument) -> Moves:
    """Raises ProblemError when ids repeat or a person's unit has no distances."""
    check_ids("posts", [post.id for post in document.posts])
    check_ids("people", [person.id for person in document.people])
    for index, person in enumerate(document.people):
        if person.unit not in document.dist_m:
            raise ProblemError(
                f"/people/{index}/unit", f"không có khoảng cách từ {person.unit}", f"no distances from {person.unit}"
            )
    posts = sorted(document.posts, key=lambda post: post.id)
    people = sorted(document.people, key=lambda person: person.id)
    posts_at: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, post in enumerate(posts):
        posts_at[post.field, post.commune].append(index)
    reach = Reach(document, posts_at)
    post_parts, km_parts, sizes = [], [], []
    for person in people:
        found = [reach.of(person.unit, person.kind, field) for field in sorted(set(person.fields))]
        post_parts += [part for part, _ in found]
        km_parts += [part for _, part in found]
        sizes.append(sum(len(part) for part, _ in found))
    return Moves(
        post_ids=[post.id for post in posts],
        person_ids=[person.id for person in people],
        priority=np.array([post.priority for post in posts], dtype=np.int64),
        from_province=np.array([person.kind == "province" for person in people], dtype=np.int64),
        post=join(post_parts),
        person=np.repeat(np.arange(len(people)), sizes),
        km=join(km_parts),
    )


class Reach:
    """Posts of one field that people of one unit and kind may move to, found once for all of them."""

    def __init__(self, document: SecondmentDocument, posts_at: dict[tuple[str, str], list[int]]) -> None:
        self._document = document
        self._posts_at = posts_at
        self._forbidden = set(document.forbid)
        self._near: dict[tuple[str, str], list[tuple[str, int]]] = {}
        self._found: dict[tuple[str, str, str], tuple[Integers, Integers]] = {}

    def of(self, unit: str, kind: str, field: str) -> tuple[Integers, Integers]:
        """(posts, km), posts ascending."""
        if (unit, kind, field) not in self._found:
            if (unit, kind) not in self._near:
                self._near[unit, kind] = self._find_near(unit, kind)
            near = self._near[unit, kind]
            pairs = sorted((post, km) for commune, km in near for post in self._posts_at.get((field, commune), ()))
            array = np.array(pairs, dtype=np.int64).reshape(-1, 2)
            self._found[unit, kind, field] = (array[:, 0], array[:, 1])
        return self._found[unit, kind, field]

    def _find_near(self, unit: str, kind: str) -> list[tuple[str, int]]:
        limit = self._document.policy.max_move_m
        return [
            (commune, round_km(metres))
            for commune, metres in self._document.dist_m[unit].items()
            if may_move(unit, commune, kind=kind, metres=metres, max_move_m=limit, forbidden=self._forbidden)
        ]


def check_ids(name: str, ids: Sequence[str]) -> None:
    first_seen: dict[str, int] = {}
    for index, one in enumerate(ids):
        if first_seen.setdefault(one, index) != index:
            raise ProblemError(
                f"/{name}/{index}/id",
                f"mã {one} đã có ở vị trí {first_seen[one]}",
                f"{one} is already at position {first_seen[one]}",
            )


def join(parts: Sequence[Integers]) -> Integers:
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
