"""The host of a run without a database: reading tells what is selfmod's own by more than its account, and what is
written carries what the next run must know."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, cast

from app.action.stateless import markers, recall, stopped
from app.action.stateless.edits import Edits
from app.action.stateless.said import NAMES
from app.model.forge import CheckRun, Comment, Committer, FileEdit, Landing, Pull
from app.model.job import Job
from app.model.modification import Modification, Status, identifier
from app.model.stop import Stop
from app.model.trouble import Gone, Unavailable
from app.orchestrator.landing import BY_A_PERSON
from app.store.connect import Store
from app.store.proposed import modifications, stops
from app.views import onboarding
from app.workflows.host import Host
from app.workflows.stopping.guard import FREE, guarded
from checks.model.errors import Refusal

NOTE = (
    "Opened with a workflow's own token: GitHub starts no workflow for what that does, so only selfmod's check runs "
    "are here. Close and reopen this pull request to start the others, or give the Action the token of an App (input "
    "`token`)."
)
HOURLY = "It is tried again within the hour."
AGAIN = "`/selfmod review` tries again."
"""What is said here instead: nothing runs between two events."""
_MOST = 1_000
_TRIES = 3
_TOLD = (Status.PENDING_APPROVAL, Status.APPROVED, Status.SUPERSEDED, Status.FAILED)


class StatelessHost:
    """`shared`: the account is that of all workflows. Then a pull request is selfmod's own only where its body says
    which modification it is, or it offers a configuration, and nothing is merged. `moved` are pull requests that this
    run opened or pushed to, and that nobody has judged since. A hidden line counts where `edits` tells that nobody but
    this account edited the description last: whoever may write can edit it."""

    def __init__(self, host: Host, store: Store, shared: bool, edits: Edits) -> None:
        self.repository = host.repository
        self.app_id = host.app_id
        self.moved: list[int] = []
        self._host = host
        self._store = store
        self._edits = edits
        self.shared = shared
        self._lines: dict[int, str] = {}
        self._believed: set[tuple[int, str]] = set()
        self._heads: dict[int, str] = {}
        self._branches: dict[int, str] = {}
        self._stops: tuple[Stop, ...] = ()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._host, name)

    # reading

    def pull(self, number: int) -> Pull:
        return self._told((self._host.pull(number),))[0]

    def pulls(self, state: str = "open", most: int = 100, base: str = "") -> tuple[Pull, ...]:
        return self._told(self._host.pulls(state, most, base))

    def pulls_of(self, head: str) -> tuple[Pull, ...]:
        return self._told(self._host.pulls_of(head))

    def commits(self, number: int) -> tuple[Committer, ...]:
        """Of selfmod's own, a commit that GitHub did not sign is nobody's: the App would know which head it left there,
        and what a commit says of its author is anybody's to write."""
        own = self.pull(number).own
        found = self._host.commits(number)
        return tuple(each if each.verified or not own else replace(each, author=None) for each in found)

    def comments(self, number: int) -> tuple[Comment, ...]:
        """One that may hold a word on a commit and was edited, or where that is not told, has no time of its last
        change: GitHub's times are of whole seconds, and within one a text can become another."""
        found = self._host.comments(number)
        asked = {each.id for each in found if not each.own and each.created == each.updated and "/" in each.body}
        if asked:
            with suppress(Gone):  # an issue: no word on a commit is looked for there
                asked -= set(self._edits.unedited(number))
        return tuple(replace(each, updated="") if each.id in asked else each for each in found)

    def reopened(self, pull: Pull) -> bool:
        """Whether somebody opened it again. Where everything is merged by a person that is not asked."""
        return not self.shared and self._edits.reopened(pull.number)

    def _told(self, pulls: Sequence[Pull]) -> tuple[Pull, ...]:
        """As they are, without a hidden line that somebody else may have written. Who edited is asked after the body
        was read, so an edit in between is seen."""
        lines = {(each.number, markers.told(each.body)) for each in pulls if each.own and markers.told(each.body)}
        if unsure := lines - self._believed:
            others = self._edits.by_others(sorted({number for number, _ in unsure}))
            self._believed |= {each for each in unsure if each[0] not in others}
        return tuple(self._seen(each) for each in pulls)

    def _seen(self, pull: Pull) -> Pull:
        self._heads[pull.number] = pull.head
        if not pull.own:
            return pull
        if (pull.number, markers.told(pull.body)) not in self._believed:
            pull = replace(pull, body=markers.unmarked(pull.body))
        self._lines.setdefault(pull.number, markers.told(pull.body))
        mine = pull.number in self.moved or pull.head_ref == onboarding.BRANCH or markers.modification(pull) is not None
        if self.shared and (not mine or pull.from_fork):
            return replace(pull, own=False)
        self._branches[pull.number] = pull.head_ref
        return pull

    # writing

    def put_run(self, run: CheckRun) -> int:
        """Without buttons: GitHub starts no workflow for those of a check run that a workflow made."""
        title, summary, text = (
            whole(each, run.head).replace(HOURLY, AGAIN) for each in (run.title, run.summary, run.text)
        )
        return self._host.put_run(replace(run, buttons=(), title=title, summary=summary, text=text))

    def put_comment(self, number: int, marker: str, body: str, generation: int) -> None:
        self._host.put_comment(number, marker, whole(body, self._heads.get(number, "")), generation)

    def open_pull(self, head_ref: str, base_ref: str, title: str, body: str) -> Pull:
        made = modifications.get(self._store, identifier(self.repository, head_ref))
        try:
            pull = self._host.open_pull(head_ref, base_ref, title, self._body(body, made))
        except Refusal:
            # no later run would know whose the branch is, and that it may be made anew
            if made is not None and not made.number and self._host.branch(head_ref) == made.head:
                with suppress(Refusal):
                    self._host.delete_branch(head_ref)
            raise
        return self._opened(pull)

    def revert_pull(self, number: int, title: str, body: str) -> Pull | None:
        """None: it is made by ourselves then. The commit that GitHub makes does not say who asked for it, and what the
        body says of that is anybody's to take away who may write here, and then approve what they asked for."""
        return None

    def edit_pull(self, number: int, title: str, body: str) -> None:
        made = modifications.of_pull(self._store, self.repository, number)
        self._host.edit_pull(number, title, self._body(body, made))
        self._lines[number] = markers.line(made) if made is not None else ""

    def move_branch(self, name: str, expected: str, commit: str) -> bool:
        there = self._host.move_branch(name, expected, commit)
        made = modifications.get(self._store, identifier(self.repository, name))
        if there and made is not None and made.number:
            self._judge(made.number)
        return there

    def merge(self, number: int, head: str, method: str, title: str = "") -> Landing:
        """Raises Refusal where whoever can push a workflow can act as this account, and so make what selfmod trusts."""
        self._refuse_shared()
        return self._host.merge(number, head, method, title)

    def arm(self, number: int, head: str, method: str, title: str = "") -> Landing:
        """As `merge`."""
        self._refuse_shared()
        return self._host.arm(number, head, method, title)

    def _refuse_shared(self) -> None:
        if self.shared:
            raise Refusal(BY_A_PERSON, "Merge it, or give the Action the token of an App of its own.")

    def _opened(self, pull: Pull) -> Pull:
        self._lines[pull.number] = markers.told(pull.body)
        self._judge(pull.number)
        return self._told((pull,))[0]

    def _judge(self, number: int) -> None:
        if number not in self.moved:
            self.moved.append(number)

    def _body(self, body: str, made: Modification | None) -> str:
        text = f"{body}\n\n---\n\n{NOTE}" if self.shared else body
        return text if made is None else markers.marked(text, made)

    # keeping

    def recall_stops(self) -> None:
        """Asks what is stopped now. Raises Refusal where that cannot be told."""
        recall.stopping(self._store, self._host)
        self._stops = stops.over(self._store, self.repository, 0.0)

    def keep(self) -> None:
        """Writes what must outlast the run, as far as it is not there yet. Raises Refusal where it may not be."""
        if stops.over(self._store, self.repository, 0.0) != self._stops:
            self._keep_stops()
        for made in modifications.recent(self._store, self.repository, _TOLD, _MOST):
            if made.number and markers.line(made) != self._lines.get(made.number):
                pull = self._host.pull(made.number)
                if markers.told(pull.body) != markers.line(made):
                    self._host.edit_pull(made.number, pull.title, markers.marked(pull.body, made))
                self._lines[made.number] = markers.line(made)

    def _keep_stops(self) -> None:
        now = stops.over(self._store, self.repository, 0.0)
        for again in range(_TRIES):
            there = self._host.branch(stopped.BRANCH)
            base = there or self._host.branch(self._host.default_branch())
            if base is None:
                raise Refusal("there is no commit to keep the stop on.", "Push one.")
            content = self._host.file(stopped.FILE, there) if there is not None else None
            every = self._joined(now, content)
            branches = (stopped.branches(content) if content is not None else {}) | self._branches
            edit = FileEdit(stopped.FILE, stopped.document(every, branches))
            try:
                self._host.commit_files(stopped.BRANCH, base, [edit], _message(every))
                break
            except (Refusal, Unavailable):  # another run kept one meanwhile
                if again == _TRIES - 1 or self._host.branch(stopped.BRANCH) is None:
                    raise
        self._stops = now

    def _joined(self, now: Sequence[Stop], content: bytes | None) -> tuple[Stop, ...]:
        """The stops of a file, which others may have kept since this run read them, with what this run changed."""
        kept = stopped.read(content, self.repository) if content is not None else ()
        changed = {(each.number, each.at): each for each in now if each not in self._stops}
        return (*(each for each in kept if (each.number, each.at) not in changed), *changed.values())


def _message(now: Sequence[Stop]) -> str:
    holding = sum(1 for each in now if not each.lifted)
    return f"Emergency stops: {holding} holding\n\nKept by selfmod, which reads them before it writes anything.\n"


def whole(text: str, head: str) -> str:
    """A text in which the commands that name a commit name all of it: here a shortened name is not taken. Pure."""
    for name in NAMES if head else ():
        text = re.sub(rf"(/selfmod {name} ){head[:10]}(?![0-9a-f])", rf"\g<1>{head}", text)
    return text


class Asking:
    """The host as a job may use it, which asks what is stopped before every write that a stop is for: another run may
    have kept one since this one began."""

    def __init__(self, host: StatelessHost, store: Store, job: Job) -> None:
        self._stateless = host
        self._guarded = guarded(cast(Host, host), store, job)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._guarded, name)
        if name in FREE or not callable(found):
            return found
        return self._after_asking(found)

    def _after_asking(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def asked(*given: Any, **named: Any) -> Any:
            self._stateless.recall_stops()
            return call(*given, **named)

        return asked
