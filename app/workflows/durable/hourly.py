"""Once an hour what was missed is looked for, by one process of all.

No lock and no row of a last run: the job's identity names the hour, and the same job is enqueued once."""

import logging
import threading
import time
from collections.abc import Callable

from app.model.job import Job, Kind

HOUR = 3600
LOOK = 20.0
"""Seconds between two looks at the clock."""
_LOG = logging.getLogger(__name__)


def of_hour(now: float) -> Job:
    """The job of the hour that this moment (seconds since the epoch) lies in."""
    return Job(Kind.RECONCILE, "", 0, reason="hourly", again=str(int(now // HOUR)))


class Hourly:
    """A thread; `enqueue` is that of `Durable`. The first job comes at once: a server that was away missed
    something."""

    def __init__(self, enqueue: Callable[[Job], str], clock: Callable[[], float] = time.time) -> None:
        self._enqueue = enqueue
        self._clock = clock
        self._last = ""
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hourly", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(10)

    def _run(self) -> None:
        while True:
            try:
                self.look()
            except Exception as error:  # the next look tries again
                _LOG.warning("this hour's job is not enqueued: %r", error)
            if self._ended.wait(LOOK):
                return

    def look(self) -> None:
        """Enqueues this hour's job where this process has not."""
        job = of_hour(self._clock())
        if job.again != self._last:
            self._enqueue(job)
            self._last = job.again
