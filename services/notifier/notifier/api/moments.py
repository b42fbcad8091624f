"""A moment that a request names: with its offset from UTC, and within the years that anybody means.

Beyond them Postgres has no room for it in its own time.
"""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime

from notifier.api.errors import InvalidValueError

FIRST_YEAR, LAST_YEAR = 2000, 2100


def _is_of_our_time(moment: datetime) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise InvalidValueError(
            vi=f"Năm phải từ {FIRST_YEAR} đến {LAST_YEAR}.", en=f"The year must be from {FIRST_YEAR} to {LAST_YEAR}."
        )
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_is_of_our_time)]
