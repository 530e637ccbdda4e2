"""What was proposed before: nothing is proposed twice, and nothing that somebody closed or took back."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.model.forge import Pull
from app.model.modification import BRANCHES, Modification, Sort, Status, branch, identifier
from app.store.connect import Store
from app.store.proposed import modifications
from app.workflows.host import Host

MOST = 1_000
"""Modifications that are looked through, the newest first."""
CLOSED = 100
"""Closed pull requests that are looked through, for what the store does not know."""
_STANDING = (Status.PENDING_APPROVAL, Status.APPROVED, Status.REJECTED, Status.ROLLED_BACK)
_ENDED = (Status.APPLIED, Status.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a proposal stands: `branch` its name, `before` the modification that is kept of it."""

    branch: str
    before: Modification | None

    @property
    def why_not(self) -> str:
        """Why it is not proposed, empty where it may be."""
        return why_not(self.before) if self.before else ""


def standing(store: Store, repository: str, base_ref: str) -> Mapping[str, Modification]:
    """The findings that an open, closed or taken back proposal into this branch is about, by fingerprint."""
    found: dict[str, Modification] = {}
    for each in modifications.recent(store, repository, _STANDING, MOST):
        if each.sort is Sort.FIX and each.base_ref == base_ref and each.number:
            for key in each.keys:
                found.setdefault(key, each)
    return found


def open_(before: Modification) -> bool:
    """Whether it is proposed and nobody has ended it."""
    return bool(before.number) and before.status in (Status.PENDING_APPROVAL, Status.APPROVED)


def why_not(before: Modification) -> str:
    """In words: it is open, was closed, was taken back. Empty where none of them holds."""
    match before.status:
        case Status.REJECTED:
            by = f" ({before.reason})" if before.reason not in ("", "closed") else ""
            return f"pull request {before.number} proposed this and was closed{by}: reopen it"
        case Status.ROLLED_BACK:
            return f"pull request {before.number} brought this and was taken back"
    return f"pull request {before.number} proposes this already" if open_(before) else ""


def place(store: Store, repository: str, word: str, keys: tuple[str, ...]) -> Place:
    """The branch of a proposal. One that was merged, or that its base had no need of, and is needed once more is
    another proposal: its name follows from the former one's end too; so does that of one whose identifier a proposal of
    another repository has, which was called so before."""
    more: tuple[str, ...] = ()
    while True:
        name = branch(Sort.FIX, word, *keys, *more)
        before = modifications.on_branch(store, repository, name)
        if before is None:  # of a repository that was called so once?
            before = modifications.get(store, identifier(repository, name))
        elif before.status not in _ENDED:
            return Place(name, before)
        if before is None:
            return Place(name, None)
        more = (*more, f"{len(more)} {before.id}")


def own(pull: Pull) -> bool:
    """Whether a pull request is one that selfmod proposed, by who opened it and where its branch lies."""
    return pull.own and not pull.from_fork and pull.head_ref.startswith(BRANCHES)


def closed(host: Host, name: str) -> Pull | None:
    """The pull request of a branch that was closed and not merged, None where there is none."""
    for each in host.pulls("closed", CLOSED):
        if own(each) and each.head_ref == name and not each.merged:
            return each
    return None
