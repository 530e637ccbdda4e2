"""One local repository as a `Host` of the workflows: branches are git's, and what a forge would keep besides is kept by
somebody else (`keeping.py`).

Whoever sits at the keyboard is the only person here, with every right, and selfmod's own commits are known by the
identity that they were made with. Whoever can write that repository can forge it; it decides nothing alone: a head
that selfmod did not leave there is known by its name."""

import os
import pwd
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from app.local import refs
from app.local.keeping import Keeping
from app.local.merging import Merging
from app.model.forge import (
    CheckRun,
    Comment,
    Committer,
    FileEdit,
    Grouped,
    Landing,
    Person,
    Pull,
    Required,
    Review,
    Role,
    SeenRun,
)
from app.model.stop import LOCAL
from app.model.trouble import Gone, Superseded
from checks.model.changes import ChangeSet, FileChange
from checks.model.errors import Refusal
from checks.repository import git, history, objects, paths
from checks.repository.writing.branch import NOBODY, Commit, committed

REPOSITORY = LOCAL
APP = 1
OWN = Person("selfmod", 1, bot=True)
BENEATH = b"mode: propose\napprovals:\n  solo: true\n"
"""What holds where the repository's own configuration says nothing else: who asks at the keyboard may have proposals,
and is alone there. Never for CRITICAL, whatever is configured."""


def account() -> str:
    """How the person at the keyboard is called: by the account of this machine, which no configuration changes."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = ""
    return re.sub(r"[^A-Za-z0-9._-]", "-", name)[:60] or f"uid-{os.getuid()}"


class LocalHost(Merging):
    """`root` is a work tree. `into` is the branch that proposals go into (empty: the one that is checked out)."""

    app_id = APP
    repository = REPOSITORY

    def __init__(self, root: Path, keeping: Keeping, into: str = "") -> None:
        super().__init__(root, keeping)
        self._into = into
        self.person = Person(account(), 2)

    def into(self, branch: str) -> None:
        """From now on this is the branch that is worked for, whatever is checked out."""
        self._into = branch

    def default_branch(self) -> str:
        return self._into or refs.checked_out(self._root)

    def pull(self, number: int) -> Pull:
        found = self._keeping.pull(number)
        if found is None:
            raise Gone(f"#{number}")
        return self._now(found)

    def pulls(self, state: str = "open", most: int = 100, base: str = "") -> tuple[Pull, ...]:
        found = []
        for each in self._keeping.pulls():
            if base in ("", each.base_ref):
                now = self._now(each)
                if state == "all" or now.open == (state == "open"):
                    found.append(now)
            if len(found) == most:
                break
        return tuple(found)

    def pulls_of(self, head: str) -> tuple[Pull, ...]:
        return tuple(each for each in self.pulls() if each.head == head)

    def queues(self, head: str) -> tuple[str, ...]:
        return ()

    def groups(self) -> tuple[Grouped, ...]:
        return ()

    def commits(self, number: int) -> tuple[Committer, ...]:
        pull = self.pull(number)
        told = git.output(
            self._root, "rev-list", "--reverse", "--format=%ae%x00%ce", pull.head, "--not", pull.base_sha, "--"
        )
        lines = told.decode("utf-8", "replace").split("\n")[:-1]  # an address may hold what else ends lines
        found = []
        for sha, addresses in zip(lines[::2], lines[1::2], strict=True):
            author, _, committer = addresses.partition("\0")
            found.append(Committer(sha.removeprefix("commit "), self._whose(author), self._whose(committer)))
        return tuple(found)

    def _whose(self, address: str) -> Person:
        return OWN if address == NOBODY.email else self.person

    def reviews(self, number: int) -> tuple[Review, ...]:
        """None: what is agreed to here is agreed to by a command."""
        self.pull(number)
        return ()

    def role(self, login: str, account: int = 0) -> Role:
        return Role.ADMIN if login.casefold() == self.person.login.casefold() else Role.NONE

    def people(self, least: Role) -> tuple[str, ...] | None:
        return (self.person.login,)

    def team(self, name: str) -> tuple[str, ...] | None:
        """Nobody: whose member the person at the keyboard is can be told nowhere."""
        return ()

    def file(self, path: str, ref: str) -> bytes | None:
        commit = self.branch(ref) or (ref if refs.there(self._root, ref) else None)
        if commit is None:
            return None
        found = objects.tree(self._root, commit, (path,)).get(path)
        return objects.content(self._root, found.name) if found and found.mode in history.MODES else None

    def organisation_file(self, path: str) -> bytes | None:
        return BENEATH if path == ".github/selfmod.yml" else None

    def required(self, branch: str) -> Required:
        """Nothing: git asks nobody before it merges. So nothing goes in by itself."""
        return Required()

    def local(self, *commits: str) -> Path:
        for each in commits:
            if not refs.there(self._root, each):
                raise Gone(f"the commit {each[:10]}")
        return self._root

    def runs(self, head: str) -> tuple[SeenRun, ...]:
        return self._keeping.runs(head)

    def put_run(self, run: CheckRun) -> int:
        return self._keeping.put_run(run)

    def set_labels(self, number: int, add: Sequence[str], remove: Sequence[str]) -> None:
        pull = self.pull(number)
        kept = [each for each in pull.labels if each not in remove]
        labels = tuple(dict.fromkeys((*kept, *add)))
        if labels != pull.labels:
            self._keeping.put(replace(pull, labels=labels))

    def comments(self, number: int) -> tuple[Comment, ...]:
        return self._keeping.comments(number)

    def issue(self, number: int) -> str:
        raise Gone(f"there are no issues here: {number}")

    def comment(self, id: int) -> Comment:
        raise Gone(f"comment {id}")  # people write none here

    def put_comment(self, number: int, marker: str, body: str, generation: int) -> None:
        self._keeping.put_comment(number, marker, body, generation)

    def remove_comment(self, number: int, marker: str) -> None:
        self._keeping.remove_comment(number, marker)

    def react(self, comment: int, content: str) -> None:
        """There is nothing to react to."""

    def request_reviewers(self, number: int, people: Sequence[str], teams: Sequence[str]) -> None:
        """There is nobody to ask."""

    def branch(self, name: str) -> str | None:
        return refs.tip(self._root, name)

    def commit_files(self, branch: str, base: str, edits: Sequence[FileEdit], message: str) -> str:
        change = ChangeSet(base, tuple(FileChange(each.path, None, each.content) for each in edits))
        paths.check(change)
        refs.refuse_foreign(branch)
        known = objects.tree(self._root, base, tuple(each.path for each in edits))
        made = committed(Commit(change, branch, message), self._root, base, known, NOBODY.variables())
        there = self.branch(branch)
        if there is None:
            refs.create(self._root, branch, made)
        elif there != made and not self._same(base, there, made):
            raise Refusal(
                f"The branch {branch} is there and holds something else.", f"Remove it: git branch -D {branch}"
            )
        return there or made

    def _same(self, base: str, there: str, made: str) -> bool:
        """Whether a commit is one step from `base` and holds the same files as another."""
        line = git.output(self._root, "rev-list", "--max-count=1", "--parents", there).decode().split()
        trees = git.output(self._root, "rev-parse", f"{there}^{{tree}}", f"{made}^{{tree}}").split()
        return line[1:] == [base] and trees[0] == trees[1]

    def open_pull(self, head_ref: str, base_ref: str, title: str, body: str) -> Pull:
        there = next((each for each in self.pulls() if each.head_ref == head_ref), None)
        if there is not None:
            return there
        head, base = self.branch(head_ref), self.branch(base_ref)
        if head is None or base is None:
            raise Gone(f"the branch {head_ref if head is None else base_ref}")
        return self._keeping.add(
            Pull(
                number=0,
                title=title,
                body=body,
                author=OWN,
                head=head,
                head_ref=head_ref,
                head_repository=REPOSITORY,
                base_ref=base_ref,
                base_sha=base,
                repository=REPOSITORY,
                own=True,
            )
        )

    def edit_pull(self, number: int, title: str, body: str) -> None:
        self._keeping.put(replace(self.pull(number), title=title, body=body))

    def close_pull(self, number: int) -> None:
        self._keeping.put(replace(self.pull(number), open=False))

    def reopen_pull(self, number: int) -> Pull:
        """A closed one that was not merged is open again. Raises Refusal where its branch is gone."""
        pull = self.pull(number)
        if not pull.open and not pull.merged:
            if self.branch(pull.head_ref) is None:
                raise Refusal(
                    f"the branch {pull.head_ref} is gone.",
                    f"Bring it back first: git branch {pull.head_ref} {pull.head[:10]}",
                )
            pull = self._keeping.put(replace(pull, open=True))
        return self._now(pull)

    def move_branch(self, name: str, expected: str, commit: str) -> bool:
        now = self.branch(name)
        if now not in (expected, commit):
            return False
        refs.refuse_foreign(name)
        return now == commit or refs.move(self._root, name, expected, commit)

    def delete_branch(self, name: str) -> None:
        refs.refuse_foreign(name)
        if (now := self.branch(name)) is not None:
            refs.delete(self._root, name, now)

    def arm(self, number: int, head: str, method: str, title: str = "") -> Landing:
        pull = self.pull(number)
        if pull.head != head or not (pull.open or pull.merged):
            raise Superseded
        if pull.merged:
            return Landing.merged(pull.merge_commit)
        return Landing.waits("A person merges it here: selfmod apply.")

    def disarm(self, number: int) -> bool:
        return False

    def dequeue(self, number: int) -> bool:
        return False

    def revert_pull(self, number: int, title: str, body: str) -> Pull | None:
        return None
