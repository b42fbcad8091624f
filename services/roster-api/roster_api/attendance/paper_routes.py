"""Routes of attendance on paper: the sheet down and up, and the printed sign-in list."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Query, Request, Response, UploadFile
from fastapi.responses import HTMLResponse

from roster_api.access.principal import PrincipalDep
from roster_api.attendance import sheets
from roster_api.attendance.routes import ATTENDANCE, CampaignDep, CommunePath
from roster_api.attendance.schemas import TickAnswers
from roster_api.attendance.service import refuse_other_commune
from roster_api.attendance.sheet import read_sheet
from roster_api.attendance.sign_in import make_address, render_sign_in
from roster_api.database import SessionDep
from roster_api.errors import TooLargeError
from roster_api.rosters.reading.limited import Opener
from roster_api.rosters.reading.refusals import RefusedFileError
from roster_api.rosters.readings import refusal
from roster_api.rosters.routes import FILE, XLSX, get_opener
from roster_api.routing import domain_router
from roster_api.shapes import Day

router = domain_router(tag="attendance")
OF_COMMUNE = ATTENDANCE + "/{commune_code}"
MAXIMUM_FILE_BYTES = 2_000_000
FirstDay = Annotated[Day, Query(examples=["2025-11-03"])]
LastDay = Annotated[Day, Query(examples=["2025-11-07"])]


@router.get(
    f"{OF_COMMUNE}/sheet.xlsx",
    operation_id="get_attendance_sheet",
    summary="A sheet to fill in: who came",
    response_class=Response,
    responses={200: FILE},
)
async def get_attendance_sheet(
    campaign: CampaignDep,
    commune_code: CommunePath,
    first_on: FirstDay,
    last_on: LastDay,
    session: SessionDep,
    principal: PrincipalDep,
) -> Response:
    content = await sheets.make_sheet(
        session, principal=principal, campaign=campaign, commune_code=commune_code, first=first_on, last=last_on
    )
    name = quote(f"diem-danh-{commune_code}-{first_on}.xlsx")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=XLSX, headers=headers)


@router.post(
    f"{OF_COMMUNE}/sheet",
    operation_id="send_attendance_sheet",
    summary="The sheet filled in: all of it is recorded, or nothing with every cell that is not understood",
    max_body_size=MAXIMUM_FILE_BYTES + 100_000,
)
async def send_attendance_sheet(
    campaign: CampaignDep,
    commune_code: CommunePath,
    file: UploadFile,
    session: SessionDep,
    principal: PrincipalDep,
    opener: Annotated[Opener, Depends(get_opener)],
) -> TickAnswers:
    """What the commune said before is not said again: the same sheet changes nothing, a mended one what it mends."""
    refuse_other_commune(principal, commune_code)  # before the file: what it holds must not tell whose commune this is
    content = await file.read(MAXIMUM_FILE_BYTES + 1)
    if len(content) > MAXIMUM_FILE_BYTES:
        raise TooLargeError("file.too_large", vi="Tệp lớn quá 2 MB.", en="The file is larger than 2 MB.")
    try:
        texts = await opener.read_texts(content)
    except RefusedFileError as refused:
        raise refusal(refused) from refused
    return await sheets.take_sheet(
        session,
        principal=principal,
        campaign=campaign,
        commune_code=commune_code,
        lines=read_sheet(texts),
        content=content,
    )


@router.get(
    f"{OF_COMMUNE}/sign-in.html",
    operation_id="get_sign_in_list",
    summary="A list to print and sign, with a QR code to the campaign",
    response_class=HTMLResponse,
)
async def get_sign_in_list(
    request: Request,
    campaign: CampaignDep,
    commune_code: CommunePath,
    first_on: FirstDay,
    last_on: LastDay,
    session: SessionDep,
    principal: PrincipalDep,
) -> HTMLResponse:
    days = await sheets.list_lines(
        session, principal=principal, campaign=campaign, commune_code=commune_code, first=first_on, last=last_on
    )
    settings = request.app.state.settings
    address = make_address(settings.portal_url or settings.public_url, campaign_id=campaign.id)
    return render_sign_in(
        days,
        campaign_name=campaign.name,
        commune_code=commune_code,
        first=first_on,
        last=last_on,
        address=address,
    )
