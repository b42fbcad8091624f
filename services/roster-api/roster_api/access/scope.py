"""Which rows a principal sees: conditions for WHERE clauses. What is outside answers like what does not exist."""

from typing import Any

from sqlalchemy import ColumnElement, select

from roster_api.access.principal import Principal, Role
from roster_api.campaigns.models import Campaign
from roster_api.communes.models import Commune
from roster_api.decisions.models import ExistingRelation
from roster_api.errors import ForbiddenError
from roster_api.needs.models import NeedDeclaration
from roster_api.schools.models import School
from roster_api.volunteers.models import Volunteer

Conditions = list[ColumnElement[bool]]


def province_scope(principal: Principal, column: Any) -> Conditions:
    """A key bound to a province sees that province only."""
    return [column == principal.province_code] if principal.province_code else []


def commune_scope(principal: Principal) -> Conditions:
    """Communes are reference data: everyone sees those of the own province (contacts apart)."""
    return province_scope(principal, Commune.province_code)


def campaign_scope(principal: Principal) -> Conditions:
    return province_scope(principal, Campaign.province_code)


def school_scope(principal: Principal) -> Conditions:
    """A coordinator sees the own school."""
    conditions = province_scope(principal, School.province_code)
    if principal.role is Role.SCHOOL_COORDINATOR:
        conditions.append(School.id == principal.school_id)
    return conditions


def volunteer_scope(principal: Principal) -> Conditions:
    """A coordinator sees the own school's people, a provincial key those of the province's schools."""
    if principal.role is Role.SCHOOL_COORDINATOR:
        return [Volunteer.school_id == principal.school_id]
    if principal.province_code:
        return [Volunteer.school_id.in_(select(School.id).where(School.province_code == principal.province_code))]
    return []


def need_scope(principal: Principal) -> Conditions:
    """A commune officer sees the own commune's needs. (The campaign is in scope already.)"""
    return [NeedDeclaration.commune_code == principal.commune_code] if principal.role is Role.COMMUNE_OFFICER else []


def relation_scope(principal: Principal) -> Conditions:
    """A coordinator sees the own school's ties. (The campaign is in scope already.)"""
    if principal.role is Role.SCHOOL_COORDINATOR:
        return [ExistingRelation.school_id == principal.school_id]
    return []


def refuse_fields_of_admin(principal: Principal, *, changed: set[str], open_fields: frozenset[str]) -> None:
    """403 when someone other than an admin changes more than `open_fields`."""
    closed = sorted(changed - open_fields)
    if closed and not principal.is_admin:
        raise ForbiddenError(
            "access.fields",
            vi=f"Chỉ Sở Nội vụ được sửa: {', '.join(closed)}.",
            en=f"Only Home Affairs may change: {', '.join(closed)}.",
        )
