"""Files that the API makes, handed on to the browser as they are."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import httpx
from fastapi.responses import Response, StreamingResponse

from commune_portal.client import ApiAwayError, ApiError

KEPT = ("content-type", "content-disposition")


def pass_on(answer: httpx.Response) -> Response:
    return Response(answer.content, headers={name: answer.headers[name] for name in KEPT if name in answer.headers})


async def stream_on(stream: AbstractAsyncContextManager[httpx.Response]) -> Response:
    """A long file, piece by piece as the API sends it. Raises as the client does where it does not begin."""
    try:
        answer = await stream.__aenter__()
    except httpx.TransportError as error:
        raise ApiAwayError(type(error).__name__) from error
    if answer.is_error:
        await answer.aread()
        await stream.__aexit__(None, None, None)
        raise ApiError.of(answer)

    async def each() -> AsyncIterator[bytes]:
        try:
            async for part in answer.aiter_bytes():
                yield part
        finally:
            await stream.__aexit__(None, None, None)

    return StreamingResponse(each(), headers={name: answer.headers[name] for name in KEPT if name in answer.headers})
