"""
## What it does
Reports MD5, SHA-1 and MD4 of `hashlib` (and of the Crypto and cryptography libraries) without
`usedforsecurity=False`. What a hash is for is read off the names around it: passwords, tokens and signatures are
high, checksums and cache keys are low and get `usedforsecurity=False`, all others are low and left to their author.

## Why it is bad
Two texts with the same MD5 or SHA-1 can be made by anybody, and both are so fast that passwords are found by
trying. Where that does not matter, `usedforsecurity=False` (Python 3.9) says so, to readers and to systems that
forbid the weak algorithms. A hash that is stored or exchanged cannot be replaced without its other side: such a
change is not offered.

## Example
```python
import hashlib

def etag(content):
    return hashlib.md5(content).hexdigest()
```

## Use instead
```python
import hashlib

def etag(content):
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
```

References: RFC 6151; SHAttered (2017); Python documentation, "hashlib"; CWE-327.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.secrets._names import name_of, words
from checks.debugging.source.arguments import argument, in_f_string, spread, text_of
from checks.debugging.source.calls import with_keyword
from checks.debugging.source.edits import Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_HASHLIB = frozenset({"hashlib.md5", "hashlib.sha1"})
_WEAK = frozenset({"md4", "md5", "sha1", "sha-1", "ripemd160"})
_OTHERS = frozenset(
    {
        f"{library}.Hash.{name}.new"
        for library in ("Crypto", "Cryptodome")
        for name in ("MD2", "MD4", "MD5", "SHA", "SHA1")
    }
    | {f"cryptography.hazmat.primitives.hashes.{name}" for name in ("MD5", "SHA1")}
)
_LAST = frozenset({"md5", "sha1", "new", "MD5", "SHA1"})
_SECRET = frozenset(
    [
        "password",
        "passwd",
        "passphrase",
        "pwd",
        "secret",
        "token",
        "signature",
        "signing",
        "sign",
        "signed",
        "credential",
        "credentials",
        "auth",
        "otp",
        "apikey",
        "hmac",
        "csrf",
        "license",
    ]
)
_PLAIN = frozenset(
    [
        "etag",
        "checksum",
        "checksums",
        "cache",
        "cached",
        "cachekey",
        "memo",
        "bucket",
        "shard",
        "avatar",
        "gravatar",
        "color",
        "colour",
        "filename",
        "dedupe",
        "dedup",
        "duplicate",
        "duplicates",
        "etags",
        "md5sum",
        "cksum",
        "crc",
    ]
)


def detect(node: ast.Call, module: Module) -> Iterator[Fault]:
    """Constructors that are certainly those of the libraries; a function passed on (`hmac.new(…, hashlib.sha1)`) is not
    a fault, since HMAC does not need what these have lost."""
    function = node.func
    if isinstance(function, ast.Attribute) and function.attr not in _LAST:
        return
    name = module.resolve(function)
    if name in _OTHERS:
        yield Fault(node, f"{name} is a broken hash", left=_FOR_WHAT, severity=Severity.LOW, confidence=Confidence.LOW)
        return
    if name == "hashlib.new":
        chosen = text_of(argument(node, "name", 0))
        if chosen is None or chosen.lower() not in _WEAK:
            return
        algorithm = chosen
    elif name in _HASHLIB:
        algorithm = name.rpartition(".")[2]
    else:
        return
    if spread(node) or argument(node, "usedforsecurity") is not None:
        return
    yield _judged(node, algorithm, module)


_FOR_WHAT = "what is it for? SHA-256 where anybody relies on it, else usedforsecurity=False"


def _judged(node: ast.Call, algorithm: str, module: Module) -> Fault:
    near, around = _near(node, module), _around(node, module)
    if near & _SECRET:
        word = sorted(near & _SECRET)[0]
        message = f"{algorithm} is broken, and this hash seems to protect something ({word!r})"
        if "digest" in near | around and "auth" in near | around:
            return Fault(node, message, left="the protocol prescribes it, it seems", severity=Severity.LOW)
        left = "values that are stored or exchanged would change: it needs a plan for both sides"
        return Fault(node, message, left=left, severity=Severity.LOW if module.is_test else None)
    message = f"{algorithm} is broken: it must not be relied on"
    if near & _PLAIN and not around & _SECRET and not in_f_string(module, node):
        if module.surroundings.python >= (3, 9):
            return Fault(node, f"{message}; this use seems not to", partial(_fix, node, module), severity=Severity.LOW)
        return Fault(node, message, left="usedforsecurity=False needs Python 3.9", severity=Severity.LOW)
    return Fault(node, message, left=_FOR_WHAT, severity=Severity.LOW, confidence=Confidence.LOW)


def _near(node: ast.Call, module: Module) -> set[str]:
    """The words of all names that the hash is made of and that its value is given to, and of its function."""
    found: set[str] = set()
    for value in (*node.args, *(keyword.value for keyword in node.keywords)):
        found |= _words_in(value)
    child: ast.AST = node
    for parent in module.ancestors(node):
        if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef):
            found.update(words(parent.name))
            break
        if isinstance(parent, ast.Assign):
            for target in parent.targets:
                found |= _words_in(target)
                if child is node and isinstance(target, ast.Name):
                    found |= _updates(target.id, module.function(node) or module.tree)
        elif isinstance(parent, ast.AnnAssign):
            found |= _words_in(parent.target)
        elif isinstance(parent, ast.keyword):
            found.update(words(parent.arg or ""))
        elif isinstance(parent, ast.Dict):
            found |= {w for key, value in zip(parent.keys, parent.values, strict=True) if value is child
                      for w in words(name_of(key))}  # fmt: skip
        elif isinstance(parent, ast.Call) and child is not parent.func:
            found.update(words(name_of(parent.func)))
        child = parent
    return found


def _updates(name: str, place: ast.AST) -> set[str]:
    """The words of what `name.update(…)` is given."""
    found: set[str] = set()
    for inner in ast.walk(place):
        match inner:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr="update"), args=[value]) if owner == name:
                found |= _words_in(value)
    return found


def _words_in(node: ast.AST) -> set[str]:
    return {word for inner in ast.walk(node) if not isinstance(inner, ast.Constant) for word in words(name_of(inner))}


def _around(node: ast.Call, module: Module) -> set[str]:
    """The words of the functions and classes around it and of the file's name."""
    return set(words(module.qualname(node))) | set(words(module.path.rpartition("/")[2]))


def _fix(node: ast.Call, module: Module) -> Fix | None:
    edit = with_keyword(module, node, "usedforsecurity", "False")
    return Fix((edit,)) if edit else None


RULE = Rule(
    name="weak-hash-for-security",
    topic="secrets",
    summary="MD5 or SHA-1 where a hash may be relied on",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=327,
    nodes=(ast.Call,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("B324", "S324", "B303", "S303"),
    mentions=("md5", "sha1", "MD5", "SHA", "hashlib"),
)
