"""Column types whose values stand sealed: for tables written in bulk, where a value does not know its row.

The place they are sealed for is the column alone. Where rows are read and written one by one, use sealed_columns.
"""

from collections.abc import Callable
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from commune_service.sealed_columns import write_json
from commune_service.sealing import get_sealer


class SealedBytesType(TypeDecorator[bytes]):
    """A file. An empty one is NULL."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: bytes | None, _dialect: Dialect) -> bytes | None:
        return get_sealer().seal(value, place=self.place) if value else None

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> bytes:
        return b"" if value is None else get_sealer().open(value, place=self.place)


class SealedJsonType(TypeDecorator[Any]):
    """Whatever JSON can hold. `empty` makes the value that is NULL: a list, a dict, None."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str, *, empty: Callable[[], Any] = lambda: None) -> None:
        super().__init__()
        self.place = place
        self.empty = empty

    def process_bind_param(self, value: Any, _dialect: Dialect) -> bytes | None:
        return None if value is None or value == self.empty() else self.write(value)

    def write(self, value: Any) -> bytes:
        return get_sealer().seal(write_json(value), place=self.place)

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> Any:
        return self.read(value)

    def read(self, value: bytes | None) -> Any:
        """What stands sealed, of a row that was read as it stands."""
        return self.empty() if value is None else from_json(get_sealer().open(value, place=self.place))
