"""A judgement survives being stored as JSON."""

import json
from dataclasses import replace

import pytest

from checks.model.judged import Judged
from checks.model.outlook import Outlook, Portion
from checks.model.safety import Level
from checks.model.verdicts import LineCoverage, Outcome, StageResult, State, SuiteRun, TestResult, Tests, Verdict
from checks.reports.judged import reading
from checks.reports.judged.json import document
from checks.reports.judged.text import counts
from tests.pulls.judgements import finding, judged


def stored(value: Judged) -> object:
    return json.loads(json.dumps(document(value)))


@pytest.mark.parametrize("value", [judged(), judged(tests=False), judged(hostile="\x1b[2J@everybody `</details>`")])
def test_what_is_read_gives_the_same_document(value: Judged) -> None:
    again = reading.judged(json.loads(json.dumps(document(value))))
    assert stored(again) == stored(value)
    assert again.assessment == value.assessment
    assert (again.approvers, again.approvals, again.owned) == (value.approvers, value.approvals, value.owned)


def test_tests_without_a_name_are_counted() -> None:
    results = (*[TestResult(f"t{n}", Outcome.PASSED) for n in range(3)], TestResult("bad", Outcome.FAILED, 0.1, "no"))
    suite = SuiteRun(results, True, "", 1.0, "bubblewrap")
    value = judged()
    value = Judged(
        value.name, value.base, value.head, value.files, 1, 0, Verdict((), Tests(suite)), value.assessment, 0.5
    )
    again = reading.judged(document(value)).verdict.tests
    assert again is not None
    assert counts(again.head) == "3 passed, 1 failed"
    assert not again.head.passed


def test_coverage_keeps_its_lines() -> None:
    value = judged()
    assert value.verdict.tests is not None
    again = reading.judged(document(value)).verdict
    assert again.tests is not None
    assert again.tests.coverage == value.verdict.tests.coverage
    assert isinstance(again.tests.coverage[0], LineCoverage)
    assert again.stage("syntax") == StageResult("syntax", State.PASSED, facts={"files": "1 Python"}, seconds=0.01)


def test_what_the_conditions_of_rules_saw_is_kept() -> None:
    value = replace(judged(), rules=(("money", "why"),), seen=({"predicate": "paths", "satisfied": None},))
    assert reading.judged(document(value)).seen == value.seen
    assert reading.judged(document(replace(value, seen=()))).seen == ()


def test_what_a_grave_change_could_be_instead_is_kept() -> None:
    parts = (Portion(("a.py", "b.py"), Level.LOW_RISK), Portion(("c.py",), Level.CRITICAL))
    whole = Outlook(("It changes 900 lines.",), parts, parts[1:], Level.MEDIUM_RISK, "late")
    for outlook in (None, Outlook(), whole):
        assert reading.judged(json.loads(json.dumps(document(replace(judged(), outlook=outlook))))).outlook == outlook


def test_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="version 7"):
        reading.judged({**document(judged()), "version": 7})


def test_what_a_revert_brings_back_is_kept_and_older_records_have_nothing_of_it() -> None:
    value = judged()
    plain = document(value)
    assert not any("brought_back" in each for each in plain["stages"])
    assert not any(each.brought_back for each in reading.judged(plain).verdict.stages)
    stages = tuple(
        replace(each, brought_back=(finding(),)) if each.stage == "security" else each for each in value.verdict.stages
    )
    back = replace(value, verdict=replace(value.verdict, stages=stages))
    assert (
        reading.judged(json.loads(json.dumps(document(back)))).verdict.stages
        == reading.judged(document(back)).verdict.stages
    )
    security = reading.judged(document(back)).verdict.stage("security")
    assert security is not None and [each.place for each in security.brought_back] == [finding().place]


@pytest.mark.parametrize("foreign", [{}, {"version": 99}, document(judged()) | {"stages": None}, {"version": "x"}])
def test_what_another_version_wrote_is_nothing(foreign: dict[str, object]) -> None:
    assert reading.readable(foreign) is None
    assert reading.readable(document(judged())) is not None
