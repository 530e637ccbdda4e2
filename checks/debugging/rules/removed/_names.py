"""Names that the standard library has dropped: where a file uses them, and how they are written now."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from checks.debugging.rule import Fault
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.imports import reference
from checks.debugging.source.module import Module
from checks.model.findings import Severity

_FALLBACK = frozenset(
    {"ImportError", "ModuleNotFoundError", "AttributeError", "NameError", "Exception", "BaseException"}
)
_VERSION = re.compile(
    r"version_info|hexversion|python_version|hasattr|getattr|\bIS_?PY|\b_?(is_)?PY_?(THON_?)?[23]|_PY[23]|TYPE_CHECKING",
    re.I,
)


_OLD = re.compile(r"py_?[23]|python[23]")


@dataclass(frozen=True, slots=True)
class Gone:
    """What became of a name. `new` is the target of `imports.reference` ("math:gcd") that does exactly the same, empty
    where there is none: then `left` asks what is meant. `since` says when it went, for the message."""

    since: str
    new: str = ""
    left: str = ""
    severity: Severity | None = None


def guarded(module: Module, node: ast.AST) -> bool:
    """Whether the code is ready for the name to be missing: in a `try` that catches that, under a test of the Python
    version, or in a function named after an old one."""
    inner = node
    for outer in module.ancestors(node):
        match outer:
            case ast.Try(body=body, handlers=handlers) if any(_catches(handler) for handler in handlers):
                ready = inner in body or inner in handlers
            case ast.If(test=test) | ast.IfExp(test=test) if inner is not test:
                ready = _VERSION.search(module.source(test)) is not None
            case ast.BoolOp():
                ready = _VERSION.search(module.source(outer)) is not None
            case ast.FunctionDef(name=name):
                ready = _OLD.search(name) is not None
            case _:
                ready = False
        if ready:
            return True
        inner = outer
    return False


def _catches(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(getattr(kind, "id", getattr(kind, "attr", "")) in _FALLBACK for kind in kinds)


def faults(node: ast.AST, module: Module, table: Mapping[str, Gone], last: frozenset[str]) -> Iterator[Fault]:
    """Uses of the table's names by attribute (`time.clock`) or by `from time import clock`. `last` holds the last parts
    of the names: the cheap thing to look at first."""
    if isinstance(node, ast.Attribute):
        if node.attr not in last or not isinstance(node.ctx, ast.Load):
            return
        name = module.resolve(node)
        if name is not None and name in table and not guarded(module, node):
            yield _fault(node, name, table[name], partial(renamed, module, node, name, table[name].new))
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        for alias in node.names:
            name = f"{node.module}.{alias.name}"
            if alias.name not in last or name not in table or guarded(module, node):
                continue
            if node.module.partition(".")[0] in module.surroundings.own:
                continue
            fix = _import(module, node, alias, name, table[name].new)
            gone = table[name] if fix or table[name].left else _asked(table[name])
            yield _fault(alias, name, gone, (lambda fix=fix: fix) if fix else None)


def _asked(gone: Gone) -> Gone:
    return Gone(
        gone.since, "", f"{gone.new.replace(':', '.')} does the same: every use has to be renamed", gone.severity
    )


def _fault(node: ast.AST, name: str, gone: Gone, fix: object) -> Fault:
    message = f"{name} {gone.since}"
    if gone.new:
        message += f"; {gone.new.replace(':', '.')} does the same"
        if callable(fix):
            return Fault(node, message, fix, severity=gone.severity)
    return Fault(node, message, left=gone.left or "no import can be written here without doubt", severity=gone.severity)


def attribute(module: Module, node: ast.Attribute, new: str) -> Edit | None:
    """The attribute's own name replaced; what it is an attribute of stays as it is written."""
    _, end = module.span(node)
    start = end - len(node.attr.encode("utf-8"))
    return Edit(start, end, new) if module.text.data[start:end] == node.attr.encode("utf-8") else None


def renamed(module: Module, node: ast.Attribute, old: str, new: str) -> Fix | None:
    """The use by attribute written with the new name; None where its library cannot be named at this place."""
    library, _, name = new.partition(":")
    if old.rpartition(".")[0] == library:
        edit = attribute(module, node, name)
        return Fix((edit,)) if edit else None
    source = module.source(node)
    found = reference(module, new, node)
    if found is None or "\n" in source or "\r" in source:
        return None
    return Fix((Edit(*module.span(node), found.text), *found.edits))


def _import(module: Module, node: ast.ImportFrom, alias: ast.alias, old: str, new: str) -> Fix | None:
    """`from time import old` with the new name, and every use of it. Only where the name is bound nowhere else, stands
    in no string, and all of the statement moves."""
    library, _, name = new.partition(":")
    if not name or "." in name:
        return None
    start, end = module.span(node)
    edits = []
    if library != node.module:
        written = module.text.data[start:end].decode("utf-8")
        if len(node.names) > 1 or not re.match(rf"from[ \t]+{re.escape(node.module or '')}[ \t]", written):
            return None
        place = start + written.index(node.module or "", 5)
        edits.append(Edit(place, place + len((node.module or "").encode("utf-8")), library))
    if name == alias.name:
        return Fix(tuple(edits))
    first, _ = module.span(alias)
    edits.append(Edit(first, first + len(alias.name.encode("utf-8")), name))
    if alias.asname:
        return Fix(tuple(edits))
    uses = _uses(module, node, alias.name)
    if uses is None or name in module.names:
        return None
    return Fix((*edits, *(Edit(*module.span(use), name) for use in uses)))


def _uses(module: Module, statement: ast.stmt, name: str) -> list[ast.Name] | None:
    """All uses of what a statement imports under a name; None where the name may be used in other ways too."""
    scope = module.scope(statement)
    bindings = scope.bindings.get(name, [])
    if len(bindings) != 1 or (scope is module.scopes.module and _in_strings(module, name)):
        return None
    if scope is module.scopes.module and module.path.endswith("__init__.py"):
        return None
    uses = []
    for node in module.nodes:
        if isinstance(node, ast.Name) and node.id == name:
            found = module.scope(node).find(name)
            if found is not None and found[0] is scope:
                uses.append(node)
    return uses


def _in_strings(module: Module, name: str) -> bool:
    word = re.compile(rf"\b{re.escape(name)}\b")
    strings = (n.value for n in module.nodes if isinstance(n, ast.Constant) and isinstance(n.value, str))
    return any(word.search(value) for value in strings)


def lasts(table: Iterable[str]) -> frozenset[str]:
    """The last part of each dotted name."""
    return frozenset(name.rpartition(".")[2] for name in table)
