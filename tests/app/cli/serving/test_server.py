"""From a push at GitHub to the check runs there, through the server as it is composed."""

import json
from collections.abc import Iterator
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

FILES = {
    "shop.py": "def total(prices):\n    return sum(prices)\n",
    "tests/test_shop.py": "from shop import total\n\n\ndef test_total():\n    assert total([1, 2]) == 3\n",
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.12"\n',
}
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
