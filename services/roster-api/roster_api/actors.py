"""Who asks, kept with the transaction: a row that says who did something gets the asker's id from here.

A column `approved_by` (words) has a column `approved_by_id` (the key or account) beside it. Callers write the words;
the id comes from the gate, so that nobody's label can pass for another's.
"""

from functools import cache
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapper, Session, UOWTransaction

from roster_api.access.principal import Principal

ACTOR = "actor"
WORDS, ID = "_by", "_by_id"


def keep_actor(session: AsyncSession, principal: Principal | None) -> None:
    """For the length of this session."""
    session.sync_session.info[ACTOR] = principal


def find_actor(session: AsyncSession) -> Principal | None:
    """Who asks; None for what the service does of itself."""
    actor: Principal | None = session.sync_session.info.get(ACTOR)
    return actor


@event.listens_for(Session, "before_flush")
def _write_ids(session: Session, _context: UOWTransaction, _instances: object) -> None:
    actor: Principal | None = session.info.get(ACTOR)
    if actor is None:
        return
    for row in (*session.new, *session.dirty):
        state = inspect(row)
        for name in _names_of_words(state.mapper):
            if state.attrs[name].history.has_changes():
                words = getattr(row, name)
                if words is None:
                    setattr(row, f"{name}_id", None)
                elif words == actor.label:  # not those of whoever did it first, when it is done again
                    setattr(row, f"{name}_id", actor.actor_id)


@cache
def _names_of_words(mapper: Mapper[Any]) -> tuple[str, ...]:
    """Of a table's columns those that have an id beside them; looked up at every flush of every request."""
    columns = frozenset(mapper.column_attrs.keys())
    return tuple(name for name in columns if name.endswith(WORDS) and f"{name}_id" in columns)
