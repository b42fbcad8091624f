"""A problem's days: which weekdays the solver may count on, and on which dates each placed person serves."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

from commune_schemas.amounts import amount
from commune_schemas.days import AbsenceKind, WeekdaySetAside
from commune_schemas.matching import MatchingProblem, ProblemVolunteer

from commune_calendar.dates import CampaignDays, ServiceCalendar, count_dates, counts_as_free, plan_dates

Placed = tuple[ProblemVolunteer, Collection[int]]
"""Someone and the weekdays of their service."""


@dataclass(frozen=True)
class ServiceDays:
    problem: MatchingProblem

    @cached_property
    def campaign(self) -> CampaignDays:
        problem = self.problem
        return CampaignDays(problem.starts_on, problem.ends_on, tuple(problem.days_off), tuple(problem.moved_days))

    @cached_property
    def absences(self) -> dict[UUID, dict[date, AbsenceKind]]:
        """Each person's days within the campaign; who is never absent is not named."""
        found: dict[UUID, dict[date, AbsenceKind]] = {}
        for absence in self.problem.absences:
            first = max(absence.starts_on, self.problem.starts_on)
            last = min(absence.ends_on, self.problem.ends_on)
            days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
            found.setdefault(absence.volunteer_id, {}).update(dict.fromkeys(days, absence.kind))
        return found

    @cached_property
    def set_aside(self) -> list[WeekdaySetAside]:
        """Free weekdays that do not count, for more than half of their dates fall out; by person as in the problem."""
        without_absences = count_dates(self.campaign, {})
        return [
            WeekdaySetAside(volunteer_id=volunteer.id, weekday=weekday, dates=dates, served=served)
            for volunteer in self.problem.volunteers
            for weekday, (dates, served) in (
                count_dates(self.campaign, self.absences[volunteer.id])
                if volunteer.id in self.absences
                else without_absences
            ).items()
            if weekday in volunteer.free_weekdays and not counts_as_free(dates, served)
        ]

    @cached_property
    def free_weekdays(self) -> dict[UUID, list[int]]:
        """What the solver is told: each person's free weekdays less those set aside."""
        aside = {(one.volunteer_id, one.weekday) for one in self.set_aside}
        return {
            volunteer.id: [day for day in volunteer.free_weekdays if (volunteer.id, day) not in aside]
            for volunteer in self.problem.volunteers
        }

    @cached_property
    def note(self) -> str | None:
        """For the certificate: how many people have weekdays set aside."""
        people = len({one.volunteer_id for one in self.set_aside})
        if not people:
            return None
        return (
            f"{people} người có ngày rảnh không được tính, vì quá nửa số ngày đó là ngày nghỉ hoặc ngày bận. / "
            f"{amount(people, 'person has', 'people have')} free weekdays that did not count,"
            " for more than half of their dates fall out."
        )

    def plan(
        self, volunteer: ProblemVolunteer, weekdays: Collection[int], *, beside: Iterable[Placed] = ()
    ) -> ServiceCalendar:
        """The dates of someone placed on these weekdays; `beside` are all who are placed in the same commune."""
        only_on = self._supervised_on(beside) if self._needs_supervision(volunteer) else None
        return plan_dates(
            weekdays,
            self.campaign,
            absences=self.absences.get(volunteer.id, {}),
            free_weekdays=volunteer.free_weekdays,
            max_days=volunteer.max_days,
            only_on=only_on,
        )

    def _needs_supervision(self, volunteer: ProblemVolunteer) -> bool:
        options = self.problem.options
        is_led = volunteer.role in options.supervised and volunteer.role not in options.supervisors
        return options.supervision == "commune" and is_led

    def _supervised_on(self, beside: Iterable[Placed]) -> set[date]:
        """The dates on which somebody who supervises serves (T6)."""
        leading = self.problem.options.supervisors
        return {day for one, weekdays in beside if one.role in leading for day in self.plan(one, weekdays).dates}
