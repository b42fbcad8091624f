"""Lists with roles to tick, numbered fields, old and new phones, and marks that repeat the cell above.

Each is understood completely, or asked about; what is read otherwise than it stands is a repair that is shown.
"""

from typing import Any

import pytest
from openpyxl.styles import Font

from tests.roster_api.rosters.made_lists import NAMES, SHORT, TICKS, book, csv_of, short, ticks
from tests.roster_api.rosters.wanted import Content, Wanted, check

HOA, BINH, CUC, DUNG = NAMES
ROLES = ["Họ và tên", "GV", "SV", "SĐT", "Ngày rảnh", "Lĩnh vực"]
REFUSED = Wanted(refused="roster.columns")


def roles(number: int, *ticked: Any) -> list[Any]:
    return [NAMES[number - 1], *ticked, f"095000000{number}", "T2", "KPI"]


def phones(*headers: str, first: tuple[Any, ...]) -> Content:
    """One person with a column of each of these headers."""
    return book([[*SHORT[:2], *headers, *SHORT[3:]], [HOA, "GV", *first, "T2", "KPI"]])


def phone(written: str) -> Content:
    return book([SHORT, short(1, SĐT=written)])


def repeated(mark: Any, **other: Any) -> Content:
    """The second person's role, days and fields repeat the first's."""
    again = {"Vai trò": mark, "Ngày rảnh": mark, "Lĩnh vực": mark}
    return book([SHORT, short(1), short(2, **again | other)])


def strike(place: str) -> Any:
    return lambda sheet: setattr(sheet[place], "font", Font(strike=True))


def mark_of(written: str) -> tuple[Content, Wanted]:
    wanted = {"role": "lecturer", "free_weekdays": [0, 2], "skills": {"digitise": 2}}
    return repeated(written), Wanted((HOA, BINH), {3: wanted}, warnings={"B3", "D3", "E3"})


KINDS: dict[str, tuple[Content, Wanted]] = {
    # a role to tick
    "lecturer and student to tick": (
        book([ROLES, roles(1, "x", None), roles(2, None, "✓"), roles(3, "1", "0")]),
        Wanted((HOA, BINH, CUC), {2: {"role": "lecturer"}, 3: {"role": "student"}, 4: {"role": "lecturer"}}),
    ),
    "both or none are ticked": (
        book([ROLES, roles(1, "x", "x"), roles(2, None, None), roles(3, "x", None)]),
        Wanted((CUC,), errors={"B2", "B3"}),
    ),
    "a year, or words, where a tick stands": (
        book([ROLES, roles(1, None, 3), roles(2, None, "rút"), roles(3, None, "x")]),
        Wanted((CUC,), errors={"C2", "C3"}),
    ),
    "roles to tick under a common header": (
        book([["Họ và tên", "Đối tượng", None, *ROLES[3:]], [None, "Giảng viên", "Sinh viên", None, None, None],
              roles(1, "x", None), roles(2, None, "x")], merge="B1:C1"),
        Wanted((HOA, BINH), {3: {"role": "lecturer"}, 4: {"role": "student"}}),
    ),
    "roles to tick, the mark repeated": (
        book([ROLES, roles(1, None, "x"), roles(2, None, "″")]),
        Wanted((HOA, BINH), {3: {"role": "student"}}, warnings={"C3"}),
    ),
    "one role to tick says nothing of the others": (
        book([["Họ và tên", "GV", *ROLES[3:]], [HOA, "x", "0950000001", "T2", "KPI"]]), REFUSED,
    ),
    "names under a common header are no ticks": (
        book([["Họ và tên", None, *ROLES[3:]], ["GV", "SV", None, None, None], [HOA, BINH, "0950000001", "T2", "KPI"]],
             merge="A1:B1"),
        REFUSED,
    ),
    "a column of roles beside the ticks": (
        book([[*SHORT, "GV", "SV"], [*short(1), None, "x"]]), Wanted((HOA,), {2: {"role": "lecturer"}}, notes=("GV",)),
    ),
    # fields in numbered columns
    "fields in two columns": (
        book([[*SHORT[:4], "Lĩnh vực 1", "Lĩnh vực 2"], [*short(1)[:4], "KPI", "Số hóa"],
              [*short(2)[:4], None, "KPI"]]),
        Wanted((HOA, BINH), {2: {"skills": {"digitise": 2, "kpi": 2}}, 3: {"skills": {"kpi": 2}}}),
    ),
    "a second field that is none": (
        book([[*SHORT, "Lĩnh vực 2"], [*short(1), "Nấu ăn"]]), Wanted((), errors={"E2"}),
    ),
    "the same number twice": (book([[*SHORT[:4], "Lĩnh vực 1", "Lĩnh vực 1"], [*short(1), "KPI"]]), REFUSED),
    # phones
    "a phone that is said to be on Zalo": (
        phone("0950000123 (Zalo)"), Wanted((HOA,), {2: {"phone": "+84950000123"}}, warnings={"C2"}),
    ),
    "when to call": (
        phone("0950000123 (Zalo, gọi sau 17h)"), Wanted((HOA,), {2: {"phone": "+84950000123"}}, warnings={"C2"}),
    ),
    "when to write": (phone("0950000123 nhắn tin buổi tối"), Wanted((HOA,), warnings={"C2"})),
    "a number no longer used": (phone("0950000123 (cũ)"), Wanted((), errors={"C2"})),
    "whom to call instead": (phone("0950000123 gọi cho mẹ"), Wanted((), errors={"C2"})),
    "old and new phone": (
        phones("SĐT cũ", "SĐT mới", first=("0950000001", "0950000002")),
        Wanted((HOA,), {2: {"phone": "+84950000002"}}, notes=("Cột không dùng đến: “SĐT cũ”",)),
    ),
    "phone, and the new one": (
        phones("SĐT", "SĐT mới", first=("0950000001", "0950000002")),
        Wanted((HOA,), {2: {"phone": "+84950000002"}}, notes=("“SĐT”",)),
    ),
    "old and new, and there is no new one": (
        phones("SĐT cũ", "SĐT mới", first=("0950000001", None)), Wanted((), errors={"D2"}),
    ),
    "an old phone alone": (phones("Số điện thoại cũ", first=("0950000001",)), REFUSED),
    "an old address": (
        phones("SĐT", "Email cũ", "Email", first=("0950000001", "cu@truong.example", "moi@truong.example")),
        Wanted((HOA,), {2: {"email": "moi@truong.example"}}, notes=("“Email cũ”",)),
    ),
    # marks that repeat what stands above
    "repeated: ″": mark_of("″"),
    "repeated: a quotation mark": mark_of('"'),
    "repeated: 〃": mark_of("〃"),
    "repeated: -nt-": mark_of("-nt-"),
    "repeated: nt": mark_of("nt"),
    "repeated: như trên": mark_of("Như trên"),
    "repeated over three rows": (
        book([SHORT, short(1), short(2, **{"Ngày rảnh": "nt"}), short(3, **{"Ngày rảnh": "nt"})]),
        Wanted((HOA, BINH, CUC), {4: {"free_weekdays": [0, 2]}}, warnings={"D3", "D4"}),
    ),
    "repeated in the first row": (book([SHORT, short(1, **{"Vai trò": "nt"})]), Wanted((), errors={"B2"})),
    "repeated below an empty cell": (
        book([SHORT, short(1), short(2, **{"Ngày rảnh": None}), short(3, **{"Ngày rảnh": "″"})]),
        Wanted((HOA,), errors={"D3", "D4"}),
    ),
    "repeated below what is crossed out": (
        book([SHORT, short(1), short(2, **{"Ngày rảnh": "″"})], prepare=strike("D2")), Wanted((), errors={"D2", "D3"}),
    ),
    "repeated below what is not understood": (
        book([SHORT, short(1, **{"Ngày rảnh": "sau T3"}), short(2, **{"Ngày rảnh": "″"})]),
        Wanted((), errors={"D2", "D3"}),
    ),
    "a name and a phone are one's own": (
        book([SHORT, short(1), ["″", "GV", "″", "T2", "KPI"]]), Wanted((HOA,), errors={"A3", "C3"}),
    ),
    "a team, repeated": (
        book([[*SHORT, "Tổ"], [*short(1), "Tổ 1"], [*short(2), "-nt-"]]),
        Wanted((HOA, BINH), {3: {"team": "Tổ 1"}}, warnings={"F3"}),
    ),
    "a team, repeated from nowhere": (book([[*SHORT, "Tổ"], [*short(1), "nt"]]), Wanted((), errors={"F2"})),
    "ticked days, repeated": (
        book([TICKS, ticks("x", None, "x", None, None), [BINH, "GV", "0950000002", "″", None, "″", None, None, "″"]]),
        Wanted((HOA, BINH), {3: {"free_weekdays": [0, 2], "skills": {"kpi": 2}}}, warnings={"D3", "F3", "I3"}),
    ),
    "withdrawn, repeated": (
        book([[*SHORT, "Ghi chú"], [*short(1), "Xin rút"], [*short(2), "-nt-"]]), Wanted((), errors={"F2", "F3"}),
    ),
    "repeated in a csv": (
        csv_of(";".join(SHORT), ";".join(short(1)), f"{BINH};nt;0950000002;nt;nt"),
        Wanted((HOA, BINH), {3: {"free_weekdays": [0, 2]}}, warnings={"B3", "D3", "E3"}),
    ),
    # days that a header does not say are free
    "days of one week": (
        book([[*SHORT[:3], "Tuần 1", None, "Lĩnh vực"], [*[None] * 3, "T2", "T3", None],
              [*short(1)[:3], "x", None, "KPI"]], merge="D1:E1"),
        Wanted(refused="roster.columns", notes=("“Tuần 1 / T3” không nói rõ là ngày rảnh hay ngày bận",)),
    ),
    "busy days keep their words": (
        book([[*SHORT[:3], "Ngày bận", None, "Lĩnh vực"], [*[None] * 3, "T2", "T3", None],
              [*short(1)[:3], "x", None, "KPI"]], merge="D1:E1"),
        Wanted(refused="roster.columns", notes=("“Ngày bận / T3” ghi ngày bận",)),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "wanted"), KINDS.values(), ids=KINDS)
def test_a_list_of_this_kind_is_read_right_or_asked_about(content: Content, wanted: Wanted) -> None:
    check(content, wanted)
