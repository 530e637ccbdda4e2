"""Whether what runs and judges the tests is still what it was before project code was loaded."""

from __future__ import annotations

import builtins
import sys
from types import FunctionType, ModuleType
from typing import Any

PACKAGES = ("_pytest", "pytest", "pluggy", "unittest")
LEFT_OUT = ("unittest.mock", "_pytest._version")
WORDS = (
    "AssertionError", "BaseException", "Exception", "all", "any", "bool", "callable", "compile", "exec",
    "getattr", "isinstance", "issubclass", "len", "max", "min", "setattr", "sorted", "sum", "type"
)  # fmt: skip
"""Names of the language that assertions and runners rest on."""
CORE = (
    ("_pytest.runner", "runtestprotocol"),
    ("_pytest.runner", "call_and_report"),
    ("_pytest.runner", "call_runtest_hook"),
    ("_pytest.runner", "CallInfo.from_call"),
    ("_pytest.runner", "pytest_runtest_call"),
    ("_pytest.reports", "TestReport.from_item_and_call"),
    ("_pytest.python", "Function.runtest"),
    ("_pytest.python", "pytest_pyfunc_call"),
    ("_pytest.unittest", "TestCaseFunction.runtest"),
    ("pluggy._callers", "_multicall"),
    ("unittest.case", "TestCase.run"),
    ("unittest.case", "TestCase._callTestMethod"),
    ("unittest.case", "TestCase.assertEqual"),
    ("unittest.case", "TestCase.assertTrue"),
)
"""Looked at after every test, the rest at the end."""


def _plain(value: Any) -> Any:
    """The function within a method's descriptor."""
    if isinstance(value, (staticmethod, classmethod)):
        value = value.__func__
    if isinstance(value, property):
        value = value.fget
    return value


def _state(value: Any) -> Any:
    """What changes when a function is replaced, or its inside is."""
    function = _plain(value)
    if isinstance(function, FunctionType):
        return function, function.__code__, function.__defaults__, function.__kwdefaults__
    return None


def _same(before: Any, now: Any) -> bool:
    return now is not None and all([old is new for old, new in zip(before, now)])


class Machinery:
    """A picture of every function of pytest, pluggy and unittest, and of the words of the language that they use."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        """`allowed` are the folders of installed packages: an installed plugin may replace what it extends."""
        self._allowed = allowed
        self._functions: dict[tuple[Any, str], Any] = {}
        self._classes: dict[type, frozenset[str]] = {}
        self._words = [(name, getattr(builtins, name)) for name in WORDS]
        for name, module in sorted(sys.modules.items()):
            if name.partition(".")[0] in PACKAGES and name not in LEFT_OUT and isinstance(module, ModuleType):
                self._take(module)
        self._core = [found for found in map(self._find, CORE) if found is not None]

    def _take(self, module: ModuleType) -> None:
        for name, value in list(vars(module).items()):
            if isinstance(value, type) and value.__module__ == module.__name__:
                self._classes[value] = frozenset(vars(value))
                for inner, member in list(vars(value).items()):
                    if _state(member) is not None:
                        self._functions[value, inner] = _state(member)
            elif isinstance(value, FunctionType):
                self._functions[module, name] = _state(value)

    def _find(self, place: tuple[str, str]) -> tuple[Any, str] | None:
        holder: Any = sys.modules.get(place[0])
        *outer, name = place[1].split(".")
        for each in outer:
            holder = getattr(holder, each, None)
        return (holder, name) if (holder, name) in self._functions else None

    def quick(self) -> str:
        """The name of a function of the core that is not what it was; empty where all are."""
        for place in self._core:
            if self._replaced(place):
                return self._called(place)
        return self._word()

    def _word(self) -> str:
        for name, value in self._words:
            if getattr(builtins, name, None) is not value:
                return "builtins." + name
        return ""

    def changed(self) -> list[str]:
        """The names of everything that project code replaced."""
        found = [self._called(place) for place in self._functions if self._replaced(place)]
        for kind, names in self._classes.items():
            for name, value in list(vars(kind).items()):
                inherited = name not in names and any([(base, name) in self._functions for base in kind.__mro__[1:]])
                if inherited and not self._installed(value):
                    found.append(self._called((kind, name)))
        word = self._word()
        return found + ([word] if word else [])

    def _replaced(self, place: tuple[Any, str]) -> bool:
        now = vars(place[0]).get(place[1])
        before = self._functions[place]
        return not _same(before, _state(now)) and not self._installed(now)

    def _installed(self, value: Any) -> bool:
        """Whether a function comes from an installed package that is no part of the machinery itself."""
        function = _plain(value)
        if isinstance(function, FunctionType) and function.__module__ == "_pytest.legacypath":
            return True  # a part of pytest that extends the others when the session starts
        if not isinstance(function, FunctionType) or any([function is each[0] for each in self._functions.values()]):
            return False
        module = sys.modules.get(function.__module__)
        return (
            function.__code__.co_filename.startswith(self._allowed)
            and module is not None
            and vars(module) is function.__globals__
        )

    def _called(self, place: tuple[Any, str]) -> str:
        holder = place[0]
        inner = [holder.__module__, holder.__qualname__] if isinstance(holder, type) else [holder.__name__]
        return ".".join([*inner, place[1]])
