"""What is said to a relay, and in how many pieces, whatever the relay answers. The relay here is a scripted one."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from notifier.channels.answer import Answer, Outcome, Outgoing
from notifier.channels.conversation import Conversation
from notifier.channels.email import EmailChannel
from notifier.providers import MailRelay

from tests.notifier.people import make_notice
from tests.support.deadlines import until

SILENCE = b""
HANGS_UP = None
GREETED = [b"220 relay\r\n", b"250-relay\r\n250-PIPELINING\r\n250 HELP\r\n"]
PLAIN = [b"220 relay\r\n", b"250-relay\r\n250 HELP\r\n"]
TAKEN = b"250 taken\r\n"
ASKED = b"250 ok\r\n250 ok\r\n354 go on\r\n"
ENVELOPE = b"MAIL FROM:<a@example.vn>\r\nRCPT TO:<nguyet@example.vn>\r\nDATA\r\n"
HELLO = b"EHLO"


class Relay:
    """Says the next of its answers whenever it has heard something, and hangs up after the last; whoever connects again
    hears the rest. `heard`: what came."""

    def __init__(self, answers: Sequence[bytes | None], *, at_once: bool) -> None:
        self.port = 0
        self.heard: list[bytes] = []
        self._answers = list(answers)
        self._at_once = at_once

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while self._answers:
                answer = self._answers.pop(0)
                if answer is HANGS_UP:
                    break
                for piece in [answer] if self._at_once else [bytes([byte]) for byte in answer]:
                    writer.write(piece)  # byte by byte: a reply may come in any pieces
                if not self._answers:
                    break
                piece = await reader.read(65536)
                if not piece:
                    break
                while b"\r\nSubject:" in piece and not piece.endswith(b"\r\n.\r\n"):
                    piece += await reader.read(65536)
                self.heard.append(piece)
        writer.close()


@contextlib.asynccontextmanager
async def answering(*answers: bytes | None, at_once: bool = False) -> AsyncIterator[Relay]:
    relay = Relay(answers, at_once=at_once)
    async with await asyncio.start_server(relay.talk, "127.0.0.1", 0) as server:
        relay.port = server.sockets[0].getsockname()[1]
        yield relay


@contextlib.asynccontextmanager
async def open_channel(relay: Relay, *, send_seconds: float = 8) -> AsyncIterator[EmailChannel]:
    described = MailRelay(name="smtp", host="127.0.0.1", port=relay.port, tls="none")
    channel = EmailChannel(described, mail_from="a@example.vn", send_seconds=send_seconds)
    try:
        yield channel
    finally:
        await channel.close()


async def send(relay: Relay, *, mails: int = 1, send_seconds: float = 8) -> list[Answer]:
    async with open_channel(relay, send_seconds=send_seconds) as channel:
        return [await channel.send(make_outgoing()) for _ in range(mails)]


def make_outgoing() -> Outgoing:
    return Outgoing("r@x", "nguyet@example.vn", make_notice())


def list_lines(relay: Relay) -> int:
    """How many connections it was greeted over."""
    return sum(piece.upper().startswith(HELLO) for piece in relay.heard)


async def test_the_envelope_goes_in_one_piece_to_a_relay_that_takes_it_so() -> None:
    async with answering(*GREETED, ASKED, TAKEN, ASKED, TAKEN) as relay:
        answers = await send(relay, mails=2)
    assert [answer.outcome for answer in answers] == [Outcome.SENT, Outcome.SENT]
    assert relay.heard[1] == relay.heard[3] == ENVELOPE
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
    async with answering(*GREETED, ASKED, HANGS_UP) as relay:
        (answer,) = await send(relay)
    assert (answer.outcome, answer.reason) == (Outcome.UNKNOWN, "provider.no_answer")


@pytest.mark.parametrize("nonsense", [b"hello\r\n", b"250-" + b"x" * 40_000, b"354 go on\r\n", b"150 wait\r\n"])
async def test_who_speaks_no_smtp_is_away_and_not_waited_for(nonsense: bytes) -> None:
    async with answering(*GREETED, nonsense, SILENCE) as relay:
        (answer,) = await send(relay)
    assert (answer.outcome, answer.reason) == (Outcome.TRANSIENT, "provider.away")
    assert answer.provider_code == "BrokenLineError"


async def test_a_refused_mail_is_put_aside_before_the_next_which_hears_its_own_answer() -> None:
    async with answering(
        *GREETED, ASKED, b"554 not such mails\r\n", b"250 reset\r\n", ASKED, TAKEN, ASKED, b"451 later\r\n", TAKEN
    ) as relay:
        answers = await send(relay, mails=3)
    assert [answer.provider_code for answer in answers] == ["554", "250", "451"]
    assert [relay.heard[index] for index in (3, 4, 6, 8)] == [b"RSET\r\n", ENVELOPE, ENVELOPE, b"RSET\r\n"]
    assert list_lines(relay) == 1


async def test_a_relay_that_will_not_put_a_mail_aside_is_told_the_next_over_another_line() -> None:
    async with answering(*GREETED, ASKED, b"554 no\r\n", b"500 what?\r\n", *GREETED, ASKED, TAKEN) as relay:
        answers = await send(relay, mails=2)
    assert [answer.outcome for answer in answers] == [Outcome.PERMANENT, Outcome.SENT]
    assert list_lines(relay) == 2


async def test_one_recipient_refused_for_now_makes_nobody_ill_and_ends_no_line() -> None:
    refused = b"250 ok\r\n450 mailbox busy\r\n503 no recipient\r\n"
    async with answering(*GREETED, refused, b"250 reset\r\n", ASKED, TAKEN) as relay:
        first, second = await send(relay, mails=2)
    assert (first.outcome, first.reason, first.provider_is_ill) == (Outcome.TRANSIENT, "provider.busy", False)
    assert (second.outcome, list_lines(relay)) == (Outcome.SENT, 1)


@pytest.mark.parametrize("says", [[b"250 ok\r\n421 closing\r\n"], [ASKED, b"421 closing\r\n"]])
async def test_a_relay_that_closes_is_left_at_once_and_said_to_be_ill(says: list[bytes]) -> None:
    async with answering(*GREETED, *says, *GREETED, ASKED, TAKEN) as relay:
        first, second = await send(relay, mails=2)
    assert (first.outcome, first.provider_code, first.provider_is_ill) == (Outcome.TRANSIENT, "421", True)
    assert (second.outcome, list_lines(relay)) == (Outcome.SENT, 2)
    assert b"RSET\r\n" not in relay.heard


async def test_an_answer_of_many_lines_is_one_answer() -> None:
    asked = b"250-ok\r\n250 sender\r\n250-ok\r\n250-and\r\n250 recipient\r\n354-go\r\n354 on\r\n"
    refused = b"554-5.7.1 not for the likes of you\r\n554 see our page\r\n"
    async with answering(*GREETED, asked, TAKEN, asked, refused, b"250-re\r\n250 set\r\n", ASKED, TAKEN) as relay:
        first, second, third = await send(relay, mails=3)
    assert [first.outcome, third.outcome] == [Outcome.SENT, Outcome.SENT]
    assert (second.outcome, second.reason, second.provider_is_ill) == (Outcome.PERMANENT, "provider.refused", True)


async def test_an_answer_that_comes_too_late_is_no_other_mails_answer() -> None:
    async with answering(*GREETED, ASKED, SILENCE, *GREETED, ASKED, b"554 no\r\n", TAKEN) as relay:
        first, second = await send(relay, mails=2, send_seconds=4)
    assert (first.outcome, first.provider_code) == (Outcome.UNKNOWN, "TimeoutError")
    assert (second.outcome, list_lines(relay)) == (Outcome.PERMANENT, 2)


async def test_what_is_said_unasked_passes_for_no_mails_answer() -> None:
    async with answering(*GREETED, ASKED, TAKEN + TAKEN, *GREETED, ASKED, b"554 no\r\n", at_once=True) as relay:
        answers = await send(relay, mails=2)
    assert [answer.outcome for answer in answers] == [Outcome.SENT, Outcome.PERMANENT]
    assert list_lines(relay) == 2


async def test_a_relay_that_takes_the_mail_before_it_was_written_is_given_none() -> None:
    async with answering(*GREETED, ASKED + TAKEN, SILENCE, at_once=True) as relay:
        (answer,) = await send(relay)
    assert (answer.outcome, answer.reason) == (Outcome.TRANSIENT, "provider.away")
    assert not [piece for piece in relay.heard if b"Subject:" in piece]


async def test_a_send_that_is_cancelled_leaves_its_line_to_nobody() -> None:
    async with (
        answering(*GREETED, ASKED, SILENCE, *GREETED, ASKED, TAKEN) as relay,
        open_channel(relay) as channel,
    ):
        cancelled = asyncio.create_task(channel.send(make_outgoing()))
        await until(lambda: any(b"Subject:" in piece for piece in relay.heard))
        cancelled.cancel()
        with pytest.raises(asyncio.CancelledError):
            await cancelled
        assert (await channel.send(make_outgoing())).outcome is Outcome.SENT
    assert list_lines(relay) == 2


async def test_a_kept_line_that_died_costs_a_mail_nothing() -> None:
    async with answering(*GREETED, ASKED, TAKEN, HANGS_UP, *GREETED, ASKED, TAKEN) as relay:
        answers = await send(relay, mails=2)
    assert [answer.outcome for answer in answers] == [Outcome.SENT, Outcome.SENT]


@pytest.mark.parametrize(
    ("says", "outcome"),
    [(b"251 forwarded\r\n", Outcome.SENT), (b"354 go on\r\n", Outcome.UNKNOWN), (b"600 odd\r\n", Outcome.UNKNOWN)],
)
async def test_the_first_digit_decides_whether_a_mail_was_taken(says: bytes, outcome: Outcome) -> None:
    asked = b"250 ok\r\n252 cannot verify\r\n354 go on\r\n"
    async with answering(*GREETED, asked, says, SILENCE) as relay:
        (answer,) = await send(relay)
    assert answer.outcome is outcome


@pytest.mark.parametrize(
    ("content", "written"),
    [
        (b".a\r\n..b\r\nc.\r\n", b"..a\r\n...b\r\nc.\r\n.\r\n"),
        (b"a\r\n.\r\nb", b"a\r\n..\r\nb\r\n.\r\n"),
    ],
)
async def test_no_line_of_a_mail_ends_it_but_the_last(content: bytes, written: bytes) -> None:
    pieces: list[bytes] = []

    class Transport(asyncio.Transport):
        def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
            self.protocol: Any = protocol

        def is_closing(self) -> bool:
            return False

        def write(self, data: bytes | bytearray | memoryview) -> None:
            pieces.append(bytes(data))
            self.protocol.data_received(TAKEN)

    assert (await Conversation(Transport(), pipelines=True).hand_over(content)).code == 250
    assert pieces == [written]
