"""The page of one's own data, behind the personal link; and everything about a person, to be printed."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

import roster_api.answers.page
from roster_api.answers.page import Line
from roster_api.data_requests.clock import LOCAL
from roster_api.data_requests.models import RequestKind, RequestState
from roster_api.data_requests.schemas import MyData, PersonData

KINDS = {
    RequestKind.ACCESS: ("Nhận bản sao toàn bộ dữ liệu", "A copy of everything"),
    RequestKind.CORRECTION: ("Đính chính", "Correction"),
    RequestKind.ERASURE: ("Xóa dữ liệu", "Erasure"),
}
STATES = {
    RequestState.OPEN: ("đang chờ", "waiting"),
    RequestState.ERASING: ("đang xóa", "being erased"),
    RequestState.DONE: ("đã xong", "done"),
    RequestState.REFUSED: ("không được chấp nhận", "refused"),
    RequestState.WITHDRAWN: ("bạn đã rút", "withdrawn by you"),
}
NOT_UNDERSTOOD = Line(
    "Chưa hiểu nội dung bạn ghi. Email viết như ten@truong.edu.vn; điện thoại di động có 10 chữ số.",
    "What you wrote was not understood. An e-mail looks like name@school.edu.vn; a mobile number has 10 digits.",
    "warn",
)
ANSWER_PAGES = Path(roster_api.answers.page.__file__).parent / "templates"
templates = Environment(
    loader=ChoiceLoader([FileSystemLoader(Path(__file__).parent / "templates"), FileSystemLoader(ANSWER_PAGES)]),
    autoescape=True,
    undefined=StrictUndefined,
)


def show(value: Any) -> str:
    """A value of the data as a person reads it."""
    match value:
        case _ if value is None or value in ("", [], {}):
            shown = "–"
        case bool():
            shown = "có · yes" if value else "không · no"
        case datetime():
            shown = value.astimezone(LOCAL).strftime("%H:%M %d/%m/%Y")
        case date():
            shown = value.strftime("%d/%m/%Y")
        case dict():
            shown = "; ".join(f"{name}: {show(each)}" for name, each in value.items())
        case list():
            shown = ", ".join(map(show, value))
        case _:
            shown = str(value)
    return shown


templates.filters["show"] = show
templates.filters["day"] = lambda moment: moment.astimezone(LOCAL).strftime("%d/%m/%Y")


def render_mine(
    mine: MyData,
    *,
    token: str,
    working_days: int,
    status: int = 200,
    extra: Line | None = None,
    typed: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """`typed`: what the person wrote and was not taken, so that it can be mended."""
    context = {
        "mine": mine,
        "back": f"/a/{token}",
        "lines": [extra] if extra else [],
        "typed": dict.fromkeys(("full_name", "email", "phone", "words"), "") | dict(typed or {}),
        "working_days": working_days,
        "kinds": KINDS,
        "states": STATES,
    }
    return _respond("my_data.html", status=status, **context)


def render_everything(everything: PersonData) -> HTMLResponse:
    return _respond("everything.html", status=200, everything=everything)


def write_everything(everything: PersonData) -> str:
    """The same page as text, for a file."""
    return templates.get_template("everything.html").render(nonce="", everything=everything)


def _respond(name: str, *, status: int, **context: object) -> HTMLResponse:
    nonce = secrets.token_urlsafe(16)
    return HTMLResponse(
        templates.get_template(name).render(nonce=nonce, **context),
        status_code=status,
        headers=roster_api.answers.page.headers_of(nonce),
    )
