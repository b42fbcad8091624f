"""Who may help whom in the border round: the rules of stage E, by their numbers in docs/national.md."""

E1 = "E1"
"""A school helps communes of other provinces only: its own province's plan has had its say at home."""
E2 = "E2"
"""Help comes from no farther than the policy's limit, nor farther than these people go."""
E3 = "E3"
"""Days are given in a field that these people know and that the commune still needs."""
E4 = "E4"
"""No school gives more days than it has to spare, and no commune is given more than it lacks."""


def may_help(*, same_province: bool, metres: int | None, max_m: int, own_max_m: int) -> bool:
    """E1 and E2; None metres: out of reach."""
    return not same_province and metres is not None and metres <= min(max_m, own_max_m)
