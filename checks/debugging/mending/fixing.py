"""From findings to a change that holds: fixes are made, the result is looked at again, what spoils it is left out."""

import base64
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from checks.debugging import pool
from checks.debugging.analyse import packed_surroundings
from checks.debugging.cache import Cache
from checks.debugging.detect import Result, detect
from checks.debugging.mending import elsewhere, mend
from checks.debugging.source.module import Surroundings
from checks.debugging.tools import ruff
from checks.model.findings import Finding
from checks.repository import scratch

NO_FIX = {
    "bandit": "bandit reports this and offers no fix",
    "ruff": "ruff's fix for this is not on the list of those that are taken",
    "selfmod": "there is no sure fix",
}
UNDEFINED = frozenset({"F821", "F822", "F823"})
"""Codes of ruff for names that nothing defines."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a finding. `left`: nothing was offered, `why`. `refused`: a fix was made and `stage` said no."""

    finding: Finding
    state: Literal["fixed", "left", "refused"]
    stage: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Fixed:
    """Outcomes, one a finding, and the new bytes of each file that changes."""

    outcomes: tuple[Outcome, ...]
    after: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class _Made:
    content: bytes
    why: tuple[str, ...]
    lost: tuple[str, ...]
    dropped: tuple[str, ...]


class Fixing:
    """One run over the files of a snapshot: `contents` are their bytes, `results` what was found in them. `around`
    gives the bytes of all files of the repository, where names may be used that a fix would take away."""

    def __init__(
        self,
        contents: Mapping[str, bytes],
        results: Mapping[str, Result],
        surroundings: Surroundings,
        cache: Cache | None = None,
        workers: int | None = None,
        around: Callable[[], Mapping[str, bytes]] | None = None,
    ) -> None:
        self._contents = contents
        self._around = around or (lambda: contents)
        self._results = results
        self._surroundings = surroundings
        self._cache = cache
        self._workers = workers
        self._everything: Mapping[str, bytes] | None = None
        self._replacements: dict[tuple[str, str, int, int], tuple[ruff.Replacement, ...]] = {}

    def fix(self, wanted: Sequence[Finding]) -> Fixed:
        """Fixes what can be fixed for sure; every wanted finding gets an outcome. Nothing is written anywhere."""
        self._ask_ruff(wanted)
        outcomes = {id(f): _left(f) for f in wanted if not f.fixable}
        by_file: dict[str, list[Finding]] = {}
        # where a rule mends one fault, another of its faults may have its turn after that: it is asked again
        mending = {(f.file, f.rule) for f in wanted if f.fixable}
        for finding in wanted:
            if (finding.file, finding.rule) in mending:
                by_file.setdefault(finding.file, []).append(finding)
        after: dict[str, bytes] = {}
        for path, (content, decided) in self._settled(by_file).items():
            outcomes |= {id(outcome.finding): outcome for outcome in decided}
            if content != self._contents[path]:
                after[path] = content
        return Fixed(tuple(outcomes[id(finding)] for finding in wanted), after)

    def _settled(self, by_file: dict[str, list[Finding]]) -> dict[str, tuple[bytes, list[Outcome]]]:
        """All files at once; then, where one fails, its halves, until what spoils it is found and the rest stays."""
        settled: dict[str, tuple[bytes, list[Outcome]]] = {}
        made = self._made(by_file)
        failures = self._failures(made, by_file)
        for path, findings in by_file.items():
            if path not in failures:
                settled[path] = (made[path].content, _outcomes(findings, made[path]))
                continue
            good, refused = self._bisected(path, [], findings, failures[path])
            again = self._made({path: good})[path] if good else None
            content = again.content if again else self._contents[path]
            settled[path] = (content, [*refused, *(_outcomes(good, again) if again else ())])
        return settled

    def _bisected(
        self, path: str, good: list[Finding], findings: list[Finding], failure: tuple[str, str]
    ) -> tuple[list[Finding], list[Outcome]]:
        """Of findings whose fixes spoil the file when joined to the `good` ones: the good ones with those that hold,
        and the refusal of each other one."""
        if len(findings) == 1:
            return good, [Outcome(findings[0], "refused", *failure) if findings[0].fixable else _left(findings[0])]
        refused: list[Outcome] = []
        middle = len(findings) // 2
        for half in (findings[:middle], findings[middle:]):
            why = self._failure(path, [*good, *half])
            if why is None:
                good = [*good, *half]
            else:
                good, less = self._bisected(path, good, half, why)
                refused += less
        return good, refused

    def _failure(self, path: str, findings: list[Finding]) -> tuple[str, str] | None:
        by_file = {path: findings}
        return self._failures(self._made(by_file), by_file).get(path)

    def _made(self, by_file: Mapping[str, Sequence[Finding]]) -> dict[str, _Made]:
        packed = packed_surroundings(self._surroundings)
        tasks = []
        for path, findings in by_file.items():
            targets = [[f.rule, f.line, f.column, self._rows(f), not f.fixable] for f in findings]
            content = base64.b64encode(self._contents[path]).decode()
            tasks.append((path, {"path": path, "content": content, "surroundings": packed, "targets": targets}))
        made = {}
        for path, answer, why in pool.run(tasks, mend.work, workers=self._workers):
            if answer is None:
                made[path] = _Made(self._contents[path], (why,) * len(by_file[path]), (), ())
            else:
                new = base64.b64decode(answer["content"])
                lost, dropped = tuple(answer["lost"]), tuple(answer["dropped"])
                made[path] = _Made(new, tuple(answer["why"]), lost, dropped)
        return made

    def _failures(
        self, made: Mapping[str, _Made], by_file: Mapping[str, Sequence[Finding]]
    ) -> dict[str, tuple[str, str]]:
        """For each file whose result must not be: the stage that says so, and why."""
        changed = {path: m.content for path, m in made.items() if m.content != self._contents[path]}
        again = detect(changed, self._surroundings, cache=self._cache, workers=self._workers)
        failures = {}
        for path, result in again.items():
            fixed = [f for f, why in zip(by_file[path], made[path].why, strict=True) if not why]
            failure = _judged(self._results[path], result, fixed, made[path].lost)
            if failure is not None:
                failures[path] = failure
        return failures | self._missed(made)

    def _missed(self, made: Mapping[str, _Made]) -> dict[str, tuple[str, str]]:
        """For each file that would lose an import which another file uses from it, or a test replaces, that reason."""
        losing = {path: m.dropped for path, m in made.items() if m.dropped}
        if not losing:
            return {}
        if self._everything is None:
            self._everything = self._around()
        named = elsewhere.named(self._everything, losing)
        return {
            path: ("imports", f"{name!r} would be gone, which {named[path][name]} uses from here")
            for path, names in losing.items()
            for name in names
            if name in named[path]
        }

    def _rows(self, finding: Finding) -> list[list[int | str]]:
        rows = self._replacements.get((finding.file, finding.rule, finding.line, finding.column), ())
        return [[r.line, r.column, r.end_line, r.end_column, r.text] for r in rows]

    def _ask_ruff(self, wanted: Sequence[Finding]) -> None:
        """The replacements of ruff's fixes are not kept with findings: they are asked for where they are wanted."""
        files = {f.file: self._contents[f.file] for f in wanted if f.tool == "ruff" and f.fixable}
        if not files:
            return
        with scratch.folder() as folder:
            diagnostics, _ = ruff.Run(folder, files, self._surroundings.python).diagnostics()
        for diagnostic in diagnostics:
            key = (diagnostic.file, diagnostic.code, diagnostic.line, diagnostic.column)
            self._replacements[key] = diagnostic.fix


def _left(finding: Finding) -> Outcome:
    return Outcome(finding, "left", why=finding.left or NO_FIX[finding.tool])


def _outcomes(findings: Sequence[Finding], made: _Made) -> list[Outcome]:
    return [
        (Outcome(finding, "left", why=why) if finding.fixable else _left(finding)) if why else Outcome(finding, "fixed")
        for finding, why in zip(findings, made.why, strict=True)
    ]


def _judged(before: Result, after: Result, fixed: Sequence[Finding], lost: Sequence[str]) -> tuple[str, str] | None:
    """Stage and reason where a fixed file is worse than it was: it must parse, name nothing undefined, keep its
    comments, have no new finding, and the fixed findings must be gone."""
    reasons = {note.reason for note in after.not_analysed} - {note.reason for note in before.not_analysed}
    if reasons:
        return "syntax", sorted(reasons)[0]
    if lost:
        return "comments", f"the comment {lost[0]!r} would be lost"
    old, new = _counts(before.findings), _counts(after.findings)
    for rule in sorted(new):
        if new[rule] > old[rule]:
            fresh = next(f for f in reversed(after.findings) if f.rule == rule)
            if rule in UNDEFINED:
                return "imports", f"line {fresh.line} would name what nothing defines: {fresh.message}"
            return "detectors", f"line {fresh.line} would have a new finding: {rule}, {fresh.message}"
    for rule, count in _counts(fixed).items():
        if new[rule] > old[rule] - count:
            return "detectors", f"{rule} is still found after the fix"
    return None


def _counts(findings: Sequence[Finding]) -> Counter[str]:
    return Counter(finding.rule for finding in findings)
