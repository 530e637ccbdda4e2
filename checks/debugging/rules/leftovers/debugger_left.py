"""
## What it does
Reports a breakpoint that was left in the code: `breakpoint()`, `pdb.set_trace()`, and those of ipdb and pudb.

## Why it is bad
The program stops there and waits for a terminal; on a server nobody answers.

## Example
```python
def total(prices):
    import pdb; pdb.set_trace()
    return sum(prices)
```

## Use instead
```python
def total(prices):
    return sum(prices)
```

References: Python documentation, "pdb"; PEP 553; CWE-489.
"""

import ast
import re
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.blocks import first_line, indentation, removed
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_TRACES = frozenset(f"{name}.set_trace" for name in ("pdb", "ipdb", "pudb", "wdb", "rpdb", "celery.contrib.rdb"))
_STOPS = _TRACES | {"builtins.breakpoint"}
_LAST = ("set_trace", "breakpoint")
_DEBUGGER = re.compile(r"pdb|rdb|debug|breakpoint|set_?trace", re.I)


def detect(node: ast.Call, module: Module) -> Iterator[Fault]:
    """Calls that certainly reach a debugger. Silent where stopping is the purpose: in a debugger's own module, in a
    function named after it, under a test that speaks of debugging."""
    last = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if last not in _LAST:
        return
    name = module.resolve(node.func)
    if name not in _STOPS or _on_purpose(node, module):
        return
    message = f"{name.removeprefix('builtins.')}() stops the program and waits for a terminal"
    if _only_of_handler(node, module):
        yield Fault(node, message, left="the handler would be empty: what should it do?")
    elif not isinstance(module.parent(node), ast.Expr) or _fix(node, module) is None:
        yield Fault(node, message, left="it shares its line with other code, or is a value")
    else:
        yield Fault(node, message, partial(_fix, node, module))


def _only_of_handler(node: ast.Call, module: Module) -> bool:
    """Whether an exception would be passed over in silence once the stop is gone."""
    statement = module.statement(node)
    handler = module.parent(statement)
    if not isinstance(handler, ast.ExceptHandler):
        return False
    return all(other is statement or isinstance(other, ast.Import | ast.ImportFrom) for other in handler.body)


def _on_purpose(node: ast.Call, module: Module) -> bool:
    if _DEBUGGER.search(module.path):
        return True
    for outer in module.ancestors(node):
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if _DEBUGGER.search(outer.name) or _DEBUGGER.search(ast.get_docstring(outer) or ""):
                return True
        if isinstance(outer, ast.If | ast.IfExp) and _DEBUGGER.search(module.source(outer.test)):
            return True
    function = module.function(node)
    return (
        function is not None
        and all(_idle(statement) for statement in function.body[:-1])
        and (function.body[-1] is module.parent(node))
    )


def _idle(statement: ast.stmt) -> bool:
    """A docstring or an import: a function of these and a stop is there to stop, as a signal's handler."""
    documented = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return documented or isinstance(statement, ast.Import | ast.ImportFrom)


def _fix(node: ast.Call, module: Module) -> Fix | None:
    statement = module.statement(node)
    brought = _import(node, statement, module)
    if brought is not None and brought.lineno == statement.lineno:
        edit = _pair_removed(brought, statement, module)
        return Fix((edit,)) if edit else None
    edit = removed(module, statement)
    if edit is None:
        return None
    if brought is None:
        return Fix((edit,))
    place = module.block(brought)
    other = removed(module, brought) if place and len(place[0]) > 2 else None
    if other is not None:
        return Fix((edit, other))
    if module.function(brought) is None:
        return Fix((edit,))
    start, end = module.span(brought)[0], module.span(statement)[1]
    both = place is not None and place[0] == [brought, statement] and removed(module, statement) is not None
    return Fix((Edit(start, end, "pass"),)) if both and b"#" not in module.text.data[start:end] else None


def _import(node: ast.Call, statement: ast.stmt, module: Module) -> ast.stmt | None:
    """The import that serves this call alone, with nothing else in it: the statement before it on its line, or the
    only one where nothing else uses the name."""
    root = node.func
    while isinstance(root, ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name):
        return None
    found = module.scope(root).find(root.id)
    if found is None:
        return None
    same = [n for n in module.nodes if isinstance(n, ast.Name) and n.id == root.id]
    uses = [n for n in same if module.scope(n).find(n.id) == found]
    imports = [binding.node for binding in found[1]]
    brought = next((n for n in imports if isinstance(n, ast.stmt) and n.lineno == statement.lineno), imports[0])
    if len(uses) != len(imports) or not isinstance(brought, ast.Import | ast.ImportFrom) or len(brought.names) != 1:
        return None
    return brought if len(imports) == 1 or brought.lineno == statement.lineno else None


def _pair_removed(brought: ast.stmt, statement: ast.stmt, module: Module) -> Edit | None:
    """The line `import pdb; pdb.set_trace()` gone, where it holds these two statements and nothing else."""
    place = module.block(statement)
    if place is None or place[0][place[1] - 1] is not brought or indentation(module, brought) is None:
        return None
    text, number = module.text, first_line(brought)
    start, end = text.line_starts[number - 1], module.span(statement)[1]
    rest = text.line(statement.lineno).encode()[end - start :].strip().removeprefix(b";").strip()
    if rest or statement.end_lineno != brought.lineno:
        return None
    if len(place[0]) == 2:
        return Edit(module.span(brought)[0], end, "pass")
    return Edit(start, text.line_starts[number] if number < len(text.line_starts) else len(text.data), "")


RULE = Rule(
    name="debugger-left",
    topic="leftovers",
    summary="Breakpoint left in the code",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=489,
    nodes=(ast.Call,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    mentions=_LAST,
)
