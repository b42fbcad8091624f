"""Volunteers as they are shown: plain rows of statements compiled once, opened for those who may see contacts."""

from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import ColumnElement, Text, bindparam, null, or_, select

from roster_api.access.principal import Principal, Role
from roster_api.contacts import digest_email, digest_phone, normalise_mobile
from roster_api.direct import Reader, Row, Statement
from roster_api.errors import NotFoundError
from roster_api.paging import TOTAL, PageStatement, Paging
from roster_api.text import search_key
from roster_api.volunteers.models import Volunteer, VolunteerStatus
from roster_api.volunteers.repository import SCOPES, find_scope
from roster_api.volunteers.schemas import HIDDEN, VolunteerFilter, VolunteerRead

SHOWN_OTHERWISE = (
    Volunteer.email.column, Volunteer.phone.column, Volunteer.withdrawal_reason.column, "withdrawn_at", "withdrawn_by",
)  # fmt: skip
FILLED_IN = ("email", "phone", "withdrawal", "is_incomplete")
"""Fields that no column holds: a row comes with a place for each, so that its fields stand in the answer's order."""
COLUMNS: tuple[Any, ...] = (
    *(
        null().label(name) if name in FILLED_IN else Volunteer.__table__.columns[name]
        for name in VolunteerRead.model_fields
    ),
    *(Volunteer.__table__.columns[name] for name in SHOWN_OTHERWISE),
)
NESTED = ("absences", "own_words", "withdrawal")
BOUND: Any = bindparam("bound")
NAME_IS = Volunteer.search_key.like(bindparam("pattern"), escape="/")
CODE_IS = Volunteer.external_ref == bindparam("q")
NARROWED: dict[str, ColumnElement[bool]] = {
    "is_kept": Volunteer.status != VolunteerStatus.ARCHIVED.value,
    "status": Volunteer.status == bindparam("status"),
    "school_id": Volunteer.school_id == bindparam("school_id"),
    "role": Volunteer.role == bindparam("role"),
    "field": Volunteer.skills.has_key(bindparam("field", type_=Text())),  # else it would be taken for JSON itself
    "weekdays": Volunteer.free_weekdays.contains(bindparam("weekdays")),
    "is_incomplete": Volunteer.is_incomplete.is_(True),
    "is_complete": Volunteer.is_incomplete.is_(False),
    "team": Volunteer.team == bindparam("team"),
    "q": or_(NAME_IS, CODE_IS),
    "q_of_email": or_(NAME_IS, CODE_IS, Volunteer.email_digest == bindparam("email_digest")),
    "q_of_phone": or_(NAME_IS, CODE_IS, Volunteer.phone_digest == bindparam("phone_digest")),
}
"""What a list may be narrowed by."""


@lru_cache(maxsize=256)
def list_narrowed(scope: str, names: tuple[str, ...]) -> PageStatement:
    """By given name, then family name."""
    conditions = [*SCOPES[scope](BOUND), *(NARROWED[name] for name in names)]
    return PageStatement(select(*COLUMNS).where(*conditions).order_by(Volunteer.sort_key, Volunteer.id))


@cache
def find_in(scope: str) -> Statement:
    return Statement(select(*COLUMNS).where(Volunteer.id == bindparam("volunteer_id"), *SCOPES[scope](BOUND)))


async def get_volunteer(reader: Reader, *, principal: Principal, volunteer_id: UUID) -> VolunteerRead:
    """404 for a volunteer who is missing or outside the principal's scope."""
    scope, bounds = bind_scope(principal)
    row = await reader.fetch_one(find_in(scope), volunteer_id=volunteer_id, **bounds)
    if row is None:
        raise NotFoundError
    return VolunteerRead.model_validate(show(row, principal))


async def list_volunteers(reader: Reader, *, principal: Principal, filters: VolunteerFilter, paging: Paging) -> bytes:
    """A Page of VolunteerRead, as JSON. Archived people only when asked for by status."""
    scope, bounds = bind_scope(principal)
    names, values = narrow(filters, principal)
    rows, total = await list_narrowed(scope, names).fetch(reader, paging, **bounds, **values)
    items = [as_answer(show(row, principal)) for row in rows]
    return to_json({"items": items, "total": total, "limit": paging.limit, "offset": paging.offset})


def as_answer(shown: Row) -> Row | VolunteerRead:
    """What becomes the JSON of a VolunteerRead. Plain columns are what they are declared to be, so most rows are taken
    as they came, which takes half as long; what was stored as JSON itself is put into shape by the model."""
    if any(shown[name] for name in NESTED):
        return VolunteerRead.model_validate(shown)
    for name in (*SHOWN_OTHERWISE, TOTAL):
        del shown[name]
    return shown


def bind_scope(principal: Principal) -> tuple[str, dict[str, Any]]:
    """(name of the scope, its values)."""
    scope, bound = find_scope(principal)
    return scope, {} if scope == "all" else {"bound": bound}


def show(row: Row, principal: Principal) -> Row:
    """With phone, e-mail, notes and reasons only for those who may see them: for others they are not opened."""
    sees = principal.may_see_contacts_of_school(row["school_id"])
    row["is_incomplete"] = not row["free_weekdays"]
    if row["status"] != VolunteerStatus.ACTIVE.value:
        row["withdrawal"] = read_withdrawal(row, with_reason=sees)
    if sees:
        row["email"], row["phone"] = Volunteer.email.of_columns(row), Volunteer.phone.of_columns(row)
        return row
    absences = [absence | {"note": None} for absence in row["absences"]]
    return row | HIDDEN | {"absences": absences}


def read_withdrawal(row: Row, *, with_reason: bool) -> Row | None:
    """As `Volunteer.withdrawal`."""
    if row["status"] != VolunteerStatus.WITHDRAWN.value or row["withdrawn_at"] is None:
        return None
    reason = Volunteer.withdrawal_reason.of_columns(row) if with_reason else None
    return {"at": row["withdrawn_at"], "by": row["withdrawn_by"], "reason": reason}


def narrow(filters: VolunteerFilter, principal: Principal) -> tuple[tuple[str, ...], dict[str, Any]]:
    """(names of the conditions, their values)."""
    values: dict[str, Any] = {
        name: value
        for name in ("status", "school_id", "role", "field", "team")
        if (value := getattr(filters, name)) is not None
    }
    names = [*values]
    if filters.status is None:
        names.append("is_kept")
    if filters.weekday is not None:
        names.append("weekdays")
        values["weekdays"] = [filters.weekday]
    if filters.incomplete is not None:
        names.append("is_incomplete" if filters.incomplete else "is_complete")
    if filters.q:
        contacts = name_contact(filters.q, principal)
        names.append("_of_".join(["q", *(name.removesuffix("_digest") for name in contacts)]))
        values |= {"q": filters.q, "pattern": f"%{escape(search_key(filters.q))}%", **contacts}
    return tuple(names), values


def escape(text: str) -> str:
    """Of LIKE, with '/'."""
    return text.replace("/", "//").replace("%", "/%").replace("_", "/_")


def name_contact(q: str, principal: Principal) -> dict[str, bytes]:
    """A whole phone or e-mail is looked up, by whoever may see them: all of the scope's people, or none."""
    if principal.role not in (Role.ADMIN, Role.SCHOOL_COORDINATOR):
        return {}
    if "@" in q:
        return {"email_digest": digest_email(q.strip())}
    try:
        return {"phone_digest": digest_phone(normalise_mobile(q))}
    except ValueError:
        return {}
