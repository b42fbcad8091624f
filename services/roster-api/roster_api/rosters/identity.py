"""Who on the roster a row of a list is: code, name, phone and e-mail are weighed together. Pure, within one school.

Nothing outweighs all the rest: an equal code with everything else different is asked about, and so is a phone that is
already somebody else's.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Protocol
from uuid import UUID

from roster_api.text import search_key

Values = dict[str, Any]


class Traits(Protocol):
    """What is said of somebody, by name: full_name, external_ref, phone, email."""

    def __getitem__(self, name: str, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Known:
    """A volunteer as the roster holds them now."""

    id: UUID
    row_version: int
    status: str
    values: Values


class Code(IntEnum):
    """How two staff or student codes stand to each other."""

    DIFFER = -1
    UNSAID = 0
    ALIKE = 3
    EQUAL = 4


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a row and a known person have in common."""

    code: Code
    name: bool
    name_in_part: bool
    phone: bool
    email: bool
    is_only_name: bool
    """Nobody else of that name, neither in the file nor on the roster."""

    @property
    def weight(self) -> int:
        return self.code + 4 * self.phone + 3 * self.name + 3 * self.email + self.name_in_part

    @property
    def is_same_person(self) -> bool:
        if self.code > 0:
            return self.name or self.name_in_part or self.phone or self.email
        if self.name:
            return self.phone or self.email or (self.is_only_name and self.code is Code.UNSAID)
        return self.phone and self.email and self.code is Code.UNSAID


@dataclass(slots=True)
class Matches:
    """{place of a row: the person it is}, the evidence for it, and who of the roster is left over."""

    known: dict[int, Known] = field(default_factory=dict)
    evidence: dict[int, Evidence] = field(default_factory=dict)
    left: dict[UUID, Known] = field(default_factory=dict)
    decided: set[int] = field(default_factory=set)
    """Places of rows about which the school has said who they are."""


def loose_code(code: object) -> str:
    """A code without what spreadsheets change: spaces, case, leading zeros of figures, a trailing '.0'."""
    text = re.sub(r"[\s.\-_/]+", "", re.sub(r"\.0+$", "", str(code or "").strip())).casefold()
    return re.sub(r"(?<!\d)0+(?=\d)", "", text)


def compare_codes(mine: object, theirs: object) -> Code:
    if not mine or not theirs:
        return Code.UNSAID
    if str(mine).strip().casefold() == str(theirs).strip().casefold():
        return Code.EQUAL
    return Code.ALIKE if loose_code(mine) == loose_code(theirs) else Code.DIFFER


NOBODY_KNOWN: Mapping[int, Known | None] = {}


def match_people(
    people: Sequence[Traits | None], known: Sequence[Known], decided: Mapping[int, Known | None] = NOBODY_KNOWN
) -> Matches:
    """The best pairs first; a known person is one row at most.

    `decided`: who a row is, as the school said; None: somebody new.
    """
    if not known:
        return Matches(decided=set(decided))
    shared = _shared_addresses(people, known)
    names_here = Counter(search_key(person["full_name"]) for person in people if person)
    index = _Index(known, shared=shared)
    pairs: list[tuple[int, int, int, Known, Evidence]] = []
    seen: dict[Evidence, Evidence] = {}
    """Most pairs have one of a few: held once."""
    for place, person in enumerate(people):
        if person is None or place in decided:
            continue
        name = search_key(person["full_name"])
        is_only = names_here[name] == 1 and index.has_one(name)
        for order, one in enumerate(index.find(person)):
            evidence = weigh(person, one.values, shared=shared, is_only_name=is_only)
            if evidence.is_same_person:
                pairs.append((-evidence.weight, place, order, one, seen.setdefault(evidence, evidence)))
    matches = Matches(left={one.id: one for one in known}, decided=set(decided))
    for place, said in decided.items():
        mine = people[place]
        if said is not None and mine is not None and said.id in matches.left:
            matches.known[place] = matches.left.pop(said.id)
            matches.evidence[place] = weigh(mine, said.values, shared=shared, is_only_name=False)
    for _, place, _, one, evidence in sorted(pairs, key=lambda pair: pair[:3]):
        if place not in matches.known and one.id in matches.left:
            matches.known[place], matches.evidence[place] = matches.left.pop(one.id), evidence
    return matches


def weigh(mine: Traits, theirs: Traits, *, shared: set[str], is_only_name: bool) -> Evidence:
    my_name, their_name = search_key(mine["full_name"]), search_key(theirs["full_name"])
    mine_set, their_set = set(my_name.split()), set(their_name.split())
    common = mine_set & their_set
    has_one_given_name = my_name.split()[-1:] == their_name.split()[-1:]
    email = (mine["email"] or "").casefold()
    return Evidence(
        code=compare_codes(mine["external_ref"], theirs["external_ref"]),
        name=my_name == their_name,
        name_in_part=len(common) >= 2 and (common in (mine_set, their_set) or has_one_given_name),
        phone=bool(mine["phone"]) and mine["phone"] == theirs["phone"],
        email=bool(email) and email == (theirs["email"] or "").casefold() and email not in shared,
        is_only_name=is_only_name,
    )


class _Index:
    """The people of a roster by name, code, phone and e-mail; small, for a roster may be as long as a list.

    An address that several share finds nobody: it tells nobody from another, and could find everybody for each row.
    """

    def __init__(self, known: Sequence[Known], *, shared: set[str]) -> None:
        self._shared = shared
        self._by: dict[str, dict[str, Known | list[Known]]] = {"name": {}, "code": {}, "phone": {}, "email": {}}
        for one in known:
            for kind, key in self._keys(one.values):
                by = self._by[kind]
                earlier = by.setdefault(key, one)
                if isinstance(earlier, list):
                    earlier.append(one)
                elif earlier is not one:
                    by[key] = [earlier, one]

    def has_one(self, name: str) -> bool:
        """Exactly one person has this name, by its search key."""
        return isinstance(self._by["name"].get(name), Known)

    def find(self, person: Traits) -> list[Known]:
        """Whoever has something in common with `person`, once each."""
        candidates: dict[UUID, Known] = {}
        for kind, key in self._keys(person):
            here = self._by[kind].get(key, [])
            for one in here if isinstance(here, list) else [here]:
                candidates[one.id] = one
        return list(candidates.values())

    def _keys(self, values: Traits) -> Iterator[tuple[str, str]]:
        yield "name", search_key(values["full_name"])
        if values["external_ref"]:
            yield "code", loose_code(values["external_ref"])
        if values["phone"]:
            yield "phone", values["phone"]
        email = values["email"]
        if email:
            folded = email.casefold()
            if folded not in self._shared:
                yield "email", email if folded == email else folded


def _shared_addresses(people: Sequence[Traits | None], known: Sequence[Known]) -> set[str]:
    """Addresses that several people have: a department's mailbox tells nobody from another."""
    here = Counter(person["email"].casefold() for person in people if person and person["email"])
    there = Counter(one.values["email"].casefold() for one in known if one.values["email"])
    return {address for counts in (here, there) for address, count in counts.items() if count > 1}
