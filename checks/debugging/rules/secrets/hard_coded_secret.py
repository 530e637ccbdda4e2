"""
## What it does
Reports passwords, tokens and keys that are written in the code: values of names that say so (variables, attributes,
keys, arguments, defaults, comparisons), and strings whose form is known (keys of AWS, GitHub, GitLab, Slack,
Stripe, Google, npm, PyPI, SendGrid, JSON web tokens, private keys). The message never shows the value.

## Why it is bad
Everybody who can read the code has the secret, in every copy and for ever in the history, and it cannot be changed
without a release. It has to be revoked, not only removed. Placeholders, names of fields and words are not reported;
tests are reported as info, examples as low.

## Example
```python
import psycopg

def connect():
    return psycopg.connect(host="db", user="app", password="t7Gq!x92LmB")
```

## Use instead
```python
import os

import psycopg

def connect():
    return psycopg.connect(host="db", user="app", password=os.environ["DB_PASSWORD"])
```

References: OWASP, "Secrets Management Cheat Sheet"; CWE-798.
"""

import ast
import re
from collections.abc import Iterator

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.secrets._formats import MARKS, entropy, in_header, is_django_key, known, looks_real
from checks.debugging.rules.secrets._names import is_token_only, name_of, says_secret, words
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_LEFT = "move it to the environment or a secret store, and revoke it"
_SHOWN = re.compile(r"(^|/)(examples?|docs?|demos?|samples?|tutorials?|snippets?|fixtures)/")
_TESTS = re.compile(r"(^|/)(t|testdata|test_data)/")
_NOT_KEPT = frozenset({"salt", "nonce", "otp", "totp"})
_Pair = tuple[str, ast.expr]


def detect(node: ast.AST, module: Module) -> Iterator[Fault]:
    """Strings of a known form wherever they are, others where a name says what they are."""
    if isinstance(node, ast.Constant):
        yield from _form(node, module)
        return
    for name, value in _named(node):
        if not isinstance(value, ast.Constant):
            continue
        if name.lower() == "authorization":
            yield from _header(value, module)
            continue
        if not says_secret(name):
            continue
        text = value.value.decode("latin-1") if isinstance(value.value, bytes) else value.value
        if isinstance(text, str) and not known(text) and real(name, text) and not _in_enum(value, module):
            kind = " ".join(words(name))
            yield _fault(value, f"the {kind} is written in the code ({len(text)} characters)", Severity.HIGH, module)


def _header(value: ast.Constant, module: Module) -> Iterator[Fault]:
    secret = in_header(value.value) if isinstance(value.value, str) else ""
    if looks_real(secret, 16) and any(c.isdigit() for c in secret) and entropy(secret) > 3 and not known(secret):
        message = f"the secret of an Authorization header is written in the code ({len(secret)} characters)"
        yield _fault(value, message, Severity.HIGH, module)


def _form(node: ast.Constant, module: Module) -> Iterator[Fault]:
    text = node.value.decode("latin-1") if isinstance(node.value, bytes) else node.value
    if not isinstance(text, str) or len(text) < 20:
        return
    found = known(text)
    if found is None:
        return
    name, piece = found
    shown = f"{piece[:4]}…, " if not name.endswith("private key") else ""
    message = f"{name} is written in the code ({shown}{len(piece)} characters)"
    often_public = name in ("a Google API key", "a JSON web token") or isinstance(module.parent(node), ast.Expr)
    worst = Severity.HIGH if often_public else Severity.CRITICAL
    yield _fault(node, message, worst, module, Confidence.HIGH)


def _fault(
    node: ast.expr, message: str, severity: Severity, module: Module, confidence: Confidence | None = None
) -> Fault:
    if module.is_test or _TESTS.search(module.path):
        severity = Severity.INFO
    elif _SHOWN.search(module.path):
        severity = Severity.LOW
    return Fault(node, message, left=_LEFT, severity=severity, confidence=confidence)


def _named(node: ast.AST) -> Iterator[_Pair]:
    """Names and the expressions that they get."""
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from ((name_of(target), value) for target in targets)
        case ast.AnnAssign(target=target, value=value) if value is not None:
            yield name_of(target), value
        case ast.keyword(arg=str(name), value=value):
            yield name, value
        case ast.Dict(keys=keys, values=values):
            yield from (
                (key.value, value)
                for key, value in zip(keys, values, strict=True)
                if isinstance(key, ast.Constant) and isinstance(key.value, str) and " " not in key.value
            )
        case ast.arguments():
            positional = [*node.posonlyargs, *node.args]
            for argument, default in zip(reversed(positional), reversed(node.defaults), strict=False):
                yield argument.arg, default
            for argument, given in zip(node.kwonlyargs, node.kw_defaults, strict=True):
                if given is not None:
                    yield argument.arg, given
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq()], comparators=[right]):
            if not isinstance(left, ast.Constant):
                yield name_of(left), right


def real(name: str, text: str) -> bool:
    """How much a value has to look like a secret depends on how sure the name is."""
    if is_token_only(name):
        return looks_real(text, 16) and any(c.isdigit() for c in text) and entropy(text) > 3
    if {"password", "passwd", "passphrase", "pwd", "passcode"} & set(words(name)):
        return looks_real(text, 6)
    if _NOT_KEPT & set(words(name)):
        return False
    if words(name)[-2:] == ["secret", "key"] and is_django_key(text):
        return True
    return looks_real(text, 10) and any(c.isdigit() for c in text) and entropy(text) > 2.5


def _in_enum(node: ast.AST, module: Module) -> bool:
    owner = module.enclosing_class(node)
    return owner is not None and any("Enum" in name_of(base) or "Flag" in name_of(base) for base in owner.bases)


RULE = Rule(
    name="hard-coded-secret",
    topic="secrets",
    summary="Password, token or key written in the code",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=798,
    nodes=(ast.Constant, ast.Assign, ast.AnnAssign, ast.keyword, ast.Dict, ast.arguments, ast.Compare),
    detect=detect,
    documentation=__doc__,
    fixes="never",
    aliases=("B105", "B106", "B107", "S105", "S106", "S107"),
    mentions=(
        *(
            word
            for base in ("pass", "pwd", "secret", "token", "key", "credential")
            for word in (base, base.upper(), base.title())
        ),
        *("uthorization", "AUTHORIZATION"),
        *MARKS,
    ),
)
