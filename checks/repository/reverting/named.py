"""From what a person calls a modification to the commits that it came in by."""

import re
from dataclasses import dataclass
from pathlib import Path

from checks.model import trailers
from checks.model.errors import Refusal
from checks.repository import git, history
from checks.repository.reverting.bench import bench
from checks.repository.reverting.reverse import first_parent

LOOKED_AT = 2_000
"""Commits of the branch that are compared with a branch that was squashed or rebased into it, the newest first."""


@dataclass(frozen=True, slots=True)
class Named:
    """The commits, oldest first, full names (or ranges of them), as they are in the history that was searched. `call`
    is how a person called them; it is empty where that was by a commit."""

    commits: tuple[str, ...]
    call: str = ""


def named(root: Path, identifier: str, tip: str = "HEAD") -> Named:
    """What `identifier` means in the history of `tip`: a modification (`mod_…`), a branch that was merged into it, a
    range `BASE..HEAD`, or else a commit. Raises Refusal where it means nothing there, and where the commits cannot be
    told for sure."""
    target = history.resolve(root, tip)
    if trailers.IDENTIFIER.fullmatch(identifier):
        found = with_trailer(root, trailers.MODIFICATION, identifier, target)
        if not found:
            hint = "Name its commit or its branch: git log"
            if history.shallow(root):
                hint = "This clone is shallow: git fetch --unshallow"
            raise Refusal(f"No commit in the history of {tip} belongs to {identifier}.", hint)
        return Named(_without_brought(root, found), identifier)
    for prefix in ("refs/heads/", "refs/remotes/"):
        if (end := _branch(root, prefix + identifier)) is not None:
            return Named(_merged(root, identifier, end, target), f"branch '{identifier}'")
    base, dots, head = identifier.partition("..")
    if dots:
        return Named((f"{history.resolve(root, base)}..{history.resolve(root, head)}",), identifier)
    return Named((history.resolve(root, identifier),))


def with_trailer(root: Path, trailer: str, identifier: str, tip: str) -> tuple[str, ...]:
    """The commits in the history of `tip` whose message gives this identifier for this trailer, oldest first."""
    options = ("--topo-order", "--reverse", "--encoding=UTF-8", "--format=%x00%H%n%B", "--fixed-strings")
    wanted = f"--grep={trailers.line(trailer, identifier)}"
    told = git.output(root, "rev-list", *options, wanted, history.resolve(root, tip)).decode("utf-8", "replace")
    pairs = (each.partition("\n") for each in told.split("\0")[1:])
    return tuple(commit for commit, _, message in pairs if identifier in trailers.values(message, trailer))


def _without_brought(root: Path, commits: tuple[str, ...]) -> tuple[str, ...]:
    """The commits but for those that a merge among them brought in: it stands for them."""
    brought: set[str] = set()
    for commit in commits:
        parents = git.output(root, "rev-list", "--max-count=1", "--parents", commit).decode().split()[1:]
        if len(parents) > 1:
            brought |= set(_listed(root, *parents[1:], "--not", parents[0]))
    return tuple(commit for commit in commits if commit not in brought)


def _branch(root: Path, name: str) -> str | None:
    if not name.isprintable() or git.run(root, "check-ref-format", name).status != 0:
        return None
    ran = git.run(root, "rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}")
    found = ran.output.decode("ascii", "replace").strip()
    return found if ran.status == 0 and re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", found) else None


def _merged(root: Path, name: str, end: str, target: str) -> tuple[str, ...]:
    """The commits by which a branch that ends at `end` came in."""
    if end == target:
        raise Refusal(f"{name} is where you are: nothing merged it.", "Name the commit, or a range: BASE..HEAD")
    if git.run(root, "merge-base", "--is-ancestor", end, target).status != 0:
        return _copied(root, name, end, target)
    after = set(_listed(root, "--ancestry-path", f"{end}..{target}"))
    merge = [commit for commit in _listed(root, "--first-parent", target, "--not", end) if commit in after][-1]
    parents = git.output(root, "rev-list", "--max-count=1", "--parents", merge).decode().split()[1:]
    if parents[0] == end:
        hint = f"Name its first and its last commit: FIRST^..{name}"
        raise Refusal(f"{name} came in without a merge commit: where it began cannot be told.", hint)
    if end not in parents:
        hint = f"To take back all of that merge: selfmod rollback {merge[:10]}"
        raise Refusal(f"{name} came in with other commits, by the merge {merge[:10]}.", hint)
    return (merge,)


def _copied(root: Path, name: str, end: str, target: str) -> tuple[str, ...]:
    """The commits that make the same change as a branch that was squashed or rebased: the same difference by git's own
    measure, which looks at lines and not at where they stand."""
    base = history.merge_base(root, end, target)
    limit = f"--max-count={LOOKED_AT}"
    candidates = _listed(root, "--first-parent", "--no-merges", "--reverse", limit, target, "--not", base)
    own = _listed(root, "--topo-order", "--reverse", "--no-merges", limit, end, "--not", base)
    with bench(root) as place:
        parents = {commit: first_parent(root, commit) for commit in {*candidates, *own}}
        there = {made: commit for commit in candidates if (made := _patch(place, parents[commit], commit))}
        whole = _patch(place, base, end)
        if whole in there:
            return (there[whole],)
        parts = [made for commit in own if (made := _patch(place, parents[commit], commit))]
    if parts and all(part in there for part in parts):
        found = {there[part] for part in parts}
        return tuple(commit for commit in candidates if commit in found)
    raise Refusal(
        f"{name} was not merged here, or not as it is now.",
        "If it was squashed or rebased, name the commit or the range that it became: git log",
    )


def _patch(place: Path, before: str | None, after: str) -> str:
    """git's identifier of a difference, empty where nothing differs."""
    options = ("-r", "-p", "--full-index", "--no-renames", "--no-color", "--no-ext-diff", "--no-textconv")
    sides = ("--root", after) if before is None else (before, after)
    patch = git.output(place, "diff-tree", *options, *sides)
    return git.output(place, "patch-id", "--stable", stdin=patch).decode().partition(" ")[0]


def _listed(root: Path, *what: str) -> list[str]:
    return git.output(root, "rev-list", *what).decode().split()
