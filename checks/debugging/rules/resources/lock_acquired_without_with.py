"""
## What it does
Reports `lock.acquire()` and `lock.release()` as two statements where a `with` statement would hold the lock.

## Why it is bad
An exception or a `return` between the two leaves the lock taken, and everybody who waits for it waits for ever. With
`try` and `finally` around it is right, only longer; that is reported as an information.

## Example
```python
import threading

lock = threading.Lock()

def add(item):
    lock.acquire()
    queue.append(item)
    lock.release()
```

## Use instead
```python
import threading

lock = threading.Lock()

def add(item):
    with lock:
        queue.append(item)
```

References: Python documentation, "Using locks, conditions, and semaphores in the with statement"; CWE-667.
"""

import ast
from collections.abc import Iterator
from functools import partial

from checks.debugging.rule import Fault, Rule
from checks.debugging.rules.resources._named import CROSSING, crossing, even, under
from checks.debugging.source import blocks
from checks.debugging.source.edits import Edit, Fix
from checks.debugging.source.flow import leaving
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_KINDS = ("Lock", "RLock", "Condition", "Semaphore", "BoundedSemaphore")
_LOCKS = frozenset(f"{library}.{kind}" for library in ("threading", "multiprocessing") for kind in _KINDS)
_ASYNC = frozenset(f"asyncio.{kind}" for kind in _KINDS)


def detect(node: ast.Expr, module: Module) -> Iterator[Fault]:
    """An `acquire()` that waits without end, and its `release()` in the same block or in the `finally` after it."""
    awaited = isinstance(node.value, ast.Await)
    call = node.value.value if isinstance(node.value, ast.Await) else node.value
    lock = _receiver(call, "acquire")
    if lock is None or module.origin(lock) not in (_ASYNC if awaited else _LOCKS):
        return
    place = module.block(node)
    if place is None:
        return
    block, index = place
    following = block[index + 1] if index + 1 < len(block) else None
    if isinstance(following, ast.Try) and following.finalbody:
        yield from _guarded(node, following, lock, awaited, module)
        return
    yield from _straight(node, block, index, lock, awaited, module)


def _receiver(call: ast.expr, method: str) -> ast.expr | None:
    """What `x.acquire()` or `x.release()` is called on: a name or a chain of attributes; None for other arguments than
    `True`."""
    match call:
        case ast.Call(func=ast.Attribute(value=lock, attr=attribute), args=args, keywords=[]) if attribute == method:
            plain = not args or (len(args) == 1 and isinstance(args[0], ast.Constant) and args[0].value is True)
            inner = lock
            while isinstance(inner, ast.Attribute):
                inner = inner.value
            return lock if plain and isinstance(inner, ast.Name) else None
    return None


def _releases(node: ast.AST, lock: ast.expr) -> bool:
    if not isinstance(node, ast.Expr):
        return False
    released = _receiver(node.value, "release")
    return released is not None and ast.dump(released) == ast.dump(lock)


def _guarded(node: ast.Expr, attempt: ast.Try, lock: ast.expr, awaited: bool, module: Module) -> Iterator[Fault]:
    name = module.source(lock)
    if attempt.handlers or attempt.orelse:
        return  # right as it is, and shorter than two blocks in each other
    if len(attempt.finalbody) != 1 or not _releases(attempt.finalbody[0], lock):
        return
    if any(_mentions(inner, lock) for inner in attempt.body):
        return
    text = f"'with {name}:' does what acquire(), try and finally do here"
    fix = _of_try(node, attempt, lock, awaited, module)
    if fix is None:
        left = "a comment or another statement stands on one of the lines that would go"
        yield Fault(node, text, left=left, severity=Severity.INFO)
    else:
        yield Fault(node, text, lambda: fix, severity=Severity.INFO)


def _mentions(node: ast.AST, lock: ast.expr) -> bool:
    """Whether the lock is taken, let go or given away inside."""
    wanted = ast.dump(lock)
    for inner in ast.walk(node):
        if (
            isinstance(inner, ast.Attribute)
            and inner.attr in ("acquire", "release")
            and ast.dump(inner.value) == wanted
        ):
            return True
    return False


def _straight(
    node: ast.Expr, block: list[ast.stmt], index: int, lock: ast.expr, awaited: bool, module: Module
) -> Iterator[Fault]:
    end = next((i for i in range(index + 1, len(block)) if _releases(block[i], lock)), None)
    if end is None or end == index + 1:
        return
    around = module.function(node) or module.tree
    between = block[index + 1 : end]
    inner = {n for statement in between for n in ast.walk(statement)}
    others = [n for n in ast.walk(around) if _releases(n, lock) and n is not block[end] and n not in inner]
    if not all(_paired(other, lock, module) for other in others):
        return  # somebody else may let it go: a handler, or the code after a loop that is left with the lock
    text = f"{module.source(lock)} stays taken if an exception is raised before release()"
    severity = Severity.LOW if module.is_test else None
    if any(_mentions(statement, lock) for statement in between):
        yield Fault(node, text, left="it is released in several places", severity=severity)
        return
    if any(_rebinds(statement, lock) for statement in between):
        return
    if next(leaving(between), None) is not None:
        yield Fault(node, text, left="a path leaves with the lock taken: is that on purpose", severity=severity)
        return
    if crossing(block[:index], between, block[end + 1 :], module):
        yield Fault(node, text, left=CROSSING, severity=severity)
        return
    if blocks.removed(module, block[end]) is None or not _shape(node, between, module):
        yield Fault(node, text, left="a comment or another statement shares a line with them", severity=severity)
        return
    yield Fault(node, text, partial(_of_block, node, between, block[end], lock, awaited, module), severity=severity)


def _paired(release: ast.AST, lock: ast.expr, module: Module) -> bool:
    """Whether the lock is taken right before in the same block, or before the `try` that lets it go."""
    place = module.block(release) if isinstance(release, ast.stmt) else None
    attempt = module.parent(release)
    if isinstance(attempt, ast.Try) and release in attempt.finalbody:
        outer = module.block(attempt)
        return outer is not None and outer[1] > 0 and _takes(outer[0][outer[1] - 1], lock)
    if place is None:
        return False
    for statement in place[0][: place[1]][::-1]:
        if _takes(statement, lock):
            return True
        if _mentions(statement, lock):
            return False
    return False


def _takes(node: ast.stmt, lock: ast.expr) -> bool:
    value = node.value if isinstance(node, ast.Expr) else None
    taken = _receiver(value.value if isinstance(value, ast.Await) else value, "acquire") if value else None
    return taken is not None and ast.dump(taken) == ast.dump(lock)


def _rebinds(node: ast.AST, lock: ast.expr) -> bool:
    """Whether the name of the lock, or what it is an attribute of, gets another value."""
    names = {n.id for n in ast.walk(lock) if isinstance(n, ast.Name)}
    attributes = {n.attr for n in ast.walk(lock) if isinstance(n, ast.Attribute)}
    return any(
        (isinstance(n, ast.Name) and n.id in names and not isinstance(n.ctx, ast.Load))
        or (isinstance(n, ast.Attribute) and n.attr in attributes and not isinstance(n.ctx, ast.Load))
        for n in ast.walk(node)
    )


def _shape(node: ast.Expr, between: list[ast.stmt], module: Module) -> bool:
    return blocks.alone(module, node) and blocks.alone(module, between[-1]) and even(module, node, between[-1])


def _header(node: ast.Expr, lock: ast.expr, awaited: bool, module: Module) -> Edit:
    start, end = module.span(node)
    return Edit(start, end, f"{'async with' if awaited else 'with'} {module.source(lock)}:")


def _of_block(
    node: ast.Expr, between: list[ast.stmt], release: ast.stmt, lock: ast.expr, awaited: bool, module: Module
) -> Fix | None:
    gone = blocks.removed(module, release)
    if gone is None:
        return None
    return Fix((_header(node, lock, awaited, module), *under(node, between[0], between[-1], module), gone))


def _of_try(node: ast.Expr, attempt: ast.Try, lock: ast.expr, awaited: bool, module: Module) -> Fix | None:
    """`try:` and the `finally` go; the body stays where it is."""
    text, starts = module.text, module.text.line_starts
    release = attempt.finalbody[0]
    last = attempt.body[-1]
    word = release.lineno - 1
    while word > (last.end_lineno or last.lineno) and not text.line(word).strip():
        word -= 1
    if text.line(word).strip() != "finally:" or text.line(attempt.lineno).strip() != "try:":
        return None
    if not _shape(node, [last], module) or not blocks.alone(module, release):
        return None
    if "#" in text.line(release.lineno) or not even(module, node, release):
        return None
    if any(_rebinds(statement, lock) for statement in attempt.body):
        return None
    after = starts[release.lineno] if release.lineno < len(starts) else len(text.data)
    opening = Edit(starts[attempt.lineno - 1], starts[attempt.lineno], "")
    return Fix((_header(node, lock, awaited, module), opening, Edit(starts[word - 1], after, "")))


RULE = Rule(
    name="lock-acquired-without-with",
    topic="resources",
    summary="Lock acquired and released without a with statement",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=667,
    nodes=(ast.Expr,),
    detect=detect,
    documentation=__doc__,
    fixes="sometimes",
    mentions=("acquire",),
)
