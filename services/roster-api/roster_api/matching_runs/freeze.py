"""Freezes what a run is to solve: everything the worker is told, read in one transaction, in a fixed order.

Only communes with a declared need and active volunteers of schools that are not archived take part, who have told a
free weekday; a decision about anything else says nothing here and is left out. Who last said that they cannot go is not
planned for, unless the office pinned them since: a pin is the later word.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from commune_schemas.documents import FieldName
from commune_schemas.matching import (
    MatchingProblem,
    PlacementDecision,
    PreviousPlacement,
    ProblemCommune,
    ProblemSchool,
    ProblemVolunteer,
    ResponsibilityDecision,
    SolveOptions,
)
from commune_schemas.unkept import UnkeptPin
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from roster_api.answers import repository as answers
from roster_api.answers.unable import list_unable_since_pins
from roster_api.campaigns.models import Campaign
from roster_api.campaigns.policy import AUTO, CampaignPolicy, communes_a_supervisor, settle_options
from roster_api.communes.models import Commune
from roster_api.decisions.models import Decision, DecisionKind, ExistingRelation
from roster_api.fields.models import Duty, ExpertiseField
from roster_api.matching_runs.archived import name_archived
from roster_api.matching_runs.freeze_days import list_frozen_days
from roster_api.matching_runs.freeze_ways import list_frozen_ways
from roster_api.needs.models import IS_SENT, NeedDeclaration
from roster_api.needs.service import need_days, people_asked_for, priority_of
from roster_api.plans import repository as plans
from roster_api.plans.models import Placement, Responsibility
from roster_api.schools.models import School
from roster_api.volunteers.humans import list_humans
from roster_api.volunteers.models import Volunteer, VolunteerStatus


async def freeze_problem(
    session: AsyncSession, *, campaign: Campaign, run_id: UUID, options: SolveOptions
) -> MatchingProblem:
    """The problem of this campaign as the roster stands now. Lists may be empty: the caller judges that.

    `options` as asked for: the campaign's policy fills in what they leave out.
    """
    schools = await list_schools(session, campaign.province_code)
    settled = settle_options(options, CampaignPolicy.model_validate(campaign.policy))
    communes = await _list_communes(session, campaign.id, min_people=settled["min_people"])
    unable = await list_unable_since_pins(session, campaign.id)
    volunteers = await _list_volunteers(session, schools, without=set(unable))
    known = Known(schools, {commune.code for commune in communes}, {volunteer.id for volunteer in volunteers})
    fields = (await session.scalars(sa.select(ExpertiseField).order_by(ExpertiseField.position))).all()
    return MatchingProblem(
        run_id=run_id,
        campaign_id=campaign.id,
        province_code=campaign.province_code,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        options=_with_policy(options, settled, communes=communes, volunteers=volunteers),
        fields=[field.code for field in fields],
        field_names={field.code: FieldName(vi=field.name_vi, en=field.name_en) for field in fields},
        schools=[_school(school) for school in schools.values()],
        communes=communes,
        volunteers=volunteers,
        humans=await list_humans(session, school_ids=list(schools), taking_part=known.volunteers),
        **await list_decisions(session, campaign.id, known),
        existing=await _list_existing(session, campaign.id, known),
        **await _list_previous(session, campaign, known),
        **await list_frozen_ways(session, campaign.province_code, communes=known.communes, schools=schools),
        **await list_frozen_days(session, campaign, schools=schools, volunteers=known.volunteers),
    )


def _with_policy(
    asked: SolveOptions,
    settled: dict[str, Any],
    *,
    communes: Collection[ProblemCommune],
    volunteers: Collection[ProblemVolunteer],
) -> SolveOptions:
    if settled["max_communes_per_lecturer"] == AUTO:
        supervisors = sum(volunteer.role in settled["supervisors"] for volunteer in volunteers)
        settled["max_communes_per_lecturer"] = communes_a_supervisor(supervisors=supervisors, communes=len(communes))
    return asked.model_copy(update=settled)


class Known:
    """Which schools, communes and volunteers take part."""

    def __init__(self, schools: dict[UUID, School], communes: set[str], volunteers: set[UUID]) -> None:
        self.schools = schools
        self.communes = communes
        self.volunteers = volunteers

    def relation(self, row: Any, *, reason: str = "") -> ResponsibilityDecision | None:
        """The row's (commune, school), if both take part."""
        if row.commune_code not in self.communes or row.school_id not in self.schools:
            return None
        return ResponsibilityDecision(
            commune_code=row.commune_code, school_code=self.schools[row.school_id].code, reason=reason
        )

    def left_out(self, row: Decision, codes: dict[UUID, str], archived: dict[str, str]) -> UnkeptPin:
        """A pin of somebody, or to somewhere, that takes no part: the run says so instead of passing it over."""
        vi, en = "xã không khai nhu cầu trong đợt này", "the commune has declared no need in this campaign"
        name = archived.get(row.commune_code)
        commune_vi, commune_en = name or f"xã {row.commune_code}", name or f"commune {row.commune_code}"
        if name:
            vi, en = "xã đã ngừng sử dụng, hãy khôi phục hoặc bỏ ghim", "the commune is archived; restore it or unpin"
        elif row.commune_code in self.communes and row.volunteer_id:
            vi = (
                "người này không tham gia: đã rút, đã báo không đi được, chưa khai ngày rảnh, hoặc trường không còn"
                " trong danh sách"
            )
            en = (
                "they take no part: withdrawn, said that they cannot go, no free day known, or their school is archived"
            )
        elif row.commune_code in self.communes:
            vi, en = "trường không còn trong danh sách", "the school is archived"
        school_code = codes[row.school_id] if row.school_id else None
        whose = school_code or str(row.volunteer_id)
        return UnkeptPin(
            commune_code=row.commune_code,
            volunteer_id=row.volunteer_id,
            school_code=school_code,
            rule="P0",
            vi=f"Không giữ được ghim {whose} vào {commune_vi}: {vi} (P0).",
            en=f"The pin of {whose} to {commune_en} is not kept: {en} (P0).",
        )


def _school(school: School) -> ProblemSchool:
    return ProblemSchool(
        code=school.code,
        name=school.name,
        latitude=school.latitude,
        longitude=school.longitude,
        is_remote_capable=school.is_remote_capable,
    )


async def list_schools(session: AsyncSession, province_code: str) -> dict[UUID, School]:
    query = sa.select(School).where(School.province_code == province_code, School.archived_at.is_(None))
    return {school.id: school for school in await session.scalars(query.order_by(School.code))}


async def _list_communes(session: AsyncSession, campaign_id: UUID, *, min_people: int) -> list[ProblemCommune]:
    duty_fields = dict((await session.execute(sa.select(Duty.code, Duty.field_code))).all())
    query = (
        sa.select(NeedDeclaration, Commune)
        .join(Commune, Commune.code == NeedDeclaration.commune_code)
        .where(NeedDeclaration.campaign_id == campaign_id, Commune.archived_at.is_(None))
        .where(IS_SENT)
        .order_by(Commune.code)
        .options(selectinload(NeedDeclaration.items))
    )
    rows = (await session.execute(query)).all()
    return [_commune(need, commune, duty_fields, min_people=min_people) for need, commune in rows]


def _commune(
    need: NeedDeclaration, commune: Commune, duty_fields: dict[str, str], *, min_people: int
) -> ProblemCommune:
    return ProblemCommune(
        code=commune.code,
        name=commune.full_name,
        latitude=commune.latitude,
        longitude=commune.longitude,
        is_remote=commune.is_remote,
        road_factor=commune.road_factor,
        lacks_it_staff=need.lacks_it_staff,
        priority=priority_of(lacks_it_staff=need.lacks_it_staff),
        need_days=need_days(need.items, duty_fields),
        presence=need.presence,
        min_people=people_asked_for(need, otherwise=min_people),
    )


async def _list_volunteers(
    session: AsyncSession, schools: dict[UUID, School], *, without: set[UUID]
) -> list[ProblemVolunteer]:
    query = (
        sa.select(Volunteer)
        .where(Volunteer.school_id.in_(schools), Volunteer.status == VolunteerStatus.ACTIVE.value)
        .where(Volunteer.is_incomplete.is_(False))
        .order_by(Volunteer.id)
    )
    return [
        ProblemVolunteer(
            id=volunteer.id,
            school_code=schools[volunteer.school_id].code,
            role=volunteer.role,
            skills=volunteer.skills,
            free_weekdays=sorted(volunteer.free_weekdays),
            max_days=volunteer.max_days,
            max_distance_m=volunteer.max_distance_m,
            team=volunteer.team,
        )
        for volunteer in await session.scalars(query)
        if volunteer.id not in without
    ]


async def list_decisions(session: AsyncSession, campaign_id: UUID, known: Known) -> dict[str, list[Any]]:
    query = (
        sa.select(Decision)
        .where(Decision.campaign_id == campaign_id, Decision.withdrawn_at.is_(None))
        .order_by(Decision.decided_at, Decision.id)
    )
    codes = dict((await session.execute(sa.select(School.id, School.code))).all())
    decisions = (await session.scalars(query)).all()
    archived = await name_archived(session, {row.commune_code for row in decisions} - known.communes)
    kinds = ("pins", "forbids", "placement_pins", "placement_forbids", "left_out_pins")
    found: dict[str, list[Any]] = {kind: [] for kind in kinds}
    for row in decisions:
        match row.kind:
            case DecisionKind.RESPONSIBILITY_PIN | DecisionKind.RESPONSIBILITY_FORBID:
                relation = known.relation(row, reason=row.reason)
                target = "pins" if row.kind == DecisionKind.RESPONSIBILITY_PIN else "forbids"
                found[target] += [relation] if relation else []
                if relation is None and row.kind == DecisionKind.RESPONSIBILITY_PIN:
                    found["left_out_pins"].append(known.left_out(row, codes, archived))
            case _ if row.commune_code in known.communes and row.volunteer_id in known.volunteers:
                target = "placement_pins" if row.kind == DecisionKind.PLACEMENT_PIN else "placement_forbids"
                found[target].append(
                    PlacementDecision(
                        volunteer_id=row.volunteer_id,
                        commune_code=row.commune_code,
                        reason=row.reason,
                        weekdays=row.weekdays,
                    )
                )
            case DecisionKind.PLACEMENT_PIN:
                found["left_out_pins"].append(known.left_out(row, codes, archived))
    return found


async def _list_existing(session: AsyncSession, campaign_id: UUID, known: Known) -> list[ResponsibilityDecision]:
    query = (
        sa.select(ExistingRelation)
        .where(ExistingRelation.campaign_id == campaign_id)
        .order_by(ExistingRelation.commune_code, ExistingRelation.school_id)
    )
    relations = [known.relation(row, reason=row.note) for row in await session.scalars(query)]
    return [relation for relation in relations if relation]


async def _list_previous(session: AsyncSession, campaign: Campaign, known: Known) -> dict[str, list[Any]]:
    """Leads and placements of the plan in force, else of the wave before, as far as they could be kept."""
    in_force = await plans.find_plan_in_force(session, campaign.id)
    if in_force is None and campaign.follows_id is not None:
        in_force = await plans.find_plan_in_force(session, campaign.follows_id)
    if in_force is None:
        return {}
    leads = await session.scalars(
        sa.select(Responsibility)
        .where(Responsibility.plan_id == in_force.id, Responsibility.is_lead)
        .order_by(Responsibility.commune_code)
    )
    placements = await session.scalars(
        sa.select(Placement).where(Placement.plan_id == in_force.id).order_by(Placement.volunteer_id)
    )
    confirmed = await answers.list_confirmed(session, in_force)
    relations = [known.relation(row) for row in leads]
    return {
        "previous": [relation for relation in relations if relation],
        "previous_placements": [
            PreviousPlacement(
                volunteer_id=row.volunteer_id,
                commune_code=row.commune_code,
                weekdays=row.weekdays,
                work_days=row.work_days,
                is_confirmed=row.volunteer_id in confirmed,
            )
            for row in placements
            if row.volunteer_id in known.volunteers and row.commune_code in known.communes
        ],
    }
