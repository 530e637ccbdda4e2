"""Branches of a local repository, each changed only from the commit that it was seen at; selfmod's own alone. What is
checked out somewhere is not moved beneath whoever works there."""

import re
from pathlib import Path

from app.model.modification import BRANCHES
from checks.model.errors import Refusal
from checks.repository import git, history

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def tip(root: Path, name: str) -> str | None:
    """The commit at the tip of a branch, None where there is no such branch."""
    if not name or not name.isprintable():
        return None
    ran = git.run(root, "show-ref", "--verify", "--hash", f"refs/heads/{name}")
    found = ran.output.decode("ascii", "replace").strip()
    return found if ran.status == 0 and _COMMIT.fullmatch(found) and there(root, found) else None


def there(root: Path, commit: str) -> bool:
    """Whether the repository has a commit of this full name."""
    if not _COMMIT.fullmatch(commit):
        return False
    return git.run(root, "cat-file", "-e", f"{commit}^{{commit}}").status == 0


def ancestor(root: Path, commit: str, of: str) -> bool:
    """Whether a commit is in the history of another, or the same."""
    return git.run(root, "merge-base", "--is-ancestor", commit, of).status == 0


def checked_out(root: Path) -> str:
    """The branch that is checked out. Raises Refusal where none is, or nothing is committed on it."""
    ran = git.run(root, "symbolic-ref", "--quiet", "HEAD")
    name = history.text(ran.output).strip()
    if ran.status != 0 or not name.startswith("refs/heads/"):
        raise Refusal(
            "no branch is checked out, so nothing says where a proposal goes.", "Check one out: git switch NAME"
        )
    name = name.removeprefix("refs/heads/")
    if tip(root, name) is None:
        raise Refusal(f"{root} has no commit to build on.", "Commit first.")
    return name


def refuse_foreign(name: str) -> None:
    """Raises Refusal for a branch that is none of selfmod's own."""
    if not name.startswith(BRANCHES):
        raise Refusal(f"{name} is no branch of selfmod's own: it is left alone.")


def create(root: Path, name: str, commit: str) -> None:
    """Makes a branch. Raises Refusal where it is there, or cannot stand beside another."""
    _update(root, name, commit, "0" * len(commit))


def move(root: Path, name: str, expected: str, commit: str) -> bool:
    """Points a branch elsewhere if it is still where it was expected, and returns whether it is there now. Raises
    Refusal where it is checked out."""
    _refuse_used(root, name)
    options = ("--no-deref", "-m", "selfmod: made anew", f"refs/heads/{name}", commit, expected)
    return git.run(root, "update-ref", *options).status == 0 or tip(root, name) == commit


def delete(root: Path, name: str, expected: str) -> None:
    """Removes a branch that is still where it was seen. Raises Refusal where it is not, or is checked out."""
    _refuse_used(root, name)
    git.output(root, "update-ref", "--no-deref", "-d", f"refs/heads/{name}", expected)


def _update(root: Path, name: str, commit: str, expected: str) -> None:
    if git.run(root, "check-ref-format", f"refs/heads/{name}").status != 0:
        raise Refusal(f"{name!r} is no name for a branch.")
    git.output(root, "update-ref", "--no-deref", "-m", "selfmod: proposed", f"refs/heads/{name}", commit, expected)


def _refuse_used(root: Path, name: str) -> None:
    told = git.output(root, "for-each-ref", "--format=%(worktreepath)", f"refs/heads/{name}")
    if place := history.text(told).strip():
        raise Refusal(f"The branch {name} is checked out in {history.shown(place)}.", "Switch to another one there.")
