"""Logs: one JSON object a line, the libraries' lines too; dotted event names, ids only, never a person's data."""

import logging
import sys
import traceback
from typing import Any

import structlog
from asgi_correlation_id import correlation_id

OURS = ("commune_service", "roster_api", "matching_worker", "notifier")
"""Whose records are shown from INFO up."""


def _add_correlation_id(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    if request_id := correlation_id.get():
        event["request_id"] = request_id
    return event


def log_fault(event: str, error: BaseException, **ids: object) -> None:
    """Something nobody thought of: what kind and where. Its words may name a person, so they are left out."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    kind = type(error).__name__
    structlog.get_logger(__name__).error(event, error=kind, at=f"{place.name}:{place.lineno}", **ids)


def configure_logging(*, service: str, as_json: bool = True) -> None:
    """Call once in the composition root. The libraries' own records go the same way, from WARNING up.

    `as_json` False is for a person at a terminal.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _add_correlation_id,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *_renderers(as_json=as_json),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    for package in OURS:
        logging.getLogger(package).setLevel(logging.INFO)
    structlog.contextvars.bind_contextvars(service=service)


def _renderers(*, as_json: bool) -> list[Any]:
    if as_json:
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    return [structlog.dev.ConsoleRenderer()]
