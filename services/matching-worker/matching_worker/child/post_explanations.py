"""Every post of a secondment plan explained, with everybody who was considered for it; runs in the solver's child."""

from typing import Any, Literal

from commune_schemas.base import Message
from commune_schemas.documents import SecondmentDocument, SecondmentSolution

from matching_worker.model.outcome import Limits, Monitor


class PostsQuestion(Message):
    """Why does each person fill their post, and why not the others who know its field?"""

    kind: Literal["posts"] = "posts"


def explain_posts(
    problem: SecondmentDocument, solution: SecondmentSolution, *, limits: Limits, monitor: Monitor
) -> dict[str, dict[str, Any]]:
    """PostExplanation as plain data by post, in the document's order; fewer when time ran out."""
    from matching_worker.model.secondment.explain import describe_post  # noqa: PLC0415 - loads numpy
    from matching_worker.model.secondment.market import Market  # noqa: PLC0415 - as above

    market = Market(problem, solution)
    explained: dict[str, dict[str, Any]] = {}
    for post in problem.posts:
        is_late = limits.time_seconds is not None and monitor.seconds() > limits.time_seconds
        if is_late or monitor.should_stop():
            break
        explained[post.id] = describe_post(market, solution, post)
    return explained
