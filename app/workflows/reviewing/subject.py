"""What a job is about: one head of one pull request, and the commits that it is judged by."""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from typing import Self

from app.model.forge import Pull, Role
from app.model.job import Job, Kind
from app.model.trouble import Superseded
from app.store import heads
from app.views import gate as gates
from app.workflows.steps import State, Tools

IN_PLACE = "moved"
"""The reason of a job in the place of a delivery that did not come so far: of a push."""


@dataclass(frozen=True, slots=True)
class Subject:
    """`head` is judged against `base`, the tip of the target branch `base_ref` when the work began: the configuration
    is that of `base` too. `generation` counts the heads of the pull request. `key` identifies the work, and ends with
    what tells judging the same commits again apart."""

    number: int
    head: str
    base: str
    base_ref: str
    generation: int
    key: str

    @property
    def attempt(self) -> str:
        """The end of the key."""
        return self.key.split(":", 3)[3]

    @classmethod
    def of(cls, state: State) -> Self:
        """As an earlier step left it."""
        return cls(**{each.name: state[each.name] for each in fields(cls)})


def look(tools: Tools, job: Job, _: State) -> State:
    """Reads the pull request. Raises Superseded where it is closed, another head has a job of its own, or who asked may
    not any more; Gone where it is not there."""
    pull = found(tools, job)
    if not may(tools, job):
        raise Superseded
    generation = heads.newest(tools.store, job.repository, pull.number, pull.head)
    if job.head and pull.head != job.head:
        # the delivery that told of it may be lost
        tools.enqueue(replace(job, head=pull.head, again=f"{IN_PLACE}-{generation}", reason=IN_PLACE))
        raise Superseded
    base = tools.host.branch(pull.base_ref) or pull.base_sha
    return asdict(Subject(pull.number, pull.head, base, pull.base_ref, generation, _key(tools, job, pull)))


def _key(tools: Tools, job: Job, pull: Pull) -> str:
    """The job's own; but a delivery of a push that came late and the job in its place do the same work, so that the
    second takes the key of the first. The first one's check runs say what it is: they are begun before anything else
    may work on the pull request."""
    work = f"pull:{pull.number}:{pull.head}:"
    if job.reason in (IN_PLACE, "synchronize"):
        begun = next((run.key for run in tools.host.runs(pull.head) if run.name == gates.NAME), "")
        if begun.startswith(work if job.reason == IN_PLACE else f"{work}{IN_PLACE}-"):
            return begun
    return f"{work}{job.again}"


def found(tools: Tools, job: Job) -> Pull:
    """The job's pull request. A job without a number (GitHub names no pull request of a fork) becomes one for each open
    pull request with this head, and one for the merge group whose head it is where that is to be judged again. Raises
    Superseded for that, and where it is closed."""
    if not job.number:
        for each in tools.host.pulls_of(job.head):
            tools.enqueue(replace(job, number=each.number))
        if job.reason in AGAIN and (base := base_of_group(tools, job.head)) and may(tools, job):
            tools.enqueue(replace(job, kind=Kind.GROUP, base=base, needs=""))
        raise Superseded
    pull = tools.host.pull(job.number)
    if not pull.open:
        raise Superseded
    return pull


AGAIN = ("rerequested", "rerun", "retry")
"""Why a commit is judged again: GitHub's action for *Re-run*, our button, the command."""
_GROUP = re.compile(r"group:([0-9a-f]{40,64}):.*", re.DOTALL)


def group_key(job: Job) -> str:
    """The key of a merge group's check runs. It holds the base, which nothing else tells once the delivery is gone."""
    return f"group:{job.base}:{job.head}:{job.again}"


def base_of_group(tools: Tools, head: str) -> str:
    """The base of the merge group that this commit was judged as, empty where it was not."""
    keys = (_GROUP.fullmatch(each.key) for each in tools.host.runs(head))
    return next((match[1] for match in keys if match), "")


def may(tools: Tools, job: Job) -> bool:
    """Whether who caused the job may still do so, now that it runs."""
    return not job.needs or (bool(job.actor) and tools.host.role(job.actor, job.account).at_least(Role(job.needs)))


def unless_refused(run: Callable[[Tools, Job, State], State]) -> Callable[[Tools, Job, State], State]:
    """A step that has nothing to do where there was nothing to judge by, or nothing is wanted."""

    def step(tools: Tools, job: Job, state: State) -> State:
        return {} if state.get("refused") or state.get("done") else run(tools, job, state)

    return step


def review_of(job: Job, again: str) -> Job:
    """The job that judges this job's head anew."""
    return replace(job, kind=Kind.REVIEW, reason="rerun", again=again, needs="", comment=0, asked="")


def review_by(job: Job, pull: Pull, reason: str) -> Job:
    """The job that judges a pull request which the job came upon: another than that of its own delivery, which may have
    been lost or ended without a report."""
    return Job(
        Kind.REVIEW,
        job.repository,
        job.installation,
        number=pull.number,
        head=pull.head,
        reason=reason,
        delivery=job.delivery,
        again=f"{reason}-{job.again}",
    )
