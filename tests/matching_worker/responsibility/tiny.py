"""Tiny stage A problems drawn at random, and their optimum by exhaustive search: the solver's independent rival."""

import random
from collections.abc import Iterator
from functools import cache
from itertools import product

from commune_schemas.documents import InstanceDocument

FIELDS = ("digitise", "kpi", "pasc")
Vector = tuple[int, ...]
NONE: Vector = (1 << 60,) * 9


def make_tiny(seed: int) -> InstanceDocument:
    """2-6 communes, 2-3 schools and every kind of rule, now and then."""
    rng = random.Random(seed)
    schools = [f"S{k}" for k in range(rng.choice((2, 2, 3)))]
    supports = rng.choice((0, 1, 1, 2))
    communes = [f"C{k}" for k in range(rng.choice((2, 3, 4, 5, 6)) if supports == 0 else rng.choice((2, 3)))]
    fields = FIELDS[: rng.choice((1, 2, 3))]
    spread = rng.choice((4000, 90000))

    def pairs(likely: float) -> list[tuple[str, str]]:
        return [(c, rng.choice(schools)) for c in communes if rng.random() < likely]

    forbid = pairs(0.2)
    volunteers = [draw_volunteer(rng, s, k) for s in schools for k in range(rng.randint(0, 4))]
    policy = draw_policy(rng, supports=supports, spread=spread)
    previous = pairs(0.7) if rng.random() < 0.5 else []
    if previous and rng.random() < 0.5:
        policy["max_changes"] = rng.randint(0, len(previous))
        policy["keep_previous"] = rng.random() < 0.5
    return InstanceDocument.model_validate(
        {
            "schema": "mw-instance/1",
            "id": f"tiny-{seed}",
            "fields": list(fields),
            "schools": [{"id": s, "remote_capable": rng.random() < 0.5} for s in schools],
            "communes": [draw_commune(rng, c, fields) for c in communes],
            "volunteers": volunteers,
            "dist_m": [[rng.randrange(spread) for _ in schools] for _ in communes],
            "pins": [{"commune": c, "school": s} for c, s in pairs(0.15)],
            "forbid": forbid,
            "existing": pairs(0.2),
            "previous": previous,
            "policy": policy,
        }
    )


def draw_volunteer(rng: random.Random, school: str, number: int) -> dict[str, object]:
    return {
        "id": f"{school}-{number}",
        "school": school,
        "role": rng.choice(("lecturer", "student")),
        "skills": {f: 1 for f in FIELDS if rng.random() < 0.6},
        "days": sorted(rng.sample(range(5), rng.randint(0, 3))),
        "max_days": rng.randint(1, 3),
    }


def draw_commune(rng: random.Random, name: str, fields: tuple[str, ...]) -> dict[str, object]:
    return {
        "id": name,
        "need": {f: rng.randint(0, 2) for f in fields if rng.random() < 0.7},
        "priority": rng.choice((0, 1, 1, 3)),
        "mode": "remote" if rng.random() < 0.1 else "road",
    }


def draw_policy(rng: random.Random, *, supports: int, spread: int) -> dict[str, object]:
    """Bounds on distance and on communes a lecturer now and then."""
    policy: dict[str, object] = {"max_support": supports, "theta_pct": rng.choice((100, 115, 130, 100_000))}
    if rng.random() < 0.3:
        policy["max_lead_m"] = spread // 2
    if rng.random() < 0.3:
        policy["max_communes_per_lecturer"] = rng.choice((1, 1.5, 2))
    return policy


def with_bound(problem: InstanceDocument, seed: int) -> InstanceDocument:
    """The same problem with a bound on communes a supervisor, mostly as a level, and supervisors of drawn roles."""
    rng = random.Random(seed)
    policy = {
        "max_communes_per_lecturer": rng.choice((0.5, 1, 1, 1.5)),
        "lecturer_bound": rng.choice(("level", "level", "hard")),
        "supervisors": rng.choice((None, [], ["student"], ["lecturer", "student"])),
    }
    return problem.model_copy(update={"policy": problem.policy.model_copy(update=policy)})


def with_heads_and_prices(problem: InstanceDocument, seed: int) -> InstanceDocument:
    """The same problem with people asked for, and mostly with prices over a drawn map."""
    rng = random.Random(seed)
    names = [commune.id for commune in problem.communes]
    edges = [(a, b) for a in names for b in names if a <= b and rng.random() < 0.4]
    communes = [c.model_copy(update={"min_people": rng.choice((0, 0, 1, 1, 2))}) for c in problem.communes]
    prices = {"overcap": rng.choice((0, 1, 3)), "scattered": rng.choice((0, 5, 40))}
    policy = problem.policy.model_dump() | {"prices": rng.choice((None, prices, prices)), "contiguity": True}
    if rng.random() < 0.3:
        communes = list(problem.communes)
    return InstanceDocument.model_validate(
        problem.model_dump(by_alias=True)
        | {"communes": [c.model_dump() for c in communes], "edges": edges, "policy": policy}
    )


def best_objective(problem: InstanceDocument) -> Vector | None:
    """Least vector of the levels over every plan there is; None when no plan keeps the hard rules."""
    return _Exhaustive(problem).search()


class _Exhaustive:
    def __init__(self, problem: InstanceDocument) -> None:
        self.problem = problem
        self.row = {c.id: k for k, c in enumerate(problem.communes)}
        self.column = {s.id: k for k, s in enumerate(problem.schools)}
        self.best = NONE
        bound = problem.policy.max_communes_per_lecturer
        self.counts_overlead = problem.policy.lecturer_bound == "level" and bound is not None
        self.people: dict[str, list[tuple[frozenset[str], int]]] = {s: [] for s in self.column}
        for v in problem.volunteers:
            self.people[v.school].append((frozenset(v.skills), min(len(v.days), v.max_days)))
        self.capacity = {s: sum(days for skills, days in people if skills) for s, people in self.people.items()}
        need, total = sum(sum(c.need.values()) for c in problem.communes), sum(self.capacity.values())
        theta = problem.policy.theta_pct
        self.fair = min(1000, -(-10 * theta * need // total)) if total else 1000
        self.can_staff = cache(self._can_staff)
        self.asks = any(c.min_people for c in problem.communes)
        self.graph: dict[str, set[str]] = {}
        for a, b in problem.edges:
            if a != b:
                self.graph.setdefault(a, set()).add(b)
                self.graph.setdefault(b, set()).add(a)

    def search(self) -> Vector | None:
        for lead in self._leads():
            nolead = sum(s is None for s in lead.values())
            if nolead > self.best[0]:
                continue
            for support in self._supports(lead):
                self._flows(lead, support, nolead)
        return None if self.best == NONE else self.best

    def allowed(self, commune: str, school: str) -> bool:
        c, s = self.problem.communes[self.row[commune]], self.problem.schools[self.column[school]]
        if (commune, school) in self.problem.forbid:
            return False
        if c.mode == "remote":
            return s.remote_capable
        return self.problem.policy.max_lead_m is None or self.metres(commune, school) <= self.problem.policy.max_lead_m

    def metres(self, commune: str, school: str) -> int:
        return self.problem.dist_m[self.row[commune]][self.column[school]]

    def km(self, commune: str, school: str) -> int:
        return (self.metres(commune, school) + 500) // 1000

    def _leads(self) -> Iterator[dict[str, str | None]]:
        pins = [(p.commune, p.school) for p in self.problem.pins]
        options = [
            [s for s in self.column if self.allowed(c, s) and all(p != c or t == s for p, t in pins)]
            + ([] if any(p == c for p, _ in pins) else [None])
            for c in self.row
        ]
        policy = self.problem.policy
        for chosen in product(*options):
            lead = dict(zip(self.row, chosen, strict=True))
            if policy.lecturer_bound == "hard" and self.overlead(chosen):
                continue
            changes = sum(lead[c] != s for c, s in self.problem.previous)
            if policy.max_changes is None or changes <= policy.max_changes:
                yield lead

    def overlead(self, chosen: tuple[str | None, ...]) -> int:
        bound = self.problem.policy.max_communes_per_lecturer
        if bound is None:
            return 0
        roles = self.problem.policy.supervisors
        able = {s: [v for v in self.problem.volunteers if v.school == s] for s in self.column}
        bears = {s: sum(v.role in (["lecturer"] if roles is None else roles) for v in able[s]) for s in able}
        return sum(max(0, chosen.count(s) - int(bears[s] * bound)) for s in self.column)

    def _supports(self, lead: dict[str, str | None]) -> Iterator[list[tuple[str, str]]]:
        options: list[list[tuple[str, ...]]] = []
        for c, s in lead.items():
            others = [t for t in self.column if s is not None and t != s and self.allowed(c, t)]
            sets: list[tuple[str, ...]] = [()]
            for t in others:
                sets += [(*chosen, t) for chosen in sets if len(chosen) < self.problem.policy.max_support]
            options.append(sets)
        for chosen in product(*options):
            yield [(c, s) for c, supports in zip(lead, chosen, strict=True) for s in supports]

    def _flows(self, lead: dict[str, str | None], support: list[tuple[str, str]], nolead: int) -> None:
        problem = self.problem
        broken = 10 * sum(lead[c] != s for c, s in problem.existing) + problem.policy.keep_previous * sum(
            lead[c] != s for c, s in problem.previous
        )
        travel = sum(self.km(c, s) for c, s in lead.items() if s is not None)
        short = (self.short(lead, support),) if self.asks else ()
        scattered, prices = self.scattered(lead), problem.policy.prices
        overlead = (self.overlead(tuple(lead.values())),) if self.counts_overlead else ()
        asked = [(c, f, days) for c in problem.communes for f, days in sorted(c.need.items()) if days]

        def serve(k: int, load: dict[str, Vector], unmet: int, km: int) -> None:
            above = (nolead, *short, unmet, *overlead, broken, len(support))
            if above > self.best[: len(above)]:
                return
            if k == len(asked):
                fullest = max((-(-1000 * sum(load[s]) // n) for s, n in self.capacity.items() if n), default=0)
                over = max(0, fullest - self.fair)
                if prices is None:
                    areas = (scattered,) if problem.policy.contiguity and problem.edges else ()
                    self.best = min(self.best, (*above, over, *areas, km))
                else:
                    paid = km + prices.overcap * over + prices.scattered * scattered
                    self.best = min(self.best, (*above, paid))
                return
            commune, field, days = asked[k]
            schools = [s for c, s in [*lead.items(), *support] if c == commune.id and s is not None]
            for given in sorted(product(range(days + 1), repeat=len(schools)), key=sum, reverse=True):
                if sum(given) > days:
                    continue
                after = {**load}
                for s, n in zip(schools, given, strict=True):
                    after[s] = tuple(x + n * (f == field) for x, f in zip(after[s], FIELDS, strict=True))
                if all(self.can_staff(s, after[s]) for s in schools):
                    there = sum(n * self.km(commune.id, s) for s, n in zip(schools, given, strict=True))
                    serve(k + 1, after, unmet + commune.priority * (days - sum(given)), km + there)

        serve(0, {s: (0,) * len(FIELDS) for s in self.column}, 0, travel)

    def scattered(self, lead: dict[str, str | None]) -> int:
        apart = 0
        for school in self.column:
            rest = {c for c, s in lead.items() if s == school and c in self.graph}
            total, largest = len(rest), 0
            while rest:
                part = {rest.pop()}
                while fresh := {n for c in part for n in self.graph[c]} & rest:
                    part |= fresh
                    rest -= fresh
                largest = max(largest, len(part))
            apart += total - largest
        return apart

    def short(self, lead: dict[str, str | None], support: list[tuple[str, str]]) -> int:
        """The least short of what communes ask for, over every way of sending whole people."""
        fields = set(self.problem.fields)
        people = dict.fromkeys(self.column, 0)
        for v in self.problem.volunteers:
            people[v.school] += bool(v.days and v.max_days and fields & set(v.skills))
        best = {tuple(people.values()): 0}
        for commune in self.problem.communes:
            related = [s for c, s in [*lead.items(), *support] if c == commune.id and s is not None]
            after: dict[Vector, int] = {}
            for spare, cost in best.items():
                left = dict(zip(people, spare, strict=True))
                for given in product(*(range(left[s] + 1) for s in related)):
                    if sum(given) <= commune.min_people:
                        used = dict(zip(related, given, strict=True))
                        key = tuple(n - used.get(s, 0) for s, n in left.items())
                        total = cost + commune.priority * (commune.min_people - sum(given))
                        after[key] = min(after.get(key, total), total)
            best = after
        return min(best.values())

    def _can_staff(self, school: str, load: Vector) -> bool:
        """Try every way of giving each person's days to the fields the person knows."""
        left: set[Vector] = {load}
        for skills, days in self.people[school]:
            for _ in range(days):
                left |= {
                    tuple(x - (k == i) for i, x in enumerate(rest))
                    for rest in left
                    for k, f in enumerate(FIELDS)
                    if f in skills and rest[k] > 0
                }
        return (0,) * len(FIELDS) in left
