"""What must hold before a plan may bind people: checked against the roster at the moment of publishing."""

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date
from uuid import UUID

from commune_schemas.problem import FieldError
from commune_schemas.unkept import UnkeptPin
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.campaigns.calendar import list_days
from roster_api.campaigns.schemas import CalendarDay
from roster_api.communes.models import Commune
from roster_api.plans import repository
from roster_api.plans.details import Placed, list_placed
from roster_api.plans.models import Plan
from roster_api.schools.models import School
from roster_api.volunteers.humans import list_twins
from roster_api.volunteers.models import VolunteerStatus
from roster_api.volunteers.naming import list_names, name_in_words


async def list_missing(session: AsyncSession, plan: Plan, *, placed: list[Placed]) -> list[FieldError]:
    """Everything that keeps this plan from being published; empty when nothing does. Names no person."""
    clashes = await repository.list_seat_clashes(session, plan)
    twins = await list_twins(session, {row.placement.volunteer_id for row in placed})
    elsewhere = await repository.list_seats_of(session, plan, set().union(*twins.values()))
    campaign = await repository.get_campaign(session, plan.campaign_id)
    return [
        *([] if plan.is_verified else [_not_verified()]),
        *_archived(*await repository.list_archived(session, plan)),
        *(error for row in placed for error in _untrue(row)),
        *_days_not_worked(placed, list_days(campaign)),
        *_missing_contacts(placed),
        *(_seat_taken(volunteer_id) for volunteer_id in clashes),
        *_human_placed_twice(placed, twins, elsewhere),
    ]


def _not_verified() -> FieldError:
    return FieldError(
        pointer="/certificate",
        code="plan.not_verified",
        vi="Kết quả chưa được kiểm tra độc lập chấp nhận.",
        en="The independent check has not accepted this plan.",
    )


def _archived(communes: Sequence[Commune], schools: Sequence[School]) -> Iterator[FieldError]:
    """Runs leave out what is archived; a plan from before does not."""
    for commune in communes:
        yield FieldError(
            pointer=f"commune:{commune.code}",
            code="commune.archived",
            vi=f"{commune.full_name} đã được lưu trữ sau khi lập phương án. Hãy chạy lại việc ghép.",
            en=f"{commune.full_name} was archived after the plan was made. Run the matching again.",
        )
    for school in schools:
        yield FieldError(
            pointer=f"school:{school.code}",
            code="school.archived",
            vi=f"{school.name} đã được lưu trữ sau khi lập phương án. Hãy chạy lại việc ghép.",
            en=f"{school.name} was archived after the plan was made. Run the matching again.",
        )


def _untrue(row: Placed) -> Iterator[FieldError]:
    """The roster has moved on since the plan was made."""
    person, placement = row.volunteer, row.placement
    pointer = f"volunteer:{person.id}"
    if person.status != VolunteerStatus.ACTIVE.value:
        yield FieldError(
            pointer=pointer,
            code="volunteer.not_active",
            vi="Người này không còn tham gia. Hãy chạy lại việc ghép.",
            en="This volunteer is no longer active. Run the matching again.",
        )
    if person.school_id != placement.school_id:
        yield FieldError(
            pointer=pointer,
            code="volunteer.moved",
            vi="Người này đã chuyển trường. Hãy chạy lại việc ghép.",
            en="This volunteer has moved to another school. Run the matching again.",
        )
    if not set(placement.weekdays) <= set(person.free_weekdays) or len(placement.weekdays) > person.max_days:
        yield FieldError(
            pointer=pointer,
            code="volunteer.not_free",
            vi="Người này không còn rảnh vào các ngày đã xếp. Hãy chạy lại việc ghép.",
            en="This volunteer is no longer free on those weekdays. Run the matching again.",
        )
    spans = [(one["starts_on"], one["ends_on"]) for one in person.absences]
    if any(first <= day.isoformat() <= last for day in placement.dates for first, last in spans):
        yield FieldError(
            pointer=pointer,
            code="volunteer.absent",
            vi="Người này đã báo bận vào một ngày được xếp. Hãy chạy lại việc ghép.",
            en="This volunteer is declared absent on a day of service. Run the matching again.",
        )


def _days_not_worked(placed: list[Placed], calendar: list[CalendarDay]) -> Iterator[FieldError]:
    """The campaign's calendar has moved on since the plan was made."""
    served = {day for row in placed for day in row.placement.dates}
    for day in sorted(served - {day.on for day in calendar if day.weekday is not None}):
        yield FieldError(
            pointer=f"calendar:{day}",
            code="calendar.day_off",
            vi=f"{day:%d/%m/%Y} nay không phải ngày làm việc của đợt. Hãy chạy lại việc ghép.",
            en=f"{day:%d/%m/%Y} is no working day of the campaign any more. Run the matching again.",
        )


def _missing_contacts(placed: list[Placed]) -> Iterator[FieldError]:
    communes = {row.commune.code: row.commune for row in placed}
    schools = {row.school.code: row.school for row in placed}
    for code, commune in sorted(communes.items()):
        needed = ("contact_name", "contact_phone") if commune.is_remote else ("contact_name", "contact_phone", ADDRESS)
        yield from _missing_fields(f"commune:{code}", commune, needed)
    for code, school in sorted(schools.items()):
        yield from _missing_fields(f"school:{code}", school, ("contact_name", "contact_phone"))


ADDRESS = "office_address"
FIELD_NAMES = {
    "contact_name": ("người liên hệ", "contact person"),
    "contact_phone": ("số điện thoại liên hệ", "contact phone"),
    ADDRESS: ("địa chỉ trụ sở", "office address"),
}


def _missing_fields(owner: str, row: Commune | School, needed: tuple[str, ...]) -> Iterator[FieldError]:
    for field in needed:
        if not getattr(row, field):
            vi, en = FIELD_NAMES[field]
            yield FieldError(
                pointer=f"{owner}/{field}", code="contact.missing", vi=f"Thiếu {vi}.", en=f"The {en} is missing."
            )


def _seat_taken(volunteer_id: UUID) -> FieldError:
    return FieldError(
        pointer=f"volunteer:{volunteer_id}",
        code="seat.taken",
        vi="Người này đã phục vụ ở xã khác vào cùng ngày, theo phương án của đợt khác.",
        en="This volunteer already serves another commune on one of these days, under another campaign's plan.",
    )


async def list_warnings(session: AsyncSession, plan: Plan) -> list[FieldError]:
    """What an officer should know before publishing, though it keeps nothing from being published."""
    pins = name_in_words(plan.unkept_pins, await list_names(session, plan.unkept_pins))
    return [
        *map(_pin_unkept, map(UnkeptPin.model_validate, pins)),
        *map(_hears_of_nobody, await repository.list_schools_without_email(session, plan)),
    ]


def _pin_unkept(pin: UnkeptPin) -> FieldError:
    return FieldError(
        pointer=f"volunteer:{pin.volunteer_id}" if pin.volunteer_id else f"commune:{pin.commune_code}",
        code="pin.unkept",
        vi=pin.vi,
        en=pin.en,
    )


def _hears_of_nobody(school: School) -> FieldError:
    """A school's contact is written to, never texted."""
    return FieldError(
        pointer=f"school:{school.code}/contact_email",
        code="contact.no_email",
        vi=f"Người liên hệ của {school.name} chưa có email: ai báo không đi được, trường sẽ không được báo tin.",
        en=f"The contact of {school.name} has no e-mail: when somebody cannot go, the school is not told.",
    )


def _human_placed_twice(
    placed: list[Placed], twins: Mapping[UUID, Set[UUID]], elsewhere: Mapping[UUID, Set[date]]
) -> Iterator[FieldError]:
    """Seats are rows' and days'; a human on several lists has several rows. Says nothing of the other list."""
    here = {row.placement.volunteer_id for row in placed}
    for row in placed:
        person, dates = row.placement.volunteer_id, set(row.placement.dates)
        others = twins.get(person, set())
        if others & here:
            yield FieldError(
                pointer=f"volunteer:{person}",
                code="human.placed_twice",
                vi="Người này có trên hai danh sách và được xếp hai nơi. Hãy chạy lại việc ghép.",
                en="This person is on two lists and placed twice. Run the matching again.",
            )
        elif any(dates & elsewhere.get(other, set()) for other in others):
            yield _seat_taken(person)


async def list_missing_for(session: AsyncSession, plan: Plan) -> list[FieldError]:
    """list_missing() for a caller that has not read the placements yet."""
    return await list_missing(session, plan, placed=await list_placed(session, plan.id))
