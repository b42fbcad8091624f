"""Stylesheet, scripts and fonts: addresses carry a digest of the content, so browsers keep them for good."""

import hashlib
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOR_GOOD = "public, max-age=31536000, immutable"


class StaticFilesForGood(StaticFiles):
    """Everything under one folder. `address` gives a file's path with its digest."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder)
        self.folder = folder
        self._digests: dict[str, str] = {}

    def address(self, name: str) -> str:
        """FileNotFoundError, naming the command, when the assets were not built."""
        if name not in self._digests:
            file = self.folder / name
            if not file.exists():
                raise FileNotFoundError(f"{name} is not built: run `make assets`")
            self._digests[name] = hashlib.sha256(file.read_bytes()).hexdigest()[:10]
        return f"/static/{name}?v={self._digests[name]}"

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        if b"v=" in scope.get("query_string", b""):
            answer.headers["Cache-Control"] = FOR_GOOD
        return answer
