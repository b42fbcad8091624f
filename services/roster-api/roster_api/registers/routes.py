"""Routes of register uploads."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response, UploadFile

from roster_api.access.principal import PrincipalDep
from roster_api.database import LateSessionDep, SessionDep
from roster_api.etags import IfMatchDep, set_etag
from roster_api.idempotency import OnceDep, OnceOnly
from roster_api.paging import Page, PagingDep
from roster_api.registers import service
from roster_api.registers.declarations import Register
from roster_api.registers.schemas import (
    CommitRegister,
    RegisterRowRead,
    RegisterRowStatus,
    RegisterUploadRead,
    RegisterUploadSummary,
    WriteRegisterMapping,
)
from roster_api.rosters.repository import UNREAD
from roster_api.rosters.routes import FILE, MEDIA_TYPES, OpenerDep, UploadsAtOnceDep, send_file
from roster_api.rosters.sent_files import SentFile
from roster_api.routing import domain_router, problems
from roster_api.shapes import IdPath, ProvinceCodePath

router = domain_router(tag="staff")


async def read_register_file(
    file: UploadFile, include_hidden: Annotated[bool, Query(description="Take in hidden sheets and rows too")] = False
) -> SentFile:
    """The file, which is on disk when it is large."""
    return SentFile(file.filename or "", file.file, file.size or 0, include_hidden)


RegisterFileDep = Annotated[SentFile, Depends(read_register_file)]


async def read_place(
    code: ProvinceCodePath, register: Register,
    campaign_id: Annotated[UUID | None, Query(description="Whose needs they are; of needs alone")] = None,
) -> service.Place:  # fmt: skip
    return service.Place(code, register, campaign_id)


PlaceDep = Annotated[service.Place, Depends(read_place)]


def _answer(upload: RegisterUploadRead, response: Response) -> RegisterUploadRead:
    """With its ETag, and when to ask again while a reader has it, or will take it."""
    set_etag(response, upload.row_version)
    if upload.status.value in UNREAD:
        response.headers["Retry-After"] = "1"
    return upload


@router.post(
    "/provinces/{code}/registers/{register}", operation_id="upload_register", status_code=202,
    summary="Send units, staff, posts, or a campaign's needs as a sheet; nothing is changed yet",
    max_body_size=service.MAXIMUM_FILE_BYTES + 100_000, responses=problems(409, 429),
)  # fmt: skip
async def upload_register(
    late: LateSessionDep, once: OnceDep, principal: PrincipalDep, at_once: UploadsAtOnceDep, place: PlaceDep,
    sent: RegisterFileDep, response: Response,
) -> RegisterUploadRead:  # fmt: skip
    """xlsx, xls, ods or csv, 20 MB and 20,000 rows at most. A reader takes it, as schools' lists: ask `Location`."""
    upload = await service.upload_register(
        late, once=once, principal=principal, place=place, sent=sent, at_once=at_once
    )
    response.headers["Location"] = f"/v1/register-uploads/{upload.id}"
    return _answer(upload, response)


@router.put(
    "/register-uploads/{register_upload_id}/mapping", operation_id="put_register_mapping", status_code=202,
    summary="Say what the columns are, and have the kept file read again", responses=problems(409, 412, 428),
)  # fmt: skip
async def put_register_mapping(
    register_upload_id: IdPath, session: SessionDep, principal: PrincipalDep, if_match: IfMatchDep,
    body: WriteRegisterMapping, response: Response,
) -> RegisterUploadRead:  # fmt: skip
    """409 while it is read, and once committed. Remembered for the next of these registers once this is committed."""
    upload = await service.change_mapping(
        session, principal=principal, upload_id=register_upload_id, if_match=if_match, body=body
    )
    return _answer(upload, response)


@router.get("/provinces/{code}/register-uploads", operation_id="list_register_uploads", summary="The newest first")
async def list_register_uploads(
    session: SessionDep, principal: PrincipalDep, paging: PagingDep, code: ProvinceCodePath
) -> Page[RegisterUploadSummary]:
    return await service.list_uploads(session, principal=principal, province_code=code, paging=paging)


@router.get(
    "/register-uploads/{register_upload_id}", operation_id="get_register_upload", summary="One upload and its counts"
)
async def get_register_upload(
    register_upload_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response
) -> RegisterUploadRead:
    row = await service.get_upload(session, principal=principal, upload_id=register_upload_id)
    return _answer(RegisterUploadRead.model_validate(row), response)


@router.get(
    "/register-uploads/{register_upload_id}/rows", operation_id="list_register_rows", summary="The preview, row by row"
)
async def list_register_rows(
    register_upload_id: IdPath, session: SessionDep, principal: PrincipalDep, paging: PagingDep,
    status: Annotated[RegisterRowStatus | None, Query()] = None,
) -> Page[RegisterRowRead]:  # fmt: skip
    return await service.list_rows(
        session, principal=principal, upload_id=register_upload_id, status=status, paging=paging
    )


@router.get(
    "/register-uploads/{register_upload_id}/annotated", operation_id="get_annotated_register", response_class=Response,
    summary="The same file back, with a column of errors", responses={200: FILE},
)  # fmt: skip
async def get_annotated_register(
    register_upload_id: IdPath, late: LateSessionDep, principal: PrincipalDep, opener: OpenerDep
) -> Response:
    kind, content = await service.annotate(late, principal=principal, opener=opener, upload_id=register_upload_id)
    return send_file(content, media_type=MEDIA_TYPES[kind], name=f"so-dang-ky-loi.{kind}")


@router.post(
    "/register-uploads/{register_upload_id}/commit", operation_id="commit_register", dependencies=[OnceOnly],
    summary="Write what is new and changed", responses=problems(409),
)  # fmt: skip
async def commit_register(
    register_upload_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response,
    body: CommitRegister | None = None,
) -> RegisterUploadRead:  # fmt: skip
    """422 while there are errors. Nobody is taken off the register for not being in the sheet."""
    upload = await service.commit_upload(
        session, principal=principal, upload_id=register_upload_id, body=body or CommitRegister()
    )
    return _answer(upload, response)


@router.post(
    "/register-uploads/{register_upload_id}/cancel", operation_id="cancel_register", dependencies=[OnceOnly],
    summary="Give an upload up", responses=problems(409),
)  # fmt: skip
async def cancel_register(
    register_upload_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response
) -> RegisterUploadRead:
    return _answer(await service.cancel_upload(session, principal=principal, upload_id=register_upload_id), response)


@router.post(
    "/register-uploads/{register_upload_id}/undo", operation_id="undo_register", dependencies=[OnceOnly],
    summary="Put the register back as it was before the commit", responses=problems(409),
)  # fmt: skip
async def undo_register(
    register_upload_id: IdPath, session: SessionDep, principal: PrincipalDep, response: Response
) -> RegisterUploadRead:
    """409 once somebody changed a row that it wrote, or something takes one."""
    return _answer(await service.undo_upload(session, principal=principal, upload_id=register_upload_id), response)
