"""The sentences of stage E's explanations, Vietnamese and English. Numbers come in, nothing is decided here."""

from collections.abc import Sequence

from commune_schemas.amounts import amount

from matching_worker.model.border.helper import Helper
from matching_worker.model.border.rules import E1, E2, E3, E4

Both = tuple[str, str]

NOTHING_LACKING: Both = ("Xã này không thiếu gì.", "Nothing is missing in this commune.")
KEPT_AWAY = {
    E1: ("nhóm cùng tỉnh", "in the same province"),
    E2: ("nhóm ở quá xa", "too far away"),
    E3: ("nhóm không biết lĩnh vực này", "not knowing the field"),
    E4: ("nhóm không còn ngày (đã giúp nơi khác, nhiều hơn hoặc gần hơn)", "with no day left, all given elsewhere"),
}


def field_help(
    commune: str,
    field: str,
    *,
    wanted: int,
    left: int,
    helpers: Sequence[Helper],
    barred: Sequence[tuple[str, int]],
) -> Both:
    """What the commune lacked in a field, who gives how much, and what keeps the rest unmet."""
    vi, en = (
        f"Xã {commune}, {field}: thiếu {wanted} ngày/tuần",
        f"Commune {commune}, {field}: lacks {amount(wanted, 'day')} a week",
    )
    if helpers:
        vi += "; " + ", ".join(f"{one.staff} giúp {one.days} ngày ({one.km} km)" for one in helpers)
        en += "; " + ", ".join(f"{one.staff} gives {amount(one.days, 'day')} ({one.km} km)" for one in helpers)
    if not left:
        return f"{vi}; đủ.", f"{en}; nothing is left unmet."
    why = [(KEPT_AWAY[rule], rule, count) for rule, count in barred]
    vi_why = ", ".join(f"{count} {told[0]} ({rule})" for told, rule, count in why) or "không tỉnh nào có người dư"
    en_why = ", ".join(f"{count} {told[1]} ({rule})" for told, rule, count in why) or "no province has people to spare"
    return (
        f"{vi}; còn thiếu {left} ngày: {vi_why}.",
        f"{en}; {amount(left, 'day')} {'stays' if left == 1 else 'stay'} unmet: of the staff {en_why}.",
    )


def next_best(helper: Helper, more_km: int) -> Both:
    """Who would come instead of the farthest who does, a day at a time."""
    return (
        f"Nếu không, {helper.staff} có thể đến ({helper.days} ngày chưa dùng, {more_km:+d} km mỗi ngày).",
        f"Otherwise {helper.staff} could come ({amount(helper.days, 'day')} unused, {more_km:+d} km a day).",
    )
