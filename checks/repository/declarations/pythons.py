"""Which Pythons a project says that it runs on.

Sources: https://packaging.python.org/en/latest/specifications/version-specifiers/, for `^`, `~` and `||`
https://python-poetry.org/docs/dependency-specification/.
"""

import re
from collections.abc import Iterable

type Version = tuple[int, int]

KNOWN: tuple[Version, ...] = tuple((3, minor) for minor in range(7, 16))
"""The Pythons whose syntax and standard library are told apart."""
NEWEST = (3, 14)
"""The newest that a declaration without an upper bound is taken for; a newer one is meant only where it is named."""

_CLAUSE = re.compile(
    r"(<=|>=|<|>|!=|~=|===|==|=|\^|~)?\s*v?(\d{1,3})(?:\.(\d{1,3}|\*))?(?:\.(\d{1,3}|\*))?[0-9A-Za-z.*]*"
)


def lowest(declared: str | None) -> Version | None:
    """The lowest version (major, minor) that a declaration such as `>=3.9,<4`, `^3.9` or `3.9 || 3.10` allows; None
    where it names no lower bound."""
    bounds = []
    for alternative in re.split(r"\|\|?", declared or ""):
        clauses = re.findall(r"(<=|>=|<|>|!=|~=|===|==|=|\^|~)?\s*v?(\d{1,3})(?:\.(\d{1,3}))?[0-9.*]*", alternative)
        lower = [(int(a), int(b or 0)) for sign, a, b in clauses if sign not in ("<", "<=", "!=")]
        if lower:
            bounds.append(max(lower))
    return min(bounds, default=None)


def allowed(declared: str | None, named: Iterable[Version] = ()) -> tuple[Version, ...]:
    """The known versions that a declaration allows, some patch release at least, ascending; empty where it declares
    nothing or none of them. `named` are further ones that the project mentions (in classifiers)."""
    if not declared or not re.search(r"\d", declared):
        return ()
    newest = max([NEWEST, *named])
    found = set()
    for alternative in re.split(r"\|\|?", declared[:4096]):
        clauses = _CLAUSE.findall(alternative)
        exact = {(int(a), int(b)) for sign, a, b, _ in clauses if sign in _EXACT and b.isdigit()}
        for version in KNOWN:
            if clauses and (version <= newest or version in exact) and all(_holds(version, *c) for c in clauses):
                found.add(version)
    return tuple(sorted(found))


_EXACT = ("", "=", "==", "===", "~=", "~", "^")


def _holds(version: Version, sign: str, a: str, b: str, c: str) -> bool:
    """Whether some patch release of `version` fits one clause."""
    minor = int(b) if b.isdigit() else None
    bound = (int(a), minor or 0)
    match sign:
        case ">=" | ">":
            return version >= bound
        case "<":
            return version <= bound if c.isdigit() and int(c) > 0 else version < bound
        case "<=":
            return version <= bound
        case "!=":
            # `!=3.9` and `!=3.9.1` leave other releases of 3.9
            return c != "*" or version != bound
        case "^":
            return version[0] == bound[0] and version >= bound
        case "~=" if not c.isdigit():
            return version[0] == bound[0] and version >= bound
        case _:
            return version[0] == bound[0] if minor is None else version == bound


def classified(classifiers: Iterable[str]) -> tuple[Version, ...]:
    """The known versions that trove classifiers name, ascending."""
    found = set()
    for each in classifiers:
        match = re.fullmatch(r"Programming Language :: Python :: (\d)\.(\d{1,2})", each.strip())
        if match:
            found.add((int(match[1]), int(match[2])))
    return tuple(version for version in KNOWN if version in found)


def shown(versions: tuple[Version, ...]) -> str:
    """`3.10 to 3.14`, or the versions one by one where some between are missing."""
    names = [f"{major}.{minor}" for major, minor in versions]
    whole = [v for v in KNOWN if versions and versions[0] <= v <= versions[-1]] == list(versions)
    return f"{names[0]} to {names[-1]}" if whole and len(names) > 1 else ", ".join(names)
