"""The server as a process: how it starts, refuses, answers, ends, and comes back."""

import html
import json
import re
import signal
import socket
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from app.standin.server import StandIn
from app.standin.setup import AppCredentials
from app.store import inbox
from app.store.connect import connect
from tests.app.cli.serving.processes import SECRET, post, serving, settings, signed
from tests.app.servers import PATIENCE, until
from tests.commands import process

pytestmark = pytest.mark.complete  # together minutes

BODY = json.dumps({"action": "opened"}).encode()


@pytest.fixture
def github(tmp_path: Path) -> Iterator[StandIn]:
    with StandIn(tmp_path / "github") as started:
        started.person("ann")
        yield started


@pytest.fixture
def app(github: StandIn) -> AppCredentials:
    return github.app(secret=SECRET)


@pytest.fixture
def env(github: StandIn, app: AppCredentials, tmp_path: Path) -> dict[str, str]:
    return settings(github, app, tmp_path)


def test_without_a_secret_it_refuses(tmp_path: Path) -> None:
    ran = process("serve", "--port", "0", at=tmp_path, env={"SELFMOD_DATA_DIR": str(tmp_path / "data")})
    assert ran.code == 2
    (line,) = ran.error.splitlines()
    assert line.startswith("selfmod: the server has no webhook secret")
    assert "SELFMOD_WEBHOOK_SECRET" in line
    assert "selfmod serve --setup" in line


def test_a_port_that_is_taken(tmp_path: Path, env: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = process("serve", "--port", str(taken.getsockname()[1]), at=tmp_path, env=env)
    assert (ran.code, len(ran.error.splitlines())) == (2, 1)
    assert "Address already in use" in ran.error


def test_a_database_that_is_none(tmp_path: Path, env: dict[str, str]) -> None:
    place = tmp_path / "no.db"
    place.write_bytes(b"not a database, but long enough to look at" * 100)
    ran = process("serve", "--port", "0", at=tmp_path, env=env | {"SELFMOD_DATABASE_URL": f"sqlite:///{place}"})
    assert ran.code == 2
    assert "cannot be used" in ran.error.splitlines()[-1]


def test_it_answers(env: dict[str, str], app: AppCredentials) -> None:
    with serving(env) as server:
        base = server.ready()
        assert (
            f"webhooks at {base}/webhooks/github; pages at {base}/?token=SELFMOD_OPERATOR_TOKEN. Next: " in server.out
        )
        assert len(server.out.splitlines()) == 1
        assert httpx.get(f"{base}/healthz").json() == {"status": "ok"}
        assert httpx.get(f"{base}/readyz").json() == {"status": "ready"}
        assert post(base, BODY).json() == {"status": "accepted", "delivery": "a-1"}
        assert post(base, BODY, guid="a-2").json()["status"] == "duplicate"
        assert post(base, BODY, secret="wrong").status_code == 401
        assert httpx.get(f"{base}/nowhere").status_code == 404
        assert httpx.get(f"{base}/").status_code == 403
        metrics = httpx.get(f"{base}/metrics").text
        assert 'selfmod_deliveries_total{event="pull_request",outcome="accepted"} 1.0' in metrics
        until(lambda: "delivery done: nothing to do" in server.log)
        server.process.send_signal(signal.SIGTERM)
        assert server.ended() == 0
        lines = server.lines()
        done = next(line for line in lines if line["event"].startswith("delivery done"))
        assert (done["delivery"], done["hook"]) == ("a-1", "pull_request")
        for secret in (SECRET, app.private_key.splitlines()[3]):
            assert secret not in server.log


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_after_the_answer_under_way(env: dict[str, str], number: signal.Signals) -> None:
    with serving(env) as server:
        base = server.ready()
        place = urlsplit(base)
        head = [*(f"{name}: {value}" for name, value in signed(BODY).items()), f"content-length: {len(BODY)}"]
        request = "\r\n".join(["POST /webhooks/github HTTP/1.1", "host: x", *head, "", ""]).encode()
        with socket.create_connection((place.hostname, place.port), timeout=PATIENCE) as connection:
            connection.sendall(request + BODY[:5])
            until(lambda: httpx.get(f"{base}/healthz").status_code == 200)  # so the head has been read too
            began = time.monotonic()
            server.process.send_signal(number)
            until(lambda: "Shutting down" in server.log)
            connection.sendall(BODY[5:])
            assert connection.recv(65536).startswith(b"HTTP/1.1 202 ")
        assert server.ended() == 0
        assert time.monotonic() - began < 10
        assert "Traceback" not in server.log


def test_a_request_that_never_ends_holds_nothing_up(env: dict[str, str]) -> None:
    with serving(env) as server:
        place = urlsplit(server.ready())
        with socket.create_connection((place.hostname, place.port), timeout=PATIENCE) as connection:
            connection.sendall(b"POST /webhooks/github HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n")
            began = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            assert server.ended() == 0
            assert time.monotonic() - began < 10


def test_what_was_accepted_survives_a_kill(env: dict[str, str], tmp_path: Path) -> None:
    """Whatever it was doing: after 202 the delivery is handled, by the next process if not by this one."""
    with serving(env) as server:
        base = server.ready()
        answers = [post(base, BODY + b" " * number, guid=f"g-{number}").status_code for number in range(20)]
        server.process.kill()
        server.ended()
    assert answers == [202] * 20
    with serving(env) as server:
        base = server.ready()
        store = connect(f"sqlite:///{tmp_path / 'data' / 'selfmod.db'}", tmp_path / "data")
        seen = [inbox.find(store, f"g-{number}") for number in range(20)]
        assert all(seen)
        # what the killed one had taken comes back when its lease ends
        fresh = post(base, BODY + b"\n", guid="g-last")
        assert fresh.status_code == 202

        def handled() -> bool:
            last = inbox.find(store, "g-last")
            return last is not None and last.state is inbox.State.DONE

        until(handled)
        store.close()


def test_the_set_up_goes_on_as_the_full_server(github: StandIn, tmp_path: Path) -> None:
    """The link that is printed, GitHub's page, back, and the same port then takes deliveries."""
    env = settings(github, None, tmp_path)
    with serving(env, "--setup") as server, httpx.Client(timeout=PATIENCE, follow_redirects=True) as browser:
        base = server.ready()
        assert httpx.get(f"{base}/healthz").status_code == 200
        assert post(base, BODY).status_code == 404
        assert httpx.get(f"{base}/setup").status_code == 403
        found = re.search(r"open (http://\S+)", server.out)
        assert found
        assert browser.get(found[1]).status_code == 200
        form = {"organisation": "", "name": "selfmod of ann", "public_url": base}
        confirm = browser.post(f"{base}/setup", data=form, headers={"origin": base})
        assert confirm.status_code == 200, confirm.text
        sent = dict(re.findall(r'name="(manifest|state)" value="([^"]*)"', confirm.text))
        target = re.search(r'action="(http[^"]+)"', confirm.text)
        assert target
        page = browser.post(html.unescape(target[1]), data={name: html.unescape(value) for name, value in sent.items()})
        again = dict(re.findall(r'name="(manifest|state|name)" value="([^"]*)"', page.text))
        action = re.search(r'action="([^"]+)"', page.text)
        assert action, page.text
        done = browser.post(
            str(httpx.URL(str(page.url)).join(html.unescape(action[1]))),
            data={name: html.unescape(value) for name, value in again.items()},
        )
        assert done.status_code == 200, done.text
        until(lambda: "webhooks at" in server.out)
        credentials = tmp_path / "data" / "app.json"
        assert stat.S_IMODE(credentials.stat().st_mode) == 0o600
        secret = json.loads(credentials.read_text())["webhook_secret"]
        assert post(base, BODY, secret=secret).status_code == 202
        assert httpx.get(f"{base}/setup").status_code == 404
        server.process.send_signal(signal.SIGTERM)
        assert server.ended() == 0
        assert secret not in server.log + server.out


def test_the_set_up_ends_by_a_signal(github: StandIn, tmp_path: Path) -> None:
    with serving(settings(github, None, tmp_path), "--setup") as server:
        server.ready()
        server.process.send_signal(signal.SIGINT)
        assert server.ended() == 0
        assert "Traceback" not in server.log
