"""Files that the API makes, handed on to the browser as they are."""

import httpx
from fastapi.responses import Response

KEPT = ("content-type", "content-disposition")


def pass_on(answer: httpx.Response) -> Response:
    return Response(answer.content, headers={name: answer.headers[name] for name in KEPT if name in answer.headers})
