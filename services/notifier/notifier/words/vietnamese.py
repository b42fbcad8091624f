"""The Vietnamese words of kinds that are made of blocks alone; the others have layouts of their own."""

from commune_schemas.notices import NoticeKind

from notifier.words.blocks import MailBlocks, TextBlock

MAILS: dict[NoticeKind, MailBlocks] = {
    NoticeKind.FIRST_DAY: MailBlocks(
        subject="Sắp đến ngày đầu: {{ commune }}, {{ starts_on }}",
        heading="Sắp đến ngày đầu tiên hỗ trợ xã",
        opening="Ngày {{ starts_on }} là ngày đầu tiên anh/chị hỗ trợ {{ commune }}, {{ province }}. Phân công vẫn"
        " như đã báo; xin xem lại nơi đến, giờ và người liên hệ dưới đây.",
        closing="Nếu không đi được, xin báo ngay bằng nút dưới đây và gọi người liên hệ ở trường, để xã"
        " không phải chờ.",
    ),
}
TEXTS: dict[NoticeKind, TextBlock] = {
    NoticeKind.FIRST_DAY: TextBlock(
        text="NHAC: ngay dau ho tro {{ commune }} la {{ starts_on }}, {{ hours }}. Lien he xa:"
        " {{ commune_contact_name }} {{ commune_contact_phone }}. Khong di duoc xin bao: {{ answer_url }}"
    ),
}
