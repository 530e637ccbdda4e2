"""The standard library of each Python from 3.7 on."""

import functools
import gzip
import sys
from importlib import resources

type Version = tuple[int, int]


@functools.cache
def _spans() -> dict[str, tuple[Version, Version]]:
    """For each module, dotted, the first and the last Python that have it."""
    raw = (resources.files("checks.validation.data") / "standard.txt.gz").read_bytes()
    found = {}
    for line in gzip.decompress(raw).decode().splitlines():
        name, first, *last = line.split(" ")
        found[name] = (_version(first), _version(last[0]) if last else (99, 0))
    return found


def _version(text: str) -> Version:
    major, _, minor = text.partition(".")
    return int(major), int(minor)


def missing(module: str, pythons: tuple[Version, ...]) -> tuple[Version, ...] | None:
    """The Pythons of `pythons` whose standard library lacks a module (`a.b.c`); None where none of all Pythons has its
    top-level module. Of a module beneath a known one that is not in the table nothing is said: it is there."""
    spans = _spans()
    parts = module.split(".")
    if parts[0] not in spans:
        # private modules are not in the table; the running Python knows its own
        return () if parts[0] in sys.stdlib_module_names else None
    lacking = set()
    for length in range(1, len(parts) + 1):
        first, last = spans.get(".".join(parts[:length]), ((0, 0), (99, 0)))
        lacking |= {python for python in pythons if not first <= python <= last}
    return tuple(sorted(lacking))


def span(module: str) -> tuple[Version, Version | None]:
    """The first Python that has a module and the last, None where it is still there; of the longest part that is
    known. Raises KeyError for what is none."""
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        name = ".".join(parts[:length])
        if name in _spans():
            first, last = _spans()[name]
            return first, None if last == (99, 0) else last
    raise KeyError(module)


def names() -> frozenset[str]:
    """Top-level names that some Python from 3.7 on has."""
    return frozenset(name for name in _spans() if "." not in name)
