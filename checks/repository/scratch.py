"""Temporary folders that nothing outlives."""

import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = "selfmod-"
_ENDING = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})


@contextmanager
def folder() -> Iterator[Path]:
    """A new folder, readable by nobody else, gone at the end. What would end the work is held back until the folder is
    sure to be removed: `tempfile.TemporaryDirectory` leaves it where a signal comes as it is made. Raises OSError."""
    main = threading.current_thread() is threading.main_thread()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING) if main else None
    try:
        place = Path(tempfile.mkdtemp(prefix=PREFIX))
    except BaseException:
        if before is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        raise
    try:
        if before is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
