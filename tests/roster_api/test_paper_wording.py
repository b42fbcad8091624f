"""How papers write amounts, names and who signs, by the decree on official documents."""

from datetime import UTC, date, datetime
from io import BytesIO
from uuid import UUID

import pytest
from docx2python import docx2python
from roster_api.allowances.amount_words import say_amount
from roster_api.papers.secondment_decision import ListedMove, MovesContent, write_moves
from roster_api.papers.wording import break_lines, in_sentence, place_of, title_of


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"),
        (15, "Mười lăm đồng"),
        (21, "Hai mươi mốt đồng"),
        (104, "Một trăm linh bốn đồng"),
        (1_005, "Một nghìn không trăm linh năm đồng"),
        (41_000_015, "Bốn mươi mốt triệu không trăm mười lăm đồng"),
        (116_250_000, "Một trăm mười sáu triệu hai trăm năm mươi nghìn đồng"),
        (2_005_000_000, "Hai tỷ không trăm linh năm triệu đồng"),
        (1_000_000_000_001, "Một nghìn tỷ không trăm linh một đồng"),
        (-350_000, "Âm ba trăm năm mươi nghìn đồng"),
    ],
)
def test_an_amount_is_said_in_words(amount: int, words: str) -> None:
    assert say_amount(amount) == words


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("HỌC VIỆN HẢI QUÂN", ["HỌC VIỆN HẢI QUÂN"]),
        ("TRƯỜNG ĐẠI HỌC THÁI BÌNH DƯƠNG", ["TRƯỜNG ĐẠI HỌC", "THÁI BÌNH DƯƠNG"]),
        ("ỦY BAN NHÂN DÂN TỈNH ĐIỆN BIÊN", ["ỦY BAN NHÂN DÂN", "TỈNH ĐIỆN BIÊN"]),
        ("PHÂN HIỆU TRƯỜNG ĐẠI HỌC NÔNG LÂM TP. HỒ CHÍ MINH TẠI NINH THUẬN",
         ["PHÂN HIỆU TRƯỜNG", "ĐẠI HỌC NÔNG LÂM", "TP. HỒ CHÍ MINH", "TẠI NINH THUẬN"]),
        ("A" * 40, ["A" * 40]),
    ],
)  # fmt: skip
def test_a_long_name_in_a_heading_is_broken_between_its_parts(name: str, lines: list[str]) -> None:
    assert break_lines(name) == lines


def test_places_are_written_as_the_decree_has_them() -> None:
    assert [place_of(name) for name in ("Tỉnh Khánh Hòa", "Thành phố Đà Nẵng", "Thành phố Hồ Chí Minh")] == [
        "Khánh Hòa", "Đà Nẵng", "Thành phố Hồ Chí Minh",
    ]  # fmt: skip
    assert [in_sentence(name) for name in ("Xã Anh Dũng", "Tỉnh Khánh Hòa", "Khánh Hòa")] == [
        "xã Anh Dũng", "tỉnh Khánh Hòa", "Khánh Hòa",
    ]  # fmt: skip


def test_who_signs_signs_as_what_they_are_and_a_deputy_for_who_is_in_charge() -> None:
    assert title_of("Chủ tịch Ủy ban nhân dân tỉnh Điện Biên") == ("CHỦ TỊCH",)
    assert title_of("Phó Giám đốc Sở Nội vụ") == ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")
    assert title_of("Chánh Văn phòng") == ("CHÁNH VĂN PHÒNG",)


@pytest.mark.parametrize(
    ("signer", "issuer", "title"),
    [
        ("Chủ tịch Ủy ban nhân dân tỉnh Điện Biên", ["ỦY BAN NHÂN DÂN", "TỈNH ĐIỆN BIÊN"], "CHỦ TỊCH"),
        ("Giám đốc Sở Nội vụ", ["ỦY BAN NHÂN DÂN", "TỈNH ĐIỆN BIÊN", "SỞ NỘI VỤ"], "GIÁM ĐỐC"),
    ],
)
def test_a_decision_about_staff_has_the_heading_of_who_signs_it(signer: str, issuer: list[str], title: str) -> None:
    move = ListedMove("Lò Văn Mẫu", "Sở Nội vụ", "Xã Nà Bủng", "Công chức", date(2025, 10, 20), None, ())
    content = MovesContent(
        province_name="Tỉnh Điện Biên", number="", legal_basis="Luật Cán bộ, công chức", signer=signer,
        published_at=datetime(2025, 10, 13, tzinfo=UTC), occasion_id=UUID(int=1), moves=(move,),
    )  # fmt: skip
    with docx2python(BytesIO(write_moves(content))) as opened:
        head, ending = opened.body[0], opened.body[2]
        text = opened.text
    assert [line for line in head[0][0] if line] == issuer
    assert title in ending[0][1]
    assert f"ngày      tháng      năm         của {signer})" in text, "its day is open like its number"
