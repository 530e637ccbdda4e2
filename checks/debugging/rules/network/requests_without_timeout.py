"""
## What it does
Reports calls of `requests` and `httpx` that wait without end: `requests.get(url)` without `timeout`, and
`timeout=None` given to either library.

## Why it is bad
`requests` has no default timeout. A server that accepts the connection and never answers holds the caller, its thread
and its connection for ever. (`httpx` waits five seconds by default, so only an explicit `None` is reported there.)

## Example
```python
import requests

def load(url):
    return requests.get(url).json()
```

## Use instead
```python
import requests

def load(url):
    return requests.get(url, timeout=10).json()
```

References: requests documentation, "Timeouts"; CWE-400.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.arguments import in_f_string
from checks.debugging.source.calls import with_keyword
from checks.debugging.source.edits import Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_SECONDS = "10"
_VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "request")
_REQUESTS = frozenset(f"requests.{verb}" for verb in _VERBS) | frozenset(f"requests.api.{verb}" for verb in _VERBS)
_HTTPX = frozenset(f"httpx.{verb}" for verb in (*_VERBS, "stream", "Client", "AsyncClient"))
_SESSIONS = frozenset({"requests.Session", "requests.session", "requests.sessions.Session"})


def detect(node: ast.Call, module: Module) -> Iterator[Fault]:
    """Calls that certainly reach one of the libraries: by an import, or by a session made in sight."""
    name = _callee(node, module)
    if name is None:
        return
    given = next((keyword for keyword in node.keywords if keyword.arg == "timeout"), None)
    if given is not None:
        if isinstance(given.value, ast.Constant) and given.value.value is None:
            yield Fault(node, f"{name} with timeout=None waits for ever on a server that does not answer", left=_NONE)
        return
    if name in _HTTPX:
        return
    message = f"{name} without a timeout waits for ever on a server that does not answer"
    if any(keyword.arg is None for keyword in node.keywords):
        return  # **kwargs may hold it
    if name == "requests.Session.request" and (len(node.args) > _POSITION or _starred(node)):
        return  # given by position
    if in_f_string(module, node):
        yield Fault(node, message, left="it stands inside of an f-string")
        return
    yield Fault(node, message, partial(_fix, node, module))


_POSITION = 8
"""Where `Session.request` takes the timeout; the other functions take it by name only."""


def _starred(node: ast.Call) -> bool:
    return any(isinstance(value, ast.Starred) for value in node.args)


_NONE = "timeout=None was written on purpose: how long may it wait?"


def _callee(node: ast.Call, module: Module) -> str | None:
    name = module.resolve(node.func)
    if name in _REQUESTS or name in _HTTPX:
        return name
    if isinstance(node.func, ast.Attribute) and node.func.attr in _VERBS:
        if module.origin(node.func.value) in _SESSIONS:
            return f"requests.Session.{node.func.attr}"
    return None


def _fix(node: ast.Call, module: Module) -> Fix | None:
    edit = with_keyword(module, node, "timeout", _SECONDS)
    return Fix((edit,)) if edit else None


RULE = Rule(
    name="requests-without-timeout",
    topic="network",
    summary="HTTP request without a timeout",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=400,
    nodes=(ast.Call,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("B113", "S113"),
    mentions=("requests", "httpx"),
)
