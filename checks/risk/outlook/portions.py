"""Portions of a change as evidence of their own: what they would be by themselves is assessed, not guessed."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from checks.model.findings import Finding
from checks.model.outlook import Outlook, Portion
from checks.model.safety import Assessment, Level
from checks.model.trees import File
from checks.model.verdicts import LineCoverage, StageResult, State, Verdict
from checks.repository.change import Change, Touched
from checks.repository.snapshot import overlaid
from checks.risk import kinds
from checks.risk.evidence import Evidence

GRAVE = (Level.HIGH_RISK, Level.CRITICAL)
"""Levels that this is found out for."""
MOST = 12
"""Files of a change that are weighed apart: each twice, alone and left out."""
MOST_BYTES = 4 * 1024 * 1024
"""Bytes of them on either side."""
MOST_WITHOUT = 3
"""Files that it is told of what would be left without them."""

type Assess = Callable[[Sequence[Evidence]], Sequence[Assessment | None]]
"""Assesses several; None for what could not be."""
type Demands = Callable[[Change], tuple[tuple[str, Level], ...]]
"""What the repository's policy demands of a change."""


def outlook(evidence: Evidence, level: Level, assess: Assess, demands: Demands) -> Outlook:
    """`level` is that of the whole. Levels that could not be assessed are left out."""
    touched = evidence.change.touched
    if why := _too_much(evidence.change):
        return Outlook(why=why, covered=_covered(evidence, assess))
    alone = [portion(evidence, (each,), demands) for each in touched]
    rest = [portion(evidence, [other for other in touched if other is not each], demands) for each in touched]
    whole = covered(evidence)
    asked = [*alone, *(rest if len(touched) > 1 else ()), *((whole,) if whole else ())]
    levels = [None if each is None else each.level for each in assess(asked)]
    left = levels[len(alone) : len(alone) + len(rest)] if len(touched) > 1 else []
    parts = _parts(evidence, levels[: len(alone)], assess, demands) if len(touched) > 1 else ()
    without = [
        Portion((each.path,), found)
        for each, found in zip(touched, left, strict=False)
        if found is not None and found.rank < level.rank
    ]
    without.sort(key=lambda each: (each.level.rank, each.files))
    unknown = sum(each is None for each in levels[: len(alone)])
    why = f"{unknown} of its {len(touched)} files could not be weighed apart" if unknown and len(touched) > 1 else ""
    return Outlook((), parts, tuple(without[:MOST_WITHOUT]), levels[-1] if whole else None, why)


def _too_much(change: Change) -> str:
    if len(change.touched) > MOST:
        return f"its {len(change.touched)} files were not weighed apart, {MOST} at most are"
    paths = {path for each in change.touched for path in (each.path, each.was)}
    size = max(sum(each.size for each in side.files if each.path in paths) for side in (change.base, change.head))
    return f"its files have {size // 1024} KiB, {MOST_BYTES // 1024} are weighed apart" if size > MOST_BYTES else ""


def _covered(evidence: Evidence, assess: Assess) -> Level | None:
    whole = covered(evidence)
    found = assess([whole])[0] if whole else None
    return None if found is None else found.level


def _parts(evidence: Evidence, alone: Sequence[Level | None], assess: Assess, demands: Demands) -> tuple[Portion, ...]:
    """The files by the level that they have by themselves, none where all have one."""
    touched = evidence.change.touched
    groups: dict[Level, list[Touched]] = {}
    for each, level in zip(touched, alone, strict=True):
        if level is None:
            return ()  # where one is not known, none of the parts is the whole rest
        groups.setdefault(level, []).append(each)
    if len(groups) < 2:
        return ()
    ordered = [groups[level] for level in sorted(groups, key=lambda level: level.rank)]
    found = assess([portion(evidence, each, demands) for each in ordered])
    return tuple(
        Portion(tuple(each.path for each in group), one.level)
        for group, one in zip(ordered, found, strict=True)
        if one is not None
    )


def portion(evidence: Evidence, touched: Sequence[Touched], demands: Demands) -> Evidence:
    """The evidence of a change of these files alone: the base with them on top, what stages said of them, and what ran
    of their lines. What a stage said of the whole (its tests) stays as it is."""
    change = evidence.change
    on_top: dict[str, File | None] = {}
    unheld: dict[str, int] = {}
    for each in touched:
        on_top[each.was] = None
    for each in touched:
        content = None if each.status == "deleted" else kinds.content(change.head, each.path)
        on_top[each.path] = None
        if content is not None:
            on_top[each.path] = File(each.path, content, "100755" if each.new_mode == "100755" else "100644")
        elif each.status != "deleted":
            unheld[each.path] = -1
    head = overlaid(change.base, on_top, unheld, ())
    part = replace(change, head=head, touched=tuple(touched), head_commit=None)
    paths = {path for each in touched for path in (each.path, each.was)}
    return replace(evidence, change=part, verdict=_seen_of(evidence.verdict, paths), demanded=demands(part))


def _seen_of(verdict: Verdict, paths: Collection[str]) -> Verdict:
    tests = verdict.tests
    if tests is not None:
        tests = replace(tests, coverage=tuple(each for each in tests.coverage if each.file in paths))
    return Verdict(tuple(_stage(each, paths) for each in verdict.stages), tests)


def _stage(stage: StageResult, paths: Collection[str]) -> StageResult:
    """With the findings of these files. One that failed for findings of other files alone has not failed for these."""
    kept: tuple[Finding, ...] = tuple(each for each in stage.findings if each.file in paths)
    back = tuple(each for each in stage.brought_back if each.file in paths)
    if stage.state is State.FAILED and stage.findings and not kept:
        return replace(stage, state=State.PASSED, reason="", findings=(), brought_back=back)
    return replace(stage, findings=kept, brought_back=back)


def covered(evidence: Evidence) -> Evidence | None:
    """The evidence if tests ran every changed line; None where they do, or where nobody knows which they run."""
    tests = evidence.verdict.tests
    if tests is None or not tests.head.trusted or not any(each.uncovered for each in tests.coverage):
        return None
    lines = tuple(
        LineCoverage(each.file, tuple(sorted({*each.covered, *each.uncovered})), ()) for each in tests.coverage
    )
    return replace(evidence, verdict=replace(evidence.verdict, tests=replace(tests, coverage=lines)))
