"""What a name can mean. Rules of findings ask what it certainly means; here a hostile author may want it to look
unsure: every binding counts, and names that are spelled in pieces are put together."""

import ast
import builtins
import sys

from checks.debugging.source.module import Module

_BUILTINS = frozenset(dir(builtins))
_LONGEST = 10_000
"""Characters of a text that is put together; longer ones stay unknown."""
_DEPTH = 60
_MOST = 16
"""Meanings of one expression."""

type Meanings = frozenset[str]
_NONE: Meanings = frozenset()


class Names:
    """Dotted names that expressions of one module can mean, and texts that they certainly are."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._meanings: dict[ast.AST, Meanings] = {}
        self._texts: dict[ast.AST, str | None] = {}
        self._running: set[ast.AST] = set()
        self._stars = [
            node.module
            for node in module.nodes
            if isinstance(node, ast.ImportFrom) and node.module and any(alias.name == "*" for alias in node.names)
        ][:_MOST]

    def meanings(self, node: ast.AST | None, depth: int = _DEPTH) -> Meanings:
        """Every dotted name ("os.system", "builtins.eval") that an expression can stand for."""
        if node is None or depth == 0 or node in self._running:
            return _NONE
        if node not in self._meanings:
            self._running.add(node)
            try:
                found = frozenset(sorted(self._found(node, depth - 1))[:_MOST])
            finally:
                self._running.discard(node)
            self._meanings[node] = found
        return self._meanings[node]

    def _found(self, node: ast.AST, depth: int) -> set[str]:
        match node:
            case ast.Name():
                return self._of_name(node, depth)
            case ast.Attribute(value=value, attr="__call__" | "__func__" | "__wrapped__"):
                return set(self.meanings(value, depth))
            case ast.Attribute(value=value, attr=attr):
                return {f"{base}.{attr}" for base in self.meanings(value, depth)}
            case ast.NamedExpr(value=value) | ast.Starred(value=value):
                return set(self.meanings(value, depth))
            case ast.IfExp(body=body, orelse=orelse):
                return {*self.meanings(body, depth), *self.meanings(orelse, depth)}
            case ast.BoolOp(values=values):
                return {name for value in values[:8] for name in self.meanings(value, depth)}
            case ast.Subscript(value=value, slice=key):
                text = self.text(key, depth)
                return {_member(base, text) for base in self.meanings(value, depth)} if text else set()
            case ast.Call(func=ast.Attribute(value=owner, attr="__getattribute__" | "__getitem__"), args=[*_, key]):
                text = self.text(key, depth)
                first = node.args[0] if len(node.args) > 1 else owner
                return {_member(base, text) for base in self.meanings(first, depth)} if text else set()
            case ast.Call(func=function, args=[first, *rest]):
                return self._of_call(self.meanings(function, depth), first, rest, depth)
            case ast.Call(func=function):
                spaces = {"builtins.globals", "builtins.locals", "builtins.vars"}
                return {"globals()"} if self.meanings(function, depth) & spaces else set()
        return set()

    def _of_name(self, node: ast.Name, depth: int) -> set[str]:
        if node.id == "__builtins__":
            return {"builtins"}
        found = self._module.scope(node).find(node.id)
        if found is None:
            own = {f"builtins.{node.id}"} if node.id in _BUILTINS else set[str]()
            return own | {f"{star}.{node.id}" for star in self._stars}
        names: set[str] = set()
        for binding in found[1][:50]:
            if binding.kind == "import":
                first = binding.qualified.partition(".")[0]
                if first in sys.stdlib_module_names or first not in self._module.surroundings.own:
                    names.add(binding.qualified)
            elif binding.kind == "assign":
                names |= self.meanings(binding.value, depth)
        return names

    def _of_call(self, functions: Meanings, first: ast.expr, rest: list[ast.expr], depth: int) -> set[str]:
        if "functools.partial" in functions:
            return set(self.meanings(first, depth))
        if functions & {"builtins.__import__", "importlib.import_module", "importlib.__import__"}:
            name = self.text(first, depth)
            return {name} if name else set()
        if "builtins.getattr" in functions and rest:
            name = self.text(rest[0], depth)
            return {_member(base, name) for base in self.meanings(first, depth)} if name else set()
        if "builtins.vars" in functions:
            return {f"{base}.__dict__" for base in self.meanings(first, depth)}
        return set()

    def values(self, node: ast.Name) -> list[ast.expr]:
        """The expressions that a name is given, those of `with` too; what a parameter or a loop gives is not among
        them."""
        found = self._module.scope(node).find(node.id)
        bindings = found[1][:50] if found else []
        return [b.value for b in bindings if b.kind in ("assign", "with") and b.value is not None]

    def text(self, node: ast.AST | None, depth: int = _DEPTH) -> str | None:
        """The text that an expression certainly is, put together of its pieces; None where it is not known."""
        if node is None or depth == 0:
            return None
        if isinstance(node, ast.Constant):
            return _plain(node.value)
        if node not in self._texts:
            self._texts[node] = None  # for who refers to itself
            made = self._made(node, depth - 1)
            self._texts[node] = made if made is not None and len(made) <= _LONGEST else None
        return self._texts[node]

    def _made(self, node: ast.AST, depth: int) -> str | None:
        match node:
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return _joined([self.text(left, depth), self.text(right, depth)])
            case ast.JoinedStr(values=values):
                pieces = [v.value if isinstance(v, ast.FormattedValue) else v for v in values]
                return _joined([self.text(piece, depth) for piece in pieces])
            case ast.Name():
                found = self._module.scope(node).find(node.id)
                if found is not None and len(found[1]) == 1 and found[1][0].kind == "assign":
                    return self.text(found[1][0].value, depth)
            case ast.Subscript(value=value, slice=ast.Slice(lower=None, upper=None, step=step)):
                text = self.text(value, depth)
                return text[::-1] if text is not None and _is_minus_one(step) else None
            case ast.Call(func=ast.Attribute(value=joiner, attr="join"), args=[ast.List() | ast.Tuple() as parts]):
                between = self.text(joiner, depth)
                pieces_of = [self.text(part, depth) for part in parts.elts[:2_000]]
                return None if between is None or None in pieces_of else between.join(p for p in pieces_of if p)
            case ast.Call(func=ast.Name(id="chr"), args=[ast.Constant(value=int(code))]):
                return chr(code) if 0 <= code < 0x110000 else None
            case ast.Call(func=ast.Attribute(value=value, attr="decode" | "lower" | "strip")):
                return self.text(value, depth)
        return None


def _plain(value: object) -> str | None:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return value if isinstance(value, str) else None


def _joined(pieces: list[str | None]) -> str | None:
    known = [piece for piece in pieces if piece is not None]
    return "".join(known) if len(known) == len(pieces) else None


def _is_minus_one(step: ast.expr | None) -> bool:
    return isinstance(step, ast.UnaryOp) and isinstance(step.op, ast.USub) and isinstance(step.operand, ast.Constant)


def _member(base: str, name: str) -> str:
    """What `base` has under a name, as an attribute or in its dictionary."""
    if base == "globals()" or base == "sys.modules":
        return "builtins" if name == "__builtins__" else name
    return f"{base.removesuffix('.__dict__')}.{name}"
