"""
## What it does
Reports sockets and servers that listen on every interface: `socket.bind(("0.0.0.0", port))`, `app.run(host="0.0.0.0")`.

## Why it is bad
A service meant for this machine or for one network answers on all of them, the public one too. It is the right address
inside of a container, so this is low, and what to listen on is for the author to say.

## Example
```python
import socket

def listen(port):
    server = socket.socket()
    server.bind(("0.0.0.0", port))
    return server
```

## Use instead
```python
import socket

def listen(port, address="127.0.0.1"):
    server = socket.socket()
    server.bind((address, port))
    return server
```

References: CWE-605.
"""

import ast
from collections.abc import Iterator

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.arguments import argument
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_ALL = frozenset({"0.0.0.0", "::"})  # noqa: S104  # looked for, not bound
_SERVERS = frozenset({"run", "run_app", "run_simple", "serve", "create_server", "start_server", "make_server"})


def detect(node: ast.Call, module: Module) -> Iterator[Fault]:
    """The address literal itself is the place of the fault."""
    function = node.func
    last = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    given: ast.expr | None = None
    if last == "bind" and len(node.args) == 1 and isinstance(function, ast.Attribute):
        pair = node.args[0]
        if isinstance(pair, ast.Tuple) and len(pair.elts) >= 2 and module.origin(function.value) == "socket.socket":
            given = pair.elts[0]
    elif last in _SERVERS:
        given = argument(node, "host")
    if isinstance(given, ast.Constant) and isinstance(given.value, str) and given.value in _ALL:
        yield Fault(given, "listens on every interface of the machine", left="which network shall reach it?")


RULE = Rule(
    name="bind-to-all-interfaces",
    topic="network",
    summary="Server that listens on every interface",
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    cwe=605,
    nodes=(ast.Call,),
    detect=detect,
    documentation=__doc__,
    fixes="never",
    aliases=("B104", "S104"),
    mentions=("0.0.0.0", '"::"', "'::'"),  # noqa: S104  # looked for, not bound
)
