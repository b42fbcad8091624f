"""The right reading of the files of `cases/` that are about what stands in a cell."""

from tests.roster_api.rosters.wanted import Wanted


def on(day: str, *, kind: str = "leave") -> dict[str, str]:
    return {"starts_on": day, "ends_on": day, "kind": kind, "note": ""}


HOA, BINH, CUC, DUNG = "Lê Thị Hoa", "Trần Văn Bình", "Nguyễn Thị Cúc", "Phạm Văn Dũng"
NOVEMBER_20 = on("2026-11-20")

VALUES: dict[str, Wanted] = {
    "case10.xlsx": Wanted(
        (
            "Nguyễn Thị Hồng",
            "Trần Thị Lê",
            "Trần Văn Lê",
            "Nguyễn Thị Hương",
            "Lê Tú",
            "H'Hen Niê",
            "Y Blưm Niê Kđăm",
            "Phạm Gia Huy",
        ),
        warnings={"C2", "C3", "C4", "C5", "C6"},
    ),
    "case14_far.xlsx": Wanted((HOA, BINH), warnings={"K2", "K3"}),
    "case16.xlsx": Wanted(
        people={row: {"phone": f"+8495000012{row + 1}"} for row in range(2, 7)} | {6: {"email": "b@truong.example"}},
        warnings={"E2", "E3", "E4", "F6"},
    ),
    "case18_1.xlsx": Wanted(("Nguyễn Văn An",), warnings={"C2"}),
    "case18_2.xlsx": Wanted(("Nguyễn Văn An",)),
    "case18_caps.xlsx": Wanted((HOA, "Trần Văn Ba", "Thạch Sanh", "Tô Sơn"), warnings={"C2", "C3"}),
    "case23.xlsx": Wanted(warnings={"K4", "K5"}),
    "case24.csv": Wanted(
        people={row: {"phone": f"+8495000012{row + 1}"} for row in (2, 3, 4, 6, 7)},
        errors={"E5"},
        warnings={"E2", "E3", "E4"},
    ),
    "case24.xlsx": Wanted(
        people={row: {"phone": f"+8495000012{row + 1}"} for row in (2, 3, 4, 6)},
        errors={"E5", "E7"},
        warnings={"E2", "E3", "E4"},
    ),
    "caseG8.xlsx": Wanted(
        people={
            2: {"phone": "+84559905599"},
            3: {"phone": "+84528123456"},
            4: {"phone": "+84879123456"},
            5: {"phone": "+84898123456"},
            6: {"phone": "+84844666531"},
        },
        warnings={"E6"},
    ),
    "own_absences.xlsx": Wanted(
        errors={"K2", "K8", "K10", "K12"},
        warnings={"K9"},
        people={
            **{row: {"absences": [NOVEMBER_20]} for row in (3, 4, 5, 6, 9)},
            7: {"absences": [NOVEMBER_20 | {"ends_on": "2026-12-31"}]},
            11: {"absences": [on("2026-11-24", kind="exam"), on("2026-11-25")]},
        },
    ),
    "own_emails.xlsx": Wanted(
        errors={"F2"},
        warnings={"F3", "F4", "F5", "F6"},
        people={
            3: {"email": "a2@truong.example"},
            4: {"email": "a3@truong.example"},
            5: {"email": None},
            6: {"email": "a5@truong.example"},
        },
    ),
    "own_phones.xlsx": Wanted(
        errors={"E5", "E6"},
        warnings={"E2", "E3", "E4"},
        people={row: {"phone": f"+8495000030{row - 1}"} for row in (2, 3, 4)},
    ),
    "own_so_buoi.xlsx": Wanted((HOA, BINH), {2: {"max_days": 2}, 3: {"max_days": 1}}, warnings={"H2", "H3"}),
    "own_tcvn3_all.xlsx": Wanted((HOA, BINH), {2: {"free_weekdays": [0, 2], "skills": {"digitise": 2}}}),
    "own_vni_all.xlsx": Wanted((HOA, BINH), {2: {"free_weekdays": [0, 2], "skills": {"digitise": 2}}}),
    "own_double_utf8.csv": Wanted((HOA, BINH), {2: {"free_weekdays": [0, 2], "skills": {"digitise": 2}}}),
    "case06.xlsx": Wanted(errors={f"G{row}" for row in range(2, 10)}),
    "own_days.xlsx": Wanted(
        errors={"G8"},
        warnings={"G6", "G7", "G9", "G10"},
        people={
            row: {"free_weekdays": days}
            for row, days in {
                2: [1],
                3: [1],
                4: [1, 3],
                5: [1, 3],
                6: [3],
                7: [0],
                9: [3],
                10: [2, 4],
                11: [0, 1, 3, 4],
                12: [0, 2, 4],
                13: [0, 1, 2, 4],
            }.items()
        },
    ),
    "case09_list.xlsx": Wanted(("Y Ƀăm Êban", BINH)),
    "case15_mixed.xlsx": Wanted(("H'Hen Niê", "H’ Bia Êban", "K’Brôi", "Y-Blưm Niê", "Đinh H’Rê", "H'Hen Niê")),
    "case15_caps.xlsx": Wanted(("H'Hen Niê", "H’ Bia Êban", "K’Brôi", "Y-Blưm Niê", "Đinh H’Rê", "H'Hen Niê")),
    "case19_true.csv": Wanted((HOA, BINH), {2: {"free_weekdays": [0, 2]}, 3: {"free_weekdays": [1, 4]}}),
    "case28.xlsx": Wanted((*(HOA, BINH, CUC, DUNG), "Hoàng Thị Em", "Vũ Văn Giang"), warnings={"F3"}),
    "case29.xlsx": Wanted(
        ("Y Ƀih Êban", "Y Ñuin Hmŏk", "H'Mĭ Niê", "Nguyễn Thị Hiệp", "Y Bam Êban", "Y Nu Hmok"),
    ),
    # what a spreadsheet would compute is no name; an address may start with a plus
    "own_inj.csv": Wanted((BINH,), {3: {"email": "+x@truong.example"}}, errors={"C2"}),
    "own_inj.xlsx": Wanted(errors={"C2", "E3"}),
    "own_year_place.xlsx": Wanted(errors={"D2"}),
}
