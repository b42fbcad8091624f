"""The life of a need: draft, submitted, accepted; and the record of what it was each time."""

from collections.abc import Sequence

from commune_service import clock
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.errors import ConflictError
from roster_api.needs.models import NeedDeclaration, NeedState, NeedVersion


def put_state(row: NeedDeclaration, state: NeedState, *, by: str | None, reason: str | None) -> None:
    """`by`: who in Home Affairs accepts it; None when the commune speaks, and then nobody has reviewed it yet."""
    row.state = state.value
    row.reviewed_by, row.review_reason = by, reason
    row.reviewed_at = clock.now() if by else None


def refuse_draft_of_submitted(row: NeedDeclaration, state: NeedState) -> None:
    """What was submitted stands until something else is submitted."""
    if state is NeedState.DRAFT and row.state != NeedState.DRAFT:
        raise ConflictError(
            "need.submitted",
            vi="Nhu cầu này đã gửi. Hãy gửi lại nhu cầu đã sửa, không lưu nháp được nữa.",
            en="This need was submitted. Submit the changed need; it cannot become a draft again.",
        )


def keep_versions(session: AsyncSession, rows: Sequence[NeedDeclaration], *, by: str) -> None:
    """Each as it is now, under its new version. The rows are flushed."""
    session.add_all(
        NeedVersion(
            campaign_id=row.campaign_id,
            commune_code=row.commune_code,
            version=row.row_version,
            state=row.state,
            content=describe_content(row),
            reason=row.review_reason,
            changed_by=by,
        )
        for row in rows
    )


def describe_content(row: NeedDeclaration) -> dict[str, object]:
    return {
        "lacks_it_staff": row.lacks_it_staff,
        "presence": list(row.presence),
        "min_people": row.min_people,
        "note": row.note,
        "items": [
            {"duty_code": item.duty_code, "people": item.people, "days_per_week": item.days_per_week}
            for item in sorted(row.items, key=lambda item: item.duty_code)
        ],
    }
