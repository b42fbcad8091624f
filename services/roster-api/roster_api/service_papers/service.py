"""Decisions about activity reports and certificates: when one may be issued, which one holds."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import sqlalchemy as sa
from commune_service.database_clock import ask_now
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.campaigns.models import Campaign
from roster_api.errors import ConflictError, NotFoundError
from roster_api.papers.codes import make_code, read_code, show_code
from roster_api.plans.repository import lock_campaign
from roster_api.plans.visibility import get_visible_campaign
from roster_api.schools.models import School
from roster_api.service_papers.content import read_content
from roster_api.service_papers.models import PaperKind, ServicePaper
from roster_api.service_papers.schemas import PaperRequest, ServiceContent, ServicePaperOut
from roster_api.service_papers.writing import write_service_paper
from roster_api.training.models import CourseResult
from roster_api.volunteers.models import Volunteer


async def issue(
    session: AsyncSession, *, principal: Principal, campaign_id: UUID, request: PaperRequest
) -> ServicePaper:
    """The paper as confirmed days stand now. The same content again is the paper that holds; another one revokes it.

    404 of another school's person; 409 while no day of theirs is confirmed.
    """
    await get_visible_campaign(session, principal, campaign_id)
    campaign = await lock_campaign(session, campaign_id)
    person = await _find_person(session, principal, campaign, request.volunteer_id)
    is_report = request.kind is PaperKind.ACTIVITY_REPORT
    content = await read_content(session, campaign, person, with_marks=is_report)
    if not content.communes:
        raise ConflictError(
            "service.nothing_confirmed",
            vi="Người này chưa có ngày công nào được xác nhận trong chiến dịch.",
            en="No day of this person is confirmed in the campaign.",
        )
    kept = content.model_dump(mode="json")
    in_force = await _find_in_force(session, campaign_id, request)
    if in_force is not None and in_force.content == kept:
        return in_force
    if in_force is not None:
        await _revoke(session, in_force, by=principal.label)
    paper = ServicePaper(
        campaign_id=campaign_id, volunteer_id=person.id, school_id=person.school_id, kind=request.kind,
        code=make_code(), content=kept, issued_by=principal.label, issued_at=await ask_now(session),
    )  # fmt: skip
    session.add(paper)
    await session.flush()
    return paper


async def _find_person(
    session: AsyncSession, principal: Principal, campaign: Campaign, volunteer_id: UUID
) -> Volunteer:
    """Of the campaign's province; of the own school for who is bound to one. 404 otherwise."""
    query = (
        sa.select(Volunteer)
        .join(School, School.id == Volunteer.school_id)
        .where(Volunteer.id == volunteer_id, School.province_code == campaign.province_code)
    )
    person = await session.scalar(query)
    if person is None or (principal.role.is_of_school and person.school_id != principal.school_id):
        raise NotFoundError
    return person


async def _find_in_force(session: AsyncSession, campaign_id: UUID, request: PaperRequest) -> ServicePaper | None:
    return await session.scalar(
        sa.select(ServicePaper).where(
            ServicePaper.campaign_id == campaign_id,
            ServicePaper.volunteer_id == request.volunteer_id,
            ServicePaper.kind == request.kind,
            ServicePaper.revoked_at.is_(None),
        )
    )


async def is_valid(session: AsyncSession, typed: str) -> bool:
    """Of a paper about service, or of a course's certificate."""
    code = read_code(typed)
    papers = sa.select(ServicePaper.id).where(ServicePaper.code == code, ServicePaper.revoked_at.is_(None))
    certificates = sa.select(CourseResult.staff_id).where(CourseResult.certificate_code == code)
    return await session.scalar(sa.select(sa.or_(papers.exists(), certificates.exists()))) or False


async def revoke(session: AsyncSession, *, principal: Principal, paper_id: UUID) -> ServicePaper:
    """Its code answers no from now on. Revoking again changes nothing."""
    paper = await get_paper(session, principal, paper_id)
    if paper.revoked_at is None:
        await _revoke(session, paper, by=principal.label)
    return paper


async def _revoke(session: AsyncSession, paper: ServicePaper, *, by: str) -> None:
    paper.revoked_by, paper.revoked_at = by, await ask_now(session)
    await session.flush()


async def get_paper(session: AsyncSession, principal: Principal, paper_id: UUID) -> ServicePaper:
    """404 of another province's or another school's."""
    paper = await session.scalar(select_papers(principal).where(ServicePaper.id == paper_id))
    if paper is None:
        raise NotFoundError
    await get_visible_campaign(session, principal, paper.campaign_id)
    return paper


def select_papers(principal: Principal) -> sa.Select[ServicePaper]:
    """The newest first; a school those of its own people."""
    query = sa.select(ServicePaper)
    if principal.role.is_of_school:
        query = query.where(ServicePaper.school_id == principal.school_id)
    return query.order_by(ServicePaper.issued_at.desc(), ServicePaper.id)


def show(paper: ServicePaper) -> ServicePaperOut:
    content = ServiceContent.model_validate(paper.content)
    columns = set(ServicePaperOut.model_fields) - {"full_name", "days", "code"}
    return ServicePaperOut(
        **{name: getattr(paper, name) for name in columns},
        full_name=content.full_name,
        days=len(content.days),
        code=show_code(paper.code),
    )


def prepare_docx(paper: ServicePaper, *, public_url: str) -> Callable[[], bytes]:
    """To be called outside the transaction, in a thread. 409 of a paper that was revoked."""
    if paper.revoked_at is not None:
        raise ConflictError(
            "service.revoked",
            vi="Văn bản này đã bị thu hồi. Hãy cấp văn bản mới.",
            en="This paper was revoked. Issue a new one.",
        )
    code = show_code(paper.code)
    return partial(
        write_service_paper,
        PaperKind(paper.kind),
        ServiceContent.model_validate(paper.content),
        code=code,
        address=f"{public_url.rstrip('/')}/v/{code}",
        issued_at=paper.issued_at,
    )
