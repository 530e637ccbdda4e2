"""The tests of head beside those of base: which fail that passed, and which say nothing."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from pathspec import GitIgnoreSpec

from checks.model.verdicts import Outcome, SuiteRun, TestResult, Tests

CONFIGURATION = frozenset(
    """
    conftest.py pytest.toml .pytest.toml pytest.ini .pytest.ini tox.ini setup.cfg pyproject.toml pyvenv.cfg
    """.split()  # noqa: SIM905  a list of words to read
)
"""Names of files that choose or change tests; a folder with `pyvenv.cfg` is passed over by pytest."""
_FOLDERS = frozenset({"test", "tests", "testing", "conda-meta"})


def judges(path: str) -> bool:
    """Whether a file belongs to what judges a change: tests, what they use, and their configuration."""
    *folders, name = path.split("/")
    named = name.startswith("test_") or name.removesuffix(".py").endswith("_test") or name == "tests.py"
    return name in CONFIGURATION or (name.endswith(".py") and named) or not _FOLDERS.isdisjoint(folders)


def modules(run: SuiteRun | None) -> frozenset[str]:
    """The files that a run found tests in, whatever they are called; doctests make no file one of tests."""
    found = run.results if run is not None else ()
    return frozenset(each.file for each in found if "." not in each.id.partition("[")[0].partition("::")[2])


@dataclass(frozen=True, slots=True)
class Repeated:
    """What running some tests again gave: of each its outcomes, on base, on head under base's tests, and on head as it
    is where that is another tree."""

    base: Mapping[str, Sequence[Outcome]] = field(default_factory=dict)
    head: Mapping[str, Sequence[Outcome]] = field(default_factory=dict)
    own: Mapping[str, Sequence[Outcome]] = field(default_factory=dict)


def differing(base: SuiteRun | None, judged: SuiteRun | None) -> tuple[str, ...]:
    """The tests whose outcome is good on one side and bad on the other: those worth running again."""
    if base is None or judged is None:
        return ()
    before = {each.id: each.outcome.good for each in base.results}
    return tuple(each.id for each in judged.results if before.get(each.id, each.outcome.good) != each.outcome.good)


def compared(
    base: SuiteRun | None,
    judged: SuiteRun | None,
    head: SuiteRun,
    repeated: Repeated,
    touched: Callable[[str], bool],
    quarantine: Sequence[str] = (),
) -> Tests:
    """`judged` is head's code under base's tests, `head` both of head: the same run where the change leaves what judges
    alone. `touched` says whether the change edits a test's file. Where there is no base every failure is a new one."""
    before = {each.id: each for each in base.results} if base else {}
    own = {each.id: each for each in head.results}
    excused = _matching(quarantine, {*before, *own})
    flaky = _flaky(repeated) - excused
    aside = excused | flaky
    judging = judged if judged is not None else head
    same = judged is None or judged is head
    failing, still, edited = [], [], []
    for each in judging.results:
        if each.outcome.good or each.id in aside:
            continue
        old = before.get(each.id)
        if old is not None and not old.outcome.good:
            still.append(each)
        elif not same and (own[each.id].outcome.good if each.id in own else touched(each.file)):
            # the change brings its own judgement: reported apart, and weighed as a risk; a test that its configuration
            # alone keeps from running still judges
            edited.append(own.get(each.id, each))
        else:
            failing.append(each)
    added = [each for each in head.results if base is not None and each.id not in before]
    noted = {each.id for each in edited}
    edited += [each for each in head.results if each.id in before and touched(each.file) and each.id not in noted]
    known = {each.id for each in failing} | {each.id for each in still} | aside
    # what fails with the change's own tests, conftest.py or configuration fails for whoever takes it; what failed on
    # the base too is not the change's
    bad_own = [e for e in head.results if not e.outcome.good and e.id not in known and _was_good(before, e)]
    return Tests(
        head=head,
        base=base,
        newly_failing=tuple(dict.fromkeys([*failing, *bad_own])),
        still_failing=tuple(still),
        repaired=tuple(_repaired(before, judging.results, aside)),
        flaky=tuple(sorted(flaky)),
        quarantined=tuple(sorted(excused)),
        added=tuple(added),
        edited=tuple(edited),
        removed=tuple(sorted(set(before) - set(own))),
        skipped_now=tuple(sorted(_skipped_now(before, head.results))),
    )


def _was_good(before: Mapping[str, TestResult], each: TestResult) -> bool:
    return each.id not in before or before[each.id].outcome.good


def _matching(patterns: Sequence[str], ids: Collection[str]) -> set[str]:
    """The tests that a quarantine names: whole ids, or patterns as in .gitignore."""
    if not patterns:
        return set()
    exact = set(patterns)
    spec = GitIgnoreSpec.from_lines(patterns)
    named = {each: {each, each.partition("[")[0], each.partition("::")[0]} for each in ids}
    return {each for each, forms in named.items() if forms & exact or any(map(spec.match_file, forms))}


def _flaky(repeated: Repeated) -> set[str]:
    """Tests that gave both outcomes on one tree."""
    return {
        name
        for side in (repeated.base, repeated.head, repeated.own)
        for name, outcomes in side.items()
        if len({outcome.good for outcome in outcomes}) > 1
    }


def _repaired(before: Mapping[str, TestResult], results: Sequence[TestResult], aside: set[str]) -> list[str]:
    return [
        each.id
        for each in results
        if each.outcome is Outcome.PASSED
        and each.id in before
        and not before[each.id].outcome.good
        and each.id not in aside
    ]


def _skipped_now(before: Mapping[str, TestResult], results: Sequence[TestResult]) -> set[str]:
    quiet = (Outcome.SKIPPED, Outcome.XFAILED)
    return {
        each.id
        for each in results
        if each.outcome in quiet and each.id in before and before[each.id].outcome is Outcome.PASSED
    }
