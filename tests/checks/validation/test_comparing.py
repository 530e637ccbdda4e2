"""Tests of head beside those of base: what decides, and what is told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.model.verdicts import Outcome, SuiteRun, TestResult, Tests
from checks.validation.comparing import Repeated, compared, differing, judges, modules

MARKS = {
    "p": Outcome.PASSED,
    "f": Outcome.FAILED,
    "s": Outcome.SKIPPED,
    "x": Outcome.XFAILED,
    "e": Outcome.ERROR,
}


def suite(outcomes: str) -> SuiteRun:
    """`a:p b:f` are two tests of the files a.py and b.py."""
    pairs = (word.split(":") for word in outcomes.split())
    results = tuple(TestResult(f"{name}.py::t", MARKS[mark], file=f"{name}.py") for name, mark in pairs)
    return SuiteRun(results, True, "", 1.0, "bare")


def names(results: object) -> str:
    assert isinstance(results, tuple)
    ids = (each.id if isinstance(each, TestResult) else each for each in results)
    return "".join(sorted(each.removesuffix(".py::t") for each in ids))


def made(base: str | None, judged: str | None, head: str, touched: str = "", **more: object) -> Tests:
    before = suite(base) if base is not None else None
    mine = suite(head)
    judging = suite(judged) if judged is not None else mine
    repeated = more.pop("repeated", Repeated())
    assert isinstance(repeated, Repeated)
    quarantine = more.pop("quarantine", ())
    assert isinstance(quarantine, tuple)
    return compared(before, judging, mine, repeated, lambda f: f.removesuffix(".py") in touched, quarantine)


@pytest.mark.parametrize(
    ("base", "judged", "head", "touched", "expected"),
    [
        ("a:p b:p", None, "a:p b:p", "", {}),
        ("a:p b:p", None, "a:p b:f", "", {"newly_failing": "b"}),
        ("a:p b:f", None, "a:p b:f", "", {"still_failing": "b"}),
        ("a:f", None, "a:p", "", {"repaired": "a"}),
        ("a:p", None, "a:e", "", {"newly_failing": "a"}),
        ("a:p", None, "a:s", "", {"skipped_now": "a"}),
        ("a:p", None, "a:x", "", {"skipped_now": "a"}),
        ("a:s", None, "a:f", "", {"newly_failing": "a"}),
        ("a:p b:p", None, "a:p", "", {"removed": "b"}),
        # the change brings a test: it is told apart, and counts when it fails
        ("a:p", "a:p", "a:p n:p", "n", {"added": "n"}),
        ("a:p", "a:p", "a:p n:f", "n", {"added": "n", "newly_failing": "n"}),
        # it edits one: the base's form decides, unless the edited one is what now holds
        ("a:p", "a:p", "a:p", "a", {"edited": "a"}),
        ("a:p", "a:f", "a:p", "a", {"edited": "a"}),
        ("a:p", "a:f", "a:f", "a", {"newly_failing": "a", "edited": "a"}),
        ("a:p", "a:p", "a:f", "a", {"newly_failing": "a", "edited": "a"}),
        ("a:f", "a:f", "a:f", "a", {"still_failing": "a", "edited": "a"}),
        # it takes one away that fails: no failure of the change, but told
        ("a:p b:p", "a:p b:f", "a:p", "b", {"removed": "b", "edited": "b"}),
        # it changes only what its tests use or how they are chosen: the test fails for whoever takes the change
        ("a:p", "a:p", "a:f", "", {"newly_failing": "a"}),
        ("a:p", "a:f", "", "", {"newly_failing": "a", "removed": "a"}),
        ("a:f", "a:f", "", "", {"still_failing": "a", "removed": "a"}),
        # no base to compare with: all that fails is new
        (None, None, "a:f b:p", "", {"newly_failing": "a"}),
    ],
)
def test_what_became_of_each_test(
    base: str | None, judged: str | None, head: str, touched: str, expected: dict[str, str]
) -> None:
    tests = made(base, judged, head, touched)
    fields = ("newly_failing", "still_failing", "repaired", "added", "edited", "removed", "skipped_now", "flaky")
    assert {name: found for name in fields if (found := names(getattr(tests, name)))} == expected


def test_both_outcomes_on_one_tree_decide_nothing() -> None:
    again = Repeated(base={}, head={"a.py::t": [Outcome.FAILED, Outcome.PASSED], "b.py::t": [Outcome.FAILED] * 2})
    tests = made("a:p b:p", None, "a:f b:f", repeated=again)
    assert (names(tests.flaky), names(tests.newly_failing)) == ("a", "b")
    unsteady_base = Repeated(base={"a.py::t": [Outcome.PASSED, Outcome.ERROR]})
    assert names(made("a:p", None, "a:f", repeated=unsteady_base).newly_failing) == ""
    with_own = Repeated(own={"a.py::t": [Outcome.FAILED, Outcome.PASSED]})
    assert names(made("a:p", "a:p", "a:f", repeated=with_own).newly_failing) == ""


@pytest.mark.parametrize("pattern", ["a.py::t", "a.py", "*.py::t", "/a.py*"])
def test_what_is_quarantined_is_excused_and_named(pattern: str) -> None:
    tests = made("a:p", None, "a:f", quarantine=(pattern,))
    assert (names(tests.newly_failing), names(tests.quarantined)) == ("", "a")


def test_a_quarantine_excuses_nothing_else() -> None:
    assert names(made("a:p b:p", None, "a:f b:f", quarantine=("b.py::other", "b.py::t")).newly_failing) == "a"


def test_only_tests_that_differ_are_run_again() -> None:
    assert differing(suite("a:p b:f c:f d:p e:p"), suite("a:f b:p c:f d:p n:f")) == ("a.py::t", "b.py::t")
    assert differing(None, suite("a:f")) == ()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tests/test_x.py", True),
        ("src/acme/tests/data/x.json", True),
        ("conftest.py", True),
        ("src/acme/conftest.py", True),
        ("pyproject.toml", True),
        ("pytest.toml", True),
        (".pytest.toml", True),
        ("src/acme/pyvenv.cfg", True),
        ("src/acme/conda-meta/history", True),
        ("test_x.py", True),
        ("x_test.py", True),
        ("src/acme/testing_tools.py", False),
        ("src/acme/contest.py", False),
        ("src/acme/latest.py", False),
        ("docs/test_plan.md", False),
        ("README.md", False),
    ],
)
def test_what_judges(path: str, expected: bool) -> None:
    assert judges(path) is expected


def test_files_that_tests_were_found_in_judge_whatever_they_are_called() -> None:
    ids = "look/check_a.py::test_a", "u.py::T::test_x", "p.py::test_c[1.5]", "acme.py::acme.half", "doc.md::doc.md"
    results = tuple(TestResult(each, Outcome.PASSED, file=each.partition("::")[0]) for each in ids)
    assert modules(SuiteRun(results, True, "", 1.0, "bare")) == {"look/check_a.py", "u.py", "p.py"}
    assert modules(None) == frozenset()


outcomes = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("pfsxe"), max_size=6)


@given(outcomes, outcomes)
def test_every_new_failure_is_told_and_nothing_twice(base: dict[str, str], head: dict[str, str]) -> None:
    def as_text(of: dict[str, str]) -> str:
        return " ".join(f"{k}:{v}" for k, v in of.items())

    tests = made(as_text(base), None, as_text(head))
    failing = {name for name, mark in head.items() if mark in "fe"}
    was_bad = {name for name, mark in base.items() if mark in "fe"}
    assert set(names(tests.newly_failing)) == failing - was_bad
    assert set(names(tests.still_failing)) == failing & was_bad
    assert len(names(tests.newly_failing)) == len(set(names(tests.newly_failing)))
