"""What a form's body hashes to, told from its pieces as they come: a form may hold a file of 20 MB."""

from typing import TYPE_CHECKING

from starlette.types import Message, Receive

if TYPE_CHECKING:
    from hashlib import _Hash


class FormDigest:
    """As of the whole body with its boundary left out: that is chosen by chance for each request."""

    def __init__(self, begun: "_Hash", *, boundary: bytes) -> None:
        self._digest, self._mark, self._rest = begun, b"--" + boundary, b""

    def take(self, piece: bytes) -> None:
        *before, rest = (self._rest + piece).split(self._mark)
        for part in before:
            self._digest.update(part)
            self._digest.update(b"--")
        sure = max(len(rest) - len(self._mark) + 1, 0)  # what is behind may be the beginning of a boundary
        self._digest.update(rest[:sure])
        self._rest = rest[sure:]

    def hexdigest(self) -> str:
        """Of what came so far."""
        whole = self._digest.copy()
        whole.update(self._rest)
        return whole.hexdigest()

    def hearing(self, receive: Receive) -> Receive:
        """`receive`, of which every piece of the body is taken here too."""

        async def receive_and_take() -> Message:
            message = await receive()
            if message["type"] == "http.request":
                self.take(message.get("body", b""))
            return message

        return receive_and_take
