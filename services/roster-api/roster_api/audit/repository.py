"""All SQL that lists the audit."""

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.access.scope import province_scope
from roster_api.audit.models import AuditEntry
from roster_api.audit.schemas import AuditFilter
from roster_api.paging import Paging, fetch_page


def select_entries(principal: Principal, filters: AuditFilter) -> Select[AuditEntry]:
    """Newest first. A key bound to a province sees what keys bound to that province did."""
    query = select(AuditEntry).where(*province_scope(principal, AuditEntry.actor_province_code))
    if filters.subject is not None:
        query = query.where(AuditEntry.subjects.contains([filters.subject]))
    if filters.actor_key_id is not None:
        query = query.where(AuditEntry.actor_key_id == filters.actor_key_id)
    if filters.actor_account_id is not None:
        query = query.where(AuditEntry.actor_account_id == filters.actor_account_id)
    if filters.action is not None:
        query = query.where(AuditEntry.action == filters.action.value)
    if filters.since is not None:
        query = query.where(AuditEntry.created_at >= filters.since)
    if filters.until is not None:
        query = query.where(AuditEntry.created_at < filters.until)
    if filters.object_kind is not None:
        query = query.where(AuditEntry.object_kind == filters.object_kind)
    return query.order_by(AuditEntry.id.desc())


async def list_entries(
    session: AsyncSession, *, principal: Principal, filters: AuditFilter, paging: Paging
) -> tuple[list[AuditEntry], int]:
    return await fetch_page(session, select_entries(principal, filters), paging=paging)
