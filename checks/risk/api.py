"""What a change does to the public interface: signatures of base and head, name by name."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from checks.repository.change import Change, Touched
from checks.risk import kinds, source
from checks.risk.interface import parameters
from checks.risk.interface.grades import Grade
from checks.risk.interface.signatures import Signature, exported, of_module

DEEPEST = 10
"""Packages around a module that are asked what they show of it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One public name that differs: where (head's line, base's where it is gone), how much, and what in words."""

    path: str
    line: int
    name: str
    grade: Grade
    what: str

    def __str__(self) -> str:
        return f"`{self.name}` {self.what} ({self.path}:{self.line})"


def differences(change: Change) -> tuple[tuple[Difference, ...], tuple[str, ...]]:
    """All differences, the gravest first, and the files that could not be compared."""
    found: list[Difference] = []
    left: list[str] = []
    touched = [t for t in change.touched if kinds.is_source(t.path) or kinds.is_source(t.was)]
    if not source.comparable(change):
        return (), tuple(each.path for each in touched)
    shown = _Shown(change)
    for each in touched:
        before = _surface(change, each, shown, base=True)
        after = _surface(change, each, shown, base=False)
        if before is None or after is None:
            left.append(each.path)
        elif each.path != each.was:
            # Whoever imports the module by its old name finds none of its names.
            found += compared(each.was, before, {})
            found += compared(each.path, {}, after)
        else:
            found += compared(each.path, before, after)
    return tuple(sorted(found, key=lambda d: (-d.grade, d.path, d.line, d.name))), tuple(left)


def _surface(change: Change, touched: Touched, shown: "_Shown", base: bool) -> dict[str, Signature] | None:
    """The public names of one side of a file, none where callers cannot reach the module; None where it does not
    parse."""
    path = touched.was if base else touched.path
    if touched.status == ("added" if base else "deleted") or not kinds.is_source(path):
        return {}
    content = kinds.content(change.base if base else change.head, path)
    tree = source.parsed(content)
    if content is None or tree is None:
        return None
    try:
        package = path.rpartition("/")[2].startswith("__init__.")
        names = of_module(tree, frozenset((".", *path.split("/")[:-1])) if package else frozenset())
    except (RecursionError, ValueError):
        return None
    if _public(path):
        return names
    public = shown.of(path)
    if "*" in public:
        return names
    return {name: signature for name, signature in names.items() if name.partition(".")[0] in public}


def _public(path: str) -> bool:
    """Whether every part of a module's name is public."""
    parts = path.rpartition(".")[0].split("/")
    return not any(part.startswith("_") and part not in ("__init__", "__main__") for part in parts)


class _Shown:
    """What the packages around a private module import from it into public names; each package is read once."""

    def __init__(self, change: Change) -> None:
        self._sides = (change.base, change.head)
        self._known: dict[str, frozenset[tuple[str, str]]] = {}

    def of(self, path: str) -> set[str]:
        """Names of a private module that are public in a package around it: on base, where callers rely on them, or on
        head; `*` for all."""
        stem = posixpath.basename(path).partition(".")[0]
        folder = posixpath.dirname(path)
        module = posixpath.basename(folder) if stem == "__init__" else stem
        found: set[str] = set()
        for _ in range(DEEPEST):
            pairs = self._exported(folder)
            found |= {name for origin, name in pairs if origin == module}
            if (posixpath.basename(folder), "*") in pairs:
                found.add("*")
            if not folder:
                break
            folder = posixpath.dirname(folder)
        return found

    def _exported(self, folder: str) -> frozenset[tuple[str, str]]:
        if folder not in self._known:
            place = posixpath.join(folder, "__init__.py")
            trees = [source.parsed(kinds.content(side, place)) for side in self._sides]
            self._known[folder] = frozenset().union(*(exported(tree) for tree in trees if tree is not None))
        return self._known[folder]


def compared(path: str, before: dict[str, Signature], after: dict[str, Signature]) -> Iterator[Difference]:
    """The differences of one module. Of a class that is gone or new its members are not named one by one."""
    for name, old in before.items():
        new = after.get(name)
        if new is None:
            if name.rpartition(".")[0] not in before or name.rpartition(".")[0] in after:
                # An attribute may be inherited now, or come from a base class that this module does not show.
                if "." not in name and "__getattr__" in after:
                    yield Difference(path, old.line, name, Grade.CHANGED, "may come from `__getattr__` now")
                else:
                    yield Difference(path, old.line, name, Grade.BROKEN, "is gone")
            continue
        found = list(_changes(old, new))
        if found:
            grade = max(grade for grade, _ in found)
            yield Difference(path, new.line, name, grade, ", ".join(what for each, what in found if each == grade))
    for name, new in after.items():
        owner = name.rpartition(".")[0]
        if name not in before and (not owner or owner in before):
            yield Difference(path, new.line, name, Grade.ADDED, "is new")


def _changes(old: Signature, new: Signature) -> Iterator[tuple[Grade, str]]:
    if old.kind != new.kind:
        # What is assigned may be anything: an alias of a function too.
        grade = Grade.CHANGED if "name" in (old.kind, new.kind) else Grade.BROKEN
        yield grade, f"was a {old.kind} and is a {new.kind}"
        return
    if old.bases != new.bases:
        gone = set(old.bases) - set(new.bases)
        yield (Grade.BROKEN, "lost a base class") if gone else (Grade.EXTENDED, "gained a base class")
    if old.wrapped != new.wrapped:
        asynchronous = ("async" in old.wrapped) != ("async" in new.wrapped)
        yield (
            Grade.BROKEN,
            "became " + ("async" if "async" in new.wrapped else "synchronous")
            if asynchronous
            else ("has other decorators"),
        )
    if old.returns != new.returns and old.returns is not None:
        yield Grade.CHANGED, "returns another type"
    yield from parameters.changes(old.parameters, new.parameters)
