"""The public names of one module and what callers may rely on of each, read from its syntax tree."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from checks.risk.interface.annotations import plain
from checks.risk.source import dotted, dump

DEEPEST = 20
"""Classes within classes that are looked into."""
_PROPERTIES = frozenset({"property", "cached_property", "functools.cached_property", "abc.abstractproperty"})
_PLAIN = frozenset(
    {
        "abstractmethod", "abc.abstractmethod", "override", "typing.override", "final", "typing.final",
        "functools.wraps", "functools.lru_cache", "functools.cache",
    }
)  # fmt: skip
"""Decorators that leave how a function is called as it was."""
_NO_BASES = frozenset({"object", "Generic", "Protocol", "ABC"})
"""Bases that nobody asks an instance for."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: `kind` is `/`, empty, `*args`, `*` or `**kwargs`; `default` and `annotation` are texts of trees,
    None where there is none."""

    name: str
    kind: str
    default: str | None
    annotation: str | None


@dataclass(frozen=True, slots=True)
class Signature:
    """What a public name is. `kind` is `function`, `class`, `property` or `name`; `wrapped` are decorators and `async`
    as far as callers notice; `bases` of a class; `returns` the text of the annotation."""

    kind: str
    line: int
    parameters: tuple[Parameter, ...] = ()
    returns: str | None = None
    wrapped: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()


def of_module(tree: ast.Module, package: frozenset[str] = frozenset()) -> dict[str, Signature]:
    """Public names (`Client`, `Client.get`) with what they are. What `__all__` lists counts where it is a literal, else
    every name without an underscore in front. Imported names count where `__all__` lists them, where they are imported
    as themselves, and in an `__init__.py` those that come from the package itself: `package` are the names of its
    folders, empty for another module."""
    listed = _all(tree)
    found: dict[str, Signature] = {}
    for name, signature in _members(tree.body, "", DEEPEST):
        top = name.partition(".")[0]
        public = top in listed if listed is not None else not top.startswith("_") or _dunder(top)
        own = bool(package) and not package.isdisjoint(signature.bases)
        if public and (signature.kind != "import" or listed is not None or own or signature.wrapped):
            plain = signature if signature.kind != "import" else Signature("name", signature.line)
            found[name] = found.get(name) or plain
    return found


def exported(tree: ast.Module) -> set[tuple[str, str]]:
    """What a module imports from others under public names: (last part of the module's name, name there or `*`)."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            module = (node.module or "").rpartition(".")[2]
            for alias in node.names:
                if not (alias.asname or alias.name).startswith("_"):
                    found.add((module, alias.name))
    return found


def _dunder(name: str) -> bool:
    return name.startswith("__") and name.endswith("__") and name not in ("__all__", "__doc__")


def _all(tree: ast.Module) -> frozenset[str] | None:
    """What `__all__` lists, None where it is not there or not a literal."""
    names: list[str] | None = None
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
        if isinstance(node, ast.AnnAssign | ast.AugAssign):
            target = node.target
        if not isinstance(target, ast.Name) or target.id != "__all__":
            continue
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) else None
        if not isinstance(value, ast.List | ast.Tuple):
            return None
        texts = [each.value if isinstance(each, ast.Constant) else None for each in value.elts]
        if not all(isinstance(text, str) for text in texts):
            return None
        names = (names or []) + [text for text in texts if isinstance(text, str)]
    return None if names is None else frozenset(names)


def _flat(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a scope, those under `if`, `try` and `with` too."""
    waiting = list(reversed(body))
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.If | ast.Try | ast.TryStar | ast.With):
            inner = list(node.body)
            if not isinstance(node, ast.With):
                inner += node.orelse
            if isinstance(node, ast.Try | ast.TryStar):
                inner += [each for handler in node.handlers for each in handler.body] + node.finalbody
            waiting += reversed(inner)


def _members(body: list[ast.stmt], prefix: str, depth: int) -> Iterator[tuple[str, Signature]]:
    for node in _flat(body):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if not any(dotted(each).endswith(("overload", ".setter", ".deleter")) for each in node.decorator_list):
                yield prefix + node.name, _function(node, bool(prefix))
            if prefix and node.name in ("__init__", "__new__"):
                yield from _assigned_to_self(node, prefix)
        elif isinstance(node, ast.ClassDef):
            names = (dotted(each.value if isinstance(each, ast.Subscript) else each) for each in node.bases)
            bases = tuple(sorted(name for name in names if name.rpartition(".")[2] not in _NO_BASES))
            wrapped = tuple(sorted(dump(each) for each in node.decorator_list))
            yield prefix + node.name, Signature("class", node.lineno, bases=bases, wrapped=wrapped)
            if depth:
                for name, signature in _members(node.body, f"{prefix}{node.name}.", depth - 1):
                    last = name.rpartition(".")[2]
                    if signature.kind != "import" and (not last.startswith("_") or _dunder(last)):
                        yield name, signature
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                name = alias.asname or alias.name.split(".")[0]
                same = ("as itself",) if alias.asname == alias.name else ()
                yield prefix + name, Signature("import", node.lineno, wrapped=same, bases=_origin(node))
        else:
            yield from ((prefix + name, Signature("name", node.lineno)) for name in _targets(node))


def _origin(node: ast.Import | ast.ImportFrom) -> tuple[str, ...]:
    """The first part of the module that names are taken from, a dot for a relative one; nothing for a plain import."""
    if isinstance(node, ast.Import):
        return ()
    return (".",) if node.level else ((node.module or "").partition(".")[0],)


def _targets(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.Assign):
        targets = list(node.targets)
    elif isinstance(node, ast.AnnAssign):
        targets = [node.target]
    else:
        targets = [node.name] if isinstance(node, ast.TypeAlias) else []
    for target in targets:
        parts = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
        yield from (each.id for each in parts if isinstance(each, ast.Name))


def _assigned_to_self(node: ast.FunctionDef | ast.AsyncFunctionDef, prefix: str) -> Iterator[tuple[str, Signature]]:
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store) and dotted(each) == f"self.{each.attr}":
            if not each.attr.startswith("_"):
                yield prefix + each.attr, Signature("name", each.lineno)


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, method: bool) -> Signature:
    decorators = {dotted(each): dump(each) for each in node.decorator_list}
    if not _PROPERTIES.isdisjoint(decorators):
        return Signature("property", node.lineno, returns=plain(node.returns))
    parameters = tuple(_parameters(node.args))
    if method and "staticmethod" not in decorators and parameters and parameters[0].kind in ("", "/"):
        parameters = parameters[1:]
    if method and node.name.startswith("__") and node.name not in ("__init__", "__new__", "__call__"):
        # Operators and built-in functions pass by position: the names are nobody's business.
        parameters = tuple(replace(each, kind="/") if each.kind == "" else each for each in parameters)
    noticed = [text for name, text in decorators.items() if name not in _PLAIN]
    wrapped = (["async"] if isinstance(node, ast.AsyncFunctionDef) else []) + noticed
    return Signature("function", node.lineno, parameters, plain(node.returns), tuple(sorted(wrapped)))


def _parameters(args: ast.arguments) -> Iterator[Parameter]:
    placed = [(each, "/") for each in args.posonlyargs] + [(each, "") for each in args.args]
    defaults: list[ast.expr | None] = [None] * (len(placed) - len(args.defaults))
    for (each, kind), default in zip(placed, defaults + list(args.defaults), strict=True):
        yield Parameter(each.arg, kind, _text(default), plain(each.annotation))
    if args.vararg:
        yield Parameter(args.vararg.arg, "*args", None, plain(args.vararg.annotation))
    for each, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        yield Parameter(each.arg, "*", _text(default), plain(each.annotation))
    if args.kwarg:
        yield Parameter(args.kwarg.arg, "**kwargs", None, plain(args.kwarg.annotation))


def _text(node: ast.AST | None) -> str | None:
    return None if node is None else dump(node)
