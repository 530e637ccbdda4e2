"""Whether an import of the repository's own is there: the module, and the name that is taken of it."""

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from checks.validation.imports.found import Import
from checks.validation.imports.own import Own
from checks.validation.known import lookalikes

_ALWAYS = frozenset(
    ("__name__", "__file__", "__doc__", "__path__", "__package__", "__spec__", "__loader__", "__dict__")
)
"""Names that every module has."""


@dataclass(frozen=True, slots=True)
class Missing:
    """What an import of the repository's own does not find: a module, or a name of one, with the nearest that is
    there."""

    kind: str
    what: str
    where: str
    near: str | None


def targets(own: Own, file: str, each: Import) -> list[str]:
    """Sources whose names decide about an import: those of the module that a name is taken of."""
    return [
        source
        for path in _meant(own, file, each)
        for part in _prefixes(path)
        if (source := own.source(part)) is not None
    ]


def _prefixes(path: str) -> Iterator[str]:
    """The path and all folders above it."""
    while path:
        yield path
        path = posixpath.dirname(path)


def _meant(own: Own, file: str, each: Import) -> list[str]:
    """The paths (without ending) that the module of an import can mean; none where its first name is not of the
    repository."""
    if each.level:
        folder = posixpath.dirname(file)
        for _ in range(each.level - 1):
            folder = posixpath.dirname(folder)
        return [posixpath.join(folder, *each.module.split(".")) if each.module else folder]
    parts = each.module.split(".")
    return [posixpath.join(top, *parts[1:]) for top in own.tops(parts[0])]


def is_own(own: Own, each: Import) -> bool:
    """Whether the first name of an absolute import is one of the repository's."""
    return not each.level and next(own.tops(each.module.partition(".")[0]), None) is not None


def beyond(file: str, each: Import) -> bool:
    """Whether a relative import leads out of the repository."""
    return each.level > file.count("/") + 1


def missing(own: Own, file: str, each: Import) -> Missing | None:
    """What is certainly not there. None where all is there, or where it cannot be proven: the names of a module are
    not known (a star import, `__getattr__`), it is made by a build, or it is compiled.

    `own.learn(targets(...))` comes first."""
    if beyond(file, each):
        return Missing("module", each.dotted, "beyond the repository's root", None)
    faults = [_at(own, path, each) for path in _meant(own, file, each)]
    if not faults or any(fault is None for fault in faults):
        return None
    # the place that lacks only a name is the one that was meant
    return next((fault for fault in faults if fault is not None and fault.kind == "name"), faults[0])


def _at(own: Own, path: str, each: Import) -> Missing | None:
    if not own.module(path):
        return _module(own, path, each)
    if not each.name or each.name == "*" or own.module(posixpath.join(path, each.name)):
        return None
    source = own.source(path)
    if source is None:
        # a folder without __init__ has its modules and nothing else; what is compiled is not known
        if path in own.stems or own.generated(posixpath.join(path, each.name)):
            return None
        return Missing("name", each.name, path, lookalikes.nearest(each.name, _modules(own, path)))
    names = own.names.get(source)
    if names is None or each.name in names or each.name in _ALWAYS:
        return None
    if source.endswith("/__init__.py") and own.generated(posixpath.join(path, each.name)):
        return None
    return Missing("name", each.name, source, lookalikes.nearest(each.name, sorted({*names, *_modules(own, path)})))


def _module(own: Own, path: str, each: Import) -> Missing | None:
    """The first part of a path that is not there."""
    parts = path.split("/")
    for length in range(1, len(parts) + 1):
        part = "/".join(parts[:length])
        if own.module(part):
            continue
        parent = "/".join(parts[: length - 1])
        source = own.source(parent) if parent else None
        if parent in own.stems and (source is None or _may_have(own, source, parts[length - 1])):
            return None
        if own.generated(part):
            return None
        near = lookalikes.nearest(parts[length - 1], _modules(own, parent))
        return Missing("module", each.module or each.name, part, near)
    return None


def _may_have(own: Own, source: str, name: str) -> bool:
    """Whether a package may have a module under a name that no file has: one that it makes up, or imports."""
    names = own.names.get(source)
    return names is None or name in names


def _modules(own: Own, folder: str) -> Iterable[str]:
    prefix = f"{folder}/" if folder else ""
    paths = {*own.stems, *own.folders}
    return sorted(p.removeprefix(prefix) for p in paths if p.startswith(prefix) and "/" not in p.removeprefix(prefix))
