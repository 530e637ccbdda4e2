"""Files under the names that later commits gave them, commit by commit.

A merge compares the first state with the last: a file that was renamed and then rewritten bit by bit looks like a new
one to it, and a modification that added the file would be taken back and leave it."""

from pathlib import Path

from checks.repository import git, history

MOST = 20_000
"""Commits that are looked at, the newest first."""


def renamed(root: Path, paths: frozenset[str], after: str, until: str) -> dict[str, str]:
    """Every name that one of the files `paths` of commit `after` got up to commit `until`, with the name before it.
    Of branches that were merged in the meantime each counts: one name too many is possible, one too few is not where
    each rename by itself looks like one to git."""
    options = ("--topo-order", "--reverse", f"--max-count={MOST}")
    commits = git.output(root, "rev-list", *options, until, "--not", after)
    wanted = ("-r", "-m", "-z", "-M", "-l1000", "--raw", "--no-abbrev", "--no-ext-diff", "--no-textconv")
    told = git.output(root, "diff-tree", "--stdin", *wanted, "--diff-filter=R", stdin=commits)
    known, found = set(paths), {}
    fields = iter(told.split(b"\0"))
    for field in fields:
        if field.rpartition(b" ")[2].startswith(b"R") and b":" in field:
            old, new = history.text(next(fields)), history.text(next(fields))
            if old in known and new not in known:
                known.add(new)
                found[new] = old
    return found
