"""The kind of route that answers people on a page, whatever goes wrong."""

import json
from typing import ClassVar

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from roster_api.access.authorize import Handler
from roster_api.answers.access import LinkRoute
from roster_api.answers.page import Line, render_refusal
from roster_api.error_answers import answer_fault, field_errors
from roster_api.errors import NotFoundError, ProblemError

WRONG_LINK = Line(
    "Liên kết không đúng, đã hết hạn hoặc đã bị thu hồi.", "The link is wrong, has expired or was revoked.", "warn"
)
NOTHING_CHOSEN = Line(
    "Chưa nhận được câu trả lời của bạn. Hãy mở lại liên kết rồi bấm một trong hai nút.",
    "Your answer did not arrive. Open the link again and press one of the two buttons.",
    "warn",
)


class PageRoute(LinkRoute):
    """What goes wrong here is told on a page, for people, not as a problem document."""

    nothing_came: ClassVar[Line] = NOTHING_CHOSEN
    """To a form that could not be read."""

    def get_route_handler(self) -> Handler:
        answer = super().get_route_handler()

        async def answer_in_words(request: Request) -> Response:
            try:
                return await answer(request)
            except ProblemError as problem:
                line = WRONG_LINK if isinstance(problem, NotFoundError) else Line(problem.vi, problem.en, "warn")
                return render_refusal(status=problem.status, line=line, headers=problem.headers)
            except RequestValidationError as refused:
                return render_refusal(status=422, line=explain_form(refused, self.nothing_came))
            except HTTPException as problem:
                return render_refusal(status=problem.status_code, line=self.nothing_came)
            except ClientDisconnect:
                raise  # nobody is there to read a page
            except Exception as fault:  # noqa: BLE001 - noted and put in words as everywhere else
                return on_page(await answer_fault(request, fault))

        return answer_in_words


def on_page(problem: Response) -> Response:
    """The same answer, for people."""
    words = json.loads(bytes(problem.body))
    kept = {name: value for name, value in problem.headers.items() if name == "retry-after"}
    line = Line(words["detail_vi"], words["detail"], "warn")
    return render_refusal(status=problem.status_code, line=line, headers=kept)


def explain_form(refused: RequestValidationError, nothing_came: Line) -> Line:
    """What is wrong with the reason, in its own words; else that no answer came."""
    errors = {error.pointer: error for error in field_errors(refused.errors())}
    fault = errors.get("/reason")
    return Line(fault.vi, fault.en, "warn") if fault else nothing_came
