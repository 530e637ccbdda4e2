"""Whether the code of a test is what its file was compiled to, and not put there afterwards."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from types import CodeType, FunctionType
from typing import Any

_stat = os.stat


class Sources:
    """Keeps the code of every module of the project as it is executed: an audit hook sees it and cannot be removed."""

    def __init__(self, root: str, files: Sequence[str] = ()) -> None:
        """`files` are those that may hold tests, relative to `root`; no project code has run yet."""
        self._roots = (root + os.sep, os.path.realpath(root) + os.sep)
        self._before = {path: _facts(path) for path in [os.path.join(root, each) for each in files]}
        self._modules: dict[str, list[CodeType]] = {}
        self._inner: dict[str, dict[int, None]] = {}
        roots, modules = self._roots, self._modules

        def heard(event: str, arguments: Any) -> None:
            if event == "exec":
                code = arguments[0]
                if type(code) is CodeType and code.co_name == "<module>" and code.co_filename.startswith(roots):
                    modules.setdefault(code.co_filename, []).append(code)

        sys.addaudithook(heard)

    def inside(self, path: str) -> bool:
        """Whether a file lies in the project."""
        return path.startswith(self._roots)

    def changed(self, path: str) -> bool:
        """Whether a file was written since; the time of that cannot be set back, unlike that of its content."""
        return path in self._before and self._before[path] != _facts(path)

    def gone(self) -> list[str]:
        """The names of test files that were taken away since."""
        names = [os.path.basename(path) for path, facts in self._before.items() if facts and _facts(path) is None]
        return [each for each in names if each.startswith("test_") or each.endswith("_test.py")]

    def twice(self, path: str) -> bool:
        """Whether two different codes were executed under the name of one file."""
        codes = self._modules.get(path, [])
        return any([each != codes[0] for each in codes[1:]])

    def genuine(self, function: FunctionType) -> bool:
        """Whether a function of the project has a code that its own module was compiled to."""
        code = function.__code__
        path = str(function.__globals__.get("__file__", ""))
        if path != code.co_filename and os.path.realpath(path) != os.path.realpath(code.co_filename):
            return False
        codes = self._modules.get(code.co_filename, [])
        known = self._inner.get(code.co_filename, {})
        if id(code) not in known:
            known = self._inner[code.co_filename] = _within(codes)
        return id(code) in known

    def body(self, functions: list[FunctionType]) -> tuple[list[CodeType], list[CodeType], str]:
        """Of a callable and what it wraps (the outermost first): the code objects of which one must run for the test to
        have run, those of installed wrappers, which may end well though the test raised (it was expected to), and what
        is wrong with them in words, empty for nothing."""
        own = [each for each in functions if self.genuine(each)]
        codes = [each.__code__ for each in functions]
        if own:
            paths = [each.__code__.co_filename for each in own if self.twice(each.__code__.co_filename)]
            why = f"{os.path.basename(paths[0])} was executed in two versions" if paths else ""
            written = [path for path in [each.__code__.co_filename for each in own] if self.changed(path)]
            if written:
                why = f"{os.path.basename(written[0])} was rewritten before it was collected"
            return [each.__code__ for each in own], [each for each in codes if not self.inside(each.co_filename)], why
        if not functions:
            return [], [], "it is no function of Python"
        if self.inside(codes[0].co_filename):
            return codes[:1], [], "its code is not what its file was compiled to"
        path = str(functions[0].__globals__.get("__file__", ""))
        if self.inside(path) and path.endswith(".py") and path not in self._modules:
            return codes[:1], [], f"{os.path.basename(path)} itself was never executed"
        return codes[:1], [], ""


def _facts(path: str) -> tuple[int, int] | None:
    try:
        status = _stat(path)
    except OSError:
        return None
    return status.st_ino, status.st_ctime_ns


def _within(codes: list[CodeType]) -> dict[int, None]:
    """The identities of all code objects within these."""
    found: dict[int, None] = {}
    waiting = list(codes)
    while waiting:
        code = waiting.pop()
        found[id(code)] = None
        waiting += [each for each in code.co_consts if type(each) is CodeType]
    return found
