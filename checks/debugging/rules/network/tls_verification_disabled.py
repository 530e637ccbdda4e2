"""
## What it does
Reports `verify=False` given to `requests` and `httpx`, and `session.verify = False`.

## Why it is bad
The certificate of the server is not looked at: whoever sits between the two reads and changes everything, passwords
and tokens included. Where the server has a certificate of its own authority, `verify="/path/to/authority.pem"` trusts
that authority alone. Calls to this machine, to private addresses and in tests are reported as low, and nothing is
changed there, nor where the module switches the library's warnings off as well, an option of the user decides, or a
comment beside it may say why.

## Example
```python
import requests

def load(url):
    return requests.get(url, verify=False, timeout=10).json()
```

## Use instead
```python
import requests

def load(url):
    return requests.get(url, timeout=10).json()
```

References: requests documentation, "SSL Cert Verification"; CWE-295.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.network._addresses import is_local, literal_start
from checks.debugging.source.arguments import argument, in_f_string, is_constant
from checks.debugging.source.calls import with_keyword, without_argument
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "request")
_CALLS = (
    frozenset(f"requests.{verb}" for verb in _VERBS)
    | frozenset(f"requests.api.{verb}" for verb in _VERBS)
    | frozenset(f"httpx.{verb}" for verb in (*_VERBS, "stream", "Client", "AsyncClient"))
)
_SESSIONS = frozenset({"requests.Session", "requests.session", "requests.sessions.Session"})

_LOCAL = "the server is near and may have a certificate that it signed itself"
_TEST = "a test may talk to a server that signed its certificate itself"
_INSIDE = "it stands inside of an f-string"
_OPTION = "it happens on a condition only, so this seems an option of the user"
_WANTED = "the warnings are switched off too, so this seems wanted: which authority signs the server's certificate?"

_COMMENT = "a comment stands beside it: does it say why?"


def detect(node: ast.Call | ast.Assign, module: Module) -> Iterator[Fault]:
    """Calls and sessions that certainly are those of the libraries."""
    if isinstance(node, ast.Assign):
        yield from _session(node, module)
        return
    if not is_constant(argument(node, "verify"), False):
        return
    name = _callee(node, module)
    if name is None:
        return
    message = f"{name} does not look at the server's certificate: anybody on the way can read and change the traffic"
    left = _WANTED if _warnings_off(module) else ""
    if is_local(literal_start(_url(node, name))):
        left = _LOCAL
    yield from _fault(node, message, left, partial(_without, node, module), module)


def _fault(node: ast.AST, message: str, left: str, fix: partial[Fix | None], module: Module) -> Iterator[Fault]:
    if module.is_test:
        left = left or _TEST
    elif _option(node, module):
        left = _OPTION
    if not left and in_f_string(module, node):
        left = _INSIDE
    if not left and _explained(node, module):
        left = _COMMENT
    if left:
        yield Fault(node, message, left=left, severity=None if left in (_WANTED, _INSIDE, _COMMENT) else Severity.LOW)
    else:
        yield Fault(node, message, fix)


def _session(node: ast.Assign, module: Module) -> Iterator[Fault]:
    if not is_constant(node.value, False):
        return
    for target in node.targets:
        if isinstance(target, ast.Attribute) and target.attr == "verify" and module.origin(target.value) in _SESSIONS:
            message = "the session does not look at certificates: anybody on the way can read and change its traffic"
            left = _WANTED if _warnings_off(module) else ""
            if len(node.targets) > 1:
                left = "the same False is given to something else as well"
            yield from _fault(node, message, left, partial(_true, node.value, module), module)


def _callee(node: ast.Call, module: Module) -> str | None:
    name = module.resolve(node.func)
    if name in _CALLS:
        return name
    if isinstance(node.func, ast.Attribute) and (node.func.attr in _VERBS or node.func.attr == "send"):
        if module.origin(node.func.value) in _SESSIONS:
            return f"requests.Session.{node.func.attr}"
    return None


def _url(node: ast.Call, name: str) -> ast.expr | None:
    if name.endswith("Client"):
        return argument(node, "base_url")
    return argument(node, "url", 1 if name.endswith((".request", ".stream")) else 0)


def _option(node: ast.AST, module: Module) -> bool:
    """Whether an `if` around it asks for certificates."""
    tests = [a.test for a in module.ancestors(node) if isinstance(a, ast.If | ast.IfExp)]
    words = ("verif", "insecure", "ssl", "tls", "cert")
    return any(word in module.source(test).lower() for test in tests for word in words)


def _explained(node: ast.AST, module: Module) -> bool:
    """Whether the lines where `False` is given have a comment, or the line above them is one."""
    value = argument(node, "verify") if isinstance(node, ast.Call) else getattr(node, "value", None)
    if not isinstance(value, ast.expr):
        return False
    end = module.text.column(value.end_lineno or value.lineno, value.end_col_offset or 0)
    behind = module.text.line(value.end_lineno or value.lineno)[end - 1 :]
    return "#" in behind or module.text.line(value.lineno - 1).lstrip().startswith("#")


def _warnings_off(module: Module) -> bool:
    return b"disable_warnings" in module.text.data or b"InsecureRequestWarning" in module.text.data


def _without(node: ast.Call, module: Module) -> Fix | None:
    edit = without_argument(module, node, "verify") or with_keyword(module, node, "verify", "True")
    return Fix((edit,)) if edit else None


def _true(value: ast.expr, module: Module) -> Fix | None:
    start, end = module.span(value)
    return Fix((Edit(start, end, "True"),))


RULE = Rule(
    name="tls-verification-disabled",
    topic="network",
    summary="TLS certificate of the server not verified",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=295,
    nodes=(ast.Call, ast.Assign),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("B501", "S501"),
    mentions=("verify",),
)
