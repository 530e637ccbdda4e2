"""Which machines a URL written in the code means."""

import ast
import ipaddress
from urllib.parse import urlsplit

_LOCAL_ENDS = (".local", ".localhost", ".internal", ".lan", ".test", ".example", ".invalid")


def literal_start(node: ast.expr | None) -> str | None:
    """A string literal's value, or the text that an f-string, `+` or `%` certainly begins with; None otherwise."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
            return text
        case ast.BinOp(op=ast.Add() | ast.Mod()):
            return literal_start(node.left)
        case ast.Call(func=ast.Attribute(attr="format", value=ast.Constant(value=str(text)))):
            return text
        case _:
            return None


def is_local(url: str | None) -> bool:
    """Whether the URL's host is this machine, a private address, or a name that cannot be public."""
    if url is None:
        return False
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    if host == "localhost" or host.endswith(_LOCAL_ENDS):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_private or address.is_loopback or address.is_unspecified
