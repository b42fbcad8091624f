"""The sentences of stage C's explanations, Vietnamese and English. Numbers come in, nothing is decided here."""

from collections.abc import Mapping

from commune_schemas.amounts import amount
from commune_schemas.documents import SecondmentPost
from commune_verify.verdict import Objective

from matching_worker.model.secondment.market import Market
from matching_worker.model.secondment.rules import C1, C2, C3, C4

Both = tuple[str, str]

LEVEL_WORDS = {
    "unfilled": ("vị trí trống (có trọng số)", "posts unfilled (weighted)"),
    "province": ("người điều từ tỉnh", "people taken from the province"),
    "travel_km": ("km", "km"),
}


def cost(change: Objective) -> Both:
    moved = [(LEVEL_WORDS[level], n) for level, n in change.items() if n]
    if not moved:
        return "không đổi gì", "nothing changes"
    return ", ".join(f"{n:+d} {vi}" for (vi, _), n in moved), ", ".join(f"{n:+d} {en}" for (_, en), n in moved)


def barred(market: Market, rule: str) -> Both:
    limit = market.document.policy.max_move_m / 1000
    return {
        C1: ("đang giữ vị trí khác", "they fill another post"),
        C2: ("không biết lĩnh vực này", "they do not know the field"),
        C3: ("đơn vị đó không được điều người đến xã này", "their unit may not send anyone to the commune"),
        C4: (f"xa hơn {limit:g} km cho phép", f"it is farther than the {limit:g} km allowed"),
    }[rule]


def who(market: Market, person_id: str, post: SecondmentPost) -> Both:
    person = market.people[person_id]
    metres = market.document.dist_m[person.unit].get(post.commune)
    far = "?" if metres is None else str(market.km(person, post))
    from_vi, from_en = (", cơ quan cấp tỉnh", ", provincial agency") if person.kind == "province" else ("", "")
    return f"{person_id} ({person.unit}{from_vi}, {far} km)", f"{person_id} ({person.unit}{from_en}, {far} km)"


def fills(market: Market, post: SecondmentPost, person: str, because: Both) -> Both:
    name_vi, name_en = who(market, person, post)
    return (
        f"{name_vi} giữ vị trí {post.id} ({post.field}): {because[0]}.",
        f"{name_en} fills post {post.id} ({post.field}): {because[1]}.",
    )


def stays_empty(post: SecondmentPost, because: Both) -> Both:
    return (
        f"Vị trí {post.id} ({post.field}, trọng số {post.priority}) còn trống: {because[0]}.",
        f"Post {post.id} ({post.field}, weight {post.priority}) stays unfilled: {because[1]}.",
    )


def only_one() -> Both:
    return "là người duy nhất giữ được vị trí này", "nobody else may fill it"


def nearest(able: int) -> Both:
    return (
        f"gần nhất trong {able} người giữ được vị trí này, người trong tỉnh trước người của cơ quan tỉnh",
        f"the nearest of the {able} who may fill it, those of communes before those of provincial agencies",
    )


def nearer_serves(market: Market, post: SecondmentPost, nearer: str, change: Objective) -> Both:
    """Someone who would come first fills another post; or the plan is not the best."""
    name_vi, name_en = who(market, nearer, post)
    elsewhere = market.post_of.get(nearer)
    vi, en = cost(change)
    if elsewhere is None:
        return f"{name_vi} thì tốt hơn: phương án này chưa tốt nhất", f"{name_en} is better: this plan is not the best"
    return (
        f"{name_vi} đứng trước nhưng đang giữ vị trí {elsewhere}; đổi thì {vi}",
        f"{name_en} comes first but fills post {elsewhere}; to change that means {en}",
    )


def nobody_able(market: Market, rule: str, knowing: int) -> Both:
    if rule == C2:
        return "không ai trong danh sách biết lĩnh vực này", "nobody on the list knows the field"
    vi, en = barred(market, rule)
    able = amount(knowing, "person knows", "people know")
    return f"{knowing} người biết lĩnh vực này nhưng {vi}", f"{able} the field, but {en}"


def all_serve(able: int) -> Both:
    vi = f"cả {able} người giữ được vị trí này đều giữ vị trí khác"
    if able == 1:
        return vi, "the only person who may fill it fills another post"
    return vi, f"all {able} who may fill it fill other posts"


def not_best(person: str) -> Both:
    return f"{person} còn rảnh: phương án này chưa tốt nhất", f"{person} is free: this plan is not the best"


def filled_in_words(filled: Mapping[str, str | None]) -> Both:
    named = [(person, post) for post, person in filled.items()]
    vi = "; ".join(f"{person} → {post}" if person else f"{post} để trống" for person, post in named)
    return vi, "; ".join(f"{person} → {post}" if person else f"{post} left empty" for person, post in named)


def next_best(filled: Mapping[str, str | None], change: Objective) -> Both:
    (named_vi, named_en), (vi, en) = filled_in_words(filled), cost(change)
    return f"Người tốt thứ nhì: {named_vi}: {vi}.", f"Next best person: {named_en}: {en}."


def resolved(people: int, change: Objective) -> Both:
    vi, en = cost(change)
    moved = amount(people, "person changes posts", "people change posts")
    return f"Giải lại toàn bộ ({people} người đổi vị trí): {vi}.", f"Solved anew ({moved}): {en}."


def release(filled: Mapping[str, str | None], change: Objective) -> Both:
    (named_vi, named_en), (vi, en) = filled_in_words(filled), cost(change)
    return f"Rút người từ vị trí khác: {named_vi}: {vi}.", f"Take someone from another post: {named_en}: {en}."


def relax(market: Market, post: SecondmentPost, person: str, rule: str, change: Objective) -> Both:
    (name_vi, name_en), (vi, en) = who(market, person, post), cost(change)
    why_vi, why_en = barred(market, rule)
    return (
        f"Nới quy tắc {rule} ({why_vi}) cho {name_vi}: {vi}.",
        f"Lift rule {rule} ({why_en}) for {name_en}: {en}.",
    )


def newcomer(post: SecondmentPost, unit: str, change: Objective) -> Both:
    vi, en = cost(change)
    return (
        f"Thêm một người biết {post.field} ở {unit}: {vi}.",
        f"One more person who knows {post.field} at {unit}: {en}.",
    )


def why_not(market: Market, post: SecondmentPost, person: str, rule: str | None, change: Objective) -> Both:
    (name_vi, name_en), (vi, en) = who(market, person, post), cost(change)
    if rule is not None:
        why_vi, why_en = barred(market, rule)
        return f"Không phải {name_vi}: {why_vi} ({rule}).", f"Not {name_en}: {why_en} ({rule})."
    return f"Không phải {name_vi}: {vi}.", f"Not {name_en}: {en}."
