"""The straight line of a proposal: what would be fixed, tried as a whole before anybody sees it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from checks.debugging.cache import Cache
from checks.debugging.detect import Progress
from checks.debugging.mending.settling import Failed, Holds
from checks.fix import Fixes, Group, Selection, fix_tree
from checks.judge import Who, judge, wanted
from checks.model.judged import Judged
from checks.model.safety import Proposer
from checks.model.trees import File, Mode
from checks.model.verdicts import StageResult, State, Verdict
from checks.repository.change import Change, Touched
from checks.repository.snapshot import Snapshot, overlaid
from checks.settings import Settings
from checks.validation.asked import Tested
from checks.validation.pipeline import STAGES, Broke, validate
from checks.validation.stages import sandbox


@dataclass(frozen=True, slots=True)
class Proposed:
    """The fixes that stood every stage, and how the whole of them was judged; None where there is nothing to judge."""

    fixes: Fixes
    judged: Judged | None


def propose(
    paths: Sequence[Path],
    selection: Selection,
    group: Group,
    settings: Settings,
    tested: Tested,
    *,
    untested: str = "",
    cache: Cache | None = None,
    progress: Progress = lambda done, total: None,
    apart: bool = False,
    broke: Broke = lambda stage, identifier, error: None,
) -> Proposed:
    """Fixes as `fix_tree` does, and takes out every fix that a stage objects to; the others go on."""
    judge_of = _Judge(settings, tested, untested, cache, broke)
    fixes = fix_tree(paths, selection, group, cache, progress, apart, judge_of.begun)
    return Proposed(fixes, judge_of.last if fixes.changes else None)


class _Judge:
    """Judges the files that fixes would leave, and keeps what it saw of the last whole."""

    def __init__(self, settings: Settings, tested: Tested, untested: str, cache: Cache | None, broke: Broke) -> None:
        self._settings, self._tested, self._untested, self._cache = settings, tested, untested, cache
        self._broke = broke
        self.last: Judged | None = None

    def begun(self, whole: Snapshot, rules: Sequence[str]) -> Holds:
        """What the settling asks: `whole` are all files of the project as they are now."""
        return lambda after, tests: self._failure(whole, rules, after, tests)

    def _failure(
        self, whole: Snapshot, rules: Sequence[str], after: Mapping[str, bytes], tests: tuple[str, ...]
    ) -> Failed | None:
        """None where no stage fails. Where tests are named, these alone run, once."""
        change = _change(whole, after)
        who = Who(Proposer.SELFMOD, fixes=tuple(sorted(rules)))
        if tests:
            chosen = replace(self._tested, only=tests, reruns=0)
            asked = wanted(self._settings, who, chosen, self._cache)
            return _failed(validate(change, asked, self._broke, stages=(sandbox,)))
        # the tests run only where the other stages, which take less time, have passed
        self.last = None
        if not self._untested:
            others = tuple(stage for stage in STAGES if stage is not sandbox)
            failed = _failed(validate(change, wanted(self._settings, who, self._tested, self._cache), stages=others))
            if failed is not None:
                return failed
        self.last = self._judged(change, who)
        return _failed(self.last.verdict)

    def _judged(self, change: Change, who: Who) -> Judged:
        made = judge(
            change,
            self._settings,
            who,
            self._tested,
            untested=self._untested,
            cache=self._cache,
            broke=self._broke,
        )
        seen = made.verdict.tests
        if seen is not None and seen.base is not None and self._tested.base is None:
            self._tested = replace(self._tested, base=seen.base)
        return made


def _change(whole: Snapshot, after: Mapping[str, bytes]) -> Change:
    """The files that are there now, with these on top."""
    modes: dict[str, Mode] = {entry.path: "100755" if entry.executable else "100644" for entry in whole.files}
    changed = {path: File(path, content, modes.get(path, "100644")) for path, content in after.items()}
    touched = tuple(Touched(path, "modified", None, file.mode, file.mode) for path, file in sorted(changed.items()))
    head = overlaid(whole, changed, {}, ())
    return Change(whole, head, touched, whole.root, None, None, "the fixes")


def _failed(verdict: Verdict) -> Failed | None:
    for stage in verdict.stages:
        if stage.state is State.FAILED:
            tests = verdict.tests
            failing = tests.newly_failing if stage.stage == "sandbox" and tests is not None else ()
            why = f"{failing[0].id} now fails" if failing else _why(stage)
            return Failed(stage.stage, why, tuple(each.id for each in failing))
    return None


def _why(stage: StageResult) -> str:
    if not stage.findings:
        return stage.reason
    first = stage.findings[0]
    return f"line {first.line}: {first.message}"
