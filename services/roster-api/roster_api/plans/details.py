"""What each placed person is told, and what is missing before they can be told: computed from the roster as it stands.

The digest covers exactly what a person reads and acts on (commune, weekdays, dates, hours, duties, address, contacts),
so a later version that leaves it as it is has nothing new to tell them.
"""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.days import LostDate
from commune_schemas.placement_details import Contact, PlacementDetails
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.campaigns.models import Campaign
from roster_api.communes.models import Commune
from roster_api.fields.models import Duty
from roster_api.needs.models import IS_SENT, NeedDeclaration, NeedItem
from roster_api.plans.models import Placement, Plan
from roster_api.provinces.models import Province
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer

ANY_HELP = "Hỗ trợ xã theo phân công tại chỗ"
"""What people do in a commune that asked for heads and named no duty."""


@dataclass(frozen=True)
class Placed:
    """One placement with the rows it speaks of."""

    placement: Placement
    volunteer: Volunteer
    commune: Commune
    school: School
    province: Province


@dataclass(frozen=True)
class DutiesOfCommunes:
    """Names of the duties a commune asked for, by field, in the catalogue's order."""

    by_commune: dict[str, list[tuple[str, str]]]

    def names(self, commune_code: str, work_days: dict[str, int]) -> list[str]:
        """Duties of the fields this person works in there; all that the commune asked for if they are just present;
        help of any kind where it asked for people alone."""
        asked = self.by_commune.get(commune_code, [])
        own = [name for field, name in asked if work_days.get(field)]
        return own or [name for _, name in asked] or [ANY_HELP]


async def list_placed(session: AsyncSession, plan_id: UUID) -> list[Placed]:
    """Every placement of a plan with its rows, by volunteer id."""
    query = (
        sa.select(Placement, Volunteer, Commune, School, Province)
        .join(Volunteer, Volunteer.id == Placement.volunteer_id)
        .join(Commune, Commune.code == Placement.commune_code)
        .join(School, School.id == Placement.school_id)
        .join(Province, Province.code == Commune.province_code)
        .where(Placement.plan_id == plan_id)
        .order_by(Placement.volunteer_id)
    )
    return [Placed(*row) for row in await session.execute(query)]


async def list_duties(session: AsyncSession, campaign_id: UUID) -> DutiesOfCommunes:
    query = (
        sa.select(NeedDeclaration.commune_code, Duty.field_code, Duty.name_vi)
        .join(NeedItem, NeedItem.declaration_id == NeedDeclaration.id)
        .join(Duty, Duty.code == NeedItem.duty_code)
        .where(NeedDeclaration.campaign_id == campaign_id, IS_SENT)
        .order_by(NeedDeclaration.commune_code, Duty.position, Duty.code)
    )
    by_commune: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for commune_code, field, name in await session.execute(query):
        by_commune[commune_code].append((field, name))
    return DutiesOfCommunes(by_commune)


async def list_told(
    session: AsyncSession, *, plan: Plan, campaign: Campaign, placed: list[Placed]
) -> dict[UUID, PlacementDetails]:
    """What each placed volunteer would be told today."""
    duties = await list_duties(session, plan.campaign_id)
    return {row.placement.volunteer_id: _details(row, campaign, duties) for row in placed}


def _details(row: Placed, campaign: Campaign, duties: DutiesOfCommunes) -> PlacementDetails:
    placement, commune, school = row.placement, row.commune, row.school
    return PlacementDetails(
        commune_code=commune.code,
        commune_name=commune.full_name,
        province_name=row.province.name,
        office_address=commune.office_address or "",
        is_remote=commune.is_remote,
        weekdays=sorted(placement.weekdays),
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        dates=sorted(placement.dates),
        lost=[LostDate.model_validate(one) for one in placement.lost],
        start_time=campaign.start_time.strftime("%H:%M"),
        end_time=campaign.end_time.strftime("%H:%M"),
        duties=duties.names(commune.code, placement.work_days),
        distance_km=round(placement.distance_m / 1000),
        commune_contact=_contact(commune),
        school_contact=_contact(school),
    )


def _contact(owner: Commune | School) -> Contact:
    return Contact(name=owner.contact_name or "", phone=owner.contact_phone or "", email=owner.contact_email)
