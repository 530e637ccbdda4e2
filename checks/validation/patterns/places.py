"""Where a path leads, as far as the code says it: how it begins, and whether that is outside the project."""

import ast
import re
from enum import StrEnum

from checks.debugging.source.module import Module
from checks.validation.patterns.names import Names


class Place(StrEnum):
    """What the beginning of a path says."""

    INSIDE = "beneath the working folder"
    BROAD = "all of the root, the home or the project"
    SENSITIVE = "a place that other programs trust"
    TEMPORARY = "a temporary folder"
    OUTSIDE = "outside the project"
    UNKNOWN = "unknown"


_PATHS = frozenset({"pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "builtins.str", "os.fspath", "anyio.Path"})
_SAME = frozenset(
    {"os.path.expanduser", "os.path.abspath", "os.path.realpath", "os.path.normpath", "os.path.expandvars"}
)
_SAME_METHODS = frozenset({"expanduser", "resolve", "absolute"})
_HOME = frozenset({"pathlib.Path.home", "pathlib.PosixPath.home"})
_OURS = frozenset(
    {"tempfile.mkdtemp", "tempfile.TemporaryDirectory", "tempfile.NamedTemporaryFile", "tempfile.mkstemp"}
)
_HARMLESS = re.compile(r"/dev/(null|stdout|stderr|stdin|tty|fd/.*)")
_SENSITIVE = re.compile(
    r"(^|/)(\.ssh|\.gnupg|\.aws|\.kube|\.docker|\.git|\.config/(systemd|autostart|git)|LaunchAgents|LaunchDaemons|"
    r"site-packages|dist-packages|cron[^/]*|sitecustomize\.py|usercustomize\.py|authorized_keys|"
    r"\.(bash|zsh|ksh|k)?(rc|_profile|_login|_logout)|\.(bashrc|zshrc|zshenv|profile|login|netrc|npmrc|pypirc|gitconfig)|"
    r"\.git-credentials)(/|$)|^/(etc|usr|bin|sbin|lib\d*|boot|proc(?!/self/)|sys|root|dev|var/spool)(/|$)|\.pth$|^[a-z]:[\\/]windows",
    re.IGNORECASE,
)
_BROAD = re.compile(
    r"(|/|~|[./*]+|(/|[A-Za-z]:/)?(home|Users|root|etc|usr|var|opt|srv|Windows|[A-Za-z]:)?)/?[*.]*|~/[*.]*"
)
CREDENTIALS = re.compile(
    r"/\.(netrc|git-credentials|pypirc)$|(^|/)(\.ssh/(id_[a-z0-9]+|identity|authorized_keys)?$|\.aws/credentials|"
    r"\.docker/config\.json|\.kube/config|\.gnupg(/|$)|\.config/gcloud/|\.mozilla/firefox|Login Data$|"
    r"\.bitcoin/|\.electrum/|wallet\.dat$)|^/etc/g?shadow$|^/proc/(self|\d+)/(environ|mem)$|"
    r"169\.254\.169\.254|metadata\.google\.internal",
)
"""Strings that name a place where credentials are kept."""
KEPT = frozenset({".ssh", ".aws", ".netrc", ".git-credentials", ".pypirc", ".gnupg"})
"""Names of such places, where they are put behind a folder's; alone they stand in many a list."""


type Beginning = tuple[str, bool]
"""How a path begins, and whether that is all of it."""


def beginning(names: Names, node: ast.AST | None, depth: int = 12) -> Beginning | None:
    """How the text of a path begins, as far as it is written out; `~` is the home. None where nothing is known."""
    if node is None or depth == 0:
        return None
    text = names.text(node)
    if text is not None:
        return text, True
    match node:
        case ast.BinOp(left=left, op=ast.Add() | ast.Mod()):
            return _cut(beginning(names, left, depth - 1))
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return _under(beginning(names, left, depth - 1), names.text(right))
        case ast.JoinedStr(values=[first_piece, *_]):
            piece = first_piece.value if isinstance(first_piece, ast.FormattedValue) else first_piece
            return _cut(beginning(names, piece, depth - 1))
        case ast.Call(func=ast.Attribute(value=value, attr=attr)) if attr in _SAME_METHODS:
            return beginning(names, value, depth - 1) or _of_call(names, node, depth)
        case ast.Call(func=ast.Attribute(value=value, attr="format")):
            return _cut(beginning(names, value, depth - 1))
        case ast.Call():
            return _of_call(names, node, depth)
        case ast.Subscript(value=value, slice=key) if "os.environ" in names.meanings(value):
            return ("~", True) if names.text(key) in ("HOME", "USERPROFILE") else None
        case ast.Name():
            values = names.values(node)
            return beginning(names, values[0], depth - 1) if len(values) == 1 else None
    return None


def _of_call(names: Names, node: ast.Call, depth: int) -> Beginning | None:
    meanings = names.meanings(node.func)
    if meanings & _HOME:
        return "~", True
    if node.args and meanings & (_PATHS | _SAME | {"os.path.join"}):
        found = beginning(names, node.args[0], depth - 1)
        for part in node.args[1:]:
            found = _under(found, names.text(part))
        return found
    if isinstance(node.func, ast.Attribute) and node.func.attr == "joinpath" and node.args:
        return _under(beginning(names, node.func.value, depth - 1), names.text(node.args[0]))
    return None


def _cut(found: Beginning | None) -> Beginning | None:
    return (found[0], False) if found is not None else None


def _under(first: Beginning | None, second: str | None) -> Beginning | None:
    """A path beneath another; an absolute second part takes the first one's place, as in pathlib."""
    if second is not None and second.startswith("/"):
        return second, True
    if first is None or not first[1] or second is None:
        return _cut(first)
    return f"{first[0].rstrip('/')}/{second}", True


def place(begins: Beginning | None) -> Place:
    """What the beginning of a path says of where it leads."""
    if begins is None:
        return Place.UNKNOWN
    path = re.sub(r"^(\$HOME|\$\{HOME\}|%USERPROFILE%)", "~", begins[0].replace("\\", "/").strip())
    while "/./" in path or "//" in path:
        path = path.replace("/./", "/").replace("//", "/")
    if _HARMLESS.fullmatch(path):
        return Place.INSIDE
    if _BROAD.fullmatch(path):
        if begins[1]:
            return Place.BROAD
        return Place.UNKNOWN if path in ("", "./") else Place.OUTSIDE
    if _SENSITIVE.search(path):
        return Place.SENSITIVE
    if re.match(r"/(var/)?tmp(/|$)|/dev/shm/", path):
        return Place.TEMPORARY
    if path.startswith(("/", "~")) or ".." in path.split("/") or re.match(r"[A-Za-z]:/", path):
        return Place.OUTSIDE
    return Place.INSIDE


def is_temporary(module: Module, node: ast.AST) -> bool:
    """Whether an expression is a folder or file that was made by tempfile, in this function or class."""
    if isinstance(node, ast.Attribute) and node.attr == "name":
        node = node.value
    if isinstance(node, ast.Call) and node.args:
        return is_temporary(module, node.args[0])
    return module.origin(node) in _OURS
