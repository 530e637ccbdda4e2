"""Whether the code of a test is what its file was compiled to, and the file what was handed in."""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from importlib.machinery import SourceFileLoader
from types import CodeType, FunctionType
from typing import Any

_open, _exists = open, os.path.exists


class Sources:
    """Keeps the code of the project's modules as the import system and pytest compile it."""

    def __init__(self, root: str, hashes: dict[str, str], installed: tuple[str, ...]) -> None:
        """`hashes` are the SHA-256 of the files by their names, `installed` the folders of packages and of Python."""
        self._roots = (root + os.sep, os.path.realpath(root) + os.sep)
        self._hashes = {base + name: code for base in self._roots for name, code in hashes.items()}
        self._names = list(hashes)
        self._installed = installed
        self._inner: dict[int, CodeType] = {}
        self._altered: dict[str, None] = {}
        get_code: Callable[[Any, str], Any] = SourceFileLoader.get_code

        def recorded(loader: Any, name: str) -> Any:
            code = get_code(loader, name)
            kind = type(loader)
            if kind is SourceFileLoader or self._is_installed(kind.get_code) or self._is_installed(kind.source_to_code):
                self.take(code)
            return code

        setattr(SourceFileLoader, "get_code", recorded)  # noqa: B010  mypy holds methods for constant

    def take(self, code: Any) -> None:
        """A module's code that was made of its file just now, and all code within it."""
        if type(code) is not CodeType or not self.inside(code.co_filename):
            return
        expected = self._hashes.get(code.co_filename)
        try:
            with _open(code.co_filename, "rb") as file:
                if expected is not None and sha256(file.read()).hexdigest() != expected:
                    self._altered[code.co_filename] = None
        except OSError:
            self._altered[code.co_filename] = None
        waiting = [code]
        while waiting:
            each = waiting.pop()
            self._inner[id(each)] = each
            waiting += [inner for inner in each.co_consts if type(inner) is CodeType]

    def recording(self, rewrite: Any) -> Any:
        """Pytest's function that compiles test modules, `(path, configuration) → (facts, code)`, taking each down."""

        def _rewrite_test(path: Any, config: Any) -> Any:
            made = rewrite(path, config)
            self.take(made[1])
            return made

        return _rewrite_test

    def gone(self) -> list[str]:
        """The files of tests that were handed in and are no more."""
        root = self._roots[0]
        return [name for name in self._names if _is_test(os.path.basename(name)) and not _exists(root + name)]

    def inside(self, path: str) -> bool:
        """Whether a file lies in the project."""
        return path.startswith(self._roots)

    def _is_installed(self, function: Any) -> bool:
        code = getattr(function, "__code__", None)
        return code is not None and code.co_filename.startswith(self._installed)

    def genuine(self, function: FunctionType) -> bool:
        """Whether a function of the project has a code that its own module was compiled to."""
        code = function.__code__
        path = str(function.__globals__.get("__file__", ""))
        if path != code.co_filename and os.path.realpath(path) != os.path.realpath(code.co_filename):
            return False
        return self._inner.get(id(code)) is code

    def body(self, functions: list[FunctionType]) -> tuple[list[CodeType], list[CodeType], str]:
        """Of a callable and what it wraps (the outermost first): the code objects of which one must run for a test to
        have run, those of installed wrappers, which may end well though the test raised (it was expected to), and what
        is wrong with them in words, empty for nothing."""
        own = [each.__code__ for each in functions if self.genuine(each)]
        codes = [each.__code__ for each in functions]
        if own:
            file = own[-1].co_filename
            why = f"{os.path.basename(file)} was rewritten before it was loaded" if file in self._altered else ""
            # A wrapper from another file of the project may not keep an exception to itself.
            mine = [each for each in own if each.co_filename == file]
            return mine, [each for each in codes if each.co_filename.startswith(self._installed)], why
        if not functions:
            return [], [], "it is no function of Python"
        if not codes[0].co_filename.startswith(self._installed) or self.inside(codes[0].co_filename):
            return codes[:1], [], "its code is not what its file was compiled to"
        return codes[:1], [], ""


def _is_test(name: str) -> bool:
    return name.startswith("test") or name.endswith("_test.py") or name == "conftest.py"
