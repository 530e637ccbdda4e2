"""Findings as annotations, and what stands around them."""

from dataclasses import replace

import pytest

from app.model.forge import Conclusion
from app.views.annotations import of_finding, placeable
from app.views.validation import MOST, run
from checks.model.findings import Severity
from checks.model.verdicts import StageResult, State, Verdict
from tests.app.views.shown import HOSTILE, bad, expected, hostile, told
from tests.pulls.judgements import HEAD, finding, judged


def test_failing() -> None:
    assert told(run(bad(), HEAD, "key")) == expected("validation-failing")


def test_passing() -> None:
    made = run(judged(), HEAD, "key")
    assert made.conclusion is Conclusion.SUCCESS
    assert made.title == "passed: syntax, security, dangerous, imports"
    assert "12 older findings are not shown." in made.summary
    assert made.annotations == ()


def test_failing_tests_alone_are_not_its_failure() -> None:
    value = bad()
    stages = tuple(each for each in value.verdict.stages if each.stage != "security")
    made = run(replace(value, verdict=replace(value.verdict, stages=stages)), HEAD, "key")
    assert made.conclusion is Conclusion.SUCCESS
    assert [each.title for each in made.annotations] == ["a test fails now"]


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        (Severity.CRITICAL, "failure"),
        (Severity.HIGH, "failure"),
        (Severity.MEDIUM, "warning"),
        (Severity.LOW, "notice"),
        (Severity.INFO, "notice"),
    ],
)
def test_severity_is_a_level(severity: Severity, level: str) -> None:
    assert of_finding(finding(severity=severity)).level == level


def test_columns_are_given_on_one_line_only() -> None:
    one, more = of_finding(finding(lines=(5, 5))), of_finding(finding(lines=(5, 8)))
    assert (one.start_column, one.end_column) == (5, 39)
    assert (more.start_line, more.end_line, more.start_column, more.end_column) == (5, 8, 0, 0)


@pytest.mark.parametrize(
    ("rule", "tool", "link"),
    [
        ("B602", "bandit", "bandit.readthedocs.io"),
        ("F821", "ruff", "https://docs.astral.sh/ruff/rules/#f821"),
        ("shell-injection", "selfmod", "https://cwe.mitre.org/data/definitions/78.html"),
    ],
)
def test_a_link_to_the_rule(rule: str, tool: str, link: str) -> None:
    assert link in of_finding(replace(finding(rule), tool=tool)).message


def test_the_worst_come_first_and_the_rest_is_counted() -> None:
    many = [finding(severity=Severity.LOW, lines=(n, n)) for n in range(1, 400)]
    made = run(judged(findings=[*many, finding(severity=Severity.CRITICAL)]), HEAD, "key")
    assert len(made.annotations) == MOST
    assert made.annotations[0].level == "failure"
    assert f"{400 - MOST} more than are annotated are in the table." in made.summary
    assert len(made.summary.encode()) <= 65_535


def test_hostile_text_acts_nowhere() -> None:
    made = run(hostile(), HEAD, "key")
    for note in made.annotations:
        assert not {"\x1b", "\u202e"} & set(note.message + note.title + note.details)
        assert len(note.message.encode()) <= 64 * 1024
        assert "\n" not in note.title
    outside = "".join(part for number, part in enumerate(made.summary.split("`")) if number % 2 == 0)
    assert "@everybody" not in outside
    assert "<img" not in outside


@pytest.mark.parametrize("path", ["", "/etc/passwd", "a/../b.py", "a\nb.py", "\u202ea.py", "\udcffa.py"])
def test_paths_that_github_would_refuse_are_not_annotated(path: str) -> None:
    assert not placeable(of_finding(finding(file=path)))
    assert run(judged(findings=[finding(file=path)]), HEAD, "key").annotations == ()


def test_a_stage_that_could_not_be_carried_out_is_a_failure() -> None:
    verdict = Verdict((StageResult("imports", State.ERROR, f"broke down {HOSTILE}"),))
    made = run(replace(judged(), verdict=verdict), HEAD, "key")
    assert made.conclusion is Conclusion.FAILURE
    assert made.title.startswith("failed: imports: broke down \\x1b[2J")


def test_what_a_revert_brings_back_is_a_notice_and_no_failure() -> None:
    value = judged()
    stages = tuple(
        replace(each, brought_back=(finding(),)) if each.stage == "security" else each for each in value.verdict.stages
    )
    made = run(replace(value, verdict=replace(value.verdict, stages=stages)), HEAD, "key")
    assert made.conclusion is Conclusion.SUCCESS
    (note,) = made.annotations
    assert (note.path, note.start_line, note.level) == ("acme/run.py", 5, "notice")
    assert note.message.startswith("Brought back by the revert: it was there before.")
    assert "security: brought back by the revert" in made.summary and "shell-injection" in made.summary
