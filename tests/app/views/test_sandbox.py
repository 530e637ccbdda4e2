"""The tests' check run."""

from dataclasses import replace

import pytest

from app.model.forge import Conclusion
from app.views.sandbox import MOST, notes, run
from checks.model.judged import Judged
from checks.model.verdicts import LineCoverage, StageResult, State, Verdict
from tests.app.views.shown import bad, expected, hostile, told
from tests.pulls.judgements import HEAD, judged


def test_passing() -> None:
    assert told(run(judged(), HEAD, "key")) == expected("sandbox-passing")


def test_failing() -> None:
    made = run(bad(), HEAD, "key")
    assert made.conclusion is Conclusion.FAILURE
    assert "| `tests/test_a.py::test_x` | passed | assert 1 == 2 |" in made.summary


@pytest.mark.parametrize(
    ("value", "waits", "title", "conclusion"),
    [
        (judged(tests=False), False, "skipped: there are no tests", Conclusion.SUCCESS),
        (judged(skipped="waits for X"), True, "skipped: waits for X", None),
        (
            replace(judged(), verdict=Verdict((StageResult("sandbox", State.ERROR, "no sandbox"),))), False,
            "not carried out: no sandbox", Conclusion.FAILURE,
        ),
        (replace(judged(), verdict=Verdict(())), False, "failed: the stage is missing", Conclusion.FAILURE),
    ],
)  # fmt: skip
def test_what_did_not_run_says_so(value: Judged, waits: bool, title: str, conclusion: Conclusion | None) -> None:
    made = run(value, HEAD, "key", waits=waits)
    assert (made.title, made.conclusion) == (title, conclusion)


def test_notices_are_bounded() -> None:
    value = judged()
    assert value.verdict.tests is not None
    coverage = (LineCoverage("a.py", (), tuple(range(1, 999, 2))),)
    assert len(notes(replace(value.verdict.tests, coverage=coverage))) == MOST


def test_hostile_text_acts_nowhere() -> None:
    made = run(hostile(), HEAD, "key")
    outside = "".join(part for number, part in enumerate(made.summary.split("`")) if number % 2 == 0)
    assert "@everybody" not in outside
    assert "<img" not in outside
    assert not {"\x1b", "\u202e"} & set(made.title + made.summary)
