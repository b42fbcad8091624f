"""No body of the API takes true or false for a number, alone or in a list: whoever sends it has counted nothing."""

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from roster_api.app import create_app
from roster_api.settings import Settings

INTERNAL = "/v1/internal"


def list_models(annotation: Any, found: set[type[BaseModel]]) -> set[type[BaseModel]]:
    """Every shape in it, as deep as they go."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation not in found:
        found.add(annotation)
        for field in annotation.model_fields.values():
            list_models(field.annotation, found)
    for part in get_args(annotation):
        list_models(part, found)
    return found


def list_kinds(annotation: Any) -> set[Any]:
    return {annotation} if not get_args(annotation) else set().union(*map(list_kinds, get_args(annotation)))


def list_bodies() -> set[type[BaseModel]]:
    """Of the routes that people and programs ask; those of the services are their own."""
    found: set[type[BaseModel]] = set()
    for route in create_app(Settings(database_url="postgresql://nobody@127.0.0.1/none")).routes:
        body = getattr(route, "body_field", None)
        if body is not None and not str(getattr(route, "path", "")).startswith(INTERNAL):
            list_models(body.field_info.annotation, found)
    return found


def list_numbers(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        kinds = list_kinds(field.annotation)
        if kinds & {int, float} and bool not in kinds:
            yield field.alias or name


def refused_fields(model: type[BaseModel], sent: dict[str, Any]) -> set[str]:
    try:
        model.model_validate(sent)
    except ValidationError as refused:
        return {str(error["loc"][0]) for error in refused.errors() if error["loc"]}
    return set()


def test_yes_and_no_are_numbers_in_no_body() -> None:
    bodies = list_bodies()
    numbers = [(model, name) for model in bodies for name in list_numbers(model)]
    taken = [
        (model.__name__, name)
        for model, name in numbers
        for value in (True, False, [True], {"kpi": True})
        if name not in refused_fields(model, {name: value})
    ]
    assert taken == []
    assert len(numbers) > 50
