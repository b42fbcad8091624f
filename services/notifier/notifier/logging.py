"""Logs: one JSON object a line, dotted event names, ids only; never a name, a phone or an address."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog
from asgi_correlation_id import correlation_id


def _add_correlation_id(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if request_id := correlation_id.get():
        event["request_id"] = request_id
    return event


def log_fault(event: str, error: BaseException, **ids: object) -> None:
    """Something nobody thought of: what kind and where. Its words may name a person, so they are left out."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    kind = type(error).__name__
    structlog.get_logger(__name__).error(event, error=kind, at=f"{place.name}:{place.lineno}", **ids)


def configure_logging(*, process: str) -> None:
    """Call once in the composition root. The libraries' own records are shown from WARNING up."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _add_correlation_id,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    structlog.contextvars.bind_contextvars(service=process)
