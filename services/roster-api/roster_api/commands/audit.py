"""`roster-api audit`: verify proves that the record is whole; report says whose data somebody read."""

import argparse
import sys
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.audit.chain import verify_chain
from roster_api.audit.people_read import PersonRead, report_reads
from roster_api.commands.words import Parsers, add_command, as_line, carry_out, moment
from roster_api.database import create_engine, create_sessions
from roster_api.settings import Settings
from roster_api.volunteers.models import Volunteer

MOST_IDS = 5000


class ReportLine(BaseModel):
    """One person whose data was read. `full_name`: null of who is erased or gone."""

    volunteer_id: UUID
    full_name: str | None
    times: int
    first_at: str
    last_at: str
    routes: list[str]


class ReportEnd(BaseModel):
    """The last line: over how many reads, and how many people no entry had room for."""

    reads: int
    people: int
    people_left_out: int


def add_commands(commands: Parsers) -> None:
    audit = add_command(commands, "audit", "nhật ký ai đã làm gì", "the record of who did what")
    verbs = audit.add_subparsers(dest="action", required=True)
    verify = add_command(verbs, "verify", "chứng minh nhật ký còn nguyên", "prove that it is whole")
    verify.add_argument(
        "--head", help="mã đã in lần trước, phải còn trong chuỗi · the hash printed before: it must still be there"
    )
    report = add_command(
        verbs,
        "report",
        "ai đã bị xem dữ liệu bởi một khóa hay tài khoản, mỗi người một dòng JSON",
        "whose data a key or an account read, one line of JSON a person",
    )
    report.add_argument("--actor", type=UUID, required=True, help="khóa hoặc tài khoản · id of the key or account")
    report.add_argument("--since", type=moment, required=True, metavar="TIME", help="từ lúc · from (ISO 8601)")
    report.add_argument("--until", type=moment, required=True, metavar="TIME", help="đến trước · before (ISO 8601)")


async def run(settings: Settings, arguments: argparse.Namespace) -> int:
    if arguments.action == "verify":
        return await _verify(settings, head=arguments.head)

    async def act(session: AsyncSession, _operator: Principal) -> str:
        return await _report(session, arguments)

    return await carry_out(settings, command="audit report", act=act, changes=True)


async def _verify(settings: Settings, *, head: str | None) -> int:
    engine = create_engine(settings.database_url, timeout_seconds=None)
    async with create_sessions(engine)() as session:
        verdict = await verify_chain(session, head=head)
    await engine.dispose()
    sys.stdout.write(f"{verdict.words}\n")
    return 1 if verdict.broken else 0


async def _report(session: AsyncSession, arguments: argparse.Namespace) -> str:
    report = await report_reads(session, actor_id=arguments.actor, since=arguments.since, until=arguments.until)
    names = await _list_names(session, list(report.people))
    lines = [_line(person, read, names.get(person)) for person, read in report.people.items()]
    end = ReportEnd(reads=report.entries, people=len(lines), people_left_out=report.people_left_out)
    return "".join(as_line(line) for line in (*sorted(lines, key=lambda line: -line.times), end))


def _line(person: UUID, read: PersonRead, name: str | None) -> ReportLine:
    first, last = (moment.isoformat() if moment else "" for moment in (read.first_at, read.last_at))
    return ReportLine(
        volunteer_id=person, full_name=name, times=read.times, first_at=first, last_at=last, routes=list(read.routes)
    )


async def _list_names(session: AsyncSession, ids: list[UUID]) -> dict[UUID, str]:
    names: dict[UUID, str] = {}
    for start in range(0, len(ids), MOST_IDS):
        query = sa.select(Volunteer.id, Volunteer.full_name).where(
            Volunteer.id.in_(ids[start : start + MOST_IDS]), Volunteer.erased_at.is_(None)
        )
        names |= dict((await session.execute(query)).all())
    return names
