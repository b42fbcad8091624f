"""The portal calls the public API alone: every path and parameter in its source stands in the OpenAPI document."""

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

from tests.support.tracked import ROOT

DOCUMENT: dict[str, Any] = json.loads((ROOT / "docs" / "openapi.json").read_text())
METHODS = {
    "get": "get",
    "find": "get",
    "read": "get",
    "reread": "get",
    "has_asked": "get",
    "list_all": "get",
    "list_seen": "get",
    "each": "get",
    "get_kept": "get",
    "list_kept": "get",
    "count": "get",
    "count_kept": "get",
    "download": "get",
    "stream": "get",
    "post": "post",
    "upload": "post",
    "put": "put",
    "patch": "patch",
    "delete": "delete",
}
OWN = {"once", "etag", "is_new", "headers", "seconds", "part"}
"""Arguments of the client itself."""


def list_calls() -> Iterator[tuple[str, str, str, set[str]]]:
    """(where, method, path, names given) of each call of the client in the portal's source."""
    for file in sorted((ROOT / "portal" / "commune_portal").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
                continue
            path = node.args[0]
            if isinstance(path, ast.Constant) and isinstance(path.value, str) and path.value.startswith("/v1/"):
                names = {keyword.arg for keyword in node.keywords if keyword.arg} - OWN
                yield f"{file.name}:{node.lineno}", METHODS[node.func.attr], path.value, names


def test_every_call_is_one_that_the_api_documents() -> None:
    calls = list(list_calls())
    assert len(calls) > 40
    unknown = [
        (where, method, path) for where, method, path, _ in calls if method not in DOCUMENT["paths"].get(path, {})
    ]
    assert unknown == []


def test_every_parameter_given_is_one_of_the_route() -> None:
    """Anything else would be answered 422: the API takes no parameter it does not know."""
    wrong = []
    for where, method, path, names in list_calls():
        operation = DOCUMENT["paths"].get(path, {}).get(method, {})
        known = {each["name"] for each in operation.get("parameters", [])} | set(re.findall(r"{(\w+)}", path))
        wrong += [(where, path, name) for name in names - known]
    assert wrong == []


def test_the_portal_knows_no_address_of_the_services_own_port() -> None:
    sources = [file.read_text() for file in (ROOT / "portal" / "commune_portal").rglob("*.py")]
    assert not any("/v1/internal" in source for source in sources)
