"""Whether the code of a test really began, and came to its end without an exception."""

from __future__ import annotations

import functools
import sys
from types import CodeType, FunctionType, MethodType
from typing import Any, Protocol

TOOL = 4
"""The number of our tool for sys.monitoring: 0 to 2 and 5 are spoken for (https://docs.python.org/3/library/sys.monitoring.html)."""


class Watch(Protocol):
    """Told which code objects are a test's; answers which of them began and which returned."""

    sees_returns: bool

    def arm(self, codes: list[CodeType], wrappers: list[CodeType]) -> None:
        """The test with these code objects is about to run, called by wrappers that may expect an exception."""

    def disarm(self) -> tuple[bool, bool]:
        """It has run: whether any of its code began, and whether any returned, or a wrapper did."""

    def intact(self) -> bool:
        """Whether nobody else has taken the observer away."""


def functions_of(function: Any) -> list[FunctionType]:
    """The functions that a test consists of: the callable itself and those that it wraps, the outermost first."""
    found: list[FunctionType] = []
    for _ in range(20):
        if isinstance(function, MethodType):
            function = function.__func__
        elif isinstance(function, (functools.partial, functools.partialmethod)):
            function = function.func
        elif isinstance(function, (staticmethod, classmethod)):
            function = function.__func__
        elif isinstance(function, FunctionType):
            found.append(function)
            inner = getattr(function.__dict__.get("hypothesis"), "inner_test", None)
            function = inner if inner is not None else function.__dict__.get("__wrapped__")
        # the function itself is wanted, not whether there is one
        elif function is not None and isinstance(getattr(type(function), "__call__", None), FunctionType):  # noqa: B004
            function = type(function).__call__
        else:
            break
    return found


class Monitored:
    """By sys.monitoring, from Python 3.12 on: events of these code objects only, so that nothing else is slowed."""

    sees_returns = True

    def __init__(self) -> None:
        monitoring = sys.monitoring
        events = monitoring.events
        self._set = monitoring.set_local_events
        self._register: Any = monitoring.register_callback
        self._name = monitoring.get_tool
        self._events = (events.PY_START, events.PY_RETURN)
        self._began: set[CodeType] = set()
        self._returned: set[CodeType] = set()
        self._codes: list[CodeType] = []
        began, returned = self._began, self._returned

        def starts(code: CodeType, offset: int) -> None:
            began.add(code)

        def returns(code: CodeType, offset: int, value: object) -> None:
            returned.add(code)

        self._callbacks: tuple[Any, ...] = (starts, returns)
        monitoring.use_tool_id(TOOL, "selfmod")
        for place in (0, 1):
            self._register(TOOL, self._events[place], self._callbacks[place])

    def arm(self, codes: list[CodeType], wrappers: list[CodeType]) -> None:
        self._codes = codes + wrappers
        self._began.clear()
        self._returned.clear()
        for code in codes:
            self._set(TOOL, code, self._events[0] | self._events[1])
        for code in wrappers:
            self._set(TOOL, code, self._events[1])

    def disarm(self) -> tuple[bool, bool]:
        for code in self._codes:
            self._set(TOOL, code, 0)
        seen = bool(self._began), bool(self._returned)
        self._codes = []
        return seen

    def intact(self) -> bool:
        if self._name(TOOL) != "selfmod":
            return False
        pairs = zip(self._events, self._callbacks)
        return all([self._register(TOOL, event, callback) is callback for event, callback in pairs])


class Profiled:
    """By a profile function that takes itself away once the test began: for Pythons without sys.monitoring."""

    sees_returns = False

    def __init__(self) -> None:
        self._began = False
        self._codes: list[CodeType] = []
        self._before: Any = None

    def arm(self, codes: list[CodeType], wrappers: list[CodeType]) -> None:
        self._codes = codes
        self._began = False
        self._before = before = sys.getprofile()

        def profile(frame: Any, event: str, argument: object) -> None:
            if event == "call" and any([frame.f_code is code for code in codes]):
                self._began = True
                sys.setprofile(before)

        self._profile = profile
        sys.setprofile(profile)

    def disarm(self) -> tuple[bool, bool]:
        if sys.getprofile() is self._profile:
            sys.setprofile(self._before)
        return self._began, self._began

    def intact(self) -> bool:
        return True


def watch() -> Watch:
    """The observer that this Python allows."""
    return Monitored() if sys.version_info >= (3, 12) else Profiled()
