"""Changed lines that no test runs.

What it sees: the executable lines that the change adds or edits in the project's own Python, and which of them ran in
some test of the sandbox stage. Where the tests did not run, or their outcome is not trusted, it is `unknown here` and
weighs the same everywhere.

Why it counts: a fault in a line that no test runs is seen by nobody before it is merged.

How to lower it: cover the lines by a test (`/selfmod test PATH` writes some).
"""

import ast
from bisect import bisect_left, bisect_right

from checks.model.safety import Factor
from checks.repository.change import Touched
from checks.repository.lines import line_map
from checks.risk import kinds, source
from checks.risk.evidence import Evidence
from checks.risk.weights import factor

NAME = "changed lines covered by tests"
STANDS = False
STEPS = ((10, "1 to 9 not"), (30, "10 to 29 not"), (100, "30 to 99 not"))
_DECLARED = (ast.Global, ast.Nonlocal, ast.Pass)


def weigh(evidence: Evidence) -> tuple[Factor, ...]:
    """What ran and what did not; and apart from it the files of which that is not known."""
    tests = evidence.verdict.tests
    measured = {each.file: each for each in tests.coverage} if tests is not None and tests.head.trusted else {}
    touched = [each for each in evidence.change.present() if kinds.is_source(each.path)]
    known = [measured[each.path] for each in touched if each.path in measured]
    told = {each.file for each in known if each.covered or each.uncovered}
    missing = [each.path for each in touched if each.path not in told and _executable(evidence, each)]
    found = []
    if missing:
        seen = f"unknown here: {kinds.listed(missing)}"
        lower = f"cover {kinds.listed(missing)} by tests that run in the sandbox"
        found.append(factor(NAME, "unknown", seen, lower, known=False))
    gaps = [each for each in known if each.uncovered]
    count = sum(len(set(each.uncovered)) for each in gaps)
    total = count + sum(len(set(each.covered)) for each in known)
    if count:
        case = next((case for most, case in STEPS if count < most), "100 or more not")
        places = [f"{each.file}:{kinds.ranges(each.uncovered)}" for each in sorted(gaps, key=lambda each: each.file)]
        seen = f"{total - count} of {total} ({100 * (total - count) // total} %); not {kinds.listed(places)}"
        found.append(factor(NAME, case, seen, f"cover {kinds.listed(places, 10)} by a test"))
    elif total:
        found.append(factor(NAME, "all", f"{total} of {total} (100 %)"))
    return tuple(found)


def _executable(evidence: Evidence, touched: Touched) -> bool:
    """Whether the change adds or edits a line of a statement, docstrings aside; True where nobody knows."""
    if touched.path.endswith(".pyi"):
        return False
    if not source.comparable(evidence.change):
        return True
    old, new = kinds.sides(evidence.change, touched)
    tree = source.parsed(new)
    if new is None or tree is None:
        return True
    added = sorted(line_map(old or b"", new).added)
    return any(
        bisect_left(added, node.lineno) < bisect_right(added, _last(node))
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and not isinstance(node, _DECLARED) and not _is_text(node)
    )


def _last(node: ast.stmt) -> int:
    """The last line of a statement itself, without the body that it may have."""
    body = getattr(node, "body", None)
    if isinstance(body, list) and body:
        first: ast.AST = body[0]
        return max(node.lineno, getattr(first, "lineno", node.lineno) - 1)
    return node.end_lineno or node.lineno


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
