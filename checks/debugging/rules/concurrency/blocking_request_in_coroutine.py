"""
## What it does
Reports calls in an `async def` that wait for a server or a process: `requests`, `urllib.request.urlopen`,
`httpx` without a client, and `subprocess.run` and its relatives.

## Why it is bad
The whole event loop waits with them: no other task, connection or timer of the program goes on.

## Example
```python
import requests

async def title(url):
    return requests.get(url, timeout=10).text
```

## Use instead
```python
import httpx

async def title(url):
    async with httpx.AsyncClient() as client:
        answer = await client.get(url)
    return answer.text
```

References: Python documentation, "Developing with asyncio"; CWE-833.
"""

import ast
from collections.abc import Iterator

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.concurrency._coroutines import coroutine
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "request")
_REQUESTS = frozenset(
    {f"{library}.{verb}" for library in ("requests", "httpx") for verb in _VERBS}
    | {"urllib.request.urlopen", "urllib.request.urlretrieve"}
)
_PROCESSES = frozenset({f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output")} | {"os.system"})
_SESSIONS = frozenset({"requests.Session", "requests.session", "httpx.Client"})


def detect(node: ast.Call, module: Module) -> Iterator[Fault]:
    """Calls that the coroutine itself runs; handing the function to a thread is no call."""
    if coroutine(module, node) is None:
        return
    name = module.resolve(node.func)
    if name in _PROCESSES:
        text = f"{name}() stops the whole event loop until the process ends"
        left = "may it run by asyncio.create_subprocess_exec, or in a thread by asyncio.to_thread"
    elif name in _REQUESTS or _of_session(node, module):
        text = f"{name or 'the request'}() stops the whole event loop until the server answers"
        left = "is an asynchronous client at hand, or may it run in a thread by asyncio.to_thread"
    else:
        return
    yield Fault(node, text, left=left, severity=Severity.INFO if module.is_test else None)


def _of_session(node: ast.Call, module: Module) -> bool:
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in _VERBS:
        return False
    return module.origin(node.func.value) in _SESSIONS


RULE = Rule(
    name="blocking-request-in-coroutine",
    topic="concurrency",
    summary="Request or process that stops the event loop",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=833,
    nodes=(ast.Call,),
    detect=detect,
    documentation=__doc__,
    fixes="never",
    mentions=("requests", "httpx", "urlopen", "urlretrieve", "subprocess", "system"),
)
