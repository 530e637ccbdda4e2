"""Records of what was observed, each with a code that only the holder of the key can make."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha256
from os import getpid, write
from typing import Any

try:
    from _hashlib import hmac_digest
except ImportError:  # an interpreter without OpenSSL
    from hmac import digest as hmac_digest  # type: ignore[assignment]  # takes the same three
try:
    from _json import encode_basestring_ascii as quoted
except ImportError:  # an interpreter without the C encoder
    from json.encoder import py_encode_basestring_ascii as quoted

Write = Callable[[str, Any], None]


def text_of(value: Any) -> str:
    """JSON of None, booleans, numbers, strings, lists and dicts; our own, because `json` can be patched."""
    kind = type(value)
    if value is None:
        return "null"
    if kind is bool:
        return "true" if value else "false"
    if kind is str:
        return str(quoted(value))
    if kind is int:
        return int.__repr__(value)
    if kind is float:
        return float.__repr__(value) if value - value == 0 else "0.0"
    if kind is dict:
        return "{" + ",".join([quoted(str(key)) + ":" + text_of(each) for key, each in value.items()]) + "}"
    if kind in (list, tuple):
        return "[" + ",".join([text_of(each) for each in value]) + "]"
    # A subclass of str and the like comes from project code: its plain value is taken, without its methods.
    return str(quoted(str.__str__(value) if isinstance(value, str) else object.__repr__(value)))


def writer(descriptor: int, key: bytes) -> Write:
    """A function that writes a record of a kind with its value: `<hex code> <JSON>` and a newline.

    The code is HMAC-SHA256 under a key that is replaced by its hash after each record: a record can be neither dropped
    nor repeated nor moved, and a key that is found later makes none of the earlier ones. In a child that was forked
    nothing is written."""
    process = getpid()
    keys = [key]

    def report(kind: str, value: Any) -> None:
        if getpid() != process:
            return
        payload = text_of({"kind": kind, "value": value}).encode("ascii")
        line = hmac_digest(keys[0], payload, "sha256").hex().encode("ascii") + b" " + payload + b"\n"
        keys[0] = sha256(b"next" + keys[0]).digest()
        while line:
            line = line[write(descriptor, line) :]

    return report


def in_chunks(values: Iterable[Any], size: int = 500) -> Iterable[list[Any]]:
    """Lists of at most `size` values, so that no record grows without bound."""
    chunk: list[Any] = []
    for each in values:
        chunk.append(each)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
