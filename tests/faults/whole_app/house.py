"""The whole App under faults: `selfmod serve` and workers as real processes, against the stand-in over HTTP.

What must hold in the end, whatever happened in between: each check run of a head is there once and says how it ended,
there is one comment of ours at most, one record, the audit chain verifies, and nothing waits."""

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.standin.server import StandIn
from app.standin.setup import AppCredentials
from app.standin.state import Pull, Repository, Run
from app.store import audit, inbox, records
from app.store.connect import Store
from app.store.connect import connect as connect_store
from tests.app.cli.serving.processes import Serving, settings, started

REPOSITORY = "acme/shop"
RUNS = ("selfmod/gate", "selfmod/sandbox", "selfmod/validation")
CONFIGURATION = "mode: enforce\n"
FILES = {
    ".github/selfmod.yml": CONFIGURATION,
    "shop.py": "def total(prices):\n    return sum(prices)\n",
    "tests/test_shop.py": "from shop import total\n\n\ndef test_total():\n    assert total([1, 2]) == 3\n",
}
PATIENCE = 120.0
"""Seconds after which something is taken as lost."""
SLOW = "import time\n\n\ndef test_slow():\n    time.sleep({seconds})\n"


@dataclass
class Whole:
    """The processes and the world around them. `commands` are what is started, and started again after a kill."""

    github: StandIn
    app: AppCredentials
    env: dict[str, str]
    store: Store
    stack: ExitStack
    commands: tuple[tuple[str, ...], ...]
    running: list[Serving] = field(default_factory=list)
    kills: int = 0
    numbers: int = 0

    @property
    def repository(self) -> Repository:
        found = self.github.world.repository(REPOSITORY)
        assert found is not None
        return found

    def start(self, index: int) -> Serving:
        """Starts one of the processes, and waits until it says that it works."""
        command = self.commands[index]
        if command[0] == "serve" and index < len(self.running):
            command = (*command[:2], str(self.port), *command[3:])
        made = self.stack.enter_context(started(self.env, *command))
        wait(lambda: "\n" in made.out or made.process.poll() is not None, "a process did not start")
        assert made.process.poll() is None, made.log
        if index < len(self.running):
            self.running[index] = made
        else:
            self.running.append(made)
        return made

    @property
    def port(self) -> int:
        return int(self._base.rpartition(":")[2])

    @property
    def _base(self) -> str:
        return self.running[0].ready()

    def begin(self) -> None:
        """Starts everything, and has the webhooks go to it."""
        for index in range(len(self.commands)):
            self.start(index)
        self.github.hook_url(self.app, f"{self._base}/webhooks/github")
        self.send_again()  # what was told of the set-up, before anybody listened

    def send_again(self) -> None:
        """What was not accepted, as an hourly look would ask for it."""
        self.github.hooks.settle()
        sent = self.github.deliveries(self.app)
        accepted = {each.guid for each in sent if each.status_code == 202}
        for guid, lost in {each.guid: each for each in sent}.items():
            if guid not in accepted:
                self.github.redeliver(lost)
        self.github.hooks.settle()

    def kill(self, index: int) -> None:
        """kill -9 of a process with its sandboxes' keepers left to die by themselves, and a new one in its place."""
        self.running[index].process.send_signal(signal.SIGKILL)
        self.running[index].process.wait(30)
        self.kills += 1

    def open(self, files: dict[str, str] | None = None) -> Pull:
        """A pull request with a change of its own."""
        self.numbers += 1
        name = f"topic{self.numbers}"
        self.github.push(REPOSITORY, name, files or self.change(), by="bob")
        return self.github.open_pull(REPOSITORY, name, by="bob")

    def change(self, seconds: float = 0.0) -> dict[str, str]:
        """A function that no test runs, so that somebody must agree; with seconds, and a test that takes so long."""
        files = {"shop.py": FILES["shop.py"] + f"\n\ndef count{self.numbers}(prices):\n    return len(prices)\n"}
        return files | ({f"tests/test_slow{self.numbers}.py": SLOW.format(seconds=seconds)} if seconds else {})

    def runs(self, head: str) -> list[Run]:
        with self.github.world.lock:
            return [run for run in self.repository.runs if run.head == head]

    def settled(self, pull: Pull) -> bool:
        """Whether the head's runs are there, and the gate says for whom it waits."""
        gates = [run for run in self.runs(pull.head) if run.name == "selfmod/gate"]
        said = gates and "waiting for" in str(gates[0].output.get("title", ""))
        done = {run.name for run in self.runs(pull.head) if run.status == "completed"}
        return bool(said) and {"selfmod/sandbox", "selfmod/validation"} <= done and self.commented(pull)

    def commented(self, pull: Pull) -> bool:
        return any(each.app is not None for each in self.repository.issues[pull.number].comments)

    def wait(self, pull: Pull, patience: float = PATIENCE) -> None:
        wait(lambda: self.settled(pull), self.story(pull), patience)
        self.github.hooks.settle(patience)  # what our own labels and check runs made GitHub tell
        wait(lambda: inbox.pending_count(self.store) == 0, "deliveries are left", patience)

    def story(self, pull: Pull) -> Callable[[], str]:
        def told() -> str:
            said = [(run.name, run.status, run.output.get("title")) for run in self.runs(pull.head)]
            return f"{said}\n" + "\n".join(each.log[-3000:] for each in self.running)

        return told

    def faults(self, pull: Pull) -> list[str]:
        """What does not hold, a line each."""
        found = []
        for head in {pull.head}:
            counted = Counter(run.name for run in self.runs(head))
            found += [f"{name}: {count} times" for name, count in counted.items() if count != 1]
            found += [f"{name}: missing" for name in RUNS if name not in counted]
        own = [each for each in self.repository.issues[pull.number].comments if each.app is not None]
        found += [f"{len(own)} comments"] if len(own) != 1 else []
        labels = sorted(each.name for each in self.repository.issues[pull.number].labels)
        found += [f"labels {labels}"] if labels != ["review required", "selfmod: MEDIUM_RISK"] else []
        kept = records.of_head(self.store, REPOSITORY, pull.head)
        found += [f"{len(kept)} records"] if len(kept) != 1 else []
        broken = audit.verify(self.store)
        found += [f"the audit chain: {broken}"] if broken else []
        for guid in {each.guid for each in self.github.deliveries(self.app)}:
            seen = inbox.find(self.store, guid)
            if seen is None or seen.state is inbox.State.FAILED:
                found.append(f"delivery {guid}: {'never accepted' if seen is None else 'failed'}")
        found += [f"unknown to the stand-in: {each}" for each in self.github.unknown]
        return found


def wait(condition: Callable[[], object], story: str | Callable[[], str], patience: float = PATIENCE) -> None:
    """Waits for a condition; a deadline is its failure, with the story of what was there."""
    ends = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < ends, story if isinstance(story, str) else story()
        time.sleep(0.02)


@contextmanager
def whole(folder: Path, database: str = "", workers: int = 2, **more: str) -> Iterator[Whole]:
    """A server that runs no jobs, workers beside it, and a repository that holds merges until somebody agrees."""
    with StandIn(folder / "github") as github, ExitStack() as stack:
        github.organisation("acme", members=["ann", "bob"], admins=["ann"])
        github.repository(REPOSITORY, FILES, collaborators={"ann": "admin", "bob": "write", "cyd": "write"})
        app = github.app()
        github.install(app, [REPOSITORY])
        env = settings(github, app, folder) | {"SELFMOD_PUBLIC_URL": "http://127.0.0.1:1"} | more
        if database:
            env["SELFMOD_DATABASE_URL"] = database
        commands = (("serve", "--port", "0", "--no-worker"), *((("worker",),) * workers))
        url = database or f"sqlite:///{folder / 'data' / 'selfmod.db'}"
        store = connect_store(url, folder / "data")
        stack.callback(store.close)
        made = Whole(github, app, env, store, stack, commands)
        made.begin()
        yield made
