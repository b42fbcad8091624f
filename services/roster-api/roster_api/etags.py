"""ETag and If-Match by row version: a change must name the version it was based on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Literal, Protocol

from fastapi import Depends, Header, Response

from roster_api.errors import PreconditionFailedError, PreconditionRequiredError


class HasVersion(Protocol):
    """A row with a version."""

    @property
    def row_version(self) -> int: ...


def set_etag(response: Response, row_version: int) -> None:
    response.headers["ETag"] = f'"{row_version}"'


async def require_if_match(
    if_match: Annotated[
        str | None,
        Header(
            max_length=200, description='The ETag of the version this change is based on, e.g. "3"', examples=['"1"']
        ),
    ] = None,
) -> str:
    """The If-Match header; 428 without one."""
    if if_match is None:
        raise PreconditionRequiredError(
            "precondition.required",
            vi="Thiếu tiêu đề If-Match: hãy đọc bản ghi và gửi lại ETag của nó.",
            en="If-Match is missing: read the record and send back its ETag.",
        )
    return if_match


IfMatchDep = Annotated[str, Depends(require_if_match)]


@dataclass(frozen=True)
class Seen:
    """What a change is based on: a version that was read, or that there was nothing yet."""

    if_match: str | None = None
    nothing: bool = False


async def read_seen(
    if_match: Annotated[str | None, Header(max_length=200, description="Replace only this version")] = None,
    if_none_match: Annotated[
        Literal["*"] | None, Header(description="'*': refused (412) where something else stands there already")
    ] = None,
) -> Seen:
    return Seen(if_match, nothing=if_none_match is not None)


SeenDep = Annotated[Seen, Depends(read_seen)]


def tag_rows(rows: Iterable[Sequence[object]]) -> str:
    """The tag of a list that is declared whole: the same for the same rows in any order."""
    written = "\n".join(sorted("\t".join(map(str, row)) for row in rows))
    return sha256(written.encode()).hexdigest()[:16]


def refuse_other() -> PreconditionFailedError:
    """What was to be the first of its kind stands there already, in other words."""
    return PreconditionFailedError(
        "precondition.exists",
        vi="Trong lúc bạn nhập, người khác đã lưu trước. Hãy xem điều đã lưu rồi lưu lại.",
        en="Somebody else saved first while you were at it. Look at what is saved, then save again.",
    )


def check_seen(seen: Seen, present: str | None) -> None:
    """412 unless a change that says what it is based on is right: `present` is the tag now, None while there is
    nothing. Who says nothing writes over whatever stands there."""
    if seen.nothing and present is not None:
        raise refuse_other()
    if seen.if_match is not None:
        check_tag(present or "", seen.if_match)


def check_version(row: HasVersion, if_match: str) -> None:
    """412 unless `if_match` names the row's present version (or is '*')."""
    check_tag(str(row.row_version), if_match)


def check_tag(present: str, if_match: str) -> None:
    """As `check_version`, of what several rows make up."""
    accepted = {tag.strip().strip('"') for tag in if_match.split(",") if not tag.strip().startswith("W/")}
    if "*" not in accepted and present not in accepted:
        raise PreconditionFailedError(
            "precondition.stale",
            vi="Bản ghi đã được thay đổi từ khi bạn đọc. Hãy đọc lại rồi sửa tiếp.",
            en="The record has changed since you read it. Read it again, then change it.",
        )
