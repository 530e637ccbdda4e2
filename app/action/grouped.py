"""Which stopped proposal of selfmod's own a merge group holds, as the clone tells it: where a change is judged there is
no token that could ask GitHub.

actions/checkout with `fetch-depth: 0` brings every branch: the one that keeps the stops, those of the proposals, and
the one that the group goes into, all as they were at that moment. A branch is a proposal's where its name begins as
selfmod's do and one of its commits names a modification. It is in the group where its head is, where a commit there
names the same modification, or where each of its commits has its like there (`app.workflows.stopping.grouped` asks who
opened what instead); several commits that are squashed without their messages are not found. Whoever may push can write
such names, and end a stop too. *Unverified* against github.com: that a checkout for a merge group has all branches, and
that a squash in a merge queue keeps the messages as the repository chose for every other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.action.stateless import stopped
from app.model.modification import BRANCHES, Sort
from app.model.stop import OUT, Stop
from app.views import onboarding
from checks.model import trailers
from checks.model.errors import Refusal
from checks.repository import git, history

ORIGIN = "refs/remotes/origin/"
BLIND = "this clone has no other branches, so nothing tells what is stopped: give actions/checkout `fetch-depth: 0`"


@dataclass(frozen=True, slots=True)
class Held:
    """What a group is held for: a proposal in it, how that is stopped in words, and what is done."""

    what: str
    how: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what} in this group {self.how}. {OUT} {self.remedy}"


def blind(root: Path, into: str) -> bool:
    """Whether the clone does not even have the branch that a group goes into (empty: not said)."""
    return bool(into) and not _commit(root, into)


def held(root: Path, into: str, base: str, head: str, repository: str) -> Held | None:
    """The first that a stop holds for, None where none does: others' are held by no stop. `base` is what GitHub calls
    the group's, which for all but the first in the queue is the group before. Raises Refusal where git cannot tell."""
    kept = _commit(root, stopped.BRANCH)
    ran = git.run(root, "cat-file", "blob", f"{kept}:{stopped.FILE}") if kept else None
    if ran is None or ran.status != 0:
        return None
    target = _commit(root, into) or base
    try:
        stops = [each for each in stopped.read(ran.output, repository) if each.holds]
    except Refusal as refusal:
        of_all = f"counts as stopped: {refusal.reason.rstrip('.')}", str(refusal.hint)
        return next((Held(name, *of_all) for name, _ in _inside(root, target, head)), None)
    named = stopped.branches(ran.output)
    for name, _ in _inside(root, target, head) if stops else ():
        if (stop := _reaching(stops, named, name)) is not None:
            what = f"pull request {stop.number} ({name})" if stop.number else name
            return Held(what, f"is {stop.said}", stop.remedy)
    return None


def _reaching(stops: Sequence[Stop], branches: dict[int, str], name: str) -> Stop | None:
    """The widest that reaches a proposal."""
    over = [each for each in stops if not each.number or branches.get(each.number) == name]
    return min(over, key=lambda each: each.number, default=None)


def _inside(root: Path, target: str, head: str) -> Iterator[tuple[str, str]]:
    """The proposals in a group, by branch and head, but for those that take something back: no stop is for such."""
    there = set(git.output(root, "rev-list", head, "--not", target, "--").decode().split())
    names = trailers.values(_messages(root, head, "--not", target), trailers.MODIFICATION)
    for name, commit in _proposals(root):
        own = trailers.values(_messages(root, commit, "--not", target), trailers.MODIFICATION)
        if (not own and name != onboarding.BRANCH) or _takes_back(root, name, commit):
            continue
        if commit in there or not set(own).isdisjoint(names) or history.alike(root, commit, target, head):
            yield name, commit


def _proposals(root: Path) -> list[tuple[str, str]]:
    """The branches that selfmod may have made, with their heads."""
    told = git.output(root, "for-each-ref", "--format=%(objectname) %(refname)", f"{ORIGIN}{BRANCHES}")
    pairs = (line.partition(" ") for line in told.decode("utf-8", "replace").splitlines())
    found = ((ref.removeprefix(ORIGIN), commit) for commit, _, ref in pairs)
    return [(name, commit) for name, commit in found if name != stopped.BRANCH]


def _takes_back(root: Path, name: str, commit: str) -> bool:
    """With another commit on top it is what selfmod made no more."""
    last = _messages(root, "--max-count=1", commit)
    return name.startswith(f"{BRANCHES}{Sort.REVERT.value}/") and f"\n{trailers.REVERTS}: " in last


def _messages(root: Path, *commits: str) -> str:
    """Of the commits that these options and names of git's log mean, together."""
    return git.output(root, "log", "--format=%B", *commits, "--").decode("utf-8", "replace")


def _commit(root: Path, branch: str) -> str:
    """The head of a branch of origin, empty where the clone has none of that name."""
    try:
        return history.resolve(root, f"{ORIGIN}{branch}") if branch else ""
    except Refusal:
        return ""
