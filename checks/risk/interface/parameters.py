"""Parameters of a function in base and head: what callers notice, in words."""

from collections.abc import Iterator

from checks.risk.interface.grades import Grade
from checks.risk.interface.signatures import Parameter

Parameters = tuple[Parameter, ...]
_PLACED = ("/", "")
"""Kinds that are taken by position."""


def changes(old: Parameters, new: Parameters) -> Iterator[tuple[Grade, str]]:
    """Every difference, in time that grows with the number of parameters."""
    was, now = {each.name: each for each in old}, {each.name: each for each in new}
    kinds = {each.kind for each in new}
    renamed = set(_renamed(old, new, was, now))
    for place, each in enumerate(old):
        if each.name not in now:
            if each.kind in ("*args", "**kwargs"):
                if each.kind not in kinds:
                    yield Grade.BROKEN, f"no longer takes {each.kind}"
            elif each.kind == "*" and "**kwargs" in kinds:
                yield Grade.CHANGED, f"takes `{each.name}` among others"
            elif place not in renamed:
                yield Grade.BROKEN, f"lost parameter `{each.name}`"
        else:
            yield from _same_name(each, now[each.name])
    both = {name for name in was.keys() & now.keys() if was[name].kind in _PLACED and now[name].kind in _PLACED}
    if [each.name for each in old if each.name in both] != [each.name for each in new if each.name in both]:
        yield Grade.BROKEN, "has its parameters in another order"
    yield from _gained(old, new, was, renamed)


def _same_name(old: Parameter, new: Parameter) -> Iterator[tuple[Grade, str]]:
    if old.kind != new.kind and not (old.kind in ("/", "*") and new.kind == ""):
        yield Grade.BROKEN, f"takes `{old.name}` in another way"
    if old.default is not None and new.default is None and new.kind in ("/", "", "*"):
        yield Grade.BROKEN, f"needs `{old.name}` now"
    elif old.default is not None and old.default != new.default:
        yield Grade.CHANGED, f"has another default of `{old.name}`"


def _renamed(old: Parameters, new: Parameters, was: dict[str, Parameter], now: dict[str, Parameter]) -> Iterator[int]:
    """Places of positional-only parameters with another name: no caller can tell."""
    for place, (before, after) in enumerate(zip(old, new, strict=False)):
        if before.kind == "/" and after.kind in _PLACED and before.name not in now and after.name not in was:
            yield place


def _gained(
    old: Parameters, new: Parameters, was: dict[str, Parameter], renamed: set[int]
) -> Iterator[tuple[Grade, str]]:
    kinds = {each.kind for each in old}
    known = [place for place, each in enumerate(new) if each.name in was and each.kind in ("/", "")]
    last = max(known, default=-1)
    for place, each in enumerate(new):
        if each.name in was or place in renamed:
            continue
        if each.kind in ("*args", "**kwargs"):
            if each.kind not in kinds:
                yield Grade.EXTENDED, f"takes {each.kind} now"
        elif each.default is None:
            yield Grade.BROKEN, f"needs a new parameter `{each.name}`"
        elif each.kind in _PLACED and (place < last or "*args" in kinds):
            yield Grade.BROKEN, f"gained `{each.name}` before other positional parameters"
        else:
            yield Grade.EXTENDED, f"gained a parameter `{each.name}` with a default"
