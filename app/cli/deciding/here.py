"""What every verb about local proposals is composed of: the store in the git directory, the host over it, and where
tests run."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from app.cli.deciding import opening
from app.cli.group import say
from checks.model.errors import Refusal

if TYPE_CHECKING:
    from app.local.host import LocalHost
    from app.model.forge import Pull
    from app.model.job import Job, Kind
    from app.model.modification import Modification
    from app.store.connect import Store
    from app.workflows.reviewing.gated import Gated
    from app.workflows.steps import Tools
    from checks.repository.change import Change
    from checks.settings import Settings
    from checks.validation.asked import Tested

Identifier = Annotated[
    str, typer.Argument(metavar="ID", help="The proposal: mod_… or the beginning of it, or the name of its branch.")
]
Python = Annotated[
    Path | None,
    typer.Option("--python", metavar="PATH", help="The interpreter or virtual environment that the tests run with."),
]
NoSandbox = Annotated[
    bool, typer.Option("--no-sandbox", help="Do not run the tests; what is judged so is at least MEDIUM_RISK.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
WAIT = 2.0
"""Seconds that another selfmod on the same repository is waited for."""
MOST_JOBS = 50
"""Jobs that follow from one."""
MOST = 1_000
"""Proposals among which one is looked for, the newest first."""
UNTESTED = "left out: --no-sandbox"


@dataclass(frozen=True, slots=True)
class Here:
    """A local repository at work. `host` is the repository as it is; jobs get it with the store's stops before it."""

    root: Path
    store: "Store"
    host: "LocalHost"
    tools: "Tools"

    @property
    def actor(self) -> str:
        """Who sits at the keyboard."""
        return self.host.person.login

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other selfmod decides or proposes here meanwhile. Raises Refusal where one does."""
        from app.store import locks

        try:
            with locks.exclusive(self.store, "local", WAIT):
                yield
        except locks.Busy:
            raise Refusal("another selfmod is at work on this repository.", "Wait until it has ended.") from None

    def job(
        self, kind: "Kind", pull: "Pull | None" = None, *, reason: str = "", words: str = "", needs: str = ""
    ) -> "Job":
        """A job of the person at the keyboard. `again` makes it one of its own."""
        from app.local.host import REPOSITORY
        from app.model.job import Job

        number, head = (pull.number, pull.head) if pull is not None else (0, "")
        again = secrets.token_hex(6)
        return Job(
            kind, REPOSITORY, 0, number, head, reason=reason, actor=self.actor, needs=needs, again=again, words=words
        )

    def tools_for(self, job: "Job", following: "list[Job]") -> "Tools":
        """What the steps of a job work with; what they start goes to `following`."""
        from app.workflows.host import Host
        from app.workflows.stopping.guard import guarded

        host = guarded(cast(Host, self.host), self.store, job)
        return replace(self.tools, host=host, enqueue=following.append)

    def run(self, job: "Job") -> None:
        """Does a job, and what follows from it, one after the other."""
        from app.cli.serving.verbs import VERBS
        from app.workflows.steps import run_all

        waiting: list[Job] = [job]
        done: set[str] = set()
        while waiting and len(done) < MOST_JOBS:
            each = waiting.pop(0)
            if each.identity not in done and each.kind in VERBS:
                done.add(each.identity)
                run_all(VERBS[each.kind], self.tools_for(each, waiting), each)

    def standing(self, pull: "Pull", judge: bool = False) -> "Gated | None":
        """How a proposal stands, None where nobody judged its head; with `judge` it is judged then."""
        from app.model.job import Kind
        from app.workflows.proposing import applying

        tools = self.tools_for(self.job(Kind.GATE, pull), [])
        gated = applying.standing(tools, pull)
        if judge and pull.open and applying.unjudged(gated):
            self.run(self.job(Kind.REVIEW, pull))
            gated = applying.standing(tools, self.host.pull(pull.number))
        return gated

    def named(self, identifier: str) -> "tuple[Modification, Pull]":
        """The proposal that a person means, as git has it now. Raises Refusal where it is none, or could be several."""
        from app.local.host import REPOSITORY
        from app.store.proposed import modifications

        known = [each for each in modifications.recent(self.store, REPOSITORY, most=MOST) if each.number]
        found = [each for each in known if identifier in (each.id, each.branch)]
        if not found and len(identifier) >= len("mod_") + 2 and identifier.startswith("mod_"):
            found = [each for each in known if each.id.startswith(identifier)]
        if len(found) != 1:
            why = f"could be {', '.join(each.id for each in found[:5])}" if found else "is no proposal here"
            raise Refusal(f"{identifier[:100]!r} {why}.", "All proposals: selfmod status --all")
        return self.seen(found[0])

    def seen(self, made: "Modification") -> "tuple[Modification, Pull]":
        """A modification with its proposal as git has it now: what git merged, or whose branch is gone, is kept so."""
        from app.model.modification import Status
        from app.store.proposed import modifications
        from app.workflows.proposing.ended import ended

        pull = self.host.pull(made.number)
        ended_before = made.status in (Status.APPLIED, Status.ROLLED_BACK, Status.SUPERSEDED)
        if not pull.open and not ended_before:
            ended(self.tools, pull, "")
            made = modifications.get(self.store, made.id) or made
        return made, pull


@contextmanager
def here(
    place: Path, make: bool = False, python: Path | None = None, no_sandbox: bool = False, into: str = ""
) -> Iterator[Here]:
    """The repository that a path is in, with its store, until the block ends. Raises Refusal."""
    from checks.debugging.cache import folder

    root = opening.root_of(place)
    with opening.opened(root, make) as store:
        from app.local.host import APP, OWN, REPOSITORY, LocalHost
        from app.model.trouble import Gone
        from app.settings import ServerSettings
        from app.store.forge.kept import Kept
        from app.workflows.host import Host
        from app.workflows.steps import Tools

        host = LocalHost(root, Kept(store, REPOSITORY, OWN, APP), into)
        # what is found in files is kept with the account: a repository could bring findings of its own
        data = folder() or opening.folder_of(root)
        settings = ServerSettings(database_url="sqlite:///", data_dir=data)

        def testing(found: "Settings", _: "Change") -> "Tested":
            from checks.judge import ready

            return ready(found, root, python)

        untested = UNTESTED if no_sandbox else ""
        tools = Tools(cast(Host, host), store, settings, untested=untested, testing=testing)
        with _told():
            try:
                yield Here(root, store, host, tools)
            except Gone as gone:
                raise Refusal(f"{gone} is gone.", "See selfmod status.") from None


@contextmanager
def _told() -> Iterator[None]:
    """What the workflows log as wrong is a line each, without traceback."""
    handler, log = _Said(level=logging.WARNING), logging.getLogger("app")
    log.addHandler(handler)
    before, log.propagate = log.propagate, False
    try:
        yield
    finally:
        log.propagate = before
        log.removeHandler(handler)


class _Said(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        say(f"selfmod: {record.getMessage()}" + (f": {record.exc_info[1]}" if record.exc_info else ""))
