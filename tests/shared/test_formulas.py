"""No cell of a CSV is computed by the spreadsheet that opens it."""

import pytest
from commune_service.audit_export import _cell
from commune_service.formulas import neutral


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t=", "\r=", "\n="])
def test_what_begins_a_formula_is_written_as_text(start: str) -> None:
    payload = f'{start}HYPERLINK("http://evil.example")'
    assert neutral(payload) == _cell(payload) == f"'{payload}"


@pytest.mark.parametrize("text", ["Nguyễn Văn An", "", "a=b", "12/3", "'=1"])
def test_other_text_is_left_as_it_is(text: str) -> None:
    assert neutral(text) == text
