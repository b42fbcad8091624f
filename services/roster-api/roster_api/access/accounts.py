"""From a verified token to the account behind it, its roles, and the one that a request acts in."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Label, and_, bindparam, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from roster_api.access.bearer import VerifiedToken, refused_token
from roster_api.access.models import Account, EndedSignIn, RoleAssignment
from roster_api.access.principal import Principal, Role
from roster_api.contacts import digest_email
from roster_api.direct import Reader, Statement
from roster_api.errors import ConflictError, ForbiddenError, UnauthenticatedError

ACTING_AS_HEADER = "X-Acting-As"


@dataclass(frozen=True)
class SignedIn:
    """An account, its roles that hold at this moment, oldest first, and what the token proves of the person.

    Account and roles are read and never written: they belong to no session.
    """

    account: Account
    assignments: tuple[RoleAssignment, ...]
    token: VerifiedToken


def columns_of(model: type[Account | RoleAssignment]) -> dict[str, Label[Any]]:
    """{attribute: column}, each under a name that no other table's has."""
    columns = model.__mapper__.columns
    return {name: column.label(f"{model.__tablename__}_{name}") for name, column in columns.items()}


ACCOUNT, ASSIGNMENT = columns_of(Account), columns_of(RoleAssignment)
SIGNED_IN = Statement(
    select(
        *ACCOUNT.values(),
        *ASSIGNMENT.values(),
        exists().where(EndedSignIn.token_sha256 == bindparam("token_sha256")).label("is_over"),
    )
    .select_from(Account)
    .outerjoin(RoleAssignment, and_(RoleAssignment.account_id == Account.id, RoleAssignment.holds_now()))
    .where(Account.issuer == bindparam("issuer"), Account.subject == bindparam("subject"))
    .order_by(RoleAssignment.created_at, RoleAssignment.id)
)


async def find_signed_in(engine: AsyncEngine, token: VerifiedToken) -> SignedIn | None:
    """The account of a token's issuer and subject. Of several roles all, of none the account alone.

    401 for a token that was signed out of.
    """
    values = {"token_sha256": token.sha256, "issuer": token.issuer.issuer, "subject": token.subject}
    async with Reader(engine) as reader:
        rows = await reader.fetch(SIGNED_IN, **values)
    if not rows:
        return None
    if rows[0]["is_over"]:
        raise refused_token()
    account = Account(**{name: rows[0][column.name] for name, column in ACCOUNT.items()})
    held = [{name: row[column.name] for name, column in ASSIGNMENT.items()} for row in rows]
    return SignedIn(account, tuple(RoleAssignment(**each) for each in held if each["id"] is not None), token)


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


async def bind_account(session: AsyncSession, token: VerifiedToken) -> Account | None:
    """The first sign-in of somebody invited: the account is theirs from now on. None where nobody waits for it."""
    if token.email is None:
        return None
    bound: Account | None = await session.scalar(
        update(Account)
        .where(
            Account.issuer == token.issuer.issuer,
            Account.email_digest == digest_email(token.email),
            Account.subject.is_(None),
        )
        .values(subject=token.subject, bound_at=func.now())
        .returning(Account)
    )
    return bound


def not_invited() -> ForbiddenError:
    return ForbiddenError(
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
