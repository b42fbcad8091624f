"""From a verified token to the account behind it, its roles, and the one that a request acts in."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import and_, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.bearer import VerifiedToken, refused_token
from roster_api.access.models import Account, EndedSignIn, RoleAssignment
from roster_api.access.principal import Principal, Role
from roster_api.contacts import digest_email
from roster_api.errors import ConflictError, ForbiddenError, UnauthenticatedError

ACTING_AS_HEADER = "X-Acting-As"


@dataclass(frozen=True)
class SignedIn:
    """An account, its roles that hold at this moment, oldest first, and what the token proves of the person."""

    account: Account
    assignments: tuple[RoleAssignment, ...]
    token: VerifiedToken
    is_new: bool = False
    """Bound to its subject by this very sign-in."""


async def find_signed_in(session: AsyncSession, token: VerifiedToken) -> SignedIn | None:
    """The account of a token's issuer and subject. Of several roles all, of none the account alone.

    401 for a token that was signed out of.
    """
    is_held = and_(RoleAssignment.account_id == Account.id, RoleAssignment.holds_now())
    rows = await session.execute(
        select(Account, RoleAssignment, exists().where(EndedSignIn.token_sha256 == token.sha256))
        .outerjoin(RoleAssignment, is_held)
        .where(Account.issuer == token.issuer.issuer, Account.subject == token.subject)
        .order_by(RoleAssignment.created_at, RoleAssignment.id)
    )
    found = rows.all()
    if not found:
        return None
    if found[0][2]:
        raise refused_token()
    return SignedIn(found[0][0], tuple(row[1] for row in found if row[1] is not None), token)


async def end_sign_in(session: AsyncSession, token: VerifiedToken) -> None:
    """The token opens nothing from the next request on, whoever holds a copy. The same again changes nothing."""
    ended = insert(EndedSignIn).values(token_sha256=token.sha256, forgotten_at=token.ends_at)
    await session.execute(ended.on_conflict_do_nothing())


async def list_officers(session: AsyncSession, province_code: str) -> list[UUID]:
    """Accounts of Home Affairs in the province, at this moment."""
    query = (
        select(RoleAssignment.account_id)
        .distinct()
        .where(
            RoleAssignment.role == Role.ADMIN.value,
            RoleAssignment.province_code == province_code,
            RoleAssignment.holds_now(),
        )
    )
    return sorted(await session.scalars(query))


async def bind_account(session: AsyncSession, token: VerifiedToken) -> SignedIn:
    """The first sign-in of somebody invited: the account is theirs from now on. 403 for whoever was not invited."""
    if token.email is not None:
        await session.execute(
            update(Account)
            .where(
                Account.issuer == token.issuer.issuer,
                Account.email_digest == digest_email(token.email),
                Account.subject.is_(None),
            )
            .values(subject=token.subject, bound_at=func.now())
        )
        signed_in = await find_signed_in(session, token)
        if signed_in is not None:
            return replace(signed_in, is_new=True)
    raise ForbiddenError(
        "access.no_account",
        vi="Bạn đã đăng nhập, nhưng địa chỉ thư này (đã xác minh) chưa được mời. Hãy nhờ quản trị viên của tỉnh mời.",
        en="You are signed in, but nobody invited this (verified) e-mail address. Ask your province's administrator.",
    )


def choose_assignment(signed_in: SignedIn, acting_as: str | None) -> RoleAssignment:
    """The role that was named, or the only one. 403 for none or another's; 409 naming them when there are several."""
    held = signed_in.assignments
    if acting_as is not None:
        chosen = next((each for each in held if str(each.id) == acting_as.strip().lower()), None)
        if chosen is None:
            raise ForbiddenError(
                "access.acting_as_unknown",
                vi=f"Vai trò trong {ACTING_AS_HEADER} không phải của bạn, hoặc không còn hiệu lực.",
                en=f"The role in {ACTING_AS_HEADER} is not yours, or holds no longer.",
            )
        return chosen
    if not held:
        raise ForbiddenError(
            "access.no_role",
            vi="Tài khoản của bạn hiện không có vai trò nào. Hãy nhờ quản trị viên của tỉnh cấp.",
            en="Your account has no role at the moment. Ask your province's administrator for one.",
        )
    if len(held) > 1:
        raise ConflictError(
            "access.acting_as_needed",
            vi=f"Bạn có {len(held)} vai trò: hãy nêu một vai trò trong tiêu đề {ACTING_AS_HEADER}.",
            en=f"You have {len(held)} roles: name one in the header {ACTING_AS_HEADER}.",
            facts={
                "assignments": [
                    {"id": str(each.id), "role": each.role, "scope_kind": each.scope_kind, "scope_id": each.scope_id}
                    for each in held
                ]
            },
        )
    return held[0]


def act_as(signed_in: SignedIn, assignment: RoleAssignment) -> Principal:
    """The same kind of principal as a key's. 401 for an administrator whose token proves too little."""
    issuer = signed_in.token.issuer
    if assignment.role == Role.ADMIN.value and issuer.demands_strength and not signed_in.token.is_strong:
        raise too_weak(issuer.strong_acr)
    return Principal(
        role=Role(assignment.role),
        label=signed_in.account.display_name,
        account_id=signed_in.account.id,
        assignment_id=assignment.id,
        token_sha256=signed_in.token.sha256,
        province_code=assignment.province_code,
        school_id=assignment.school_id,
        commune_code=assignment.commune_code,
        unit_code=assignment.unit_code,
        is_of_group=assignment.is_of_group,
        valid_until=assignment.valid_until,
    )


def too_weak(wanted_acr: frozenset[str]) -> UnauthenticatedError:
    """RFC 9470: the client may ask the issuer for more, and try again."""
    wanted = f', acr_values="{" ".join(sorted(wanted_acr))}"' if wanted_acr else ""
    return UnauthenticatedError(
        "access.strong_authentication_needed",
        vi="Vai trò quản trị cần đăng nhập bằng hai yếu tố. Hãy đăng nhập lại với yếu tố thứ hai.",
        en="An administrator's role needs a second factor. Sign in again with it.",
        headers={"WWW-Authenticate": f'Bearer error="insufficient_user_authentication"{wanted}'},
    )
