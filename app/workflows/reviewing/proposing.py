"""Whose pull request it is: a program's only as long as nobody else had a hand in it."""

import json
import re
from pathlib import Path

from app.model.forge import Person, Pull
from app.model.job import PUSHED, Job
from app.model.modification import Sort
from app.store import audit
from app.store.proposed import modifications
from app.workflows.steps import Tools
from checks.model.errors import Refusal
from checks.model.safety import Proposer
from checks.repository import git
from checks.settings import Settings

MOST_LOOKED = 1_000
"""Audit records of a pull request among which pushes are looked for."""
WEB_FLOW = "web-flow"
"""GitHub's own account: the committer of what is committed on its pages and through its API."""
_LISTED = re.compile(r"^- ([a-z0-9-]+): ", re.MULTILINE)
"""A fix in the message of one of selfmod's commits."""
SYNCHRONIZE = "synchronize"
"""GitHub's action on a pull request that was pushed to; the actor of such a job is who pushed."""


def proposer_of(tools: Tools, pull: Pull, settings: Settings, job: Job | None = None) -> Proposer:
    """Who proposes it. What comes from elsewhere is a stranger's, whoever opened it; what a dependency bot or selfmod
    opened is a person's as soon as anybody else wrote, committed or pushed any of it. `job` is the one that runs: the
    push that it tells of may not be written down yet."""
    if pull.from_fork:
        return Proposer.FORK
    if not pull.own and pull.author.login not in settings.dependency_bots:
        return Proposer.PERSON
    pushed = [job.actor] if job is not None and job.reason == SYNCHRONIZE and job.actor else []
    if pull.own and _moved(tools, pull):
        return Proposer.PERSON
    if not _alone(tools, pull, (*pushers(tools, pull), *pushed)):
        return Proposer.PERSON
    return Proposer.SELFMOD if pull.own else Proposer.DEPENDENCY_BOT


def fixes_of(tools: Tools, pull: Pull, root: Path) -> tuple[str, ...]:
    """The rules whose pre-approved fixes a head is, as the message of its commit lists them. The message is believed
    because selfmod kept, before it opened the pull request, that this commit is what it left there; nothing for every
    other head, and nothing where any workflow could have left it there. `root` is a local repository that holds it."""
    if tools.shared:
        return ()
    made = modifications.on_branch(tools.store, pull.repository, pull.head_ref)
    if made is None or made.sort is not Sort.FIX or made.head != pull.head or not pull.own:
        return ()
    message = git.output(root, "show", "--no-patch", "--format=%B", pull.head, "--").decode("utf-8", "replace")
    return tuple(dict.fromkeys(_LISTED.findall(message)))


def _moved(tools: Tools, pull: Pull) -> bool:
    """Whether the head is another one than selfmod left there: what commits say of their authors is anybody's to
    write."""
    made = modifications.of_pull(tools.store, pull.repository, pull.number)
    return made is not None and bool(made.head) and made.head != pull.head


def pushers(tools: Tools, pull: Pull) -> tuple[str, ...]:
    """Who pushed to the pull request since it was opened, as its deliveries told."""
    told = audit.about(tools.store, pull.repository, f"{pull.repository}#{pull.number}", MOST_LOOKED)
    return tuple(dict.fromkeys(str(json.loads(each.facts)["actor"]) for each in told if each.kind == PUSHED))


def _alone(tools: Tools, pull: Pull, pushed: tuple[str, ...]) -> bool:
    """Whether the author alone made it. What cannot be told (no account, commits that are not shown) is no yes."""
    if any(each.casefold() != pull.author.login.casefold() for each in pushed):
        return False
    try:
        commits = tools.host.commits(pull.number)
    except Refusal:
        return False
    return bool(commits) and all(
        _same(each.author, pull.author) and (_same(each.committer, pull.author) or _is_github(each.committer))
        for each in commits
    )


def _same(one: Person | None, other: Person) -> bool:
    """By the account's number where both are known: a login can become somebody else's."""
    if one is None:
        return False
    return one.id == other.id if one.id and other.id else one.login.casefold() == other.login.casefold()


def _is_github(one: Person | None) -> bool:
    return one is not None and one.login == WEB_FLOW
