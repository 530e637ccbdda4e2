"""What was judged, as text, JSON and Markdown: the whole of it once, and hostile text."""

import json
from dataclasses import replace

import pytest

from checks.model.findings import Confidence, Finding, Severity
from checks.model.judged import Judged
from checks.model.safety import Assessment, Factor, Level
from checks.model.verdicts import (
    LineCoverage,
    Outcome,
    StageResult,
    State,
    SuiteRun,
    TestResult,
    Tests,
    Verdict,
)
from checks.reports.judged import markdown, text
from checks.reports.judged.json import document

FINDING = Finding(
    file="src/acme/x.py",
    line=3,
    column=1,
    end_line=3,
    end_column=9,
    rule="dangerous-eval",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    message="text is run as code",
    cwe=95,
    tool="selfmod",
    tools=("selfmod",),
    fixable=False,
)


def suite(*outcomes: Outcome) -> SuiteRun:
    results = tuple(TestResult(f"tests/test_a.py::test_{n}", o, 0.1, "boom") for n, o in enumerate(outcomes))
    return SuiteRun(results, True, "", 2.5, "bubblewrap", python="3.13", framework="pytest")


def judged(message: str = "text is run as code", name: str = "main..HEAD") -> Judged:
    head = suite(Outcome.PASSED, Outcome.FAILED, Outcome.SKIPPED)
    tests = Tests(
        head=head,
        base=suite(Outcome.PASSED, Outcome.PASSED, Outcome.SKIPPED),
        newly_failing=(head.results[1],),
        flaky=("tests/test_b.py::test_moody",),
        coverage=(LineCoverage("src/acme/x.py", (1, 2, 3), (5, 6, 9)),),
    )
    hurt = replace(FINDING, message=message)
    stages = (
        StageResult("syntax", State.PASSED, facts={"python": "3.10 to 3.14"}, seconds=0.1),
        StageResult("dangerous", State.FAILED, "1 finding", (hurt,), seconds=0.2),
        StageResult("imports", State.SKIPPED, "nothing is imported", seconds=0.0),
        StageResult("sandbox", State.FAILED, "1 test fails that passed on the base", seconds=5.0),
    )
    factors = (
        Factor("stage outcomes", "dangerous failed", 0, Level.HIGH_RISK),
        Factor("changed lines covered by tests", "3 of 6 (50 %)", 2, lower="cover src/acme/x.py:5-6, 9 by a test"),
    )
    assessment = Assessment(Level.HIGH_RISK, 2, factors, "To lower it to MEDIUM_RISK: cover src/acme/x.py:5-6, 9")
    verdict = Verdict(stages, tests)
    return Judged(name, "a" * 40, "b" * 40, ("src/acme/x.py",), 6, 1, verdict, assessment, 5.4)


def test_text() -> None:
    assert text.render(judged()) == (
        " main..HEAD   1 file, +6 -1   (5.4 s)\n"
        "  passed   syntax     python: 3.10 to 3.14   (0.1 s)\n"
        "  failed   dangerous  1 finding   (0.2 s)\n"
        "      src/acme/x.py:3:1  high     dangerous-eval  text is run as code\n"
        "  skipped  imports    nothing is imported   (0.0 s)\n"
        "  failed   sandbox    1 test fails that passed on the base   (5.0 s)\n"
        "      now fails  tests/test_a.py::test_1  boom\n"
        "      flaky  tests/test_b.py::test_moody\n"
        "      not run by any test  src/acme/x.py:5-6, 9\n"
        "\n"
        " HIGH_RISK   score 2\n"
        "   HIGH  stage outcomes                  dangerous failed\n"
        "     +2  changed lines covered by tests  3 of 6 (50 %)\n"
        " To lower it to MEDIUM_RISK: cover src/acme/x.py:5-6, 9\n"
    )


def test_json_holds_everything_a_script_asks_for() -> None:
    value = json.loads(json.dumps(document(judged())))
    assert value["passed"] is False
    assert [stage["state"] for stage in value["stages"]] == ["passed", "failed", "skipped", "failed"]
    assert value["stages"][1]["findings"][0]["rule"] == "dangerous-eval"
    assert value["tests"]["newly_failing"] == [
        {"id": "tests/test_a.py::test_1", "outcome": "failed", "message": "boom", "file": ""}
    ]
    assert value["tests"]["head"]["counts"] == {
        "passed": 1,
        "failed": 1,
        "skipped": 1,
        "xfailed": 0,
        "xpassed": 0,
        "error": 0,
    }
    assert value["assessment"]["level"] == "HIGH_RISK"
    assert value["assessment"]["factors"][0]["floor"] == "HIGH_RISK"


def test_markdown_says_why_first_and_folds_the_evidence() -> None:
    said = markdown.render(judged())
    order = ["### HIGH_RISK", "**dangerous failed**", "fails now", "**Why HIGH_RISK**"]
    places = [said.index(each) for each in order]
    assert places == sorted(places)
    assert "3 of 6 (50 %)" in said
    assert "`tests/test_a.py::test_1`" in said
    assert said.count("<details>") == said.count("</details>") >= 3


HOSTILE = "\x1b[31m @ann ![x](http://e) </details> |\n::error::x \u202e `"


def test_hostile_text_is_neutralised_everywhere() -> None:
    value = judged(HOSTILE, name=HOSTILE)
    for said in (text.render(value), markdown.render(value)):
        assert "\x1b" not in said
        assert "\u202e" not in said
        assert not any(line.lstrip().startswith("::") for line in said.splitlines())
    assert "@ann" not in markdown.render(value)
    assert "![x]" not in markdown.render(value)


def test_markdown_stays_within_what_github_takes() -> None:
    value = judged()
    many = tuple(FINDING for _ in range(50))
    stages = tuple(StageResult(f"stage{n}", State.FAILED, "x" * 5000, many) for n in range(40))
    long = Judged("n", None, None, (), 0, 0, Verdict(stages), value.assessment, 0.1)
    said = markdown.render(long)
    assert len(said) <= markdown.MOST
    assert "selfmod validate --json" in said


@pytest.mark.parametrize(
    ("numbers", "expected"), [((), ""), ((3,), "3"), ((3, 4, 5, 9), "3-5, 9"), ((9, 1, 2), "1-2, 9")]
)
def test_ranges(numbers: tuple[int, ...], expected: str) -> None:
    assert text.ranges(numbers) == expected


def test_what_alone_makes_the_level_is_marked() -> None:
    factors = (
        Factor("paths", "build: setup.py", 6, Level.HIGH_RISK),
        Factor("stages", "skipped: sandbox", 4, Level.MEDIUM_RISK),
    )
    value = replace(judged(), assessment=Assessment(Level.HIGH_RISK, 10, factors))
    assert "+6  paths   build: setup.py (at least HIGH_RISK)\n" in text.render(value)
    assert "at least MEDIUM_RISK" not in text.render(value)
    assert "| +6, at least HIGH_RISK |" in markdown.render(value)


def test_the_repositorys_own_rules_say_why_they_apply() -> None:
    value = replace(judged(), rules=(("money", "paths: src/acme/x.py matches"), (HOSTILE, HOSTILE)))
    assert "  rule money: paths: src/acme/x.py matches\n" in text.render(value)
    assert "| money | paths: src/acme/x.py matches |" in markdown.render(value).replace("&#58;", ":")
    assert document(value)["rules"][0] == {"rule": "money", "why": "paths: src/acme/x.py matches", "seen": {}}
    seen: tuple[dict[str, object], ...] = ({"predicate": "paths", "satisfied": True}, {})
    assert [each["seen"] for each in document(replace(value, seen=seen))["rules"]] == list(seen)
    assert "@ann" not in markdown.render(value)
    assert "\x1b" not in text.render(value)
