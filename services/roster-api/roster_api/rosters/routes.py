"""Routes of roster uploads."""

import asyncio
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import Depends, Form, Query, Request, Response, UploadFile
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from roster_api.access.principal import PrincipalDep
from roster_api.database import LateSessionDep, SessionDep, patient
from roster_api.etags import IfMatchDep, set_etag
from roster_api.idempotency import OnceDep, OnceOnly
from roster_api.paging import Page, PagingDep
from roster_api.rosters import mappings, service
from roster_api.rosters.models import RowStatus
from roster_api.rosters.previews import seconds_to_wait
from roster_api.rosters.reading.limited import Opener
from roster_api.rosters.schemas import (
    CommitUpload,
    ElsewhereRead,
    UploadRead,
    UploadRowRead,
    UploadSummary,
    WriteDecisions,
    WriteMapping,
)
from roster_api.rosters.sent_files import SentFile
from roster_api.rosters.template import write_template
from roster_api.routing import domain_router, problems

router = domain_router(tag="rosters")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8"}
FILE = {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}, "description": "The file"}


async def get_opener(request: Request) -> Opener:
    """One an application: it limits how many files are opened at once."""
    opener: Opener | None = getattr(request.app.state, "roster_opener", None)
    if opener is None:
        opener = request.app.state.roster_opener = Opener()
    return opener


OpenerDep = Annotated[Opener, Depends(get_opener)]


async def get_patience(request: Request) -> float:
    """How long one statement of a commit may take, in seconds."""
    seconds: float = request.app.state.settings.list_timeout_seconds
    return seconds


PatienceDep = Annotated[float, Depends(get_patience)]


async def get_uploads_at_once(request: Request) -> int:
    """How many lists of one key, and of one school, may wait to be read."""
    count: int = request.app.state.settings.uploads_at_once
    return count


UploadsAtOnceDep = Annotated[int, Depends(get_uploads_at_once)]


def _answer(upload: UploadRead, response: Response) -> UploadRead:
    """With its ETag; 202 and when to ask again while a reader has it, or will take it."""
    set_etag(response, upload.row_version)
    seconds = seconds_to_wait(upload)
    if seconds is not None:
        response.headers["Retry-After"] = str(seconds)
    return upload


def _accepted(upload: UploadRead, response: Response) -> UploadRead:
    response.status_code = 202 if seconds_to_wait(upload) is not None else 200
    return _answer(upload, response)


def _mapping(text: str | None) -> WriteMapping | None:
    """422 with the place of each fault, as for a body."""
    if text is None:
        return None
    try:
        return WriteMapping.model_validate_json(text)
    except ValidationError as faults:
        placed = [fault | {"loc": ("body", "mapping", *fault["loc"])} for fault in faults.errors()]
        raise RequestValidationError(placed) from faults


async def read_sent_file(
    file: UploadFile,
    include_hidden: Annotated[bool, Query(description="Take in hidden sheets, rows and columns too")] = False,
    mapping: Annotated[str | None, Form(description="JSON as for PUT .../mapping", max_length=100_000)] = None,
) -> SentFile:
    """The file, which is on disk when it is large, and how it is to be read."""
    return SentFile(file.filename or "", file.file, file.size or 0, include_hidden, _mapping(mapping))


SentFileDep = Annotated[SentFile, Depends(read_sent_file)]


def send_file(content: bytes, *, media_type: str, name: str) -> Response:
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=media_type, headers=headers)


@router.get(
    "/roster-template.xlsx", operation_id="get_roster_template", summary="An empty list to fill in",
    response_class=Response, responses={200: FILE},
)  # fmt: skip
async def get_roster_template() -> Response:
    return send_file(await asyncio.to_thread(write_template), media_type=XLSX, name="danh-sach-mau.xlsx")


@router.post(
    "/schools/{school_id}/roster-uploads", operation_id="upload_roster", status_code=202,
    summary="Send a school's list; the roster is not changed yet",
    max_body_size=service.MAXIMUM_FILE_BYTES + 100_000, responses=problems(409, 429),
)  # fmt: skip
async def upload_roster(
    late: LateSessionDep, once: OnceDep, principal: PrincipalDep, at_once: UploadsAtOnceDep, school_id: UUID,
    sent: SentFileDep, response: Response,
) -> UploadRead:  # fmt: skip
    """xlsx, xls, ods or csv, 20 MB and 100,000 people at most. A reader takes it: ask `Location` how far it is."""
    upload = await service.upload_roster(
        late, once=once, principal=principal, school_id=school_id, sent=sent, at_once=at_once
    )
    response.headers["Location"] = f"/v1/roster-uploads/{upload.id}"
    return _answer(upload, response)


@router.put(
    "/roster-uploads/{upload_id}/mapping", operation_id="put_roster_mapping", status_code=202,
    summary="Say what the columns are, and have the kept file read again", responses=problems(409, 412, 428),
)  # fmt: skip
async def put_roster_mapping(
    session: SessionDep, principal: PrincipalDep, upload_id: UUID, if_match: IfMatchDep, body: WriteMapping,
    response: Response,
) -> UploadRead:  # fmt: skip
    """409 while it is read, and once committed. A list that cannot be read so has failed, and may be mapped again."""
    upload = await mappings.change_mapping(
        session, principal=principal, upload_id=upload_id, if_match=if_match, body=body
    )
    return _answer(upload, response)


@router.put(
    "/roster-uploads/{upload_id}/decisions", operation_id="put_roster_decisions", status_code=202,
    summary="Say who doubtful rows are, and have the list compared again", responses=problems(409, 412, 428),
)  # fmt: skip
async def put_roster_decisions(
    session: SessionDep, principal: PrincipalDep, upload_id: UUID, if_match: IfMatchDep, body: WriteDecisions,
    response: Response,
) -> UploadRead:  # fmt: skip
    """All decisions at once: `same_as` a person of the roster, `new`, or `left_out`. Asked for by `doubts`."""
    upload = await mappings.decide(session, principal=principal, upload_id=upload_id, if_match=if_match, body=body)
    return _answer(upload, response)


@router.get(
    "/roster-uploads/{upload_id}/elsewhere", operation_id="list_roster_elsewhere",
    summary="People of a committed list who are on another school's too", responses=problems(409),
)  # fmt: skip
async def list_roster_elsewhere(
    session: SessionDep, principal: PrincipalDep, upload_id: UUID
) -> list[ElsewhereRead]:  # fmt: skip
    """Home Affairs alone is told: a school learns nothing of another's people."""
    return await service.list_elsewhere(session, principal=principal, upload_id=upload_id)


@router.get("/schools/{school_id}/roster-uploads", operation_id="list_roster_uploads", summary="A school's uploads")
async def list_roster_uploads(
    session: SessionDep, principal: PrincipalDep, paging: PagingDep, school_id: UUID
) -> Page[UploadSummary]:
    return await service.list_uploads(session, principal=principal, school_id=school_id, paging=paging)


@router.get(
    "/roster-uploads/{upload_id}", operation_id="get_roster_upload", summary="An upload, its progress, counts, errors"
)
async def get_roster_upload(
    session: SessionDep, principal: PrincipalDep, upload_id: UUID, response: Response
) -> UploadRead:
    """Retry-After says when to ask again, while a reader has it."""
    return _answer(await service.get_upload(session, principal=principal, upload_id=upload_id), response)


@router.get(
    "/roster-uploads/{upload_id}/rows", operation_id="list_roster_upload_rows", summary="The preview, row by row"
)
async def list_roster_upload_rows(
    session: SessionDep,
    principal: PrincipalDep,
    paging: PagingDep,
    upload_id: UUID,
    status: Annotated[RowStatus | None, Query(description="Only rows of this status")] = None,
) -> Page[UploadRowRead]:
    return await service.list_rows(session, principal=principal, upload_id=upload_id, status=status, paging=paging)


@router.get(
    "/roster-uploads/{upload_id}/annotated", operation_id="get_annotated_roster", response_class=Response,
    summary="The same file back, with a column of errors", responses={200: FILE},
)  # fmt: skip
async def get_annotated_roster(
    late: LateSessionDep, principal: PrincipalDep, opener: OpenerDep, upload_id: UUID
) -> Response:
    kind, content = await service.annotate_upload(late, principal=principal, opener=opener, upload_id=upload_id)
    return send_file(content, media_type=MEDIA_TYPES[kind], name=f"danh-sach-loi.{kind}")


@router.post(
    "/roster-uploads/{upload_id}/commit", operation_id="commit_roster_upload", dependencies=[OnceOnly],
    summary="Write the list to the roster", responses={202: {"model": UploadRead}, **problems(409)},
)  # fmt: skip
async def commit_roster_upload(
    session: SessionDep, principal: PrincipalDep, patience: PatienceDep, upload_id: UUID, response: Response,
    body: CommitUpload | None = None,
) -> UploadRead:  # fmt: skip
    """202 where it is long: a reader writes it. 422 while there are errors; 409 when too many would be removed."""
    async with patient(session, seconds=patience):
        upload = await service.commit_upload(
            session, principal=principal, upload_id=upload_id, body=body or CommitUpload()
        )
    return _accepted(upload, response)


@router.post(
    "/roster-uploads/{upload_id}/cancel", operation_id="cancel_roster_upload", dependencies=[OnceOnly],
    summary="Give a list up that was not committed", responses=problems(409),
)  # fmt: skip
async def cancel_roster_upload(
    session: SessionDep, principal: PrincipalDep, upload_id: UUID, response: Response
) -> UploadRead:
    return _answer(await service.cancel_upload(session, principal=principal, upload_id=upload_id), response)


@router.post(
    "/roster-uploads/{upload_id}/undo", operation_id="undo_roster_upload", dependencies=[OnceOnly],
    summary="Take a commit back, while nothing else has changed", responses=problems(409),
)  # fmt: skip
async def undo_roster_upload(
    session: SessionDep, principal: PrincipalDep, patience: PatienceDep, upload_id: UUID, response: Response
) -> UploadRead:
    async with patient(session, seconds=patience):
        upload = await service.undo_upload(session, principal=principal, upload_id=upload_id)
    return _answer(upload, response)
