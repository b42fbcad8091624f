"""What a role is bound to, and what a principal may: decided without a server."""

from uuid import UUID

import pytest
from pydantic import ValidationError
from roster_api.access.bounds import UnitRoleBody
from roster_api.access.principal import NOBODY, Principal, Role, get_principal
from roster_api.access.scope import province_scope, refuse_fields_of_admin
from roster_api.communes.models import Commune
from roster_api.errors import ForbiddenError, UnauthenticatedError
from starlette.requests import Request

SCHOOL, OTHER = UUID(int=1), UUID(int=2)
BOUND_TO: dict[Role, dict[str, object]] = {
    Role.SCHOOL_COORDINATOR: {"school_id": SCHOOL},
    Role.SCHOOL_VIEWER: {"school_id": SCHOOL},
    Role.COMMUNE_OFFICER: {"commune_code": "22366"},
    Role.UNIT_OFFICER: {"unit_code": "so-khcn"},
}
NEVER_GIVEN = {Role.VOLUNTEER: "personal links", Role.SOLVER: "services", Role.NOTIFIER: "services"}


@pytest.mark.parametrize("role", [role for role in Role if role not in NEVER_GIVEN])
def test_a_role_takes_exactly_the_bound_that_is_its_own(role: Role) -> None:
    own = BOUND_TO.get(role, {})
    body = UnitRoleBody.model_validate({"role": role, "province_code": "56", **own})
    assert {name: getattr(body, name) for name in own} == own
    for name, value in {"school_id": SCHOOL, "commune_code": "22366", "unit_code": "so-khcn"}.items():
        wrong = {key: bound for key, bound in own.items() if key != name} if name in own else {**own, name: value}
        with pytest.raises(ValidationError, match=rf"{name}.* \| {name} is for"):
            UnitRoleBody.model_validate({"role": role, **wrong})


@pytest.mark.parametrize(("role", "words"), NEVER_GIVEN.items())
def test_roles_of_links_and_of_services_are_given_by_nobody(role: Role, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        UnitRoleBody.model_validate({"role": role})
    assert role.is_service is (role is not Role.VOLUNTEER)


def test_a_principal_of_a_province_sees_that_province_and_another_sees_all() -> None:
    bound = Principal(Role.DIRECTOR, "d", province_code="56")
    (condition,) = province_scope(bound, Commune.province_code)
    assert str(condition.compile(compile_kwargs={"literal_binds": True})) == "roster.communes.province_code = '56'"
    assert province_scope(Principal(Role.ADMIN, "a"), Commune.province_code) == []


def test_only_an_admin_changes_closed_fields_and_the_others_are_told_which() -> None:
    open_fields = frozenset({"note"})
    coordinator = Principal(Role.SCHOOL_COORDINATOR, "c", school_id=SCHOOL)
    refuse_fields_of_admin(coordinator, changed={"note"}, open_fields=open_fields)
    refuse_fields_of_admin(Principal(Role.ADMIN, "a"), changed={"name", "code"}, open_fields=open_fields)
    with pytest.raises(ForbiddenError) as refused:
        refuse_fields_of_admin(coordinator, changed={"note", "name", "code"}, open_fields=open_fields)
    assert refused.value.code == "access.fields"
    assert refused.value.vi == "Chỉ Sở Nội vụ được sửa: code, name."
    assert refused.value.en == "Only Home Affairs may change: code, name."


def test_contacts_are_seen_by_home_affairs_and_by_who_answers_for_just_that_school_or_commune() -> None:
    coordinator = Principal(Role.SCHOOL_COORDINATOR, "c", school_id=SCHOOL)
    viewer = Principal(Role.SCHOOL_VIEWER, "v", school_id=SCHOOL)
    officer = Principal(Role.COMMUNE_OFFICER, "o", commune_code="22366")
    director = Principal(Role.DIRECTOR, "d", school_id=SCHOOL, commune_code="22366")
    admin = Principal(Role.ADMIN, "a")
    everybody = (coordinator, viewer, officer, director, admin)
    of_school = [who.label for who in everybody if who.may_see_contacts_of_school(SCHOOL)]
    of_commune = [who.label for who in everybody if who.may_see_contacts_of_commune("22366")]
    assert (of_school, of_commune) == (["c", "a"], ["o", "a"])
    assert not coordinator.may_see_contacts_of_school(OTHER)
    assert not officer.may_see_contacts_of_commune("22367")


def test_the_holder_is_the_key_or_the_account_and_the_grant_the_key_or_the_role() -> None:
    key, account, role = UUID(int=3), UUID(int=4), UUID(int=5)
    by_key = Principal(Role.ADMIN, "k", key_id=key)
    by_account = Principal(Role.ADMIN, "a", account_id=account, assignment_id=role)
    nobody = Principal(Role.ADMIN, "n")
    assert [(who.holder_id, who.grant_id) for who in (by_key, by_account, nobody)] == [
        (key, key),
        (account, role),
        (NOBODY, NOBODY),
    ]
    assert [role for role in Role if role.may_be_national] == [Role.ADMIN, Role.AUDITOR]


async def test_without_a_principal_the_request_is_unauthenticated() -> None:
    request = Request({"type": "http", "state": {}})
    with pytest.raises(UnauthenticatedError) as refused:
        await get_principal(request)
    assert refused.value.code == "access.key_missing"
    assert refused.value.vi == "Hãy đăng nhập, hoặc gửi khóa truy cập (X-Api-Key)."
    assert refused.value.en == "Sign in, or send an API key (X-Api-Key)."
    request.state.principal = who = Principal(Role.ADMIN, "a")
    assert await get_principal(request) is who
