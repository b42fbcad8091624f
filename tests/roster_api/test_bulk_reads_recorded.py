"""Every read of people in bulk leaves one entry in the record, also where a file is written afterwards."""

from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa
from roster_api.audit.models import AuditAction, AuditEntry
from roster_api.audit.reads import BULK_READS

from tests.roster_api.rights_world import Rights, fill, rights_world
from tests.roster_api.test_authz_objects import QUERIES

NOT_IN_THIS_WORLD = {
    "/v1/call-list", "/v1/plans/{plan_id}/messages", "/v1/suppressions", "/v1/volunteers/{volunteer_id}/data",
    "/v1/volunteers/{volunteer_id}/data.html", "/v1/data-subjects/{subject_kind}/{subject_id}/data",
    "/v1/data-subjects/{subject_kind}/{subject_id}/data.html",
}  # fmt: skip
"""They ask the notifier, which this world has not."""


NOTHING_THERE = {
    "/v1/campaigns/{campaign_id}/wave-changes",
    "/v1/campaigns/{campaign_id}/duty-counts/{commune_code}/{week_on}",
    "/v1/matching-runs/{run_id}/set-aside",
    "/v1/plans/{plan_id}/decision.docx",
    "/v1/roster-uploads/{upload_id}/annotated",
    "/v1/roster-uploads/{upload_id}/elsewhere",
    "/v1/roster-uploads/{upload_id}/rows",
    "/v1/secondment-runs/{secondment_run_id}/considered",
    "/v1/secondment-runs/{secondment_run_id}/selection.xlsx",
    "/v1/secondment-runs/{secondment_run_id}/vacancies",
    "/v1/secondments/{secondment_id}/decision.docx",
}
"""What this world has no answer to: nothing was read."""


@pytest.fixture
async def rights(roster_database_url: str) -> AsyncIterator[Rights]:
    async with rights_world(roster_database_url) as made:
        yield made


async def test_every_read_of_people_in_bulk_leaves_one_entry(rights: Rights) -> None:
    wrong, empty = [], set()
    for method, path in sorted(BULK_READS):
        if method != "GET" or path.startswith("/v1/internal/") or path in NOT_IN_THIS_WORLD:
            continue
        before = await count_reads(rights, path)
        where = fill(path, rights.missing | rights.own)
        answer = await rights.world.as_("admin").get(where, params=QUERIES.get(path.rpartition("/")[2], {}))
        left = await count_reads(rights, path) - before
        if answer.status_code != 200:
            empty.add((path, answer.status_code, answer.text[:150]))
        elif left != 1:
            wrong.append((path, left))
    assert wrong == []
    assert {path for path, _status, _text in empty} <= NOTHING_THERE, empty


async def count_reads(rights: Rights, path: str) -> int:
    async with rights.world.session() as session:
        is_its = (AuditEntry.route == path, AuditEntry.action == AuditAction.READ.value)
        return int(await session.scalar(sa.select(sa.func.count()).select_from(AuditEntry).where(*is_its)) or 0)
