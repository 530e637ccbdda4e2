"""The server's own state in words."""

from app.dashboard.reading import Health, Running
from app.dashboard.watching import parts, running
from app.model.job import Job, Kind


def broken() -> str:
    raise RuntimeError("password=secret")


def test_each_part_says_what_is_wrong():
    look = parts({"jobs": lambda: "", "pump": lambda: "its thread has ended", "disk": broken}, lambda: (0, 0.0))
    assert look() == (
        Health("Jobs", "healthy", ""),
        Health("Pump", "unhealthy", "its thread has ended"),
        Health("Disk", "unhealthy", "it does not answer; the log has more"),
        Health("Inbox", "healthy", "no delivery waits"),
    )


def test_inbox():
    def seen(waiting: int, oldest: float) -> Health:
        return parts({}, lambda: (waiting, oldest))()[0]

    assert seen(1, 2.0) == Health("Inbox", "healthy", "1 delivery waits, the oldest for 2.00 s")
    late = seen(31, 240.0)
    assert late.state == "degraded" and late.said.startswith("31 deliveries wait, the oldest for 4 min 0 s")
    assert parts({}, lambda: (1, 1 / 0))()[0].state == "unhealthy"


def test_jobs_the_oldest_first_and_not_all():
    job = Job(Kind.REVIEW, "acme/orders", 1, 7)
    unended = [(job, "waiting", float(since)) for since in range(500, 0, -1)]
    found = running(lambda: unended)()
    assert found[0] == Running("review", "acme/orders", 7, "waiting", 1.0) and len(found) == 100
