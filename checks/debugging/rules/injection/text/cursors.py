"""Which database driver an expression belongs to."""

import ast

from checks.debugging.source.module import Module

STYLES = {
    "sqlite3": "?",
    "psycopg": "%s",
    "psycopg2": "%s",
    "pymysql": "%s",
    "MySQLdb": "%s",
    "mysql": "%s",
}
"""The placeholder of each driver, by the first name of its package."""

_CONNECT = frozenset(
    {"sqlite3.connect", "sqlite3.dbapi2.connect", "sqlite3.Connection", "psycopg2.connect", "psycopg.connect"}
    | {"psycopg.Connection.connect", "psycopg.Connection", "psycopg2.extensions.connection", "pymysql.connect"}
    | {"pymysql.Connection", "pymysql.connections.Connection", "pymysql.connect", "MySQLdb.connect"}
    | {"mysql.connector.connect", "MySQLdb.connections.Connection"}
)
_CURSORS = frozenset(
    {
        "sqlite3.Cursor",
        "psycopg.Cursor",
        "psycopg2.extensions.cursor",
        "pymysql.cursors.Cursor",
        "MySQLdb.cursors.Cursor",
    }
)


def driver(node: ast.expr | None, module: Module, depth: int = 5) -> str | None:
    """The first name of the driver whose connection or cursor an expression certainly is; None where in doubt."""
    if node is None or depth == 0:
        return None
    if isinstance(node, ast.Call):
        function = node.func
        name = module.resolve(function)
        if name in _CONNECT or name in _CURSORS:
            return name.partition(".")[0] if name else None
        if name == "contextlib.closing" and len(node.args) == 1:
            return driver(node.args[0], module, depth - 1)
        if isinstance(function, ast.Attribute) and function.attr in ("cursor", "execute", "__enter__"):
            return driver(function.value, module, depth - 1)
        return None
    if isinstance(node, ast.Name):
        found = {_bound(b.kind, b.value, module, depth) for b in module.bindings(node)}
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
        found = {driver(value, module, depth - 1) for value in _assigned(node, module)}
    else:
        return None
    return found.pop() if len(found) == 1 else None


def _bound(kind: str, value: ast.expr | None, module: Module, depth: int) -> str | None:
    if kind == "param":
        name = module.resolve(value) if value is not None else None
        return name.partition(".")[0] if name and (name in _CONNECT or name in _CURSORS) else None
    return driver(value, module, depth - 1) if kind in ("assign", "with") else None


def _assigned(node: ast.Attribute, module: Module) -> list[ast.expr | None]:
    owner = module.enclosing_class(node)
    if owner is None:
        return []
    values: list[ast.expr | None] = []
    for inner in ast.walk(owner):
        if not isinstance(inner, ast.Attribute) or inner.attr != node.attr or not isinstance(inner.ctx, ast.Store):
            continue
        parent = module.parent(inner)
        value = parent.value if isinstance(parent, ast.Assign | ast.AnnAssign) else None
        if isinstance(parent, ast.withitem):
            value = parent.context_expr
        if not (isinstance(value, ast.Constant) and value.value is None):
            values.append(value)
    return values
