"""Tests that a change removes or weakens, by comparing the syntax trees of test files and the settings of pytest."""

import ast
from collections.abc import Iterator

from checks.repository.change import Change, Touched
from checks.risk import kinds, source
from checks.risk.suites import cases, configuration
from checks.risk.suites.cases import Case
from checks.risk.suites.compared import Weaker, weaker


def found(change: Change) -> tuple[tuple[Weaker, ...], tuple[str, ...]]:
    """What is weaker, by place, and the test files that could not be compared. A test that moved to another file, or
    got another name and nothing else, is not weaker."""
    seen: list[Weaker] = []
    left: list[str] = []
    old: dict[tuple[str, str], Case] = {}
    new: dict[tuple[str, str], Case] = {}
    comparable = source.comparable(change)
    for each in change.touched:
        seen += _settings(change, each)
        before, after = _in_tests(each.was), _in_tests(each.path)
        if not (before or after):
            continue
        trees = _trees(change, each) if comparable else None
        if trees is None:
            left.append(each.path)
            continue
        try:
            seen += _steering(each, *trees)
            if kinds.is_test_module(each.was):
                old |= {(each.path, name): case for name, case in cases.of_module(each.was, trees[0]).items()}
            if kinds.is_test_module(each.path) and each.status != "deleted":
                new |= {(each.path, name): case for name, case in cases.of_module(each.path, trees[1]).items()}
        except (RecursionError, ValueError):
            left.append(each.path)
    try:
        seen += _compared(old, new)
    except (RecursionError, ValueError):
        left += sorted({path for path, _ in old})
    return tuple(sorted(seen, key=lambda each: (not each.firm, each.path, each.line, each.what))), tuple(left)


def _in_tests(path: str) -> bool:
    return kinds.is_python(path) and kinds.in_tests(path)


def _trees(change: Change, touched: Touched) -> tuple[ast.Module, ast.Module] | None:
    old, new = kinds.sides(change, touched)
    if kinds.unreadable(touched, old, new):
        return None
    before, after = source.parsed(old), source.parsed(new)
    return None if before is None or after is None else (before, after)


def _compared(old: dict[tuple[str, str], Case], new: dict[tuple[str, str], Case]) -> Iterator[Weaker]:
    gone = {key: case for key, case in old.items() if key not in new}
    come = {key: case for key, case in new.items() if key not in old}
    pairs = [(case, new[key]) for key, case in old.items() if key in new]
    for by in (lambda case: (case.short, case.body()), lambda case: case.body(), lambda case: case.name):
        there: dict[object, list[tuple[str, str]]] = {}
        for key, case in come.items():
            there.setdefault(by(case), []).append(key)
        for key, case in list(gone.items()):
            matches = there.get(by(case))
            if matches:
                pairs.append((gone.pop(key), come.pop(matches.pop(0))))
    for before, after in pairs:
        yield from weaker(before, after)
    for case in gone.values():
        yield Weaker(case.path, case.function.lineno, f"{case.name} is gone")


def _steering(touched: Touched, old: ast.Module, new: ast.Module) -> Iterator[Weaker]:
    """What decides over other tests and differs. A new test module without hooks has nothing of the kind."""
    before, after = cases.steering(old), cases.steering(new)
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            verb = "is new" if name not in before else "is gone" if name not in after else "is changed"
            yield Weaker(touched.path, 1, f"{name} {verb}")


def _settings(change: Change, touched: Touched) -> Iterator[Weaker]:
    name = kinds.normal(touched.path).rpartition("/")[2]
    if name not in configuration.NAMES and touched.was.rpartition("/")[2] not in configuration.NAMES:
        return
    old, new = kinds.sides(change, touched)
    before, after = configuration.settings(name, old), configuration.settings(name, new)
    if before is None or after is None:
        yield Weaker(touched.path, 1, "test configuration that cannot be read")
    else:
        yield from (Weaker(touched.path, 1, what) for what in configuration.weaker(before, after))
