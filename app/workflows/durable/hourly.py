"""Once an hour what was missed is looked for, by one process of all; and what was stopped or resumed on the command
line is carried on as soon as it is noticed.

No lock and no row of a last run: the job's identity names the hour, and the same job is enqueued once."""

import logging
import threading
import time
from collections.abc import Callable

from app.model.job import Job, Kind
from app.workflows.stop import CARRY

HOUR = 3600
LOOK = 5.0
"""Seconds between two looks at the clock, and at what is stopped."""
_LOG = logging.getLogger(__name__)


def of_hour(now: float) -> Job:
    """The job of the hour that this moment (seconds since the epoch) lies in."""
    return Job(Kind.RECONCILE, "", 0, reason="hourly", again=str(int(now // HOUR)))


def _never() -> float:
    return 0.0


class Hourly:
    """A thread; `enqueue` is that of `Durable`, `changed` says when anything was stopped or resumed last (seconds since
    the epoch, 0: never). The first job comes at once: a server that was away missed something."""

    def __init__(
        self,
        enqueue: Callable[[Job], str],
        clock: Callable[[], float] = time.time,
        changed: Callable[[], float] = _never,
    ) -> None:
        self._enqueue = enqueue
        self._clock = clock
        self._changed = changed
        self._last = ""
        self._carried = 0.0
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
        """Enqueues this hour's job where this process has not, and the one that carries the last change of a stop."""
        job = of_hour(self._clock())
        if job.again != self._last:
            self._enqueue(job)
            self._last = job.again
        changed = self._changed()
        if changed != self._carried:
            self._enqueue(Job(Kind.STOP, "", 0, reason=CARRY, again=str(changed)))
            self._carried = changed
