"""engine.c.*: secondment at the size of Điện Biên (251 posts) and of the country (18,600), and at sizes between.

Markets are made from the real communes with their coordinates, by fixed seeds.
"""

from collections.abc import Iterator
from random import Random
from typing import Any

import numpy as np
from commune_schemas.documents import SecondmentDocument
from matching_worker.model.geography import distance_m
from matching_worker.model.secondment.problem import read_moves
from matching_worker.model.secondment.solve import EMPTY, fill_greedily, measure
from scipy.sparse import coo_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from bench.rivals import Rivals, find_all, lp_seconds, rows_against, time_rival
from bench.rows import Row, case_rows, growth_row, make_row
from bench.secondment_search import exchange, merged_costs
from bench.solves import Objective, memory_row, solve_all
from tests.support.places import DIEN_BIEN, Place, list_communes, list_places

FIELDS = ("it", "land", "construction", "transport", "urban", "education", "finance")
MAX_MOVE_M = 60_000
BY_POSTS = "C, secondment: posts"
LOCAL_SEARCH_ROUNDS = 3


def dienbien() -> Iterator[Row]:
    market = make_market(list_communes(DIEN_BIEN), posts=251, seed=1)
    yield from market_rows("engine.c.dienbien", market, target_seconds=0.2)


def national() -> Iterator[Row]:
    yield from market_rows("engine.c.national", make_market(list_places(), posts=18_600, seed=2), target_seconds=10.0)


def market_rows(case: str, market: SecondmentDocument, *, target_seconds: float) -> Iterator[Row]:
    batch = solve_all([market])
    (one,) = batch.solved
    rivals = find_all(find_rivals, [market], batch.solved)
    posts = len(market.posts)
    details = [
        make_row(f"{case}.gap", one.gap, "", at_most=0.0),
        memory_row(case, batch),
        *rows_against(case, batch.solved, rivals),
        growth_row(f"{case}.growth.posts_{posts}", BY_POSTS, posts, one.seconds, **one.took, gap=one.gap),
    ]
    yield from case_rows(case, one.seconds, details, ceiling=lp_seconds(rivals), at_most=target_seconds, **batch.took)


def posts() -> Iterator[Row]:
    """Sizes between the two: fewer posts over the whole country."""
    for count in (1000, 4000):
        (one,) = solve_all([make_market(list_places(), posts=count, seed=2)]).solved
        name = f"engine.c.posts.growth.posts_{count}"
        yield growth_row(name, BY_POSTS, count, one.seconds, **one.took, gap=one.gap)


def make_market(places: list[Place], *, posts: int, seed: int) -> SecondmentDocument:
    """Surplus staff for 154 of 251 posts in their own province, and provincial agencies for the rest, as reported."""
    random = Random(seed)
    people = draw_people(places, random, posts=posts)
    return SecondmentDocument.model_validate(
        {
            "schema": "mw-secondment/1",
            "id": f"{posts} posts",
            "posts": [
                {
                    "id": f"Q{index}",
                    "commune": random.choice(places).code,
                    "field": random.choice(FIELDS),
                    "priority": random.choice([1, 1, 2]),
                }
                for index in range(posts)
            ],
            "people": people,
            "dist_m": measure_moves(places),
            "policy": {"max_move_m": MAX_MOVE_M},
        }
    )


def draw_people(places: list[Place], random: Random, *, posts: int) -> list[dict[str, Any]]:
    """Surplus staff of the communes, then staff of the provincial agencies."""
    people: list[dict[str, Any]] = []
    for index in range(round(posts * 0.66)):
        unit = random.choice(places)
        fields = random.sample(FIELDS, 1 if random.random() < 0.8 else 2)
        people.append({"id": f"I{index}", "kind": "internal", "unit": unit.code, "fields": fields})
    for index in range(round(posts * 0.45)):
        agency = f"P{random.choice(places).province}"
        people.append({"id": f"P{index}", "kind": "province", "unit": agency, "fields": [random.choice(FIELDS)]})
    return people


def measure_moves(places: list[Place]) -> dict[str, dict[str, int]]:
    """Metres from each unit to the communes of its own province; an agency sits in its province's first commune."""
    by_province: dict[str, list[Place]] = {}
    for place in places:
        by_province.setdefault(place.province, []).append(place)
    distances = {
        place.code: {
            other.code: metres
            for other in by_province[place.province]
            if (metres := distance_m(place.point, other.point)) <= MAX_MOVE_M
        }
        for place in places
    }
    for province, members in by_province.items():
        distances[f"P{province}"] = {place.code: distance_m(members[0].point, place.point) for place in members}
    return distances


def find_rivals(task: tuple[SecondmentDocument, Objective]) -> Rivals:
    """Each from the document on. The linear programme is whole by itself: a bare matching, without proof or check."""
    market, _ = task
    return {
        "greedy": time_rival(lambda: fill(market, rounds=0)),
        "local_search": time_rival(lambda: fill(market, rounds=LOCAL_SEARCH_ROUNDS)),
        "lp_bound": time_rival(lambda: match(market)),
    }


def fill(market: SecondmentDocument, *, rounds: int) -> Objective:
    moves = read_moves(market)
    return measure(moves, exchange(moves, fill_greedily(moves), rounds=rounds))


def match(market: SecondmentDocument) -> Objective:
    """The whole market as one sparse matrix: posts over people, and over one stand-in a post for leaving it empty."""
    moves = read_moves(market)
    posts, people = len(moves.post_ids), len(moves.person_ids)
    cost, empty = merged_costs(moves)
    every = np.arange(posts)
    row, column = np.concatenate([moves.post, every]), np.concatenate([moves.person, people + every])
    weight = np.concatenate([cost, empty]).astype(np.float64) + 1  # an explicit zero would read as no arc
    matrix = coo_array((weight, (row, column)), shape=(posts, people + posts)).tocsr()
    found_row, found_column = min_weight_full_bipartite_matching(matrix)
    filled = np.full(posts, EMPTY, dtype=np.int64)
    filled[found_row] = np.where(found_column < people, found_column, EMPTY)
    return measure(moves, filled)


CASES = {"engine.c.dienbien": dienbien, "engine.c.national": national, "engine.c.posts": posts}
