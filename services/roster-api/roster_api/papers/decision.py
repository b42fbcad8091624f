"""The decision of a published plan as a docx: facts and content in, bytes out."""

from itertools import groupby
from uuid import UUID

from roster_api.papers.layout import Heading, OfficialPaper, Signature, day_in_words
from roster_api.papers.schemas import DecisionContent, DecisionFacts, ListedPerson
from roster_api.papers.tables import Column, Group, Row
from roster_api.papers.usual import make_usual_articles
from roster_api.plans.annex import ROLES

DAYS = ("Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "CN")
COMMUNE_COLUMNS = (
    Column("STT", 12, centred=True),
    Column("Xã, phường, đặc khu", 42),
    Column("Cơ sở đào tạo phụ trách", 52),
    Column("Cơ sở đào tạo hỗ trợ", 39),
    Column("Số người", 15, centred=True),
)
UNSUPPORTED_COLUMNS = (
    Column("STT", 12, centred=True),
    Column("Xã, phường, đặc khu", 55),
    Column("Cơ sở đào tạo phụ trách", 78),
    Column("Số người", 15, centred=True),
)
"""Where no school supports another's commune."""
PEOPLE_COLUMNS = (
    Column("STT", 12, centred=True),
    Column("Họ và tên", 42),
    Column("Đối tượng", 21, centred=True),
    Column("Nơi đến", 38),
    Column("Các thứ trong tuần", 22, centred=True),
    Column("Từ ngày", 23, centred=True),
    Column("Đến ngày", 23, centred=True),
    Column("Số ngày", 13, centred=True),
    Column("Nhiệm vụ", 53),
)


def write_decision(plan_id: UUID, facts: DecisionFacts, content: DecisionContent) -> bytes:
    """The same arguments give the same bytes. To be called in a thread: a long list takes a second."""
    paper = OfficialPaper(
        title=facts.subject,
        author=" ".join(facts.issuer),
        made_at=content.published_at,
        footer=f"Phương án {plan_id} (số {content.plan_version}), sha256 {content.plan_sha256}",
    )
    paper.add_heading(
        Heading(facts.parent, facts.issuer, f"Số: {_number(facts)}/{facts.symbol}", facts.place, facts.signed_on)
    )
    paper.add_title("QUYẾT ĐỊNH", facts.subject, authority=facts.decided_by.upper())
    paper.add_bases(facts.legal_bases)
    paper.add_command("QUYẾT ĐỊNH:")
    for number, article in enumerate(facts.articles or make_usual_articles(content), start=1):
        paper.add_article(number, article)
    paper.add_ending(facts.recipients, Signature(facts.signing, facts.signer_name or ""))
    _add_annexes(paper, facts, content)
    return paper.to_bytes()


def _number(facts: DecisionFacts) -> str:
    """Numbers below 10 with a nought, as the decree has it; room for one that is not given yet."""
    return f"{facts.number:02}" if facts.number else "        "


def _add_annexes(paper: OfficialPaper, facts: DecisionFacts, content: DecisionContent) -> None:
    reference = (
        f"Kèm theo Quyết định số {_number(facts)}/{facts.symbol} {day_in_words(facts.signed_on)} của {facts.decided_by}"
    )
    is_supported = any(row.supports for row in content.communes)
    communes: list[Row] = [
        (number, row.commune_name, row.lead, *(["; ".join(row.supports)] if is_supported else ()), row.people)
        for number, row in enumerate(content.communes, start=1)
    ]
    columns = COMMUNE_COLUMNS if is_supported else UNSUPPORTED_COLUMNS
    paper.add_annex("PHÂN CÔNG CƠ SỞ ĐÀO TẠO PHỤ TRÁCH XÃ, PHƯỜNG, ĐẶC KHU", reference, columns, communes)
    paper.add_annex(
        "DANH SÁCH NGƯỜI ĐƯỢC CỬ HỖ TRỢ", reference, PEOPLE_COLUMNS, _list_people(content.people), landscape=True
    )


def _list_people(people: list[ListedPerson]) -> list[Row]:
    """Under the name of each school its people, numbered through."""
    rows: list[Row] = []
    number = 0
    for school, members in groupby(people, key=lambda person: person.school_name):
        rows.append(Group(school))
        for person in members:
            number += 1
            rows.append(_person(number, person))
    return rows


def _person(number: int, person: ListedPerson) -> Row:
    days = [f"{day:%d/%m/%Y}" if day else "" for day in (person.first_on, person.last_on)]
    return (
        number,
        person.full_name,
        ROLES[person.role],
        person.commune_name,
        ", ".join(DAYS[day] for day in person.weekdays),
        *days,
        person.days,
        "; ".join(person.duties),
    )
