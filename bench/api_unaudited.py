"""roster-api without its audit: the difference is what the audit costs. `python -m bench.api_unaudited`."""

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator

from commune_service.imports import collect_less
from commune_service.memory import give_large_blocks_back
from roster_api.app import create_app
from roster_api.serving import serve
from roster_api.settings import Settings


@contextlib.asynccontextmanager
async def not_recorded(*_: object) -> AsyncIterator[None]:
    yield


async def main() -> None:
    settings = Settings()
    app = create_app(settings)
    app.state.recorded = not_recorded
    await serve(app, settings)


if __name__ == "__main__":  # collecting and memory as `roster-api serve` has them
    gc.freeze()
    collect_less()
    give_large_blocks_back()
    asyncio.run(main())
