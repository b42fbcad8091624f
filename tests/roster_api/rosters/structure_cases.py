"""The right reading of the files of `cases/` about the sheet: what it shows, where the table is, its columns."""

from tests.roster_api.rosters.wanted import Wanted

HOA, BINH, CUC, DUNG = "Lê Thị Hoa", "Trần Văn Bình", "Nguyễn Thị Cúc", "Phạm Văn Dũng"
FOUR = (HOA, BINH, CUC, DUNG)
EIGHT = (*FOUR, "Hoàng Thị Em", "Vũ Văn Giang", "Đỗ Thị Hạnh", "Bùi Văn Khoa")
TEN = (*EIGHT, "Đặng Thị Lan", "Ngô Văn Minh")
MENDED = (HOA, BINH, CUC, DUNG, "Hoàng Thị Em", "Nguyễn Văn An", "Đỗ Thị Hạnh", "Bùi Văn Khoa")
CORRECTED = (*MENDED[:2], "Nguyễn Thị Cúc Hoa", *MENDED[3:])
EXAM = [{"starts_on": "2026-12-09", "ends_on": "2026-12-09", "kind": "exam", "note": ""}]
LEAVE = [{"starts_on": "2026-12-09", "ends_on": "2026-12-09", "kind": "leave", "note": ""}]
TEAMS = {row: {"team": "Tổ 1" if row < 6 else "Tổ 2"} for row in range(2, 10)}

STRUCTURE: dict[str, Wanted] = {
    # what the sheet shows
    "case03a_hidden.xlsx": Wanted((HOA, BINH, CUC), notes=("DS 2024", "bị ẩn", "3 người")),
    "case03a_veryHidden.xlsx": Wanted((HOA, BINH, CUC), notes=("DS 2024", "bị ẩn", "3 người")),
    "case03b.xlsx": Wanted((HOA, BINH, DUNG), notes=("dòng 4, 6",)),
    "case03c.xlsx": Wanted((HOA, BINH, DUNG), notes=("dòng 4, 6",)),
    "case07_ban.xlsx": Wanted(EIGHT, {row: {"absences": EXAM} for row in range(2, 10)}),
    "case07_lv_ngay.xlsx": Wanted(EIGHT, {r: {"free_weekdays": [0, 2], "skills": {"digitise": 2}} for r in (2, 5, 9)}),
    "case07_to.xls": Wanted(EIGHT, TEAMS),
    "case07_to.xlsx": Wanted(EIGHT, TEAMS),
    "case07_vaitro.xlsx": Wanted(EIGHT, {row: {"role": "student", "year": 4} for row in range(2, 10)}),
    "case08.xlsx": Wanted(errors={"K2", "K3", "H4", "H5", "F6", "F7", "J8", "J9", "L10", "L11"}),
    "case14_1904.xlsx": Wanted((HOA, BINH), {2: {"absences": LEAVE}}),
    "case14_1904_ext.xlsx": Wanted((HOA, BINH), {2: {"absences": LEAVE}}),
    "case25a.xlsx": Wanted(FOUR),
    "case25a_err.xlsx": Wanted(errors={"E2"}),
    "case25a_xw.xlsx": Wanted((HOA, BINH)),
    "case25b.xlsx": Wanted(FOUR),
    "case25d.xlsx": Wanted(FOUR),
    "case25e.xlsx": Wanted(FOUR),
    "case25e_shared.xlsx": Wanted((HOA, BINH)),
    "case26.xlsx": Wanted((HOA,), {2: {"free_weekdays": [0, 2, 4], "skills": {"digitise": 2, "training": 2}}}),
    "own_stray_cell.xlsx": Wanted((HOA, BINH)),
    "own_32_sheets.xlsx": Wanted(people={2: {"external_ref": "S32"}}, notes=("Lop 31", "Lop 32")),
    # files
    "case11a.csv": Wanted(TEN, {2: {"free_weekdays": [0, 1, 2, 3]}}),
    "case11b.csv": Wanted(TEN, {2: {"free_weekdays": [0, 1, 2, 3]}}),
    "case11c_1.csv": Wanted(TEN[1:], errors={"C2"}),
    "case11c_annotated.csv": Wanted(TEN[1:], errors={"C2"}),
    "own_columns_beyond_200.csv": Wanted(refused="roster.no_header", notes=("200 cột",)),
    "own_html.xls": Wanted(refused="file.web_page", notes=(".xlsx",)),
    "own_mac_cr.csv": Wanted((HOA, BINH)),
    "own_password.xlsx": Wanted(refused="file.encrypted"),
    "own_unclosed_quote.csv": Wanted(refused="file.unclosed_quote", notes=("dòng 2",)),
    "own_zero_bytes.xlsx": Wanted(refused="file.empty"),
    "case12_plain.xlsx": Wanted((HOA, CUC, DUNG), errors={"E3"}),
    "case12a.xlsx": Wanted((HOA, CUC, DUNG), errors={"E3"}),
    "case12c.xlsx": Wanted((HOA, CUC, DUNG), errors={"E3"}),
    "case12d.xlsx": Wanted((HOA, CUC, DUNG), errors={"E3"}),
    # columns
    "case19_true.xlsx": Wanted((HOA, BINH), {2: {"free_weekdays": [0, 2]}, 3: {"free_weekdays": [1, 4]}}),
    "case20_coquan.xlsx": Wanted((HOA, BINH), {2: {"phone": "+84950000001"}}, notes=("Điện thoại cơ quan",)),
    "case20_email.xlsx": Wanted((HOA, BINH), {2: {"email": "p1@truong.example"}}, notes=("Email cá nhân",)),
    "case20_only_parent.xlsx": Wanted(refused="roster.columns", notes=("Số điện thoại", "SĐT phụ huynh")),
    "case20_phuhuynh.xlsx": Wanted((HOA, BINH), {2: {"phone": "+84950000001"}}, notes=("SĐT phụ huynh",)),
    "own_both_days.xlsx": Wanted((BINH,), {3: {"free_weekdays": [1]}}, errors={"D2"}),
    "own_busy_ticks.xlsx": Wanted(refused="roster.columns", notes=("Lịch bận (đánh dấu x)",)),
    "own_chucdanh_chucvu.xlsx": Wanted((HOA, BINH), {2: {"role": "lecturer"}}, notes=("Chức vụ",)),
    "own_field_ticks_two_rows.xlsx": Wanted((HOA,), {3: {"skills": {"digitise": 2}}}, notes=("Khác (ghi rõ)",)),
    "own_kranh.xlsx": Wanted(refused="roster.columns", notes=("Ngày không rảnh",)),
    "own_lichban.xlsx": Wanted(refused="roster.columns", notes=("Lịch bận",)),
    "own_split_name.xlsx": Wanted((HOA, BINH)),
    "own_trinhdo_chuyenmon.xlsx": Wanted((HOA, BINH), {2: {"skills": {"digitise": 2}}}, notes=("Chuyên môn",)),
    "own_vaitro_gvsv.xlsx": Wanted((HOA,), {2: {"role": "lecturer"}}),
    # rows
    "own_footer_cong.xlsx": Wanted((HOA, BINH), errors={"E4"}),
    "own_name_alone.xlsx": Wanted((HOA, BINH), errors={f"{c}{r}" for c in "DEGI" for r in (3, 4, 5)}),
    "own_note_rows.xlsx": Wanted((HOA, BINH), notes=("Người lập",)),
    "own_numbering_row.xlsx": Wanted((HOA, BINH)),
    "own_repeated_header.xlsx": Wanted((HOA, BINH, CUC)),
    "own_subtotal.xlsx": Wanted(FOUR),
    "own_total_row.xlsx": Wanted((HOA, BINH)),
    # several lists of one school: the pairs are compared in test_same_people.py
    "own_sheet_lost_1.xlsx": Wanted((*TEN, "Lý Thị Nga", "Hồ Văn Oanh")),
    "own_sheet_lost_2.xlsx": Wanted((*TEN, "Lý Thị Nga", "Hồ Văn Oanh")),
    **{f"case01{letter}_1.xlsx": Wanted(TEN) for letter in "ab"},
    "case01a_2.xlsx": Wanted(TEN),
    "case01b_2.csv": Wanted(TEN),
    **{f"case01{letter}_{number}.xlsx": Wanted((HOA,)) for letter in "cd" for number in (1, 2)},
    "own_codes_1.xlsx": Wanted((HOA, BINH, CUC)),
    "own_codes_2.xlsx": Wanted(("An Thị Mới", HOA, BINH)),
    "p3_cs1.xlsx": Wanted((HOA, BINH)),
    "p3_codeswap.xlsx": Wanted((HOA, BINH)),
    "p3_shift.xlsx": Wanted((BINH, HOA)),
    "p3_dupcode.xlsx": Wanted(errors={"B3"}),
    "p3_dupname.xlsx": Wanted((HOA, HOA)),
    "p3_dupphone.xlsx": Wanted(errors={"E3"}),
    "p3_swap1.xlsx": Wanted((HOA, BINH)),
    "p3_swap2.xlsx": Wanted((HOA, BINH)),
    "p3_list.xlsx": Wanted(errors={"E7", "G8", "F9", "I9", "E12", "D13", "K13"}),
    "p3_same.xlsx": Wanted(
        (HOA, BINH, CUC, DUNG, "Hoàng Thị Em", "Nguyễn Văn An", "Đỗ Thị Hạnh", "Bùi Văn Khoa"), notes=("dòng 14",)
    ),
    "p3_newphone.xlsx": Wanted((HOA, BINH), {2: {"phone": "+84950000055"}}, warnings={"F2", "F3"}),
    "p3_four.xlsx": Wanted(CORRECTED[:4], {3: {"phone": "+84950000903"}}, warnings={"H4"}),
    "p3_seven.xlsx": Wanted(CORRECTED[:7], {6: {"phone": "+84950000005"}}, warnings={"H4", "E6", "C7"}),
    "p3_corrected.xlsx": Wanted(CORRECTED, {12: {"phone": "+84950000907"}}, warnings={"H8", "E10", "C11"}),
    "p3_mended.xlsx": Wanted(MENDED, {7: {"phone": "+84950000902"}}, warnings={"H8", "E10", "C11"}),
    "p3_partial.xlsx": Wanted((BINH, CUC, DUNG), errors={"E2"}),
    "case02_A.xlsx": Wanted(("Ninh Thanh Quỳnh",)),
    "case02_B.xlsx": Wanted(("Ninh Thanh Quỳnh",)),
}  # fmt: skip
