"""A process that runs jobs whose steps are told through files when to go on, to be killed at any point.

    python -m tests.faults.worker FOLDER URL [OPTIONS AS JSON]

In the folder: `traces` has a line for each time a step ran, `effects/` a file for each thing that a step made (looked
up before it is made), `twice` a line for each thing that was made although it was there. A step stops at a point
while `pause/<point>` exists, and says so by `reached/<point>` with its process's number in it."""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from app.model.delivery import Delivery
from app.model.forge import Person, Pull
from app.model.job import Job, Kind
from app.model.trouble import Superseded, Unavailable
from app.operations.logs import configure
from app.settings import ServerSettings
from app.store.connect import connect
from app.workflows.durable import engine, reaper, run, waits
from app.workflows.durable import pump as pumping
from app.workflows.durable.hourly import Hourly
from app.workflows.durable.jobs import Durable
from app.workflows.durable.pump import Pump
from app.workflows.host import Host
from app.workflows.steps import State, Step, Tools

PAUSES = ("enter", "inside", "leave", "recorded")
"""Points of each step: before it did anything, after its effect, before it returns, and after DBOS wrote it down."""


class Folder:
    """What the process and the test tell each other."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("effects", "pause", "reached", "ready", "heads", "go"):
            (root / name).mkdir(exist_ok=True, parents=True)

    def note(self, name: str, line: str) -> None:
        """Appends a line; short lines are written whole."""
        handle = os.open(self.root / name, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(handle, f"{line}\n".encode())
        os.close(handle)

    def make(self, name: str) -> None:
        """Something outside that must be there once: looked up, then made."""
        path = self.root / "effects" / name
        if not path.exists():
            try:
                path.touch(exist_ok=False)
            except FileExistsError:
                self.note("twice", name)

    def reached(self, name: str) -> None:
        """Says that this process is there; whole at once, for the test looks all the time."""
        place = self.root / "reached" / name
        place.with_suffix(f".{os.getpid()}").write_text(str(os.getpid()))
        place.with_suffix(f".{os.getpid()}").rename(place)

    def point(self, name: str) -> None:
        """Stops here while the test wants it."""
        if not (self.root / "pause" / name).exists():
            return
        self.reached(name)
        while (self.root / "pause" / name).exists():
            time.sleep(0.01)


class FileHost:
    """A forge that knows one thing: the head of a pull request, from a file."""

    repository = "o/n"
    app_id = 1

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    def pull(self, number: int) -> Pull:
        """The pull request as it is now."""
        path = self._folder.root / "heads" / str(number)
        head = path.read_text() if path.exists() else ""
        return Pull(number, "", "", Person("ann", 1), head, "topic", "o/n", "main", "", "o/n")


def name_of(job: Job) -> str:
    """For files."""
    return f"{job.kind}-{job.number}-{job.head[:6]}-{job.again}"


def verbs(folder: Folder) -> dict[Kind, tuple[Step, ...]]:
    """GATE makes three things, REVIEW waits until it may go on or must stop, GROUP meets a forge that is away, ONBOARD
    has a bug until it may go on, COMMENT takes a while."""

    def counted(number: int) -> Callable[[Tools, Job, State], State]:
        def step(_: Tools, job: Job, state: State) -> State:
            assert len(state) == number, f"step {number} got {state}"
            folder.note("traces", f"{name_of(job)} {number} {os.getpid()}")
            folder.point(f"{number}.enter")
            folder.make(f"{name_of(job)}.{number}")
            folder.point(f"{number}.inside")
            folder.point(f"{number}.leave")
            return {f"step{number}": number}

        return step

    def sandbox(tools: Tools, job: Job, _: State) -> State:
        folder.note("traces", f"{name_of(job)} sandbox {os.getpid()}")
        folder.reached(name_of(job))
        while not (folder.root / "go" / name_of(job)).exists():
            if tools.cancelled():
                folder.note("ended", f"{name_of(job)} {time.time()}")
                raise Superseded
            time.sleep(0.02)
        return {"verdict": job.head}

    def report(tools: Tools, job: Job, state: State) -> State:
        tools.enqueue(Job(Kind.COMMENT, job.repository, job.installation, job.number, comment=2))
        folder.make(f"{name_of(job)}.report")
        return {"reported": state["verdict"]}

    def forge(_: Tools, job: Job, __: State) -> State:
        folder.note("traces", f"{name_of(job)} forge {time.time()}")
        if not (folder.root / "go" / name_of(job)).exists():
            raise Unavailable("502", after=0.1)
        return {}

    def bug(_: Tools, job: Job, ___: State) -> State:
        folder.note("traces", f"{name_of(job)} bug {os.getpid()}")
        if (folder.root / "go" / name_of(job)).exists():
            return {}
        raise ValueError("ghp_secret")

    def slow(_: Tools, job: Job, __: State) -> State:
        folder.note("spans", f"{job.installation} +1 {time.time()}")
        time.sleep(0.2)
        folder.note("spans", f"{job.installation} -1 {time.time()}")
        return {}

    return {
        Kind.GATE: tuple(Step(f"step{number}", counted(number)) for number in range(3)),
        Kind.REVIEW: (Step("sandbox", sandbox, alone=False), Step("report", report)),
        Kind.GROUP: (Step("forge", forge),),
        Kind.ONBOARD: (Step("bug", bug),),
        Kind.COMMENT: (Step("slow", slow),),
        Kind.RECONCILE: (Step("step0", counted(0)),),
    }


def jobs_of(delivery: Delivery) -> tuple[Job, ...]:
    """The delivery's body is a job, or poison."""
    return (Job.of(json.loads(delivery.body)),)


def main() -> None:
    """Until SIGTERM."""
    folder = Folder(Path(sys.argv[1]))
    options: dict[str, Any] = json.loads(sys.argv[3]) if len(sys.argv) > 3 else {}
    configure("text")
    data_dir = folder.root / "data"
    settings = ServerSettings(
        database_url=sys.argv[2],
        data_dir=data_dir,
        jobs=options.get("jobs", 2),
        installation_jobs=options.get("installation_jobs", 2),
    )
    store = connect(settings.database_url, data_dir)

    vars(waits)["BACKOFF"] = tuple(seconds / 10 for seconds in waits.BACKOFF)
    vars(engine)["ATTEMPTS"] = options.get("attempts", engine.ATTEMPTS)
    vars(reaper)["RARELY"] = options.get("rarely", reaper.RARELY)
    vars(pumping)["LEASE"] = float(options.get("lease", pumping.LEASE))

    def paused(name: str, call: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        result = engine.run_step(name, call)
        folder.point(f"{name.rpartition('step')[2]}.recorded")
        return result

    vars(run)["run_step"] = paused

    def tools_for(_: Job, cancelled: Callable[[], bool]) -> Tools:
        return Tools(cast(Host, FileHost(folder)), store, settings, cancelled)

    def told(_: Tools, job: Job, state: State) -> State:
        (folder.root / "effects" / f"{name_of(job)}.told").write_text(json.dumps(state))
        return {}

    hooks = {Kind.ONBOARD: Step("told", told), Kind.GROUP: Step("told", told)}
    durable = Durable(settings, store, verbs(folder), tools_for, hooks, options.get("version", 1))
    durable.launch(worker=options.get("worker", True))

    def enqueue(job: Job) -> str:
        identity = durable.enqueue(job)
        folder.point("enqueued")
        return identity

    def again(identity: str, by: str) -> str:
        newest = durable.again(identity, by)
        folder.point("again")
        return newest

    pump = Pump(store, jobs_of, enqueue, again)
    hourly = Hourly(durable.enqueue)
    if options.get("pump"):
        pump.start()
    if options.get("hourly"):
        hourly.start()
    for job in options.get("enqueue", []):
        folder.note("enqueued", durable.enqueue(Job.of(job)))
    (folder.root / "ready" / str(os.getpid())).touch()
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    while not ended.wait(0.2):
        if options.get("leave"):
            break
    pump.stop()
    hourly.stop()
    whole = durable.stop(options.get("patience", 5.0))
    store.close()
    if not whole:
        os._exit(3)


if __name__ == "__main__":
    main()
