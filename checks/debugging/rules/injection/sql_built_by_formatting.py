"""
## What it does
Reports SQL statements that are put together with an f-string, `%`, `.format()` or `+` and handed to a database:
directly (`cursor.execute(f"…")`) or by a variable. Values become parameters where the driver is certain (sqlite3,
psycopg, psycopg2, pymysql, MySQLdb, mysql.connector); names of tables and columns cannot be parameters and are
reported only.

## Why it is bad
The database cannot tell the value from the statement: a quote in a value ends the string, and what follows is run as
SQL. Whoever chooses the value can then read, change or delete what they like. A parameter is never read as SQL.

## Example
```python
import sqlite3

def find(path, name: str):
    connection = sqlite3.connect(path)
    return connection.execute(f"SELECT * FROM users WHERE name = '{name}'").fetchall()
```

## Use instead
```python
import sqlite3

def find(path, name: str):
    connection = sqlite3.connect(path)
    return connection.execute("SELECT * FROM users WHERE name = ?", (name,)).fetchall()
```

References: PEP 249, "paramstyle"; CWE-89.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.injection.text import parameters
from checks.debugging.rules.injection.text.cursors import STYLES, driver
from checks.debugging.rules.injection.text.formatting import Hole, built, pieces
from checks.debugging.rules.injection.text.statements import begins, is_statement, kinds
from checks.debugging.rules.injection.text.values import harmless
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_METHODS = frozenset(
    {"execute", "executemany", "executescript", "exec_driver_sql", "mogrify", "raw", "query", "scalar", "sql"}
    | {"read_sql", "read_sql_query", "fetch", "fetchrow", "fetchval"}
)
_WRAPPERS = ("sqlalchemy.text", "sqlalchemy.sql.text", "psycopg2.sql.SQL", "psycopg.sql.SQL")


def detect(node: ast.expr, module: Module) -> Iterator[Fault]:
    """One fault a statement, at the text that is built."""
    parent = module.parent(node)
    if not built(node) or not begins(_beginning(node), isinstance(parent, ast.AugAssign)):
        return
    if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Add | ast.Mod):
        return  # the whole is looked at
    found = pieces(node)
    if found is None or not (isinstance(parent, ast.AugAssign) or is_statement(found)):
        return
    calls = list(_sinks(node, module))
    if not calls:
        return
    every = kinds(found)
    holes = [piece for piece in found if isinstance(piece, Hole)]
    faulty = [not hole.number and not harmless(hole.value, module) for hole in holes]
    wrong = [kind for kind, bad in zip(every, faulty, strict=True) if bad]
    if not wrong:
        return
    call = calls[0]
    known = driver(call.func.value, module) if isinstance(call.func, ast.Attribute) else None
    if all(kind == "name" for kind in wrong):
        message = "a piece of an SQL statement is put in as text: check it against the names that are allowed"
        severity = Severity.INFO if module.is_test else Severity.LOW
        yield Fault(node, message, left=_NAMES, severity=severity, confidence=Confidence.MEDIUM)
        return
    severity = Severity.LOW if module.is_test else Severity.HIGH if known else Severity.MEDIUM
    confidence = Confidence.HIGH if known else Confidence.MEDIUM
    message = "a value becomes part of the SQL statement: a quote in it changes what the database runs"
    fix = partial(parameters.fix, node, call, STYLES[known], known, faulty, module) if known else None
    left = "the database driver cannot be told from this file"
    if known:
        left = "" if "name" not in wrong else _NAMES
        left = left or parameters.obstacle(node, calls, STYLES[known], known, faulty, module)
    if left or fix is None:
        yield Fault(node, message, left=left, severity=severity, confidence=confidence)
    else:
        yield Fault(node, message, fix, severity=severity, confidence=confidence)


_NAMES = "names of tables and columns and other pieces of SQL cannot be parameters"


def _runs(method: str) -> bool:
    return method in _METHODS or method.startswith(("execute_", "fetch_"))


def _beginning(node: ast.expr) -> str:
    """The first literal of a built text."""
    while isinstance(node, ast.BinOp):
        node = node.left
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value
    if isinstance(node, ast.JoinedStr) and node.values:
        node = node.values[0]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _sinks(node: ast.expr, module: Module) -> Iterator[ast.Call]:
    """The calls that hand the text to a database."""
    parent = module.parent(node)
    if isinstance(parent, ast.Call):
        if parent.args and parent.args[0] is node:
            if isinstance(parent.func, ast.Attribute) and _runs(parent.func.attr):
                yield parent
            elif module.resolve(parent.func) in _WRAPPERS:
                yield from _sinks(parent, module)
        return
    target = parent.targets[0] if isinstance(parent, ast.Assign) and len(parent.targets) == 1 else None
    if isinstance(parent, ast.AugAssign | ast.AnnAssign):
        target = parent.target
    if not isinstance(target, ast.Name):
        return
    for use in ast.walk(module.function(node) or module.tree):
        if isinstance(use, ast.Name) and use.id == target.id and isinstance(use.ctx, ast.Load):
            call = module.parent(use)
            if isinstance(call, ast.Call) and module.resolve(call.func) in _WRAPPERS:
                call = module.parent(call)
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and _runs(call.func.attr):
                if call.args and (call.args[0] is use or module.parent(use) is call.args[0]):
                    yield call


RULE = Rule(
    name="sql-built-by-formatting",
    topic="injection",
    summary="SQL statement built by formatting",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=89,
    nodes=(ast.JoinedStr, ast.BinOp, ast.Call),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    aliases=("B608", "S608"),
    mentions=("execute", "raw", "query", "read_sql", "fetch", "mogrify", "scalar", "sql"),
)
