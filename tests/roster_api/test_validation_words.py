"""What is wrong with a field is said for people, with the limit that was passed."""

from typing import Annotated

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from roster_api.validation_words import words_of


class Shapes(BaseModel):
    """One field a kind of error that carries a limit."""

    few: Annotated[list[int], Field(min_length=2)] = [1]
    many: Annotated[list[int], Field(max_length=1)] = [1, 2]
    short: Annotated[str, Field(min_length=2)] = "a"
    long: Annotated[str, Field(max_length=1)] = "ab"
    least: Annotated[int, Field(ge=3)] = 2
    above: Annotated[int, Field(gt=3)] = 3
    most: Annotated[int, Field(le=3)] = 4
    below: Annotated[int, Field(lt=3)] = 3
    pattern: Annotated[str, Field(pattern="^a$")] = "b"

    model_config = ConfigDict(validate_default=True)


def test_a_limit_that_was_passed_is_named_in_both_languages_and_what_was_typed_never() -> None:
    with pytest.raises(ValidationError) as refused:
        Shapes()
    words = {str(error["loc"][0]): words_of(error) for error in refused.value.errors()}
    limits = {"few": "2", "many": "1", "short": "2", "long": "1", "least": "3", "above": "3", "most": "3", "below": "3"}
    assert set(words) == set(limits) | {"pattern"}
    for name, limit in limits.items():
        assert all(limit in text for text in words[name]), name
    assert words["pattern"] == ("Viết chưa đúng dạng.", "Not written in the form it should have.")
