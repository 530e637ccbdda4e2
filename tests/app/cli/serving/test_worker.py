"""A worker as a process, beside a server that runs no jobs."""

import signal
import time
from pathlib import Path

import pytest

from app.standin.server import StandIn
from tests.app.cli.serving.processes import SECRET, serving, settings, started
from tests.app.servers import until
from tests.commands import process


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
