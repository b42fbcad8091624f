"""The month of the demo: what is said of each day, and how its checker reckons money and days by itself."""

from collections import Counter
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import pytest
from commune_demo import case
from commune_demo.month.checking import reckon_figures, reckon_pay
from commune_demo.month.playing import RATES
from commune_demo.month.story_clock import StoryClock
from commune_demo.month.words import choose_replacement, foresee
from commune_service import clock

MONDAYS = ["2026-12-07", "2026-12-14", "2026-12-21", "2026-12-28", "2027-01-04"]
FRIDAYS = ["2026-12-11", "2026-12-18", "2026-12-25"]
PLACES = ("22366", next(commune.code for commune in case.communes() if commune.is_remote))


def place(person: str, role: str, commune: str, dates: list[str], school: str = "DHNT") -> dict[str, Any]:
    return {
        "volunteer_id": person, "full_name": f"Người {person}", "role": role, "school_code": school,
        "commune_code": commune, "dates": dates,
    }  # fmt: skip


def tell() -> dict[str, Any]:
    """Ana is replaced by Binh from the 14th; Cuong is elsewhere, far away."""
    placements = [
        place("a", "student", PLACES[0], MONDAYS), place("b", "lecturer", PLACES[0], FRIDAYS),
        place("c", "student", PLACES[1], MONDAYS, "DHKH"),
    ]  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("commune_demo.month.words.FEWEST_DAYS", 4)
        patch.setattr("commune_demo.month.words.ABSENT_OF_A_HUNDRED", 0)
        replacement = choose_replacement(placements, from_on=date(2026, 12, 14), avoid=[])
        words = foresee(placements, replacement)
    assert (replacement.leaver["volunteer_id"], replacement.stand_in["volunteer_id"]) == ("a", "b")
    return {
        "placements": placements, "words": [asdict(w) | {"serves_on": w.serves_on.isoformat()} for w in words],
        "rates": [{"valid_from": "2026-12-01", "valid_until": None} | rate for rate in RATES], "marks": 0, "counted": 0,
    }  # fmt: skip


def test_who_came_is_paid_as_who_they_are_at_the_days_rate() -> None:
    pay = reckon_pay(tell())
    assert pay == {
        ("2026-12", "a"): Counter(days=1, vnd=100_000),
        ("2026-12", "b"): Counter(days=6, vnd=6 * 200_000),  # three days of the own, three Mondays instead of Ana
        ("2027-01", "b"): Counter(days=1, vnd=200_000),
        ("2026-12", "c"): Counter(days=4, vnd=2 * 150_000 + 2 * 170_000),  # from the 21st 120,000; 50,000 for the way
        ("2027-01", "c"): Counter(days=1, vnd=170_000),
    }


def test_figures_come_from_the_words_alone() -> None:
    said = tell()
    said["words"][0] |= {"outcome": "absent"}
    figures = reckon_figures(said)
    assert (figures["days_planned"], figures["days_served"], figures["days_absent"]) == (13, 12, 1)
    assert (figures["people_planned"], figures["people_came"]) == (3, 2), "Ana was absent on the one day before"


def test_the_clock_of_the_story_is_that_of_the_services(tmp_path: Any) -> None:
    clock.follow_file(tmp_path / "clock")
    try:
        for _ in range(100):  # the part of a second at which it is moved makes no difference
            moment = StoryClock(tmp_path / "clock").move_to("2026-12-11", "16:50")
            assert moment <= clock.now() < moment + timedelta(hours=1)
    finally:
        clock.follow_file(None)
