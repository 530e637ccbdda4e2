"""What the start page says of the server itself: its parts, and the jobs that have not ended."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from app.dashboard.reading import Health, Running
from app.dashboard.words import count, duration
from app.model.job import Job

MOST = 100
"""Jobs that are listed."""
OLDEST = 60.0
"""Seconds that a delivery may wait for its jobs before something is amiss."""


def parts(
    questions: Mapping[str, Callable[[], str]], inbox: Callable[[], tuple[int, float]]
) -> Callable[[], Sequence[Health]]:
    """The parts of the server when they are asked for. `questions` say what is wrong, in a sentence (empty: nothing),
    by the name of what they are about; `inbox` gives the number of deliveries that wait, and the seconds that the
    oldest has waited. What raises is unhealthy: its words are for the log, not for a page."""

    def look() -> Sequence[Health]:
        return (*(_asked(name, question) for name, question in questions.items()), _inbox(inbox))

    return look


def running(unended: Callable[[], Iterable[tuple[Job, str, float]]]) -> Callable[[], Sequence[Running]]:
    """The jobs that run or wait, the oldest first: each with its state, and since when (seconds since the epoch)."""

    def look() -> Sequence[Running]:
        found = [Running(job.kind.value, job.repository, job.number, state, since) for job, state, since in unended()]
        return sorted(found, key=lambda each: each.since)[:MOST]

    return look


def _asked(name: str, question: Callable[[], str]) -> Health:
    try:
        wrong = question()
    except Exception:
        return Health(name.capitalize(), "unhealthy", "it does not answer; the log has more")
    return Health(name.capitalize(), "unhealthy" if wrong else "healthy", wrong)


def _inbox(inbox: Callable[[], tuple[int, float]]) -> Health:
    try:
        waiting, oldest = inbox()
    except Exception:
        return Health("Inbox", "unhealthy", "the database does not answer; the log has more")
    if not waiting:
        return Health("Inbox", "healthy", "no delivery waits")
    said = f"{count(waiting, 'delivery waits', 'deliveries wait')}, the oldest for {duration(oldest)}"
    if oldest > OLDEST:
        return Health("Inbox", "degraded", f"{said}: another worker helps, selfmod worker")
    return Health("Inbox", "healthy", said)
