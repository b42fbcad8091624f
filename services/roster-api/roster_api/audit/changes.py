"""What a transaction changes, row by row and field by field, as its session writes it; contacts without their value."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from enum import Enum
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import event, inspect
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstanceState, Mapper, ORMExecuteState, Session, UOWTransaction

COLLECTOR = "audit_changes"
OF_THE_MACHINERY = frozenset({"idempotency_keys", "outbox", "audit_entries", "audit_blocks", "purges"})
"""Tables that say nothing a person did."""
OF_CONTACTS = ("phone", "email", "contact_", "home_", "_sealed")
OF_SECRETS = ("sha256", "token", "secret", "content", "note")
OF_PEOPLE = {
    "volunteers": frozenset({"full_name", "search_key", "sort_key", "external_ref", "team", "absences"}),
    "roster_upload_rows": frozenset({"shown_name"}),
    "placement_answers": frozenset({"reason"}),
    "attendance_ticks": frozenset({"reason"}),
    "evaluations": frozenset({"words"}),
    "decisions": frozenset({"reason"}),
    "staff": frozenset({"full_name", "search_key", "sort_key", "code"}),
    "accounts": frozenset({"display_name", "subject"}),
}
"""What says who somebody is: the entry has their id. What is written here can never be erased."""
HIDDEN = {"hidden": True}
ROWS_IN_FULL = 50
LONGEST_TEXT = 300
LONGEST_LIST = 31


class Changes:
    """Collects until the transaction's end. `rows`: at most ROWS_IN_FULL of them; `counts` counts every one."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.counts: Counter[str] = Counter()
        self.subjects: dict[str, None] = {}
        self.first_created: str | None = None

    def note(self, row: Any, operation: str) -> None:
        state: InstanceState[Any] = inspect(row)
        table = state.mapper.local_table.name  # type: ignore[attr-defined]
        if table in OF_THE_MACHINERY:
            return
        fields = _changed_fields(state, operation)
        if not fields and operation == "update":
            return
        keys = [str(key) for key in state.mapper.primary_key_from_instance(row)]
        person = getattr(row, "volunteer_id", None)
        if person is not None:
            self.subjects[str(person)] = None
        if operation == "create" and self.first_created is None:
            self.first_created = keys[0]
        self._add(table, keys, operation, fields)

    @property
    def is_full(self) -> bool:
        """Whether rows are counted from now on, and their fields not looked at."""
        return len(self.rows) >= ROWS_IN_FULL

    def _count(self, table: str, keys: Sequence[str], operation: str) -> None:
        self.counts[f"{table}.{operation}"] += 1
        self.subjects.update(dict.fromkeys(keys))

    def _add(self, table: str, keys: Sequence[str], operation: str, fields: dict[str, Any]) -> None:
        self._count(table, keys, operation)
        if not self.is_full:
            self.rows.append({"table": table, "id": "/".join(keys), "operation": operation, "fields": fields})

    def note_values(self, table: str, row_id: UUID | str, operation: str, fields: dict[str, tuple[Any, Any]]) -> None:
        """A row that a statement over many rows changed; `fields`: {name: (before, after)}."""
        if self.is_full:
            self._count(table, [str(row_id)], operation)
            return
        shown = {
            name: [show(name, before, table=table), show(name, after, table=table)]
            for name, (before, after) in fields.items()
        }
        self._add(table, [str(row_id)], operation, shown)

    def note_many(self, table: str, keys: Sequence[str], operation: str) -> None:
        """Rows of which only the number and the ids are noted: called once `is_full`."""
        self.counts[f"{table}.{operation}"] += len(keys)
        self.subjects.update(dict.fromkeys(keys))

    def note_statement(self, table: str, operation: str) -> None:
        """A statement over many rows, of which the session knows the table only."""
        if table not in OF_THE_MACHINERY:
            self.counts[f"{table}.{operation} statement"] += 1

    def as_details(self) -> dict[str, Any]:
        left_out = sum(count for name, count in self.counts.items() if "statement" not in name) - len(self.rows)
        details: dict[str, Any] = {"counts": dict(self.counts), "rows": self.rows}
        return details | ({"rows_not_shown": left_out} if left_out else {})


def collect(session: AsyncSession) -> Changes:
    """What this session writes from now on."""
    changes = Changes()
    session.sync_session.info[COLLECTOR] = changes
    return changes


def changes_of(session: AsyncSession) -> Changes:
    """What collects for this session; something that nobody reads when nothing does."""
    return session.sync_session.info.get(COLLECTOR) or Changes()


@lru_cache(maxsize=4096)  # a request names its parameters as it likes
def _is_hidden(table: str, name: str) -> bool:
    return name in OF_PEOPLE.get(table, ()) or any(part in name for part in (*OF_CONTACTS, *OF_SECRETS))


def show(name: str, value: object, *, table: str = "") -> Any:
    """A value as the audit keeps it: what is a contact, a secret, a person's, or too large to be read, is not kept."""
    if value is None or _is_hidden(table, name):
        return None if value is None else HIDDEN
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, UUID | date):
        return str(value)
    if isinstance(value, str) and len(value) <= LONGEST_TEXT:
        return value
    is_short_list = isinstance(value, list | tuple) and len(value) <= LONGEST_LIST
    if is_short_list and all(isinstance(each, int | date | UUID) for each in value):  # type: ignore[attr-defined]
        return [show(name, each) for each in value]  # type: ignore[attr-defined]
    return HIDDEN


@cache
def _names_of_columns(mapper: Mapper[Any]) -> tuple[str, ...]:
    return tuple(attribute.key for attribute in mapper.column_attrs)


def _changed_fields(state: InstanceState[Any], operation: str) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    table: str = state.mapper.local_table.name  # type: ignore[attr-defined]
    names: Iterable[str] = _names_of_columns(state.mapper)
    if operation == "update":
        changed = state.committed_state  # what nobody set has no history
        names = [name for name in names if name in changed]
    for name in names:
        if name.endswith("_digest"):  # of a value that is named beside it
            continue
        if operation == "update":
            history = state.attrs[name].history
            if history.has_changes():
                before, after = _first(history.deleted), _first(history.added)
                fields[name.removesuffix("_sealed")] = [show(name, before, table=table), show(name, after, table=table)]
            continue
        value = state.dict.get(name)
        if value is not None:
            shown = show(name, value, table=table)
            fields[name.removesuffix("_sealed")] = [None, shown] if operation == "create" else [shown, None]
    return fields


def _first(values: Any) -> Any:
    return values[0] if values else None


@event.listens_for(Session, "after_flush")
def _note_flushed(session: Session, _context: UOWTransaction) -> None:
    changes: Changes | None = session.info.get(COLLECTOR)
    if changes is None:
        return
    for rows, operation in ((session.new, "create"), (session.dirty, "update"), (session.deleted, "delete")):
        for row in rows:
            changes.note(row, operation)


@event.listens_for(Session, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    changes: Changes | None = state.session.info.get(COLLECTOR)
    if changes is None or state.is_select:
        return
    for is_kind, operation in ((state.is_insert, "create"), (state.is_update, "update"), (state.is_delete, "delete")):
        table = getattr(state.statement, "table", None)
        if is_kind and table is not None:
            changes.note_statement(table.name, operation)
