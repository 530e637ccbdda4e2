"""Naming something from a library in a file: by an import that is there, else by one that is added where it belongs."""

import ast
import sys
from dataclasses import dataclass
from itertools import pairwise, takewhile

from checks.debugging.source.blocks import first_line
from checks.debugging.source.edits import Edit
from checks.debugging.source.module import Module

# whichever Python this runs on: what newer ones dropped still belongs among its like
_DROPPED = """
    _dummy_thread aifc asynchat asyncore audioop binhex cgi cgitb chunk crypt distutils dummy_threading formatter imghdr
    imp lib2to3 macpath mailcap msilib nis nntplib ossaudiodev parser pipes smtpd sndhdr spwd sunau symbol telnetlib uu
    xdrlib
"""
_STANDARD = sys.stdlib_module_names | frozenset(_DROPPED.split())


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
    return _existing(module, library, attributes, at) or _added(module, library, attributes, at)


def _existing(module: Module, library: str, attributes: str, at: ast.AST) -> Reference | None:
    qualified = f"{library}.{attributes}" if attributes else library
    scope = module.scope(at)
    texts = []
    for name, bindings in module.scopes.module.bindings.items():
        meaning = bindings[0].qualified
        if not (qualified + ".").startswith(meaning + ".") or any(b.qualified != meaning for b in bindings):
            continue
        # an import in `if` or `try` may not have run; one under TYPE_CHECKING never does
        if not all(module.parent(b.node) is module.tree for b in bindings):
            continue
        found = scope.find(name)
        if found is None or found[0] is not module.scopes.module:
            continue
        nodes = [binding.node for binding in bindings if not _too_late(module, binding.node, at)]
        if any(_brings(node, name, meaning, library) for node in nodes):
            texts.append(name + qualified[len(meaning) :])
    return Reference(min(texts, key=len)) if texts else None


def _brings(node: ast.AST, name: str, meaning: str, library: str) -> bool:
    """Whether the import makes all of `library` be there: `import xml` alone does not import `xml.dom`."""
    brought = [meaning]
    if isinstance(node, ast.Import):
        brought += [a.name for a in node.names if not a.asname and a.name.partition(".")[0] == name]
    return any((one + ".").startswith(library + ".") for one in brought)


def _too_late(module: Module, node: ast.AST, at: ast.AST) -> bool:
    """Whether `at` runs while the module is imported, and before the node."""
    return not module.scope(at).runs_later and module.span(node) > module.span(module.statement(at))


def _added(module: Module, library: str, attributes: str, at: ast.AST) -> Reference | None:
    if module.scopes.star:
        return None  # what the star brings may hide the name
    first, _, rest = attributes.partition(".")
    statement = _from_statement(module, library, at)
    if statement is not None and first and first not in module.names:
        edits = _extended(module, statement, first)
        if edits:
            return Reference(f"{first}.{rest}" if rest else first, edits)
    foreign = library.partition(".")[0] not in _STANDARD
    if foreign and library.count(".") > 1 and first and first not in module.names:
        # nobody writes "django.utils.html.format_html" out; "parse" alone of xml.etree.ElementTree would say too little
        line = f"from {library} import {first}"
        return Reference(f"{first}.{rest}" if rest else first, (inserted(module, line, at),))
    if not _free(module, library.partition(".")[0], library):
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
        if not _too_late(module, node, at):
            return node
    return None


def _extended(module: Module, statement: ast.ImportFrom, name: str) -> tuple[Edit, ...]:
    """One more name in `from x import …`, in order where the names are in order, on a line of its own where they are.
    Comments stay with the names that they stand beside; empty where that cannot be told."""
    data, aliases = module.text.data, statement.names
    names = [alias.name for alias in aliases]
    index = next((i for i, other in enumerate(names) if other > name), len(names)) if names == sorted(names) else -1
    index = len(names) if index < 0 else index
    spans = [module.span(alias) for alias in aliases]
    head = data[module.span(statement)[0] : spans[0][0]]
    if not _own_lines(module, statement):
        if index < len(names):
            return (Edit(spans[index][0], spans[index][0], f"{name}, "),)
        return (Edit(spans[-1][1], spans[-1][1], f", {name}"),)
    indent = data[module.text.line_starts[aliases[-1].lineno - 1] : spans[-1][0]].decode("utf-8")
    if index == 0 and head.rstrip().endswith(b"(") and aliases[0].lineno == statement.lineno:
        return (Edit(spans[0][0], spans[0][0], f"{name},\n{indent}"),)
    # a line of its own, after the line of the name before it (or after the opening parenthesis)
    before = spans[index - 1][1] if index else module.span(statement)[0] + head.index(b"(") + 1
    start = module.text.line_starts[module.text.line_of(before)]
    between = data[before:start].lstrip()
    line = Edit(start, start, f"{indent}{name},\n")
    if not index or between.startswith(b","):
        return (line,)
    if index < len(names) or (between and not between.startswith((b"#", b")"))):
        return ()
    if between.startswith(b")"):
        return (Edit(before, before, f",\n{indent}{name}"),)
    return (Edit(before, before, ","), Edit(start, start, f"{indent}{name}\n"))


def _own_lines(module: Module, statement: ast.ImportFrom) -> bool:
    """Whether each name has a line of its own, in parentheses."""
    aliases = statement.names
    start = module.span(statement)[0]
    line_start = module.text.line_starts[aliases[-1].lineno - 1]
    return (
        b"(" in module.text.data[start : module.span(aliases[0])[0]]
        and aliases[-1].lineno > statement.lineno
        and all(one.lineno != other.lineno for one, other in pairwise(aliases))
        and not module.text.data[line_start : module.span(aliases[-1])[0]].strip()
    )


def inserted(module: Module, statement: str, at: ast.AST) -> Edit:
    """An `import x` or `from x import y` statement where it belongs: sorted into the first block of imports, after the
    docstring and `from __future__`, with blank lines only where a new group begins."""
    body = module.tree.body
    first = 0
    while first < len(body) and (_is_docstring(body[first], first) or _is_future(body[first])):
        first += 1
    start = next((i for i in range(first, len(body)) if isinstance(body[i], ast.Import | ast.ImportFrom)), len(body))
    block = list(takewhile(lambda node: isinstance(node, ast.Import | ast.ImportFrom), body[start:]))
    block = [node for node in block if not _too_late(module, node, at)]
    if not block:
        return _opening(module, statement, first)
    library = statement.split()[1]
    plain = statement.startswith("import ")
    rank = 0 if library.partition(".")[0] in _STANDARD else 1
    group = [node for node in block if _rank(module, node) == rank]
    before = [node for node in group if _sorts_before(node, library, plain)]
    use = len(module.text.data) if module.scope(at).runs_later else module.span(module.statement(at))[0]
    if before and _after(module, before[-1])[0] <= use:
        place, ending = _after(module, before[-1])
        return Edit(place, place, f"{ending}{statement}\n")
    if group:
        place = _line_start(module, group[0])
        return Edit(place, place, f"{statement}\n")
    lower = [node for node in block if _rank(module, node) < rank]
    if lower and _after(module, lower[-1])[0] <= use:
        place, ending = _after(module, lower[-1])
        return Edit(place, place, f"{ending}\n{statement}\n")
    place = _above(module, block[0])
    return Edit(place, place, f"{statement}\n\n")


def _sorts_before(node: ast.stmt, library: str, plain: bool) -> bool:
    """Whether an import stands before that of a library, where all `import x` stand before all `from x import y`."""
    if isinstance(node, ast.Import):
        return not plain or node.names[0].name < library
    return not plain and isinstance(node, ast.ImportFrom) and not node.level and (node.module or "") < library


def _opening(module: Module, statement: str, first: int) -> Edit:
    """The import as the first one of the file: before the statement at `first`, after all that stands before that."""
    body = module.tree.body
    if not first:
        place = _above(module, body[0])
        return Edit(place, place, f"{statement}\n\n")
    place, ending = _after(module, body[first - 1])
    follow = "\n" if first < len(body) and not _blank_follows(module, place) else ""
    return Edit(place, place, f"{ending}\n{statement}\n{follow}")


def _above(module: Module, node: ast.stmt) -> int:
    """Where the comment lines above a statement begin, else the statement; a comment that opens the file (with its
    coding line, its licence) stays first."""
    number = first_line(node)
    floor = max((other.end_lineno or 0 for other in module.tree.body if other.lineno < node.lineno), default=0)
    top = number
    while top - 1 > floor and module.text.line(top - 1).lstrip().startswith("#"):
        top -= 1
    return module.text.line_starts[(number if top == 1 else top) - 1]


def _is_docstring(node: ast.stmt, index: int) -> bool:
    return (
        index == 0
        and isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _rank(module: Module, node: ast.stmt) -> int:
    """The group that an import belongs to: standard library, other libraries, the repository's own."""
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in getattr(node, "names", [])]
    roots = {name.partition(".")[0] for name in names}
    if getattr(node, "level", 0) or roots & module.surroundings.own:
        return 2
    return 0 if roots <= _STANDARD else 1


def _line_start(module: Module, node: ast.stmt) -> int:
    return module.text.line_starts[first_line(node) - 1]


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
