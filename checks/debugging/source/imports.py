"""Naming something from a library in a file: by an import that is there, else by one that is added where it belongs."""

import ast
import sys
from dataclasses import dataclass

from checks.debugging.source.edits import Edit
from checks.debugging.source.module import Module


@dataclass(frozen=True, slots=True)
class Reference:
    """`text` names the thing at the place asked for, once `edits` are in (none where an import is there already)."""

    text: str
    edits: tuple[Edit, ...] = ()


def reference(module: Module, target: str, at: ast.AST) -> Reference | None:
    """How to name `target` at a node, in the notation of entry points: "secrets:choice", "datetime:timezone.utc",
    "tempfile:" for the module itself. None where the name cannot be had without doubt: it is hidden by another of the
    same name, or the library by a module of the repository."""
    library, _, attributes = target.partition(":")
    if library.partition(".")[0] in module.surroundings.own:
        return None
    qualified = f"{library}.{attributes}" if attributes else library
    return _existing(module, qualified, at) or _added(module, library, attributes, at)


def _existing(module: Module, qualified: str, at: ast.AST) -> Reference | None:
    scope = module.scope(at)
    best: Reference | None = None
    for name, bindings in module.scopes.module.bindings.items():
        if not all(b.kind == "import" and module.parent(b.node) is module.tree for b in bindings):
            continue
        meaning = bindings[0].qualified
        if any(b.qualified != meaning for b in bindings) or not (qualified + ".").startswith(meaning + "."):
            continue
        found = scope.find(name)
        if found is None or found[0] is not module.scopes.module:
            continue
        if _runs_on_import(module, at) and bindings[0].node.lineno > module.statement(at).lineno:  # type: ignore[attr-defined]  # imports have lines
            continue
        if not _imports_all(bindings[0].node, meaning, qualified):
            continue
        text = name + qualified[len(meaning) :]
        if best is None or len(text) < len(best.text):
            best = Reference(text)
    return best


def _imports_all(node: ast.AST, meaning: str, qualified: str) -> bool:
    """Whether `import a` is enough for `a.b.c`: submodules of packages are there only if imported by name."""
    if not isinstance(node, ast.Import):
        return True
    names = {alias.name for alias in node.names if not alias.asname} | {meaning}
    packages = {"xml", "concurrent", "email", "http", "urllib", "importlib", "logging", "defusedxml", "os"}
    if meaning not in packages or meaning in ("os", "logging"):
        return True
    return any(qualified.startswith(name + ".") for name in names if name != meaning)


def _runs_on_import(module: Module, at: ast.AST) -> bool:
    return module.function(at) is None


def _added(module: Module, library: str, attributes: str, at: ast.AST) -> Reference | None:
    first, _, rest = attributes.partition(".")
    statement = _from_statement(module, library, at)
    root = library.partition(".")[0]
    if statement is not None and first and first not in module.names:
        return Reference(f"{first}.{rest}" if rest else first, (_extended(module, statement, first),))
    if not _free(module, root, library):
        return None
    text = f"{library}.{attributes}" if attributes else library
    return Reference(text, (inserted(module, f"import {library}", at),))


def _free(module: Module, root: str, library: str) -> bool:
    if root not in module.names:
        return True
    bindings = module.scopes.module.bindings.get(root, [])
    same = bool(bindings) and all(b.kind == "import" and b.qualified == root for b in bindings)
    scopes = set(module.scopes.of.values()) - {module.scopes.module}
    return same and "." in library and not any(root in scope.bindings for scope in scopes)


def _from_statement(module: Module, library: str, at: ast.AST) -> ast.ImportFrom | None:
    for node in module.tree.body:
        if not isinstance(node, ast.ImportFrom) or node.level or node.module != library or node.names[0].name == "*":
            continue
        if _runs_on_import(module, at) and node.lineno > module.statement(at).lineno:
            continue
        return node
    return None


def _extended(module: Module, statement: ast.ImportFrom, name: str) -> Edit:
    """One more name in `from x import …`, in order where the names are in order, on a line of its own where they are."""
    aliases = statement.names
    names = [alias.name for alias in aliases]
    apart = len(aliases) > 1 and all(a.lineno != b.lineno for a, b in zip(aliases, aliases[1:], strict=False))
    follower = next((alias for alias in aliases if alias.name > name), None) if names == sorted(names) else None
    line_start = module.text.line_starts[aliases[-1].lineno - 1]
    last_start, last_end = module.span(aliases[-1])
    indent = module.text.data[line_start:last_start].decode("utf-8")
    if apart and not indent.strip():
        if follower is not None:
            start, _ = module.span(follower)
            return Edit(start, start, f"{name},\n{indent}")
        return Edit(last_end, last_end, f",\n{indent}{name}")
    if follower is not None:
        start, _ = module.span(follower)
        return Edit(start, start, f"{name}, ")
    return Edit(last_end, last_end, f", {name}")


def inserted(module: Module, statement: str, at: ast.AST) -> Edit:
    """An `import x` statement where it belongs: sorted into the first block of imports, after the docstring and
    `from __future__`, with blank lines only where a new group begins."""
    body = module.tree.body
    first = 0
    while first < len(body) and (_is_docstring(body[first], first) or _is_future(body[first])):
        first += 1
    block = []
    start = next((i for i in range(first, len(body)) if isinstance(body[i], ast.Import | ast.ImportFrom)), None)
    if start is not None and not (_runs_on_import(module, at) and body[start].lineno > module.statement(at).lineno):
        for node in body[start:]:
            if not isinstance(node, ast.Import | ast.ImportFrom):
                break
            block.append(node)
    if not block:
        if first < len(body) and not first:
            place = _line_start(module, body[0])
            return Edit(place, place, f"{statement}\n\n")
        place, ending = _after(module, body[first - 1]) if first else (0, "")
        gap = "" if first and _is_future(body[first - 1]) else "\n"
        follow = "\n" if first < len(body) and not _blank_follows(module, place) else ""
        return Edit(place, place, f"{ending}{gap}{statement}\n{follow}")
    library = statement.removeprefix("import ")
    standard = library.partition(".")[0] in sys.stdlib_module_names
    group = [node for node in block if _is_standard(node) == standard]
    before = [n for n in group if isinstance(n, ast.Import) and n.names[0].name < library]
    if before:
        place, ending = _after(module, before[-1])
        return Edit(place, place, f"{ending}{statement}\n")
    if group:
        place = _line_start(module, group[0])
        return Edit(place, place, f"{statement}\n")
    if standard:
        place = _line_start(module, block[0])
        return Edit(place, place, f"{statement}\n\n")
    place, ending = _after(module, next((n for n in reversed(block) if _is_standard(n)), block[-1]))
    return Edit(place, place, f"{ending}\n{statement}\n")


def _is_docstring(node: ast.stmt, index: int) -> bool:
    return (
        index == 0
        and isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _is_standard(node: ast.Import | ast.ImportFrom) -> bool:
    if isinstance(node, ast.Import):
        return node.names[0].name.partition(".")[0] in sys.stdlib_module_names
    return not node.level and (node.module or "").partition(".")[0] in sys.stdlib_module_names


def _line_start(module: Module, node: ast.stmt) -> int:
    """The start of the first line of a statement, its decorators included."""
    decorators = getattr(node, "decorator_list", [])
    return module.text.line_starts[min([node.lineno, *(d.lineno for d in decorators)]) - 1]


def _after(module: Module, node: ast.stmt) -> tuple[int, str]:
    """The start of the line after a top-level statement (and after what shares its last line), and the line ending
    that the file lacks there."""
    last = node.end_lineno or node.lineno
    for other in module.tree.body:
        if other.lineno <= last < (other.end_lineno or other.lineno):
            last = other.end_lineno or other.lineno
    starts = module.text.line_starts
    if last < len(starts):
        return starts[last], ""
    return len(module.text.data), "\n"


def _blank_follows(module: Module, place: int) -> bool:
    return module.text.data[place : place + 2].lstrip(b" \t")[:1] in (b"\n", b"\r", b"")
