"""A newer push takes the place of an older one's job, and only a newer one does.

Deliveries come in any order, so a head that arrives later is not for that reason the newer one. The store keeps for
each pull request the head that was seen last, with a number that grows whenever it changes (its generation), and it
is only changed after the forge was asked, or where nothing was known. So:

- a job is superseded when another head was recorded after it was enqueued;
- a job whose head is not the recorded one, and that nobody recorded another head after, asks the forge when it begins;
- whoever enqueues such a job asks at once in a thread of its own, so that the older job is ended although all workers
  are busy. That is only for speed: the job itself would ask.

Asking and recording happen under a lock of the pull request, so that an older answer is never recorded after a newer
one. A replica of the forge may still show the head before: an answer that is neither the job's head nor new ends no
job before it was asked a second time.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable

from app.model.job import Job, Kind
from app.model.trouble import Gone, Unavailable
from app.store import heads, locks
from app.store.connect import Store

FRESH = 0.3
"""Seconds for which what was read of the store counts: how late a running job may notice."""
_LOG = logging.getLogger(__name__)


class Heads:
    """`ask` gives a job's pull request's head as the forge has it now; it may raise Unavailable or Gone."""

    def __init__(self, store: Store, ask: Callable[[Job], str]) -> None:
        self._store = store
        self._ask = ask
        self._wanted: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._answer, name="heads", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._wanted.put(None)

    @staticmethod
    def concerns(job: Job) -> bool:
        """Whether a newer push ends this job."""
        return job.kind is Kind.REVIEW and bool(job.number and job.head)

    def known(self, job: Job) -> tuple[str, int]:
        """The recorded head and its generation; records this job's where there is none."""
        found = heads.current(self._store, job.repository, job.number)
        return found or (job.head, heads.newest(self._store, job.repository, job.number, job.head))

    def settle(self, job: Job) -> tuple[str, int]:
        """Asks the forge where this job's head is not the recorded one, and records what it says. Returns what is
        recorded then. Raises Unavailable."""
        with locks.exclusive(self._store, f"head:{job.repository}#{job.number}", wait=20.0):
            head, generation = self.known(job)
            if head == job.head:
                return head, generation
            try:
                now = self._ask(job)
            except Gone:
                return job.head, generation  # the verb finds out, and says so where that can be said
            if now != head:
                head, generation = now, heads.newest(self._store, job.repository, job.number, now)
            return head, generation

    def soon(self, job: Job) -> None:
        """`settle` in the thread."""
        self._wanted.put(job)

    def _answer(self) -> None:
        while (job := self._wanted.get()) is not None:
            try:
                self.settle(job)
            except (Unavailable, locks.Busy) as error:
                _LOG.info("head of %s not settled: %s", job.subject, error)
            except Exception as error:  # the job itself will ask
                _LOG.warning("head of %s not settled", job.subject, exc_info=error)


class Watch:
    """Tells a running step whether to stop: `told` is why it was told so, `superseded` or `stopping`, empty while it
    was not. Cheap enough to be asked ten times a second."""

    def __init__(self, store: Store, job: Job, generation: int, stopping: threading.Event) -> None:
        self._store = store
        self._job = job
        self._generation = generation
        self._stopping = stopping
        self._read = 0.0
        self.told = ""

    def __call__(self) -> bool:
        if self._stopping.is_set():
            self.told = "stopping"
        elif not self.told and self.superseded():
            self.told = "superseded"
        return bool(self.told)

    def superseded(self) -> bool:
        """Whether another head was recorded after the job was enqueued."""
        now = time.monotonic()
        if not Heads.concerns(self._job) or now - self._read < FRESH:
            return False
        self._read = now
        try:
            found = heads.current(self._store, self._job.repository, self._job.number)
        except Exception as error:  # a database that is away for a moment ends no job
            _LOG.info("head of %s not read: %r", self._job.subject, error)
            return False
        return found is not None and found[0] != self._job.head and found[1] > self._generation
