"""The docx of an activity report, and of a certificate."""

from datetime import datetime

from roster_api.papers.layout import Heading, OfficialPaper, Signature
from roster_api.papers.tables import Column
from roster_api.papers.wording import in_sentence, place_of, thousands
from roster_api.plans.annex import ROLES
from roster_api.service_papers.models import PaperKind
from roster_api.service_papers.schemas import CommuneDays, ServiceContent

DAY_COLUMNS = (
    Column("STT", 12, centred=True),
    Column("Nơi hỗ trợ", 48),
    Column("Số ngày", 18, centred=True),
    Column("Các ngày", 82),
)
DUTY_COLUMNS = (Column("STT", 12, centred=True), Column("Nhiệm vụ", 118), Column("Số lượng", 30, centred=True))
MARK_WORDS = {"help": "mức hỗ trợ", "attitude": "thái độ", "skill": "kỹ năng"}
SCHOOL_SIGNS = Signature(("ĐẠI DIỆN CƠ SỞ ĐÀO TẠO",), "")
COMMUNE_SIGNS = Signature(("XÁC NHẬN CỦA", "ỦY BAN NHÂN DÂN XÃ"), "")


def write_service_paper(
    kind: PaperKind, content: ServiceContent, *, code: str, address: str, issued_at: datetime
) -> bytes:
    """`address`: where the code is checked. The same arguments give the same bytes."""
    title = "BÁO CÁO KẾT QUẢ HOẠT ĐỘNG" if kind is PaperKind.ACTIVITY_REPORT else "GIẤY CHỨNG NHẬN"
    paper = OfficialPaper(
        title=f"{title} - {content.full_name}",
        author=content.school_name,
        made_at=issued_at,
        footer=f"Mã kiểm tra {code}: {address}",
    )
    place = place_of(content.province_name)
    paper.add_heading(Heading(None, (content.school_name.upper(),), "Số:         ", place, None))
    paper.add_title(title, f"Hỗ trợ xã, phường, đặc khu - {content.campaign_name}")
    if kind is PaperKind.ACTIVITY_REPORT:
        _write_report(paper, content)
    else:
        _write_certificate(paper, content)
    return paper.to_bytes()


def _say_who(content: ServiceContent) -> str:
    return f"{content.full_name}, {ROLES[content.role].lower()}, {content.school_name}"


def _write_report(paper: OfficialPaper, content: ServiceContent) -> None:
    days = content.days
    paper.add_paragraph(f"Họ và tên: {_say_who(content)}.")
    paper.add_paragraph(f"Thời gian: từ ngày {days[0]:%d/%m/%Y} đến ngày {days[-1]:%d/%m/%Y}.")
    paper.add_paragraph(f"1. Ngày công đã được xác nhận: {len(days)} ngày", bold=True)
    paper.add_table(
        DAY_COLUMNS,
        [
            (number, commune.commune_name, len(commune.days), ", ".join(f"{day:%d/%m}" for day in commune.days))
            for number, commune in enumerate(content.communes, start=1)
        ],
    )
    paper.add_paragraph("2. Kết quả thực hiện nhiệm vụ, theo xã ghi nhận", bold=True)
    if content.duties:
        rows = [(number, duty.name_vi, thousands(duty.number)) for number, duty in enumerate(content.duties, start=1)]
        paper.add_table(DUTY_COLUMNS, rows)
    else:
        paper.add_paragraph("Xã chưa ghi nhận số lượng theo nhiệm vụ.")
    paper.add_paragraph("3. Xác nhận và đánh giá của xã", bold=True)
    for commune in content.communes:
        paper.add_paragraph(_say_commune(commune))
    paper.add_signatures(COMMUNE_SIGNS, SCHOOL_SIGNS)


def _say_commune(commune: CommuneDays) -> str:
    """What the commune itself confirmed, and its rating where it may be shown."""
    words = f"{commune.commune_name}: "
    if commune.confirmed_days is not None:
        words += f"xã xác nhận {commune.confirmed_days} trên {len(commune.days)} ngày; "
    marks = "; ".join(f"{MARK_WORDS[name]} {commune.marks[name]}/5" for name in MARK_WORDS if name in commune.marks)
    return words + (f"đánh giá: {marks}." if marks else "chưa có đánh giá.")


def _write_certificate(paper: OfficialPaper, content: ServiceContent) -> None:
    days = content.days
    places = ", ".join(in_sentence(commune.commune_name) for commune in content.communes)
    paper.add_paragraph(
        f"Chứng nhận {_say_who(content)} đã tham gia hỗ trợ {places}, {in_sentence(content.province_name)}, "
        f"{len(days)} ngày đã được xác nhận, từ ngày {days[0]:%d/%m/%Y} đến ngày {days[-1]:%d/%m/%Y}."
    )
    for duty in content.duties:
        paper.add_paragraph(f"- {duty.name_vi}: {thousands(duty.number)}")
    paper.add_signatures(None, SCHOOL_SIGNS)
