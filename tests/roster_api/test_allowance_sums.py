"""What is owed, without a database: sums agree whichever way they are added, corrections lead to what is owed."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from roster_api.allowances.computing import (
    Component,
    Line,
    Rate,
    ServedDay,
    Unrated,
    list_entitlements,
    list_unrated,
    make_lines,
    net,
    sum_by_person,
    sum_lines,
)

FIRST = date(2025, 10, 1)
ROLES = ("lecturer", "student")
people, schools = st.integers(1, 6), st.integers(1, 3)


def rate(number: int, component: Component, amount_vnd: int, **bounds: object) -> Rate:
    known: dict[str, object] = {"role": None, "valid_from": FIRST, "valid_until": None} | bounds
    return Rate(id=UUID(int=number), component=component, amount_vnd=amount_vnd, **known)  # type: ignore[arg-type]


RATES = (
    rate(1, Component.SERVICE_DAY, 100_001),
    rate(2, Component.SERVICE_DAY, 199_999, role="lecturer", valid_until=date(2025, 10, 15)),
    rate(3, Component.SERVICE_DAY, 250_000, role="lecturer", valid_from=date(2025, 10, 16)),
    rate(4, Component.DISTANCE_DAY, 33_333, from_m=10_000, to_m=50_000),
    rate(5, Component.DISTANCE_DAY, 77_777, from_m=50_000),
    rate(6, Component.REMOTE_DAY, 70_000),
    rate(7, Component.TRAVEL_MONTH, 300_000, min_days=3),
)


@st.composite
def confirmed_days(draw: st.DrawFn) -> list[ServedDay]:
    """A month as it may be confirmed: each person of one school and role, at most once a day."""
    keys = draw(st.sets(st.tuples(people, st.integers(0, 30)), max_size=40))
    return [
        ServedDay(
            volunteer_id=UUID(int=person),
            role=ROLES[person % 2],
            school_id=UUID(int=100 + person % 3),
            serves_on=FIRST + timedelta(days=day),
            commune_code="22366",
            distance_m=draw(st.sampled_from((0, 9_999, 10_000, 49_999, 50_000))),
            is_remote=draw(st.booleans()),
        )
        for person, day in sorted(keys)
    ]


def flat(lines: dict[UUID, list[Line]]) -> list[Line]:
    return [line for own in lines.values() for line in own]


@settings(max_examples=60, deadline=None)
@given(confirmed_days(), confirmed_days(), st.permutations(RATES))
def test_people_schools_and_days_add_up_to_one_total_and_corrections_lead_to_what_is_owed(
    before: list[ServedDay], after: list[ServedDay], rates: Sequence[Rate]
) -> None:
    owed = list_entitlements(before, rates)
    first = make_lines(owed, ())
    total = sum(each.amount_vnd for each in owed)
    by_school = {school: sum_lines(own) for school, own in first.items()}
    assert total == sum(by_school.values()) == sum(sum_by_person(flat(first)).values())
    confirmed = {(day.volunteer_id, day.serves_on) for day in before}
    paid = {(line.volunteer_id, day) for line in flat(first) for day in line.days
            if line.component is not Component.TRAVEL_MONTH}  # fmt: skip
    assert paid == confirmed  # nobody for a day that is not confirmed, everybody for one that is

    held = [(school, line) for school, own in first.items() for line in own]
    assert net(held) == owed
    now_owed = list_entitlements(after, rates)
    second = make_lines(now_owed, net(held))
    assert total + sum_lines(flat(second)) == sum(each.amount_vnd for each in now_owed)
    corrected = [*held, *((school, line) for school, own in second.items() for line in own)]
    assert net(corrected) == now_owed
    assert make_lines(now_owed, net(corrected)) == {}


def day(on: int, *, role: str = "student", distance_m: int = 0) -> ServedDay:
    return ServedDay(UUID(int=1), role, UUID(int=100), date(2025, 10, on), "22366", distance_m, is_remote=False)


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        ([day(1, role="lecturer"), day(16, role="lecturer")], 199_999 + 250_000),
        ([day(1), day(2)], 2 * 100_001),  # no travel: two days
        ([day(1), day(2), day(3)], 3 * 100_001 + 300_000),
        ([day(1, distance_m=9_999)], 100_001),
        ([day(1, distance_m=10_000)], 100_001 + 33_333),
        ([day(1, distance_m=50_000)], 100_001 + 77_777),
    ],
)
def test_the_rate_of_the_day_the_role_and_the_distance_counts(served: list[ServedDay], expected: int) -> None:
    assert sum(each.amount_vnd for each in list_entitlements(served, RATES)) == expected


def test_a_day_without_a_rate_is_named_and_not_left_out_in_silence() -> None:
    early = ServedDay(UUID(int=1), "official", UUID(int=100), date(2025, 9, 30), "22366", 0, is_remote=False)
    assert list_unrated([early, early, day(1)], RATES) == [Unrated("official", date(2025, 9, 30))]
