"""Whose number or address a column holds: a header with a word that is not known heads nobody's own."""

import pytest

from tests.roster_api.rosters.made_lists import SHORT, book, short
from tests.roster_api.rosters.wanted import Wanted, check, read

NOT_OWN = (
    "Số ĐT PH", "SĐT PHHS", "ĐT GĐ", "SĐT NT", "ĐTDĐ PH", "SĐT liên hệ (PH)", "SĐT chủ trọ", "SĐT ĐVTT", "SĐT chồng",
    "SĐT hộ khẩu", "SĐT nhóm", "SĐT BCN", "Điện thoại CQ", "SĐT thay thế", "SĐT thân nhân", "Phone (landlord)",
)  # fmt: skip
ONES_OWN = (
    "Số điện thoại", "SĐT (Zalo)", "Điện thoại di động *", "ĐTDĐ", "Số ĐT liên hệ", "SĐT cá nhân", "Phone number",
    "Số điện thoại của bạn (bắt buộc)", "SĐT SV", "Số điện thoại đang sử dụng", "SĐT (VD: 0950000123)", "SĐT hiện tại",
    "Vui lòng nhập số điện thoại của bạn", "Số điện thoại (ghi đủ 10 chữ số)", "Mobile / Zalo",
)  # fmt: skip


@pytest.mark.parametrize("header", NOT_OWN)
def test_a_number_of_somebody_else_is_never_taken_for_ones_own(header: str) -> None:
    alone = [[header if name == "SĐT" else name for name in SHORT], short(1), short(2)]
    check(book(alone), Wanted(refused="roster.columns", notes=("thiếu cột Số điện thoại", header)))
    beside = [[*SHORT, header], [*short(1), "0950000901"], [*short(2), "0950000902"]]
    reading = read(book(beside))
    assert tuple(row.person.phone[-10:] for row in reading.rows if row.person and row.person.phone) == (
        "4950000001", "4950000002",
    )  # fmt: skip
    assert any(header in vi for vi, _ in reading.notes)


@pytest.mark.parametrize("header", ONES_OWN)
def test_ones_own_number_is_known_by_its_header(header: str) -> None:
    rows = [[header if name == "SĐT" else name for name in SHORT], short(1), short(2)]
    check(book(rows), Wanted(people={2: {"phone": "+84950000001"}, 3: {"phone": "+84950000002"}}))


@pytest.mark.parametrize("header", ["Email PH", "Email nhóm", "Mail lớp trưởng"])
def test_an_address_of_somebody_else_is_left_alone_and_named(header: str) -> None:
    rows = [[*SHORT, header], [*short(1), "me@truong.example"], [*short(2), "bo@truong.example"]]
    check(book(rows), Wanted(people={2: {"email": None}, 3: {"email": None}}, notes=(header,)))


@pytest.mark.parametrize("header", ["Email", "E-mail cá nhân", "Gmail", "Địa chỉ email (trường cấp)", "Email SV"])
def test_ones_own_address_is_known_by_its_header(header: str) -> None:
    rows = [[*SHORT, header], [*short(1), "a@truong.example"], [*short(2), "b@truong.example"]]
    check(book(rows), Wanted(people={2: {"email": "a@truong.example"}, 3: {"email": "b@truong.example"}}))
