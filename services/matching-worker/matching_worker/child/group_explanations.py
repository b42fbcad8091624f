"""Every commune of a grouping explained: why it is in its group; runs in the solver's child."""

from typing import Any, Literal

from commune_schemas.base import Message
from commune_schemas.documents import GroupsDocument, GroupsSolution

from matching_worker.model.outcome import Limits, Monitor


class GroupsQuestion(Message):
    """Why is each commune in its group?"""

    kind: Literal["groups"] = "groups"


def explain_groups(
    problem: GroupsDocument, solution: GroupsSolution, *, limits: Limits, monitor: Monitor
) -> dict[str, dict[str, Any]]:
    """GroupExplanation as plain data by commune, in the document's order; fewer when time ran out."""
    from matching_worker.model.groups.explain import explain_in  # noqa: PLC0415 - loads numpy
    from matching_worker.model.groups.grouping import Grouping  # noqa: PLC0415 - loads numpy

    grouping = Grouping(problem, solution)
    explained: dict[str, dict[str, Any]] = {}
    for commune in problem.communes:
        is_late = limits.time_seconds is not None and monitor.seconds() > limits.time_seconds
        if is_late or monitor.should_stop():
            break
        why = explain_in(grouping, commune=commune.id)
        words = {"vi": why.text_vi, "en": why.text_en}
        explained[commune.id] = {"centre": why.centre, "km": why.km, "rule": why.rule, **words}
    return explained
