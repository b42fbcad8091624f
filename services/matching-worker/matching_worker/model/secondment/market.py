"""A secondment plan opened up, so that single changes can be tried on it: exact, everyone else left where they are."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from commune_schemas.documents import SecondmentDocument, SecondmentPerson, SecondmentPost, SecondmentSolution
from commune_verify.verdict import Objective

from matching_worker.model.kilometres import round_km
from matching_worker.model.secondment.problem import read_moves
from matching_worker.model.secondment.rules import C2, C3, C4, may_move

LEVELS = ("unfilled", "province", "travel_km")
PROVINCE = "province"


@dataclass(frozen=True)
class Trial:
    """Posts with the people who would fill them (None = nobody), and what that changes by level."""

    filled: Mapping[str, str | None]
    change: Objective

    @property
    def rank(self) -> tuple[tuple[int, ...], list[tuple[str, str]]]:
        """Cheapest first; among equals by post and person."""
        return tuple(self.change.values()), sorted((post, person or "") for post, person in self.filled.items())


class Market:
    """Raises ProblemError for an inconsistent document."""

    def __init__(self, document: SecondmentDocument, solution: SecondmentSolution) -> None:
        read_moves(document)
        self.document = document
        self.posts = {post.id: post for post in document.posts}
        self.people = {person.id: person for person in document.people}
        self.person_at = {post: person for person, post in solution.moves}
        self.post_of = dict(solution.moves)
        self._forbidden = set(document.forbid)
        self._free_for: dict[str, str | None] = {}

    def bars(self, person: SecondmentPerson, post: SecondmentPost) -> list[str]:
        """The rules that keep the person from the post; none when they may fill it."""
        metres = self.document.dist_m[person.unit].get(post.commune)
        limit, is_far = self.document.policy.max_move_m, metres is None
        if metres is not None:
            is_far = not may_move(
                person.unit, post.commune, kind=person.kind, metres=metres, max_move_m=limit, forbidden=()
            )
        broken = {
            C2: post.field not in person.fields,
            C3: (person.unit, post.commune) in self._forbidden,
            C4: is_far,
        }
        return [rule for rule, is_broken in broken.items() if is_broken]

    def able(self, post: SecondmentPost) -> list[SecondmentPerson]:
        return [person for person in self.document.people if not self.bars(person, post)]

    def km(self, person: SecondmentPerson, post: SecondmentPost) -> int:
        """The distance must be known."""
        return round_km(self.document.dist_m[person.unit][post.commune])

    def metres(self, person: SecondmentPerson, post: SecondmentPost) -> int:
        """As far as can be where the distance is not known."""
        return self.document.dist_m[person.unit].get(post.commune, 10**9)

    def try_changes(self, filled: Mapping[str, str | None]) -> Trial:
        """These posts filled otherwise; nobody may be named twice, or fill another post still."""
        before = self._measure((post, self.person_at.get(post)) for post in filled)
        after = self._measure(filled.items())
        return Trial(filled, {level: after[level] - before[level] for level in LEVELS})

    def send(self, person: SecondmentPerson, post: SecondmentPost) -> list[Trial]:
        """The ways in which the person can come to fill the post, whoever is there giving way.

        The post they leave stays empty, or is filled by who gave way or by the first of those still free.
        """
        there, left = self.person_at.get(post.id), self.post_of.get(person.id)
        if left is None:
            return [self.try_changes({post.id: person.id})]
        followers = {None, self._first_free(left)}
        if there is not None and not self.bars(self.people[there], self.posts[left]):
            followers.add(there)
        return [self.try_changes({post.id: person.id, left: follower}) for follower in followers]

    def order(self, person: SecondmentPerson, post: SecondmentPost) -> tuple[bool, int, str]:
        """Who comes first for a post: people of communes before those of provincial agencies, then the nearest."""
        return person.kind == PROVINCE, self.km(person, post), person.id

    def _first_free(self, post_id: str) -> str | None:
        if post_id not in self._free_for:
            post = self.posts[post_id]
            free = (person for person in self.able(post) if person.id not in self.post_of)
            first = min(free, key=lambda person: self.order(person, post), default=None)
            self._free_for[post_id] = first.id if first else None
        return self._free_for[post_id]

    def newcomers(self, post: SecondmentPost) -> Iterable[tuple[str, str, Objective]]:
        """(unit, kind, change): one more person of the unit who knows the field fills the empty post."""
        kinds = sorted({(person.unit, person.kind) for person in self.document.people})
        for unit, kind in kinds:
            newcomer = SecondmentPerson(id="one more", kind=kind, unit=unit, fields=[post.field])
            if not self.bars(newcomer, post):
                yield unit, kind, self.price(newcomer, post)

    def price(self, person: SecondmentPerson, post: SecondmentPost) -> Objective:
        """What it changes when someone free fills an empty post."""
        return {
            "unfilled": -post.priority,
            "province": int(person.kind == PROVINCE),
            "travel_km": self.km(person, post),
        }

    def _measure(self, filled: Iterable[tuple[str, str | None]]) -> Objective:
        total: Counter[str] = Counter()
        for post_id, person_id in filled:
            post = self.posts[post_id]
            if person_id is None:
                total["unfilled"] += post.priority
                continue
            person = self.people[person_id]
            total["province"] += person.kind == PROVINCE
            total["travel_km"] += self.km(person, post)
        return {level: total[level] for level in LEVELS}
