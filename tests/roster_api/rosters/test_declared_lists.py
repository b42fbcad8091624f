"""Registers as offices send them: headings, totals, remarks beside a row, dates of another order, old fonts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from roster_api.registers.comparing import Names
from roster_api.registers.declarations import NEEDS, STAFF, UNITS, columns_of_duties
from roster_api.registers.need_rows import compare_needs
from roster_api.rosters.reading.declared import DeclaredReading, read_declared
from roster_api.rosters.reading.declared_cells import DeclaredColumn
from roster_api.rosters.reading.opening import open_sheets
from roster_api.training.sheet import COLUMNS as COURSE

from tests.roster_api.rosters.made_lists import book
from tests.roster_api.rosters.old_encodings import tcvn3, vni

DUTIES = columns_of_duties([{"code": "digitise", "name_vi": "Số hóa hồ sơ", "name_en": "Digitising"}])
UNIT = ["Mã đơn vị", "Tên đơn vị", "Loại đơn vị", "Định mức khối Đảng", "Định mức khối chính quyền"]
STC, NP = ["STC", "Sở Tài chính", "Sở, ban, ngành", 10, 40], ["NP", "UBND xã Ninh Phước", "UBND xã", 12, 30]
PERSON = ["STT", "Mã cán bộ", "Họ và tên", "Mã đơn vị", "Khối", "Ngày vào ngành"]
NEED = ["STT", "Xã, phường", "Số người tối thiểu", "Có mặt thứ 2", "Số hóa hồ sơ"]
Row = Sequence[Any]


def hoa(**other: Any) -> list[Any]:
    return list((dict(zip(PERSON, [1, "CB1", "Lê Thị Hoa", "STC", "Chính quyền", None], strict=True)) | other).values())


def binh(**other: Any) -> list[Any]:
    return hoa(**({"STT": 2, "Mã cán bộ": "CB2", "Họ và tên": "Trần Văn Bình"} | other))


def in_bytes(encode: Callable[[str], bytes], *rows: Row) -> Callable[[], bytes]:
    return lambda: encode("\r\n".join(";".join(map(str, row)) for row in rows) + "\r\n")


@dataclass(frozen=True)
class Kind:
    """`rows`: {row: some of its values}, of every row that is read; `found`: {cell: code} of all there is to say."""

    columns: tuple[DeclaredColumn, ...]
    content: Callable[[], bytes]
    rows: dict[int, dict[str, Any]]
    found: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


KINDS: dict[str, Kind] = {
    "units with a total": Kind(
        UNITS, book([["STT", *UNIT], [1, *STC], [2, *NP], [None, None, "Tổng cộng", None, 22, 70]]),
        {2: {"code": "STC"}, 3: {"code": "NP"}}, notes=("Tổng cộng",),
    ),
    "a unit whose name begins like a total": Kind(
        UNITS, book([UNIT, ["TH", "Tổng hợp", *STC[2:]]]), {2: {"name": "Tổng hợp"}},
    ),
    "units in TCVN3": Kind(
        UNITS, in_bytes(tcvn3, UNIT, STC), {2: {"name": "Sở Tài chính", "quota_government": 40}},
        {"B2": "text.tcvn3", "C2": "text.tcvn3"},
    ),
    "units in VNI": Kind(
        UNITS, in_bytes(vni, UNIT, NP), {2: {"name": "UBND xã Ninh Phước"}}, {"B2": "text.vni", "C2": "text.vni"},
    ),
    "quotas with their unit, and one with a remark": Kind(
        UNITS, book([UNIT, [*STC[:3], "10 người", "40 (trừ 2)"]]), {2: {"quota_party": 10}},
        {"E2": "quota_government.unreadable"},
    ),
    "staff in groups": Kind(
        STAFF, book([PERSON, ["I", "SỞ TÀI CHÍNH"], hoa(), ["II", "SỞ Y TẾ"], binh()]),
        {3: {"code": "CB1"}, 5: {"code": "CB2"}}, notes=("SỞ TÀI CHÍNH", "SỞ Y TẾ"),
    ),
    "staff with somebody who retires, and somebody who left": Kind(
        STAFF, book([[*PERSON, "Ghi chú"], [*hoa(), "Nghỉ hưu từ 1/1/2027"], [*binh(), "đã chuyển công tác"]]),
        {2: {"code": "CB1"}, 3: {"code": "CB2"}}, {"G2": "row.not_taking_part", "G3": "row.not_taking_part"},
    ),
    "staff with remarks that change nothing": Kind(
        STAFF, book([[*PERSON, "Ghi chú"], [*hoa(), "Đảng viên"], binh()]), {2: {"code": "CB1"}, 3: {"code": "CB2"}},
        notes=("Đảng viên",),
    ),
    "dates with the month first": Kind(
        STAFF, book([PERSON, hoa(**{"Ngày vào ngành": "03/25/2015"}), binh(**{"Ngày vào ngành": "03/04/2015"})]),
        {2: {"serving_since": "2015-03-25"}, 3: {"serving_since": "2015-03-04"}},
        {"F2": "dates.month_first", "F3": "dates.month_first"},
    ),
    "dates of which each may be either": Kind(
        STAFF,
        book([PERSON, hoa(**{"Ngày vào ngành": "03/25/2015"}), binh(**{"Ngày vào ngành": "03/04/2015"}),
              hoa(**{"Mã cán bộ": "CB3", "Ngày vào ngành": "25/03/2015"})]),
        {2: {}, 3: {"serving_since": None}, 4: {}},
        {"F2": "serving_since.unreadable", "F3": "serving_since.unreadable"},
    ),
    "dates that a program turned round": Kind(
        STAFF, book([PERSON, hoa(**{"Ngày vào ngành": "25/03/2015"}), binh(**{"Ngày vào ngành": date(2015, 3, 4)})]),
        {2: {"serving_since": "2015-03-25"}, 3: {"serving_since": "2015-04-03"}}, {"F3": "dates.month_first"},
    ),
    "needs with a total of figures alone": Kind(
        (*NEEDS, *DUTIES), book([NEED, [1, "Ninh Phước", 2, 1, "2 x 3"], ["Tổng cộng", None, 2, 1, 6]]),
        {2: {"commune": "Ninh Phước", "duty.digitise": [2, 3]}}, notes=("Tổng cộng",),
    ),
    "a commune whose name begins like a total": Kind(
        (*NEEDS, *DUTIES), book([NEED[1:], ["Cộng Hòa", 2, 1, "2 x 3"]]),
        {2: {"commune": "Cộng Hòa", "duty.digitise": [2, 3]}},
    ),
    "attendance with the session in words": Kind(
        COURSE, book([["Mã cán bộ", "Buổi", "Có mặt"], ["CB1", "Buổi 2", "x"], ["CB2", "1,2", "x"]]),
        {2: {"session": 2, "presence": "yes"}, 3: {"session": None}}, {"B3": "session.unreadable"},
    ),
}  # fmt: skip


def read(kind: Kind) -> DeclaredReading:
    return read_declared(open_sheets(kind.content())[1], kind.columns)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_register_of_this_kind_is_read_right_or_asked_about(kind: Kind) -> None:
    reading = read(kind)
    assert {
        row.row: {name: row.values[name] for name in kind.rows.get(row.row, {})} for row in reading.rows
    } == kind.rows
    assert {cell: finding.code for row in reading.rows for finding, _, cell, _ in row.findings} == kind.found
    notes = " ".join(vi for vi, _ in reading.notes)
    assert all(words in notes for words in kind.notes), notes


def test_needs_of_a_commune_whose_name_begins_like_a_total_are_its_needs() -> None:
    names = Names({}, {}, {"cong hoa": "01234"}, {}, {"01234": "xã Cộng Hòa"})
    (row,) = compare_needs(read(KINDS["a commune whose name begins like a total"]), names, {})
    assert (row["code"], row["status"], row["findings"]) == ("01234", "new", [])
