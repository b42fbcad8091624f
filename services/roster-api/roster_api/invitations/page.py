"""The page behind an invitation's link: what is asked, what was typed, what is recorded; in two languages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta, timezone
from pathlib import Path

from commune_schemas.words import local_phone
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.answers.page import WEEKDAYS, Line, make_templates, respond
from roster_api.communes.models import Commune
from roster_api.consents.models import Purpose
from roster_api.consents.schemas import ConsentState, PurposeRead
from roster_api.consents.service import describe as describe_consents
from roster_api.fields.models import ExpertiseField
from roster_api.invitations.form import Filled, show_known
from roster_api.invitations.models import Invitation
from roster_api.invitations.repository import find_state
from roster_api.invitations.schemas import InvitationState
from roster_api.provinces.models import Province
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer

LOCAL = timezone(timedelta(hours=7))
TEMPLATES = make_templates(Path(__file__).parent / "templates")
LEVELS = (
    ("0", "Không", "No"), ("1", "Biết cơ bản", "Basic"), ("2", "Làm được", "Able"), ("3", "Thành thạo", "Expert"),
)  # fmt: skip
TRANSPORTS = (
    ("motorbike", "Xe máy của tôi", "My motorbike"), ("car", "Ô tô của tôi", "My car"),
    ("bus", "Xe buýt, xe khách", "Bus or coach"), ("none", "Cần người chở", "I need to be brought"),
)  # fmt: skip
ABSENCE_KINDS = (("teaching", "Dạy, học", "Classes"), ("exam", "Thi", "Exams"), ("leave", "Nghỉ, việc riêng", "Leave"))
ASKED = Line(
    "Trường đã ghi tên bạn. Xin cho biết thêm mấy điều dưới đây để được xếp nơi phù hợp; chừng ba phút.",
    "Your school put your name down. Please say the rest below, so that the place suits you; about three minutes.",
)
GIVEN = Line(
    "Đã ghi nhận những điều bạn khai. Cảm ơn bạn! Bạn có thể sửa cho đến khi liên kết hết hạn.",
    "What you said is recorded. Thank you! You may change it until the link is over.",
    "good",
)
DECLINED = Line(
    "Đã ghi nhận bạn không tham gia. Nếu đổi ý, hãy điền và gửi biểu mẫu dưới đây.",
    "We noted that you do not take part. If you change your mind, fill in and send the form below.",
    "warn",
)
WRONG = Line(
    "Chưa ghi được: xem các chỗ báo lỗi bên dưới. Những gì bạn đã điền vẫn còn.",
    "Nothing was recorded yet: see the marked places below. What you typed is still there.",
    "warn",
)


@dataclass(frozen=True)
class Mine:
    """What the page is made of."""

    person: Volunteer
    school: School
    province: Province
    state: InvitationState
    fields: Sequence[ExpertiseField]
    communes: Sequence[tuple[str, str]]
    consents: dict[Purpose, PurposeRead]

    def show(self) -> Filled:
        states = {purpose: one.state for purpose, one in self.consents.items()}
        wants = {ConsentState.GIVEN: True, ConsentState.WITHDRAWN: False}.get(states[Purpose.MESSAGES])
        return show_known(
            self.person, agrees=states[Purpose.MATCHING] is ConsentState.GIVEN, messages=wants
        )  # fmt: skip


async def load_mine(session: AsyncSession, invitation: Invitation) -> Mine:
    person = await session.get_one(Volunteer, invitation.volunteer_id)
    school = await session.get_one(School, invitation.school_id)
    province = await session.get_one(Province, school.province_code)
    communes = (
        select(Commune.code, Commune.full_name)
        .where(Commune.province_code == school.province_code, Commune.archived_at.is_(None))
        .order_by(Commune.sort_key)
    )
    consents = await describe_consents(session, person.id)
    fields = await session.scalars(select(ExpertiseField).order_by(ExpertiseField.position, ExpertiseField.code))
    return Mine(
        person=person,
        school=school,
        province=province,
        state=await find_state(session, invitation),
        fields=fields.all(),
        communes=[(code, name) for code, name in await session.execute(communes)],
        consents={one.purpose: one for one in consents.purposes},
    )


def render(mine: Mine, invitation: Invitation, filled: Filled | None = None, *, status: int = 200) -> HTMLResponse:
    """The form, as the roster has the person, or as it was typed when something in it is wrong."""
    states = {InvitationState.ANSWERED: GIVEN, InvitationState.DECLINED: DECLINED}
    line = WRONG if filled is not None and filled.errors else states.get(mine.state, ASKED)
    school = mine.school
    contact = ", ".join(filter(None, (school.contact_name, local_phone(school.contact_phone or ""))))
    return respond(
        TEMPLATES,
        "invitation.html",
        status=status,
        title_vi="Khai để tham gia hỗ trợ xã",
        title_en="Tell us when and how you can help",
        lines=[line],
        mine=mine,
        filled=filled or mine.show(),
        contact=contact,
        until=f"{invitation.expires_at.astimezone(LOCAL):%d/%m/%Y}",
        weekdays=WEEKDAYS,
        levels=LEVELS,
        transports=TRANSPORTS,
        kinds=ABSENCE_KINDS,
        matching=mine.consents[Purpose.MATCHING],
        messages=mine.consents[Purpose.MESSAGES],
    )
