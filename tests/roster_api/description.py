"""The API's description, read and not made, which takes five seconds; test_api_contract keeps it the present one."""

import json
from functools import cache
from pathlib import Path
from typing import Any

SNAPSHOT = Path(__file__).parents[2] / "docs" / "openapi.json"


@cache
def committed_description() -> dict[str, Any]:
    """Shared: read it only."""
    description: dict[str, Any] = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    return description
