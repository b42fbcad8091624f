"""What the state of a plan, a campaign, a person or a decision is called in a sentence, in both languages."""

from roster_api.errors import ConflictError

WORDS = {
    "draft": ("còn là dự thảo", "still a draft"),
    "approved": ("đã duyệt, chưa công bố", "approved, not published"),
    "published": ("đã công bố", "published"),
    "superseded": ("đã có bản mới thay", "superseded by a newer version"),
    "discarded": ("đã bị bỏ", "given up"),
    "started": ("đã bắt đầu", "begun"),
    "returned": ("đã hết, người đã trở về", "over, the person is back"),
    "ended_early": ("đã kết thúc sớm", "ended early"),
    "open": ("đang mở", "open"),
    "closed": ("đã đóng", "closed"),
    "active": ("đang tham gia", "taking part"),
    "withdrawn": ("đã rút", "withdrawn"),
    "archived": ("đã lưu trữ", "archived"),
}


def refuse_state(code: str, *, thing: tuple[str, str], state: str, wanted: tuple[str, ...]) -> ConflictError:
    """409: `thing` in both languages is in `state`, and what was asked needs one of `wanted`."""
    state_vi, state_en = WORDS[state]
    wanted_vi = " hoặc ".join(WORDS[each][0] for each in wanted)
    wanted_en = " or ".join(WORDS[each][1] for each in wanted)
    return ConflictError(
        code,
        vi=f"{thing[0]} {state_vi}; việc này chỉ làm được khi {wanted_vi}. Hãy mở lại trang để xem.",
        en=f"{thing[1]} is {state_en}; this can be done only while it is {wanted_en}. Read it again.",
        facts={"status": state},
    )
