"""The tests of a change beside those of its base, run for real (without isolation: the projects are ours)."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import pytest

from checks.model.trees import File
from checks.model.verdicts import Outcome, State, SuiteRun, TestResult, Tests
from checks.repository.change import Change, Touched
from checks.repository.snapshot import of_memory
from checks.sandbox.environment import Environment
from checks.sandbox.port import Command, Limits, Result
from checks.validation.asked import Asked, Known, Tested
from checks.validation.stages import sandbox
from tests.sandboxes import Bare

ENVIRONMENT = Environment(sys.executable, sys.version_info[:2], (), "the tests' own")
SOURCE = """\
def half(number):
    if number % 2:
        raise ValueError("odd")
    return number // 2


def twice(number):
    return number * 2
"""
TESTS = """\
import pytest
from acme import half, twice


def test_half():
    assert half(4) == 2


def test_odd():
    with pytest.raises(ValueError):
        half(3)


def test_twice():
    assert twice(2) == 4
"""
BASE = {"acme.py": SOURCE, "tests/test_acme.py": TESTS}


@dataclass(frozen=True)
class Counting(Bare):
    """Counts the runs."""

    runs: list[tuple[str, ...]] = field(default_factory=list)

    def run(
        self, command: Command, files: Iterable[File], limits: Limits, cancelled: Callable[[], bool] = lambda: False
    ) -> Result:
        self.runs.append(command.argv)
        return super().run(command, files, limits, cancelled)


def change(head: dict[str, str | None], base: dict[str, str] | None = None) -> Change:
    """`head` is what differs; None takes a file away."""
    before = BASE if base is None else base
    after = {path: text for path, text in {**before, **head}.items() if text is not None}
    touched = tuple(
        Touched(path, "deleted" if head[path] is None else "modified" if path in before else "added")
        for path in sorted(head)
    )
    sides = [of_memory({path: text.encode() for path, text in side.items()}) for side in (before, after)]
    return Change(sides[0], sides[1], touched)


def ran(made: Change, **more: object) -> tuple[State, str, Tests | None]:
    tested = Tested(sandbox=Bare(), environment=ENVIRONMENT, reruns=1)
    result = sandbox.run(made, Asked(tested=replace(tested, **more)))  # type: ignore[arg-type]  # a table's values
    return result.result.state, result.result.reason, result.tests


def ids(results: Iterable[object]) -> list[str]:
    return [str(getattr(each, "id", each)).rpartition("::")[2] for each in results]


BROKEN = SOURCE.replace("number * 2", "number * 3")
NEW_TEST = TESTS + "\n\ndef test_more():\n    assert half(8) == 4\n"


@pytest.mark.parametrize(
    ("head", "state", "told"),
    [
        pytest.param({"acme.py": SOURCE + "\nMORE = 1\n"}, State.PASSED, {}, id="harmless"),
        pytest.param({"acme.py": BROKEN}, State.FAILED, {"newly_failing": ["test_twice"]}, id="broken"),
        pytest.param({"tests/test_acme.py": NEW_TEST}, State.PASSED, {"added": ["test_more"]}, id="a test more"),
        pytest.param(
            {"acme.py": BROKEN, "tests/test_acme.py": TESTS.replace("== 4", "== 6")},
            State.PASSED,
            {"edited": ["test_twice", "test_half", "test_odd"]},
            id="behaviour and its test changed",
        ),
        pytest.param(
            {"acme.py": BROKEN, "tests/test_acme.py": TESTS.partition("def test_twice")[0]},
            State.PASSED,
            {"removed": ["test_twice"]},
            id="the failing test removed",
        ),
        pytest.param(
            {"acme.py": BROKEN, "tests/conftest.py": "collect_ignore = ['test_acme.py']\n"},
            State.FAILED,
            {"newly_failing": ["test_twice"], "removed": ["test_half", "test_odd", "test_twice"]},
            id="a conftest of its own that hides tests",
        ),
        pytest.param(
            {"acme.py": BROKEN, "pytest.toml": "[pytest]\naddopts = ['-m', 'nothing']\n"},
            State.FAILED,
            {"newly_failing": ["test_twice"]},
            id="a configuration that comes before all others",
        ),
        pytest.param(
            {"tests/conftest.py": "import pytest\n@pytest.fixture(autouse=True)\ndef bad():\n    assert 0\n"},
            State.FAILED,
            {"newly_failing": ["test_half", "test_odd", "test_twice"]},
            id="a conftest that breaks the tests of the base",
        ),
        pytest.param(
            {"acme.py": BROKEN, "tests/test_acme.py": None, "tests": "now a file"},
            State.PASSED,
            {"removed": ["test_half", "test_odd", "test_twice"], "edited": ["test_twice"]},
            id="a file in the place of the folder of tests hides no failure",
        ),
        pytest.param(
            {"tests/test_new.py": "def test_bad():\n    assert 0\n"},
            State.FAILED,
            {"added": ["test_bad"], "newly_failing": ["test_bad"]},
            id="a new test that fails",
        ),
        pytest.param(
            {"acme.py": "def half(:\n"},
            State.FAILED,
            {"newly_failing": ["tests/test_acme.py"]},
            id="what cannot be imported",
        ),
    ],
)
def test_what_fails_and_what_is_told(head: dict[str, str | None], state: State, told: dict[str, list[str]]) -> None:
    seen, reason, tests = ran(change(head))
    assert tests is not None
    found = {name: ids(getattr(tests, name)) for name in told}
    assert (seen, found) == (state, told), reason
    assert bool(reason) is (state is not State.PASSED)
    assert bool(tests.newly_failing) is (state is State.FAILED)


def test_tests_of_any_name_judge_as_they_are_on_the_base() -> None:
    base = {
        "acme.py": SOURCE,
        "pyproject.toml": "[tool.pytest.ini_options]\npython_files = ['check_*.py']\n",
        "look/check_acme.py": TESTS,
    }
    _, _, tests = ran(change({"acme.py": BROKEN, "look/check_acme.py": None}, base))
    assert tests is not None
    assert [(each.id, each.outcome.good) for each in tests.edited] == [("look/check_acme.py::test_twice", False)]


def test_a_good_copy_is_not_tested_in_place_of_the_broken_project() -> None:
    state, reason, tests = ran(change({"acme.py": BROKEN, "src/acme.py": SOURCE}))
    assert tests is not None
    assert (state, ids(tests.newly_failing)) == (State.FAILED, ["test_twice"]), reason
    moved, reason, _ = ran(change({"acme.py": None, "src/acme.py": SOURCE}))
    assert moved is State.PASSED, reason


def test_lines_that_no_test_runs_are_told_with_the_tests_that_run_the_others() -> None:
    edited = SOURCE.replace("return number // 2", "if number > 100:\n        number = 100\n    return number // 2")
    _, _, tests = ran(change({"acme.py": edited}))
    assert tests is not None
    (covered,) = tests.coverage
    assert (covered.file, covered.covered, covered.uncovered) == ("acme.py", (4,), (5,))
    assert ids(covered.tests[4]) == ["test_half"]


FLAKY = """\
import pathlib
def test_moody():
    place = pathlib.Path("{place}")
    place.write_text(place.read_text() + "x" if place.exists() else "x")
    assert len(place.read_text()) != 2
"""


def test_a_test_with_both_outcomes_on_one_tree_decides_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    # without isolation a file of the host tells one run from the one before
    place = tmp_path_factory.mktemp("moody") / "count"
    base = {"acme.py": SOURCE, "test_acme.py": FLAKY.replace("{place}", str(place))}
    state, _, tests = ran(change({"acme.py": SOURCE + "\n"}, base))
    assert tests is not None
    assert (state, ids(tests.flaky)) == (State.PASSED, ["test_moody"])


def test_a_quarantined_test_may_fail() -> None:
    state, _, tests = ran(change({"acme.py": BROKEN}), quarantine=("tests/test_acme.py::test_twice",))
    assert tests is not None
    assert (state, ids(tests.quarantined)) == (State.PASSED, ["test_twice"])


@pytest.mark.parametrize(
    ("made", "more", "state", "reason"),
    [
        (change({"README.md": "x"}, {"acme.py": SOURCE}), {}, State.SKIPPED, "there are no tests"),
        (change({"acme.py": BROKEN}), {"sandbox": None, "missing": "no sandbox: x"}, State.ERROR, "no sandbox: x"),
        (change({"acme.py": BROKEN}), {"environment": None}, State.ERROR, "there is no sandbox on this host"),
    ],
)
def test_what_cannot_run_is_never_passed(made: Change, more: dict[str, object], state: State, reason: str) -> None:
    assert ran(made, **more)[:2] == (state, reason)


def test_an_environment_that_lacks_something_skips_the_stage() -> None:
    base = {"acme.py": "import nowhere_to_be_found\n", "test_acme.py": "import acme\ndef test_a(): pass\n"}
    state, reason, _ = ran(change({"acme.py": "import nowhere_to_be_found as n\n"}, base))
    assert state is State.SKIPPED
    assert "nowhere_to_be_found" in reason


def test_a_run_that_ends_itself_is_not_believed() -> None:
    state, reason, _ = ran(change({"acme.py": "import os\nos._exit(0)\n"}))
    assert state is State.FAILED
    assert "cannot be trusted" in reason


def test_a_known_base_is_not_run_again_and_chosen_tests_alone_decide() -> None:
    backend = Counting()
    tested = Tested(sandbox=backend, environment=ENVIRONMENT, reruns=0)
    whole = sandbox.run(change({"acme.py": BROKEN}), Asked(tested=tested)).tests
    assert whole is not None
    assert len(backend.runs) == 2
    chosen = replace(tested, base=whole.base, only=("tests/test_acme.py::test_half",))
    again = sandbox.run(change({"acme.py": BROKEN}), Asked(tested=chosen))
    assert len(backend.runs) == 3
    assert again.result.state is State.PASSED
    assert again.tests is not None
    assert not again.tests.removed


def test_tests_that_ran_on_this_very_tree_do_not_run_again() -> None:
    passed = SuiteRun((TestResult("t", Outcome.PASSED),), True, "", 1.0, "bubblewrap")
    of = change({"acme.py": SOURCE + "\n"})
    known = Known(passed, "the tree of `abc`")
    ran = sandbox.run(of, Asked(tested=Tested(known=known)))
    assert ran.result.state is State.PASSED
    assert ran.result.facts == {"tests": "1 passed", "not run again": "the tree of `abc`"}
    assert ran.tests == Tests(head=passed)


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.ERROR, Outcome.SKIPPED, None])
@pytest.mark.parametrize("trusted", [True, False])
def test_only_a_trusted_run_that_passed_is_taken_over(outcome: Outcome | None, trusted: bool) -> None:
    results = (TestResult("t", outcome),) if outcome else (TestResult("t", Outcome.PASSED),) * (not trusted)
    suite = SuiteRun(results, trusted, "", 1.0, "bubblewrap")
    ran = sandbox.run(change({}), Asked(tested=Tested(known=Known(suite, "x"), missing="no sandbox")))
    assert ran.result.state is State.ERROR
    assert ran.tests is None
