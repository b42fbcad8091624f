"""Which words people may edit: of which kinds, by which channels and in which languages, and why no others."""

from commune_schemas.notices import Channel, Language, NoticeKind

from notifier.kinds import channels_of
from notifier.words.english import MAILS

IN_VIETNAMESE = (
    NoticeKind.SECONDMENT,
    NoticeKind.SECONDMENT_OF_UNIT,
    NoticeKind.NEED_REMINDER,
    NoticeKind.PERSON_CANNOT_GO,
)
"""To offices and staff, who have said no language."""
EDITABLE: dict[NoticeKind, tuple[Language, ...]] = {kind: tuple(Language) for kind in MAILS} | dict.fromkeys(
    IN_VIETNAMESE, (Language.VI,)
)
OF_THE_LAW = (
    "Lời trả lời yêu cầu về dữ liệu cá nhân theo đúng luật và thời hạn, nên không sửa được.",
    "Answers to data requests say what the law asks, in its time, so their words are not edited.",
)
MADE_ELSEWHERE = (
    "Lời của loại tin này do chính việc được báo viết ra từng lần, nên không có mẫu để sửa.",
    "What such a message tells of writes its words each time, so there is no template to edit.",
)
BY_STEP = (
    "Lời của loại tin này đổi theo từng bước xử lý; hiện chưa sửa được.",
    "The words of such a message differ by step; they cannot be edited yet.",
)
NOT_EDITABLE: dict[NoticeKind, tuple[str, str]] = {
    NoticeKind.DATA_REQUEST: OF_THE_LAW,
    NoticeKind.DATA_REQUEST_DUE: OF_THE_LAW,
    NoticeKind.OFFICE_NOTICE: MADE_ELSEWHERE,
    NoticeKind.OFFICE_DIGEST: MADE_ELSEWHERE,
    NoticeKind.BLOCKER: BY_STEP,
    NoticeKind.ATTENDANCE_QUESTION: (
        "Thư hỏi về điểm danh kê ngày của từng xã; hiện chưa sửa được lời.",
        "The question about attendance lists days by commune; its words cannot be edited yet.",
    ),
}
OTHER_CHANNEL = ("Loại tin này không gửi bằng kênh này.", "Such messages are not sent by this channel.")
OTHER_LANGUAGE = (
    "Loại tin này chỉ gửi bằng tiếng Việt: người nhận không chọn ngôn ngữ.",
    "Such messages go in Vietnamese alone: their recipients have chosen no language.",
)


def why_not_editable(kind: NoticeKind, channel: Channel, language: Language) -> tuple[str, str] | None:
    """In both languages; None where the words may be edited. Whatever is editable is what is sent."""
    if kind not in EDITABLE:
        return NOT_EDITABLE[kind]
    if channel not in channels_of(kind):
        return OTHER_CHANNEL
    return None if language in EDITABLE[kind] else OTHER_LANGUAGE
