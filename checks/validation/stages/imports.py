"""
## What it does
Looks at every import that the change adds, and at those elsewhere whose module or name it takes away: is it in the
standard library of every declared Python, among the repository's own modules, or in a dependency that is declared for
the file? Looks for names that are used and never bound. Compares newly declared dependencies, those of lock files too,
with the names of well-known distributions.

## What fails it
An import that is none of these, unless it may fail unharmed (`except ImportError`, a condition on the version or the
platform, `TYPE_CHECKING`); a module or name of the repository's own that is certainly not there; a new undefined name;
a new dependency whose name is a slip away from a well-known one. A new dependency that is merely unknown is a finding
that fails only what selfmod itself proposes: a model makes such names up.

## What to do
Declare the dependency, or write the name that is meant: the nearest one is named. A dependency of a private index:
name the index (`[[tool.uv.index]]`, `--extra-index-url`) on the base branch first.
"""

from pathlib import Path

from checks.debugging import selection
from checks.model.findings import Finding, Severity, with_fingerprints
from checks.model.verdicts import StageResult, State
from checks.repository.change import Change
from checks.repository.declarations import dependencies, project, pythons
from checks.validation.asked import Asked
from checks.validation.imports import added, declared, requirements, taken, undefined
from checks.validation.imports.own import of as own_of
from checks.validation.known import installed

NAME = "imports"
TITLE = "Every import and every dependency is real"


def run(change: Change, asked: Asked) -> StageResult:
    """Fails for imports that resolve to nothing, new undefined names, and dependencies that pass for others."""
    exclude = selection.excluding(asked.exclude)
    own = own_of(change.head)
    known = dependencies.of(change.head, [e.path for e in change.present() if e.path.endswith(selection.ENDINGS)])
    before = dependencies.of(change.base, [e.was for e in change.touched if e.was.endswith(selection.ENDINGS)])
    facts: dict[str, str] = {}
    world = added.World(own, declared.Declared(known, _installed(asked)), _pythons(change), asked.proposer)
    looked = added.look(change, exclude, world)
    findings = [*looked.findings, *taken.look(change, own, exclude)]
    now, broken = undefined.undefined(looked.before, looked.contents, looked.was, project.of(change.head).python)
    findings += undefined.told(now, looked.contents, asked.proposer)
    new = declared.new(before, known)
    findings += requirements.judged(change.head, new, before, asked.proposer)
    facts["python"] = pythons.shown(world.pythons)
    facts["imports"] = f"{looked.count} added"
    if new:
        facts["new dependencies"] = ", ".join(each.name for each in new[:10]) + (", …" if len(new) > 10 else "")
    unread = {**looked.unread, **broken}
    if unread:
        facts["not analysed"] = ", ".join(f"{path} ({why})" for path, why in sorted(unread.items())[:3])
    failing = [f for f in findings if f.severity.rank >= Severity.HIGH.rank]
    state = State.FAILED if failing else State.PASSED
    ordered = with_fingerprints(sorted(findings, key=lambda f: (f.file, f.line, f.column, f.rule)))
    return StageResult(NAME, state, _reason(failing), tuple(ordered), facts)


def _reason(failing: list[Finding]) -> str:
    if not failing:
        return ""
    told = "; ".join(f"{f.file}:{f.line} {f.message}" for f in failing[:3])
    more = f" and {len(failing) - 3} more" if len(failing) > 3 else ""
    return f"{told}{more}"


def _pythons(change: Change) -> tuple[tuple[int, int], ...]:
    return project.of(change.head).pythons


def _installed(asked: Asked) -> dict[str, frozenset[str]]:
    """What the packages of the target's environment are imported as."""
    environment = asked.tested.environment
    if environment is None:
        return {}
    folders = [Path(path) for path in environment.paths]
    folders += [each.host for each in environment.bindings if each.host.name == "site-packages"]
    for each in environment.bindings:
        folders += sorted(each.host.glob("lib/python3*/site-packages")) if each.host.is_dir() else []
    return dict(installed.tops(folders))
