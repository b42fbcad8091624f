"""The notices of an overdue step, to whom it waits for; and of a starting point, to the other of school and commune."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.notices import (
    NoticeKind,
    NoticePage,
    OfficePart,
    OfficeWordsNotice,
    Recipient,
    RecipientKind,
    Source,
    SourceKind,
)
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.models import Account
from roster_api.campaigns.models import Campaign
from roster_api.communes.models import Commune
from roster_api.errors import NotFoundError
from roster_api.fields.models import Duty
from roster_api.schools.models import School
from roster_api.timeline.models import Act, Side, StartingPointStep, StepName, StepReminder

OVERDUE = {
    StepName.LISTS: ("Danh sách người tham gia chưa có", "Xin gửi danh sách của trường.", "The list of your people"),
    StepName.NEEDS: ("Nhu cầu chưa chốt", "Xin khai nhu cầu của xã, hoặc duyệt nhu cầu đã gửi.", "The need"),
    StepName.RUN: ("Chưa chạy ghép", "Xin chạy ghép để có phương án.", "The matching run"),
    StepName.APPROVAL: ("Phương án chưa được phê duyệt", "Xin xem và phê duyệt phương án.", "The approval of a plan"),
    StepName.LAUNCH: ("Chưa ra quân", "Xin ghi ngày ra quân khi đợt đã bắt đầu.", "The launch"),
    StepName.REVIEW: ("Chưa tổng kết", "Xin tổng kết, đánh giá rồi đóng đợt.", "The review"),
}
POINTS = {
    Act.PROPOSED: ("Đề xuất điểm khởi đầu", "Xin xem và đồng ý, hoặc đề xuất khác.", "A starting point is proposed"),
    Act.CHANGED: ("Điểm khởi đầu có thay đổi", "Xin xem lại và đồng ý, hoặc đề xuất khác.", "The proposal changed"),
    Act.AGREED: ("Đã thống nhất điểm khởi đầu", "Hai bên bắt đầu như dưới đây.", "The starting point is agreed"),
}


async def list_notices_of_step(
    session: AsyncSession, *, source_id: UUID, unchanged: bool, limit: int, offset: int
) -> NoticePage:
    """In the order in which they were written down. Each reminder is a thread of its own."""
    reminder = await session.get(StepReminder, source_id)
    if reminder is None:
        raise NotFoundError
    campaign = await session.get_one(Campaign, reminder.campaign_id)
    rows = [] if unchanged else [Recipient(**each) for each in reminder.recipients]
    shown = rows[offset : offset + limit]
    names = await _list_names(session, shown)
    late, please, english = OVERDUE[StepName(reminder.step)]
    due = f"{reminder.due_on:%d/%m/%Y}"
    part = OfficePart(
        heading=f"Quá hạn {due}: {late}",
        sentences=[f"Hạn là ngày {due}. {please}"],
        english=f"{english} was due on {due} (day/month/year) and is still awaited.",
    )
    items = [
        OfficeWordsNotice(
            source=Source(kind=SourceKind.CAMPAIGN_STEP, id=reminder.id, version=1),
            recipient=each,
            kind=NoticeKind.OFFICE_NOTICE,
            thread=f"campaign-step/{reminder.id}",
            commune_code=each.id if each.kind is RecipientKind.COMMUNE else None,
            to=names.get(each.id, ""),
            subject=part.heading,
            about=campaign.name,
            parts=[part],
        )
        for each in shown
    ]
    return NoticePage(items=items, total=len(rows), limit=limit, offset=offset)


async def _list_names(session: AsyncSession, recipients: Sequence[Recipient]) -> dict[str, str]:
    codes = [each.id for each in recipients if each.kind is RecipientKind.COMMUNE]
    ids = [UUID(each.id) for each in recipients if each.kind is not RecipientKind.COMMUNE]
    names: dict[str, str] = {}
    for query in (
        sa.select(Commune.code, Commune.full_name).where(Commune.code.in_(codes)),
        sa.select(School.id, School.name).where(School.id.in_(ids)),
        sa.select(Account.id, Account.display_name).where(Account.id.in_(ids)),
    ):
        names |= {str(row[0]): row[1] for row in await session.execute(query)}
    return names


async def list_notices_of_starting_point(
    session: AsyncSession, *, source_id: UUID, unchanged: bool, limit: int, offset: int
) -> NoticePage:
    """One: to the side that did not speak."""
    step = await session.get(StartingPointStep, source_id)
    if step is None:
        raise NotFoundError
    campaign = await session.get_one(Campaign, step.campaign_id)
    commune = await session.get_one(Commune, step.commune_code)
    school = await session.get_one(School, step.school_id)
    duties = dict((await session.execute(sa.select(Duty.code, Duty.name_vi).where(Duty.code.in_(step.duties)))).all())
    is_to_school = step.side == Side.COMMUNE
    recipient = (
        Recipient(kind=RecipientKind.SCHOOL, id=str(school.id))
        if is_to_school
        else Recipient(kind=RecipientKind.COMMUNE, id=commune.code)
    )
    what, please, english = POINTS[Act(step.act)]
    first, names = f"{step.first_visit_on:%d/%m/%Y}", "; ".join(duties.get(code, code) for code in step.duties)
    part = OfficePart(
        heading=f"{what}: {commune.full_name}",
        sentences=[please],
        rows=[f"Buổi đầu tiên: {first}", f"Nhiệm vụ đầu tiên: {names}"],
        english=f"{english}: {commune.full_name}, first visit on {first} (day/month/year).",
    )
    notice = OfficeWordsNotice(
        source=Source(kind=SourceKind.STARTING_POINT, id=step.id, version=step.number),
        recipient=recipient,
        kind=NoticeKind.OFFICE_NOTICE,
        thread=f"starting-point/{campaign.id}/{commune.code}/{school.id}",
        school_name=school.name,
        commune_code=commune.code,
        to=school.name if is_to_school else commune.full_name,
        subject=part.heading,
        about=campaign.name,
        parts=[part],
    )
    rows = [] if unchanged else [notice]
    return NoticePage(items=rows[offset : offset + limit], total=len(rows), limit=limit, offset=offset)


async def find_campaigns_of_steps(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    query = sa.select(StepReminder.id, StepReminder.campaign_id).where(StepReminder.id.in_(ids))
    return dict((await session.execute(query)).all())


async def find_campaigns_of_starting_points(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    query = sa.select(StartingPointStep.id, StartingPointStep.campaign_id).where(StartingPointStep.id.in_(ids))
    return dict((await session.execute(query)).all())
