"""The decision of secondments that were published by one act: what was true that day in, bytes out."""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from roster_api.access.principal import Principal
from roster_api.errors import ConflictError, NotFoundError
from roster_api.papers.layout import Heading, OfficialPaper, Signature, day_in_words
from roster_api.papers.tables import Column, Row
from roster_api.papers.wording import is_of_committee, place_of, title_of
from roster_api.provinces.models import Province
from roster_api.secondments.models import Secondment, SecondmentEvent, SecondmentOccasion
from roster_api.secondments.repository import find_joined, list_joined
from roster_api.secondments.telling import Occasion

DAYS = ("Hai", "Ba", "Tư", "Năm", "Sáu")
PEOPLE_COLUMNS = (
    Column("STT", 12, centred=True),
    Column("Họ và tên", 45),
    Column("Đơn vị cử đi", 49),
    Column("Đơn vị tiếp nhận", 49),
    Column("Vị trí", 40),
    Column("Từ ngày", 24, centred=True),
    Column("Đến hết ngày, hoặc các thứ trong tuần", 28, centred=True),
)
UNIT_COLUMNS = (
    Column("STT", 12, centred=True),
    Column("Đơn vị", 98),
    Column("Số người cử đi", 25, centred=True),
    Column("Số người đến", 25, centred=True),
)
EFFECT = """\
Quyết định này có hiệu lực kể từ ngày ký. Thủ trưởng các đơn vị nêu tại Phụ lục và những người có tên trong danh sách \
chịu trách nhiệm thi hành Quyết định này."""


@dataclass(frozen=True)
class ListedMove:
    full_name: str
    sending: str
    receiving: str
    post: str
    from_on: date
    until_on: date | None
    weekdays: tuple[int, ...]


@dataclass(frozen=True)
class MovesContent:
    province_name: str
    number: str
    legal_basis: str
    signer: str
    published_at: datetime
    occasion_id: UUID
    moves: tuple[ListedMove, ...]


async def read_moves(
    session: AsyncSession, secondment_id: UUID, *, principal: Principal
) -> tuple[str, Callable[[], bytes]]:
    """(name of the file, what makes it). Everybody published by the same act, under the same number, basis and signer.

    404 for a decision that is missing, or another's; 409 of one that was never published.
    """
    joined = await find_joined(session, secondment_id, principal=principal)
    if joined is None:
        raise NotFoundError
    row: Secondment = joined[0]
    published = SecondmentEvent.kind == Occasion.PUBLISHED.value
    of_row = sa.select(SecondmentEvent).where(SecondmentEvent.secondment_id == row.id, published)
    event = (await session.scalars(of_row)).one_or_none()
    if event is None or event.occasion_id is None:
        vi, en = "Quyết định này chưa được ban hành.", "This decision was not published."
        raise ConflictError("secondment.not_published", vi=vi, en=en)
    occasion = await session.get_one(SecondmentOccasion, event.occasion_id)
    province = await session.get_one(Province, row.province_code)
    content = MovesContent(
        province_name=province.full_name,
        number=row.number or "",
        legal_basis=event.legal_basis,
        signer=row.signer,
        published_at=occasion.at,
        occasion_id=occasion.id,
        moves=tuple(await _list_moves(session, row, event)),
    )
    return f"quyet-dinh-dieu-dong-{row.id.hex[:8]}.docx", partial(write_moves, content)


async def _list_moves(session: AsyncSession, row: Secondment, event: SecondmentEvent) -> list[ListedMove]:
    """As they were published: what was extended, reviewed or ended since is no part of it."""
    query = sa.select(SecondmentEvent).where(
        SecondmentEvent.occasion_id == event.occasion_id, SecondmentEvent.legal_basis == event.legal_basis
    )
    events = {each.secondment_id: each for each in await session.scalars(query)}
    return [
        _move(each, events[each[0].id])
        for each in await list_joined(session, events.keys())
        if (each[0].number, each[0].signer) == (row.number, row.signer)
    ]


def _move(joined: Any, event: SecondmentEvent) -> ListedMove:
    _row, person, post, sending, receiving = joined
    return ListedMove(
        full_name=person.full_name,
        sending=sending.name,
        receiving=receiving.name,
        post=post.title,
        from_on=event.from_on,
        until_on=event.until_on,
        weekdays=tuple(event.weekdays or ()),
    )


def write_moves(content: MovesContent) -> bytes:
    """The same content gives the same bytes. To be called in a thread."""
    whole = [move for move in content.moves if not move.weekdays]
    partly = [move for move in content.moves if move.weekdays]
    subject = "Về việc điều động, biệt phái" if whole else "Về việc phân công kiêm nhiệm"
    paper = OfficialPaper(
        title=subject,
        author=content.signer,
        made_at=content.published_at,
        footer=f"Lần ban hành {content.occasion_id}, sha256 {hashlib.sha256(repr(content).encode()).hexdigest()}",
    )
    number = content.number or "        "
    paper.add_heading(_head(content, number))
    paper.add_title("QUYẾT ĐỊNH", subject, authority=content.signer.upper())
    paper.add_bases([f"Căn cứ {content.legal_basis.removeprefix('Căn cứ ')}"])
    paper.add_command("QUYẾT ĐỊNH:")
    reference = f"Kèm theo Quyết định số {number} {day_in_words(None)} của {content.signer}"
    annexes = [("NGƯỜI ĐƯỢC ĐIỀU ĐỘNG, BIỆT PHÁI", whole), ("NGƯỜI ĐƯỢC PHÂN CÔNG KIÊM NHIỆM", partly)]
    annexes = [(title, moves) for title, moves in annexes if moves]
    for article, (title, moves) in enumerate(annexes, start=1):
        annex = "I" * article
        paper.add_article(article, f"{_say(moves)} theo Phụ lục {annex} kèm theo Quyết định này ({title.lower()}).")
    paper.add_article(len(annexes) + 1, EFFECT)
    paper.add_ending([f"Như Điều {len(annexes) + 1}", "Lưu: VT"], Signature(title_of(content.signer), ""))
    for title, moves in annexes:
        rows = [_row(place_in_list, move) for place_in_list, move in enumerate(moves, start=1)]
        paper.add_annex(f"DANH SÁCH {title}", reference, PEOPLE_COLUMNS, rows, landscape=True)
    paper.add_annex("TỔNG HỢP THEO ĐƠN VỊ", reference, UNIT_COLUMNS, _count_units(content.moves))
    return paper.to_bytes()


def _head(content: MovesContent, number: str) -> Heading:
    """The committee's own paper where its chairperson signs, else that of its department."""
    committee = ("ỦY BAN NHÂN DÂN", content.province_name.upper())
    place = place_of(content.province_name)
    if is_of_committee(content.signer):
        return Heading(None, committee, f"Số: {number}", place, None)
    return Heading(" ".join(committee), ("SỞ NỘI VỤ",), f"Số: {number}", place, None)


def _say(moves: Sequence[ListedMove]) -> str:
    if moves[0].weekdays:
        return f"Phân công {len(moves)} người kiêm nhiệm vào các thứ trong tuần, giữ nguyên vị trí hiện nay,"
    return f"Điều động, biệt phái {len(moves)} người"


def _row(number: int, move: ListedMove) -> Row:
    until = f"{move.until_on:%d/%m/%Y}" if move.until_on else "không thời hạn"
    if move.weekdays:
        until = f"Thứ {', '.join(DAYS[day] for day in move.weekdays)}; {until}"
    return number, move.full_name, move.sending, move.receiving, move.post, f"{move.from_on:%d/%m/%Y}", until


def _count_units(moves: Sequence[ListedMove]) -> list[Row]:
    leaving, coming = Counter(move.sending for move in moves), Counter(move.receiving for move in moves)
    units = sorted({*leaving, *coming})
    return [(number, unit, leaving[unit], coming[unit]) for number, unit in enumerate(units, start=1)]
