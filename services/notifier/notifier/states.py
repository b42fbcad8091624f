"""The status machine of a message: which step may follow which. The database refuses every other step by a trigger."""

from commune_schemas.notices import MessageStatus as S

STEPS: dict[S, frozenset[S]] = {
    # A receipt may overtake everything: proof of arrival makes any message delivered, and that is final unless its
    # recipient turns out to be reached elsewhere.
    S.PENDING: frozenset({S.CLAIMED, S.CANCELLED, S.FAILED, S.DELIVERED}),
    S.CLAIMED: frozenset({S.PENDING, S.SENDING, S.SENT, S.CANCELLED, S.FAILED, S.DELIVERED}),
    S.SENDING: frozenset({S.SENT, S.PENDING, S.FAILED, S.UNKNOWN, S.CANCELLED, S.DELIVERED}),
    S.SENT: frozenset({S.DELIVERED, S.FAILED, S.PENDING}),
    S.DELIVERED: frozenset({S.PENDING}),
    S.FAILED: frozenset({S.PENDING, S.DELIVERED}),
    S.UNKNOWN: frozenset({S.SENT, S.PENDING, S.FAILED, S.CANCELLED, S.DELIVERED}),
    S.CANCELLED: frozenset({S.DELIVERED}),
}

TO_ANOTHER_ADDRESS = frozenset({(S.SENT, S.PENDING), (S.DELIVERED, S.PENDING), (S.CLAIMED, S.SENT)})
"""Only together with another address than the row had: to the corrected one, or back to one that has it already."""

NOTIFIED = (S.SENDING, S.SENT, S.DELIVERED, S.UNKNOWN)
"""The person was told, or may have been, or is being told at this moment."""

UNDER_WAY = (S.PENDING, S.CLAIMED)
"""Not told yet, and going to be."""

NOT_WHILE_SUPERSEDED = (S.PENDING, S.CLAIMED, S.SENDING)
"""Steps that lead towards sending: closed to a message that a newer plan made untrue."""


def may_follow(old: S, new: S) -> bool:
    """True when a message may go from `old` to `new`; staying where it is, it always may."""
    return old == new or new in STEPS[old]
