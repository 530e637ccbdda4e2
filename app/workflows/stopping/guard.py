"""The host of a repository that may be stopped: asked at every write, not once.

What changes code or lets it in is refused while a stop holds; reading, reporting and taking back are not. A call that
this file does not name is refused altogether: whoever adds one to the host says here which of them it is."""

from collections.abc import Sequence
from typing import Any, Final, cast

from app.model.forge import FileEdit, Landed, Landing, Pull
from app.model.job import Job, Kind
from app.model.stop import Stop
from app.model.trouble import Gone, Unavailable
from app.store.connect import Store
from app.store.proposed import stops
from app.workflows.host import Host
from app.workflows.stopping import armed
from app.workflows.stopping.halted import takes_back
from checks.model.errors import Refusal

READS: Final = frozenset(
    {
        "app_id",
        "branch",
        "comment",
        "comments",
        "commits",
        "default_branch",
        "file",
        "groups",
        "issue",
        "local",
        "organisation_file",
        "people",
        "pull",
        "pulls",
        "pulls_of",
        "queues",
        "repository",
        "required",
        "reviews",
        "role",
        "runs",
        "team",
    }
)
REPORTS: Final = frozenset({"put_comment", "put_run", "react", "remove_comment", "request_reviewers", "set_labels"})
TAKES_BACK: Final = frozenset({"close_pull", "dequeue", "disarm", "revert_pull"})
"""These let nothing in, and are what one may want just then."""
FREE: Final = READS | REPORTS | TAKES_BACK
EXEMPT: Final = (Kind.ROLLBACK,)
"""Jobs that no stop is for."""


class Halted(Refusal):
    """A write that an emergency stop refuses."""

    def __init__(self, stop: Stop) -> None:
        super().__init__(f"{stop.said}.", stop.remedy)


def guarded(host: Host, store: Store, job: Job) -> Host:
    """The host as a job may use it."""
    return host if job.kind in EXEMPT else cast(Host, Guard(host, store, job.number))


class Guard:
    """`number` is the pull request that the job is about (0: none): what is written for it is stopped with it. Each
    write raises Halted where something holds for the repository, for that pull request, or for the one that is written
    to; Unavailable where the store cannot tell."""

    def __init__(self, host: Host, store: Store, number: int = 0) -> None:
        self._host = host
        self._store = store
        self._number = number

    def __getattr__(self, name: str) -> Any:
        if name not in FREE:
            raise AttributeError(f"nothing says whether a stop is for {name}")
        return getattr(self._host, name)

    def commit_files(self, branch: str, base: str, edits: Sequence[FileEdit], message: str) -> str:
        self._ask(branches=(branch,))
        return self._host.commit_files(branch, base, edits, message)

    def open_pull(self, head_ref: str, base_ref: str, title: str, body: str) -> Pull:
        self._ask(branches=(head_ref, base_ref))
        return self._host.open_pull(head_ref, base_ref, title, body)

    def edit_pull(self, number: int, title: str, body: str) -> None:
        self._ask(number)
        self._host.edit_pull(number, title, body)

    def move_branch(self, name: str, expected: str, commit: str) -> bool:
        self._ask(branches=(name,))
        return self._host.move_branch(name, expected, commit)

    def delete_branch(self, name: str) -> None:
        self._ask(branches=(name,))
        self._host.delete_branch(name)

    def merge(self, number: int, head: str, method: str, title: str = "") -> Landing:
        self._ask(number, head=head)
        return self._host.merge(number, head, method, title)

    def arm(self, number: int, head: str, method: str, title: str = "") -> Landing:
        """As the host's, and written down where nobody else armed it. What a stop refuses is disarmed and taken out of
        the merge queue, also where that came meanwhile: whoever kept that stop may have looked for what is armed before
        this was."""
        store, repository = self._store, self._host.repository
        try:
            self._ask(number, head=head)
            pull = self._host.pull(number)
            seen = armed.standing(store, repository, number)
            ours = not pull.armed or (bool(seen.heads) and not armed.by_another(pull))
            if ours:
                armed.begin(store, repository, number, head, method)
            landing = self._host.arm(number, head, method, title)
            if landing.what is Landed.ARMED:
                if ours:  # what was armed before may have been taken back meanwhile
                    armed.begin(store, repository, number, head, method)
                self._ask(number, head=head)
        except Halted:
            self._take_back(number, head)
            raise
        return landing

    def _take_back(self, number: int, head: str) -> None:
        """As far as the forge lets it just now: who carries the stop tries again, and tells where it is not let."""
        host, seen = self._host, armed.standing(self._store, self._host.repository, number)
        taken = kept = False
        for take in (self._disarm, host.dequeue) if head in seen.heads else (self._disarm,) if seen.heads else ():
            try:
                taken = take(number) or taken
            except (Refusal, Gone, Unavailable):
                kept = True
        if taken and not kept:
            armed.end(self._store, host.repository, number, seen, "stopped")

    def _disarm(self, number: int) -> bool:
        """Takes back auto-merge, but no person's."""
        return not armed.by_another(self._host.pull(number)) and self._host.disarm(number)

    def _ask(self, *numbers: int, branches: tuple[str, ...] = (), head: str = "") -> None:
        repository = self._host.repository
        if head and takes_back(self._store, repository, numbers[0], head):
            return
        for number in dict.fromkeys((self._number, *numbers)):
            if stop := stops.holding(self._store, repository, number):
                raise Halted(stop)
        if branches and (found := self._of_branches(branches)):
            raise Halted(found)

    def _of_branches(self, branches: tuple[str, ...]) -> Stop | None:
        """The stop of a pull request whose branch is one of these."""
        here = self._host.repository
        for stop in stops.over(self._store, here, 0.0):
            if stop.holds and stop.number and stop.reaches(here, stop.number):
                try:
                    pull = self._host.pull(stop.number)
                except Gone:
                    continue
                if pull.open and pull.head_ref in branches and not pull.from_fork:
                    return stop
        return None
