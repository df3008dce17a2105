"""The log: one JSON object a line on stderr, with the request's id; for a person at a terminal, colored lines."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from structlog.types import EventDict, Processor


def configure() -> None:
    """Send everything that is logged, by us and by libraries, to stderr in one form."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: Any = structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _without_message_of_errors],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for noisy in ("httpx", "httpcore", "uvicorn.access"):  # they log addresses with their queries
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _without_message_of_errors(_: object, __: str, event: EventDict) -> EventDict:
    """Leave an error's type and drop its message, which may quote an article."""
    error = event.pop("exc_info", None)
    if error and error[0]:
        event["error"] = error[0].__name__
    return event
