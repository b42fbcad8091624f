"""The right reading of the files of `cases/` that are about what stands in a cell.

`LATER` names those that are not read right yet: whoever mends one takes its name out.
"""

from tests.roster_api.rosters.wanted import Wanted

HOA, BINH, CUC, DUNG = "Lê Thị Hoa", "Trần Văn Bình", "Nguyễn Thị Cúc", "Phạm Văn Dũng"

VALUES: dict[str, Wanted] = {
    "case06.xlsx": Wanted(errors={f"G{row}" for row in (2, 3, 4, 6, 7, 8, 9)}, people={5: {"free_weekdays": [0, 2]}}),
    "case09_list.xlsx": Wanted(("Y Ƀăm Êban", BINH)),
    "case15_mixed.xlsx": Wanted(("H'Hen Niê", "H’ Bia Êban", "K’Brôi", "Y-Blưm Niê", "Đinh H’Rê", "H'Hen Niê")),
    "case15_caps.xlsx": Wanted(("H'Hen Niê", "H’ Bia Êban", "K’Brôi", "Y-Blưm Niê", "Đinh H’Rê", "H'Hen Niê")),
    "case19_true.csv": Wanted((HOA, BINH), {2: {"free_weekdays": [0, 2]}, 3: {"free_weekdays": [1, 4]}}),
    "case28.xlsx": Wanted((*(HOA, BINH, CUC, DUNG), "Hoàng Thị Em", "Vũ Văn Giang"), warnings={"F3"}),
    "case29.xlsx": Wanted(
        ("Y Ƀih Êban", "Y Ñuin Hmŏk", "H'Mĭ Niê", "Nguyễn Thị Hiệp", "Y Bam Êban", "Y Nu Hmok"),
    ),
    "own_year_place.xlsx": Wanted(errors={"D2"}),
}

LATER = frozenset(
    {
        "case06.xlsx",
        "case15_caps.xlsx",
        "case19_true.csv",
        "case28.xlsx",
        "own_year_place.xlsx",
    }
)
