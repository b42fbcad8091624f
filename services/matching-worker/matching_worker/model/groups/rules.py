"""What a grouping must keep: the rules of stage D with their words (docs/domain.md)."""

RULES = {
    "D1": (
        "mỗi xã thuộc đúng một trong {k} nhóm, không nhóm nào trống",
        "each commune in one of {k} groups, none empty",
    ),
    "D2": ("mỗi nhóm liền nhau trên đồ thị xã giáp ranh", "each group is connected over the neighbouring communes"),
    "D3": ("mỗi nhóm nặng ít nhất {lo}", "each group weighs at least {lo}"),
    "D4": ("mỗi nhóm nặng nhiều nhất {hi}", "each group weighs at most {hi}"),
}
