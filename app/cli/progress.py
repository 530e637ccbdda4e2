"""A progress bar on a terminal, nothing elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

EVERY = 0.1
"""Seconds between two drawings. They are drawn by the work itself: a thread of its own would keep workers from being
forked."""


@contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Yields what is to be called with the number done and of all. Only a terminal on standard error shows anything."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as progress:
        task = progress.add_task(what, total=None)
        drawn = 0.0

        def step(done: int, total: int) -> None:
            nonlocal drawn
            now = time.monotonic()
            if now - drawn >= EVERY or done == total:
                drawn = now
                progress.update(task, completed=done, total=total)
                progress.refresh()

        yield step
