"""The draft of a review's text, in Vietnamese, with its numbers filled in."""

from collections import Counter

from roster_api.papers.wording import in_sentence, thousands
from roster_api.review.schemas import Review

MOST_NAMED = 10


NOTHING = "—"


def number(value: int | None) -> str:
    """With dots between thousands, as Vietnamese writes it; a dash for an average of nothing."""
    return NOTHING if value is None else thousands(value)


def percent(part: int, whole: int) -> str:
    """Rounded half up to a tenth, with a comma; a dash where there is nothing to be a part of."""
    if not whole:
        return "-"
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10},{tenths % 10}%"


def write_text(review: Review) -> list[str]:
    """One paragraph each: coverage, people, days, who has not confirmed, duties, money, what is lacking."""
    value = review.value
    when = (
        f"{review.campaign_name} tại {in_sentence(review.province_name)} diễn ra từ ngày {review.starts_on:%d/%m/%Y} "
        f"đến ngày {review.ends_on:%d/%m/%Y}. Số liệu tính đến ngày {review.as_of:%d/%m/%Y}."
    )
    who = (
        f"Có {number(value('communes_in_need'))} xã, phường, đặc khu khai nhu cầu; {number(value('communes_led'))} xã "
        f"có cơ sở đào tạo phụ trách. {number(value('people_planned'))} người được phân công, "
        f"{number(value('people_came'))} người đã đến và được xác nhận."
    )
    days = (
        f"Đã xác nhận {number(value('days_served'))} trên {number(value('days_planned'))} ngày công theo kế hoạch "
        f"({percent(value('days_served'), value('days_planned'))}); vắng {number(value('days_absent'))} ngày; chưa "
        f"xác nhận {number(value('days_unconfirmed'))} ngày; {number(value('days_disputed'))} ngày xã và trường ghi "
        "khác nhau."
    )
    paragraphs = [when, who, days]
    silent = [row.name for row in review.communes if row.days_unconfirmed]
    if silent:
        paragraphs.append(f"Còn {number(len(silent))} xã chưa xác nhận đủ: {_name(silent)}.")
    paragraphs += _say_blockers(review)
    duties: Counter[str] = Counter()
    for row in review.duties:
        duties[row.duty_name_vi] += row.number
    if duties:
        done = "; ".join(f"{name}: {number(count)}" for name, count in duties.items())
        paragraphs.append(f"Nhiệm vụ đã thực hiện, theo xã ghi nhận: {done}.")
    paragraphs += _say_evaluation(review)
    if value("allowances_vnd"):
        paragraphs.append(f"Kinh phí hỗ trợ đã lập bảng kê: {number(value('allowances_vnd'))} đồng.")
    lacking = list(dict.fromkeys(row.commune_name for row in review.lacks))
    if lacking:
        paragraphs.append(
            f"Đợt sau cần thêm {number(value('unmet_days'))} ngày công mỗi tuần cho {number(len(lacking))} xã: "
            f"{_name(lacking)}."
        )
    return paragraphs


def _name(names: list[str]) -> str:
    rest = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" và {number(rest)} xã khác" if rest > 0 else "")


def _say_blockers(review: Review) -> list[str]:
    raised, solved, left, at_the_top = (
        number(review.value(f"blockers_{key}")) for key in ("raised", "solved", "open", "at_secretary")
    )
    if not review.value("blockers_raised"):
        return []
    words = f"Đã nêu {raised} vướng mắc, xử lý {solved}, còn {left}; {at_the_top} vướng mắc đã lên Văn phòng Bí thư."
    if review.value("blockers_solved"):
        hours = number(review.value("blocker_working_hours"))
        words += f" Trung bình xử lý một vướng mắc trong {hours} giờ làm việc."
    return [words]


def _say_evaluation(review: Review) -> list[str]:
    """No mean of fewer than three."""
    means = [f"{row.vi} {row.mean:.1f}".replace(".", ",") for row in review.evaluation if row.mean is not None]
    if not review.value("evaluations_given"):
        return []
    words = f"Đã nhận {number(review.value('evaluations_given'))} phiếu đánh giá"
    return [f"{words}; điểm trung bình trên 5: {'; '.join(means)}." if means else f"{words}."]
