"""The embedded GitHub and, beside it, `selfmod serve` as a process of its own with the environment that an operator
sets. Nothing of them is left when the block ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from app.cli.showing.grounds import Ground
from app.cli.showing.person import Person
from app.github.client import Client
from app.standin.server import StandIn
from app.standin.setup import AppCredentials
from checks.model.errors import Refusal

_ROOT = str(Path(__file__).parents[3])
PROGRAM = (sys.executable, "-c", f"import sys; sys.path.insert(0, {_ROOT!r}); from app.cli.main import run; run()")
"""The very program that runs here, whatever else is installed."""
_BESIDE = f"""
import os, signal, sys, threading

def ended():
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)

threading.Thread(target=ended, daemon=True).start()
sys.path.insert(0, {_ROOT!r})
from app.cli.main import run
run()
"""
"""The same as a process that ends once nobody holds the other end of its standard input: also where whoever started it
was killed."""
READY = re.compile(r"selfmod serves on (http://\S+?)[;,] ")
PATIENCE = 60.0
"""Seconds until the App serves."""
END = 12.0
"""Seconds from the signal until its process is killed; it needs ten at most."""
REQUESTER, APPROVER, KEEPER = "bob", "cyd", "ann"
ROLES = {KEEPER: "admin", REQUESTER: "write", APPROVER: "write"}


@dataclass(frozen=True, slots=True)
class Hosted:
    """A GitHub with one repository, and the App at work on it."""

    github: StandIn
    app: AppCredentials
    people: Mapping[str, Person]
    environment: Mapping[str, str]
    """Of programs that are to work with this GitHub as the operator's do."""


@contextmanager
def hosted(ground: Ground, folder: Path, python: Path | None) -> Iterator[Hosted]:
    """GitHub, the repository with its people, the App registered, served and installed. Raises Refusal where the App
    does not start."""
    with ExitStack() as open_:
        github = open_.enter_context(StandIn(folder / "github"))
        owner = ground.name.partition("/")[0]
        github.organisation(owner, members=[REQUESTER, APPROVER], admins=[KEEPER])
        github.repository(ground.name, dict(ground.files), collaborators=ROLES)
        app = github.app(owner=owner)
        with socket.create_server(("127.0.0.1", 0)) as free:  # the App is told its own address before it is there
            port = free.getsockname()[1]
        environment = _environment(github, app, folder, port, python)
        serves = open_.enter_context(_serving(environment, folder, port))
        github.callback_urls(app, f"{serves}/signed-in")
        github.hook_url(app, f"{serves}/webhooks/github")
        github.install(app, [ground.name])
        client = Client(github.url)
        open_.callback(client.close)
        people = {login: Person(client, github.person(login), ground.name) for login in ROLES}
        yield Hosted(github, app, people, environment)


def _environment(github: StandIn, app: AppCredentials, folder: Path, port: int, python: Path | None) -> dict[str, str]:
    """What an operator sets, and nothing that this machine's operator has set for another server."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SELFMOD_")}
    wanted = {
        "SELFMOD_DATA_DIR": str(folder / "data"),
        "SELFMOD_GITHUB_API_URL": github.url,
        "SELFMOD_GITHUB_URL": github.web_url,
        "SELFMOD_APP_ID": str(app.app_id),
        "SELFMOD_PRIVATE_KEY": app.private_key,
        "SELFMOD_WEBHOOK_SECRET": app.webhook_secret,
        "SELFMOD_CLIENT_ID": app.client_id,
        "SELFMOD_CLIENT_SECRET": app.client_secret,
        "SELFMOD_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SELFMOD_INSTALLATION_JOBS": str(min(4, max(2, os.cpu_count() or 2))),
        "SELFMOD_JOBS": str(min(4, max(2, os.cpu_count() or 2))),
    }
    if python is not None:
        wanted["SELFMOD_PYTHON"] = str(python.absolute())
    if index := os.environ.get("SELFMOD_PACKAGE_INDEX"):
        wanted["SELFMOD_PACKAGE_INDEX"] = index
    return clean | wanted


@contextmanager
def _serving(environment: Mapping[str, str], folder: Path, port: int) -> Iterator[str]:
    """Where the App serves, until the block ends. It has a process group of its own, so that Ctrl-C in the terminal
    reaches it through this block alone."""
    log = folder / "app.log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            (sys.executable, "-c", _BESIDE, "serve", "--port", str(port)),
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=written,
            process_group=0,
        )
    try:
        yield _address(process, log)
    finally:
        _end(process)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    timer = threading.Timer(PATIENCE, process.kill)
    timer.daemon = True
    timer.start()
    try:
        line = process.stdout.readline().decode() if process.stdout else ""
    finally:
        timer.cancel()
    found = READY.match(line)
    if found is None:
        said = log.read_text("utf-8", "replace").strip().splitlines()[-1:]
        raise Refusal(f"the App does not start: {' '.join(said) or 'it says nothing'}", "See: selfmod doctor")
    return found[1]


def _end(process: subprocess.Popen[bytes]) -> None:
    """Lets it end in its own time; a second Ctrl-C meanwhile does not leave it behind."""
    main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN) if main else None
    try:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(END)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for end in (process.stdin, process.stdout):
            if end:
                end.close()
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)
