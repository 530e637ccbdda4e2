"""From accepted deliveries to enqueued jobs.

A delivery is done when its jobs are enqueued. A crash in between brings it back when its lease ends, and its jobs,
having the same identities, are there already. One that cannot be read as jobs is marked failed, and is handled anew
when it is sent again; a database or forge that does not answer fails nobody, and a forge that refuses to answer not for
a quarter of an hour. The forge is asked by the installation, and limits one without the others: those of an
installation that it does not answer for wait, and those that ask what it refuses to tell; nobody behind them.

One that was done and is sent again (somebody pressed "Redeliver") has its jobs looked at: those that failed for good
are run again, once for each time that it came after the last look."""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence

from app.model.delivery import Delivery
from app.model.job import Job
from app.model.trouble import Unavailable
from app.operations.logs import bound
from app.store import inbox
from app.store.connect import Store
from app.workflows.durable.attempt import bug_id, passing
from checks.model.errors import Refusal

MOST = 50
"""Deliveries that are taken together."""
LEASE = 15.0
"""Seconds after which what a dead process took comes back."""
LONG = LEASE
"""Seconds after which what is left of those that were taken together is given back: it may be another's by then."""
LOOK = 1.0
"""Seconds between two looks where nothing wakes the pump: for what came to another process, or back."""
REST = 2.0
"""Seconds to rest after something did not answer."""
LONGEST = 120.0
"""Seconds for which an installation is left alone at most, however long the forge asks for."""
REFUSED = 900.0
"""Seconds after its coming in which a delivery that the forge refuses to answer for (a token that is not known
everywhere yet, a key that is being replaced) is tried again: GitHub has its answer, and sends it no more by itself."""
AGAIN = 60.0
"""Seconds until then."""
_LOG = logging.getLogger(__name__)

type Asked = int | tuple[str, ...]
"""What nothing is asked for: an installation, by its number, or one question (`_question`)."""


class Pump:
    """A thread. `enqueue` and `again` are those of `Durable`, `wake` is called by whoever accepted a delivery."""

    def __init__(
        self,
        store: Store,
        jobs_of: Callable[[Delivery], Sequence[Job]],
        enqueue: Callable[[Job], str],
        again: Callable[[str, str], str],
    ) -> None:
        self._store = store
        self._jobs_of = jobs_of
        self._enqueue = enqueue
        self._again = again
        self._away: dict[Asked, float] = {}
        """Until when (by the monotonic clock) nothing is asked for them."""
        self._aside: dict[Asked, list[Delivery]] = {}
        """What was taken for them in this turn, and is given back together at its end: one by one a long queue of
        theirs would hold up the others."""
        self._ended = threading.Event()
        self._more = threading.Event()
        self._thread = threading.Thread(target=self._pump, name="pump", daemon=True)

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """There is something to take. Costs nothing; may be called from any thread and coroutine."""
        self._more.set()

    def stop(self, seconds: float = 10.0) -> None:
        """Ends after the delivery that it is at."""
        self._ended.set()
        self._more.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _pump(self) -> None:
        while not self._ended.is_set():
            self._more.clear()
            try:
                taken = self.turn()
            except Exception as error:
                expected = isinstance(error, Unavailable) or passing(error)
                _LOG.warning("deliveries wait: %s", error, exc_info=None if expected else error)
                self._ended.wait(REST)
                continue
            if not taken:
                self._more.wait(LOOK)

    def turn(self) -> int:
        """Takes what waits, handles it, and returns how many deliveries that were. Raises what stands in the way of all
        of them; those that are not done come back, the one that it stood in the way of after the others."""
        taken = inbox.take(self._store, MOST, LEASE)
        try:
            self._each(taken)
        finally:
            self._put_aside()
        repeated = inbox.take_repeated(self._store, MOST, LEASE)
        for each in repeated:
            with bound(delivery=each.id):
                self._look(each)
        return len(taken) + len(repeated)

    def _each(self, taken: Sequence[Delivery]) -> None:
        began = time.monotonic()
        for at, delivery in enumerate(taken):
            if self._ended.is_set() or time.monotonic() - began > LONG:
                self._give_back(taken[at:], 0.0)
                break
            with bound(delivery=delivery.id, hook=delivery.event):
                try:
                    self._handle(delivery)
                except Exception:
                    self._give_back(taken[at : at + 1], LEASE)
                    self._give_back(taken[at + 1 :], 0.0)
                    raise

    def _look(self, repeated: inbox.Repeated) -> None:
        """What stands in the way is raised, and the delivery comes back when its lease ends."""
        try:
            jobs = [self._again(job, repeated.asked) for job in repeated.jobs]
        except Exception as error:
            if isinstance(error, Unavailable) or passing(error):
                raise
            _LOG.exception("jobs of a redelivery not looked at: %s", bug_id())
            jobs = list(repeated.jobs)
        inbox.looked_at(self._store, repeated, jobs)
        tried = [job for job in jobs if job not in repeated.jobs]
        _LOG.info("delivery came again: %s", ", ".join(tried) or "no job of it failed")

    def _give_back(self, deliveries: Sequence[Delivery], later: float) -> None:
        """Not one of the times after which it counts as what kills whoever takes it."""
        try:
            if deliveries:
                inbox.give_back(self._store, [each.id for each in deliveries], later)
        except Exception as error:  # they come back when their lease ends
            _LOG.info("deliveries not given back: %r", error)

    def _put_aside(self) -> None:
        """Gives back what waits for an answer, for as long as nothing is asked."""
        for asked, deliveries in self._aside.items():
            self._give_back(deliveries, max(self._left(asked), 0.0))
        self._aside.clear()

    def _left(self, asked: Asked) -> float:
        """Seconds for which nothing is asked for it."""
        return self._away.get(asked, 0.0) - time.monotonic()

    def _asked_for(self, delivery: Delivery) -> Sequence[Job] | None:
        """The delivery's jobs, None where it waits."""
        installation, question = delivery.installation, _question(delivery)
        both: tuple[Asked, Asked] = installation, question
        waits = max(both, key=self._left)
        if self._left(waits) <= 0:
            self._away.pop(installation, None)
            self._away.pop(question, None)
            try:
                return self._jobs_of(delivery)
            except Unavailable as error:
                if not installation:
                    raise
                wait = min(max(error.after or 0.0, LEASE), LONGEST)
                _LOG.warning("deliveries of installation %d wait %.0f s: %s", installation, wait, error)
                waits, self._away[installation] = installation, time.monotonic() + wait
            except Refusal as refusal:  # it may be of one repository alone: the others of the installation do not wait
                if time.time() - delivery.received > REFUSED:
                    raise
                _LOG.warning("the delivery waits %.0f s, and all that ask the same: %s", AGAIN, refusal)
                waits, self._away[question] = question, time.monotonic() + AGAIN
        self._aside.setdefault(waits, []).append(delivery)
        return None

    def _handle(self, delivery: Delivery) -> None:
        try:
            wanted = self._asked_for(delivery)
            if wanted is None:
                return
            jobs = [self._enqueue(job) for job in wanted]
        except Exception as error:
            if isinstance(error, Unavailable) or passing(error):
                raise
            if isinstance(error, Refusal):
                _LOG.error("delivery failed: %s", error)
                inbox.failed(self._store, delivery.id, str(error))
                return
            bug = bug_id()
            _LOG.exception("delivery failed: %s", bug)
            inbox.failed(self._store, delivery.id, f"{bug}: {type(error).__name__}")
        else:
            inbox.done(self._store, delivery.id, jobs)
            _LOG.info("delivery done: %s", ", ".join(jobs) or "nothing to do")


def _question(delivery: Delivery) -> tuple[str, ...]:
    """What the forge is asked before it is known what a delivery wants: one answer is for all that ask the same. A busy
    repository of which it says nothing would have each of them asked every minute, and all others wait behind."""
    repository = delivery.payload.get("repository")
    if not isinstance(repository, Mapping):
        return (delivery.id,)
    return str(delivery.installation), str(repository.get("id")), str(repository.get("full_name"))
