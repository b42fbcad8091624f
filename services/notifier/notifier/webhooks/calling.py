"""One call of a webhook: to the address its name leads to at this moment, once looked up and then connected to, nowhere
else. Nothing is followed, nothing of the answer is kept but its status.
"""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
from commune_service.authorities import trusted_authorities
from commune_service.outbound import OutboundRule, RefusedAddressError, look_up

CALL_SECONDS = 15.0
READ_AT_MOST = 4096
GONE = 410


@dataclass(frozen=True)
class CallResult:
    """`error`: a word for the log of deliveries; None where it was taken."""

    status: int | None
    error: str | None

    @property
    def is_gone(self) -> bool:
        """The receiver says that it wants no more."""
        return self.status == GONE


async def call(url: str, *, content: bytes, headers: dict[str, str], rule: OutboundRule) -> CallResult:
    """Never raises for what the other side does."""
    try:
        async with asyncio.timeout(CALL_SECONDS):
            address = await look_up(url, rule)
            return await _post(url, address, content=content, headers=headers)
    except RefusedAddressError as refused:
        return CallResult(None, f"address.refused: {refused}")
    except TimeoutError:
        return CallResult(None, "no.answer")
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        return CallResult(None, f"away: {type(error).__name__}")


async def _post(url: str, address: str, *, content: bytes, headers: dict[str, str]) -> CallResult:
    parts = urlsplit(url)
    asked = httpx.URL(url).copy_with(host=address)
    there = {"Host": parts.netloc, **headers}
    async with (
        httpx.AsyncClient(
            timeout=CALL_SECONDS, trust_env=False, follow_redirects=False, verify=trusted_authorities(trust_env=False)
        ) as client,
        client.stream(
            "POST", asked, content=content, headers=there, extensions={"sni_hostname": parts.hostname}
        ) as answer,
    ):
        read = 0
        async for chunk in answer.aiter_raw():
            read += len(chunk)
            if read > READ_AT_MOST:
                break
        if answer.is_success:
            return CallResult(answer.status_code, None)
        word = "redirect.refused" if answer.is_redirect else "not.taken"
        return CallResult(answer.status_code, word)
