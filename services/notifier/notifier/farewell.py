"""The words of a withdrawal: why it is so, and thanks. What a person did themselves is acknowledged, not announced."""

from dataclasses import dataclass

from commune_schemas.notices import PersonNotice, WithdrawalCause
from commune_schemas.placement_details import PlacementDetails
from commune_schemas.words import clean_line

from notifier.wording import when_en


@dataclass(frozen=True)
class Farewell:
    """`sms` is without accents, and ends before whom to ask."""

    subject: str
    heading: str
    colour: str
    text: str
    """One paragraph: what is taken off and why."""
    thanks: str
    sms: str
    english: str


CALM, GRAVE = "#3e4c59", "#7a2230"
NOTHING_TO_DO = "Anh/chị không cần làm gì thêm; sự kiện trong lịch sẽ được gỡ bằng tệp đính kèm."


def write_farewell(notice: PersonNotice) -> Farewell:
    """Of a withdrawal with its previous placement (wording.find_missing_fields). A cause not kept is the plan's."""
    if notice.previous is None:
        raise ValueError("a withdrawal without a previous placement cannot be written")
    write = {WithdrawalCause.CANNOT_GO: _cannot_go, WithdrawalCause.LEFT: _left}.get(
        notice.withdrawal or WithdrawalCause.REPLANNED, _replanned
    )
    return write(notice.previous)


def _place(placement: PlacementDetails) -> tuple[str, str]:
    return clean_line(placement.commune_name), clean_line(placement.province_name)


def _cannot_go(placement: PlacementDetails) -> Farewell:
    commune, province = _place(placement)
    return Farewell(
        subject=f"Đã ghi nhận: anh/chị không đi được {commune}",
        heading="Đã ghi nhận anh/chị không đi được",
        colour=CALM,
        text=f"Chúng tôi đã nhận được báo của anh/chị: không đi được {commune}, {province}. Phân công dưới đây đã được"
        f" gỡ. {NOTHING_TO_DO}",
        thanks="Cảm ơn anh/chị đã báo để xã không phải chờ.",
        sms="DA GHI NHAN: anh/chi khong di duoc {commune} ({days}). Phan cong da go, khong can lam gi them."
        " Cam on da bao.",
        english=f"We have your answer that you cannot go to {commune}, {province}. Your placement"
        f" ({when_en(placement)}) is taken off; there is nothing for you to do. Thank you for telling us.",
    )


def _left(placement: PlacementDetails) -> Farewell:
    commune, province = _place(placement)
    return Farewell(
        subject=f"Đã ghi nhận: anh/chị thôi tham gia hỗ trợ {commune}",
        heading="Đã ghi nhận anh/chị thôi tham gia",
        colour=CALM,
        text=f"Chúng tôi đã được báo anh/chị thôi tham gia, nên phân công hỗ trợ {commune}, {province} dưới đây đã"
        f" được gỡ. {NOTHING_TO_DO} Nếu có nhầm lẫn, xin gọi người liên hệ ở trường.",
        thanks="Cảm ơn anh/chị đã nhận lời tham gia.",
        sms="DA GHI NHAN: anh/chi thoi tham gia, khong con phai den {commune} ({days}). Cam on anh/chi.",
        english=f"We were told that you do not take part any more. Your placement at {commune}, {province}"
        f" ({when_en(placement)}) is taken off; there is nothing for you to do. Thank you. If that is wrong,"
        " call your school.",
    )


def _replanned(placement: PlacementDetails) -> Farewell:
    commune, province = _place(placement)
    return Farewell(
        subject=f"Không còn phân công hỗ trợ {commune}",
        heading="Thông báo thôi phân công",
        colour=GRAVE,
        text=f"Anh/chị không còn được phân công hỗ trợ {commune}, {province}. Xin đừng đến theo lịch cũ dưới đây; sự"
        " kiện trong lịch sẽ được gỡ bằng tệp đính kèm. Lý do: phương án mới sắp xếp lại người hỗ trợ giữa các xã theo"
        " nhu cầu và số người hiện có; đây không phải là đánh giá về anh/chị.",
        thanks="Cảm ơn anh/chị đã sẵn lòng tham gia.",
        sms="HUY PHAN CONG: anh/chi khong con phai den {commune} ({days}), vi phuong an sap xep lai nguoi."
        " Cam on anh/chi.",
        english=f"Your placement at {commune}, {province} ({when_en(placement)}) is withdrawn. Please do not go."
        " The plan was made anew over all communes; this is no judgement of you. Thank you for being ready to help.",
    )
