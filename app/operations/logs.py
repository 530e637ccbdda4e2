"""The log: one line an event, JSON or text, with what it belongs to, without secrets, harmless to read.

Everything that logs does so through the standard library (`logging.getLogger(__name__)`), our code as uvicorn and DBOS;
what leaves goes through `configure`d handlers only. `bound` names what the work at hand belongs to.
"""

import logging
import sys
import threading
from collections.abc import Mapping, MutableMapping
from contextlib import AbstractContextManager
from typing import Any, TextIO

import structlog

from app.operations.redaction import REDACTED, redacted, secret_name
from checks.model.errors import Refusal
from checks.reports.safe import lines_for_terminal, shortened, visible

FORMATS = ("json", "text")
MOST = 8_000
"""Characters of one value that are kept."""
_LOOKED_AT = 100_000
"""Characters of one value that are looked at for secrets; the rest is dropped before."""
_OWN_HANDLERS = ("uvicorn", "uvicorn.error", "uvicorn.access", "dbos")
"""Loggers that would write for themselves, past ours."""
_QUIET = ("alembic", "httpx")
"""Libraries that tell of every ordinary step."""
_TEXTS = ("exception", "stack")
"""Values that have several lines."""


def bound(**values: str | int) -> AbstractContextManager[None]:
    """Everything that is logged within, in this thread or task, carries these values: `delivery`, `hook` (the name of
    its event), `repository`, `pull`, `head`, `job`. What is empty or 0 is left out."""
    return structlog.contextvars.bound_contextvars(**{name: value for name, value in values.items() if value})


def configure(form: str = "json", stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Makes one handler that writes to `stream` (standard error if None) the only one of the process. Raises Refusal
    for a form that is not known."""
    if form not in FORMATS:
        raise Refusal(f"SELFMOD_LOG_FORMAT is {form[:40]!r}.", f"Set it to {' or '.join(FORMATS)}.")
    place = stream or sys.stderr
    handler = logging.StreamHandler(place)
    handler.setFormatter(_formatter(form == "text", place.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _OWN_HANDLERS:
        logger = logging.getLogger(name)
        # not by propagation: DBOS adds a handler of its own, whenever it starts, where it finds none
        logger.handlers[:] = [handler]
        logger.propagate = False
        logger.setLevel(logging.NOTSET)  # another server of this process may have chosen one
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    threading.excepthook = _thread_died


def _formatter(console: bool, colours: bool) -> structlog.stdlib.ProcessorFormatter:
    renderer: structlog.typing.Processor
    if console:
        renderer = structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=structlog.dev.plain_traceback)
    else:
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _indented if console else _whole,
            renderer,
        ],
    )


def _whole(_: object, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Every value without secrets and without characters that act."""
    return {name: _value(name, value) for name, value in event.items()}


def _indented(_: object, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """The same for a console, where a line of a message could pass for an event of its own."""
    safe = dict(_whole(_, __, event))
    for name in _TEXTS:
        if isinstance(text := safe.get(name), str):
            safe[name] = "\n".join(f"  | {line}" for line in text.split("\n"))
    return safe


def _value(name: str, value: object) -> object:
    if secret_name(name):
        return REDACTED
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {_text(str(key)): _value(str(key), each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_value("", each) for each in value]
    return _text(str(value), lines_for_terminal if name in _TEXTS else visible)


def _text(text: str, harmless: Any = visible) -> str:
    return shortened(str(harmless(redacted(text[:_LOOKED_AT]))), MOST)


def _thread_died(died: threading.ExceptHookArgs) -> None:
    """A thread that ends by an exception is told of in the log too, not past it."""
    if died.exc_type is SystemExit or died.exc_value is None:
        return
    name = died.thread.name if died.thread else "?"
    facts = (died.exc_type, died.exc_value, died.exc_traceback)
    logging.getLogger(__name__).critical("thread %s ended by an exception", name, exc_info=facts)
