"""Why a message was not sent, in words: stable code -> Vietnamese, English. Shown to officers; no provider jargon."""

REASONS: dict[str, tuple[str, str]] = {
    "recipient.no_address": (
        "Người nhận không có địa chỉ cho kênh này (email hoặc số điện thoại). Bổ sung rồi gửi lại.",
        "The recipient has no address for this channel (e-mail or phone number). Add it, then send again.",
    ),
    "recipient.withdrew": (
        "Người nhận đã rút lại đồng ý nhận tin. Hãy gọi điện hoặc gặp trực tiếp.",
        "The recipient withdrew the consent to be written to. Telephone, or speak to them.",
    ),
    "recipient.unsubscribed": (
        "Người nhận không muốn nhận thư nhắc và thư tổng hợp. Phân công và quyết định vẫn được gửi.",
        "The recipient wants no reminders and daily mails. Placements and decisions are sent all the same.",
    ),
    "recipient.prefers_other": (
        "Người nhận muốn nhận tin bằng kênh kia; kênh này chỉ dùng khi kênh kia không gửi được.",
        "The recipient wishes for the other channel; this one is used only when that one fails.",
    ),
    "recipient.erased": (
        "Dữ liệu của người này đã được xóa theo yêu cầu; không gửi gì nữa.",
        "This person's data was erased on request; nothing is sent any more.",
    ),
    "recipient.not_mobile": (
        "Số điện thoại là số cố định hoặc số nước ngoài: hệ thống chỉ nhắn tin đến số di động Việt Nam.",
        "The phone number is a landline or a foreign one: only Vietnamese mobile numbers are texted.",
    ),
    "roster.away": (
        "Chưa hỏi được địa chỉ hiện nay của người nhận; sẽ thử lại.",
        "The recipient's present contact could not be asked for; it will be tried again.",
    ),
    "recipient.bad_address": (
        "Nhà cung cấp cho biết địa chỉ hoặc số điện thoại không tồn tại hoặc không nhận tin.",
        "The provider says the address or number does not exist or takes no messages.",
    ),
    "recipient.unreadable": (
        "Địa chỉ hoặc số điện thoại viết sai dạng.",
        "The address or number is not well formed.",
    ),
    "template.missing_field": (
        "Thông báo thiếu dữ liệu bắt buộc: {detail}. Hãy bổ sung rồi công bố lại.",
        "The notice lacks required data: {detail}. Add it and publish again.",
    ),
    "content.refused": ("Nhà cung cấp từ chối nội dung tin.", "The provider refused the message's content."),
    "provider.refused": ("Nhà cung cấp từ chối hẳn tin này.", "The provider refused this message for good."),
    "provider.not_allowed": (
        "Nhà cung cấp không cho hệ thống gửi (sai khóa, tài khoản hoặc địa chỉ gửi).",
        "The provider does not let us send (key, account or sender address).",
    ),
    "provider.busy": ("Nhà cung cấp đang bận; sẽ gửi lại.", "The provider is busy; it will be tried again."),
    "provider.away": (
        "Không liên lạc được với nhà cung cấp; sẽ gửi lại.",
        "The provider could not be reached; it will be tried again.",
    ),
    "provider.no_answer": (
        "Mất liên lạc sau khi đã trao tin: không biết người nhận có nhận được không.",
        "The connection was lost after handing over: nobody can tell whether it arrived.",
    ),
    "provider.not_understood": (
        "Nhà cung cấp trả lời bằng mã không có trong cấu hình: không biết tin đã được nhận chưa.",
        "The provider answered with a code that its description lacks: nobody can tell whether it took the message.",
    ),
    "limits.minute": (
        "Đã đủ số tin được gửi trong một phút; gửi tiếp ở phút sau.",
        "As many as may be sent in a minute were sent; it goes in the next.",
    ),
    "limits.day": (
        "Đã đủ số tin được gửi trong ngày; gửi tiếp vào ngày mai. Người quản trị có thể nâng hạn mức.",
        "As many as may be sent in a day were sent; it goes tomorrow. An administrator may raise the limit.",
    ),
    "limits.kind": (
        "Đã đủ số tin loại này trong ngày; gửi tiếp vào ngày mai.",
        "As many of this kind as may be sent in a day were sent; it goes tomorrow.",
    ),
    "limits.recipient": (
        "Người này đã nhận đủ số tin được gửi cho một người trong ngày; gửi tiếp vào ngày mai.",
        "This person got as many messages as a person may get in a day; it goes tomorrow.",
    ),
    "limits.cost": (
        "Đã dùng hết kinh phí tin nhắn của ngày; gửi tiếp vào ngày mai. Người quản trị có thể nâng hạn mức.",
        "The day's money for text messages is spent; it goes tomorrow. An administrator may raise the limit.",
    ),
    "limits.too_many_refused": (
        "Quá nhiều địa chỉ hôm nay không tồn tại: tin không gấp tạm dừng cho đến khi cán bộ kiểm tra danh sách.",
        "Too many of today's addresses do not exist: what is not urgent waits until an officer has looked at the list.",
    ),
    "sender.died": (
        "Tiến trình gửi dừng đúng lúc trao tin: không biết người nhận có nhận được không.",
        "The sender died while handing over: nobody can tell whether it arrived.",
    ),
    "retry.too_old": (
        "Đã thử nhiều lần trong thời hạn cho phép mà không gửi được.",
        "Tried for as long as allowed without success.",
    ),
    "plan.superseded": (
        "Kế hoạch mới hơn đã thay đổi phân công trước khi tin được gửi.",
        "A newer plan changed the placement before this was sent.",
    ),
    "history.nothing_to_tell": (
        "Người này chưa từng được báo về phân công đã rút, hoặc đã được báo đúng như vậy.",
        "This person was never told of the withdrawn placement, or was already told exactly this.",
    ),
    "digest.tomorrow": (
        "Hôm nay người này đã nhận một thư không khẩn; việc này gộp vào thư sáng mai.",
        "This person got a mail today that was not urgent; this goes into tomorrow morning's.",
    ),
    "receipt.failed": (
        "Nhà mạng báo không chuyển được tin đến người nhận.",
        "The network reports that the message could not be delivered.",
    ),
    "receipt.part": (
        "Tin nhắn dài bị chia đoạn và chỉ một phần đến nơi: người nhận chưa đọc được trọn vẹn.",
        "The long text message arrived in part only: the person cannot read the whole of it.",
    ),
    "receipt.returned": (
        "Thư đã gửi nhưng bị trả lại: máy chủ của người nhận không nhận thư này.",
        "The mail was sent and came back: the recipient's server does not take it.",
    ),
    "recipient.mailbox_full": (
        "Thư bị trả lại: hộp thư của người nhận đã đầy.",
        "The mail came back: the recipient's mailbox is full.",
    ),
    "recipient.suppressed": (
        "Địa chỉ này đã bị trả lại thư hoặc người nhận phản đối, nên không gửi nữa; hãy sửa địa chỉ hoặc bỏ chặn.",
        "Mail to this address came back, or its reader complained: correct the address, or release it.",
    ),
    "gateway.not_found": (
        "Nhà cung cấp xác nhận chưa nhận tin; sẽ gửi lại.",
        "The provider confirms it never got the message; it will be tried again.",
    ),
    "test_mode.relay": (
        "Chế độ thử nghiệm: máy chủ gửi tin này không có trong danh sách thử nghiệm, nên không gửi cho ai.",
        "Test mode: this relay is not on the list of test equipment, so nothing was sent to anybody.",
    ),
    "test_mode.recipient": (
        "Chế độ thử nghiệm: địa chỉ này có thể là của người thật, nên không gửi.",
        "Test mode: this address may be a real person's, so nothing was sent.",
    ),
    "internal.error": (
        "Lỗi của hệ thống khi soạn tin; xem nhật ký theo mã tin.",
        "A fault of ours while writing the message; see the log by the message's id.",
    ),
}


def put_in_words(code: str, *, detail: str = "") -> tuple[str, str]:
    """(Vietnamese, English) of a reason. KeyError for an unknown code."""
    vi, en = REASONS[code]
    return vi.format(detail=detail), en.format(detail=detail)
