"""
## What it does
Reports names and modules that the standard library has dropped: `cgi.escape`, `time.clock`, `os.errno`,
`platform.linux_distribution`, `xml.etree.cElementTree`, `imp`, `distutils` and others, each with the version.

## Why it is bad
The code ends with an AttributeError or ImportError on every Python since. Where another name does exactly the same the
fix writes that; where the successor differs the report says how.

## Example
```python
import cgi

def cell(text):
    return "<td>" + cgi.escape(text) + "</td>"
```

## Use instead
```python
import html

def cell(text):
    return "<td>" + html.escape(text, quote=False) + "</td>"
```

References: What's New In Python 3.8 to 3.13, "Removed"; PEP 594; CWE-477.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.removed._names import attribute, faults, guarded, lasts, renamed
from checks.debugging.rules.removed._table import C_ELEMENT_TREE, METHODS, MODULES, NAMES, STAND_INS
from checks.debugging.source.calls import with_keyword
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_LAST = lasts(NAMES)


def detect(node: ast.Attribute | ast.Import | ast.ImportFrom, module: Module) -> Iterator[Fault]:
    """Names by their import; methods by what made the object; modules where they are imported."""
    if isinstance(node, ast.Attribute):
        if node.attr in METHODS:
            yield from _method(node, module)
            return
        for fault in faults(node, module, NAMES, _LAST):
            yield _exact(fault, node, module)
        return
    yield from _modules(node, module)
    if isinstance(node, ast.ImportFrom):
        yield from faults(node, module, NAMES, _LAST)


def _method(node: ast.Attribute, module: Module) -> Iterator[Fault]:
    origins, new, version = METHODS[node.attr]
    call = module.parent(node)
    if not isinstance(call, ast.Call) or module.origin(node.value) not in origins or guarded(module, node):
        return
    message = f"{node.attr} was removed in Python {version}; it is called {new}"
    edit = attribute(module, node, new)
    if edit is None or call.keywords:
        yield Fault(node, message, left=f"{new} calls its parameters otherwise")
    else:
        yield Fault(node, message, lambda: Fix((edit,)))


def _exact(fault: Fault, node: ast.Attribute, module: Module) -> Fault:
    """A fix for calls whose arguments make the successor do exactly the same."""
    call = module.parent(node)
    if not isinstance(call, ast.Call) or call.func is not node or len(call.args) != 1 or call.keywords:
        return fault
    if isinstance(call.args[0], ast.Starred):
        return fault
    match module.resolve(node):
        case "cgi.escape":
            return replace(fault, fix=partial(_escape, module, call, node), left="")
        case "unittest.makeSuite":
            edit = attribute(module, node, "defaultTestLoader.loadTestsFromTestCase")
            return replace(fault, fix=lambda: Fix((edit,)), left="") if edit else fault
        case _:
            return fault


def _escape(module: Module, call: ast.Call, node: ast.Attribute) -> Fix | None:
    name = renamed(module, node, "cgi.escape", "html:escape")
    keyword = with_keyword(module, call, "quote", "False")
    return Fix((*name.edits, keyword)) if name and keyword else None


def _modules(node: ast.Import | ast.ImportFrom, module: Module) -> Iterator[Fault]:
    if isinstance(node, ast.ImportFrom):
        names = [node.module or ""] if not node.level else []
        if names == ["xml.etree"] and any(alias.name == "cElementTree" for alias in node.names):
            yield from _element_tree(node, module)
    else:
        names = [alias.name for alias in node.names]
    for name in names:
        root = name.partition(".")[0]
        if name == C_ELEMENT_TREE:
            yield from _element_tree(node, module)
        elif root in MODULES and not _at_hand(root, module) and not guarded(module, node):
            gone = MODULES[root]
            # inside a function the import may be the old way of two
            lazy = module.scope(node).runs_later
            severity = Severity.LOW if lazy or (root == "distutils" and _setup(module)) else None
            yield Fault(node, f"the module {root} {gone.since}", left=gone.left, severity=severity)


def _at_hand(root: str, module: Module) -> bool:
    """Whether the repository, or a distribution that it declares, has a module of that name, or the file is there to
    replace it."""
    distributions = module.surroundings.distributions or frozenset()
    own = module.path.rpartition("/")[2].removesuffix(".py").strip("_")
    if root in module.surroundings.own or own == root:
        return True
    return bool(distributions & {f"standard-{root}", *STAND_INS.get(root, ())})


def _setup(module: Module) -> bool:
    """Whether setuptools is at hand: it brings a distutils of its own."""
    return module.path.rpartition("/")[2] == "setup.py" or "setuptools" in module.names


def _element_tree(node: ast.Import | ast.ImportFrom, module: Module) -> Iterator[Fault]:
    if guarded(module, node):
        return
    message = f"{C_ELEMENT_TREE} was removed in Python 3.9; xml.etree.ElementTree does the same"
    start, end = module.span(node)
    written = module.text.data[start:end]
    plain = any(a.name in (C_ELEMENT_TREE, "cElementTree") and not a.asname for a in node.names)
    places = [match.start() for match in re.finditer(rb"\bcElementTree\b", written)]
    if plain or len(places) != 1:
        yield Fault(node, message, left="every use has to be renamed")
    else:
        place = start + places[0]
        yield Fault(node, message, lambda: Fix((Edit(place, place + len(b"cElementTree"), "ElementTree"),)))


RULE = Rule(
    name="removed-standard-library-name",
    topic="removed",
    summary="Name or module that the standard library has dropped",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=477,
    nodes=(ast.Attribute, ast.Import, ast.ImportFrom),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    mentions=tuple(sorted({name.partition(".")[0] for name in (*NAMES, *MODULES)})),
)
