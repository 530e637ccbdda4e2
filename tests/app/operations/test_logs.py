"""What is written: one line an event, what it belongs to, no secret, nothing that acts."""

import io
import json
import logging
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from app.operations import logs
from checks.model.errors import Refusal

TOKEN = "ghs_" + "aB3" * 100
LOG = logging.getLogger("app.test")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """The process's logging is put back."""
    names = ["", *logs._OWN_HANDLERS, *logs._QUIET, "py.warnings"]
    kept = [(logger, logger.handlers[:], logger.level, logger.propagate) for logger in map(logging.getLogger, names)]
    hook = threading.excepthook
    yield
    logging.captureWarnings(capture=False)
    threading.excepthook = hook
    for logger, handlers, level, propagate in kept:
        logger.handlers[:], logger.propagate = handlers, propagate
        logger.setLevel(level)


@pytest.fixture
def out() -> io.StringIO:
    stream = io.StringIO()
    logs.configure("json", stream)
    return stream


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_line_says_what_it_belongs_to(out: io.StringIO) -> None:
    with logs.bound(delivery="g-1", repository="acme/shop", hook=""), logs.bound(pull=12, head="3f9c", job="review:x"):
        LOG.info("went %s", "well")
    LOG.warning("outside")
    first, second = lines(out)
    timestamp = first.pop("timestamp")
    assert timestamp.endswith("Z")
    belongs = {"delivery": "g-1", "repository": "acme/shop", "pull": 12, "head": "3f9c", "job": "review:x"}
    assert first == {"event": "went well", "level": "info", "logger": "app.test", **belongs}
    assert second.keys() == {"event", "level", "logger", "timestamp"}


def test_threads_are_told_apart(out: io.StringIO) -> None:
    def work(number: int) -> None:
        with logs.bound(pull=number):
            barrier.wait()
            LOG.info("%d", number)

    barrier = threading.Barrier(4)
    threads = [threading.Thread(target=work, args=(number,)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {(line["event"], line["pull"]) for line in lines(out)} == {(str(number), number) for number in range(1, 5)}


@pytest.mark.parametrize("name", ["uvicorn.error", "uvicorn.access", "dbos", "py.warnings", "sqlalchemy.engine"])
def test_libraries_write_the_same_line_once(out: io.StringIO, name: str) -> None:
    logging.getLogger(name).warning("said with %s", TOKEN)
    (line,) = lines(out)
    assert line["event"] == "said with [redacted]"
    assert line["logger"] == name


def test_dbos_adds_no_handler_of_its_own(out: io.StringIO) -> None:
    from dbos._logger import init_logger

    init_logger()
    names = {handler.name for handler in logging.getLogger("dbos").handlers}
    assert "__dbos_console_log_handler__" not in names


def failing(text: str) -> None:
    try:
        raise ValueError(text)
    except ValueError:
        LOG.exception("it failed: %s", text)


@pytest.mark.parametrize("form", logs.FORMATS)
def test_no_secret_at_any_place(form: str) -> None:
    out = io.StringIO()
    logs.configure(form, out)
    with logs.bound(head=TOKEN, token="plain"):
        LOG.info("a %s", {"url": f"https://x:{TOKEN}@github.com"})
        LOG.info(TOKEN)
        failing(f"cannot reach https://x-access-token:{TOKEN}@github.com/acme/shop")
    warnings.warn(f"old {TOKEN}", stacklevel=1)
    said = out.getvalue()
    assert TOKEN[4:] not in said
    assert "plain" not in said
    assert said.count("[redacted]") >= 8


@pytest.mark.parametrize("form", logs.FORMATS)
def test_hostile_text_acts_on_nothing(form: str) -> None:
    out = io.StringIO()
    logs.configure(form, out)
    hostile = 'x\n2026-11-02 [info] all is well\r\x1b[2J\u202e\u2028"\x00\ud800'
    with logs.bound(repository=hostile):
        LOG.info("seen %s", hostile)
    failing(hostile)
    said = out.getvalue()
    assert not set(said) & set("\r\x1b\u202e\u2028\x00\ud800")
    forged = [line for line in said.splitlines() if line.startswith("2026-11-02")]
    assert not forged
    if form == "json":
        assert len(lines(out)) == 2


def test_a_traceback_stays_readable(out: io.StringIO) -> None:
    failing("no")
    (line,) = lines(out)
    assert line["level"] == "error"
    assert line["exception"].startswith("Traceback (most recent call last):\n")
    assert line["exception"].endswith("ValueError: no")


def test_a_long_value_is_cut_after_it_was_redacted(out: io.StringIO) -> None:
    LOG.info("%s", "a" * (logs.MOST - 10) + " " + TOKEN + "b" * 200_000)
    (line,) = lines(out)
    assert len(line["event"]) == logs.MOST
    assert "ghs_a" not in line["event"]


def test_a_thread_that_dies_is_told_of(out: io.StringIO) -> None:
    def work() -> None:
        raise RuntimeError(TOKEN)

    thread = threading.Thread(target=work, name="pump")
    thread.start()
    thread.join()
    (line,) = lines(out)
    assert line["event"] == "thread pump ended by an exception"
    assert TOKEN not in line["exception"]


def test_another_format_is_refused() -> None:
    with pytest.raises(Refusal, match="SELFMOD_LOG_FORMAT"):
        logs.configure("xml")
