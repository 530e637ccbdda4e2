"""The repository's own modules: which names an import finds in the repository itself, and what they have."""

import base64
import posixpath
import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from checks.debugging import pool
from checks.repository.snapshot import Snapshot
from checks.validation.imports import found

_COMPILED = re.compile(r"(\.(cpython|abi3|cp\d|pypy)[\w.-]*)?\.(so|pyd|pyx|pxd|pyi|c|cpp|cc|rs|py|pyw|proto|in|mypyc)$")
_ROOTS = ("", "src", "lib", "python", "Lib")
"""Folders whose modules are imported by their bare name."""
_GENERATED = re.compile(r"^(_?version|__version__|_?version_info|.*_pb2(_grpc)?|.*_rc|_ui_.*|ui_.*|parsetab|lextab)$")
"""Modules that builds write."""
_BUILD = re.compile(
    r"(^|/)(setup\.py|setup\.cfg|pyproject\.toml|\.gitignore|MANIFEST\.in|Makefile|makefile|CMakeLists\.txt"
    r"|meson\.build|Cargo\.toml|tox\.ini|noxfile\.py|build\.py|BUILD(\.bazel)?|hatch_build\.py)$"
)
_BUILD_FILES = 200


@dataclass(slots=True)
class Own:
    """What of a snapshot can be imported. `stems` are paths without their ending (`pkg/mod`, and `pkg` for a package's
    `__init__`), `folders` all folders that hold something importable at any depth."""

    snapshot: Snapshot
    stems: dict[str, str]
    folders: frozenset[str]
    roots: tuple[str, ...]
    names: dict[str, frozenset[str] | None] = field(default_factory=dict)
    _built: str | None = None
    _last: frozenset[str] | None = None
    _tops: dict[str, list[str]] | None = None

    def tops(self, top: str) -> Iterator[str]:
        """The paths (without ending) that a top-level name can mean."""
        if self._tops is None:
            self._tops = {}
            roots = set(self.roots)
            for path in dict.fromkeys((*self.stems, *sorted(self.folders))):
                folder, name = posixpath.split(path)
                if folder in roots:
                    self._tops.setdefault(name, []).append(path)
        yield from self._tops.get(top, ())

    def module(self, path: str) -> bool:
        """Whether something importable, a module or a folder of such, lies at a path without ending."""
        return path in self.stems or path in self.folders

    def anywhere(self, name: str) -> bool:
        """Whether a module or a folder of such has this name, wherever it lies."""
        if self._last is None:
            self._last = frozenset(posixpath.basename(path) for path in (*self.stems, *self.folders))
        return name in self._last

    def source(self, path: str) -> str | None:
        """The Python source that a path without ending stands for, None where there is none or it is no plain one."""
        file = self.stems.get(path)
        return file if file is not None and file.endswith(".py") else None

    def generated(self, path: str) -> bool:
        """Whether a module that is not there may be made by a build: its name says so, or a build file names it."""
        name = posixpath.basename(path)
        return _GENERATED.match(name) is not None or re.search(rf"\b{re.escape(name)}\b", self._build()) is not None

    def _build(self) -> str:
        if self._built is None:
            parts = []
            for entry in [each for each in self.snapshot.files if _BUILD.search(each.path)][:_BUILD_FILES]:
                try:
                    parts.append(self.snapshot.read(entry.path)[: 256 * 1024].decode("utf-8", "replace"))
                except OSError:
                    continue
            self._built = "\n".join(parts)
        return self._built

    def learn(self, paths: Iterable[str]) -> None:
        """Looks into sources (paths of files) for their names; those that cannot be read have unknown ones."""
        left = [path for path in dict.fromkeys(paths) if path not in self.names]
        for path, answer in analysed(self.snapshot, left).items():
            names = answer.get("names")
            self.names[path] = None if names is None else frozenset(names)


def analysed(snapshot: Snapshot, paths: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What a worker sees in each file: see `found.analyse`; `reason` alone where it could not look."""
    results: dict[str, dict[str, Any]] = {}

    def tasks() -> Iterator[pool.Task]:
        for path in paths:
            try:
                content = snapshot.read(path)
            except OSError as error:
                results[path] = {"reason": f"cannot be read: {error.strerror or error}"}
                continue
            yield path, {"path": path, "content": base64.b64encode(content).decode()}

    with closing(pool.run(tasks(), found.analyse)) as running:
        for path, answer, why in running:
            results[path] = answer if answer is not None else {"reason": why}
    return results


def of(snapshot: Snapshot) -> Own:
    """The importable things of a snapshot. Any folder that is no package itself may be one that Python searches: the
    root, `src/`, that of a project within, one of scripts or of tests."""
    stems: dict[str, str] = {}
    folders: set[str] = set()
    roots = dict.fromkeys(_ROOTS)
    for entry in [*snapshot.files]:
        folder, name = posixpath.split(entry.path)
        if name in ("setup.py", "pyproject.toml", "setup.cfg"):
            roots.setdefault(folder)
            roots.setdefault(f"{folder}/src" if folder else "src")
        if not _COMPILED.search(name):
            continue
        stem = _COMPILED.sub("", name)
        path = f"{folder}/{stem}" if folder else stem
        if path not in stems or name.endswith(".py"):
            stems[path] = entry.path
        if stem == "__init__" and (folder not in stems or name.endswith(".py")):
            stems[folder] = entry.path
        while folder and folder not in folders:
            folders.add(folder)
            folder = posixpath.dirname(folder)
    linked = {note.file for note in snapshot.skipped if note.reason.startswith(("symbolic link", "submodule"))}
    for path in linked:
        stems.setdefault(_COMPILED.sub("", path), path)
    for folder in folders:
        if f"{folder}/__init__" not in stems:
            roots.setdefault(folder)
    return Own(snapshot, stems, frozenset(folders), tuple(roots))
