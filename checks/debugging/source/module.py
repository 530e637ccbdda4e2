"""A parsed module: one walk gives all nodes and their parents; names are resolved only where a rule asks."""

import ast
import builtins
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from checks.debugging.source.scopes import Binding, Scope, Scopes
from checks.debugging.source.text import Text
from checks.model.findings import NotAnalysed

_BUILTINS = frozenset(dir(builtins))
_TEST_PATH = re.compile(r"(^|/)(tests?|testing)/|(^|/)(test_[^/]*|[^/]*_test|conftest)\.py$")

type Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a rule may know of the repository around the file.

    `python`: the lowest version that the repository declares. `distributions`: declared dependencies (normalised
    names), None where none are declared. `own`: names of the repository's own top-level modules, which hide a
    library of the same name.
    """

    python: tuple[int, int] = (3, 10)
    distributions: frozenset[str] | None = None
    own: frozenset[str] = frozenset()


class Module:
    """A file's text and tree. Nodes are in the order of one walk, parents before their children."""

    def __init__(self, text: Text, tree: ast.Module, surroundings: Surroundings) -> None:
        self.text = text
        self.tree = tree
        self.surroundings = surroundings
        self.parents: dict[ast.AST, ast.AST] = {}
        self.nodes: list[ast.AST] = [tree]
        nodes, parents, context = self.nodes, self.parents, ast.expr_context
        for node in nodes:
            for name in node._fields:
                value = getattr(node, name, None)
                if isinstance(value, list):
                    for item in value:
                        if isinstance(item, ast.AST):
                            parents[item] = node
                            nodes.append(item)
                elif isinstance(value, ast.AST) and not isinstance(value, context):
                    parents[value] = node
                    nodes.append(value)

    @property
    def path(self) -> str:
        return self.text.path

    @cached_property
    def is_test(self) -> bool:
        """Whether the path says that the file holds tests."""
        return is_test_path(self.path)

    @cached_property
    def scopes(self) -> Scopes:
        return Scopes(self.tree)

    @cached_property
    def names(self) -> frozenset[str]:
        """Every identifier that the module binds or uses, in any scope."""
        used = {node.id for node in self.nodes if isinstance(node, ast.Name)}
        return frozenset(used.union(*(scope.bindings for scope in set(self.scopes.of.values()))))

    # Where things are

    def parent(self, node: ast.AST) -> ast.AST | None:
        return self.parents.get(node)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The parent, its parent, … up to the module."""
        current = self.parents.get(node)
        while current is not None:
            yield current
            current = self.parents.get(current)

    def statement(self, node: ast.AST) -> ast.stmt:
        """The innermost statement that holds the node (or is it)."""
        current: ast.AST | None = node
        while current is not None and not isinstance(current, ast.stmt):
            current = self.parents.get(current)
        return current if current is not None else self.tree.body[0]

    def function(self, node: ast.AST) -> Function | None:
        """The innermost function whose body or signature holds the node."""
        for ancestor in self.ancestors(node):
            if isinstance(ancestor, ast.FunctionDef | ast.AsyncFunctionDef):
                return ancestor
        return None

    def enclosing_class(self, node: ast.AST) -> ast.ClassDef | None:
        """The innermost class that holds the node, through functions."""
        return next((a for a in self.ancestors(node) if isinstance(a, ast.ClassDef)), None)

    def block(self, statement: ast.stmt) -> tuple[list[ast.stmt], int] | None:
        """The list of statements that holds a statement, and its index there."""
        parent = self.parents.get(statement)
        for name in ("body", "orelse", "finalbody"):
            block = getattr(parent, name, None)
            if isinstance(block, list) and statement in block:
                return block, block.index(statement)
        return None

    def qualname(self, node: ast.AST) -> str:
        """Dotted name of the functions and classes that hold the node; empty at module level."""
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        return ".".join(a.name for a in reversed(list(self.ancestors(node))) if isinstance(a, kinds))

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Byte offsets of the node's first byte and of the one after its last. Parentheses around an expression are
        not part of it; decorators are not part of a definition."""
        place = node if hasattr(node, "end_col_offset") else self.statement(node)
        line, column = getattr(place, "lineno", 1), getattr(place, "col_offset", 0)
        end_line = getattr(place, "end_lineno", None) or line
        end_column = getattr(place, "end_col_offset", None) or column
        return self.text.offset(line, column), self.text.offset(end_line, end_column)

    def source(self, node: ast.AST) -> str:
        """The node's exact source text."""
        start, end = self.span(node)
        return self.text.data[start:end].decode("utf-8")

    # What names mean

    def scope(self, node: ast.AST) -> Scope:
        """The scope that the node is evaluated in."""
        current: ast.AST | None = node
        while current is not None:
            scope = self.scopes.of.get(current)
            if scope is not None:
                return scope
            current = self.parents.get(current)
        return self.scopes.module

    def bindings(self, name: ast.Name) -> list[Binding]:
        """All bindings that a use of a name can mean; empty for builtins and for what is unknown."""
        found = self.scope(name).find(name.id)
        return found[1] if found else []

    def resolve(self, node: ast.AST | None) -> str | None:
        """The dotted name that an expression certainly means ("requests.get", "builtins.open"), else None.

        Only names bound by imports alone (or by nothing, for builtins) are certain; a fallback of None
        (`except ImportError: yaml = None`) does not count as another binding. A library that the repository hides by
        a module of its own is not that library.
        """
        attributes = []
        while isinstance(node, ast.Attribute):
            attributes.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        name = self._meaning(node)
        return ".".join([name, *reversed(attributes)]) if name else None

    def _meaning(self, node: ast.Name) -> str | None:
        found = self.scope(node).find(node.id)
        if found is None:
            return f"builtins.{node.id}" if node.id in _BUILTINS and not self.scopes.star else None
        meanings = set()
        for binding in found[1]:
            if binding.kind == "import":
                meanings.add(binding.qualified)
            elif not _is_none(binding):
                return None
        if len(meanings) != 1:
            return None
        meaning = meanings.pop()
        return None if meaning.partition(".")[0] in self.surroundings.own else meaning

    def origin(self, node: ast.AST | None, depth: int = 6) -> str | None:
        """The dotted name of the callable whose result an expression certainly is: "tarfile.open" for `tar` after
        `tar = tarfile.open(p)` or `with tarfile.open(p) as tar`, for `self.tar` where every assignment in the class
        agrees, and for a parameter annotated with the class. None where bindings differ or are unknown; a None that
        a name or attribute is given beside its value does not count."""
        if isinstance(node, ast.Await):
            node = node.value
        if isinstance(node, ast.Call):
            return self.resolve(node.func)
        if depth == 0:
            return None
        if isinstance(node, ast.Name):
            found = self.scope(node).find(node.id)
            return self._agreed((found[0], node.id), found[1], depth - 1) if found else None
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
            owner = self.enclosing_class(node)
            return self._agreed((owner, node.attr), self._attributes.get((owner, node.attr), []), depth - 1)
        return None

    def assigned(self, node: ast.Attribute) -> list[ast.expr | None]:
        """Every value that the enclosing class gives to `self.x` but None itself; None where unknown. Empty for
        attributes of anything else."""
        if not isinstance(node.value, ast.Name) or node.value.id not in ("self", "cls"):
            return []
        bindings = self._attributes.get((self.enclosing_class(node), node.attr), [])
        return [b.value if b.kind in ("assign", "with") else None for b in bindings if not _is_none(b)]

    def _agreed(self, name: tuple[object, str], bindings: list[Binding], depth: int) -> str | None:
        """What all bindings of a name come from; each name is looked at once a depth, however its bindings refer to
        each other."""
        key = (*name, depth)
        if key not in self._origins:
            self._origins[key] = None
            values = set()
            for binding in bindings:
                if not _is_none(binding):
                    values.add(self._origin_of(binding, depth))
                    if None in values:
                        break
            self._origins[key] = values.pop() if len(values) == 1 else None
        return self._origins[key]

    def _origin_of(self, binding: Binding, depth: int) -> str | None:
        if binding.kind == "param":
            return self.resolve(binding.value)
        if binding.kind in ("assign", "with"):
            return self.origin(binding.value, depth)
        return None

    @cached_property
    def _origins(self) -> dict[tuple[object, str, int], str | None]:
        return {}

    @cached_property
    def _attributes(self) -> dict[tuple[ast.ClassDef | None, str], list[Binding]]:
        """Every binding of `self.x`, and of `x` in the class's body, by class and name."""
        found: dict[tuple[ast.ClassDef | None, str], list[Binding]] = {}
        for node in self.nodes:
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                if isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
                    owner = self.parents[node]
                    value = owner.value if isinstance(owner, ast.Assign | ast.AnnAssign) else None
                    if value is not None or not isinstance(owner, ast.AnnAssign):
                        binding = Binding("assign", owner, value)
                        found.setdefault((self.enclosing_class(node), node.attr), []).append(binding)
            elif isinstance(node, ast.ClassDef):
                for name, bindings in self.scope(node.body[0]).bindings.items():
                    found.setdefault((node, name), []).extend(bindings)
        return found


def is_test_path(path: str) -> bool:
    """Whether a path says that the file holds tests."""
    return _TEST_PATH.search(path) is not None


def _is_none(binding: Binding) -> bool:
    return binding.kind == "assign" and isinstance(binding.value, ast.Constant) and binding.value.value is None


def parse(text: Text, surroundings: Surroundings | None = None) -> Module | NotAnalysed:
    """Parses a file with the standard library's `ast`. What cannot be parsed is not analysed, with the place."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text.string)
    except SyntaxError as error:
        return NotAnalysed(text.path, f"syntax error in line {error.lineno or 1}: {error.msg}")
    except RecursionError:
        return NotAnalysed(text.path, "nested too deeply for Python's parser")
    except MemoryError:
        return NotAnalysed(text.path, "too large or nested too deeply for Python's parser")
    except ValueError as error:
        return NotAnalysed(text.path, f"cannot be parsed: {error}")
    return Module(text, tree, surroundings or Surroundings())
