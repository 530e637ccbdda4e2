"""
## What it does
Reports TLS contexts that verify nothing (`ssl._create_unverified_context()`, `verify_mode = ssl.CERT_NONE`,
`check_hostname = False`), their being made the default of the whole process, and protocols older than TLS 1.2.

## Why it is bad
Encryption without knowing to whom protects from nobody who sits between the two. TLS 1.0 and 1.1 were withdrawn
(RFC 8996), SSL 3 is broken (RFC 7568). What only happens on a condition (an option of the user) is reported as low.

## Example
```python
import ssl
from urllib.request import urlopen

def load(url):
    return urlopen(url, timeout=10, context=ssl._create_unverified_context()).read()
```

## Use instead
```python
import ssl
from urllib.request import urlopen

def load(url):
    return urlopen(url, timeout=10, context=ssl.create_default_context()).read()
```

References: Python documentation, "ssl: Security considerations"; CWE-295.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.network._addresses import is_local, literal_start
from checks.debugging.source.arguments import argument, maker, text_of
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_UNVERIFIED = "ssl._create_unverified_context"
_CONTEXTS = frozenset({"ssl.SSLContext", "ssl.create_default_context"})
_KEPT = frozenset({"cafile", "capath", "cadata"})
_OLD = frozenset(
    {f"ssl.PROTOCOL_{name}" for name in ("SSLv2", "SSLv3", "TLSv1", "TLSv1_1")}
    | {f"ssl.TLSVersion.{name}" for name in ("SSLv3", "TLSv1", "TLSv1_1")}
)
_POOLS = frozenset({"urllib3.PoolManager", "urllib3.HTTPSConnectionPool", "urllib3.ProxyManager", "ssl.wrap_socket"})
_NOBODY = "the certificate of the other side is not verified: anybody on the way can read and change the traffic"


def detect(node: ast.Call | ast.Assign, module: Module) -> Iterator[Fault]:
    """Faults of one call or assignment."""
    yield from _call(node, module) if isinstance(node, ast.Call) else _assign(node, module)


def _call(node: ast.Call, module: Module) -> Iterator[Fault]:
    function = node.func
    last = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if last == "_create_unverified_context" and module.resolve(function) == _UNVERIFIED:
        yield from _unverified(node, module)
        return
    for value in (*node.args, *(keyword.value for keyword in node.keywords)):
        if isinstance(value, ast.Attribute | ast.Name) and _named(value).startswith(("PROTOCOL_", "TLSv1", "SSLv")):
            name = module.resolve(value)
            if name in _OLD:
                yield _old(value, name, module)
    given = argument(node, "cert_reqs")
    if given is not None and (text_of(given) == "CERT_NONE" or module.resolve(given) == "ssl.CERT_NONE"):
        if module.resolve(function) in _POOLS and not _is_server(node, module):
            yield Fault(node, _NOBODY, left=_WHOSE, severity=_severity(node, module))


_WHOSE = "which authority signs the other side's certificate?"


def _named(node: ast.Attribute | ast.Name) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id


def _old(node: ast.expr, name: str, module: Module) -> Fault:
    message = f"{name} allows a protocol that was withdrawn as insecure"
    return Fault(node, message, left="does anything still need it?", severity=_severity(node, module, Severity.MEDIUM))


def _unverified(node: ast.Call, module: Module) -> Iterator[Fault]:
    if _is_server(node, module):
        return
    left = ""
    keyword = module.parent(node)
    use = module.parent(keyword) if isinstance(keyword, ast.keyword) else None
    if isinstance(use, ast.Call) and use.args and is_local(literal_start(use.args[0])):
        left = "the server is near and may have a certificate that it signed itself"
    elif module.is_test:
        left = "a test may talk to a server that signed its certificate itself"
    elif not isinstance(node.func, ast.Attribute):
        left = "it was imported by its own name, so the import has to change too"
    elif node.args or any(k.arg not in _KEPT for k in node.keywords):
        left = "it is given options that ssl.create_default_context() does not take"
    elif _severity(node, module) is Severity.LOW:
        left = "it is made on a condition only, so this seems an option of the user"
    if left:
        yield Fault(node, _NOBODY, left=left, severity=_severity(node, module) if "near" not in left else Severity.LOW)
    else:
        yield Fault(node, _NOBODY, partial(_fix, node.func, module))


def _fix(function: ast.expr, module: Module) -> Fix | None:
    _, end = module.span(function)
    return Fix((Edit(end - len("_create_unverified_context"), end, "create_default_context"),))


def _assign(node: ast.Assign, module: Module) -> Iterator[Fault]:
    target = node.targets[0]
    if not isinstance(target, ast.Attribute):
        return
    value = node.value
    if target.attr == "_create_default_https_context" and module.resolve(target.value) == "ssl":
        if module.resolve(value) == _UNVERIFIED:
            message = "no HTTPS connection of this process looks at certificates any more"
            left = "which of its connections needs this, and could that one have a context of its own?"
            yield Fault(node, message, left=left, severity=_severity(node, module))
    elif target.attr == "minimum_version" and isinstance(value, ast.Attribute):
        name = module.resolve(value)
        if name in _OLD:
            yield _old(value, name, module)
    elif target.attr == "verify_mode" and module.resolve(value) == "ssl.CERT_NONE" and _is_client(target, module):
        yield Fault(node, _NOBODY, left=_WHOSE, severity=_severity(node, module))
    elif target.attr == "check_hostname" and isinstance(value, ast.Constant) and value.value is False:
        if _is_client(target, module) and not _verify_mode_set(node, module):
            message = "the name in the certificate is not compared: any site's certificate is taken for this one"
            left = "by what other means is the server known?"
            yield Fault(node, message, left=left, severity=_severity(node, module))


def _is_client(target: ast.Attribute, module: Module) -> bool:
    made = maker(module, target.value)
    return made is not None and module.resolve(made.func) in _CONTEXTS and not _is_server(made, module)


def _is_server(made: ast.Call, module: Module) -> bool:
    values = (*made.args, *(keyword.value for keyword in made.keywords))
    names = {module.resolve(value) for value in values}
    return bool(names & {"ssl.Purpose.CLIENT_AUTH", "ssl.PROTOCOL_TLS_SERVER"}) or any(
        keyword.arg == "server_side" for keyword in made.keywords
    )


def _verify_mode_set(node: ast.Assign, module: Module) -> bool:
    """Whether the same block sets the verify mode too: to nothing (reported there), or to what the author wants."""
    place = module.block(node)
    return place is not None and any(
        isinstance(other, ast.Assign) and getattr(other.targets[0], "attr", "") == "verify_mode" for other in place[0]
    )


def _severity(node: ast.AST, module: Module, usual: Severity | None = None) -> Severity | None:
    """Low in tests and where it happens on a condition only."""
    if module.is_test:
        return Severity.LOW
    for ancestor in module.ancestors(node):
        if isinstance(ancestor, ast.If | ast.IfExp):
            return Severity.LOW
        if isinstance(ancestor, ast.FunctionDef | ast.AsyncFunctionDef):
            break
    return usual


RULE = Rule(
    name="tls-context-unverified",
    topic="network",
    summary="TLS context that verifies nothing or allows withdrawn protocols",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=295,
    nodes=(ast.Call, ast.Assign),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("B323", "S323", "B502", "S502", "B503", "S503"),
    mentions=("ssl", "CERT_NONE"),
)
