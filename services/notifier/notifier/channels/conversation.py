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


EXPECTED = {Step.MAIL: {250}, Step.RCPT: {250, 251}, Step.DATA: {354}}


@dataclass(frozen=True)
class Reply:
    code: int
    text: str


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
        if self._pipelines:
            self._write(b"".join(commands.values()))
        refusal, reply = None, None
        for step, command in commands.items():
            if not self._pipelines:
                self._write(command)
            reply = await self._read()
            if reply.code not in EXPECTED[step]:
                refusal = refusal or Refusal(step, reply)
                if reply.code == CLOSING or not self._pipelines:
                    return refusal
        if refusal is not None and reply is not None and reply.code in EXPECTED[Step.DATA]:
            self._write(b".\r\n")  # asked for the mail although nobody is to get it: it gets none
            await self._read()
        return refusal

    async def hand_over(self, content: bytes) -> Reply:
        """The mail itself, its lines ended by CRLF. OSError where the line broke: nobody knows whether it was taken."""
        dotted = content.replace(b"\n.", b"\n..")
        start, end = (b"." if content.startswith(b".") else b""), (b"" if content.endswith(b"\r\n") else b"\r\n")
        self._write(b"".join([start, dotted, end, b".\r\n"]))
        return await self._read()

    async def reset(self) -> None:
        """Ready for the next mail; OSError where the relay is not."""
        self._write(b"RSET\r\n")
        if (await self._read()).code not in EXPECTED[Step.MAIL]:
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

    async def _read(self) -> Reply:
        while not self._replies:
            if self._is_broken:
                raise BrokenLineError("hung up")
            self._heard.clear()
            await self._heard.wait()
        return self._replies.popleft()
