"""Proof that a change of a test module only adds tests: nothing that was there is touched or hidden."""

import ast
import re
from collections.abc import Iterator

from checks.risk import kinds, source
from checks.risk.proof import readers

SPECIAL = frozenset(
    {
        "pytest_plugins", "collect_ignore", "collect_ignore_glob", "pytestmark", "load_tests", "__test__",
        "__path__", "__getattr__", "setup", "teardown", "setup_module", "teardown_module", "setup_function",
        "teardown_function", "setUpModule", "tearDownModule", "setUp", "tearDown", "setUpClass",
        "tearDownClass", "setup_method", "teardown_method", "setup_class", "teardown_class",
    }
)  # fmt: skip
"""Names that change how other tests are run or found."""
_DECORATORS = re.compile(
    r"(pytest\.)?mark\.\w+|parametrize|(mock\.|unittest\.mock\.)?patch(\.object|\.dict|\.multiple)?|unittest\.(skip(If|Unless)?|expectedFailure)|"
    r"(hypothesis\.)?(given|settings|example|seed|reproduce_failure)|staticmethod|classmethod|property|skip(If|Unless)|"
    r"expectedFailure|override_settings|(freezegun\.)?freeze_time|(responses|respx|httpretty)\.\w+|(functools\.)?wraps|"
    r"(contextlib\.)?(async)?contextmanager|(dataclasses\.)?dataclass|(typing\.)?(overload|no_type_check)"
)
"""What new tests may be decorated with."""


def only(path: str, old: bytes | None, new: bytes, scan: readers.Scan) -> bool:
    """Whether `new` is `old` (None: no file) with tests added, in a place for tests that no other module imports."""
    if not kinds.is_test_module(path) or not scan.tests_beside(path):
        return False
    if scan.imports(path.rpartition("/")[2].removesuffix(".py"), path):
        return False
    before, after = source.parsed(old), source.parsed(new)
    if before is None or after is None:
        return False
    try:
        return any(_tests(after.body)) and _grown(before.body, after.body, False)
    except (RecursionError, ValueError):
        return False


def _tests(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            yield node
        elif isinstance(node, ast.ClassDef):
            yield from _tests(node.body)


def _grown(before: list[ast.stmt], after: list[ast.stmt], in_class: bool) -> bool:
    """Whether `after` holds all statements of `before` in their order, and besides them only new definitions, imports
    and plain assignments, of names that are new. Classes may grow in the same way."""
    known = set(_bound(before))
    # a new name at module level may hide a builtin, or a name of a star import, that tests there use
    known |= set() if in_class else set(_used(before))
    waiting = list(before)
    for node in after:
        if waiting and _kept(waiting[0], node):
            waiting.pop(0)
            continue
        if not _harmless(node, in_class):
            return False
        names = list(_bound([node]))
        if any(name in known or name in SPECIAL or name.startswith("pytest_") for name in names):
            return False
        known.update(names)
    return not waiting


def _kept(old: ast.stmt, new: ast.stmt) -> bool:
    if source.dump(old) == source.dump(new):
        return True
    if not (isinstance(old, ast.ClassDef) and isinstance(new, ast.ClassDef)):
        return False
    heads = [
        ast.ClassDef(n.name, n.bases, n.keywords, [], n.decorator_list, type_params=n.type_params) for n in (old, new)
    ]
    return source.dump(heads[0]) == source.dump(heads[1]) and _grown(old.body, new.body, True)


def _harmless(node: ast.stmt, in_class: bool) -> bool:
    """Whether a new statement adds names and does nothing else: no fixture (it could replace one of the same name), no
    call at module level, and no future import (it changes the whole module)."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        defaults = [each for each in (*node.args.defaults, *node.args.kw_defaults) if each is not None]
        return all(map(_decorates, node.decorator_list)) and not any(map(_calls, defaults))
    if isinstance(node, ast.ClassDef):
        plain = all(map(_decorates, node.decorator_list)) and not any(map(_calls, (*node.bases, *node.keywords)))
        return not in_class and plain and _grown([], node.body, True)
    if isinstance(node, ast.ImportFrom):
        return node.module != "__future__" and all(alias.name != "*" for alias in node.names)
    if isinstance(node, ast.Assign):
        plain = all(isinstance(target, ast.Name) for target in node.targets)
        return plain and not _calls(node.value)
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Import)


def _decorates(decorator: ast.expr) -> bool:
    """Whether it is a decorator for tests that acts on nothing else; a fixture may be one by another name."""
    return _DECORATORS.fullmatch(source.dotted(decorator)) is not None


def _calls(node: ast.AST) -> bool:
    return any(isinstance(each, ast.Call | ast.NamedExpr) for each in ast.walk(node))


def _used(body: list[ast.stmt]) -> Iterator[str]:
    """Names that statements look up, in whatever scope."""
    for node in body:
        for each in ast.walk(node):
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load):
                yield each.id


def _bound(body: list[ast.stmt]) -> Iterator[str]:
    """Names that statements bind in their own scope, those within `if`, `try` and `with` too."""
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        waiting += ast.iter_child_nodes(node)
