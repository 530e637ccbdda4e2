"""Which lines of the asked files ran, and in which tests: by sys.monitoring, before Python 3.12 by a trace function."""

from __future__ import annotations

import sys
import threading
from types import CodeType
from typing import Any

TOOL = 3
NAMES = 5
"""As many tests are named for one line."""

Lines = dict[str, dict[int, list[int]]]


class Monitored:
    """Each line of a code object is reported once in each test and then switched off until the next one."""

    def __init__(self, files: dict[str, str]) -> None:
        """`files` maps absolute paths to the names they are reported by."""
        self.lines: Lines = {name: {} for name in files.values()}
        self._files = files
        self._test = -1
        self._hit: dict[CodeType, None] = {}
        if files:
            monitoring = sys.monitoring
            self._set, self._disable = monitoring.set_local_events, monitoring.DISABLE
            self._line = monitoring.events.LINE
            monitoring.use_tool_id(TOOL, "selfmod lines")
            monitoring.register_callback(TOOL, monitoring.events.PY_START, self._starts)
            monitoring.register_callback(TOOL, monitoring.events.LINE, self._runs)
            monitoring.set_events(TOOL, monitoring.events.PY_START)

    def _starts(self, code: CodeType, offset: int) -> Any:
        if code.co_filename in self._files:
            self._set(TOOL, code, self._line)
        return self._disable

    def _runs(self, code: CodeType, line: int) -> Any:
        tests = self.lines[self._files[code.co_filename]].setdefault(line, [])
        if self._test >= 0 and len(tests) < NAMES and self._test not in tests:
            tests.append(self._test)
        self._hit[code] = None
        return self._disable

    def start(self, test: int) -> None:
        """The test with this number begins (-1: none does). What ran in the one before is switched on again."""
        self._test = test
        if test >= 0:
            for code in self._hit:
                self._set(TOOL, code, 0)
                self._set(TOOL, code, self._line)
            self._hit.clear()


class Traced:
    """By sys.settrace: functions of other files cost one look-up for each call."""

    def __init__(self, files: dict[str, str]) -> None:
        self.lines: Lines = {name: {} for name in files.values()}
        self._files = files
        self._test = -1
        if files:
            threading.settrace(self._calls)
            sys.settrace(self._calls)

    def _calls(self, frame: Any, event: str, argument: object) -> Any:
        return self._runs if frame.f_code.co_filename in self._files else None

    def _runs(self, frame: Any, event: str, argument: object) -> Any:
        if event == "line":
            tests = self.lines[self._files[frame.f_code.co_filename]].setdefault(frame.f_lineno, [])
            if self._test >= 0 and len(tests) < NAMES and self._test not in tests:
                tests.append(self._test)
        return self._runs

    def start(self, test: int) -> None:
        self._test = test
        if self._files and sys.gettrace() is None:  # a test took it away
            sys.settrace(self._calls)


def tracer(files: dict[str, str]) -> Monitored | Traced:
    """What this Python allows."""
    return Monitored(files) if sys.version_info >= (3, 12) else Traced(files)


def executable(path: str) -> list[int]:
    """The lines that compiled code stands on, of the file as it is now; none where it does not compile."""
    try:
        with open(path, "rb") as file:
            pending = [compile(file.read(), path, "exec", dont_inherit=True)]
    except (OSError, ValueError, SyntaxError, RecursionError, MemoryError):
        return []
    lines: set[int] = set()
    while pending:
        code = pending.pop()
        lines.update(line for _, _, line in _places(code) if line)
        pending += [each for each in code.co_consts if isinstance(each, CodeType)]
    return sorted(lines)


def _places(code: CodeType) -> Any:
    if hasattr(code, "co_lines"):  # from Python 3.10 on
        return code.co_lines()
    from dis import findlinestarts

    return [(0, 0, line) for _, line in findlinestarts(code)]
