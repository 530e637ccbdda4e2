"""From a push at GitHub to the check runs there, through the server as it is composed."""

import json
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.cli.serving.server import accepting, waiting
from app.model.delivery import Delivery
from app.standin.server import StandIn
from app.store.connect import Store, connect
from app.webhooks.receive import Receipt
from tests.app.cli.serving.processes import SECRET, Serving, serving, settings
from tests.app.servers import until

pytestmark = pytest.mark.complete  # together minutes

FILES = {
    "shop.py": "def total(prices):\n    return sum(prices)\n",
    "tests/test_shop.py": "from shop import total\n\n\ndef test_total():\n    assert total([1, 2]) == 3\n",
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.12"\n',
}
RUNNER = b"/reporter/run.py"
"""In the command line of what runs the tests inside a sandbox, whichever that is."""
LONG = 110.0
"""Seconds for a review with its sandbox on a busy machine."""


@pytest.fixture
def github(tmp_path: Path) -> Iterator[StandIn]:
    with StandIn(tmp_path / "github") as started:
        yield started


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = connect(f"sqlite:///{tmp_path / 'selfmod.db'}", tmp_path)
    yield opened
    opened.close()


def runs(github: StandIn, token: str, head: str) -> dict[str, dict[str, Any]]:
    """The check runs of a commit by name, as anybody sees them."""
    url = f"{github.url}/repos/ann/shop/commits/{head}/check-runs"
    found = httpx.get(url, headers={"authorization": f"Bearer {token}"}).json()["check_runs"]
    assert len(found) == len({run["name"] for run in found})
    return {run["name"]: run for run in found}


@pytest.mark.timeout(240)
def test_a_pull_request_is_reviewed(github: StandIn, tmp_path: Path) -> None:
    ann = github.person("ann")
    github.repository("ann/shop", files=FILES)
    app = github.app(secret=SECRET)
    github.install(app, ["ann/shop"])
    with serving(settings(github, app, tmp_path)) as server:
        base = server.ready()
        github.hook_url(app, f"{base}/webhooks/github")
        head = github.push("ann/shop", "topic", {"shop.py": "def total(prices):\n    return eval(prices)\n"}, by="ann")
        opened = github.open_pull("ann/shop", "topic", by="ann")
        try:
            until(lambda: runs(github, ann, head).get("selfmod/gate", {}).get("status") == "completed", LONG)
        except AssertionError:
            pytest.fail(server.log[-8000:])
        found = runs(github, ann, head)
        assert set(found) >= {"selfmod/gate", "selfmod/validation", "selfmod/sandbox"}
        assert httpx.get(f"{base}/readyz").status_code == 200
        until(lambda: ended(server))
        done = ended(server)
        belongs = {key: done[0].get(key) for key in ("repository", "pull", "head")}
        assert belongs == {"repository": "ann/shop", "pull": opened.number, "head": head}
        metrics = httpx.get(f"{base}/metrics").text
        assert 'selfmod_jobs_total{kind="review",outcome="done"} 1.0' in metrics
        assert "selfmod_github_calls_total{" in metrics
        assert app.private_key.splitlines()[2] not in server.log


@pytest.mark.timeout(240)
def test_a_command_is_answered(github: StandIn, tmp_path: Path) -> None:
    ann = github.person("ann")
    github.repository("ann/shop", files=FILES)
    app = github.app(secret=SECRET)
    github.install(app, ["ann/shop"])
    with serving(settings(github, app, tmp_path)) as server:
        github.hook_url(app, f"{server.ready()}/webhooks/github")
        github.push("ann/shop", "topic", {"shop.py": FILES["shop.py"] + "\n"}, by="ann")
        opened = github.open_pull("ann/shop", "topic", by="ann")
        comments = f"{github.url}/repos/ann/shop/issues/{opened.number}/comments"
        headers = {"authorization": f"Bearer {ann}"}
        httpx.post(comments, json={"body": "/selfmod help"}, headers=headers).raise_for_status()

        def answers() -> list[str]:
            found = httpx.get(comments, headers=headers).json()
            return [each["body"] for each in found if each["user"]["login"] != "ann" and "ok-to-test" in each["body"]]

        until(lambda: bool(answers()), LONG)


def children(pid: int) -> set[int]:
    """All processes that come from this one."""
    parents = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(place.parent.name)] = int(place.read_text().rpartition(")")[2].split()[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def command(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


@pytest.mark.timeout(240)
def test_the_end_takes_the_sandboxes_along_and_keeps_the_job(github: StandIn, tmp_path: Path) -> None:
    ann = github.person("ann")
    slow = "import time\n\n\ndef test_slow():\n    time.sleep(40)\n"
    github.repository("ann/shop", files=FILES | {"tests/test_slow.py": slow})
    app = github.app(secret=SECRET)
    github.install(app, ["ann/shop"])
    env = settings(github, app, tmp_path)
    with serving(env) as server:
        github.hook_url(app, f"{server.ready()}/webhooks/github")
        head = github.push("ann/shop", "topic", {"shop.py": "def total(prices):\n    return eval(prices)\n"}, by="ann")
        github.open_pull("ann/shop", "topic", by="ann")
        sandboxed: set[int] = set()

        def tests_run() -> bool:
            nonlocal sandboxed
            sandboxed = {pid for pid in children(server.process.pid) if RUNNER in command(pid)}
            return bool(sandboxed)

        try:
            until(tests_run, LONG)
        except AssertionError:
            pytest.fail(server.log[-8000:])
        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert server.ended() == 0
        assert time.monotonic() - began < 12
        until(lambda: not [pid for pid in sandboxed if RUNNER in command(pid)], 10.0)
    with serving(env) as server:
        server.ready()
        until(lambda: "job started" in server.log and head in server.log, LONG)
        assert runs(github, ann, head)["selfmod/gate"]["status"] == "in_progress"


def ended(server: Serving) -> list[dict[str, Any]]:
    """The log's lines of jobs of pull requests that ended."""
    return [line for line in server.lines() if line["event"].startswith("job ended") and "pull" in line]


def delivery(guid: str, body: object = None) -> Delivery:
    return Delivery(guid, "push", json.dumps(body).encode(), 1_700_000_000.0)


def test_what_the_store_says_of_a_delivery(store: Store) -> None:
    woken: list[int] = []
    accept = accepting(store, lambda: woken.append(1))
    assert waiting(store) == (0, 0.0)
    assert accept(delivery("g-1")) is Receipt.NEW
    assert accept(delivery("g-1")) is Receipt.DUPLICATE
    assert accept(delivery("g-2")) is Receipt.DUPLICATE
    assert accept(delivery("g-3", 1)) is Receipt.NEW
    assert len(woken) == 2
    depth, age = waiting(store)
    assert depth == 2
    assert age > 1_000_000
