"""Jobs of dead processes go on elsewhere.

Every process holds a lock of its name as long as it lives; the operating system or the database frees it. Whoever
finds a running job whose process's lock is free gives the job back to the queue, holding that lock meanwhile, so that
one does it. A restart of the database frees the locks of the living too: they take them again within a second, so a
process counts as dead when its lock was free in every look of a few seconds, none of which failed."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from app.model.job import Job
from app.store import locks
from app.store.connect import Store
from app.workflows.durable.engine import ATTEMPTS, Engine, Row

LOOK = 0.5
"""Seconds between two looks."""
GRACE = 1.0
"""Seconds for which a lock must have been free."""
SHAKEN = 6.0
"""Seconds in which nobody is taken for dead after a look failed or the own lock was lost."""
RARELY = 10.0
"""Seconds between two looks for jobs of older versions, for those that no process survived, and for what is to be
forgotten."""
KEPT = 14 * 86400.0
"""Seconds for which an ended job is kept, so that it is not run again: GitHub delivers again what is up to three days
old. Source: https://docs.github.com/en/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks."""
_LOG = logging.getLogger(__name__)


def _name(executor: str) -> str:
    return f"executor:{executor}"


type Put = Callable[[Job, dict[str, Any], dict[str, Any]], str]


class Presence:
    """The lock of this process, taken again when it is lost."""

    def __init__(self, store: Store, executor: str) -> None:
        self._store = store
        self._name = _name(executor)
        self._held = contextlib.ExitStack()
        self._lock: locks.Lock | None = None
        self.lost = -SHAKEN
        """When it was lost last, by the monotonic clock."""
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="presence", daemon=True)

    def take(self) -> None:
        """Raises Busy where another process has this name, Unavailable where the database does not answer."""
        self._lock = self._held.enter_context(locks.exclusive(self._store, self._name, wait=5.0))

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(10)

    def leave(self) -> None:
        with contextlib.suppress(Exception):  # the database may be gone, and the lock with it
            self._held.close()

    def _keep(self) -> None:
        while not self._ended.wait(LOOK):
            if self._lock is not None and self._lock.alive():
                continue
            self.lost = time.monotonic()
            try:
                _LOG.warning("the lock of this process was lost")
                self.leave()
                self.take()
            except Exception as error:  # the next look tries again
                self._lock = None
                _LOG.warning("the lock of this process is not taken: %r", error)


class Reaper:
    """`put` enqueues a job anew. `presence` is asked whether locks were lost lately."""

    def __init__(self, store: Store, engine: Engine, presence: Presence, put: Put) -> None:
        self._store = store
        self._engine = engine
        self._presence = presence
        self._put = put
        self._free: dict[str, float] = {}
        self._shaken = self._rare = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="reaper", daemon=True)

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(10)

    def _watch(self) -> None:
        while not self._ended.wait(LOOK):
            try:
                self.look()
            except Exception as error:
                self._shaken = time.monotonic() + SHAKEN
                self._free.clear()
                _LOG.warning("dead processes not looked for: %r", error)

    def look(self) -> None:
        """One look at all processes that have jobs."""
        now = time.monotonic()
        seen = self._engine.executors() - {self._engine.executor}
        free = {executor for executor in seen if not locks.held(self._store, _name(executor))}
        self._free = {executor: self._free.get(executor, now) for executor in free}
        for executor, since in self._free.items():
            if now - since >= GRACE and now >= max(self._shaken, self._presence.lost + SHAKEN):
                self._recover(executor)
        if now >= self._rare:
            self._rare = now + RARELY
            for row in self._engine.older():
                if row.status != "PENDING" or row.executor in self._free:
                    self._renew(row)
            for row in self._engine.given_up():
                self._give_up(row)
            self._engine.forget(time.time() - KEPT)

    def _recover(self, executor: str) -> None:
        with contextlib.suppress(locks.Busy), locks.exclusive(self._store, _name(executor), wait=0):
            _LOG.warning("process %s died: %d jobs go on elsewhere", executor, self._engine.recover(executor))

    def _give_up(self, row: Row) -> None:
        """Leaves a link to a job that took every process down that picked it up: it only tells of that."""
        job, state, turn = row.args
        trouble = {"bug": "", "why": f"picked up {ATTEMPTS} times, and each time the process ended"}
        following = {**turn, "number": turn.get("number", 0) + 1, "at": turn.get("at", 0), "trouble": trouble}
        self._put(Job.of(job), state, following)
        self._engine.cancel(row.id)
        _LOG.error("%s: %s", row.id, trouble["why"])

    def _renew(self, row: Row) -> None:
        """Begins a job of an older version anew, under an identifier of its own."""
        job, _, turn = row.args
        base = self._engine.anew(row)
        kept = {name: turn[name] for name in ("by", "first", "attempt") if name in turn}
        self._put(Job.of(job), {}, {"base": base, "generation": turn.get("generation", 0)} | kept)
        self._engine.cancel(row.id)
        _LOG.info("%s, of an older version, begins anew as %s", row.id, base)
