"""Dependencies that the change adds, removes or replaces.

What it sees: names declared in `pyproject.toml`, `setup.cfg`, `setup.py`, `Pipfile` and requirements files of base and
head; packages, versions and hosts in lock files.

Why it counts: a dependency is code that nobody in this repository reviews, and it runs with the same rights.

How to lower it: leave the dependency out, or propose it by itself.
"""

from checks.model.safety import Factor
from checks.repository.change import Touched
from checks.repository.declarations import project
from checks.risk import kinds
from checks.risk.evidence import Evidence
from checks.risk.factors import _locks
from checks.risk.weights import factor

NAME = "dependencies"
STANDS = True
_DECLARING = ("pyproject.toml", "setup.cfg", "setup.py", "pipfile")


def weigh(evidence: Evidence) -> tuple[Factor, ...]:
    """What is new, gone, and of another version, and new places that packages come from."""
    was: set[str] = set()
    now: set[str] = set()
    changed: set[str] = set()
    hosts: set[str] = set()
    folders: set[str] = set()
    for each in evidence.change.touched:
        name = kinds.normal(each.path).rpartition("/")[2]
        if name in _DECLARING or _requirements(each):
            folders.add(each.path.rpartition("/")[0].removesuffix("requirements").rstrip("/"))
        if kinds.is_lock(each.path) or _requirements(each):
            old, new = kinds.sides(evidence.change, each)
            before, after = _locks.packages(name, old), _locks.packages(name, new)
            if before is None or after is None:
                changed.add(each.path)
            elif kinds.is_lock(each.path):
                was, now = was | before.keys(), now | after.keys()
            for package in (before or {}).keys() & (after or {}).keys():
                if (before or {})[package] != (after or {})[package]:
                    changed.add(package)
            hosts |= _locks.hosts(name, new) - _locks.hosts(name, old) - (_locks.USUAL if old is None else set())
    locked = now - was
    declared_was, declared_now = _declared(evidence, folders)
    added = declared_now - declared_was
    factors = []
    if hosts:
        seen = f"packages come from {kinds.listed(sorted(hosts))}"
        factors.append(factor(NAME, "new source", seen, "take packages from where they came from before"))
    factors += _added(added)
    factors += (
        [factor(NAME, "locked", f"locked anew: {kinds.listed(sorted(locked - added))}")] if locked - added else []
    )
    gone = (declared_was - declared_now) | (was - now)
    if gone:
        factors.append(factor(NAME, "removed", f"no longer needed: {kinds.listed(sorted(gone))}"))
    if changed:
        factors.append(factor(NAME, "changed", f"another version: {kinds.listed(sorted(changed))}"))
    return tuple(factors)


def _added(names: set[str]) -> list[Factor]:
    if not names:
        return []
    listed = kinds.listed(sorted(names))
    found = [factor(NAME, "added", f"newly declared: {listed}", f"leave out {listed}")]
    if len(names) > 1:
        more = f"{len(names) - 1} more new ones"
        found.append(factor(NAME, "further added", more, f"leave out {listed}", times=len(names) - 1, most=4))
    return found


def _requirements(touched: Touched) -> bool:
    path = kinds.normal(touched.path)
    in_folder = path.rpartition("/")[0].endswith("requirements") and path.endswith((".txt", ".in"))
    return in_folder or ("requirements" in path.rpartition("/")[2] and path.endswith((".txt", ".in")))


def _declared(evidence: Evidence, folders: set[str]) -> tuple[set[str], set[str]]:
    before: set[str] = set()
    after: set[str] = set()
    for folder in sorted(folders)[:50]:
        before |= project.of(evidence.change.base, folder).distributions or frozenset()
        after |= project.of(evidence.change.head, folder).distributions or frozenset()
    return before, after
