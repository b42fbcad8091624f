"""Whether the terms of a decision can be, and whether person and post are free for its days."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.errors import ConflictError, invalid_field, pointer_error
from roster_api.secondments import repository
from roster_api.secondments.models import Secondment
from roster_api.staff.models import Post, StaffMember
from roster_api.staff.repository import lock_rows

ERRORS_NAMED = 50
WHOLE_WEEK = frozenset(range(5))


def check_terms(row: Secondment) -> None:
    """422 for days out of order, and for concurrent duty without an end that nobody would look at again."""
    if row.until_on is not None and row.until_on < row.from_on:
        vi, en = "Ngày kết thúc phải sau ngày bắt đầu.", "The last day must not be before the first."
        raise invalid_field("/until_on", code="secondment.dates", vi=vi, en=en)
    if (row.review_on is not None) != (row.weekdays is not None and row.until_on is None):
        raise invalid_field(
            "/review_on",
            code="secondment.review",
            vi="Kiêm nhiệm theo thứ trong tuần mà không có ngày kết thúc thì cần ngày rà soát; chỉ khi đó mới có.",
            en="Duty on some weekdays without a last day needs a day of review; nothing else has one.",
        )
    if row.review_on is not None and row.review_on <= row.from_on:
        vi, en = "Ngày rà soát phải sau ngày bắt đầu.", "The day of review must be after the first day."
        raise invalid_field("/review_on", code="secondment.review", vi=vi, en=en)


async def refuse_taken(session: AsyncSession, rows: Sequence[Secondment]) -> None:
    """409 where somebody would be in two posts on one day, or a post would have too many people, or one is archived.

    Locks people and posts, so that two officers at once do not both find them free.
    """
    if not rows:
        return
    staff = await lock_rows(session, StaffMember, {row.staff_id for row in rows})
    posts = await lock_rows(session, Post, {row.post_id for row in rows})
    held = await _list_held(session, rows)
    of_person, of_post = defaultdict(list), defaultdict(list)
    for each in (*held, *rows):
        of_person[each.staff_id].append(each)
        of_post[each.post_id].append(each)
    errors = []
    for row in rows:
        person, post = staff[row.staff_id], posts[row.post_id]
        if person.archived_at is not None or post.archived_at is not None:
            vi = f"{person.full_name} hoặc vị trí {post.code} không còn sử dụng."
            en = f"{person.full_name} or post {post.code} is out of use."
            errors.append(pointer_error(f"/{row.id}", code="secondment.archived", vi=vi, en=en))
        if any(_on_one_day(row, other) for other in of_person[person.id]):
            vi = f"{person.full_name} đang ở vị trí khác trong thời gian này."
            en = f"{person.full_name} is in another post."
            errors.append(pointer_error(f"/{row.id}", code="secondment.person_taken", vi=vi, en=en))
        beside = _count_beside(row, of_post[post.id])
        if post.filled + beside >= post.quota:
            vi, en = f"Vị trí {post.code} không còn chỗ trống.", f"Post {post.code} has no vacancy left."
            errors.append(pointer_error(f"/{row.id}", code="secondment.post_taken", vi=vi, en=en))
    if errors:
        vi, en = errors[0].vi, errors[0].en
        raise ConflictError(errors[0].code, vi=vi, en=en, errors=errors[:ERRORS_NAMED])


async def _list_held(session: AsyncSession, rows: Sequence[Secondment]) -> list[Secondment]:
    """What was decided otherwise and takes the same people or posts at the time of any of these."""
    ends = [row.until_on for row in rows if row.until_on is not None]
    return await repository.list_holding(
        session,
        staff_ids={row.staff_id for row in rows},
        post_ids={row.post_id for row in rows},
        from_on=min(row.from_on for row in rows),
        until_on=max(ends) if len(ends) == len(rows) else None,
        besides={row.id for row in rows},
    )


def _count_beside(row: Secondment, others: Iterable[Secondment]) -> int:
    """How many others hold the post on that day of the decision on which they are most."""
    alike = [other for other in others if _on_one_day(row, other)]
    return max(sum(day in _days(other) for other in alike) for day in _days(row))


def _days(row: Secondment) -> frozenset[int]:
    return frozenset(row.weekdays) if row.weekdays is not None else WHOLE_WEEK


def count_at_once(rows: Iterable[Secondment]) -> Counter[UUID]:
    """By post how many of its vacancies these decisions take: on the weekday on which they are most."""
    by_day = Counter((row.post_id, day) for row in rows for day in _days(row))
    most: Counter[UUID] = Counter()
    for (post_id, _day), count in by_day.items():
        most[post_id] = max(most[post_id], count)
    return most


def _on_one_day(row: Secondment, other: Secondment) -> bool:
    """Whether two different decisions take the same day."""
    starts_before_end = other.until_on is None or row.from_on <= other.until_on
    overlap = starts_before_end and (row.until_on is None or other.from_on <= row.until_on)
    return row.id != other.id and overlap and bool(_days(row) & _days(other))
