"""What every office is reached by."""

from commune_portal.record_forms import Field, Kind

PHONE_VI = "Số di động hoặc máy bàn; tin nhắn chỉ gửi được tới số di động."
PHONE_EN = "A mobile or a landline; texts reach mobiles alone."
CONTACT = (
    Field("contact_name", "Người đầu mối", "Contact", hint_vi="Họ và tên.", hint_en="Full name."),
    Field("contact_phone", "Điện thoại đầu mối", "Contact's telephone", Kind.PHONE, PHONE_VI, PHONE_EN),
    Field("contact_email", "Email đầu mối", "Contact's e-mail", Kind.EMAIL),
)
PLACE_VI = "Hai số mà bản đồ trên mạng cho khi bấm vào cổng, ví dụ 12.2512, 109.1967."
PLACE_EN = "The two numbers that a map gives where one presses on the gate, such as 12.2512, 109.1967."
