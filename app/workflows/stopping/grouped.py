"""Which of selfmod's own pull requests that are stopped a merge group holds.

A group's branch is named for its last pull request alone, and how GitHub puts the others in is the repository's choice
(merged, squashed or rebased). Each of these tells that one is in: the branch of a group between base and head has its
number; a line of a commit there says so in GitHub's words; its head lies between them; each of its commits that the
target branch does not have has the same difference as one there. *Unverified*: that GitHub keeps a branch for each
member of a group, and its words for the commits where the repository chose others. Whoever writes such words into a
commit of their own holds that group."""

import re
from pathlib import Path

from app.model.forge import Pull
from app.model.stop import Stop
from app.model.trouble import Gone
from app.store.proposed import stops
from app.workflows.steps import Tools
from app.workflows.stopping.halted import halted
from app.workflows.stopping.opened import opened
from checks.model.errors import Refusal
from checks.repository import git, history

_NAMED = re.compile(rb"^(?:Merge pull request #(\d{1,9})\b.*|.* \(#(\d{1,9})\))$")


def stopped_in(tools: Tools, repository: str, base: str, head: str) -> tuple[Pull, Stop] | None:
    """One of selfmod's own between two commits that a stop holds for, None where none does. Others' are held by no
    stop. `base` is the tip of the target branch: what GitHub calls the base of a group is its parent, and for all but
    the first in the queue that is the group before. Raises Unavailable."""
    over = [each for each in stops.over(tools.store, repository, 0.0) if each.holds]
    if not over:
        return None
    root = tools.host.local(base, head)
    between = set(git.output(root, "rev-list", head, "--not", base, "--").decode().split())
    numbers = _numbers(root, base, head)
    numbers |= {each.number for each in tools.host.groups() if each.head in between}
    for pull in opened(tools, repository):
        if not pull.own or not any(each.reaches(repository, pull.number) for each in over):
            continue
        stop = halted(tools.store, pull).stop
        if stop is not None and (
            pull.number in numbers or pull.head in between or _like(tools, root, pull, base, head)
        ):
            return pull, stop
    return None


def _numbers(root: Path, base: str, head: str) -> set[int]:
    """Those that the first lines of the commits name."""
    lines = git.run(root, "log", "--format=%s", head, "--not", base, "--").output.splitlines()
    found = (_NAMED.match(line) for line in lines)
    return {int(match[1] or match[2]) for match in found if match}


def _like(tools: Tools, root: Path, pull: Pull, base: str, head: str) -> bool:
    """Whether each commit of a pull request has its like there: so it is rebased, and squashed if it has one. What
    stands in `base` is no likeness of it: a person may have put the same there by hand."""
    try:
        tools.host.local(pull.head)
    except (Gone, Refusal):
        return False
    return history.alike(root, pull.head, base, head)
