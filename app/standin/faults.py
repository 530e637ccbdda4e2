"""Faults on request: what goes wrong at GitHub and on the way there."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, get_args

Kind = Literal[
    "5xx",
    "5xx_after_work",
    "secondary_limit",
    "primary_limit",
    "expire_token",
    "timeout",
    "timeout_after_work",
    "disconnect",
    "disconnect_after_work",
    "before",
    "after",
]
"""`5xx`: 502 and nothing done. `5xx_after_work`: done, and 502. `secondary_limit`: 403 with `retry-after`.
`primary_limit`: 403 with no requests remaining. `expire_token`: the token ends now, 401. `timeout`: no answer until the
caller gives up. `disconnect`: the connection ends within the answer. `before` and `after`: `do` is called then, and the
request is answered as ever."""


@dataclass
class Fault:
    method: str
    path: re.Pattern[str]
    kind: Kind
    times: int
    retry_after: int = 1
    """Seconds that a limit asks to wait."""
    do: Callable[[], object] | None = None
    hits: int = 0


@dataclass
class Faults:
    """What is to go wrong. `add` gives the Fault, whose `hits` say how often it struck."""

    planned: list[Fault] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(
        self,
        method: str,
        path_regex: str,
        kind: Kind,
        times: int = 1,
        *,
        retry_after: int = 1,
        do: Callable[[], object] | None = None,
    ) -> Fault:
        """The next `times` requests of this method (`*`: any) whose path contains the pattern go wrong."""
        if kind not in get_args(Kind):
            raise ValueError(f"no such fault: {kind}")
        fault = Fault(method.upper(), re.compile(path_regex), kind, times, retry_after, do)
        with self._lock:
            self.planned.append(fault)
        return fault

    def clear(self) -> None:
        with self._lock:
            self.planned.clear()

    def strike(self, method: str, path: str) -> Fault | None:
        """The fault of this request, counted."""
        with self._lock:
            for fault in self.planned:
                if fault.hits < fault.times and fault.method in {"*", method} and fault.path.search(path):
                    fault.hits += 1
                    return fault
        return None
