"""A verb as steps: each can run twice, and what one leaves for the next are a few plain values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.model.forge import Pull
from app.model.job import Job
from app.model.trouble import Superseded
from app.settings import ServerSettings
from app.store.connect import Store
from app.workflows.host import Forge, Host
from checks.repository.change import Change
from checks.settings import Settings
from checks.validation.asked import Tested

type State = dict[str, Any]
"""JSON values: identifiers and commits, never trees."""
type Testing = Callable[[Settings, Change], Tested]
"""What the tests of a change run with."""


def _kept(pull: Pull) -> bool:
    """The store knows what was declined: nobody has to be asked."""
    return False


def _nowhere(job: Job) -> object:
    raise RuntimeError(f"nothing runs jobs here, and {job.identity} was asked for")


@dataclass(frozen=True, slots=True)
class Tools:
    """What a step works with. `enqueue` starts another job, `forge` is the App as a whole. `cancelled` tells that a
    newer job has taken this one's place, or that the process ends. `untested` says why no test runs here at all (empty:
    they do), `whole` that a word on a commit counts only with all of the commit's digits: what was looked at when it
    was said is not kept. `testing` is what tests run with, None for what a server has: an environment built of what the
    base declares. `shared`: the account that works here is that of every workflow, so no commit and no word of its own
    proves anything, and nothing is merged by itself. `reopened` asks the forge whether a pull request was closed
    before, where nothing is kept that tells so; it raises as the host does. `memory` is what a run of one job need not
    find out twice: every value of this class begins with an empty one, a copy with other tools too, and nothing may
    depend on it."""

    host: Host
    store: Store
    settings: ServerSettings
    cancelled: Callable[[], bool] = lambda: False
    enqueue: Callable[[Job], object] = _nowhere
    forge: Forge | None = None
    untested: str = ""
    whole: bool = False
    testing: Testing | None = None
    shared: bool = False
    reopened: Callable[[Pull], bool] = _kept
    memory: dict[object, object] = field(default_factory=dict, init=False, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Step:
    """`run` gets the state that earlier steps left, and returns what it adds to it. `alone`: no other job works on the
    same pull request meanwhile. One that takes minutes and writes nothing (the tests in the sandbox) does without, so
    that comments are answered in between."""

    name: str
    run: Callable[[Tools, Job, State], State]
    alone: bool = True


def run_all(verb: Sequence[Step], tools: Tools, job: Job) -> State:
    """All steps in order, without a durable engine. Superseded ends it early."""
    state: State = {}
    for step in verb:
        try:
            state |= step.run(tools, job, state)
        except Superseded:
            return state | {"superseded": True}
    return state
