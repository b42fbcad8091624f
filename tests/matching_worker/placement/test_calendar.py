"""Weekly patterns become dates; days off and absences fall out, are named, and one's own are made up where possible."""

from collections import Counter
from datetime import date, timedelta

from commune_calendar.dates import CampaignDays, count_dates, counts_as_free, plan_dates
from commune_schemas.days import AbsenceKind, DayOff, DayOffKind, MovedDay
from hypothesis import given
from hypothesis import strategies as st

START, END = date(2026, 8, 24), date(2026, 9, 20)  # Monday, Sunday four weeks on
NATIONAL_DAY = date(2026, 9, 2)  # a Wednesday
EXAM = date(2026, 9, 16)  # a Wednesday


def day_off(day: date, kind: DayOffKind = DayOffKind.HOLIDAY) -> DayOff:
    return DayOff(on=day, kind=kind, vi="Quốc khánh", en="National Day")


DAYS = CampaignDays(START, END, off=(day_off(NATIONAL_DAY),))


def test_a_month_of_mondays_and_wednesdays_leaves_holidays_and_exams_out() -> None:
    calendar = plan_dates([0, 2], DAYS, absences={EXAM: AbsenceKind.EXAM}, free_weekdays=[0, 2], max_days=2)
    days = [(8, 24), (8, 26), (8, 31), (9, 7), (9, 9), (9, 14)]
    assert calendar.dates == tuple(date(2026, month, day) for month, day in days)


def test_a_day_off_for_everybody_is_named_and_not_made_up() -> None:
    calendar = plan_dates([2], DAYS, absences={}, free_weekdays=[2, 4], max_days=5)
    assert calendar.dates == (date(2026, 8, 26), date(2026, 9, 9), EXAM)
    (national,) = calendar.lost
    assert (national.on, national.reason, national.made_up_on) == (NATIONAL_DAY, DayOffKind.HOLIDAY, None)
    assert "Quốc khánh" in national.vi
    assert "National Day" in national.en


def test_a_day_of_ones_own_is_made_up_on_the_next_free_day_and_says_so() -> None:
    calendar = plan_dates([2], DAYS, absences={EXAM: AbsenceKind.EXAM}, free_weekdays=[2, 4], max_days=1)
    assert calendar.dates[-1] == date(2026, 9, 18)
    taken = calendar.lost[-1]
    assert (taken.on, taken.reason, taken.made_up_on) == (EXAM, AbsenceKind.EXAM, date(2026, 9, 18))
    assert taken.vi == "16/09/2026 bận thi, làm bù ngày 18/09/2026"


def test_a_day_with_no_room_after_it_stays_lost() -> None:
    friday = date(2026, 9, 18)
    calendar = plan_dates([4], DAYS, absences={friday: AbsenceKind.LEAVE}, free_weekdays=[4], max_days=5)
    assert friday not in calendar.dates
    assert calendar.lost[-1].made_up_on is None


def test_no_week_is_made_fuller_than_the_person_allows() -> None:
    friday = date(2026, 8, 28)
    calendar = plan_dates([0, 4], DAYS, absences={friday: AbsenceKind.TEACHING}, free_weekdays=[0, 1, 4], max_days=2)
    assert calendar.lost[0].made_up_on is None, "the next week has its two days already"
    calendar = plan_dates([0, 4], DAYS, absences={friday: AbsenceKind.TEACHING}, free_weekdays=[0, 1, 4], max_days=3)
    assert calendar.lost[0].made_up_on == date(2026, 9, 1)


def test_a_worked_saturday_belongs_to_those_of_the_weekday_it_stands_for() -> None:
    saturday, monday = date(2026, 8, 29), date(2026, 8, 31)
    days = CampaignDays(START, END, off=(day_off(monday),), moved=(MovedDay(on=saturday, weekday=0),))
    assert saturday in plan_dates([0], days, absences={}, free_weekdays=[0], max_days=1).dates
    assert saturday not in plan_dates([1], days, absences={}, free_weekdays=[1], max_days=1).dates
    assert monday not in plan_dates([0], days, absences={}, free_weekdays=[0], max_days=1).dates


def test_a_weekday_counts_as_free_while_half_of_its_dates_can_be_served() -> None:
    wednesdays = DAYS.dates_of([2])
    assert len(wednesdays) == 4
    one_exam = count_dates(DAYS, {EXAM: AbsenceKind.EXAM})
    assert one_exam[2] == (4, 2)
    assert counts_as_free(*one_exam[2])
    two_exams = count_dates(DAYS, dict.fromkeys((EXAM, date(2026, 9, 9)), AbsenceKind.EXAM))
    assert two_exams[2] == (4, 1)
    assert not counts_as_free(*two_exams[2])
    short = CampaignDays(START, START + timedelta(days=1))
    assert not counts_as_free(*count_dates(short, {})[4]), "two days have no Friday"


dates_within = st.dates(START, END)


@given(
    st.sets(st.integers(0, 4)),
    st.sets(st.integers(0, 4)),
    st.sets(dates_within, max_size=8),
    st.dictionaries(dates_within, st.sampled_from(AbsenceKind), max_size=8),
    st.integers(0, 5),
)
def test_no_date_is_off_or_an_absence_or_a_day_that_is_not_free_and_every_lost_one_is_named(
    weekdays: set[int], more: set[int], off: set[date], absences: dict[date, AbsenceKind], spare: int
) -> None:
    free, max_days = weekdays | more, min(5, len(weekdays) + spare)
    days = CampaignDays(START, END, off=tuple(day_off(day) for day in off))
    calendar = plan_dates(weekdays, days, absences=absences, free_weekdays=free, max_days=max_days)
    assert list(calendar.dates) == sorted(set(calendar.dates))
    assert not set(calendar.dates) & (off | absences.keys())
    assert all(START <= day <= END and day.weekday() in free for day in calendar.dates)
    assert max(Counter(day.isocalendar()[:2] for day in calendar.dates).values(), default=0) <= max_days
    pattern = days.dates_of(weekdays)
    made_up = [lost.made_up_on for lost in calendar.lost if lost.made_up_on]
    kept = [day for day in pattern if day not in {lost.on for lost in calendar.lost}]
    assert sorted([*kept, *made_up]) == list(calendar.dates)
