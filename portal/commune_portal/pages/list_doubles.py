"""Rows of a list that may be somebody else: shown beside whom they may be, and decided."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from commune_portal.client import ApiError
from commune_portal.doubles import by_row
from commune_portal.pages.lists import render_list
from commune_portal.view import PersonDep

router = APIRouter()


@router.post("/lists/{upload_id}/decisions")
async def decide(request: Request, view: PersonDep, upload_id: str) -> Response:
    """Fields `decision:<n>`, in the order of the rows shown; what is left open is asked again, or left to the reader.

    What was decided before stays.
    """
    upload = await view.api.get("/v1/roster-uploads/{upload_id}", upload_id=upload_id)
    form = await request.form()
    kept = {(one["sheet"], one["row"]): one for one in upload["decisions"]}
    for number, row in enumerate(by_row(upload["doubts"])):
        kind, _, person = str(form.get(f"decision:{number}") or "").partition(":")
        if kind:
            place = {"sheet": row.listed["sheet"], "row": row.listed["row"]}
            kept[place["sheet"], place["row"]] = place | {"is": kind, "volunteer_id": person or None}
    body = {"decisions": list(kept.values())}
    try:
        etag = str(form.get("etag") or "*")
        await view.api.put("/v1/roster-uploads/{upload_id}/decisions", body, etag=etag, upload_id=upload_id)
    except ApiError as refusal:
        if refusal.status not in {409, 412, 422, 429}:
            raise
        return await render_list(request, view, upload_id, refusal)
    words = view.say("Danh sách được so lại theo điều bạn đã chọn.", "The list is compared again by what you chose.")
    return view.go(f"/lists/{upload_id}", words)
