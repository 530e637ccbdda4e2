"""The tests of a module: what pytest or unittest would collect, with the marks that decide whether it counts."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from checks.risk.source import dotted, dump

_SKIPS = frozenset({"skip", "skipif", "xfail", "skipIf", "skipUnless", "expectedFailure", "flaky"})
MOST = 5_000
"""Tests of one module that are compared."""

type Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Case:
    """One test function: its path, qualified name, marks that skip it or excuse its failing (as text), the number of
    literal parameter sets (None where it is computed), their texts, and its time limit in seconds."""

    path: str
    name: str
    function: Function
    skips: tuple[str, ...]
    sets: int | None
    values: tuple[str, ...]
    timeout: float | None

    @property
    def short(self) -> str:
        """The function's own name."""
        return self.function.name

    def body(self) -> str:
        """Everything but the name, to find a test again that was moved or renamed."""
        node = self.function
        return "".join(map(dump, node.body)) + dump(node.args) + "".join(map(dump, node.decorator_list))


def of_module(path: str, tree: ast.Module) -> dict[str, Case]:
    """Tests by qualified name; of two with one name the later, as Python has it."""
    marks = [each for node in tree.body for each in _pytestmark(node)]
    aliases = _aliases(tree)
    found: dict[str, Case] = {}
    for name, function, decorators in _functions(tree.body, "", marks, 5):
        found.pop(name, None)
        found[name] = _case(path, name, function, decorators, aliases)
        if len(found) > MOST:
            break
    back = _taken_back(tree)
    return {n: case for n, case in found.items() if back.get(n.partition(".")[0], 0) <= case.function.lineno}


def _taken_back(tree: ast.Module) -> dict[str, int]:
    """Names of the module that are deleted, bound again or told not to be tests, with the last line where that is."""
    found: dict[str, int] = {}
    for node in tree.body:
        for target in node.targets if isinstance(node, ast.Delete | ast.Assign) else ():
            name = dotted(target)
            if name and _hides(name):
                found[name.partition(".")[0]] = node.lineno
    return found


def _hides(name: str) -> bool:
    return "." not in name or name.endswith(".__test__")


def _pytestmark(node: ast.stmt) -> list[ast.expr]:
    if isinstance(node, ast.Assign) and any(dotted(target) == "pytestmark" for target in node.targets):
        return list(node.value.elts) if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
    return []


def _functions(
    body: list[ast.stmt], prefix: str, marks: list[ast.expr], depth: int
) -> Iterator[tuple[str, Function, list[ast.expr]]]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            fixture = any(dotted(each).endswith("fixture") for each in node.decorator_list)
            if node.name.startswith("test") and not fixture:
                yield prefix + node.name, node, [*marks, *node.decorator_list]
        elif isinstance(node, ast.ClassDef) and depth and _collected(node):
            inner = [each for statement in node.body for each in _pytestmark(statement)]
            yield from _functions(node.body, f"{prefix}{node.name}.", [*marks, *inner, *node.decorator_list], depth - 1)
        elif isinstance(node, ast.If | ast.Try | ast.With) and depth:
            guarded = [*marks, node.test] if isinstance(node, ast.If) else marks
            yield from _functions(node.body, prefix, guarded, depth - 1)


def _collected(node: ast.ClassDef) -> bool:
    for statement in node.body:
        if isinstance(statement, ast.Assign) and any(dotted(target) == "__test__" for target in statement.targets):
            return isinstance(statement.value, ast.Constant) and statement.value.value is True
        if isinstance(statement, ast.FunctionDef) and statement.name == "__init__" and not node.bases:
            return False
    return node.name.startswith("Test") or bool(node.bases)


def _case(path: str, name: str, function: Function, decorators: list[ast.expr], aliases: frozenset[str]) -> Case:
    skips, values = [], []
    sets: int | None = 1
    timeout = None
    for each in decorators:
        last = dotted(each).rpartition(".")[2]
        if last in _SKIPS or last in aliases or "skip" in last.lower() or isinstance(each, ast.Compare):
            skips.append(dump(each))
        elif last == "parametrize" and isinstance(each, ast.Call):
            listed = _values(each)
            sets = None if listed is None or sets is None else sets * len(listed)
            values += [dump(value) for value in listed or []]
            skips += [dump(mark) for value in listed or [] for mark in _skipping(value)]
        elif last == "timeout" and isinstance(each, ast.Call) and each.args:
            value = each.args[0]
            if isinstance(value, ast.Constant) and isinstance(value.value, int | float):
                timeout = float(min(value.value, 1e9))
    return Case(path, name, function, tuple(skips), sets, tuple(values), timeout)


def _aliases(tree: ast.Module) -> frozenset[str]:
    """Names of the module that stand for a mark that skips: `slow = pytest.mark.skipif(...)`."""
    found = set()
    for node in tree.body:
        if isinstance(node, ast.Assign) and dotted(node.value).rpartition(".")[2] in _SKIPS:
            found |= {dotted(target) for target in node.targets}
    return frozenset(found - {"", "pytestmark"})


def _values(call: ast.Call) -> list[ast.expr] | None:
    value = call.args[1] if len(call.args) > 1 else None
    value = next((k.value for k in call.keywords if k.arg == "argvalues"), value)
    if not isinstance(value, ast.List | ast.Tuple | ast.Set) or any(isinstance(e, ast.Starred) for e in value.elts):
        return None
    return list(value.elts)


def _skipping(value: ast.expr) -> Iterator[ast.expr]:
    """Marks of one `pytest.param(..., marks=...)` that skip it."""
    for keyword in value.keywords if isinstance(value, ast.Call) else ():
        if keyword.arg == "marks":
            yield from (
                each
                for each in ast.walk(keyword.value)
                if isinstance(each, ast.Attribute | ast.Name) and dotted(each).rpartition(".")[2] in _SKIPS
            )


def steering(tree: ast.Module) -> dict[str, str]:
    """What decides over all tests of a module or folder: fixtures that are used by themselves, pytest's hooks, lists of
    what is not collected, module-level skips; each by name with its text."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if any("fixture" in dotted(each) and "autouse" in dump(each) for each in node.decorator_list):
                found[f"autouse fixture {node.name}"] = dump(node)
            elif node.name.startswith("pytest_"):
                found[f"hook {node.name}"] = dump(node)
    for statement in tree.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for name in (dotted(target) for target in targets):
                if name in ("collect_ignore", "collect_ignore_glob", "pytest_plugins", "load_tests"):
                    found[name] = dump(statement)
        elif isinstance(statement, ast.Expr) and dotted(statement.value) in ("pytest.skip", "pytest.importorskip"):
            found[f"module-level {dotted(statement.value)}"] = dump(statement)
    return found
