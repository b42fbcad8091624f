"""Needs of many communes by a sheet: a workbook with the province's communes to fill in, and sending it.

The sheet is then looked at, recorded and taken back on the pages of registers (`/staff/sheets`).
"""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Form, UploadFile
from fastapi.responses import Response

from commune_portal.client import ApiError
from commune_portal.menu import ADMIN
from commune_portal.need_workbook import write_workbook
from commune_portal.pages.need_table import render_table
from commune_portal.pages.needs import list_duties
from commune_portal.view import PersonDep

router = APIRouter()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.post("/campaigns/{campaign_id}/needs-sheet")
async def send_needs(
    view: PersonDep, campaign_id: str, file: UploadFile, once: Annotated[str, Form()] = ""
) -> Response:
    campaign = await view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id)
    try:
        upload = await view.api.upload(
            "/v1/provinces/{code}/registers/{register}",
            (file.filename or "nhu-cau.xlsx", await file.read()),
            once=once,
            code=campaign["province_code"],
            register="needs",
            campaign_id=campaign_id,
        )
    except ApiError as refusal:
        if refusal.status not in {409, 413, 422, 429}:
            raise
        return await render_table(view, campaign_id, refusal=refusal)
    return view.go(f"/staff/sheets/{upload['id']}")


@router.get("/campaigns/{campaign_id}/needs-sheet.xlsx")
async def get_workbook(view: PersonDep, campaign_id: str) -> Response:
    """The communes of the province with what each has declared, a column for each duty."""
    if view.role != ADMIN:
        raise ApiError(404, {})
    campaign = await view.api.get("/v1/campaigns/{campaign_id}", campaign_id=campaign_id)
    communes, duties, needs = await asyncio.gather(
        view.api.list_all("/v1/communes", province_code=campaign["province_code"]),
        list_duties(view),
        view.api.list_all("/v1/campaigns/{campaign_id}/needs", campaign_id=campaign_id),
    )
    known = {each["commune_code"]: each for each in needs}
    content = await asyncio.to_thread(write_workbook, communes, duties, known)
    headers = {"Content-Disposition": 'attachment; filename="nhu-cau-cac-xa.xlsx"'}
    return Response(content, media_type=XLSX, headers=headers)
