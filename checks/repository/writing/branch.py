"""A change set as a commit on a new branch, made beside the working tree and the index."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from checks.model.changes import ChangeSet, digest
from checks.model.errors import Refusal
from checks.repository import git, history, objects, paths, scratch
from checks.repository.writing import person as people
from checks.repository.writing.person import Person

NOBODY = Person("selfmod", "selfmod@localhost")
"""Who commits where git knows no name, or no address."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit to be made: its change, the new branch that names it, and its message."""

    change_set: ChangeSet
    branch: str
    message: str


def commit_on_branch(change_set: ChangeSet, root: Path, branch: str, message: str, person: Person | None = None) -> str:
    """As `commit_on_branches`, for one."""
    return commit_on_branches((Commit(change_set, branch, message),), root, person)[0]


def commit_on_branches(commits: Sequence[Commit], root: Path, person: Person | None = None) -> list[str]:
    """Makes a commit of each change set on top of HEAD, names it by its new branch, and returns the object names.
    Neither the working tree, nor the index, nor any other branch changes; all branches are made, or none. The commits
    are by `person`, or by whom git is told to commit as.

    Raises Refusal where a branch exists or cannot be named so, there is no commit yet, or a file in HEAD is not what
    the change was made for: uncommitted work is in it."""
    for each in commits:
        paths.check(each.change_set)
    head = refuse_names(root, [each.branch for each in commits])
    for each in commits:
        if not each.change_set.files:
            raise Refusal("There is nothing to commit.", "Nothing was changed.")
    known = objects.tree(root, head, tuple({change.path for each in commits for change in each.change_set.files}))
    for each in commits:
        _refuse_uncommitted(each.change_set, root, known)
    who = (person or people.configured(root, NOBODY)).variables()
    made = [committed(each, root, head, known, who) for each in commits]
    # An expected old value of zeros: the reference must not exist, also not since it was asked for above.
    orders = "".join(
        f"update refs/heads/{each.branch}\0{name}\0{'0' * len(head)}\0"
        for each, name in zip(commits, made, strict=True)
    )
    git.output(
        root,
        *("update-ref", "--no-deref", "-m", "selfmod: branch", "--stdin", "-z"),
        stdin=orders.encode("utf-8", "surrogateescape"),
        extra=who,
    )
    return made


def committed(commit: Commit, root: Path, head: str, entries: dict[str, objects.Blob], who: dict[str, str]) -> str:
    """The object name of a commit on top of `head`, which nothing names yet. `entries` are those of `head` by the paths
    of the change, `who` the variables of who makes it. Paths are not checked here (`paths.check`)."""
    records = []
    for change in commit.change_set.files:
        if change.after is None:
            records.append(f"0 {'0' * len(head)}\t{change.path}")
            continue
        name = git.output(root, "hash-object", "-w", "--stdin", "--no-filters", stdin=change.after).decode().strip()
        # The mode of a file that was there is kept, as in `apply.write`.
        mode = entries[change.path].mode if change.path in entries else "100755" if change.executable else "100644"
        records.append(f"{mode} {name}\t{change.path}")
    with scratch.folder() as folder:
        extra = {"GIT_INDEX_FILE": f"{folder}/index"}
        git.output(root, "read-tree", head, extra=extra)
        given = "".join(record + "\0" for record in records).encode("utf-8", "surrogateescape")
        git.output(root, "update-index", "-z", "--index-info", stdin=given, extra=extra)
        tree = git.output(root, "write-tree", extra=extra).decode().strip()
    text = commit.message.encode("utf-8", "replace")
    made = git.output(root, "commit-tree", tree, "-p", head, "-F", "-", stdin=text, extra=who)
    return made.decode().strip()


def refuse_names(root: Path, branches: Sequence[str]) -> str:
    """The commit that new branches would build on. Raises Refusal where there is none, or one of the names is taken, is
    no name for a branch, or cannot stand beside another."""
    if git.find_root(root) != root.resolve():
        raise Refusal(f"{root} is not the root of a git repository.", "Use --apply, or make it one: git init")
    head = history.head(root)
    listed = git.output(root, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads")
    known = listed.decode("utf-8", "surrogateescape").split()
    for branch in branches:
        _check_branch(root, branch, known)
        known.append(branch)
    if head is None:
        raise Refusal(f"{root} has no commit to build on.", "Commit first, or use --apply.")
    return head


def _check_branch(root: Path, branch: str, known: Sequence[str]) -> None:
    well_formed = bool(branch) and not branch.startswith("-") and "\0" not in branch and branch != "HEAD"
    if not well_formed or git.run(root, "check-ref-format", f"refs/heads/{branch}").status != 0:
        raise Refusal(
            f"{branch!r} is no name for a branch.", "Use letters, digits, '-' and '/', for example selfmod/fix."
        )
    if branch in known:
        raise Refusal(f"The branch {branch} exists already.", f"Use another name, for example {_free(branch, known)}.")
    for name in known:
        if name.startswith(f"{branch}/") or branch.startswith(f"{name}/"):
            raise Refusal(
                f"The branch {branch} cannot stand beside {name}.",
                "Neither name may be the other's folder: use another name, for example "
                f"{_free(name if branch.startswith(f'{name}/') else branch, known)}.",
            )


def _free(branch: str, known: Sequence[str]) -> str:
    """A name like the branch's that nothing stands in the way of."""
    return next(
        name
        for name in (f"{branch}-{number}" for number in itertools.count(2))
        if not any(each == name or each.startswith(f"{name}/") for each in known)
    )


def _refuse_uncommitted(change_set: ChangeSet, root: Path, entries: dict[str, objects.Blob]) -> None:
    differing = []
    for change in change_set.files:
        entry = entries.get(change.path)
        regular = entry is not None and entry.mode in history.MODES
        committed = digest(objects.content(root, entry.name)) if entry is not None and regular else None
        if committed != change.before or (entry is not None and not regular):
            differing.append(history.shown(change.path))
    if differing:
        raise Refusal(
            f"No commit was made: these files have work that is not committed: {', '.join(differing[:20])}.",
            "Commit or stash it and run the fix again, or use --apply.",
        )
