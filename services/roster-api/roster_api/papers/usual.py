"""What a province's decision usually says: where an officer begins, every word to be changed."""

from roster_api.papers.schemas import DecisionContent, DecisionFacts
from roster_api.papers.wording import in_sentence, place_of

LEGAL_BASES = (
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025",
    "Căn cứ Luật Cán bộ, công chức ngày 24 tháng 6 năm 2025",
    "Theo đề nghị của Giám đốc Sở Nội vụ",
)
DUTIES = """Trách nhiệm thực hiện:
1. Cơ sở đào tạo phụ trách làm đầu mối với xã, cử và quản lý người của mình.
2. Ủy ban nhân dân xã, phường, đặc khu bố trí nơi làm việc và xác nhận ngày làm việc thực tế.
3. Sở Khoa học và Công nghệ hướng dẫn nhiệm vụ và xử lý vướng mắc; Sở Tài chính hướng dẫn chế độ, kinh phí; \
Sở Nội vụ theo dõi, tổng hợp."""
IN_FORCE = """\
Quyết định này có hiệu lực kể từ ngày ký. Chánh Văn phòng Ủy ban nhân dân, Giám đốc các Sở, Thủ trưởng các cơ sở đào \
tạo, Chủ tịch Ủy ban nhân dân các xã, phường, đặc khu và những người có tên tại Phụ lục II chịu trách nhiệm thi hành \
Quyết định này."""


def make_usual_facts(content: DecisionContent) -> DecisionFacts:
    """Of the chairperson of the provincial people's committee; number, day and name stay open."""
    province = content.province_name
    return DecisionFacts(
        issuer=["ỦY BAN NHÂN DÂN", province.upper()],
        symbol="QĐ-UBND",
        place=place_of(province),
        decided_by=f"Chủ tịch Ủy ban nhân dân {in_sentence(province)}",
        subject=f"Về việc phân công cơ sở đào tạo và cử người hỗ trợ xã, phường, đặc khu ({content.campaign_name})",
        legal_bases=list(LEGAL_BASES),
        signing=["CHỦ TỊCH"],
        recipients=[
            "Như Điều 4",
            f"Thường trực Hội đồng nhân dân {in_sentence(province)}",
            "Sở Nội vụ, Sở Khoa học và Công nghệ, Sở Tài chính",
            "Lưu: VT, NC",
        ],
    )


def make_usual_articles(content: DecisionContent) -> list[str]:
    """Who answers for which commune, who goes, who sees to it, and from when."""
    schools = {name for row in content.communes for name in (row.lead, *row.supports)}
    start, end = (_clock(time) for time in (content.start_time, content.end_time))
    leads = (
        f"Phân công {len(schools)} cơ sở đào tạo phụ trách, hỗ trợ {len(content.communes)} xã, phường, đặc khu "
        "theo Phụ lục I kèm theo Quyết định này."
    )
    people = (
        f"Cử {len(content.people)} người hỗ trợ các xã, phường, đặc khu theo Phụ lục II kèm theo Quyết định này.\n"
        f"Thời gian: từ ngày {content.starts_on:%d/%m/%Y} đến ngày {content.ends_on:%d/%m/%Y}, "
        f"từ {start} đến {end} của những ngày ghi trong thông báo gửi từng người."
    )
    return [leads, people, DUTIES, IN_FORCE]


def _clock(time: str) -> str:
    """'07:30' as '07 giờ 30 phút'."""
    hours, minutes = time.split(":")
    return f"{hours} giờ {minutes} phút"
