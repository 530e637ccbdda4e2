"""Generated histories: a modification comes in, others follow, and what there would be had it never come."""

import random
from dataclasses import dataclass, field

from tests.rollback.trees import (
    SHARED,
    Add,
    Chmod,
    Elsewhere,
    File,
    Inapplicable,
    Insert,
    Op,
    Remove,
    Rename,
    Replace,
    Tree,
    Write,
    after,
)

WAYS = ("merge", "squash", "rebase")


@dataclass(frozen=True)
class History:
    """`main` are the trees of the branch before the modification, `brought` those that it makes of the last of them, a
    commit each (a squash and a merge have one), `side` the commits of its own branch, which began at `main[fork]`;
    `later` the trees that follow. `without` is the last tree had the modification never come, None where the later
    edits need it. `apart` says that later edits are of other files than the modification's."""

    seed: int
    way: str
    main: tuple[Tree, ...]
    fork: int
    side: tuple[Tree, ...]
    brought: tuple[Tree, ...]
    later: tuple[Tree, ...]
    without: Tree | None
    apart: bool
    renames: bool


@dataclass
class Author:
    """Writes edits; every line and file of its is new to the history."""

    rng: random.Random
    count: int = 0
    identities: int = 0
    folders: tuple[str, ...] = field(default=("", "pkg/", "pkg/sub/", "docs/", "other place/"))

    def line(self) -> str:
        if self.rng.random() < 0.15:
            return self.rng.choice(SHARED)
        return self.unique()

    def unique(self) -> str:
        self.count += 1
        return f"{self.rng.choice(('x', 'value', 'if ready:', 'call'))} {self.count:04d} {self.rng.getrandbits(40):x}"

    def path(self) -> str:
        self.count += 1
        return f"{self.rng.choice(self.folders)}{self.rng.choice(('a', 'mod', 'ümlaut', 'b c'))}{self.count}.py"

    def file(self) -> File:
        kind = self.rng.choices(("text", "binary", "link", "submodule"), (14, 3, 1, 1))[0]
        if kind == "text":
            lines = tuple(self.line() for _ in range(self.rng.randint(12, 40)))
            return File(self.path(), self.rng.choices(("100644", "100755"), (4, 1))[0], lines)
        if kind == "link":
            return File(self.path(), "120000", None, f"to/{self.rng.getrandbits(30)}".encode())
        if kind == "submodule":
            return File(self.path(), "160000", None, f"{self.rng.getrandbits(160):040x}".encode())
        return File(self.path(), "100644", None, self.bytes())

    def bytes(self) -> bytes:
        return b"\0\xff" + self.rng.randbytes(200)

    def tree(self) -> Tree:
        return after({}, tuple(self.add() for _ in range(self.rng.randint(3, 8))))

    def add(self) -> Op:
        self.identities += 1
        return Add(self.identities, self.file())

    def op(self, tree: Tree, among: list[int] | None = None) -> Op:
        """An edit that the tree takes, of one of these files where there is one."""
        if among is not None and not (among := [number for number in among if number in tree]):
            return self.add()
        if among is None and (not tree or self.rng.random() < 0.1):
            return self.add()
        number = self.rng.choice(among or sorted(tree))
        file = tree[number]
        chance = self.rng.random()
        if chance < 0.12 and (file.lines is not None or number % 2):
            return Rename(number, self.path())
        if chance < 0.18:
            return Remove(number)
        if chance < 0.24 and file.mode in ("100644", "100755"):
            return Chmod(number, "100755" if file.mode == "100644" else "100644")
        if file.lines is not None:
            return self.text(number, file)
        if number % 2:  # who renames what has no lines and rewrites it leaves nothing to know it by
            return Rename(number, self.path())
        if file.mode == "120000":
            return Write(number, f"to/{self.rng.getrandbits(30)}".encode())
        if file.mode == "160000":
            return Write(number, f"{self.rng.getrandbits(160):040x}".encode())
        return Write(number, self.bytes())

    def text(self, number: int, file: File) -> Op:
        known = [line for line in file.lines or () if line not in SHARED]
        if not known:
            return Remove(number)
        line = self.rng.choice(known)
        chance = self.rng.random()
        if chance < 0.4:
            return Replace(number, line, (self.unique(),))
        if chance < 0.75:
            return Insert(number, line, tuple(self.line() for _ in range(self.rng.randint(1, 4))))
        return Replace(number, line, ())

    def ops(self, tree: Tree, count: int, among: list[int] | None = None) -> tuple[Op, ...]:
        found: tuple[Op, ...] = ()
        while len(found) < count:
            try:
                op = self.op(tree, among)
                tree = op.on(tree)
            except Inapplicable:
                continue
            found += (op,)
        return found


def generated(seed: int) -> History:
    """The history of this seed: the same every time."""
    rng = random.Random(seed)
    author = Author(rng)
    main = [author.tree()]
    for _ in range(rng.randint(1, 3)):
        main.append(after(main[-1], author.ops(main[-1], rng.randint(1, 2))))
    fork = rng.randint(max(0, len(main) - 2), len(main) - 1)
    way = WAYS[seed % len(WAYS)]
    side, parts = [main[fork]], []
    for _ in range(rng.randint(1, 3)):
        parts.append(author.ops(side[-1], rng.randint(1, 3)))
        side.append(after(side[-1], parts[-1]))
    try:
        brought = [main[-1]]
        for part in parts:
            brought.append(after(brought[-1], part))
    except Inapplicable:  # the branch and the modification do not go together: it begins at the tip then
        fork, brought = len(main) - 1, [main[-1]]
        parts = [author.ops(main[-1], rng.randint(1, 4))]
        brought.append(after(main[-1], parts[0]))
        side = list(brought)
    own = {op.file for part in parts for op in part}
    focus = rng.choice(("other", "same", "any"))
    later, without = [brought[-1]], Elsewhere(main[-1])
    edits: list[Op] = []
    for _ in range(rng.randint(1, 4)):
        there = later[-1]
        among = {"other": [n for n in there if n not in own], "same": [n for n in there if n in own], "any": None}[
            focus
        ]
        ops = author.ops(there, rng.randint(1, 3), among)
        later.append(after(there, ops))
        edits += ops
        for op in ops:
            without.make(op)
    without.settle(main[-1], brought[-1], later[-1])
    return History(
        seed,
        way,
        tuple(main),
        fork,
        tuple(side[1:]),
        tuple(brought[1:]) if way == "rebase" else tuple(brought[-1:]),
        tuple(later[1:]),
        None if without.owed else without.tree,
        own.isdisjoint(op.file for op in edits),
        any(isinstance(op, Rename) for part in parts for op in (*part, *edits)),
    )
