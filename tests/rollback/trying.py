"""Generated histories in a real repository, and what the rollback makes of them."""

import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from checks.repository import git
from checks.repository.reverting.reverse import Conflict, Reverted, reverse
from tests.repositories import made
from tests.rollback.histories import History
from tests.rollback.trees import Tree, flat


@dataclass(frozen=True)
class Tried:
    """`outcome`: `equal` (the tree is that of the history without the modification), `conflict` (reported, with its
    files), or `wrong` with `why`."""

    history: History
    outcome: str
    why: str = ""
    gone: bool = False


@dataclass
class _Import:
    """A stream for `git fast-import`; commits are marks."""

    text: bytearray
    mark: int = 0

    def commit(self, branch: str, tree: Tree, *parents: int) -> int:
        self.mark += 1
        self.text += f"commit refs/heads/{branch}\nmark :{self.mark}\n".encode()
        self.text += b"committer A <a@example.org> 1000000000 +0000\ndata 4\nwork\n"
        for number, parent in enumerate(parents):
            self.text += f"{'merge' if number else 'from'} :{parent}\n".encode()
        self.text += b"deleteall\n"
        for path, (mode, content) in flat(tree).items():
            if mode == "160000":
                self.text += f"M {mode} {content.decode()} {path}\n".encode()
            else:
                self.text += f"M {mode} inline {path}\ndata {len(content)}\n".encode() + content + b"\n"
        return self.mark


@dataclass(frozen=True)
class _Marks:
    """Of one history: what came in (a range is a pair), the tip, and the tip of the other history."""

    commits: tuple[int | tuple[int, int], ...]
    tip: int
    without: int | None


def _written(stream: _Import, history: History) -> _Marks:
    name = f"h{history.seed}"
    main: list[int] = []
    for tree in history.main:
        main.append(stream.commit(name, tree, *main[-1:]))
    side = main[history.fork]
    if history.way == "merge":
        for tree in history.side:
            side = stream.commit(f"{name}-side", tree, side)
    tip, commits = main[-1], []
    for tree in history.brought:
        tip = stream.commit(name, tree, tip, *([side] if history.way == "merge" else []))
        commits.append(tip)
    brought: tuple[int | tuple[int, int], ...] = tuple(commits)
    if history.way == "rebase" and history.seed % 2:
        brought = ((main[-1], tip),)
    for tree in history.later:
        tip = stream.commit(name, tree, tip)
    without = None if history.without is None else stream.commit(f"{name}-without", history.without)
    return _Marks(brought, tip, without)


def tried(folder: Path, histories: Iterable[History]) -> Iterator[Tried]:
    """Stores all histories in one repository in a new folder, and takes the modification of each back."""
    repository = made(folder)
    stream, known = _Import(bytearray()), list(histories)
    marked = [(history, _written(stream, history)) for history in known]
    line = ["git", "fast-import", "--quiet", "--export-marks=.git/marks"]
    subprocess.run(line, cwd=repository.root, input=bytes(stream.text), check=True, capture_output=True)
    rows = (row.split() for row in (repository.root / ".git/marks").read_text().splitlines())
    names = {int(mark.removeprefix(":")): name for mark, name in rows}
    for history, marks in marked:
        commits = [
            f"{names[each[0]]}..{names[each[1]]}" if isinstance(each, tuple) else names[each] for each in marks.commits
        ]
        found = reverse(repository.root, commits, names[marks.tip])
        expected = None if marks.without is None else names[marks.without]
        yield _judged(repository.root, history, found, expected)


def _judged(root: Path, history: History, found: Reverted | Conflict, expected: str | None) -> Tried:
    if isinstance(found, Conflict):
        named = bool(found.files) and all(each.path and each.reason for each in found.files)
        return Tried(history, "conflict" if named else "wrong", "" if named else "a conflict without a file")
    tree = flat(history.later[-1])
    for edit in found.edits:
        if edit.mode is None:
            del tree[edit.path]
        else:
            content = (edit.name or "").encode() if edit.mode == "160000" else edit.content
            tree[edit.path] = edit.mode, content if content is not None else b"?"
    if expected is None or history.without is None:
        return Tried(history, "wrong", "later edits need the modification, and no conflict was reported")
    if tree != flat(history.without):
        return Tried(history, "wrong", "the edits make another tree")
    if found.tree != git.output(root, "rev-parse", f"{expected}^{{tree}}").decode().strip():
        return Tried(history, "wrong", "the tree is another one")
    return Tried(history, "equal", gone=found.gone)
