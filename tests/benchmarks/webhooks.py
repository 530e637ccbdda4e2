"""`python -m tests.benchmarks.webhooks`: how long GitHub waits for an answer while a job runs, on both databases.

The server is a real process that also runs the jobs, against the stand-in. One delivery in twenty is of a pull request
and begins a job whose tests run in the sandbox; the others are what a busy repository sends besides. Load, server, job
and stand-in share the machine."""

import os
import secrets
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from app.standin.server import StandIn
from tests import postgres
from tests.app.cli.serving.processes import serving, settings
from tests.benchmarks.load import SECRET, Answers, saturated, steady

REPOSITORY = "ann/shop"
FILES = {
    "shop.py": "def total(prices):\n    return sum(prices)\n",
    "tests/test_shop.py": "import time\nfrom shop import total\n\n\ndef test_total():\n    time.sleep(2)\n"
    "    assert total([1, 2]) == 3\n",
}
TARGET = 50.0
"""Milliseconds: p99 at 20 deliveries a second over 8 connections while a job runs."""
SECONDS = 60.0


class Traffic:
    """The payloads: in turn a job's, and what asks for nothing."""

    def __init__(self, github: StandIn, installation: int, jobs: int) -> None:
        self._repository = {"id": 1, "full_name": REPOSITORY, "owner": {"login": "ann"}}
        self._installation = {"id": installation}
        self._pulls = []
        for number in range(jobs):
            change = {"shop.py": FILES["shop.py"] + f"\n\ndef count{number}(prices):\n    return {number}\n"}
            head = github.push(REPOSITORY, f"topic{number}", change, by="ann")
            self._pulls.append((github.open_pull(REPOSITORY, f"topic{number}", by="ann").number, head))
        self._lock = threading.Lock()

    def __call__(self, index: int) -> tuple[str, dict[str, object]]:
        payload: dict[str, object] = {
            "repository": self._repository,
            "installation": self._installation,
            "sender": {"login": "ann", "id": 2, "type": "User"},
            "nonce": secrets.token_hex(8),
        }
        with self._lock:
            pull = self._pulls.pop() if index % 20 == 0 and self._pulls else None
        if pull is None:
            # the length of a push's payload as GitHub sends it
            return "push", payload | {"ref": "refs/heads/main", "commits": [{"message": "x" * 400}] * 15}
        number, head = pull
        return "pull_request", payload | {
            "action": "opened",
            "number": number,
            "pull_request": {
                "number": number,
                "head": {"sha": head},
                "base": {"ref": "main"},
                "user": {"login": "ann"},
            },
        }


@contextmanager
def server(folder: Path, database: str = "") -> Iterator[tuple[str, int, Traffic]]:
    """A server with one job at a time, its address, and the traffic for it."""
    with StandIn(folder / "github") as github:
        github.repository(REPOSITORY, FILES)
        app = github.app(secret=SECRET, events=())
        installation = github.install(app, [REPOSITORY])
        traffic = Traffic(github, installation, 40)
        env = settings(github, app, folder) | {"SELFMOD_JOBS": "1", "SELFMOD_PYTHON": sys.executable}
        if database:
            env["SELFMOD_DATABASE_URL"] = database
        with serving(env) as process:
            parts = urlsplit(process.ready())
            yield str(parts.hostname), int(parts.port or 0), traffic


def row(name: str, what: str, found: Answers) -> str:
    """One line of the table."""
    figures = (found.median, found.percentile(0.95), found.percentile(0.99), found.percentile(1.0))
    cells = [f"{each:.1f}" for each in figures]
    return f"| {name} | {what} | {found.rate:.0f} | {' | '.join(cells)} | {found.refused} of {len(found.seconds)} |"


def measured(name: str, database: str = "", seconds: float = SECONDS) -> Iterator[tuple[str, Answers]]:
    """Each load with what came of it."""
    with tempfile.TemporaryDirectory() as folder, server(Path(folder), database) as (host, port, traffic):
        steady(host, port, traffic, seconds=3)  # what is loaded late
        found = steady(host, port, traffic, seconds=seconds)
        yield row(name, "20 a second, 8 connections, a job running", found), found
        for connections in (1, 8, 32):
            found = saturated(host, port, traffic, connections)
            yield row(name, f"saturation, {connections} connections", found), found


def main() -> int:
    """0 where the target was met on both."""
    missed = False
    print(f"load {os.getloadavg()[0]:.1f} before, {os.cpu_count()} cores\n")
    print("| database | load | answers a second | median ms | p95 ms | p99 ms | most ms | not 202 |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    with ExitStack() as stack:
        cluster = postgres.started(fsync="on")
        stack.callback(postgres.ended, cluster)
        for name, database in (("SQLite", ""), ("PostgreSQL", cluster.database())):
            for index, (line, found) in enumerate(measured(name, database)):
                print(line, flush=True)
                missed |= index == 0 and found.percentile(0.99) > TARGET
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
