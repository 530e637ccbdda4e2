"""Imports that fixes have left without use, taken out where nothing can still mean them."""

import ast
import re
from collections.abc import Iterator

from checks.debugging.source.blocks import alone, removed
from checks.debugging.source.edits import Edit
from checks.debugging.source.module import Module

_DYNAMIC = frozenset({"eval", "exec", "globals", "locals", "vars", "dir", "__getattr__"})
_TYPE_COMMENT = re.compile(rb"#\s*type:.*")
_PROMPT = ">>>"

type Import = ast.Import | ast.ImportFrom


def unneeded(before: Module, after: Module) -> tuple[Edit, ...]:
    """Edits of `after` that remove module-level imports which `before` used and `after` does not mention at all.

    An import stays where anything is in doubt: in `__init__.py`, under `if` or `try`, written as a re-export
    (`import x as x`), with a comment of its own, bound twice, or named in a string, a doctest or a type comment.
    """
    if after.path.rpartition("/")[2] == "__init__.py" or before.names & _DYNAMIC or after.names & _DYNAMIC:
        return ()
    if _computed_all(after):
        return ()
    known = {(_name(alias), alias.name) for _, alias in _imports(before)}
    used = {node.id for node in before.nodes if isinstance(node, ast.Name)}
    mentioned = _mentioned(after)
    edits: list[Edit] = []
    for statement in dict.fromkeys(statement for statement, _ in _imports(after)):
        gone = [
            alias
            for alias in statement.names
            if (_name(alias), alias.name) in known
            and alias.asname != alias.name
            and _name(alias) in used
            and _name(alias) not in mentioned
            and _bound_once(after, _name(alias))
        ]
        if gone:
            edits += _without(after, statement, gone)
    return tuple(edits)


def _imports(module: Module) -> Iterator[tuple[Import, ast.alias]]:
    for node in module.tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom) and getattr(node, "module", "") != "__future__":
            yield from ((node, alias) for alias in node.names if alias.name != "*")


def _name(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


def _bound_once(module: Module, name: str) -> bool:
    scopes = set(module.scopes.of.values())
    return sum(len(scope.bindings.get(name, ())) for scope in scopes) == 1


def _computed_all(module: Module) -> bool:
    """Whether `__all__` is anything but a list of strings written out."""
    for binding in module.scopes.module.bindings.get("__all__", ()):
        if not isinstance(binding.value, ast.List | ast.Tuple):
            return True
        if not all(isinstance(item, ast.Constant) for item in binding.value.elts):
            return True
    return False


def _mentioned(module: Module) -> frozenset[str]:
    """Every word that may be a use: names, words in strings (docstrings only with a doctest) and in type comments."""
    words: set[str] = set()
    for node in module.nodes:
        if isinstance(node, ast.Name):
            words.add(node.id)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            words.update(node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            parent = module.parent(node)
            if _PROMPT in node.value or not (isinstance(parent, ast.Expr) and module.block(parent) is not None):
                words.update(re.findall(r"\w+", node.value))
    for comment in _TYPE_COMMENT.findall(module.text.data):
        words.update(re.findall(r"\w+", comment.decode("utf-8", "ignore")))
    return frozenset(words)


def _without(module: Module, statement: Import, gone: list[ast.alias]) -> tuple[Edit, ...]:
    last = statement.end_lineno or statement.lineno
    lines = {number: module.text.line(number) for number in range(statement.lineno, last + 1)}
    if "noqa" in "".join(lines.values()) or not alone(module, statement):
        return ()
    kept = [alias for alias in statement.names if alias not in gone]
    if not kept:
        return _line_gone(module, statement)
    if statement.lineno == last:
        if "#" in lines[last]:
            return ()
        start, end = module.span(statement.names[0])[0], module.span(statement.names[-1])[1]
        return (Edit(start, end, ", ".join(module.source(alias) for alias in kept)),)
    edits = []
    for alias in gone:
        # a line that holds the name and its comma alone; the closing parenthesis has a line of its own then
        if lines[alias.lineno].strip().removesuffix(",").rstrip() != module.source(alias) or alias.lineno == last:
            return ()
        starts = module.text.line_starts
        edits.append(Edit(starts[alias.lineno - 1], starts[alias.lineno], ""))
    return tuple(edits)


def _line_gone(module: Module, statement: Import) -> tuple[Edit, ...]:
    """The statement with a blank line beside it, so that none is doubled."""
    edit = removed(module, statement)
    if edit is None or edit.text:
        return ()
    text, first = module.text, statement.lineno
    following = (statement.end_lineno or first) + 1
    above = text.line(first - 1).strip()
    if above.startswith("#") and not text.line(following).startswith(("import ", "from ")):
        return ()  # the comment would be left with nothing below it
    start, end = edit.start, edit.end
    if not text.line(following).strip():
        if first == 1:
            while following < len(text.line_starts) and not text.line(following).strip():
                following += 1
            end = text.line_starts[following - 1]
        elif not above:
            start = text.line_starts[first - 2]
    return (Edit(start, end, ""),)
