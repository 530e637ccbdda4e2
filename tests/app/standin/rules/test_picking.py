"""Commits of merges, on git itself."""

from pathlib import Path

import pytest

from app.standin.git import Bare, Ident
from app.standin.rules import picking
from app.standin.rules.picking import Message

ANN = Ident("Ann", "ann@example.com", 1_700_000_000)


@pytest.fixture
def git(tmp_path: Path) -> Bare:
    return Bare.make(tmp_path / "r.git", "main")


def commit(git: Bare, parent: str | None, **files: str | None) -> str:
    tree = git.write_files(parent, dict(files))
    return git.write_commit(tree, (parent,) if parent else (), "m", ANN)


def files(git: Bare, sha: str) -> dict[str, str]:
    return {entry.path: git.blob(entry.sha).decode() for entry in git.tree(sha)}


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ({"a": "1"}, {"a": "1", "b": "2"}, {"a": "3"}, {"a": "3", "b": "2"}),
        ({"a": "1"}, {"a": "1"}, {}, {}),
        ({}, {"a": "1"}, {"b": "2"}, {"a": "1", "b": "2"}),
        ({"a": "1"}, {"a": "2"}, {"a": "2"}, {"a": "2"}),
        ({"a": "1"}, {"a": "2"}, {"a": "3"}, None),
        ({"a": "1"}, {"a": "2"}, {}, None),
    ],
)
def test_three_trees_are_merged_whatever_their_history(
    git: Bare, base: dict[str, str], ours: dict[str, str], theirs: dict[str, str], expected: dict[str, str] | None
) -> None:
    commits = [git.write_commit(git.write_files(None, each), (), "m", ANN) for each in (base, ours, theirs)]
    tree = picking.three_way(git, *commits)
    assert (None if tree is None else files(git, tree)) == expected


def test_a_rebase_leaves_merges_out_and_stops_at_a_conflict(git: Bare) -> None:
    root = commit(git, None, a="1")
    main = commit(git, root, m="m")
    one = commit(git, root, b="2")
    merge = picking.merged(git, one, main, Message("Merge", ""), ANN, ANN)
    assert merge
    two = commit(git, merge, c="3")
    newer = commit(git, main, d="4")
    tip = picking.rebased(git, newer, two, ANN)
    assert tip
    assert files(git, tip) == {"a": "1", "m": "m", "b": "2", "c": "3", "d": "4"}
    assert git.counts(newer, tip) == (0, 2)
    assert picking.rebased(git, commit(git, main, b="other"), two, ANN) is None


def test_a_conflict_makes_no_commit(git: Bare) -> None:
    root = commit(git, None, a="1")
    ours, theirs = commit(git, root, a="2"), commit(git, root, a="3")
    assert picking.merged(git, ours, theirs, Message("m", ""), ANN, ANN) is None
    assert picking.squashed(git, ours, theirs, Message("m", ""), ANN, ANN) is None
