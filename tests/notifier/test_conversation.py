"""What is said to a relay, and in how many pieces, whatever the relay answers. The relay here is a scripted one."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

import pytest
from notifier.channels.answer import Answer, Outcome, Outgoing
from notifier.channels.email import EmailChannel
from notifier.providers import MailRelay

from tests.notifier.people import make_notice

NOTHING_MORE = b""
GREETED = [b"220 relay\r\n", b"250-relay\r\n250-PIPELINING\r\n250 HELP\r\n"]
PLAIN = [b"220 relay\r\n", b"250-relay\r\n250 HELP\r\n"]
TAKEN = b"250 taken\r\n"


class Relay:
    """Says the next of its answers whenever it has heard something, and hangs up after the last. `heard`: what came."""

    def __init__(self, answers: Sequence[bytes]) -> None:
        self.port = 0
        self.heard: list[bytes] = []
        self._answers = list(answers)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while self._answers:
                answer = self._answers.pop(0)
                for byte in answer:  # byte by byte: a reply may come in any pieces
                    writer.write(bytes([byte]))
                if not self._answers:
                    break
                piece = await reader.read(65536)
                while b"\r\nSubject:" in piece and not piece.endswith(b"\r\n.\r\n"):
                    piece += await reader.read(65536)
                self.heard.append(piece)
        writer.close()


@contextlib.asynccontextmanager
async def answering(*answers: bytes) -> AsyncIterator[Relay]:
    relay = Relay(answers)
    async with await asyncio.start_server(relay.talk, "127.0.0.1", 0) as server:
        relay.port = server.sockets[0].getsockname()[1]
        yield relay


async def send(relay: Relay, *, mails: int = 1) -> list[Answer]:
    described = MailRelay(name="smtp", host="127.0.0.1", port=relay.port, tls="none")
    channel = EmailChannel(described, mail_from="a@example.vn", send_seconds=8)
    outgoing = Outgoing("r@x", "nguyet@example.vn", make_notice())
    try:
        return [await channel.send(outgoing) for _ in range(mails)]
    finally:
        await channel.close()


async def test_the_envelope_goes_in_one_piece_to_a_relay_that_takes_it_so() -> None:
    asked = b"250 ok\r\n250 ok\r\n354 go on\r\n"
    async with answering(*GREETED, asked, TAKEN, asked, TAKEN) as relay:
        answers = await send(relay, mails=2)
    assert [answer.outcome for answer in answers] == [Outcome.SENT, Outcome.SENT]
    envelope = b"MAIL FROM:<a@example.vn>\r\nRCPT TO:<nguyet@example.vn>\r\nDATA\r\n"
    assert relay.heard[1] == relay.heard[3] == envelope
    assert relay.heard[2].endswith(b"\r\n.\r\n")


async def test_any_other_relay_is_told_step_by_step() -> None:
    async with answering(*PLAIN, b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n", TAKEN) as relay:
        (answer,) = await send(relay)
    assert answer.outcome is Outcome.SENT
    assert [piece.split(b" ")[0].strip() for piece in relay.heard[1:4]] == [b"MAIL", b"RCPT", b"DATA"]


async def test_a_relay_that_asks_for_the_mail_of_nobody_gets_none() -> None:
    async with answering(
        *GREETED, b"250 ok\r\n550 no such user\r\n354 go on\r\n", b"554 nobody\r\n", b"250 reset\r\n"
    ) as relay:
        (answer,) = await send(relay)
    assert (answer.outcome, answer.reason, answer.provider_code) == (Outcome.PERMANENT, "recipient.bad_address", "550")
    assert relay.heard[2:] == [b".\r\n", b"RSET\r\n"]


@pytest.mark.parametrize(
    ("says", "outcome", "reason"),
    [
        (b"250 ok\r\n451 later\r\n503 no recipient\r\n", Outcome.TRANSIENT, "provider.busy"),
        (b"250 ok\r\n250 ok\r\n554 not such mails\r\n", Outcome.PERMANENT, "content.refused"),
        (b"550 not from you\r\n503 no\r\n503 no\r\n", Outcome.TRANSIENT, "provider.not_allowed"),
    ],
)
async def test_the_first_refusal_of_an_envelope_counts(says: bytes, outcome: Outcome, reason: str) -> None:
    async with answering(*GREETED, says, b"250 reset\r\n") as relay:
        (answer,) = await send(relay)
    assert (answer.outcome, answer.reason) == (outcome, reason)


async def test_a_line_that_breaks_before_the_mail_is_written_leaves_no_doubt() -> None:
    async with answering(*GREETED, b"250 ok\r\n250 ok\r\n") as relay:
        (answer,) = await send(relay)
    assert (answer.outcome, answer.reason) == (Outcome.TRANSIENT, "provider.away")


async def test_a_line_that_breaks_after_it_leaves_doubt() -> None:
    async with answering(*GREETED, b"250 ok\r\n250 ok\r\n354 go on\r\n", NOTHING_MORE) as relay:
        (answer,) = await send(relay)
    assert (answer.outcome, answer.reason) == (Outcome.UNKNOWN, "provider.no_answer")


@pytest.mark.parametrize("nonsense", [b"hello\r\n", b"250-" + b"x" * 40_000])
async def test_who_speaks_no_smtp_is_away(nonsense: bytes) -> None:
    async with answering(*GREETED, nonsense) as relay:
        (answer,) = await send(relay)
    assert (answer.outcome, answer.reason) == (Outcome.TRANSIENT, "provider.away")
