"""Weekly patterns become dates; holidays and absences fall out, are named, and are made up where there is room."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from matching_worker.model.calendar import Reason, plan_dates, service_dates, vietnamese_holidays

START, END = date(2026, 8, 24), date(2026, 9, 20)  # Monday, Sunday four weeks on
NATIONAL_DAY = date(2026, 9, 2)  # a Wednesday


def test_a_month_of_mondays_and_wednesdays_leaves_the_holidays_out() -> None:
    holidays = vietnamese_holidays(START, END)
    assert NATIONAL_DAY in holidays
    dates = service_dates([0, 2], START, END, holidays=holidays, absences=[date(2026, 9, 14)])
    days = [(8, 24), (8, 26), (9, 7), (9, 9), (9, 16)]  # 31 August is given in lieu, 2 September is National Day
    assert dates == [date(2026, month, day) for month, day in days]


def test_the_office_can_add_and_take_back_holidays() -> None:
    flood = date(2026, 9, 10)
    holidays = vietnamese_holidays(START, END, added={flood: "Bão"}, removed=[NATIONAL_DAY])
    assert flood in holidays
    assert NATIONAL_DAY not in holidays


def test_tet_is_known_on_both_sides_of_a_new_year() -> None:
    holidays = vietnamese_holidays(date(2025, 12, 29), date(2026, 2, 28))
    assert date(2026, 1, 1) in holidays
    assert date(2026, 2, 17) in holidays
    assert all(date(2025, 12, 29) <= day <= date(2026, 2, 28) for day in holidays)


def test_a_lost_day_is_made_up_on_the_next_free_day_and_says_so() -> None:
    exam = date(2026, 9, 16)
    calendar = plan_dates([2], START, END, holidays={NATIONAL_DAY: "Quốc khánh"}, absences=[exam], free_weekdays=[2, 4])
    assert calendar.dates == (date(2026, 8, 26), date(2026, 9, 4), date(2026, 9, 9), date(2026, 9, 18))
    national, taken = calendar.lost
    assert (national.reason, national.made_up_on) == (Reason.HOLIDAY, date(2026, 9, 4))
    assert "Quốc khánh" in national.vi
    assert "04/09/2026" in national.vi
    assert (taken.reason, taken.made_up_on) == (Reason.ABSENCE, date(2026, 9, 18))


def test_a_day_with_no_room_after_it_stays_lost() -> None:
    calendar = plan_dates([4], date(2026, 9, 14), END, holidays={}, absences=[date(2026, 9, 18)], free_weekdays=[4])
    assert calendar.dates == ()
    assert calendar.lost[0].made_up_on is None


@given(
    st.sets(st.integers(0, 6)),
    st.sets(st.integers(0, 4)),
    st.sets(st.dates(START, END), max_size=8),
    st.sets(st.dates(START, END), max_size=8),
)
def test_no_date_is_a_holiday_an_absence_or_a_day_that_is_not_free(
    weekdays: set[int], more: set[int], holidays: set[date], absences: set[date]
) -> None:
    names = dict.fromkeys(holidays, "nghỉ")
    free = weekdays | more
    calendar = plan_dates(weekdays, START, END, holidays=names, absences=absences, free_weekdays=free)
    assert list(calendar.dates) == sorted(set(calendar.dates))
    assert not set(calendar.dates) & (holidays | absences)
    assert all(START <= day <= END and day.weekday() in free and day.weekday() < 5 for day in calendar.dates)
    kept = service_dates(weekdays, START, END, holidays=holidays, absences=absences)
    assert set(kept) <= set(calendar.dates)
    made_up = [lost.made_up_on for lost in calendar.lost if lost.made_up_on]
    assert sorted([*kept, *made_up]) == list(calendar.dates)
