"""A repository with a pull request on a forge in memory, and a real store: what the verbs of the App work on."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from app.model.forge import CheckRun, Person, Pull, Role
from app.model.job import Job, Kind
from app.settings import ServerSettings
from app.store import records
from app.store.connect import Store, connect
from app.store.records import Record
from app.workflows import gate, review
from app.workflows.steps import State, Step, Tools, run_all
from checks.model.judged import Judged
from checks.reports.judged.json import document
from tests.app.action.runs import CART, TEST, project
from tests.app.stores import migrated
from tests.pulls.hosts import OWN, MemoryHost
from tests.pulls.judgements import judged
from tests.repositories import Repository

ANN, BOB, EVE = Person("ann", 1), Person("bob", 2), Person("eve", 3)
TOTAL = CART.replace("1 + tax", "tax + 1")
BROKEN = CART.replace("1 + tax", "2 + tax")
EVIL = "import subprocess\n\n\ndef run(name):\n    return subprocess.run('ls ' + name, shell=True)\n"


@dataclass
class World:
    """`enqueued` are the jobs that steps started."""

    git: Repository
    host: MemoryHost
    store: Store
    settings: ServerSettings
    enqueued: list[Job] = field(default_factory=list)
    stopped: bool = False

    @property
    def tools(self) -> Tools:
        return Tools(self.host, self.store, self.settings, lambda: self.stopped, self.enqueued.append)

    def configure(self, text: str) -> str:
        """Commits the configuration on main."""
        self.git.put(".github/selfmod.yml", text)
        return self.git.commit()

    def pull(self, author: Person = BOB, *, base: str = "main", fork: str = "", **files: str) -> Pull:
        """A pull request from a new branch, with files by module name."""
        branch = f"topic-{len(self.host.opened)}"
        self.git.git("checkout", "-q", "-b", branch, base)
        self.git.commit(**files)
        self.git.git("checkout", "-q", "main")
        return self.host.open(branch, base, author, fork=fork)

    def own(self, **files: str) -> Pull:
        """A pull request of selfmod's own."""
        pull = self.pull(OWN, **files)
        self.host.opened[pull.number] = replace(pull, own=True)
        return self.host.pull(pull.number)

    def push(self, pull: Pull, **files: str) -> Pull:
        """Another commit on it."""
        self.git.git("checkout", "-q", pull.head_ref)
        self.git.commit(**files)
        self.git.git("checkout", "-q", "main")
        self.host.push(pull.number)
        return self.host.pull(pull.number)

    def job(self, pull: Pull, kind: Kind = Kind.REVIEW, reason: str = "", actor: str = "", again: str = "") -> Job:
        needs = "write" if actor else ""
        return Job(
            kind, self.host.repository, 5, pull.number, pull.head,
            reason=reason, actor=actor, needs=needs, again=again, delivery=again,
        )  # fmt: skip

    def judged(self, pull: Pull, value: Judged | None = None, attempt: str = "") -> str:
        """Stores what a review would have: for what comes after it, without the time that it takes."""
        base = self.host.branch(pull.base_ref)
        assert base
        made = replace(value or judged(), base=base, head=pull.head)
        whole = document(made) | {"decision": {}}
        record = Record(self.host.repository, pull.number, base, pull.head, base, whole, attempt=attempt)
        return records.put(self.store, record)

    def gate(self, pull: Pull) -> CheckRun:
        """The gate's check run of the head."""
        return self.host.run_of("gate", self.host.pull(pull.number).head)

    def press(self, pull: Pull, button: str, actor: str, again: str = "") -> State:
        """Somebody presses a button of the gate's check run."""
        return self.run(gate.STEPS, self.job(pull, Kind.GATE, button, actor, again or f"{button}-{actor}"))

    def review(self, pull: Pull, again: str = "") -> State:
        """The verb `review` on the head."""
        return self.run(review.STEPS, self.job(pull, again=again))

    def weigh(self, pull: Pull) -> State:
        """The verb `gate`, as after a review."""
        return self.run(gate.STEPS, self.job(pull, Kind.GATE, "submitted"))

    def run(self, steps: tuple[Step, ...], job: Job, twice: bool = False) -> State:
        """All steps; with `twice` each of them two times, the second with what it left itself."""
        return run_all(tuple(each for step in steps for each in (step,) * (2 if twice else 1)), self.tools, job)


def world(place: Path, configuration: str = "", **files: str) -> World:
    """A project on main, people with their roles, an empty store."""
    git = project(place, **files)
    host = MemoryHost(git)
    host.roles = {"ann": Role.WRITE, "bob": Role.WRITE, "mia": Role.MAINTAIN, "zoe": Role.ADMIN, "eve": Role.READ}
    data = place / "data"
    settings = ServerSettings(database_url=migrated(data), data_dir=data)
    made = World(git, host, connect(settings.database_url, data), settings)
    if configuration:
        made.configure(configuration)
    return made


__all__ = ["ANN", "BOB", "BROKEN", "CART", "EVE", "EVIL", "TEST", "TOTAL", "World", "world"]
