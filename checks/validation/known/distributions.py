"""Well-known distributions and what is imported from each: a table where one is known, else rules."""

import functools
import gzip
import re
from importlib import resources

from checks.repository.declarations.requirement import normalised

SHARED = 8
"""So many well-known distributions with one top-level name make it a namespace: `google`, `azure`, `zope`."""


def _lines(name: str) -> list[str]:
    raw = (resources.files("checks.validation.data") / name).read_bytes()
    return gzip.decompress(raw).decode().splitlines()


@functools.cache
def ranks() -> dict[str, int]:
    """Each well-known distribution (normalised) with its rank, from 0 for the most used."""
    return {name: rank for rank, name in enumerate(_lines("distributions.txt.gz"))}


@functools.cache
def _table() -> dict[str, tuple[str, ...]]:
    return {line.split(" ")[0]: tuple(line.split(" ")[1:]) for line in _lines("imports.txt.gz")}


def tops(distribution: str) -> tuple[frozenset[str], bool]:
    """Top-level names that a distribution (normalised) brings, and whether that is known or guessed by rules.

    Guesses are wide: any of them may be it."""
    stubbed = re.fullmatch(r"types-(.+)|(.+)-stubs", distribution)
    if stubbed and distribution not in _table():
        return frozenset(), True
    listed = _table().get(distribution)
    if listed is None and distribution in ranks():
        return frozenset({distribution.replace("-", "_")}), True
    if listed is not None and listed[0] != "?":
        return frozenset(listed) - {"-"}, True
    return frozenset(_guesses(distribution)), False


def _guesses(distribution: str) -> set[str]:
    """`python-foo-bar` → `foo_bar`, `foobar`, `foo`, `bar` and the like."""
    found = {distribution.replace("-", "_"), distribution.replace("-", "")}
    bare = re.sub(r"^(python3?|py)-|-(python3?|py)$", "", distribution)
    found |= {bare.replace("-", "_"), bare.replace("-", ""), re.sub(r"^py|py$|\d+$", "", bare.replace("-", "_"))}
    found |= {part for part in re.split(r"-", bare) if len(part) > 1}
    return {name for name in found if name}


def brings(distribution: str, module: str) -> bool:
    """Whether a declared distribution may be what `module` (dotted) is imported from."""
    top = module.partition(".")[0]
    found, _ = tops(distribution)
    return top in found or top.lower() in {name.lower() for name in found if not name.islower()} - found


def fits(distribution: str, module: str) -> bool:
    """Whether a distribution of a namespace is the one that `module` (dotted) is in, as its name says; True for what is
    no shared namespace."""
    top, *rest = module.split(".")
    if not rest or not is_shared(top):
        return True
    dotted = normalised("-".join([top, *rest]))
    return f"{dotted}-".startswith(f"{distribution}-") or normalised(rest[0]) == distribution


@functools.cache
def _reverse() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for distribution in ranks():
        names, known = tops(distribution)
        for name in names if known else ():
            found.setdefault(name, []).append(distribution)
    return {name: tuple(those) for name, those in found.items()}


def of_import(module: str) -> tuple[str, ...]:
    """Well-known distributions that bring a module's top-level name, the likeliest first: that of the dotted name, else
    the most used."""
    parts = module.split(".")
    those = _reverse().get(parts[0], ())
    dotted = [normalised("-".join(parts[:length])) for length in range(len(parts), 1, -1)]
    return tuple(sorted(those, key=lambda name: (name not in dotted, ranks()[name])))


def is_shared(top: str) -> bool:
    """Whether a top-level name is a namespace that many distributions fill."""
    return len(_reverse().get(top, ())) >= SHARED


def import_names() -> frozenset[str]:
    """Top-level names of all well-known distributions whose names are known."""
    return frozenset(_reverse())
