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


@contextmanager
def steps(what: str) -> Iterator[Callable[[str], None]]:
    """Yields what is to be called with the name of each step as it begins: a terminal on standard error shows it with
    the time that has passed, nothing else does. An empty name takes it away until the next."""
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    from rich.console import Console
    from rich.status import Status

    started = time.monotonic()
    # it is drawn by a thread of its own: workers are then started anew in place of being forked
    with Status(what, console=Console(stderr=True)) as status:

        def show(step: str) -> None:
            if not step:
                status.stop()
                return
            status.update(f"{what}: {step} ({time.monotonic() - started:.0f} s)")
            status.start()

        yield show
