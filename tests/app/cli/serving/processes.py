"""`selfmod serve` as a real process against the stand-in, with what a test asks of it."""

import hmac
import json
import os
import re
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from app.standin.server import StandIn
from app.standin.setup import AppCredentials
from tests.app.servers import PATIENCE, until
from tests.commands import PROGRAM, environment

SECRET = "the secret of the webhook"


class Serving:
    """One process. `out` and `log` are what it wrote until now."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self._log = log
        self.out = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.out += line.decode()

    @property
    def log(self) -> str:
        return self._log.read_text()

    def lines(self) -> list[dict[str, Any]]:
        """The log's lines, each of which is JSON."""
        return [json.loads(line) for line in self.log.splitlines(keepends=True) if line.endswith("\n")]

    def ready(self) -> str:
        """Where it serves, once it says so."""
        until(lambda: "\n" in self.out or self.process.poll() is not None)
        found = re.match(r"selfmod serves on (http://\S+?)[;,] ", self.out)
        assert found, self.out + self.log
        return found[1]

    def ended(self) -> int:
        """Its exit code, once it has ended."""
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code


def settings(github: StandIn, app: AppCredentials | None, folder: Path) -> dict[str, str]:
    """The environment of a server of this App."""
    named = {
        "SELFMOD_DATA_DIR": str(folder / "data"),
        "SELFMOD_GITHUB_API_URL": github.url,
        "SELFMOD_GITHUB_URL": github.web_url,
    }
    if app is not None:
        named |= {
            "SELFMOD_APP_ID": str(app.app_id),
            "SELFMOD_PRIVATE_KEY": app.private_key,
            "SELFMOD_WEBHOOK_SECRET": app.webhook_secret,
        }
    return named


@contextmanager
def serving(env: Mapping[str, str], *options: str) -> Iterator[Serving]:
    """A server on a free port."""
    with started(env, "serve", "--port", "0", *options) as running:
        yield running


@contextmanager
def started(env: Mapping[str, str], *command: str) -> Iterator[Serving]:
    """A process of the command; killed at the end if it still runs."""
    clean = {name: value for name, value in environment().items() if not name.startswith("SELFMOD_")}
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("wb") as written:
            process = subprocess.Popen(
                [*PROGRAM, *command],
                cwd=folder,
                env=clean | dict(env),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=written,
                process_group=0,
            )
        running = Serving(process, log)
        try:
            yield running
        finally:
            if process.poll() is None:
                os.killpg(process.pid, 9)
            running.ended()


def signed(body: bytes, secret: str = SECRET, event: str = "pull_request", guid: str = "a-1") -> dict[str, str]:
    """The headers of a delivery."""
    return {
        "content-type": "application/json",
        "x-github-delivery": guid,
        "x-github-event": event,
        "x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest(),
    }


def post(base: str, body: bytes, **more: str) -> httpx.Response:
    """Delivers to a server."""
    return httpx.post(f"{base}/webhooks/github", content=body, headers=signed(body, **more), timeout=PATIENCE)
