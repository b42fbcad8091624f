"""What the worker says of people by their ids, with names put in for whoever may read them."""

import json
import re
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.volunteers.models import Volunteer

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
WORDS = frozenset({"vi", "en", "text_vi", "text_en"})
"""Keys of texts; under all others an id stays an id."""


async def list_names(session: AsyncSession, data: Any) -> dict[UUID, str]:
    """The names of all people mentioned anywhere in this data."""
    mentioned = {UUID(found) for found in ID.findall(json.dumps(data))}
    if not mentioned:
        return {}
    query = sa.select(Volunteer.id, Volunteer.full_name).where(Volunteer.id.in_(mentioned))
    return dict((await session.execute(query)).all())


def name_in_text(text: str, names: dict[UUID, str]) -> str:
    return ID.sub(lambda found: names.get(UUID(found[0]), found[0]), text)


def name_in_words(data: Any, names: dict[UUID, str]) -> Any:
    """The same data with names for ids in its texts."""
    match data:
        case dict():
            return {
                key: name_in_text(value, names)
                if key in WORDS and isinstance(value, str)
                else name_in_words(value, names)
                for key, value in data.items()
            }
        case list():
            return [name_in_words(one, names) for one in data]
    return data
