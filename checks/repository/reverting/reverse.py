"""The tree that a commit would have without a modification that is in its history; nothing is written for it.

It is the merge that `git revert` makes, with git's own engine: what the branch did since the modification, and what
takes the modification back, both seen from the commit that brought it in. The merge happens in a repository of our own
(`bench`), so neither drivers nor attributes of the repository have a say: `merge=union` and the like do not count, and
where they would have settled something, a conflict is reported. Needs git 2.38 or newer (`merge-tree --write-tree`)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from checks.model.errors import Refusal
from checks.repository import git, history, objects
from checks.repository.reverting import follow
from checks.repository.reverting.bench import bench
from checks.repository.reverting.clashes import RENAMED_TWICE, Clash, clashes

HELD = 256 * 1024 * 1024
"""Bytes of all files together that a rollback may bring back or change."""
MEMORY = 4 * 1024 * 1024 * 1024
"""Address space of the git that merges, in bytes."""
_NOBODY = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "selfmod"), ("EMAIL", "selfmod@localhost"), ("DATE", "1000000000 +0000"))
}


@dataclass(frozen=True, slots=True)
class Edit:
    """One path that becomes another. Modes as git writes them, `was` None where nothing is before, `mode` None where
    nothing is afterwards. `content` is a file's bytes or a link's target, None for what is deleted and for a submodule;
    `name` is the object's full name, of a submodule its commit."""

    path: str
    was: str | None
    mode: str | None
    name: str | None = None
    content: bytes | None = field(default=None, repr=False)

    @property
    def needs_mode(self) -> bool:
        """Whether a way to commit that takes paths and contents alone, such as `createCommitOnBranch` of GitHub, cannot
        be trusted with it: it says nothing of modes and makes plain files. *Unverified*: whether an executable file
        that it changes stays one; it is taken that it does not."""
        plain = (None, "100644")
        return self.mode not in plain or (self.mode is not None and self.was not in plain) or self.was == "160000"


@dataclass(frozen=True, slots=True)
class Reverted:
    """`onto` and `commits` are full names of commits, `tree` that of the tree that results: it is stored nowhere.
    `edits` lead there from `onto`, sorted by path, deletions first; without any, the modification was gone already."""

    onto: str
    commits: tuple[str, ...]
    tree: str
    edits: tuple[Edit, ...]

    @property
    def gone(self) -> bool:
        """Whether there is nothing left to take back."""
        return not self.edits

    @property
    def needs_mode(self) -> tuple[Edit, ...]:
        """The edits that need a commit that is made of a tree with modes."""
        return tuple(edit for edit in self.edits if edit.needs_mode)


@dataclass(frozen=True, slots=True)
class Conflict:
    """`commit` could not be taken back from `onto`: `files` are what later commits stand in the way of, by path."""

    onto: str
    commit: str
    files: tuple[Clash, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """What a modification made of a tree: from commit `before` (None: from nothing) to commit `after`."""

    before: str | None
    after: str


def reverse(root: Path, commits: Sequence[str], onto: str) -> Reverted | Conflict:
    """What `onto` becomes without the modification that came in by `commits`, oldest first, as they are in its history:
    a merge commit stands for all that it brought to its first parent, a squash or any other commit for itself, and
    `base..head` for everything between the two. `root` is a work tree.

    Raises Refusal for what is no commit or is not in the history of `onto`, and where git is too old."""
    target = history.resolve(root, onto)
    spans = _joined([_span(root, each) for each in commits])
    for span in spans:
        _refuse_elsewhere(root, span.after, target, onto)
    with bench(root) as place:
        start = tree = tree_of(place, target)
        for span in reversed(spans):
            before = _empty(place) if span.before is None else tree_of(place, span.before)
            found = merged(place, tree_of(place, span.after), tree, before)
            if not isinstance(found, str):
                return Conflict(target, span.after, _as_called_now(place, found, tree, span.after, before))
            if kept := _living_on(root, place, span, before, tree, target):
                return Conflict(target, span.after, kept)
            tree = found
        return Reverted(target, tuple(span.after for span in spans), tree, edits(place, start, tree))


def before(root: Path, commits: Sequence[str], onto: str) -> str | None:
    """The commit that a modification was made on, which came into the history of `onto` by `commits` (as `reverse`
    takes them): it is in that history too. None where nothing was before. Raises Refusal as `reverse` does."""
    target = history.resolve(root, onto)
    spans = [_span(root, each) for each in commits]
    for span in spans:
        _refuse_elsewhere(root, span.after, target, onto)
    return spans[0].before


def difference(root: Path, reverted: Reverted) -> bytes:
    """The edits as a diff that `git apply` takes, binary files and modes included."""
    with bench(root) as place:
        tree = stored(place, reverted)
        options = ("-r", "-p", "-M", "--binary", "--full-index", "--no-color", "--no-ext-diff", "--no-textconv")
        return git.output(place, "diff-tree", *options, reverted.onto, tree)


def stored(place: Path, reverted: Reverted, extra: dict[str, str] | None = None) -> str:
    """Stores the resulting tree, which has the name that it was said to have, in the repository `place` with an index
    that `extra` names (`GIT_INDEX_FILE`; of no use for anything else afterwards), and returns its name."""
    zero = "0" * len(reverted.onto)
    records = []
    for edit in reverted.edits:
        if edit.content is not None:
            git.output(place, "hash-object", "-w", "--stdin", "--no-filters", stdin=edit.content)
        records.append(f"{edit.mode or 0} {edit.name or zero}\t{edit.path}\0")
    git.output(place, "read-tree", reverted.onto, extra=extra)
    given = "".join(records).encode("utf-8", "surrogateescape")
    git.output(place, "update-index", "-z", "--index-info", stdin=given, extra=extra)
    tree = git.output(place, "write-tree", "--missing-ok", extra=extra).decode().strip()
    if tree != reverted.tree:
        raise AssertionError(f"the edits make the tree {tree}, not {reverted.tree}")
    return tree


def _span(root: Path, named: str) -> Span:
    base, dots, head = named.partition("..")
    if not dots:
        commit = history.resolve(root, named)
        return Span(first_parent(root, commit), commit)
    before, after = history.resolve(root, base), history.resolve(root, head)
    if git.run(root, "merge-base", "--is-ancestor", before, after).status != 0:
        raise Refusal(f"{base} is not in the history of {head}.", "Name a range as base..head, the older one first.")
    return Span(before, after)


def first_parent(root: Path, commit: str) -> str | None:
    """The commit that a commit (a full name) was made on, None for a first one. Raises Refusal where the history ends
    there because no more of it was fetched."""
    found = git.output(root, "rev-list", "--max-count=1", "--parents", commit).decode().split()
    if len(found) > 1:
        return found[1]
    # a shallow clone has the commit and hides its parents
    if b"\nparent " in b"\n" + git.output(root, "cat-file", "commit", commit).partition(b"\n\n")[0]:
        raise Refusal(f"The commit before {commit[:10]} is not in this clone.", "Fetch it: git fetch --unshallow")
    return None


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Spans of which each begins where the one before it ends become one."""
    found: list[Span] = []
    for span in spans:
        if found and span.before == found[-1].after:
            found[-1] = Span(found[-1].before, span.after)
        else:
            found.append(span)
    return found


def _refuse_elsewhere(root: Path, commit: str, target: str, onto: str) -> None:
    if git.run(root, "merge-base", "--is-ancestor", commit, target).status != 0:
        hint = "Name a commit that is: git log"
        if history.shallow(root):
            hint = "This clone is shallow: git fetch --unshallow"
        raise Refusal(f"The commit {commit[:10]} is not in the history of {onto}: nothing of it can be undone.", hint)


def tree_of(place: Path, commit: str) -> str:
    """The full name of a commit's tree. Raises Refusal where there is no such commit."""
    return git.output(place, "rev-parse", "--verify", commit + "^{tree}").decode().strip()


def _empty(place: Path) -> str:
    return git.output(place, "mktree").decode().strip()


def merged(place: Path, base: str, ours: str, theirs: str) -> str | tuple[Clash, ...]:
    """The tree that has the difference from `base` to `theirs` on top of `ours`, all trees; else what clashes. git
    before 2.40 looks for the base in the history alone: so it gets a history."""
    root = _commit(place, base)
    sides = (_commit(place, ours, root), _commit(place, theirs, root))
    ran = git.run(place, "merge-tree", "--write-tree", "-z", "--messages", *sides, memory=MEMORY)
    if ran.status == 0:
        return ran.output.partition(b"\0")[0].decode()
    if ran.status == 1:
        return clashes(ran.output)
    if "usage:" in ran.error:
        raise Refusal("This git is too old to take a modification back.", "Install git 2.38 or newer.")
    said = next((line for line in ran.error.splitlines() if line.strip()), f"exit status {ran.status}")
    raise Refusal(f"git merge-tree failed in {place}: {said}", "Fetch what is missing (git fetch), or see: git fsck")


def _living_on(root: Path, place: Path, span: Span, before: str, ours: str, target: str) -> tuple[Clash, ...]:
    """What is left, under another name, of the files that the modification added."""
    added = {
        each.path for each in history.differing(place, tree_of(place, span.after), before) if each.new_mode is None
    }
    there = objects.tree(place, ours) if added else {}
    gone = frozenset(added - there.keys())
    names = follow.renamed(root, gone, span.after, target) if gone else {}
    left = sorted(names.keys() & there.keys())
    return tuple(Clash(path, "the modification added it, and it was renamed and changed later") for path in left)


def _as_called_now(place: Path, found: tuple[Clash, ...], ours: str, after: str, before: str) -> tuple[Clash, ...]:
    """The clashes, one a file, by the names that the files have now: of one that was renamed git tells every name."""
    there = objects.tree(place, ours)
    now = {each.path: each.old_path for each in history.differing(place, tree_of(place, after), before)}
    whole: dict[str, Clash] = {}
    for each in sorted(found, key=lambda clash: clash.reason):
        path = each.path if each.path in there else now.get(each.path, each.path)
        whole.setdefault(path, Clash(path, each.reason))
    present = {path: clash for path, clash in whole.items() if path in there or clash.reason != RENAMED_TWICE}
    return tuple(clash for _, clash in sorted((present or whole).items()))


def _commit(place: Path, tree: str, *parents: str) -> str:
    options = [part for parent in parents for part in ("-p", parent)]
    return git.output(place, "commit-tree", tree, *options, "-m", "side", extra=_NOBODY).decode().strip()


def edits(place: Path, old: str, new: str) -> tuple[Edit, ...]:
    found: list[Edit] = []
    for each in history.differing(place, old, new):
        if each.old_path != each.path:
            found += [Edit(each.old_path, each.old_mode, None), Edit(each.path, None, each.new_mode, each.new_name)]
        else:
            found.append(Edit(each.path, each.old_mode, each.new_mode, each.new_name))
    blobs, left = objects.Blobs(place), HELD
    try:
        whole = []
        for edit in sorted(found, key=lambda edit: (edit.mode is not None, edit.path)):
            content = None
            if edit.name is not None and edit.mode != "160000":
                content = blobs.read(edit.name, left)
                left -= len(content)
            whole.append(Edit(edit.path, edit.was, edit.mode, edit.name, content))
        return tuple(whole)
    except OSError as error:
        hint = "Fetch what is missing (git fetch), or use git revert."
        raise Refusal(f"The files to bring back cannot be read: {error.strerror or error}.", hint) from None
    finally:
        blobs.close()
