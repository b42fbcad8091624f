"""`roster-api keys`: list, create, rotate, revoke; and `create-key`, the older word for create."""

import argparse
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.keys import add_key
from roster_api.access.models import ROLES_WITH_KEYS
from roster_api.access.principal import Principal, Role
from roster_api.api_keys import service
from roster_api.api_keys.schemas import KeyCreate, KeyRead, KeyRotation
from roster_api.commands.words import Parsers, add_bounds, add_command, as_line, bounds_of, carry_out, moment
from roster_api.errors import InvalidError
from roster_api.paging import LIMIT_MAXIMUM, Paging
from roster_api.settings import Settings


def add_commands(commands: Parsers) -> None:
    keys = add_command(commands, "keys", "khóa API cho máy", "API keys, for machines")
    verbs = keys.add_subparsers(dest="verb", required=True)
    listed = add_command(verbs, "list", "liệt kê, mỗi khóa một dòng JSON", "list, one line of JSON a key")
    listed.add_argument("--role", choices=ROLES_WITH_KEYS, help="vai trò · role")
    listed.add_argument("--revoked", action="store_true", help="những khóa đã thu hồi · the revoked ones")
    _add_create(add_command(verbs, "create", "tạo khóa và in ra một lần", "make a key and print it, once"))
    rotate = add_command(
        verbs, "rotate", "tạo khóa thay thế và in ra một lần", "make the key that follows; print it, once"
    )
    rotate.add_argument("key", type=UUID, help="khóa cũ · id of the old key")
    rotate.add_argument(
        "--overlap-hours", type=int, default=24, metavar="N", help="khóa cũ còn dùng N giờ · how long the old one works"
    )
    revoke = add_command(verbs, "revoke", "thu hồi một khóa", "revoke a key, with the next request")
    revoke.add_argument("key", type=UUID, help="khóa · id of the key")
    older = add_command(commands, "create-key", "như `keys create`", "the same as `keys create`")
    older.set_defaults(verb="create")
    _add_create(older)


def _add_create(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--role", choices=ROLES_WITH_KEYS, required=True, help="vai trò · role")
    parser.add_argument("--label", required=True, help="khóa của ai · whose key it is")
    add_bounds(parser, with_unit=False)
    parser.add_argument("--expires", type=moment, metavar="TIME", help="hết hạn lúc · ends at (ISO 8601)")
    parser.add_argument("--read-only", action="store_true", help="chỉ để đọc · for reading alone")
    parser.add_argument(
        "--instead-of-account",
        action="store_true",
        help="vai trò của người: xác nhận một chương trình cần khóa · a person's role: a program really needs the key",
    )


async def run(settings: Settings, arguments: argparse.Namespace) -> int:
    async def act(session: AsyncSession, operator: Principal) -> str:
        match arguments.verb:
            case "list":
                return await _list(session, operator, arguments)
            case "create":
                return await _create(session, operator, arguments)
            case "rotate":
                body = KeyRotation(overlap_hours=arguments.overlap_hours)
                _row, value = await service.rotate_key(session, principal=operator, key_id=arguments.key, body=body)
                return f"{value}\n"
            case _:
                row = await service.revoke_key(session, principal=operator, key_id=arguments.key)
                return as_line(KeyRead.model_validate(row))

    return await carry_out(settings, command=f"keys {arguments.verb}", act=act, changes=arguments.verb != "list")


async def _create(session: AsyncSession, operator: Principal, arguments: argparse.Namespace) -> str:
    role, bounds = Role(arguments.role), bounds_of(arguments)
    if role.is_service and bounds:
        raise InvalidError(
            "key.bounds",
            vi="Khóa của dịch vụ không gắn với tỉnh, trường hay xã nào: bỏ --province, --school, --commune.",
            en="A service's key is bound to nothing: leave out --province, --school and --commune.",
        )
    if role.is_service:
        life = {"expires_at": arguments.expires, "is_read_only": arguments.read_only, "created_by": operator.label}
        return (await add_key(session, role=role, label=arguments.label, **life))[1] + "\n"
    body = KeyCreate(
        role=role,
        label=arguments.label,
        expires_at=arguments.expires,
        is_read_only=arguments.read_only,
        instead_of_account=arguments.instead_of_account,
        **bounds,
    )
    return (await service.create_key(session, principal=operator, body=body))[1] + "\n"


async def _list(session: AsyncSession, operator: Principal, arguments: argparse.Namespace) -> str:
    """Every one, page by page."""
    lines: list[str] = []
    role = Role(arguments.role) if arguments.role else None
    while True:
        page = await service.list_keys(
            session,
            principal=operator,
            q=None,
            role=role,
            revoked=arguments.revoked,
            paging=Paging(limit=LIMIT_MAXIMUM, offset=len(lines)),
        )
        lines += [as_line(item) for item in page.items]
        if not page.items or len(lines) >= page.total:
            return "".join(lines)
