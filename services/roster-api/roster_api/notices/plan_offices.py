"""What a published version means for offices: each commune hears who comes when, each school where its people go.

In the mail of the day, without names: who reads it signs in, and sees names and telephone numbers there. Where a newer
version comes before that mail, its words take the older one's place.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from commune_schemas.amounts import amount
from commune_schemas.notices import Recipient, RecipientKind
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.campaigns.models import Campaign
from roster_api.communes.models import Commune
from roster_api.office_notices.service import Words, take_back_waiting, tell_office
from roster_api.plans import repository
from roster_api.plans.details import Placed
from roster_api.plans.models import Placement, Plan

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu")
NOBODY_LEFT = "Không còn người của trường được phân công"
Days = tuple[UUID, tuple[int, ...], tuple[str, ...]]


async def tell_offices_of_plan(
    session: AsyncSession, *, plan: Plan, previous: Plan | None, campaign: Campaign, placed: Sequence[Placed]
) -> None:
    """In the transaction that publishes, after the version was given."""
    now = [row.placement for row in placed]
    before = list(await repository.list_all_placements(session, previous.id)) if previous else []
    prefix = f"plan/{campaign.id}/"
    waiting = await take_back_waiting(session, prefix=prefix)
    schools = {row.school.id: row.school for row in placed}
    for code in sorted(_changed(now, before, of="commune_code") | waiting[RecipientKind.COMMUNE]):
        recipient = Recipient(kind=RecipientKind.COMMUNE, id=code)
        words = _to_commune(plan, campaign, [row for row in placed if row.commune.code == code])
        await tell_office(session, key=f"{prefix}{plan.id}/{code}", recipient=recipient, words=words)
    communes = {row.commune.code: row.commune for row in placed}
    for school_id in sorted(_changed(now, before, of="school_id") | waiting[RecipientKind.SCHOOL]):
        recipient = Recipient(kind=RecipientKind.SCHOOL, id=school_id)
        theirs = [row for row in now if str(row.school_id) == school_id]
        words = _to_school(plan, campaign, theirs, communes=communes, is_known=UUID(school_id) in schools)
        await tell_office(session, key=f"{prefix}{plan.id}/{school_id}", recipient=recipient, words=words)


def _changed(now: Iterable[Placement], before: Iterable[Placement], *, of: str) -> set[str]:
    """Whose people, or their days, are others than they were."""

    def by_office(rows: Iterable[Placement]) -> dict[str, set[Days]]:
        found: dict[str, set[Days]] = defaultdict(set)
        for row in rows:
            days = tuple(day.isoformat() for day in sorted(row.dates))
            found[str(getattr(row, of))].add((row.volunteer_id, tuple(sorted(row.weekdays)), days))
        return found

    new, old = by_office(now), by_office(before)
    return {office for office in {*new, *old} if new.get(office) != old.get(office)}


def _to_commune(plan: Plan, campaign: Campaign, placed: Sequence[Placed]) -> Words:
    by_school: dict[str, list[Placement]] = defaultdict(list)
    for row in placed:
        by_school[row.school.name].append(row.placement)
    people = len(placed)
    return Words(
        about=campaign.name,
        heading=f"{people} người được cử đến xã" if people else "Không còn ai được cử đến xã",
        sentences=[
            f"Phương án bản {plan.version} đã ban hành.",
            "Tên, ngày đến và số điện thoại của từng người ở mục Phương án trên hệ thống."
            if people
            else "Theo phương án này chưa có người đến xã; Sở Nội vụ sẽ liên hệ nếu có thay đổi.",
        ],
        rows=[f"{name}: {len(rows)} người ({_weekdays(rows)})" for name, rows in sorted(by_school.items())],
        english=f"{amount(people, 'person is', 'people are')} placed at your commune by version {plan.version} of the"
        " plan; see the system.",
    )


def _to_school(
    plan: Plan, campaign: Campaign, theirs: Sequence[Placement], *, communes: dict[str, Commune], is_known: bool
) -> Words:
    by_commune = Counter(row.commune_code for row in theirs)
    names = {code: communes[code].full_name if code in communes else code for code in by_commune}
    people = len(theirs)
    return Words(
        about=campaign.name,
        heading=f"{people} người của trường được phân công"
        if is_known
        else "Không còn người của trường được phân công",
        sentences=[
            f"Phương án bản {plan.version} đã ban hành; mỗi người đã được báo phân công của mình.",
            "Ai đã trả lời, ai chưa nhận được tin: xem mục Trả lời và Cần gọi điện trên hệ thống.",
            "Hướng dẫn từng nhiệm vụ có ở trang riêng của mỗi người, và ở danh mục nhiệm vụ trên hệ thống.",
        ],
        rows=[f"{names[code]}: {number} người" for code, number in sorted(by_commune.items())],
        english=f"{amount(people, 'person of your school is', 'people of your school are')} placed by version"
        f" {plan.version} of the plan; see the system.",
    )


def _weekdays(rows: Iterable[Placement]) -> str:
    return ", ".join(WEEKDAYS[day] for day in sorted({day for row in rows for day in row.weekdays}))
