"""Accounts for the development issuer's people, made over the public API as an administrator would: one a role."""

from typing import Any

import httpx

from commune_stack.issuer import PEOPLE, Person

PROVINCE = "56"
ROLES = {"national_admin": "admin", "admin_two": "admin", "group_overseer": "overseer"}
"""By subject, where the role's word is another."""
UNINVITED = frozenset({"nobody"})


def seed_accounts(base_url: str, admin_key: str, *, province_code: str = PROVINCE) -> list[Person]:
    """Who can sign in from now on, in that province. Whoever has a role keeps it; the same again changes nothing.

    Roles of a school or a commune are given for the first of each, once there is one.
    """
    headers = {"X-Api-Key": admin_key}
    with httpx.Client(base_url=base_url, headers=headers, timeout=30, trust_env=False) as client:
        bounds = _bounds_by_role(client, province_code)
        return [person for person in PEOPLE if person.subject not in UNINVITED and _invite(client, person, bounds)]


def _bounds_by_role(client: httpx.Client, province_code: str) -> dict[str, dict[str, Any] | None]:
    """None for a role that has no place yet."""
    school, commune = (_first(client, path, province_code) for path in ("/v1/schools", "/v1/communes"))
    of_school = {"school_id": school["id"]} if school else None
    return {
        "national_admin": {},
        "school_coordinator": of_school,
        "school_viewer": of_school,
        "commune_officer": {"commune_code": commune["code"]} if commune else None,
        "group_overseer": {"province_code": province_code, "is_of_group": True},
        "unit_officer": {"province_code": province_code, "unit_code": "TTCDS"},
        "": {"province_code": province_code},
    }


def _first(client: httpx.Client, path: str, province_code: str) -> dict[str, Any] | None:
    answer = client.get(path, params={"province_code": province_code, "limit": 1})
    answer.raise_for_status()
    return next(iter(answer.json()["items"]), None)


def _invite(client: httpx.Client, person: Person, bounds: dict[str, dict[str, Any] | None]) -> bool:
    place = bounds.get(person.subject, bounds[""])
    if place is None:
        return False
    invitation = {
        "email": person.email,
        "display_name": person.name,
        "role": ROLES.get(person.subject, person.subject),
        **place,
    }
    answer = client.post("/v1/accounts", json=invitation)
    if answer.status_code != httpx.codes.CONFLICT:  # holds it already
        answer.raise_for_status()
    return True
