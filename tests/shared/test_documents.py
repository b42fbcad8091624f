"""The problem documents that others wrote are read as they are."""

from pathlib import Path

import pytest
from commune_schemas.documents import InstanceDocument, ProblemDocument
from pydantic import TypeAdapter, ValidationError

EXAMPLES = sorted((Path(__file__).parents[1] / "matching_worker" / "documents" / "examples").glob("*.json"))
PROBLEM: TypeAdapter[ProblemDocument] = TypeAdapter(ProblemDocument)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_example_document_is_read_as_its_own_kind(path: Path) -> None:
    document = PROBLEM.validate_json(path.read_bytes())
    assert document.id == path.stem
    assert document.stage == path.stem[0]


def test_a_document_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValidationError, match="mw-nothing/1"):
        PROBLEM.validate_python({"schema": "mw-nothing/1", "id": "x"})


def test_the_schema_name_is_written_back_under_its_own_key() -> None:
    document = PROBLEM.validate_json(EXAMPLES[0].read_bytes())
    assert isinstance(document, InstanceDocument)
    assert '"schema":"mw-instance/1"' in document.model_dump_json(by_alias=True)
