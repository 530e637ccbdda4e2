"""The commits that a merge makes: a merge, a squash, a rebase; and what takes it back."""

from dataclasses import dataclass

from app.standin.git import Bare, Ident


@dataclass(frozen=True)
class Message:
    """Of the commit that a merge makes; empty parts are GitHub's own."""

    title: str
    body: str

    def text(self) -> str:
        return f"{self.title}\n\n{self.body}".strip() + "\n"


def three_way(git: Bare, base: str, ours: str, theirs: str) -> str | None:
    """The tree that has the difference from `base` to `theirs` on top of `ours`, all commits or trees; None where it
    conflicts. git before 2.40 finds the base of a merge only in the history: so it gets one."""
    nobody = Ident("GitHub", "noreply@github.com", 1_000_000_000)
    root = git.write_commit(git.text("rev-parse", f"{base}^{{tree}}"), (), "base", nobody)
    sides = [
        git.write_commit(git.text("rev-parse", f"{side}^{{tree}}"), (root,), "side", nobody) for side in (ours, theirs)
    ]
    return git.merge_tree(*sides)


def merged(git: Bare, base: str, head: str, message: Message, author: Ident, committer: Ident) -> str | None:
    """A merge commit of both; None where they conflict."""
    tree = git.merge_tree(base, head)
    return None if tree is None else git.write_commit(tree, (base, head), message.text(), author, committer)


def squashed(git: Bare, base: str, head: str, message: Message, author: Ident, committer: Ident) -> str | None:
    """One commit on the base with everything that the head brings."""
    tree = git.merge_tree(base, head)
    return None if tree is None else git.write_commit(tree, (base,), message.text(), author, committer)


def rebased(git: Bare, base: str, head: str, committer: Ident) -> str | None:
    """The head's own commits one by one on the base, with their authors; merges are left out, as `git rebase` does."""
    tip = base
    for sha in reversed(git.text("rev-list", "--topo-order", "--no-merges", head, f"^{base}").split()):
        commit = git.commit(sha)
        tree = three_way(git, commit.parents[0], tip, sha) if commit.parents else None
        if tree is None:
            return None
        tip = git.write_commit(tree, (tip,), commit.message + "\n", commit.author, committer)
    return tip
