"""
## What it does
Reports numbers and choices of `random` that go into something whose name says password, token, secret, salt, nonce,
session key, verification code or the like.

## Why it is bad
`random` is made for simulations: who has seen some of its output can compute what came before and what comes next.
`secrets` takes its numbers from the operating system, with the same calls. Nothing is changed in modules that call
`random.seed`, since there the numbers are meant to come again.

## Example
```python
import random
import string

def new_password():
    password = "".join(random.choice(string.ascii_letters) for _ in range(16))
    return password
```

## Use instead
```python
import secrets
import string

def new_password():
    password = "".join(secrets.choice(string.ascii_letters) for _ in range(16))
    return password
```

References: Python documentation, "secrets"; CWE-330.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.secrets._names import is_token_only, name_of, says_secret, words
from checks.debugging.source import imports
from checks.debugging.source.arguments import spread
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_CALLS = frozenset(
    f"random.{name}"
    for name in ("choice", "choices", "randint", "randrange", "random", "getrandbits", "sample", "uniform", "randbytes")
)
_WRAPPERS = frozenset(
    [
        "join",
        "str",
        "int",
        "hex",
        "format",
        "bytes",
        "bytearray",
        "list",
        "tuple",
        "map",
        "encode",
        "decode",
        "hexdigest",
        "digest",
        "b64encode",
        "urlsafe_b64encode",
        "hexlify",
        "chr",
        "round",
        "abs",
        "zfill",
        "rjust",
        "ljust",
        "lower",
        "upper",
        "pack",
        "sha256",
        "sha1",
        "md5",
        "sha512",
        "to_bytes",
    ]
)
_LANGUAGE = (b"tokenize", b"Tokenizer", b"vocab", b"lexer", b"Lexer", b"torch", b"nltk")


def detect(node: ast.Call, module: Module) -> Iterator[Fault]:
    """Calls of the module's functions; `random.SystemRandom()` and generators of one's own are not them."""
    name = module.resolve(node.func)
    if name not in _CALLS:
        return
    secret = _goes_into(node, module)
    if not secret:
        return
    if is_token_only(secret) and any(word in module.text.data for word in _LANGUAGE):
        return
    message = f"{secret!r} is made of numbers of {name}(), which can be predicted"
    severity = _severity(secret)
    left = ""
    if b"seed(" in module.text.data:
        left = "the module seeds its random numbers: are they meant to come again?"
    elif _replacement(node, name, module) is None:
        left = "the name 'secrets' means something else here"
    if left:
        yield Fault(node, message, left=left, severity=severity)
    else:
        yield Fault(node, message, partial(_fix, node, name, module), severity=severity)


def _severity(secret: str) -> Severity | None:
    """Salts have to differ rather than to be unpredictable; of nonces it depends on the protocol."""
    parts = words(secret)
    return Severity.LOW if "salt" in parts else Severity.MEDIUM if "nonce" in parts else None


def _goes_into(node: ast.Call, module: Module) -> str:
    """The name of the secret that the call's value becomes (part of); empty where it becomes none."""
    child: ast.AST = node
    for parent in module.ancestors(node):
        match parent:
            case ast.Call() if child is not parent.func:
                called = name_of(parent.func)
                if says_secret(called):
                    return called
                if called not in _WRAPPERS:
                    return ""
            case ast.keyword(arg=str(name)):
                return name if says_secret(name) else ""
            case ast.Dict():
                index = next((i for i, value in enumerate(parent.values) if value is child), None)
                key = parent.keys[index] if index is not None else None
                return name_of(key) if isinstance(key, ast.Constant) and says_secret(name_of(key)) else ""
            case ast.Tuple(elts=[ast.Constant(value=str(name)), value]) if value is child and says_secret(name):
                return name
            case ast.Assign(targets=[target]) | ast.AnnAssign(target=target) | ast.NamedExpr(target=target):
                return name_of(target) if says_secret(name_of(target)) else ""
            case ast.AugAssign(target=target, op=ast.Add()):
                return name_of(target) if says_secret(name_of(target)) else ""
            case ast.Return():
                function = module.function(parent)
                return function.name if function is not None and says_secret(function.name) else ""
            case ast.Subscript() if child is parent.slice:
                pass  # one of the letters: letters[random.randrange(n)]
            case ast.IfExp() if child is parent.test:
                return ""
            case ast.comprehension() | ast.Compare() | ast.stmt():
                return ""
            case _:
                pass
        child = parent
    return ""


def _replacement(node: ast.Call, name: str, module: Module) -> imports.Reference | None:
    last = name.rpartition(".")[2]
    if last == "choice":
        return imports.reference(module, "secrets:choice", node)
    if last == "randrange" and len(node.args) == 1 and not node.keywords and not spread(node):
        return imports.reference(module, "secrets:randbelow", node)
    if last == "getrandbits" and len(node.args) == 1:
        return imports.reference(module, "secrets:randbits", node)
    found = imports.reference(module, "secrets:SystemRandom", node)
    return imports.Reference(f"{found.text}().{last}", found.edits) if found else None


def _fix(node: ast.Call, name: str, module: Module) -> Fix | None:
    found = _replacement(node, name, module)
    if found is None:
        return None
    start, end = module.span(node.func)
    return Fix((Edit(start, end, found.text), *found.edits))


RULE = Rule(
    name="insecure-random-for-secret",
    topic="secrets",
    summary="Predictable random numbers in a secret",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=330,
    nodes=(ast.Call,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("B311", "S311"),
    tests=False,
    mentions=("random",),
)
