"""A worker as a process, beside a server that runs no jobs."""

import re
import signal
import time
from pathlib import Path

import httpx
import pytest

from app.standin.server import StandIn
from tests.app.cli.serving.processes import SECRET, serving, settings, started
from tests.app.servers import until
from tests.commands import process

pytestmark = pytest.mark.complete  # together minutes


def test_without_credentials_it_refuses(tmp_path: Path) -> None:
    ran = process("worker", at=tmp_path, env={"SELFMOD_DATA_DIR": str(tmp_path / "data")})
    assert ran.code == 2
    assert len(ran.error.splitlines()) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_runs_what_a_server_enqueues(tmp_path: Path, number: signal.Signals) -> None:
    """The hourly job that a server enqueues as it starts."""
    with StandIn(tmp_path / "github") as github:
        env = settings(github, github.app(secret=SECRET), tmp_path)
        with serving(env, "--no-worker") as server, started(env, "worker", "--jobs", "3") as worker:
            server.ready()
            until(lambda: worker.out.startswith("selfmod works on jobs, 3 at once"))
            until(lambda: "job started: hourly" in worker.log)
            assert "job started" not in server.log
            began = time.monotonic()
            worker.process.send_signal(number)
            assert worker.ended() == 0
            assert time.monotonic() - began < 10
            assert "Traceback" not in worker.log


def test_it_has_probes_where_a_port_is_named(tmp_path: Path) -> None:
    with StandIn(tmp_path / "github") as github:
        env = settings(github, github.app(secret=SECRET), tmp_path)
        with started(env, "worker", "--port", "0") as worker:
            until(lambda: "\n" in worker.out)
            found = re.search(r"(http://\S+)/metrics", worker.out)
            assert found
            assert httpx.get(f"{found[1]}/healthz").status_code == 200
            assert httpx.get(f"{found[1]}/readyz").json() == {"status": "ready"}
            assert "selfmod_jobs_total" in httpx.get(f"{found[1]}/metrics").text
            assert httpx.post(f"{found[1]}/webhooks/github").status_code == 404
            worker.process.send_signal(signal.SIGTERM)
            assert worker.ended() == 0
