"""What goes wrong, as pages: what happened, what to do, and what was typed, given back."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import structlog
from commune_service.logging import log_fault
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from commune_portal.client import ApiAwayError, ApiError
from commune_portal.guard import FORM_TOKEN, SAFE_METHODS, ForeignFormError
from commune_portal.province import NoProvinceError, list_provinces
from commune_portal.view import NotSignedInError, View, local_path

log = structlog.get_logger(__name__)
NOT_SHOWN = {FORM_TOKEN}
TITLES: Mapping[int, tuple[str, str]] = {
    400: ("Yêu cầu chưa đọc được", "The request could not be read"),
    403: ("Bạn không có quyền xem trang này", "You may not see this page"),
    404: ("Không tìm thấy trang", "Page not found"),
    409: ("Chưa thực hiện được", "Not possible just now"),
    412: ("Người khác vừa thay đổi", "Changed by somebody else"),
    413: ("Tệp quá lớn", "The file is too large"),
    422: ("Có chỗ cần sửa", "Something needs mending"),
    429: ("Quá nhiều yêu cầu cùng lúc", "Too many requests at once"),
    500: ("Có lỗi ở phía chúng tôi", "Something went wrong on our side"),
}


async def list_typed(request: Request) -> list[tuple[str, str]]:
    """The fields of the form that was being sent, in order; files cannot be kept."""
    if request.method in SAFE_METHODS:
        return []
    try:
        form = await request.form()
    except (HTTPException, RuntimeError, AssertionError):
        return []
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str) and name not in NOT_SHOWN]


async def had_file(request: Request) -> bool:
    if request.method in SAFE_METHODS:
        return False
    return any(isinstance(value, UploadFile) for _, value in (await request.form()).multi_items())


async def ask_to_sign_in(request: Request, _error: Exception) -> Response:
    """A page sends one to sign in and back; a form shows what was typed first."""
    if request.method in SAFE_METHODS:
        where = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?next={quote(where)}", 303)
    back = find_page_of_form(request)
    return View.of(request).render("signed_out.html", status=401, typed=await list_typed(request), back=back)


def find_page_of_form(request: Request) -> str:
    """The page of ours that the form stood on, as the browser says; some forms are sent to where no page is."""
    came_from = request.headers.get("referer", "")
    parts = urlsplit(came_from)
    if f"{parts.scheme}://{parts.netloc}" != request.headers.get("origin"):
        return "/"
    return local_path(parts.path + (f"?{parts.query}" if parts.query else ""))


async def say_api_away(request: Request, error: Exception) -> Response:
    log.warning("api.away", reason=str(error))
    view = View.of(request)
    typed, file = await list_typed(request), await had_file(request)
    answer = view.render("api_away.html", status=503, typed=typed, had_file=file, again=request.url.path)
    answer.headers["Retry-After"] = "10"
    return answer


async def ask_for_province(request: Request, _error: Exception) -> Response:
    view = View.of(request)
    await view.load_me()
    return view.render("choose_province.html", provinces=await list_provinces(view))


async def say_problem(request: Request, error: Exception) -> Response:
    """What the API refused, in its own words."""
    assert isinstance(error, ApiError)  # noqa: S101 - registered for it alone
    if error.wants_a_role:
        return RedirectResponse("/role", 303)
    if error.wants_a_second_factor:
        return View.of(request).render("second_factor.html", status=403, refusal=error)
    if error.status == 401:
        request.session.clear()
        return await ask_to_sign_in(request, error)
    return await render_error(request, error.status, detail=error.words(View.of(request).language), errors=error.errors)


async def say_http_error(request: Request, error: Exception) -> Response:
    if isinstance(error, RequestValidationError):
        fields = ", ".join(dict.fromkeys(str(fault["loc"][-1]) for fault in error.errors()))
        detail = View.of(request).say(f"Thiếu hoặc không hiểu được: {fields}.", f"Missing or not understood: {fields}.")
        return await render_error(request, 422, detail=detail)
    return await render_error(request, error.status_code if isinstance(error, HTTPException) else 500)


async def say_foreign_form(request: Request, error: Exception) -> Response:
    """Where nobody is signed in any more, that is what is said: a form left open until the session was over."""
    view = View.of(request)
    if not view.is_signed_in:
        return await ask_to_sign_in(request, error)
    detail = view.say(
        "Trang này đã mở từ trước lần đăng nhập hiện tại, hoặc yêu cầu đến từ nơi khác. Hãy gửi lại từ trang mới mở.",
        "This page was opened before you signed in this time, or the request came from elsewhere. Send it again from a "
        "page opened now.",
    )
    return await render_error(request, 403, detail=detail)


async def say_fault(request: Request, error: Exception) -> Response:
    log_fault("portal.fault", error, path=request.scope.get("path", ""))
    return await render_error(request, 500)


async def render_error(request: Request, status: int, *, detail: str = "", errors: Any = ()) -> Response:
    view = View.of(request)
    vi, en = TITLES.get(status, TITLES[500] if status >= 500 else TITLES[400])
    facts = {"title": view.say(vi, en), "detail": detail, "errors": errors, "typed": await list_typed(request)}
    return view.render("error.html", status=status, number=status, **facts)


def handle_errors(app: FastAPI) -> None:
    app.add_exception_handler(NotSignedInError, ask_to_sign_in)
    app.add_exception_handler(ApiAwayError, say_api_away)
    app.add_exception_handler(NoProvinceError, ask_for_province)
    app.add_exception_handler(ApiError, say_problem)
    app.add_exception_handler(ForeignFormError, say_foreign_form)
    app.add_exception_handler(HTTPException, say_http_error)
    app.add_exception_handler(RequestValidationError, say_http_error)
    app.add_exception_handler(Exception, say_fault)
