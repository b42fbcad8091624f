"""`roster-api accounts`: list, invite, grant, revoke."""

import argparse
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.models import ROLES_OF_ACCOUNTS
from roster_api.access.principal import Principal, Role
from roster_api.accounts import service
from roster_api.accounts.schemas import AssignmentBody, InvitationBody
from roster_api.commands.words import Parsers, add_bounds, add_command, as_line, bounds_of, carry_out, moment
from roster_api.paging import LIMIT_MAXIMUM, Paging
from roster_api.settings import Settings


def add_commands(commands: Parsers) -> None:
    accounts = add_command(commands, "accounts", "tài khoản và vai trò của người dùng", "people's accounts and roles")
    verbs = accounts.add_subparsers(dest="verb", required=True)
    listed = add_command(verbs, "list", "liệt kê, mỗi tài khoản một dòng JSON", "list, one line of JSON an account")
    listed.add_argument("--role", choices=ROLES_OF_ACCOUNTS, help="vai trò · role")
    listed.add_argument("--revoked", action="store_true", help="những vai trò đã thu hồi · roles that were taken away")
    invite = add_command(verbs, "invite", "mời một người bằng thư điện tử", "let somebody in by e-mail")
    invite.add_argument("--email", required=True, help="địa chỉ sẽ đăng nhập · the address they sign in with")
    invite.add_argument("--name", required=True, help="tên hiển thị · the name shown")
    invite.add_argument("--issuer", help="nơi đăng nhập, nếu có nhiều · where they sign in, of several")
    _add_role(invite)
    grant = add_command(verbs, "grant", "cấp thêm một vai trò", "give an account a role more")
    grant.add_argument("account", type=UUID, help="tài khoản · id of the account")
    _add_role(grant)
    revoke = add_command(verbs, "revoke", "thu hồi một vai trò", "take a role away, with the next request")
    revoke.add_argument("account", type=UUID, help="tài khoản · id of the account")
    revoke.add_argument("assignment", type=UUID, help="vai trò đã cấp · id of the assignment")


def _add_role(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--role", choices=ROLES_OF_ACCOUNTS, required=True, help="vai trò · role")
    add_bounds(parser, with_unit=True)
    parser.add_argument("--from", dest="since", type=moment, metavar="TIME", help="từ lúc · from (ISO 8601)")
    parser.add_argument("--until", type=moment, metavar="TIME", help="đến lúc · until (ISO 8601)")


def _role_of(arguments: argparse.Namespace) -> dict[str, Any]:
    times = {"valid_from": arguments.since, "valid_until": arguments.until}
    return {"role": arguments.role, **bounds_of(arguments), **times}


async def run(settings: Settings, arguments: argparse.Namespace) -> int:
    async def act(session: AsyncSession, operator: Principal) -> str:
        match arguments.verb:
            case "list":
                return await _list(session, operator, arguments)
            case "invite":
                who = {"email": arguments.email, "display_name": arguments.name, "issuer": arguments.issuer}
                invitation = InvitationBody.model_validate(_role_of(arguments) | who)
                return as_line(await service.invite(session, principal=operator, body=invitation, settings=settings))
            case "grant":
                body = AssignmentBody.model_validate(_role_of(arguments))
                return as_line(
                    await service.grant(session, principal=operator, account_id=arguments.account, body=body)
                )
            case _:
                revoked = await service.revoke(
                    session, principal=operator, account_id=arguments.account, assignment_id=arguments.assignment
                )
                return as_line(revoked)

    return await carry_out(settings, command=f"accounts {arguments.verb}", act=act, changes=arguments.verb != "list")


async def _list(session: AsyncSession, operator: Principal, arguments: argparse.Namespace) -> str:
    """Every one, page by page."""
    lines: list[str] = []
    role = Role(arguments.role) if arguments.role else None
    while True:
        page = await service.list_accounts(
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
