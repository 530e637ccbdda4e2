"""Revisions and what changed between them."""

import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from checks.model.errors import Refusal
from checks.repository import git

MODES = frozenset({"100644", "100755"})
"""Modes of git trees that are files; links and submodules are neither read nor reported as changed."""
MOST_NAMES = 5_000
"""Branches and tags that are looked at for a near miss."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One changed file: its path now (before, where it was deleted), and the one before where that was another."""

    path: str
    old_path: str | None
    status: Literal["added", "modified", "deleted", "renamed"]


def resolve(root: Path, rev: str) -> str:
    """The full object name of the commit that `rev` names. Raises Refusal, with a near miss, where it names none."""
    if rev and rev.isprintable():
        ran = git.run(root, "rev-parse", "--verify", "--quiet", "--end-of-options", rev + "^{commit}")
        name = ran.output.decode("ascii", "replace").strip()
        if ran.status == 0 and re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", name):
            return name
    raise Refusal(f"{root} has no commit {rev!r}.", _remedy(root, rev))


def _remedy(root: Path, rev: str) -> str:
    """What to do about a revision that is not there."""
    near = near_names(root, rev)
    if near:
        return f"Did you mean {near}?"
    if shallow(root):
        return (
            "This clone is shallow: fetch the whole history (fetch-depth: 0 with actions/checkout, or "
            "git fetch --unshallow)."
        )
    return "Name a branch, a tag or a commit (git branch --all lists the branches)."


def near_names(root: Path, rev: str) -> str | None:
    """The branch or tag that is most like `rev`, one of a remote with the same last part first; None without any."""
    names = git.run(
        root,
        "for-each-ref",
        f"--count={MOST_NAMES}",
        "--format=%(refname:lstrip=2)",
        "refs/heads",
        "refs/tags",
        "refs/remotes",
    )
    known = names.output.decode("utf-8", "replace").splitlines()
    same = [name for name in known if rev and name.endswith("/" + rev)]
    return next(iter(same or difflib.get_close_matches(rev[:200], known, n=1)), None)


def shallow(root: Path) -> bool:
    """Whether the history ends early because only part of it was fetched."""
    return git.run(root, "rev-parse", "--is-shallow-repository").output.strip() == b"true"


def head(root: Path) -> str | None:
    """The commit that is checked out, None before the first one."""
    ran = git.run(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    return ran.output.decode().strip() if ran.status == 0 else None


def merge_base(root: Path, a: str, b: str) -> str:
    """The best common ancestor of two revisions. Raises Refusal where they have none or name no commit."""
    first, second = resolve(root, a), resolve(root, b)
    ran = git.run(root, "merge-base", first, second)
    if ran.status != 0:
        hint = _remedy(root, "") if shallow(root) else "Name a base that shares history, for example the main branch."
        raise Refusal(f"{a} and {b} have no common history in {root}.", hint)
    return ran.output.decode().split()[0]


def alike(root: Path, commit: str, base: str, head: str) -> bool:
    """Whether each commit that leads to `commit` (full names) and not to `base` has one of the same difference between
    `base` and `head`: so it was rebased there, or squashed if it is one. False where there is none."""
    both = f"{head}...{commit}"
    told = git.run(root, "rev-list", "--no-merges", "--cherry-mark", "--right-only", both, "--not", base, "--")
    marks = [line[:1] for line in told.output.splitlines()]
    return told.status == 0 and bool(marks) and set(marks) == {b"="}


@dataclass(frozen=True, slots=True)
class Differing:
    """One path that differs between two trees, of whatever kind. Modes as git writes them and full object names, None
    on the side where nothing is; `old_path` equals `path` but for a rename."""

    path: str
    old_path: str
    old_mode: str | None
    new_mode: str | None
    old_name: str | None
    new_name: str | None


def between(root: Path, old: str, new: str, extra: dict[str, str] | None = None) -> tuple[Changed, ...]:
    """The files that differ from tree or commit `old` to `new` (full object names), sorted by path. `extra` are
    variables."""
    found = []
    for each in differing(root, old, new, extra):
        was, now = each.old_mode in MODES, each.new_mode in MODES
        if was and now:
            renamed = each.path != each.old_path
            found.append(Changed(each.path, each.old_path if renamed else None, "renamed" if renamed else "modified"))
        elif now:
            found.append(Changed(each.path, None, "added"))
        elif was:
            found.append(Changed(each.old_path, None, "deleted"))
    return tuple(sorted(found, key=lambda changed: changed.path))


def differing(root: Path, old: str, new: str, extra: dict[str, str] | None = None) -> tuple[Differing, ...]:
    """As `between`, with links, submodules and everything else that a tree can hold."""
    options = ("-r", "-z", "--raw", "--no-abbrev", "--ignore-submodules=none", "--no-ext-diff", "--no-textconv")
    ran = git.run(root, "diff-tree", "-M", "-l1000", *options, old, new, extra=extra)
    # In a partial clone the blobs may be missing that renames are measured by.
    raw = (
        ran.output
        if ran.status == 0
        else git.output(root, "diff-tree", "--no-renames", *options, old, new, extra=extra)
    )
    fields = iter(raw.split(b"\0"))
    found = []
    for head_field in fields:
        if not head_field:
            break
        old_mode, new_mode, old_name, new_name, kind = head_field.decode().lstrip(":").split(" ")
        path = text(next(fields))
        target = text(next(fields)) if kind[:1] in ("R", "C") else path
        was, now = set(old_mode) != {"0"}, set(new_mode) != {"0"}
        found.append(
            Differing(
                target,
                path,
                old_mode if was else None,
                new_mode if now else None,
                old_name if was else None,
                new_name if now else None,
            )
        )
    return tuple(sorted(found, key=lambda each: each.path))


def text(name: bytes) -> str:
    """A path of git as a string; bytes that are no UTF-8 become lone surrogates."""
    return name.decode("utf-8", "surrogateescape")


def shown(path: str) -> str:
    """The path with `\\xNN` for bytes that are no UTF-8, so that it can be printed."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
