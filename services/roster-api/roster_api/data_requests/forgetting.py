"""What the notifier is to forget of an erasure: the same as often as it asks."""

from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.data_requests.erasure import list_answers_about
from roster_api.data_requests.models import DataRequest, SubjectKind
from roster_api.data_requests.repository import whose
from roster_api.data_requests.schemas import ErasedContact, ErasureTask
from roster_api.data_requests.subject_erasure import list_occasions, recipient_of


async def describe_erasure(session: AsyncSession, request: DataRequest) -> ErasureTask:
    """Of a volunteer: them, and answers that name them; of everybody else whom messages were to, and where else."""
    about = whose(request)
    if request.volunteer_id is not None:
        answers = await list_answers_about(session, request)
        return ErasureTask(request_id=request.id, volunteer_id=request.volunteer_id, answer_ids=answers)
    is_official = about.kind is SubjectKind.STAFF
    occasions = await list_occasions(session, about.id) if is_official else []
    return ErasureTask(
        request_id=request.id,
        volunteer_id=None,
        answer_ids=[],
        recipient=recipient_of(about.kind, about.id),
        occasion_ids=occasions,
        contact=ErasedContact.model_validate(request.wanted) if request.wanted else None,
    )
