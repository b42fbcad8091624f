"""The routes of the notifier and of the portal, put together once a process.

FastAPI does so for each application, at its first requests.

An application of a test's own differs from the others in its settings and its database, never in its routers.
"""

from fastapi import FastAPI
from starlette.routing import BaseRoute, Route

INCLUDED: dict[str, list[BaseRoute]] = {}
"""By the application's title: the routers of the first application of that name, with what was made of them."""


def with_shared_routes(app: FastAPI) -> FastAPI:
    """The same application, answering by routers that were already put together; its list of routes is its own."""
    own = [route for route in app.router.routes if isinstance(route, Route)]
    included = [route for route in app.router.routes if not isinstance(route, Route)]
    app.router.routes[:] = [*own, *INCLUDED.setdefault(app.title, included)]
    return app
