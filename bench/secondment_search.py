"""Greedy with local search for stage C, as a yardstick: what exchanges of two people reach, without any proof."""

import numpy as np
from matching_worker.model.secondment.problem import Integers, Moves
from matching_worker.model.secondment.solve import EMPTY, scale_levels

NO_LIMIT = 1 << 62


def merged_costs(moves: Moves) -> tuple[Integers, Integers]:
    """All three levels as one whole-number cost: of each move, and of each post left empty."""
    posts = len(moves.post_ids)
    no_move, no_post = np.zeros(len(moves.post), dtype=np.int64), np.zeros(posts, dtype=np.int64)
    levels = [
        np.concatenate([no_move, moves.priority]),
        np.concatenate([moves.from_province[moves.person], no_post]),
        np.concatenate([moves.km, no_post]),
    ]
    (cost,) = scale_levels(levels, rows=posts, largest_cost=NO_LIMIT)
    return cost[: len(moves.post)], cost[len(moves.post) :]


def exchange(moves: Moves, filled: Integers, *, rounds: int) -> Integers:
    """`filled` made no worse. Post by post: a free person who costs less, or somebody else's person, whose post then
    takes the cheapest of those free, of the one given up, and of nobody; until a round without gain."""
    market = Market(moves, filled)
    for _ in range(rounds):
        if not sum(market.improve(post) for post in range(len(moves.post_ids))):
            break
    return np.array(market.filled, dtype=np.int64)


class Market:
    """Who holds which post; a post's options are (cost, person), cheapest first, leaving it empty among them."""

    def __init__(self, moves: Moves, filled: Integers) -> None:
        cost, empty = merged_costs(moves)
        self.filled: list[int] = filled.tolist()
        self.holder = {person: post for post, person in enumerate(self.filled) if person != EMPTY}
        self.options = [[(int(least), EMPTY)] for least in empty]
        for post, person, price in zip(moves.post.tolist(), moves.person.tolist(), cost.tolist(), strict=True):
            self.options[post].append((price, person))
        for options in self.options:
            options.sort()
        self.price = [
            next(price for price, person in options if person == holder)
            for options, holder in zip(self.options, self.filled, strict=True)
        ]

    def improve(self, post: int) -> bool:
        """The first exchange that gains, by this post's cost alone in ascending order."""
        now, mine = self.price[post], self.filled[post]
        for price, person in self.options[post]:
            if price >= now:
                return False
            other = self.holder.get(person)
            if other is None:
                self.give(post, person, price)
                return True
            instead, substitute = self.cheapest(other, mine)
            if price + instead < now + self.price[other]:
                self.give(other, substitute, instead)
                self.give(post, person, price)
                return True
        return False

    def cheapest(self, post: int, given_up: int) -> tuple[int, int]:
        """For a post that loses its person: (cost, person)."""
        return next(
            (price, person)
            for price, person in self.options[post]
            if person in (EMPTY, given_up) or person not in self.holder
        )

    def give(self, post: int, person: int, price: int) -> None:
        if self.holder.get(self.filled[post]) == post:
            del self.holder[self.filled[post]]
        self.filled[post], self.price[post] = person, price
        if person != EMPTY:
            self.holder[person] = post
