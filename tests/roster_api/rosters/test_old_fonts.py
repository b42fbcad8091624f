"""Names from before Unicode are read as they were meant, or asked about; sound names of every kind are left alone."""

import io
import unicodedata
from collections.abc import Callable

import pytest
import xlsxwriter
from roster_api.legacy_text.lookalikes import without_lookalikes
from roster_api.legacy_text.syllables import is_syllable
from roster_api.legacy_text.texts import RepairedText, UnclearText
from roster_api.person_names import read_person_name
from roster_api.rosters.reading.cells import Sheet
from roster_api.rosters.reading.legacy_sheets import repair_sheet
from roster_api.rosters.reading.limited import Opener
from roster_api.rosters.reading.names import read_name
from roster_api.rosters.reading.roster import read_roster

from tests.roster_api.rosters.old_encodings import (
    FAMILIES,
    GIVEN,
    MIDDLES,
    cp1258,
    people,
    sound_names,
    tcvn3,
    vni,
)
from tests.roster_api.rosters.workbooks import HEADER, person


def through_1252(content: bytes) -> str:
    """What a program shows that takes the bytes for Windows-1252; bytes without a sign there stay as they are."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in content)


SPOILT: dict[str, Callable[[str], str]] = {
    "TCVN3 seen through Windows-1252": lambda name: through_1252(tcvn3(name)),
    "TCVN3 seen through Windows-1258": lambda name: tcvn3(name).decode("cp1258"),
    "TCVN3 through Windows-1258, composed": lambda name: unicodedata.normalize("NFC", tcvn3(name).decode("cp1258")),
    "TCVN3 in the font of capitals": lambda name: through_1252(tcvn3(name.upper())),
    "VNI": lambda name: through_1252(vni(name)),
    "VNI seen through Windows-1258": lambda name: vni(name).decode("cp1258"),
    "VNI capitals": lambda name: through_1252(vni(name.upper())),
    "VNI capitals with small marks": lambda name: through_1252(vni(name.upper(), small_marks=True)),
    "Windows-1258 read as 1252": lambda name: through_1252(cp1258(name)),
    "UTF-8 read as Windows-1252": lambda name: through_1252(name.encode()),
    "UTF-8 read as Latin-1": lambda name: name.encode().decode("latin-1"),
}


def column_of(names: list[str]) -> list[object]:
    return [row[0] for row in repair_sheet(Sheet("DS", [[name] for name in names])).rows]


@pytest.mark.parametrize("how", SPOILT)
def test_two_thousand_names_are_recovered_from_every_old_encoding(how: str) -> None:
    names = people(2000)
    readings = [read_name(cell) for cell in column_of([SPOILT[how](name) for name in names])]  # type: ignore[arg-type]
    right = sum(sum(map(str.__eq__, name, reading.value or "")) for name, reading in zip(names, readings, strict=True))
    assert right >= 0.995 * sum(map(len, names))
    silent = [
        (name, reading.value)
        for name, reading in zip(names, readings, strict=True)
        if reading.value != name and not reading.findings
    ]
    assert silent == []


@pytest.mark.parametrize("how", SPOILT)
def test_a_list_of_eight_is_enough_to_tell(how: str) -> None:
    names = people(400, seed=7)
    for start in range(0, len(names), 8):
        part = names[start : start + 8]
        for name, cell in zip(part, column_of([SPOILT[how](name) for name in part]), strict=True):
            reading = read_name(cell)  # type: ignore[arg-type]
            assert reading.value == name or reading.findings, (name, cell)


def test_two_thousand_sound_names_are_left_as_they_are() -> None:
    names = sound_names(2000)
    assert column_of(names) == names
    for name in names:
        reading = read_name(name)
        assert read_person_name(name) == unicodedata.normalize("NFC", name), "nor is it refused where it stands alone"
        assert reading.value == unicodedata.normalize("NFC", name)
        assert not any(finding.code.startswith("text.") for finding in reading.findings), name


def test_every_word_of_the_test_is_a_syllable() -> None:
    assert [word for word in (*FAMILIES, *MIDDLES, *GIVEN) if not is_syllable(word, is_strict=True)] == []


@pytest.mark.parametrize(
    "word", ["Hång", "Traàn", "Vaên", "Höông", "Kpă", "Blưm", "Müller", "Ngoòc", "Thiò", "José", "Ñô", "Ǹa"]
)
def test_what_no_vietnamese_mouth_says_is_no_syllable(word: str) -> None:
    assert not is_syllable(word, is_strict=True)


def test_old_fonts_among_sound_names_are_repaired_cell_by_cell() -> None:
    mixed = ["Phạm Gia Huy", "NguyÔn ThÞ Hång", "H'Hen Niê", "Traàn Vaên Leâ", "LÃª TÃº", "Y Blưm Niê Kđăm"]
    cells = column_of(mixed)
    assert cells == ["Phạm Gia Huy", "Nguyễn Thị Hồng", "H'Hen Niê", "Trần Văn Lê", "Lê Tú", "Y Blưm Niê Kđăm"]
    assert [isinstance(cell, RepairedText) for cell in cells] == [False, True, False, True, True, False]


def test_a_name_that_reads_both_ways_follows_its_column_and_is_asked_about_where_that_is_mixed() -> None:
    assert column_of(["NguyÔn ThÞ Hång", "Vò Tó"]) == ["Nguyễn Thị Hồng", "Vũ Tú"]
    assert column_of(["Phạm Gia Huy", "Đỗ Thị Nga", "Vò Tó"])[2] == "Vò Tó"
    mixed = column_of(["NguyÔn ThÞ Hång", "TrÇn V¨n B×nh", "Phạm Gia Huy", "Vò Tó"])
    assert isinstance(mixed[3], UnclearText)
    assert [finding.code for finding in read_name(mixed[3]).findings] == ["text.old_font"]


def test_a_header_in_unicode_over_an_old_list_leaves_no_name_in_doubt() -> None:
    above = ["DANH SÁCH GIẢNG VIÊN", "Họ và tên"]
    assert column_of([*above, "NguyÔn ThÞ Hång", "TrÇn V¨n B×nh", "Vò Tó"])[2:] == [
        "Nguyễn Thị Hồng", "Trần Văn Bình", "Vũ Tú",
    ]  # fmt: skip


def test_a_whole_list_in_an_old_font_is_read_header_and_all_and_the_notes_say_so() -> None:
    rows = [HEADER, person(1), person(2, **{"Họ và tên": "Vũ Thị Hằng"})]
    spoilt = [[through_1252(tcvn3(cell)) if isinstance(cell, str) else cell for cell in row] for row in rows]
    reading = read_roster([Sheet("DS", spoilt)])
    assert [row.person.full_name for row in reading.rows if row.person] == ["Nguyễn Văn Bnh", "Vũ Thị Hằng"]
    assert any("TCVN3" in vi and "cột C" in vi for vi, _ in reading.notes)


def book_in_font(font: str, *names: str) -> bytes:
    """A list whose names stand in `font`, as Excel keeps it."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page, style = book.add_worksheet("DS"), book.add_format({"font_name": font})
    page.write_row(0, 0, HEADER)
    for number, name in enumerate(names, start=1):
        page.write_row(number, 0, person(number))
        page.write_string(number, 2, name, style)
    book.close()
    return out.getvalue()


async def test_the_font_of_a_cell_tells_what_its_letters_cannot() -> None:
    for font, names in ((".VnTime", ("Vò Tó", "Lý V©n")), ("VNI-Times", ("Hoà Thô", "Hoà Quang"))):
        _, reading = await Opener().read(book_in_font(font, *names))
        found = [row.person.full_name for row in reading.rows if row.person]
        assert found == {".VnTime": ["Vũ Tú", "Lý Vân"], "VNI-Times": ["Hồ Thơ", "Hồ Quang"]}[font]


async def test_unicode_text_in_an_old_font_stays_as_it_is() -> None:
    _, reading = await Opener().read(book_in_font(".VnTime", "Nguyễn Văn Tú", "Lý Tó", "Trần Thị Vò"))
    rows = reading.rows
    assert [row.person.full_name if row.person else None for row in rows] == ["Nguyễn Văn Tú", "Lý Tó", "Trần Thị Vò"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Ðinh Vǎn An", "Đinh Văn An"),
        ("Ɖỗ Thị Hà", "Đỗ Thị Hà"),
        ("H´Hen Niê", "H’Hen Niê"),
        ("Тrần Аn", "Trần An"),
        ("Ｎguyễn Văn An", "Nguyễn Văn An"),
        ("\u202aLê Hoa\u202c", "Lê Hoa"),
        ("Lê\u200b Hoa", "Lê Hoa"),
    ],
)
def test_look_alikes_and_hidden_marks_are_put_right_and_named(written: str, read: str) -> None:
    reading = read_name(written)
    assert reading.value == read
    assert len(reading.findings) == 1


@pytest.mark.parametrize("name", ["Y Ƀih Hmŏk", "H'Mĭ Niê", "Lǐ Wěi", "Sigurður Ólafsson", "Zoë Nguyen"])
def test_letters_that_a_name_really_has_are_no_look_alikes(name: str) -> None:
    assert without_lookalikes(name) == (name, [])


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("ThS. Nguyễn Văn An", "Nguyễn Văn An"),
        ("PGS.TS. LÊ THỊ HOA", "Lê Thị Hoa"),
        ("THS. TRẦN VĂN BA", "Trần Văn Ba"),
        ("TS Trần Bình", "Trần Bình"),
        ("GS. TSKH. Lê Na", "Lê Na"),
        ("ThS.Nguyễn Văn An", "Nguyễn Văn An"),
        ("Tiến sĩ Lê Hoa", "Lê Hoa"),
        ("BS.CKII. Trần Hà", "Trần Hà"),
        ("Nguyễn Văn An, ThS.", "Nguyễn Văn An"),
        ("Nguyễn Văn An (TS)", "Nguyễn Văn An"),
    ],
)
def test_titles_are_kept_apart_from_the_name(written: str, name: str) -> None:
    reading = read_name(written)
    assert reading.value == name
    assert reading.findings[0].code == "name.title"


@pytest.mark.parametrize("name", ["Thạch Sanh", "Tô Sơn", "Tsai Ming", "Cao Ngọc", "Bùi Thế Sơn", "Ksor Phước"])
def test_a_name_that_begins_like_a_title_loses_nothing(name: str) -> None:
    assert (read_name(name).value, read_name(name).findings) == (name, [])


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("H'HEN NIÊ", "H'Hen Niê"),
        ("H’ BIA ÊBAN", "H’ Bia Êban"),
        ("K’BRÔI", "K’Brôi"),
        ("KʼBRÔI NAM", "KʼBrôi Nam"),
        ("Y-BLƯM NIÊ", "Y-Blưm Niê"),
        ("h'hen niê", "H'Hen Niê"),
        ("NGUYỄN Văn An", "Nguyễn Văn An"),
        ("NGUYÔN THÞ HåNG", "Nguyễn Thị Hồng"),
        ("§Æng ¸i", "Đặng Ái"),
    ],
)
def test_capitals_are_put_right(written: str, name: str) -> None:
    reading = read_name(written)
    assert reading.value == name
    assert "name.capitals" in [finding.code for finding in reading.findings]


def test_the_keys_of_telex_and_viqr_are_asked_about_and_english_names_are_not() -> None:
    assert "name.telex" in [finding.code for finding in read_name("Nguyeenx Vawn An").findings]
    assert "VIQR" in read_name("Nguye^~n Va(n An").findings[0].vi
    for name in ("Lee Min Ho", "Kim Soo Hyun", "Nguyen Van An", "Park Jin Woo", "Aung San"):
        assert read_name(name).findings == []
