"""Decisions about accounts: who is asked in, what they may hold, and taking it away."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.accounts import SignedIn, act_as, choose_assignment
from roster_api.access.bounds import Bounds
from roster_api.access.granting import refuse_more_than_own
from roster_api.access.models import Account, RoleAssignment
from roster_api.access.principal import Principal, Role
from roster_api.accounts import repository
from roster_api.accounts.schemas import (
    AccountName,
    AccountRead,
    Assignment,
    AssignmentBody,
    HeldRole,
    Invitation,
    InvitationBody,
    Me,
)
from roster_api.errors import ConflictError, NotFoundError, invalid_field
from roster_api.paging import Page, Paging
from roster_api.schools.bounds import find_bounds
from roster_api.settings import Settings


async def describe_me(session: AsyncSession, signed_in: SignedIn, *, acting_as: str | None) -> Me:
    """403 for a role that was named and is not held; whoever holds several and names none is shown them."""
    held = signed_in.assignments
    chosen = choose_assignment(signed_in, acting_as) if acting_as is not None or len(held) == 1 else None
    if acting_as is not None and chosen is not None:
        act_as(signed_in, chosen)
    names = await repository.name_scopes(session, held)
    return Me(
        account=AccountName.model_validate(signed_in.account),
        assignments=[HeldRole(**_held(each, names)) for each in held],
        acting_as=chosen.id if chosen else None,
        strong_authentication=signed_in.token.is_strong,
    )


def _held(assignment: RoleAssignment, names: dict[UUID, str]) -> dict[str, object]:
    return {
        "id": assignment.id,
        "role": Role(assignment.role),
        "scope_kind": assignment.scope_kind,
        "scope_id": assignment.scope_id,
        "scope_name": names[assignment.id],
        "valid_from": assignment.valid_from,
        "valid_until": assignment.valid_until,
    }


def _describe(assignment: RoleAssignment, names: dict[UUID, str]) -> Assignment:
    return Assignment(
        **_held(assignment, names),
        granted_by=assignment.granted_by,
        granted_by_id=assignment.granted_by_id,
        granted_at=assignment.created_at,
        revoked_at=assignment.revoked_at,
        revoked_by=assignment.revoked_by,
        revoked_by_id=assignment.revoked_by_id,
    )


async def describe_accounts(
    session: AsyncSession, accounts: Sequence[Account], *, principal: Principal
) -> list[AccountRead]:
    """Each with those of its roles that the asker may see."""
    ids = [account.id for account in accounts]
    assignments = await repository.list_assignments(session, principal=principal, account_ids=ids)
    names = await repository.name_scopes(session, assignments)
    return [
        AccountRead(
            **AccountName.model_validate(account).model_dump(),
            issuer=account.issuer,
            created_at=account.created_at,
            bound_at=account.bound_at,
            last_seen_at=account.last_seen_at,
            assignments=[_describe(each, names) for each in assignments if each.account_id == account.id],
        )
        for account in accounts
    ]


async def list_accounts(
    session: AsyncSession, *, principal: Principal, q: str | None, role: Role | None, revoked: bool, paging: Paging
) -> Page[AccountRead]:
    accounts, total = await repository.list_accounts(
        session, principal=principal, q=q, role=role, revoked=revoked, paging=paging
    )
    items = await describe_accounts(session, accounts, principal=principal)
    return Page(items=items, total=total, limit=paging.limit, offset=paging.offset)


async def invite(
    session: AsyncSession, *, principal: Principal, body: InvitationBody, settings: Settings
) -> Invitation:
    """An account for that address with its first role, or one role more for the account that there is."""
    bounds = await _find_own_bounds(session, principal=principal, body=body)
    account = await repository.ensure_account(
        session,
        issuer=_choose_issuer(body.issuer, settings),
        email=body.email.casefold(),
        display_name=body.display_name,
    )
    await _grant(session, account, principal=principal, body=body, bounds=bounds)
    (described,) = await describe_accounts(session, [account], principal=principal)
    where = settings.portal_url or account.issuer
    return Invitation(
        account=described,
        sign_in_url=settings.portal_url,
        is_told=False,
        say_vi=f"Hệ thống không tự gửi thư mời: hãy báo cho {account.display_name} đăng nhập tại {where} bằng địa chỉ"
        f" {account.email}.",
        say_en=f"No message is sent: tell {account.display_name} to sign in at {where} with {account.email}.",
    )


async def grant(session: AsyncSession, *, principal: Principal, account_id: UUID, body: AssignmentBody) -> Assignment:
    """One role more for an account. 409 when it holds that role there already."""
    account = await repository.lock_visible_account(session, principal=principal, account_id=account_id)
    if account is None:
        raise NotFoundError
    bounds = await _find_own_bounds(session, principal=principal, body=body)
    row = await _grant(session, account, principal=principal, body=body, bounds=bounds)
    return _describe(row, await repository.name_scopes(session, [row]))


async def revoke(session: AsyncSession, *, principal: Principal, account_id: UUID, assignment_id: UUID) -> Assignment:
    """From the next request on. Revoking again changes nothing."""
    row = await repository.lock_assignment(
        session, principal=principal, account_id=account_id, assignment_id=assignment_id
    )
    if row is None:
        raise NotFoundError
    if row.revoked_at is None:
        row.revoked_at = datetime.now(UTC)
        row.revoked_by, row.revoked_by_id = principal.label, principal.actor_id
        await session.flush()
    return _describe(row, await repository.name_scopes(session, [row]))


async def _find_own_bounds(session: AsyncSession, *, principal: Principal, body: AssignmentBody) -> Bounds:
    """What the role is to be bound to: the giver's to give, and a province where the role is one of a province."""
    bounds = await find_bounds(session, principal=principal, body=body)
    if bounds.province_code is None and not body.role.may_be_national:
        raise invalid_field(
            "/province_code", code="grant.province_needed", vi="Vai trò này thuộc một tỉnh: hãy nêu tỉnh.",
            en="This is a province's role: name the province.",
        )  # fmt: skip
    refuse_more_than_own(principal, role=body.role, bounds=bounds, until=body.valid_until)
    return bounds


def _choose_issuer(named: str | None, settings: Settings) -> str:
    """The issuer that was named, or the only one there is."""
    known = [each.issuer for each in settings.issuers]
    if named is None and len(known) == 1:
        return known[0]
    if named is None or named not in known:
        raise invalid_field(
            "/issuer",
            code="account.issuer_unknown",
            vi="Hãy nêu một nơi cấp phiên đăng nhập có trong cấu hình (ROSTER_ISSUERS).",
            en="Name one of the issuers in the settings (ROSTER_ISSUERS).",
        )
    return named


async def _grant(
    session: AsyncSession, account: Account, *, principal: Principal, body: AssignmentBody, bounds: Bounds
) -> RoleAssignment:
    now = datetime.now(UTC)
    if body.valid_until is not None and body.valid_until <= (body.valid_from or now):
        raise invalid_field(
            "/until", code="grant.already_over", vi="Thời điểm hết hạn đã qua.", en="It would be over already."
        )
    held = await repository.find_held(
        session,
        account_id=account.id,
        role=body.role,
        bounds=bounds,
        of={"unit_code": body.unit_code, "is_of_group": body.is_of_group},
    )
    if held is not None:
        raise ConflictError(
            "grant.held_already",
            vi="Tài khoản này đã có vai trò đó ở nơi đó. Muốn đổi thời hạn, hãy thu hồi rồi cấp lại.",
            en="The account holds that role there already. To change its time, revoke it and give it again.",
            facts={"account_id": str(account.id), "assignment_id": str(held.id)},
        )
    row = RoleAssignment(
        account_id=account.id,
        role=body.role.value,
        **vars(bounds),
        unit_code=body.unit_code,
        is_of_group=body.is_of_group,
        valid_from=body.valid_from or now,
        valid_until=body.valid_until,
        granted_by=principal.label,
        granted_by_id=principal.actor_id,
    )
    session.add(row)
    await session.flush()
    return row
