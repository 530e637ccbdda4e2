"""The imports that a change adds, each held against the standard library, the repository and what is declared."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pathspec import GitIgnoreSpec

from checks.debugging import selection
from checks.model.findings import Finding
from checks.model.safety import Proposer
from checks.repository.change import Change
from checks.validation.imports import lenient, notes, resolve
from checks.validation.imports.declared import Declared, brought_by_tool, is_development
from checks.validation.imports.found import Import
from checks.validation.imports.own import Own, analysed
from checks.validation.known import distributions, standard
from checks.validation.syntax import places


@dataclass(frozen=True, slots=True)
class World:
    """Where an import may lead."""

    own: Own
    declared: Declared
    pythons: tuple[tuple[int, int], ...]
    proposer: Proposer = Proposer.PERSON


@dataclass(slots=True)
class Looked:
    """`contents` and `before` are the Python files of the change by their paths on each side; `was` gives a path on the
    base, `unread` are files that could not be analysed, with why."""

    contents: Mapping[str, bytes]
    before: Mapping[str, bytes]
    was: Mapping[str, str]
    findings: list[Finding] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)
    count: int = 0


def look(change: Change, exclude: GitIgnoreSpec, world: World) -> Looked:
    """The findings of all imports that are new in the files of the change."""
    here = set(selection.python_files(change.head, exclude))
    files = {entry.path for entry in change.head.files}
    touched = [e for e in change.present() if e.path in here and not places.is_data(e.path, files)]
    contents, failed = selection.contents(change.head, [e.path for e in touched])
    was = {e.path: e.was for e in touched if e.status != "added"}
    before, _ = selection.contents(change.base, sorted(set(was.values()) & {e.path for e in change.base.files}))
    looked = Looked(contents, before, was, unread={note.file: note.reason for note in failed})
    old = analysed(change.base, before)
    fresh: list[tuple[str, Import]] = []
    for path, answer in sorted(analysed(change.head, contents).items()):
        if "reason" in answer:
            looked.unread[path] = answer["reason"]
            continue
        earlier = old.get(was.get(path, ""), {})
        fresh += [(path, each) for each in _new(path, was.get(path), answer, earlier)]
        if answer["names"] is not None:
            world.own.names[path] = frozenset(answer["names"])
    world.own.learn(source for path, each in fresh for source in resolve.targets(world.own, path, each))
    looked.count = len(fresh)
    pending = [(path, each, finding) for path, each in fresh if (finding := judged(world, path, each)) is not None]
    tops = {each.module.partition(".")[0] for _, each, f in pending if f.rule in lenient.OUTSIDE}
    known = lenient.imported(change.base, tops) if tops else {}
    weighed = [lenient.weighed(path, each, finding, known, world.proposer) for path, each, finding in pending]
    looked.findings += lenient.distinct(weighed)
    return looked


def _new(
    path: str, was: str | None, answer: dict[str, list[dict[str, object]]], old: dict[str, object]
) -> Iterator[Import]:
    rows = old.get("imports", [])
    counts = Counter(Import(**row).key for row in rows) if isinstance(rows, list) else Counter()
    moved = was is not None and was.rpartition("/")[0] != path.rpartition("/")[0]
    for row in answer["imports"]:
        each = Import(**row)  # type: ignore[arg-type]  # as a worker of ours wrote it
        if counts[each.key] == 0 or (moved and each.level):
            yield each


def judged(world: World, path: str, each: Import) -> Finding | None:
    """What is wrong with one import, None where it leads somewhere, or may lead nowhere unharmed."""
    own = resolve.is_own(world.own, each)
    lack = resolve.missing(world.own, path, each) if own or each.level else None
    if own or each.level:
        if lack is None or each.guard:
            return None
        if each.level or not _outside(world, path, each):
            return notes.missing(path, each, lack, taken=False)
        return None
    if each.guard or each.typing:
        return None
    lacking = standard.missing(each.module, world.pythons)
    if lacking is not None:
        return _standard(world, path, each, lacking)
    return _distribution(world, path, each)


def _outside(world: World, path: str, each: Import) -> bool:
    """Whether a name that the repository has too is found outside of it."""
    lacking = standard.missing(each.module, world.pythons)
    standing, _ = world.declared.standing(path, each.module)
    return lacking == () or standing not in ("undeclared", "nothing")


def _standard(world: World, path: str, each: Import, lacking: tuple[tuple[int, int], ...]) -> Finding | None:
    if not lacking and each.name and each.name != "*":
        # `from concurrent import interpreters`: a module of that name that is new
        lacking = standard.missing(f"{each.module}.{each.name}", world.pythons) or ()
    if not lacking or brought_by_tool(path, each.module.partition(".")[0]):
        return None
    standing, _ = world.declared.standing(path, each.module)
    if standing not in ("undeclared", "nothing"):
        return None  # a distribution that fills the gap: setuptools for distutils, standard-cgi for cgi
    return notes.not_standard(path, each, lacking)


def _distribution(world: World, path: str, each: Import) -> Finding | None:
    top = each.module.partition(".")[0]
    if brought_by_tool(path, top):
        return None
    standing, requirement = world.declared.standing(path, each.module)
    name = requirement.name if requirement else ""
    match standing:
        case "declared":
            return None
        case "development":
            where = requirement.file if requirement else ""
            message = (
                f"{top} ({name}) is declared in {where} for development only, and this module runs with the project."
            )
            return notes.of_import(path, each, "import-development-only", notes.HINT, message)
        case "elsewhere":
            message = (
                f"{top} ({name}) is declared in {requirement.file if requirement else ''}, which is not for this file."
            )
            return notes.of_import(path, each, "import-declared-elsewhere", notes.HINT, message)
        case "locked":
            message = f"{top} ({name}) is in the lock file and asked for nowhere: it comes along with something else."
            return notes.of_import(path, each, "import-transitive", notes.HINT, message)
        case "beside":
            message = (
                f"{each.module} is no part of {name}, the nearest that is declared: it comes along with something else."
            )
            return notes.of_import(path, each, "import-transitive", notes.HINT, message)
        case "nothing" if distributions.of_import(each.module):
            return None  # nothing is declared here at all, and it is real
    if distributions.of_import(each.module) and not world.declared.known.complete_for(path):
        message = f"{top} is declared nowhere that can be read; a program declares what this project needs."
        return notes.of_import(path, each, "import-undeclared", notes.HINT, message)
    names = {name for r in world.declared.known.near(path) for name in distributions.tops(r.name)[0]}
    roots = {stem.rpartition("/")[2] for stem in world.own.stems if stem.count("/") < 2}
    found = notes.undeclared(path, each, frozenset(names | roots))
    if is_development(path) and world.own.anywhere(top):
        return None  # tests and tools change the search path
    return found
