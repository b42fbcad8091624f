"""One mail after another over an SMTP connection that is open already: at most two waits for the relay a mail.

The envelope goes in one piece to a relay that takes it so (PIPELINING, RFC 2920), and step by step to any other. The
mail itself is written only after the relay asked for it: until then nothing was handed over, whatever breaks.
"""

import asyncio
from collections import deque
from dataclasses import dataclass
from enum import Enum

LONGEST_REPLY = 32_768
"""Octets that wait to be understood: a relay that says more is none."""
CLOSING = 421


class Step(Enum):
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"


TAKEN, GO_ON = 2, 3
"""First digits: what comes after them changes nothing for us (RFC 5321 section 4.3.2)."""
REFUSED = (4, 5)
EXPECTED = {Step.MAIL: TAKEN, Step.RCPT: TAKEN, Step.DATA: GO_ON}


@dataclass(frozen=True)
class Reply:
    code: int
    text: str

    @property
    def kind(self) -> int:
        return self.code // 100


@dataclass(frozen=True)
class Refusal:
    step: Step
    reply: Reply


class BrokenLineError(ConnectionError):
    """The relay hung up, or said what is no SMTP."""


class Conversation(asyncio.Protocol):
    """With the relay at the other end of `transport`, which is this object's from now on. One mail at a time."""

    def __init__(self, transport: asyncio.Transport, *, pipelines: bool) -> None:
        """`pipelines`: the relay said that it takes commands in one piece."""
        self._transport = transport
        self._pipelines = pipelines
        self._begun = b""
        self._lines: list[bytes] = []
        self._replies: deque[Reply] = deque()
        self._heard = asyncio.Event()
        self._is_broken = False
        transport.set_protocol(self)

    @property
    def is_open(self) -> bool:
        return not self._is_broken and not self._transport.is_closing()

    async def open_mail(self, sender: str, recipient: str) -> Refusal | None:
        """None: the relay waits for the mail. OSError where the line broke: nothing was handed over."""
        commands = {
            Step.MAIL: f"MAIL FROM:<{sender}>\r\n".encode("ascii"),
            Step.RCPT: f"RCPT TO:<{recipient}>\r\n".encode("ascii"),
            Step.DATA: b"DATA\r\n",
        }
        self._listen_to_nothing_else()
        if self._pipelines:
            self._write(b"".join(commands.values()))
        refusal, reply = None, None
        for step, command in commands.items():
            if not self._pipelines:
                self._write(command)
            reply = await self._read()
            if reply.kind != EXPECTED[step]:
                if reply.kind not in REFUSED:
                    raise BrokenLineError("answers another question")
                refusal = refusal or Refusal(step, reply)
                if reply.code == CLOSING or not self._pipelines:
                    return refusal
        if refusal is not None and reply is not None and reply.kind == GO_ON:
            self._write(b".\r\n")  # asked for the mail although nobody is to get it: it gets none
            await self._read()
        if refusal is None:
            self._listen_to_nothing_else()
        return refusal

    async def hand_over(self, content: bytes) -> Reply:
        """The mail itself, its lines ended by CRLF; the answer takes or refuses it. OSError where the line broke or no
        such answer came: nobody knows whether it was taken."""
        dotted = content.replace(b"\n.", b"\n..")
        start, end = (b"." if content.startswith(b".") else b""), (b"" if content.endswith(b"\r\n") else b"\r\n")
        self._write(b"".join([start, dotted, end, b".\r\n"]))
        reply = await self._read()
        if reply.kind not in (TAKEN, *REFUSED):
            raise BrokenLineError("answers another question")
        return reply

    async def reset(self) -> None:
        """Ready for the next mail; OSError where the relay is not."""
        self._listen_to_nothing_else()
        self._write(b"RSET\r\n")
        if (await self._read()).kind != TAKEN:
            raise BrokenLineError("RSET refused")

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        *lines, self._begun = (self._begun + data).split(b"\n")
        for line in lines:
            self._lines.append(line)
            if line[3:4] != b"-":
                self._note_reply()
        if len(self._begun) + sum(map(len, self._lines)) > LONGEST_REPLY:
            self._break()
        self._heard.set()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._is_broken = True
        self._heard.set()

    def _note_reply(self) -> None:
        lines, self._lines = self._lines, []
        code = lines[-1][:3]
        if not code.isdigit():
            self._break()
            return
        words = (line[4:].strip().decode(errors="replace") for line in lines)
        self._replies.append(Reply(int(code), "\n".join(words)))

    def _break(self) -> None:
        self._is_broken = True
        self._transport.abort()

    def _write(self, data: bytes) -> None:
        if not self.is_open:
            raise BrokenLineError("hung up")
        self._transport.write(data)

    def _listen_to_nothing_else(self) -> None:
        """What a relay says unasked would pass for its answer to the next thing said: then no further word."""
        if self._replies or self._lines or self._begun:
            raise BrokenLineError("speaks unasked")

    async def _read(self) -> Reply:
        while not self._replies:
            if self._is_broken:
                raise BrokenLineError("hung up")
            self._heard.clear()
            await self._heard.wait()
        return self._replies.popleft()
