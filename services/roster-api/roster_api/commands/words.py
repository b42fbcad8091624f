"""Commands with their help in Vietnamese and English, and what they share: bounds, moments, one transaction."""

import argparse
import getpass
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from pydantic import BaseModel, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal, Role
from roster_api.actors import keep_actor
from roster_api.audit.changes import collect
from roster_api.audit.recording import record_command
from roster_api.database import create_engine, create_sessions
from roster_api.errors import ProblemError
from roster_api.settings import Settings

Act = Callable[[AsyncSession, Principal], Awaitable[str]]
"""What a command does in its transaction; returns what it prints."""


class Parsers(Protocol):
    """What `add_subparsers` returns."""

    def add_parser(self, name: str, **options: Any) -> argparse.ArgumentParser: ...


def add_command(parsers: Parsers, name: str, vi: str, en: str) -> argparse.ArgumentParser:
    both = f"{vi} · {en}"
    return parsers.add_parser(name, help=both, description=both)


def add_bounds(parser: argparse.ArgumentParser, *, with_unit: bool) -> None:
    parser.add_argument("--province", metavar="CODE", help="mã tỉnh (2 chữ số) · code of the province (2 digits)")
    parser.add_argument("--school", type=UUID, metavar="ID", help="trường · the school's id")
    parser.add_argument("--commune", metavar="CODE", help="mã xã (5 chữ số) · code of the commune (5 digits)")
    if with_unit:
        parser.add_argument("--unit", metavar="CODE", help="đơn vị cử người · the unit of an agency")


def bounds_of(arguments: argparse.Namespace) -> dict[str, Any]:
    """What was named, by the names that bodies have."""
    named = {
        "province_code": arguments.province,
        "school_id": arguments.school,
        "commune_code": arguments.commune,
        "unit_code": getattr(arguments, "unit", None),
    }
    return {name: value for name, value in named.items() if value is not None}


def moment(text: str) -> datetime:
    """An ISO moment; without an offset, UTC."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def as_line(shape: BaseModel) -> str:
    return shape.model_dump_json(by_alias=True) + "\n"


async def carry_out(settings: Settings, *, command: str, act: Act, changes: bool) -> int:
    """One transaction with its entry in the audit, or none; exit status. What is refused is said in both languages."""
    operator = Principal(role=Role.ADMIN, label=f"máy chủ ({getpass.getuser()})")
    engine = create_engine(settings.database_url, timeout_seconds=settings.database_timeout_seconds)
    try:
        async with create_sessions(engine).begin() as session:
            keep_actor(session, operator)
            changed = collect(session)
            printed = await act(session, operator)
            if changes:
                await session.flush()
                await record_command(session, operator, command=command, changes=changed)
    except (ProblemError, ValidationError) as refused:
        sys.stderr.write(_explain(refused))
        return 1
    finally:
        await engine.dispose()
    sys.stdout.write(printed)  # once it is stored, and never before
    return 0


def _explain(refused: ProblemError | ValidationError) -> str:
    if isinstance(refused, ProblemError):
        places = "".join(f"  {error.pointer}: {error.vi} · {error.en}\n" for error in refused.errors)
        return f"{refused.vi}\n{refused.en}\n{places}"
    words = [f"  {'.'.join(str(part) for part in error['loc'])}: {error['msg']}" for error in refused.errors()]
    return "\n".join(["Chưa đúng · Not acceptable:", *words, ""])
