"""What edits do to a board: levels, broken rules, people and communes touched. Pure; names are put in by the caller."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from commune_schemas.amounts import amount

from roster_api.editing.board import Board
from roster_api.editing.facts import Facts, Forbidden
from roster_api.editing.judging import Judgement, judge
from roster_api.editing.moves import Moves
from roster_api.editing.rule_words import describe_broken, level_words
from roster_api.editing.schemas import BrokenRule, Edit, LevelChange, TouchedCommune, TouchedPerson


@dataclass(frozen=True)
class Names:
    """What people are called; communes and schools are named by the problem."""

    people: dict[str, str]
    facts: Facts

    def of(self, code: str) -> str:
        if code in self.people:
            return self.people[code]
        commune = self.facts.communes.get(code)
        return commune.name if commune else code


@dataclass(frozen=True)
class Effect:
    before: Board
    after: Board
    was: Judgement
    now: Judgement
    named: frozenset[str]

    @property
    def broken(self) -> list[str]:
        """Rules that the edits break: what was broken before them is not theirs."""
        return list((Counter(self.now.violations) - Counter(self.was.violations)).elements())


def work_out(board: Board, facts: Facts, forbidden: Forbidden, edits: Sequence[Edit]) -> Effect:
    """EditRefused when an edit makes no sense."""
    after = board.copy()
    moves = Moves(after, facts, forbidden)
    moves.apply(edits)
    was, now = judge(board, facts, forbidden), judge(after, facts, forbidden)
    return Effect(board, after, was, now, frozenset(moves.named))


def list_broken(effect: Effect, name: Callable[[str], str]) -> list[BrokenRule]:
    return [describe_broken(violation, name) for violation in effect.broken]


def list_levels(effect: Effect) -> list[LevelChange]:
    """Every level, changed or not."""
    keys = dict.fromkeys([*effect.was.levels, *effect.now.levels])
    return [
        LevelChange(
            stage=stage,
            level=level,
            vi=level_words(level)[0],
            en=level_words(level)[1],
            before=effect.was.levels.get((stage, level), 0),
            after=effect.now.levels.get((stage, level), 0),
        )
        for stage, level in sorted(keys, key=lambda key: key[0])
    ]


def _dotted(number: int) -> str:
    """1.234, as Vietnamese writes it."""
    return f"{number:,}".replace(",", ".")


def summarise(levels: Sequence[LevelChange], *, people: int) -> tuple[str, str]:
    """The first level that differs decides whether the plan is better or worse."""
    changed = [level for level in levels if level.before != level.after]
    people_en = amount(people, "person changes", "people change")
    if not changed:
        return f"Mọi mức mục tiêu giữ nguyên; {people} người thay đổi.", f"No level changes; {people_en}."
    is_worse = changed[0].after > changed[0].before
    parts_vi = "; ".join(f"{level.vi} {_dotted(level.before)} → {_dotted(level.after)}" for level in changed)
    parts_en = "; ".join(f"{level.en} {level.before:,} -> {level.after:,}" for level in changed)
    verdict_vi, verdict_en = ("Kém hơn", "Worse") if is_worse else ("Tốt hơn", "Better")
    return (
        f"{verdict_vi}: {parts_vi}. {people} người thay đổi.",
        f"{verdict_en}: {parts_en}. {people_en}.",
    )


def list_touched_people(effect: Effect, facts: Facts, name: Callable[[str], str]) -> list[TouchedPerson]:
    found = []
    for person in sorted({*effect.before.places, *effect.after.places}):
        before, after = effect.before.places.get(person), effect.after.places.get(person)
        fields = [
            sorted(field for field, days in place.work.items() if days) if place else [] for place in (before, after)
        ]
        same = before and after and (before.commune, before.weekdays) == (after.commune, after.weekdays)
        if same and fields[0] == fields[1]:
            continue
        found.append(
            TouchedPerson(
                volunteer_id=facts.people[person].id,
                full_name=name(person),
                school_code=facts.people[person].school_code,
                is_named=person in effect.named,
                commune_before=before.commune if before else None,
                commune_after=after.commune if after else None,
                weekdays_before=list(before.weekdays) if before else [],
                weekdays_after=list(after.weekdays) if after else [],
                fields_before=fields[0],
                fields_after=fields[1],
            )
        )
    return found


def list_touched_communes(effect: Effect, facts: Facts) -> list[TouchedCommune]:
    found = []
    for code, commune in facts.communes.items():
        sides = []
        for board in (effect.before, effect.after):
            lead = board.leads.get(code)
            supports = [school for school in board.list_schools(code) if school != lead]
            unmet = sum(days for (place, _), (_, days) in board.undone.items() if place == code)
            sides.append((lead, supports, board.list_people(code), unmet))
        (lead, supports, people, unmet), (lead_now, supports_now, people_now, unmet_now) = sides
        if sides[0] == sides[1]:
            continue
        found.append(
            TouchedCommune(
                commune_code=code,
                commune_name=commune.name,
                lead_before=lead,
                lead_after=lead_now,
                supports_before=supports,
                supports_after=supports_now,
                people_before=len(people),
                people_after=len(people_now),
                unmet_before=unmet,
                unmet_after=unmet_now,
            )
        )
    return found
