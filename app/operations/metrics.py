"""The server's figures, as Prometheus reads them at `/metrics` (https://prometheus.io/docs/practices/naming/).

Labels hold few values each, whatever is sent: a name that is not known is `other`.
"""

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
REGISTRY = CollectorRegistry()
EVENTS = frozenset(
    (
        "check_run",
        "check_suite",
        "installation",
        "installation_repositories",
        "issue_comment",
        "issues",
        "merge_group",
        "ping",
        "pull_request",
        "pull_request_review",
        "push",
        "repository",
        "status",
    )
)
"""Events that have a figure of their own."""

_DELIVERIES = Counter(
    "selfmod_deliveries", "Requests to the webhook, by event and outcome.", ["event", "outcome"], registry=REGISTRY
)
_ANSWERS = Histogram(
    "selfmod_delivery_answer_seconds",
    "Time from the request's head to the answer, of signed deliveries.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8),
    registry=REGISTRY,
)
_JOBS = Counter("selfmod_jobs", "Jobs that ended, by kind and outcome.", ["kind", "outcome"], registry=REGISTRY)
_JOB_SECONDS = Histogram(
    "selfmod_job_seconds",
    "Time that a job took from its first step to its end.",
    ["kind"],
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60, 120, 300, 600, 1800),
    registry=REGISTRY,
)
_CALLS = Counter(
    "selfmod_github_calls", "Calls to GitHub, by purpose and outcome.", ["purpose", "outcome"], registry=REGISTRY
)
_CALL_SECONDS = Histogram(
    "selfmod_github_call_seconds", "Time that a call to GitHub took.", ["purpose"], registry=REGISTRY
)
ProcessCollector(registry=REGISTRY)


def delivered(event: str, outcome: str, seconds: float) -> None:
    """A request to the webhook was answered; `event` is empty where the request was not GitHub's."""
    _DELIVERIES.labels(event if event in EVENTS else "other" if event else "none", outcome).inc()
    if event:
        _ANSWERS.observe(seconds)


def job_ended(kind: str, outcome: str, seconds: float) -> None:
    """A job is over: `outcome` is `done`, `superseded`, `refused` or `failed`."""
    _JOBS.labels(kind, outcome).inc()
    _JOB_SECONDS.labels(kind).observe(seconds)


def called(purpose: str, outcome: str, seconds: float) -> None:
    """A call to GitHub is over. `purpose` is a word of our own, never a part of an address."""
    _CALLS.labels(purpose, outcome).inc()
    _CALL_SECONDS.labels(purpose).observe(seconds)


class Inbox(Collector):
    """Depth and age of the inbox, asked for when somebody reads the figures. `asked` gives the number of deliveries
    that wait and the seconds that the oldest has waited; None where the database does not answer."""

    def __init__(self, asked: Callable[[], tuple[int, float] | None]) -> None:
        self._asked = asked

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """For Prometheus."""
        found = self._asked()
        if found is None:
            return
        depth, age = found
        yield GaugeMetricFamily("selfmod_inbox_deliveries", "Deliveries that are accepted and wait.", value=depth)
        yield GaugeMetricFamily("selfmod_inbox_oldest_seconds", "Time that the oldest has waited.", value=age)

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing: asking for the names would ask the database."""
        return iter(())


def exposition(*more: Collector) -> bytes:
    """All figures as text, with those of `more` collectors beside the process's own."""
    parts = [generate_latest(REGISTRY)]
    for collector in more:
        once = CollectorRegistry()
        once.register(collector)
        parts.append(generate_latest(once))
    return b"".join(parts)
