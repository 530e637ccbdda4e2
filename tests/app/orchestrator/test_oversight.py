from collections.abc import Sequence
from dataclasses import replace

import pytest

from app.model.oversight import Says
from app.orchestrator.oversight import oversee
from checks.model.judged import Judged
from checks.model.outlook import Outlook, Portion
from checks.model.safety import Assessment, Factor, Level
from tests.pulls.judgements import judged

CI = ".github/workflows/ci.yml"
SPLIT = (Portion(("README.md", "client.py"), Level.LOW_RISK), Portion((CI,), Level.CRITICAL))


def grave(outlook: Outlook | None = None, lower: str = "", *factors: Factor) -> Judged:
    of = judged(Level.CRITICAL, tests=False)
    seen = factors or (Factor("size", "41 lines", 2), Factor("public API", "a parameter", 2), Factor("x", "y", 2))
    score = sum(each.weight for each in seen)
    return replace(of, assessment=Assessment(Level.CRITICAL, score, seen, lower), outlook=outlook)


def ways(of: Judged) -> list[tuple[str, Level | None]]:
    return [(each.how, each.level) for each in oversee(of).safer]


def test_a_split_says_which_files_would_be_which_level() -> None:
    assert ways(grave(Outlook(parts=SPLIT))) == [
        (
            f"Split it by level into 2 pull requests: README.md, client.py would be LOW_RISK; {CI} would be CRITICAL.",
            Level.LOW_RISK,
        )
    ]


def test_the_risky_file_is_named_with_the_level_without_it() -> None:
    found = oversee(grave(Outlook(without=(Portion((CI,), Level.LOW_RISK),))))
    assert found.safer[0].how == f"Leave out {CI}: the rest would be LOW_RISK."
    assert found.said == "A safer way was found: LOW_RISK instead of CRITICAL. People decide."
    assert found.says is Says.SAFER


@pytest.mark.parametrize(
    ("outlook", "said"),
    [
        (Outlook(parts=SPLIT), "A safer way was found: a part of it is LOW_RISK by itself. People decide."),
        (
            Outlook(parts=SPLIT, without=(Portion((CI,), Level.MEDIUM_RISK),)),
            "2 safer ways were found: MEDIUM_RISK instead of CRITICAL. People decide.",
        ),
    ],
)
def test_what_a_part_would_be_is_not_what_it_is_then(outlook: Outlook, said: str) -> None:
    assert oversee(grave(outlook)).said == said


@pytest.mark.parametrize("outlook", [Outlook(parts=SPLIT[1:]), Outlook(without=SPLIT[1:]), Outlook(), None])
def test_what_lowers_nothing_is_not_proposed(outlook: Outlook | None) -> None:
    found = oversee(grave(outlook))
    assert (found.safer, found.says) == ((), Says.NOTHING_SAFER)
    assert found.said == "No safer way was found: CRITICAL is what this change is, and people decide."


@pytest.mark.parametrize(
    ("covered", "then", "level"),
    [
        (Level.MEDIUM_RISK, "With one it would be MEDIUM_RISK.", Level.MEDIUM_RISK),
        (Level.HIGH_RISK, "With one HIGH_RISK stays.", None),
        (None, "With one HIGH_RISK stays.", None),
    ],
)
def test_the_missing_test_names_lines_and_command(covered: Level | None, then: str, level: Level | None) -> None:
    (found,) = oversee(replace(judged(Level.HIGH_RISK), outlook=Outlook(covered=covered))).safer[:1]
    assert found.how == f"Add a test: 3 changed lines of acme/client.py:88-89, 92 run in none. {then}"
    assert (found.level, found.command) == (level, "/selfmod test acme/client.py")


def test_the_cheapest_step_is_told_where_nothing_else_lowers_it() -> None:
    step = "To lower it to HIGH_RISK: mend eval-of-text at a.py:3."
    assert ways(grave(None, step)) == [(step, None)]
    assert step not in [how for how, _ in ways(grave(Outlook(parts=SPLIT), step))]
    assert ways(grave(None, "Nothing in the change lowers it: paths.")) == []


def test_factors_that_decide_are_told_with_their_numbers() -> None:
    factors = (
        Factor("paths", f"workflows: {CI}", 0, Level.CRITICAL),
        Factor("security findings", "1 of severity high", 8),
        Factor("size", "41 lines", 1),
    )
    assert oversee(grave(None, "", *factors)).unusual == (
        f"paths alone makes it CRITICAL (0 of 9 points): workflows: {CI}.",
        "8 of its 9 points are for one thing, security findings: 1 of severity high.",
    )


def test_the_history_comes_first_and_is_passed_on() -> None:
    found = oversee(grave(Outlook(unusual=("It changes 900 lines: 2 of the last 100 commits changed as many.",))))
    assert found.unusual[0].startswith("It changes 900 lines")


LOW = [Level.LOW_RISK]


@pytest.mark.parametrize(
    ("earlier", "told"),
    [
        ([*LOW * 19, Level.CRITICAL], "1 of the last 20 changes that were judged here were CRITICAL or higher."),
        ([*LOW * 8, Level.CRITICAL], ""),
        ([*LOW * 10, *[Level.CRITICAL] * 10], ""),
        ([], ""),
    ],
)
def test_a_level_that_is_rare_here_is_unusual(earlier: Sequence[Level], told: str) -> None:
    assert [each for each in oversee(grave(), earlier).unusual if "judged here" in each] == ([told] if told else [])


def test_why_parts_were_not_weighed_is_said() -> None:
    of = replace(judged(Level.HIGH_RISK), outlook=Outlook(why="its 90 files were not weighed apart, 12 at most are"))
    assert "(its 90 files were not weighed apart, 12 at most are)" in oversee(of).said


def test_where_nothing_safer_was_found_it_is_said_what_was_not_weighed() -> None:
    why = "its 90 files were not weighed apart, 12 at most are"
    found = oversee(grave(Outlook(why=why)))
    assert found.says is Says.NOTHING_SAFER
    assert found.said == f"No safer way was found ({why}): CRITICAL is what this change is, and people decide."
