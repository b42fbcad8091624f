"""Secondment markets of any size for tests: problems that keep a solver child busy for as long as a test needs."""

from random import Random

from commune_schemas.documents import SecondmentDocument


def make_large_market(posts: int, *, seed: int = 1) -> SecondmentDocument:
    """One connected market; 3,000 posts keep a child busy for some seconds."""
    random = Random(seed)
    communes = [f"c{index}" for index in range(300)]
    where = {commune: (random.random() * 100_000, random.random() * 100_000) for commune in communes}
    return SecondmentDocument.model_validate(
        {
            "schema": "mw-secondment/1",
            "id": f"large {posts}",
            "posts": [
                {"id": f"q{index}", "commune": random.choice(communes), "field": "it", "priority": random.randint(1, 3)}
                for index in range(posts)
            ],
            "people": [
                {"id": f"p{index}", "kind": "internal", "unit": random.choice(communes), "fields": ["it"]}
                for index in range(posts)
            ],
            "dist_m": {
                unit: {
                    commune: round(((where[unit][0] - x) ** 2 + (where[unit][1] - y) ** 2) ** 0.5)
                    for commune, (x, y) in where.items()
                }
                for unit in communes
            },
            "policy": {"max_move_m": 12_000},
        }
    )
