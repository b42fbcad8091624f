"""Keys of a document's `policy` that nobody knows: a slip of a known one is refused, any other is named."""

from typing import Any

from commune_schemas.spelling import find_nearest
from pydantic import BaseModel

from matching_worker.model.outcome import ProblemError


def name_unknown_keys(data: dict[str, Any], problem_type: type[BaseModel]) -> list[str]:
    """A remark, Vietnamese then English, for each key that is not read. ProblemError for one close to a known key: with
    its rule left out, the plan would be another than was asked for."""
    policy, known = data.get("policy"), _policy_keys(problem_type)
    if not isinstance(policy, dict):
        return []
    unknown = [key for key in policy if key not in known]
    for key in unknown:
        nearest = find_nearest(key, known)
        if nearest is not None:
            raise ProblemError(
                f"/policy/{key.replace('~', '~0').replace('/', '~1')}",
                f"không có khóa này; có phải muốn viết '{nearest}'?",
                f"there is no such key; was '{nearest}' meant?",
            )
    return [
        f"Không dùng khóa policy '{key}': giai đoạn này không biết khóa đó. "
        f"/ The policy key '{key}' is not used: this stage does not know it."
        for key in unknown
    ]


def _policy_keys(problem_type: type[BaseModel]) -> list[str]:
    """None for a stage whose documents have no policy."""
    field = problem_type.model_fields.get("policy")
    if field is None:
        return []
    assert isinstance(field.annotation, type)  # noqa: S101 - a policy is a model of its own
    assert issubclass(field.annotation, BaseModel)  # noqa: S101
    return list(field.annotation.model_fields)
