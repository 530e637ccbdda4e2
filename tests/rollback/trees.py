"""Trees and edits as plain data: what a history is with and without a modification, with no git involved.

A file keeps its identity when it is renamed, and a line is its text. So the edit "this line becomes that" can be made
in the tree that has the modification and in the one that never had it, whatever the file is called there."""

from dataclasses import dataclass, field, replace

SHARED = ("", "}", "    return None")
"""Lines that stand in many places; no edit refers to one."""


WHOLE, PLACE = "the file", "its name"


class Inapplicable(Exception):
    """The edit needs what only the modification brought."""


@dataclass(frozen=True, slots=True)
class File:
    """A text has `lines`; everything else has `content`: bytes, the target of a link, the commit of a submodule."""

    path: str
    mode: str = "100644"
    lines: tuple[str, ...] | None = None
    content: bytes = b""

    def bytes(self) -> bytes:
        return self.content if self.lines is None else "".join(line + "\n" for line in self.lines).encode()


Tree = dict[int, File]
"""Files by identity."""


def flat(tree: Tree) -> dict[str, tuple[str, bytes]]:
    """Mode and content by path, as git has it."""
    return {file.path: (file.mode, file.bytes()) for file in tree.values()}


@dataclass(frozen=True, slots=True)
class Op:
    """An edit of one file."""

    file: int

    def on(self, tree: Tree) -> Tree:
        """The tree after the edit. Raises Inapplicable."""
        if self.file not in tree:
            raise Inapplicable
        return {**tree, self.file: self.edited(tree, tree[self.file])}

    def edited(self, tree: Tree, file: File) -> File:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Replace(Op):
    old: str
    new: tuple[str, ...]

    def edited(self, tree: Tree, file: File) -> File:
        if self.old not in (file.lines or ()):
            raise Inapplicable
        return replace(
            file, lines=tuple(n for line in file.lines or () for n in (self.new if line == self.old else (line,)))
        )


@dataclass(frozen=True, slots=True)
class Insert(Op):
    after: str
    new: tuple[str, ...]

    def edited(self, tree: Tree, file: File) -> File:
        return Replace(self.file, self.after, (self.after, *self.new)).edited(tree, file)


@dataclass(frozen=True, slots=True)
class Write(Op):
    content: bytes

    def edited(self, tree: Tree, file: File) -> File:
        return replace(file, content=self.content)


@dataclass(frozen=True, slots=True)
class Chmod(Op):
    mode: str

    def edited(self, tree: Tree, file: File) -> File:
        return replace(file, mode=self.mode)


@dataclass(frozen=True, slots=True)
class Rename(Op):
    path: str

    def edited(self, tree: Tree, file: File) -> File:
        _free(tree, self.path)
        return replace(file, path=self.path)


@dataclass(frozen=True, slots=True)
class Remove(Op):
    """Of what is not there: nothing is left to do."""

    def on(self, tree: Tree) -> Tree:
        return {number: file for number, file in tree.items() if number != self.file}


@dataclass(frozen=True, slots=True)
class Add(Op):
    made: File

    def on(self, tree: Tree) -> Tree:
        _free(tree, self.made.path)
        return {**tree, self.file: self.made}


def _free(tree: Tree, path: str) -> None:
    for file in tree.values():
        if f"{file.path}/".startswith(f"{path}/") or f"{path}/".startswith(f"{file.path}/"):
            raise Inapplicable


def after(tree: Tree, ops: tuple[Op, ...]) -> Tree:
    """The tree after all edits. Raises Inapplicable."""
    for op in ops:
        tree = op.on(tree)
    return tree


@dataclass
class Elsewhere:
    """Edits of one tree, made in another. `owed` is what could not be made there and is still to be seen in the first
    tree: a file, a line of it, or where it is. What goes away again in time is owed no more."""

    tree: Tree
    owed: set[tuple[int, str]] = field(default_factory=set)

    def make(self, op: Op) -> None:
        if isinstance(op, Remove) or (isinstance(op, Rename) and op.file in self.tree):
            kept = {each for each in self.owed if each[0] != op.file}
            self.owed = kept if isinstance(op, Remove) else self.owed - {(op.file, PLACE)}
        elif isinstance(op, Replace):
            self.owed.discard((op.file, op.old))
        try:
            self.tree = op.on(self.tree)
        except Inapplicable:
            self.owed |= self._owing(op)

    def settle(self, first: Tree, before: Tree, now: Tree) -> None:
        """Edits of a file that undid one another, from `before` to `now` in the first tree, count as none here either:
        it is what it was at first."""
        for number in [each for each in now if now[each] == before.get(each)]:
            self.owed = {each for each in self.owed if each[0] != number}
            self.tree = {key: file for key, file in self.tree.items() if key != number}
            if number in first:
                self.tree[number] = first[number]

    def _owing(self, op: Op) -> set[tuple[int, str]]:
        if isinstance(op, Add) or op.file not in self.tree:
            return {(op.file, WHOLE)}
        if isinstance(op, Rename):
            return {(op.file, PLACE)}
        new = op.new if isinstance(op, Replace | Insert) else ()
        return {(op.file, line if line not in SHARED else WHOLE) for line in new}
