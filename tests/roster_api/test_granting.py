"""Nobody reaches more than whoever let them in had, by any chain of grants: roles, places and times drawn at random."""

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from roster_api.access.bounds import Bounds
from roster_api.access.granting import refuse_more_than_own
from roster_api.access.principal import Principal, Role
from roster_api.errors import ProblemError

PLACES = ("56", "48")
SCHOOLS = {UUID(int=1): "56", UUID(int=2): "56", UUID(int=3): "48"}
COMMUNES = {"22366": "56", "22369": "56", "20194": "48"}
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
MAY_LET_IN = {"admin", "director", "school_coordinator"}
NEVER_GIVEN = {"volunteer", "solver", "notifier"}
Atom = tuple[str, UUID | None, str | None]
ATOMS: frozenset[Atom] = frozenset(
    [(place, None, None) for place in PLACES]
    + [(place, school, None) for school, place in SCHOOLS.items()]
    + [(place, None, commune) for commune, place in COMMUNES.items()]
)
"""What there is: provinces' own things, schools, communes."""


def bounds_of(role: Role, place: str | None, school: UUID, commune: str) -> Bounds:
    """As `find_bounds` completes them: what a school or commune is in follows from it."""
    if role.is_of_school:
        return Bounds(SCHOOLS[school], school, None)
    if role is Role.COMMUNE_OFFICER:
        return Bounds(COMMUNES[commune], None, commune)
    return Bounds(place, None, None)


def reached(bounds: Bounds) -> frozenset[Atom]:
    """Everything that these bounds let somebody see, written from the words and not from the code."""
    return frozenset(
        (place, school, commune)
        for place, school, commune in ATOMS
        if bounds.province_code in (None, place)
        and bounds.school_id in (None, school)
        and bounds.commune_code in (None, commune)
    )


roles = st.sampled_from(list(Role))
ends = st.none() | st.integers(1, 5).map(lambda days: MOMENT + timedelta(days=days))
wishes = st.tuples(
    roles, st.sampled_from([None, *PLACES]), st.sampled_from(list(SCHOOLS)), st.sampled_from(list(COMMUNES)), ends
)


def holder(wish: tuple[Role, str | None, UUID, str, datetime | None]) -> Principal:
    role, place, school, commune, until = wish
    bounds = bounds_of(role, place, school, commune)
    return Principal(role=role, label="x", valid_until=until, **vars(bounds))


@settings(max_examples=1000, deadline=None)
@given(first=wishes, chain=st.lists(wishes, min_size=1, max_size=4))
def test_no_chain_of_grants_leads_to_more(
    first: tuple[Role, str | None, UUID, str, datetime | None],
    chain: list[tuple[Role, str | None, UUID, str, datetime | None]],
) -> None:
    root = giver = holder(first)
    for wish in chain:
        wanted = holder(wish)
        bounds = Bounds(wanted.province_code, wanted.school_id, wanted.commune_code)
        try:
            refuse_more_than_own(giver, role=wanted.role, bounds=bounds, until=wanted.valid_until)
        except ProblemError:
            continue
        assert giver.role.value in MAY_LET_IN
        assert wanted.role.value not in NEVER_GIVEN
        assert reached(bounds) <= reached(Bounds(root.province_code, root.school_id, root.commune_code))
        assert root.valid_until is None or (wanted.valid_until is not None and wanted.valid_until <= root.valid_until)
        assert root.is_admin or wanted.role is not Role.ADMIN
        giver = wanted


@pytest.mark.parametrize(("giver", "wanted_role"), list(product(Role, Role)))
def test_every_pair_of_roles_in_the_same_place(giver: Role, wanted_role: Role) -> None:
    """The table of who gives what, written out a second time."""
    expected = (
        (giver is Role.ADMIN and wanted_role.value not in NEVER_GIVEN)
        or (giver is Role.DIRECTOR and wanted_role is Role.OVERSEER)
        or (giver is Role.SCHOOL_COORDINATOR and wanted_role in {Role.SCHOOL_COORDINATOR, Role.SCHOOL_VIEWER})
    )
    wish = ("56", UUID(int=1), "22366", None)
    principal, wanted = holder((giver, *wish)), holder((wanted_role, *wish))
    bounds = Bounds(wanted.province_code, wanted.school_id, wanted.commune_code)
    try:
        refuse_more_than_own(principal, role=wanted_role, bounds=bounds, until=None)
    except ProblemError:
        assert not expected
    else:
        assert expected
