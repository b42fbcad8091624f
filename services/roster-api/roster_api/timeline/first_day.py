"""What a province has on its first day, and what it lacks: each line counted from the tables. docs/first-day.md."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.models import RoleAssignment
from roster_api.access.principal import Role
from roster_api.allowances.models import AllowanceRate
from roster_api.boundaries.models import ProvinceBoundaries
from roster_api.campaigns.models import Campaign, CampaignStatus
from roster_api.communes.models import Commune
from roster_api.fields.models import Duty
from roster_api.needs.models import IS_SENT, NeedDeclaration
from roster_api.schools.models import School
from roster_api.timeline.models import CampaignStep
from roster_api.timeline.schemas import FirstDay, FirstDayItem

OFFICES = (Role.ADMIN, Role.DIRECTOR, Role.OVERSEER, Role.SECRETARY_OFFICE, Role.FINANCE, Role.LEADER)
Line = tuple[str, str, str, str, sa.Select[int], sa.Select[int] | int]
"""(code, vi, en, how, how many there are, how many there are to be)."""


def _count(*conditions: sa.ColumnElement[bool]) -> sa.Select[int]:
    return sa.select(sa.func.count()).where(*conditions)


def _lines(province: str) -> Sequence[Line]:
    communes = (Commune.province_code == province, Commune.archived_at.is_(None))
    schools = (School.province_code == province, School.archived_at.is_(None))
    held = (RoleAssignment.province_code == province, RoleAssignment.holds_now())
    roles = sa.select(sa.func.count(RoleAssignment.role.distinct())).where(*held)
    of_communes = sa.select(sa.func.count(RoleAssignment.commune_code.distinct())).where(*held)
    of_schools = sa.select(sa.func.count(RoleAssignment.school_id.distinct())).where(*held)
    reached = (Commune.contact_phone_sealed.is_not(None), Commune.office_address.is_not(None))
    return (
        ("communes", "Danh sách xã, phường, đặc khu", "Communes", "POST /v1/provinces/{code}/communes/import",
         _count(*communes), 1),
        ("boundaries", "Ranh giới xã", "Boundaries", "PUT /v1/provinces/{code}/boundaries",
         _count(ProvinceBoundaries.province_code == province), 1),
        ("commune_contacts", "Xã có địa chỉ và điện thoại đầu mối", "Communes with an office and a contact",
         "PATCH /v1/communes/{code}", _count(*communes, *reached), _count(*communes)),
        ("schools", "Cơ sở đào tạo", "Schools", "POST /v1/schools", _count(*schools), 1),
        ("school_contacts", "Trường có điện thoại đầu mối", "Schools with a contact", "PATCH /v1/schools/{school_id}",
         _count(*schools, School.contact_phone_sealed.is_not(None)), _count(*schools)),
        ("guidance", "Nhiệm vụ có hướng dẫn", "Duties with guidance", "PATCH /v1/duties/{code}",
         _count(Duty.guidance_vi != ""), sa.select(sa.func.count()).select_from(Duty)),
        ("offices", "Cơ quan có tài khoản (Sở Nội vụ, Khoa học và Công nghệ, Tài chính, Văn phòng, lãnh đạo)",
         "Offices with an account", "POST /v1/accounts",
         roles.where(RoleAssignment.role.in_([role.value for role in OFFICES])), len(OFFICES)),
        ("coordinators", "Trường có tài khoản đầu mối", "Schools with a coordinator's account", "POST /v1/accounts",
         of_schools.where(RoleAssignment.role == Role.SCHOOL_COORDINATOR.value), _count(*schools)),
        ("officers", "Xã có tài khoản", "Communes with an officer's account", "POST /v1/accounts",
         of_communes.where(RoleAssignment.role == Role.COMMUNE_OFFICER.value), _count(*communes)),
        ("rates", "Mức hỗ trợ mỗi ngày", "Allowance rates a day", "POST /v1/allowance-rates",
         _count(AllowanceRate.province_code == province, AllowanceRate.component == "service_day"), 1),
        *_lines_of_campaign(province, _count(*communes)),
    )  # fmt: skip


def _lines_of_campaign(province: str, communes: sa.Select[int]) -> Sequence[Line]:
    steps = sa.select(sa.func.count(CampaignStep.step.distinct())).join(
        Campaign, Campaign.id == CampaignStep.campaign_id
    )
    return (
        ("campaign", "Đợt huy động", "A campaign", "POST /v1/campaigns",
         _count(Campaign.province_code == province, Campaign.archived_at.is_(None)), 1),
        ("timeline", "Hạn của các bước", "Due dates of the steps", "PUT /v1/campaigns/{campaign_id}/timeline",
         steps.where(Campaign.province_code == province), 1),
        ("needs", "Xã đã gửi nhu cầu cho đợt mới nhất", "Communes whose need for the newest campaign was sent in",
         "PUT /v1/campaigns/{campaign_id}/needs/{commune_code}", _needs_sent_in(province), communes),
        ("opened", "Đợt mới nhất đã mở", "The newest campaign is opened", "POST /v1/campaigns/{campaign_id}/open",
         _count(Campaign.id == _newest_campaign(province), Campaign.status != CampaignStatus.DRAFT.value), 1),
    )  # fmt: skip


def _newest_campaign(province: str) -> sa.ScalarSelect[UUID]:
    rows = sa.select(Campaign.id).where(Campaign.province_code == province, Campaign.archived_at.is_(None))
    return rows.order_by(Campaign.starts_on.desc(), Campaign.id).limit(1).scalar_subquery()


def _needs_sent_in(province: str) -> sa.Select[int]:
    """Of communes in use; a draft is not sent in."""
    return _count(
        NeedDeclaration.campaign_id == _newest_campaign(province),
        IS_SENT,
        NeedDeclaration.commune_code == Commune.code,
        Commune.archived_at.is_(None),
    )


async def describe_first_day(session: AsyncSession, province_code: str) -> FirstDay:
    """In the order in which things are done."""
    items = []
    for code, vi, en, how, have, want in _lines(province_code):
        number = await session.scalar(have) or 0
        wanted = want if isinstance(want, int) else await session.scalar(want) or 0
        items.append(
            FirstDayItem(
                code=code, vi=vi, en=en, how=how, number=number, wanted=max(wanted, 1), is_done=number >= max(wanted, 1)
            )
        )
    return FirstDay(province_code=province_code, done=sum(item.is_done for item in items), items=items)
