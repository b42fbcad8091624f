"""Who may be seconded where: the rules of stage C, by their numbers in docs/domain.md."""

from collections.abc import Container

C1 = "C1"
"""A person fills at most one post, and a post takes at most one person."""
C2 = "C2"
"""A person fills a post of a field the person knows."""
C3 = "C3"
"""No move between a unit and a commune that somebody forbade."""
C4 = "C4"
"""A move inside the province goes no farther than max_move_m; provincial agencies send people anywhere."""


def may_move(
    unit: str, commune: str, *, kind: str, metres: int, max_move_m: int, forbidden: Container[tuple[str, str]]
) -> bool:
    """C3 and C4."""
    return (unit, commune) not in forbidden and (kind == "province" or metres <= max_move_m)
