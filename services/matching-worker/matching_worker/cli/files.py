"""Reading problem and solution files that anyone may have written, and saying exactly what is wrong with a bad one.

Every fault becomes a ProblemError: a JSON pointer to the place, and the reason in Vietnamese and English.
"""

import json
import sys
from pathlib import Path
from typing import Any, TypeVar

from commune_schemas.documents import InfeasibleSolution
from pydantic import BaseModel, ValidationError

from matching_worker.child.messages import dump_document
from matching_worker.child.stages import STAGES, AnyProblem, Stage
from matching_worker.cli.policy import name_unknown_keys
from matching_worker.model.outcome import ProblemError

LARGEST_FILE_BYTES = 1 << 30

DocumentType = TypeVar("DocumentType", bound=BaseModel)

REASONS = {
    "missing": ("thiếu trường bắt buộc này", "this field is required"),
    "int_type": ("phải là số nguyên", "must be a whole number"),
    "int_parsing": ("phải là số nguyên", "must be a whole number"),
    "int_from_float": ("phải là số nguyên", "must be a whole number"),
    "int_parsing_size": ("quá lớn", "too large"),
    "float_type": ("phải là số", "must be a number"),
    "finite_number": ("phải là số hữu hạn", "must be a finite number"),
    "string_type": ("phải là chuỗi ký tự", "must be a string"),
    "list_type": ("phải là danh sách", "must be a list"),
    "dict_type": ("phải là đối tượng", "must be an object"),
    "model_type": ("phải là đối tượng", "must be an object"),
    "tuple_type": ("phải là danh sách", "must be a list"),
    "bool_type": ("phải là true hoặc false", "must be true or false"),
    "bool_parsing": ("phải là true hoặc false", "must be true or false"),
    "literal_error": ("giá trị không được phép", "not one of the allowed values"),
    "greater_than_equal": ("quá nhỏ", "too small"),
    "less_than_equal": ("quá lớn", "too large"),
    "string_too_short": ("không được để trống", "must not be empty"),
    "string_too_long": ("quá dài", "too long"),
    "too_short": ("quá ít phần tử", "too few items"),
    "too_long": ("quá nhiều phần tử", "too many items"),
}


def read_problem(path: Path) -> tuple[AnyProblem, list[str]]:
    """The problem document in a file, and what its author must be told of it (said on standard error too).

    Raises ProblemError.
    """
    data = read_object(path)
    stage = find_stage(data)
    document: Any = validate(stage.problem_type, data)
    problem: AnyProblem = document
    remarks = name_unknown_keys(data, stage.problem_type)
    for remark in remarks:
        sys.stderr.write(remark + "\n")
    return problem, remarks


def read_solution(path: Path, stage: Stage) -> BaseModel:
    """The stage's solution, or InfeasibleSolution, in a file. Raises ProblemError."""
    data = read_object(path)
    if data.get("status") == "infeasible":
        return validate(InfeasibleSolution, data)
    return validate(stage.solution_type, data)


def write_document(path: Path, document: BaseModel) -> None:
    """Write whole or not at all, so that a reader never meets half a file."""
    text = json.dumps(dump_document(document), ensure_ascii=False, indent=1)
    unfinished = path.with_name(path.name + ".part")
    try:
        unfinished.write_text(text + "\n", encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise ProblemError(
            "", f"Không ghi được tệp {path}: {error.strerror}.", f"Cannot write {path}: {error.strerror}."
        ) from error


def read_object(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            raise ProblemError("", f"Tệp {path} quá lớn.", f"{path} is too large.")
        content = path.read_bytes()
    except OSError as error:
        raise ProblemError(
            "", f"Không đọc được tệp {path}: {error.strerror}.", f"Cannot read {path}: {error.strerror}."
        ) from error
    try:
        data = json.loads(content, parse_float=read_decimal)
    except RecursionError as error:
        raise ProblemError("", "JSON lồng nhau quá sâu.", "The JSON is nested too deeply.") from error
    except ValueError as error:
        raise ProblemError("", f"Tệp không phải JSON hợp lệ: {error}.", f"Not valid JSON: {error}.") from error
    if not isinstance(data, dict):
        raise ProblemError("", "Tài liệu phải là một đối tượng JSON.", "The document must be a JSON object.")
    return data


def read_decimal(text: str) -> int | float:
    """A number written with a point or an exponent; a whole one (60000.0, 6e4) counts as whole."""
    value = float(text)
    return int(value) if value.is_integer() else value


def find_stage(data: dict[str, Any]) -> Stage:
    schema = data.get("schema")
    if not isinstance(schema, str) or schema not in STAGES:
        known = ", ".join(STAGES)
        raise ProblemError("/schema", f"phải là một trong: {known}", f"must be one of: {known}")
    return STAGES[schema]


def validate(document_type: type[DocumentType], data: dict[str, Any]) -> DocumentType:
    try:
        return document_type.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        more = error.error_count() - 1
        vi, en = REASONS.get(first["type"], (f"giá trị không hợp lệ: {first['msg']}", first["msg"]))
        shown = json.dumps(first["input"], ensure_ascii=False, default=str)[:60]
        if first["type"] != "missing":
            vi, en = f"{vi} (đang là {shown})", f"{en} (got {shown})"
        if more:
            vi, en = f"{vi}; và {more} lỗi khác", f"{en}; and {more} more"
        raise ProblemError(pointer(first["loc"]), vi, en) from error
    except RecursionError as error:
        raise ProblemError("", "JSON lồng nhau quá sâu.", "The JSON is nested too deeply.") from error


def pointer(location: tuple[int | str, ...]) -> str:
    """RFC 6901 pointer of a place in the document."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in location)
