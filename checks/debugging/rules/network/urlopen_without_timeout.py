"""
## What it does
Reports connections of the standard library that wait without end: `urllib.request.urlopen`, `http.client`,
`smtplib`, `ftplib`, `poplib`, `imaplib`, `telnetlib` and `socket.create_connection` without `timeout`.

## Why it is bad
None of them has a timeout of its own. A server that accepts the connection and never answers holds the caller for
ever. Nothing is reported in modules that call `socket.setdefaulttimeout`. Mail and file transfers get 30 seconds,
others 10: the time counts for each wait on the network, not for the whole transfer. `socket.create_connection` is
left to its author, since the timeout would stay on the socket for all later reads.

## Example
```python
from urllib.request import urlopen

def load(url):
    return urlopen(url).read()
```

## Use instead
```python
from urllib.request import urlopen

def load(url):
    return urlopen(url, timeout=10).read()
```

References: Python documentation, "socket: Notes on socket timeouts"; CWE-400.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.network._addresses import literal_start
from checks.debugging.source.arguments import argument, in_f_string, is_constant, spread
from checks.debugging.source.calls import with_keyword
from checks.debugging.source.edits import Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_CALLS: dict[str, tuple[int, int]] = {
    "urllib.request.urlopen": (2, 10),
    "http.client.HTTPConnection": (2, 10),
    "http.client.HTTPSConnection": (4, 10),
    "smtplib.SMTP": (3, 30),
    "smtplib.SMTP_SSL": (5, 30),
    "ftplib.FTP": (4, 30),
    "ftplib.FTP_TLS": (7, 30),
    "poplib.POP3": (2, 30),
    "poplib.POP3_SSL": (4, 30),
    "imaplib.IMAP4": (2, 30),
    "imaplib.IMAP4_SSL": (5, 30),
    "telnetlib.Telnet": (2, 10),
    "socket.create_connection": (1, 10),
}
"""Position of `timeout` among the arguments, and the seconds offered."""
_LAST = frozenset(name.rpartition(".")[2] for name in _CALLS)
_NOT_NETWORK = ("file:", "data:", "/")


def detect(node: ast.Call, module: Module) -> Iterator[Fault]:
    """Calls that certainly are the standard library's, without a timeout at any place."""
    function = node.func
    if (function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")) not in _LAST:
        name = module.resolve(function) if isinstance(function, ast.Name) else None  # from x import urlopen as y
    else:
        name = module.resolve(function)
    if name is None or name not in _CALLS or spread(node):
        return
    position, seconds = _CALLS[name]
    given = argument(node, "timeout", position)
    if given is not None and not is_constant(given, None):
        return
    if (literal_start(node.args[0] if node.args else None) or "").startswith(_NOT_NETWORK):
        return
    if b"setdefaulttimeout" in module.text.data:
        return
    if not node.args and argument(node, "host") is None and _connected_later(node, module):
        return
    message = f"{name} without a timeout waits for ever on a server that does not answer"
    left = ""
    if name == "socket.create_connection":
        if _set_later(node, module):
            return
        left = "the timeout would stay on the socket for all later reads: how long may these wait?"
    elif given is not None:
        left = "timeout=None was written on purpose: how long may it wait?"
    elif name.startswith("imaplib") and module.surroundings.python < (3, 9):
        left = "imaplib has a timeout since Python 3.9"
    elif in_f_string(module, node):
        left = "it stands inside of an f-string"
    elif module.is_test:
        left = "a test's runner limits its time"
    if left:
        yield Fault(node, message, left=left, severity=Severity.LOW)
    else:
        yield Fault(node, message, partial(_fix, node, module, seconds))


def _connected_later(node: ast.Call, module: Module) -> bool:
    """Whether the function that makes an unconnected client connects one with a timeout."""
    place = module.function(node) or module.tree
    for inner in ast.walk(place):
        match inner:
            case ast.Call(func=ast.Attribute(attr="connect")) if spread(inner) or argument(inner, "timeout", 2):
                return True
    return False


def _set_later(node: ast.Call, module: Module) -> bool:
    """Whether the function that makes the socket sets a timeout on some socket."""
    place = module.function(node) or module.tree
    return any(isinstance(n, ast.Attribute) and n.attr in ("settimeout", "setblocking") for n in ast.walk(place))


def _fix(node: ast.Call, module: Module, seconds: int) -> Fix | None:
    edit = with_keyword(module, node, "timeout", str(seconds))
    return Fix((edit,)) if edit else None


RULE = Rule(
    name="urlopen-without-timeout",
    topic="network",
    summary="Connection of the standard library without a timeout",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=400,
    nodes=(ast.Call,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    mentions=("urlopen", "http.client", "smtplib", "ftplib", "poplib", "imaplib", "telnetlib", "create_connection"),
)
