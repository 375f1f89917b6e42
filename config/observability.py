"""Logs: one JSON object a line on stderr, without secrets and without what people wrote."""

import logging
import re
import sys
import traceback
from typing import TextIO

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from config.log_stream import LogStream

MASKED = re.compile(
    r"(?i)password|token|secret|authorization|cookie|signature|(^|_)(message|body|text|payload|email|phone|name)"
    r"(_number)?$"
)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def configure(stream: TextIO = sys.stderr) -> None:
    """Send the logs of this process, structlog's and the standard library's, to `stream`.

    People at a terminal get coloured lines instead of JSON.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        mask,
        describe_exception,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    last: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if stream.isatty():
        last += [escape_control_characters, structlog.dev.ConsoleRenderer()]
    else:
        last += [
            structlog.processors.JSONRenderer()
        ]  # ASCII only: JSON escapes the control characters itself
    handler = LogStream(stream)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for name in ("uvicorn", "uvicorn.error", "alembic"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
    logging.getLogger("alembic").setLevel(logging.WARNING)


def mask(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide the value of every key that holds a secret or personal data."""
    for key in event:
        if key != "event" and not key.startswith("_") and MASKED.search(key):
            event[key] = "***"
    return event


def describe_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put the traceback in as text, without the exceptions' own texts.

    Those may quote what a customer wrote: SQLAlchemy's hold the parameters, pydantic's the input.
    """
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = "".join(_lines(error))
    return event


def _lines(error: BaseException) -> list[str]:
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines += ["Traceback, or what led to it:\n", *traceback.format_tb(current.__traceback__)]
        lines.append(f"{type(current).__module__}.{type(current).__qualname__}{_numbers(current)}\n")
        if isinstance(current, BaseExceptionGroup):
            lines += [line for part in current.exceptions for line in _lines(part)]
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return lines


def _numbers(error: BaseException) -> str:
    """The error codes that an exception carries: errno, MariaDB's number, SQLite's name."""
    codes = [str(argument) for argument in error.args if isinstance(argument, int)]
    codes += [name] if (name := getattr(error, "sqlite_errorname", None)) else []
    return f" ({', '.join(codes)})" if codes else ""


def escape_control_characters(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Let no text start a line of its own or move the cursor; tracebacks keep their lines."""
    for key, value in event.items():
        if isinstance(value, str) and key != "exception":
            event[key] = CONTROL.sub(lambda found: f"\\u{ord(found.group()):04x}", value)
    return event
