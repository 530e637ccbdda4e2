"""How proposals of a local repository stand by what git says, and how they get in: by a merge commit on the branch that
is checked out, whose working tree follows."""

from abc import ABC, abstractmethod
from dataclasses import replace
from pathlib import Path

from app.local import refs
from app.local.keeping import Keeping
from app.model.forge import Landing, Pull
from app.model.modification import identifier
from app.model.trouble import Gone, Superseded
from checks.model import trailers
from checks.model.errors import Refusal
from checks.repository import git
from checks.repository.reverting import rollback
from checks.repository.reverting.reverse import Conflict
from checks.repository.writing.joining import join

SHOWN = 5
"""Files that a refusal names."""


class Merging(ABC):
    """The part of the host that knows commits."""

    def __init__(self, root: Path, keeping: Keeping) -> None:
        self._root, self._keeping = root, keeping
        self._prepared: dict[tuple[int, str], tuple[str, str]] = {}
        """The tip and the merge commit that were made for a proposal's head, and nothing else is merged then."""

    @abstractmethod
    def pull(self, number: int) -> Pull:
        """The proposal as it is now. Raises Gone."""

    def _now(self, pull: Pull) -> Pull:
        """As git has it now, and kept so. Who merged it with git merged it; whoever removed its branch closed it."""
        if not pull.open:
            return pull
        head, base = refs.tip(self._root, pull.head_ref), refs.tip(self._root, pull.base_ref)
        now = replace(pull, head=head or pull.head, base_sha=base or pull.base_sha, open=head is not None)
        # what selfmod committed was not in the branch when it was proposed
        if base is not None and refs.there(self._root, pull.head) and refs.ancestor(self._root, pull.head, base):
            brought = self._brought(pull.head, base)
            now = replace(now, open=False, merged=True, head=pull.head, merge_commit=brought)
        elif head is not None and base is not None and refs.ancestor(self._root, head, base):
            now = replace(now, open=False, head=pull.head)  # somebody pointed the branch at what is in already
        return now if now == pull else self._keeping.put(now)

    def _brought(self, head: str, tip: str) -> str:
        """The commit of the branch by which `head` came into it: the merge, or itself."""
        after = set(self._listed("--ancestry-path", f"{head}..{tip}"))
        first = [each for each in self._listed("--first-parent", tip, "--not", head) if each in after]
        if not first:
            return head
        parents = git.output(self._root, "rev-list", "--max-count=1", "--parents", first[-1]).decode().split()[1:]
        return head if parents[0] == head else first[-1]

    def _listed(self, *options: str) -> list[str]:
        return git.output(self._root, "rev-list", *options).decode().split()

    def prepare(self, number: int, head: str, title: str = "") -> tuple[str, str]:
        """The tip of the branch that a proposal goes into, and the merge commit on it, which nothing names yet: the one
        that `merge` brings in then, or none. Raises Refusal where that branch is not checked out, where the two
        conflict, where work would be lost, and where git does not know who commits; Superseded for another head."""
        pull = self._mergeable(number, head)
        if (here := refs.checked_out(self._root)) != pull.base_ref:
            raise Refusal(f"This goes into {pull.base_ref}, and {here} is checked out.", f"git switch {pull.base_ref}")
        tip = refs.tip(self._root, pull.base_ref)
        if tip is None:
            raise Gone(f"the branch {pull.base_ref}")
        person = rollback.author(self._root)
        rollback.refuse_unclean(self._root)
        joined = join(self._root, head, tip)
        if isinstance(joined, Conflict):
            names = ", ".join(each.path for each in joined.files[:SHOWN])
            more = f" and {len(joined.files) - SHOWN} more" if len(joined.files) > SHOWN else ""
            raise Refusal(
                f"It conflicts with what {pull.base_ref} got since, in {names}{more}.",
                f"Make it anew on the tip: selfmod rebase {identifier(pull.repository, pull.head_ref)}",
            )
        rollback.refuse(self._root, joined)
        made = rollback.prepared(self._root, joined, _message(pull, title), person, head)
        self._prepared[number, head] = tip, made
        return tip, made

    def merge(self, number: int, head: str, method: str, title: str = "") -> Landing:
        """A merge commit, whatever `method` says: it keeps what was approved as it was. No hook runs, and nothing is
        signed. Raises Superseded also where the branch moved since `prepare`."""
        pull = self._now(self.pull(number))
        if pull.merged and pull.head == head:
            return Landing.merged(pull.merge_commit)
        tip, made = self._prepared.get((number, head)) or self.prepare(number, head, title)
        pull = self._mergeable(number, head)
        if refs.tip(self._root, pull.base_ref) != tip or refs.checked_out(self._root) != pull.base_ref:
            raise Superseded
        rollback.refuse_unclean(self._root)
        person = rollback.author(self._root)
        rollback.advance(self._root, tip, made, f"selfmod apply: {pull.title[:100]}", person)
        self._keeping.put(replace(pull, open=False, merged=True, merge_commit=made))
        return Landing.merged(made)

    def _mergeable(self, number: int, head: str) -> Pull:
        pull = self.pull(number)
        if pull.head != head or not pull.open:
            raise Superseded
        return pull


def _message(pull: Pull, title: str) -> str:
    own = trailers.line(trailers.MODIFICATION, identifier(pull.repository, pull.head_ref))
    return f"{title or pull.title}\n\nMerge branch '{pull.head_ref}' into {pull.base_ref}\n\n{own}\n"
