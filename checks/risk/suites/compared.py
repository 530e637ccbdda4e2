"""Two versions of one test: what became weaker, in words."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from checks.risk.suites import assertions
from checks.risk.suites.assertions import Assertion
from checks.risk.suites.cases import Case

_BROAD = {
    "BaseException": 4, "Exception": 3, "OSError": 2, "EnvironmentError": 2, "IOError": 2, "LookupError": 2,
    "ArithmeticError": 2, "ValueError": 2, "RuntimeError": 2, "Warning": 3, "ImportError": 2, "NameError": 2,
    "ConnectionError": 1.5, "DeprecationWarning": 2, "UserWarning": 2, "": 5,
}  # fmt: skip
"""Exceptions that others derive from; every other counts as 1: two of these are not told apart."""


@dataclass(frozen=True, slots=True)
class Weaker:
    """One thing that is weaker, at a place of head (of base, where the test is gone). `firm` is False for what is only
    worth a mention: another expected value."""

    path: str
    line: int
    what: str
    firm: bool = True

    def __str__(self) -> str:
        return f"{self.what} ({self.path}:{self.line})"


def weaker(old: Case, new: Case) -> Iterator[Weaker]:
    """What the new version lets pass that the old one did not. Raises RecursionError, ValueError as `dump` does."""
    line = new.function.lineno

    def at(what: str, firm: bool = True, where: int = line) -> Weaker:
        return Weaker(new.path, where, f"{new.name} {what}", firm)

    if Counter(new.skips) - Counter(old.skips):
        yield at("is skipped, excused or run under a new condition")
    if old.sets is not None and new.sets is not None and new.sets < old.sets:
        yield at(f"has {new.sets} parameter set{'s' if new.sets != 1 else ''} instead of {old.sets}")
    elif (old.sets is None) != (new.sets is None):
        yield at("has its parameter sets in another way", False)
    elif Counter(old.values) - Counter(new.values):
        yield at("has other parameter sets", False)
    if new.timeout is not None and (old.timeout is None or new.timeout > old.timeout):
        if old.timeout is not None:
            yield at(f"may take {new.timeout:g} s instead of {old.timeout:g} s")
    elif old.timeout is not None and new.timeout is None:
        yield at("has no time limit any more")
    was, now = assertions.of(old.function), assertions.of(new.function)
    if now.skips > was.skips:
        yield at("skips itself")
    if now.tried > was.tried:
        yield at("asserts within try or suppress")
    if now.conditional > was.conditional and now.conditional - was.conditional > len(now.assertions) - len(
        was.assertions
    ):
        yield at("asserts under a condition")
    if now.returns > was.returns:
        yield at("returns before its last assertion")
    yield from (at(what, firm, where) for what, firm, where in _looser(was.assertions, now.assertions, line))


def _looser(old: tuple[Assertion, ...], new: tuple[Assertion, ...], line: int) -> Iterator[tuple[str, bool, int]]:
    """What is weaker among assertions: those with equal text are paired, the others by how firm they are."""
    kept = Counter(each.text for each in old) & Counter(each.text for each in new)
    gone, come = _rest(old, Counter(kept)), _rest(new, Counter(kept))
    firm = [each for each in come if each.strength > assertions.NOTHING]
    lost = len([each for each in gone if each.strength > assertions.NOTHING]) - len(firm)
    if lost > 0:
        yield f"lost {lost} assertion{'s' if lost > 1 else ''}", True, line
    gone.sort(key=lambda each: (-each.strength, each.line))
    firm.sort(key=lambda each: (-each.strength, each.line))
    for was, now in zip(gone, firm, strict=False):
        if now.strength < was.strength:
            yield "asserts less", True, now.line
        elif any(b > a for a, b in zip(was.tolerances, now.tolerances, strict=False)):
            yield "tolerates more", True, now.line
        elif _breadth(now) > _breadth(was):
            yield "expects a broader exception", True, now.line
        elif was.matched and not now.matched:
            yield "no longer looks at the exception's message", True, now.line
        else:
            yield "expects something else", False, now.line


def _rest(every: tuple[Assertion, ...], kept: Counter[str]) -> list[Assertion]:
    rest = []
    for each in every:
        if kept[each.text] > 0:
            kept[each.text] -= 1
        else:
            rest.append(each)
    return rest


def _breadth(assertion: Assertion) -> float:
    names = [name.rpartition(".")[2] for name in assertion.exceptions]
    return sum(_BROAD.get(name, 1.0) for name in names)
