"""The printed sign-in list of a commune: a line a day of service, a QR code that opens the campaign."""

import secrets
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from uuid import UUID

import segno
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from roster_api.attendance.schemas import AttendanceDay
from roster_api.attendance.sheet import WEEKDAYS

templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
)


def make_address(portal_url: str, *, campaign_id: UUID) -> str:
    """Where who came is ticked. It opens nothing without signing in."""
    return f"{portal_url.rstrip('/')}/campaigns/{campaign_id}/attendance"


def draw_code(address: str) -> str:
    """An SVG with no colours, sizes or names of its own."""
    out = BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, title="QR"
    )
    return out.getvalue().decode()


def render_sign_in(
    days: Sequence[AttendanceDay], *, campaign_name: str, commune_code: str, first: date, last: date, address: str
) -> HTMLResponse:
    nonce = secrets.token_urlsafe(16)
    html = templates.get_template("sign_in.html").render(
        nonce=nonce,
        campaign_name=campaign_name,
        commune_name=days[0].commune_name if days else commune_code,
        first=f"{first:%d/%m/%Y}",
        last=f"{last:%d/%m/%Y}",
        address=address,
        code=draw_code(address),
        days=[
            {
                "when": f"{WEEKDAYS[day.serves_on.weekday()]} {day.serves_on:%d/%m/%Y}",
                "full_name": day.full_name,
                "school_name": day.school_name,
            }
            for day in days
        ],
    )
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return HTMLResponse(html, headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"})
