"""Fixes are made and tried in a folder of their own that holds the files of one commit."""

import logging
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from app.model.trouble import Superseded
from app.workflows.proposing.words import Named
from app.workflows.reviewing.judging import tested_with
from app.workflows.steps import Tools
from checks.debugging.cache import Cache
from checks.fix import Change, Fixes, Group, Selection, fix_tree
from checks.model.errors import Refusal
from checks.model.findings import Finding
from checks.model.judged import Judged
from checks.model.verdicts import State
from checks.propose import propose
from checks.repository import contents
from checks.repository.changed import of_commits
from checks.repository.scratch import folder
from checks.settings import Settings
from checks.validation.asked import Tested

MOST_FINDINGS = 300
"""Findings of one proposal: more are left to the next one."""
FOLDER = "findings"
"""In the data folder: what was found, by a file's content."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One proposal to be: `word` names it, `keys` are the fingerprints of the findings that it mends."""

    word: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stood:
    """A change that stood every stage, and how it was judged."""

    change: Change
    judged: Judged

    @property
    def keys(self) -> tuple[str, ...]:
        """The fingerprints of what it mends."""
        return tuple(dict.fromkeys(each.fingerprint for each in self.change.fixed))


class Trial:
    """The files of one commit in `place`. `ready` gives the sandbox that its tests run in, or why there is none: asked
    once, and only where something is to be tried. `cache` keeps what was found in a file: most are the same in the next
    job."""

    def __init__(self, place: Path, settings: Settings, cache: Cache, ready: Callable[[], tuple[Tested, str]]) -> None:
        self._place, self._settings, self._cache, self._ready = place, settings, cache, ready
        self._sandbox: tuple[Tested, str] | None = None

    def sure(self, group: Group) -> Fixes:
        """All that the detectors and the fixes alone hold for sure, in groups. No test runs."""
        return fix_tree([self._place], self._selection(), group, self._cache, lambda done, total: None, apart=True)

    def tried(self, keys: tuple[str, ...]) -> Stood:
        """One change with the fixes of these findings that stand every stage. Raises Refusal where none does, where a
        finding is not there, where a stage could not be carried out, and where the change is larger than allowed."""
        tested, untested = self._sandbox or self._ready()
        selection = replace(self._selection(), findings=keys)
        made = propose(
            [self._place], selection, Group.ALL, self._settings, tested,
            untested=untested, cache=self._cache, broke=_broke,
        )  # fmt: skip
        if tested.cancelled():
            raise Superseded
        if not made.fixes.changes or made.judged is None:
            refused = next((each for each in made.fixes.outcomes if each.why), None)
            why = f": {refused.finding.rule}: {refused.why}" if refused else ""
            raise Refusal(f"no fix stood up to validation{why}.")
        for stage in made.judged.verdict.stages:
            if stage.state is State.ERROR:
                raise Refusal(f"stage {stage.stage} could not be carried out: {stage.reason}")
        _refuse_large(made.judged, self._settings)
        tests = made.judged.verdict.tests
        # the base is the same for every group: its tests need not run again
        self._sandbox = (replace(tested, base=tests.base) if tests is not None and tests.base else tested, untested)
        return Stood(made.fixes.changes[0], made.judged)

    def _selection(self) -> Selection:
        return Selection(
            exclude=self._settings.review.exclude,
            unchanged=self._settings.fix.exclude,
            disable=self._settings.review.disable,
            left=self._settings.fix.disable,
        )


@contextmanager
def laid_out(tools: Tools, settings: Settings, root: Path, base: str, commit: str) -> Iterator[Trial]:
    """The trial of a commit, gone at the end. `base` is the commit whose declarations the environment is built of: what
    somebody proposes does not choose what its own tests run with."""
    with ExitStack() as held:
        place = held.enter_context(folder())
        cache = held.enter_context(closing(Cache(tools.settings.data_dir / FOLDER)))
        for file in contents.of_commit(root, commit, settings.sandbox.limits().disk):
            if file.mode == "120000":  # nothing is read or written through a link
                continue
            target = place / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.content)
            target.chmod(0o755 if file.mode == "100755" else 0o644)
        change = of_commits(root, base, commit)
        yield Trial(place, settings, cache, lambda: held.enter_context(tested_with(tools, settings, change)))


def groups(fixes: Fixes, named: Named, without: Collection[str], most_files: int) -> list[Wanted]:
    """What is to be proposed, the gravest first: each group of fixes without the findings that are not meant or are
    proposed already, and with no more files than one change may touch."""
    found: list[tuple[int, Wanted]] = []
    for change in fixes.changes:
        mine = [each for each in change.fixed if named.has(each) and each.fingerprint not in without]
        kept = _bounded(mine, most_files)
        if kept:
            rank = max(each.severity.rank for each in kept)
            keys = tuple(dict.fromkeys(each.fingerprint for each in kept))
            found.append((rank, Wanted(change.name, keys)))
    return [wanted for _, wanted in sorted(found, key=lambda each: (-each[0], each[1].word))]


def _bounded(findings: list[Finding], most_files: int) -> list[Finding]:
    files = sorted({each.file for each in findings})[:most_files]
    return [each for each in findings if each.file in files][:MOST_FINDINGS]


def _refuse_large(judged: Judged, settings: Settings) -> None:
    limits = settings.limits
    sizes = (("files", len(judged.files), limits.files), ("lines", judged.added + judged.removed, limits.lines))
    for noun, seen, most in sizes:
        if seen > most:
            raise Refusal(
                f"the fixes touch {seen} {noun}, and limits.{noun} is {most}.", "Name a path, and fix fewer at once."
            )


def _broke(stage: str, identifier: str, fault: Exception) -> None:
    _LOG.error("stage %s broke down: %s", stage, identifier, exc_info=fault)
