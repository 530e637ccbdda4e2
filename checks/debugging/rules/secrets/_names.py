"""What names say: the words of a name, and whether it is the name of a secret."""

import ast
import re

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_ONE = frozenset(
    [
        "password",
        "passwd",
        "passphrase",
        "passcode",
        "pwd",
        "secret",
        "salt",
        "nonce",
        "otp",
        "totp",
        "csrf",
        "xsrf",
        "apikey",
        "token",
        "credential",
    ]
)
_PAIRS = frozenset(
    {("session", word) for word in ("id", "key", "secret", "token")}
    | {
        (word, "key")
        for word in ("api", "secret", "private", "access", "auth", "signing", "encryption", "hmac", "master")
    }
    | {(word, "code") for word in ("verification", "reset", "activation", "auth", "access", "recovery", "otp")}
)
_AFTER = frozenset({"value", "str", "string", "hex", "bytes", "raw", "text", "plain", "b64"})
"""Words that may follow: `token_hex` is still the token."""
_NOT = frozenset(
    [
        "num",
        "count",
        "counts",
        "len",
        "length",
        "size",
        "max",
        "min",
        "index",
        "idx",
        "ids",
        "weak",
        "fake",
        "mock",
        "dummy",
        "sample",
        "example",
        "invalid",
        "wrong",
        "bad",
        "mask",
        "pad",
        "eos",
        "bos",
        "unk",
        "next",
        "prev",
        "previous",
        "current",
        "cur",
        "lookahead",
        "lexer",
        "parser",
        "keyword",
        "comment",
        "whitespace",
    ]
)
"""Words that say that the name means something about secrets, a made-up one, or the token of a language."""


def words(name: str) -> list[str]:
    """The lower-case words of a name in snake or camel case."""
    return [word.lower() for word in _WORD.findall(name)]


def says_secret(name: str) -> bool:
    """Whether a name is that of a secret: `reset_token`, `apiKey`, `PASSWORD`; not `token_count`, `password_field`."""
    parts = words(name)
    while parts and (parts[-1] in _AFTER or parts[-1].isdigit()):
        parts.pop()
    if not parts or _NOT.intersection(parts):
        return False
    return parts[-1] in _ONE or tuple(parts[-2:]) in _PAIRS


def is_token_only(name: str) -> bool:
    """Whether `token` is all that makes it a secret: in a parser or a language model it is none."""
    parts = words(name)
    return "token" in parts and not {"auth", "access", "reset", "csrf", "api", "session", "refresh", "bearer"} & set(
        parts
    )


def name_of(node: ast.AST | None) -> str:
    """The last name of a target, call or key: `x` of `x`, `a.x`, `x()`, `a["x"]`; empty where there is none."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
            return name
        case ast.Call(func=function):
            return name_of(function)
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
        case ast.Subscript(value=value) | ast.Starred(value=value) | ast.Await(value=value):
            return name_of(value)
        case ast.Constant(value=str(name)):
            return name
        case _:
            return ""
