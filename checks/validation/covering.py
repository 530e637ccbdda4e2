"""Which of the lines that a change adds or edits some test runs."""

import ast
import base64
import warnings
from collections.abc import Iterator
from types import CodeType
from typing import Any

from checks.debugging import pool
from checks.model.verdicts import LineCoverage, SuiteRun
from checks.repository.change import Change
from checks.repository.changed import added_lines, read
from checks.validation.comparing import judges

MOST_FILES = 500
"""Changed files whose lines are followed; with more the figure says nothing about any."""
_LEFT_OUT = ("pragma: no cover", "pragma: nocover")


def traced(change: Change) -> tuple[str, ...]:
    """The changed Python files that tests are to run: sources, not tests."""
    paths = (each.path for each in change.present())
    return tuple(path for path in paths if path.endswith(".py") and not judges(path))[:MOST_FILES]


def covering(change: Change, head: SuiteRun) -> tuple[LineCoverage, ...]:
    """For each of these files its changed lines that can be executed: which ran in `head`, and which did not."""
    added = added_lines(change)
    tasks = []
    for path in traced(change):
        content = read(change.head, path)
        if added.get(path) and content is not None:
            tasks.append((path, {"content": base64.b64encode(content).decode()}))
    found = []
    for path, answer, _ in pool.run(tasks, executable):
        ran = head.lines.get(path, {})
        lines = set(answer["lines"]) if answer is not None else set()
        if path in head.executable:  # as the Python of the tests compiles it
            lines &= set(head.executable[path])
        changed = sorted(added[path] & lines)
        if changed:
            covered = tuple(line for line in changed if line in ran)
            tests = {line: ran[line] for line in covered}
            found.append(LineCoverage(path, covered, tuple(line for line in changed if line not in ran), tests))
    return tuple(sorted(found, key=lambda each: each.file))


def executable(task: dict[str, Any]) -> dict[str, list[int]]:
    """Reads `content` (base64); gives `lines`, those that hold code of their own. For a worker: the text is hostile."""
    try:
        source = base64.b64decode(task["content"])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the change's own code
            tree = ast.parse(source)
            code = compile(source, "<changed>", "exec", dont_inherit=True, optimize=0)
    except (SyntaxError, ValueError):  # the syntax stage says so
        return {"lines": []}
    text = source.decode("utf-8", "replace").splitlines()
    return {"lines": sorted(set(_lines(code)) - _never(tree, text))}


def _lines(code: CodeType) -> Iterator[int]:
    for _, _, line in code.co_lines():
        if line:
            yield line
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _lines(constant)


def _never(tree: ast.Module, text: list[str]) -> set[int]:
    """Lines that no test is expected to run: what only type checkers read, what the author leaves out of coverage, and
    documentation."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            found.update(*(range(each.lineno, (each.end_lineno or each.lineno) + 1) for each in node.body))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        first = getattr(node, "lineno", 0)
        if isinstance(node, ast.stmt) and first <= len(text) and any(mark in text[first - 1] for mark in _LEFT_OUT):
            found.update(range(first, (node.end_lineno or first) + 1))
    return found
