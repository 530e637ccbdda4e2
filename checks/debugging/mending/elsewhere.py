"""Names of a module that other files use or replace (`mock.patch("pkg.mod.random.choice")`): no fix may take them."""

import ast
import re
from collections.abc import Iterable, Mapping

_IMPORTED = rb"from\s+[\w.]*?\b(%s)\s+import\s+(\([^)]{0,2000}\)|[^\n#;]{0,500})"
_DOTTED = rb"\b(%s)\.([A-Za-z_]\w*)"
_WORD = re.compile(rb"[A-Za-z_]\w*")


def named(contents: Mapping[str, bytes], paths: Iterable[str]) -> dict[str, dict[str, str]]:
    """For each of `paths` the names that other files mention as its own, each with the file that does: after a dot
    behind the module's name, in code as in strings, or imported from it. Modules are known by their last name alone:
    in doubt a name counts as used."""
    stems: dict[bytes, list[str]] = {}
    for path in paths:
        stems.setdefault(_stem(path).encode(), []).append(path)
    found: dict[str, dict[str, str]] = {path: {} for group in stems.values() for path in group}
    if not stems:
        return found
    names = b"|".join(re.escape(stem) for stem in sorted(stems))
    dotted, imported = re.compile(_DOTTED % names), re.compile(_IMPORTED % names)
    for file, content in contents.items():
        for stem, name in dotted.findall(content):
            _note(found, stems[stem], name, file)
        for stem, many in imported.findall(content):
            for name in _WORD.findall(many):
                _note(found, stems[stem], name, file)
    return found


def _note(found: dict[str, dict[str, str]], paths: Iterable[str], name: bytes, file: str) -> None:
    for path in paths:
        if path != file:
            found[path].setdefault(name.decode(), file)


def _stem(path: str) -> str:
    """The name that a module is imported by: that of its package for `__init__.py`."""
    parts = path.removesuffix(".pyw").removesuffix(".py").split("/")
    return parts[-2] if parts[-1] == "__init__" and len(parts) > 1 else parts[-1]


def dropped(before: str, after: str) -> list[str]:
    """Names that imports at the top of a module bound before and do not any more. Raises SyntaxError."""
    return sorted(_bound(before) - _bound(after))


def _bound(content: str) -> set[str]:
    return {
        alias.asname or alias.name.partition(".")[0]
        for node in ast.parse(content).body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
