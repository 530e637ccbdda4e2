"""Imports of the project's own names from its own folders, though those come last on the path."""

from __future__ import annotations

import os
import sys
from importlib.machinery import ModuleSpec, PathFinder
from typing import Any

RUNNER = (
    "pytest",
    "_pytest",
    "pluggy",
    "iniconfig",
    "packaging",
    "pygments",
    "py",
    "exceptiongroup",
    "tomli",
    "unittest",
)
"""What the runner itself is made of: never taken from the project."""
_find = PathFinder.find_spec


def standard() -> frozenset[str]:
    """The names of the standard library's modules."""
    known: frozenset[str] | None = getattr(sys, "stdlib_module_names", None)  # from Python 3.10 on
    if known is not None:
        return known
    folder = os.path.dirname(os.__file__)
    found = {name.partition(".")[0] for name in os.listdir(folder)} - {"site-packages"}
    return frozenset(found | set(sys.builtin_module_names) | set(sys.modules))


def names(roots: list[str]) -> dict[str, None]:
    """The top-level names that the project defines at its import roots: modules, packages and namespaces."""
    found: dict[str, None] = {}
    for root in roots:
        try:
            entries = sorted(os.listdir(root))
        except OSError:
            continue
        for entry in entries:
            name, _, ending = entry.partition(".")
            whole = os.path.join(root, entry)
            if name.isidentifier() and (ending == "py" or ending.endswith(("so", "pyd")) or os.path.isdir(whole)):
                found[name] = None
    return found


class ProjectFirst:
    """On sys.meta_path: what the project defines is found in the project, before any installed copy of it.

    Namespaces (folders without `__init__.py`) are joined with their installed portions, the project's first."""

    def __init__(self, roots: list[str], taken: frozenset[str]) -> None:
        self.roots = roots
        self.names = {name: None for name in names(roots) if name not in taken}

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """The specification of a module of the project; None leaves it to the others."""
        top, *inner = fullname.split(".")
        if top not in self.names:
            return None
        if not inner:
            own_spec = _find(fullname, self.roots, target)
            joined = _find(fullname, [*self.roots, *sys.path], target)
            # an installed package with an `__init__.py` would win over a namespace of the project, wherever it stands
            shadowed = (
                own_spec is not None and own_spec.loader is None and joined is not None and joined.loader is not None
            )
            return own_spec if shadowed else joined
        own = [os.path.join(root, *fullname.split(".")[:-1]) for root in self.roots]
        entries = list(path or ())
        first = [each for each in entries if each in own]
        return _find(fullname, first + [each for each in entries if each not in first], target)


def install(roots: list[str], taken: frozenset[str]) -> ProjectFirst:
    """Puts the folders at the end of the path, and the finder before the one that follows the path."""
    finder = ProjectFirst(roots, taken)
    sys.path.extend(root for root in roots if root not in sys.path)
    place = sys.meta_path.index(PathFinder) if PathFinder in sys.meta_path else len(sys.meta_path)
    sys.meta_path.insert(place, finder)
    return finder
