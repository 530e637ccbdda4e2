"""Which names a module binds, where, and to what: enough of Python's scoping to know what a name means."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

type Kind = Literal["import", "assign", "with", "param", "def", "class", "other"]


@dataclass(frozen=True, slots=True)
class Binding:
    """One place that gives a name its value. `value` is the expression assigned or entered, or a parameter's
    annotation; `qualified` is what an import brings ("x.y" of `from x import y`)."""

    kind: Kind
    node: ast.AST
    value: ast.expr | None = None
    qualified: str = ""


@dataclass(eq=False, slots=True)
class Scope:
    """A module, class, function, lambda, comprehension, or the type parameters of a definition (`transparent`)."""

    node: ast.AST
    parent: "Scope | None"
    transparent: bool = False
    """What is evaluated here sees the names of the class around it, as in the class itself."""
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    elsewhere: dict[str, str] = field(default_factory=dict)
    """Names declared `global` or `nonlocal`."""
    star: bool = False

    @property
    def is_class(self) -> bool:
        return isinstance(self.node, ast.ClassDef) and not self.transparent

    @property
    def runs_later(self) -> bool:
        """Whether what stands here runs when a function is called, not when the module is imported."""
        functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
        scope: Scope | None = self
        while scope is not None and (scope.transparent or not isinstance(scope.node, functions)):
            scope = scope.parent
        return scope is not None

    def bind(self, name: str, binding: Binding) -> None:
        """Adds a binding where the name's declaration puts it."""
        self._home(name).bindings.setdefault(name, []).append(binding)

    def _home(self, name: str) -> "Scope":
        declared = self.elsewhere.get(name)
        if declared == "global":
            return self._module()
        scope = self.parent if declared == "nonlocal" else None
        while scope is not None and (scope.is_class or name not in scope.bindings):
            scope = scope.parent
        return scope or self

    def _module(self) -> "Scope":
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def find(self, name: str) -> "tuple[Scope, list[Binding]] | None":
        """The scope that a name's use in this scope means and its bindings there; None for builtins and the unknown."""
        scope: Scope | None = self
        direct = True
        while scope is not None:
            if scope.elsewhere.get(name) == "global":
                scope = scope._module()
            if name in scope.bindings and (direct or not scope.is_class):
                return scope, scope.bindings[name]
            direct = direct and scope.transparent
            scope = scope.parent
        return None


_BINDERS = (
    *(ast.Name, ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.Import, ast.ImportFrom, ast.withitem, ast.ExceptHandler),
    *(ast.Global, ast.Nonlocal, ast.MatchAs, ast.MatchStar, ast.MatchMapping),
    *(ast.TypeVar, ast.ParamSpec, ast.TypeVarTuple),
)
_MARKS = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.Constant)
"""Nodes that hold no name: half of a tree; `Module.scope` finds theirs through their parents."""
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Scopes:
    """All scopes of a tree. `of[node]` is the scope that a node is evaluated in."""

    def __init__(self, tree: ast.Module) -> None:
        self.module = Scope(tree, None)
        self.of: dict[ast.AST, Scope] = {tree: self.module}
        self._bound: set[ast.Name] = set()
        stack: list[tuple[ast.AST, Scope]] = [(child, self.module) for child in reversed(tree.body)]
        while stack:
            node, scope = stack.pop()
            self.of[node] = scope
            stack.extend(reversed(list(self._enter(node, scope))))

    @property
    def star(self) -> bool:
        """Whether a star import makes the meaning of unbound names uncertain."""
        return self.module.star

    def _enter(self, node: ast.AST, scope: Scope) -> Iterator[tuple[ast.AST, Scope]]:
        """Notes what the node binds; yields its children with the scope of each."""
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from self._function(node, scope)
            return
        if isinstance(node, ast.ClassDef):
            scope.bind(node.name, Binding("class", node))
            yield from ((child, scope) for child in node.decorator_list)
            scope = self._parameterised(node, scope)
            yield from ((child, scope) for child in (*node.type_params, *node.bases, *node.keywords))
            inner = Scope(node, scope)
            yield from ((child, inner) for child in node.body)
            return
        if isinstance(node, ast.TypeAlias):
            yield node.name, scope
            scope = self._parameterised(node, scope)
            yield from ((child, scope) for child in (*node.type_params, node.value))
            return
        if isinstance(node, _COMPREHENSIONS):
            inner = Scope(node, scope)
            for number, generator in enumerate(node.generators):
                self.of[generator] = inner
                yield generator.iter, scope if number == 0 else inner
                yield generator.target, inner
                for condition in generator.ifs:
                    yield condition, inner
            parts = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
            yield from ((part, inner) for part in parts)
            return
        if isinstance(node, _BINDERS):
            self._bind(node, scope)
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, _MARKS):
                yield child, scope

    def _parameterised(
        self, node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.TypeAlias, scope: Scope
    ) -> Scope:
        return Scope(node, scope, transparent=True) if node.type_params else scope

    def _function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, scope: Scope
    ) -> Iterator[tuple[ast.AST, Scope]]:
        arguments = node.args
        self.of[arguments] = scope
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is not None:
                yield default, scope
        if not isinstance(node, ast.Lambda):
            scope.bind(node.name, Binding("def", node))
            for child in node.decorator_list:
                yield child, scope
            scope = self._parameterised(node, scope)
            yield from ((child, scope) for child in (*node.type_params, node.returns) if child is not None)
        inner = Scope(node, scope)
        extras = [extra for extra in (arguments.vararg, arguments.kwarg) if extra]
        for parameter in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *extras):
            self.of[parameter] = inner
            annotation = None if parameter in extras else parameter.annotation
            inner.bind(parameter.arg, Binding("param", parameter, annotation))
            if parameter.annotation is not None:
                yield parameter.annotation, scope
        yield from ((child, inner) for child in ([node.body] if isinstance(node, ast.Lambda) else node.body))

    def _bind(self, node: ast.AST, scope: Scope) -> None:
        match node:
            case ast.Import():
                for alias in node.names:
                    name = alias.asname or alias.name.partition(".")[0]
                    scope.bind(name, Binding("import", node, qualified=alias.name if alias.asname else name))
            case ast.ImportFrom():
                base = "." * node.level + (node.module or "")
                for alias in node.names:
                    if alias.name == "*":
                        scope.star = True
                        continue
                    joint = "" if base.endswith(".") else "."
                    scope.bind(
                        alias.asname or alias.name, Binding("import", node, qualified=f"{base}{joint}{alias.name}")
                    )
            case ast.Assign():
                for target in node.targets:
                    self._bind_target(target, node.value, node, scope, "assign")
            case ast.AnnAssign(value=value) if value is not None:
                self._bind_target(node.target, value, node, scope, "assign")
            case ast.NamedExpr():
                outer = scope
                while isinstance(outer.node, _COMPREHENSIONS) and outer.parent is not None:
                    outer = outer.parent
                self._bind_target(node.target, node.value, node, outer, "assign")
            case ast.withitem(optional_vars=target) if target is not None:
                self._bind_target(target, node.context_expr, node, scope, "with")
            case ast.Global() | ast.Nonlocal() if scope.parent is not None:
                word = "global" if isinstance(node, ast.Global) else "nonlocal"
                for name in node.names:
                    scope.elsewhere[name] = word
                    for binding in scope.bindings.pop(name, []):
                        scope.bind(name, binding)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                scope.bind(name, Binding("other", node))
            case ast.MatchMapping(rest=str(name)):
                scope.bind(name, Binding("other", node))
            case ast.TypeVar(name=name) | ast.ParamSpec(name=name) | ast.TypeVarTuple(name=name):
                scope.bind(name, Binding("other", node))
            case ast.Name(ctx=ast.Store() | ast.Del()):
                if node not in self._bound:
                    scope.bind(node.id, Binding("other", node))
            case _:
                pass

    def _bind_target(self, target: ast.expr, value: ast.expr, node: ast.AST, scope: Scope, kind: Kind) -> None:
        if isinstance(target, ast.Name):
            self._bound.add(target)
            scope.bind(target.id, Binding(kind, node, value))
