"""How the outcome of a fix is shown."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from app.cli.fixed import as_text, difference
from checks.debugging.mending.fixing import Outcome
from checks.fix import Change, Fixes
from checks.model.changes import ChangeSet, FileChange, digest
from checks.model.findings import Confidence, Finding, NotAnalysed, Severity
from checks.model.judged import Judged
from checks.model.safety import Assessment, Level
from checks.model.verdicts import Verdict
from checks.propose import Proposed

ONE = Finding(
    file="src/a.py",
    line=3,
    column=1,
    end_line=3,
    end_column=9,
    rule="bad",
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    message="it is bad",
    cwe=None,
    tool="selfmod",
    tools=("selfmod",),
    fixable=False,
)

State = Literal["fixed", "left", "refused"]


def shown(*rows: tuple[int, State, str, str], tool: str = "selfmod", colour: bool = False) -> list[str]:
    outcomes = tuple(Outcome(replace(ONE, line=line, tool=tool), state, stage, why) for line, state, stage, why in rows)
    return as_text(Proposed(Fixes(Path(), outcomes, (), (), 2, 1.25), None), "", colour).splitlines()


def test_equal_outcomes_of_a_file_stand_together_fixed_ones_first() -> None:
    lines = shown(
        (9, "left", "", "who knows"), (3, "fixed", "", ""), (7, "refused", "syntax", "no"), (5, "fixed", "", "")
    )
    assert lines == [
        " 4 findings in 2 files (1.2 s)   2 fixed, 1 refused, 1 left",
        "  fixed     bad  src/a.py:3, 5",
        "  refused   bad  src/a.py:7     syntax: no",
        "  left      bad  src/a.py:9     who knows",
        " nothing to write",
    ]


def test_many_of_one_kind_are_counted() -> None:
    lines = shown(*((number, "fixed", "", "") for number in range(1, 13)))
    assert lines[1].endswith("src/a.py:1, 2, 3, 4, 5, 6, 7, 8 and 4 more")


def test_what_other_tools_leave_is_one_line() -> None:
    lines = shown((3, "left", "", "no fix"), (4, "left", "", "no fix"), tool="bandit")
    assert lines[1:] == ["  and 2 findings of bandit and ruff without a fix: selfmod review --all", " nothing to write"]


@pytest.mark.parametrize(("state", "code"), [("fixed", "32"), ("refused", "31"), ("left", "33")])
def test_colours(state: State, code: str) -> None:
    assert shown((3, state, "", ""), colour=True)[1].startswith(f"  \x1b[{code}m{state}")


def test_hostile_names_and_reasons() -> None:
    outcome = Outcome(replace(ONE, file="a\x1b[2J.py"), "refused", "syntax", "line\nbreak")
    fixes = Fixes(Path(), (outcome,), (), (NotAnalysed("b\r.py", "\x07"),), 1, 0.0)
    text = as_text(Proposed(fixes, None), "", False)
    assert "\x1b" not in text and "\r" not in text and "\x07" not in text and "line\\nbreak" in text
    assert "  not analysed  b\\r.py  \\x07" in text


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_difference_drives_no_terminal_and_is_whole_for_programs() -> None:
    before, after = b"a = '\x1b[2J'\n", b"b = '\x1b[2J'\n"
    change = Change("all", ChangeSet(None, (FileChange("a.py", digest(before), after),)), (), {"a.py": before})
    assert "\x1b[2J" in difference(change) == difference(change, io.StringIO())
    assert difference(change, Terminal()) == difference(change).replace("\x1b", "\\x1b")


@pytest.mark.parametrize(("level", "told"), [(Level.LOW_RISK, False), (Level.MEDIUM_RISK, True)])
def test_what_would_lower_a_level_that_people_must_agree_to_is_said(level: Level, told: bool) -> None:
    assessment = Assessment(level, 5, (), "To lower it: mend src/a.py.")
    judged = Judged("the fixes", None, None, ("src/a.py",), 1, 1, Verdict(()), assessment, 1.0)
    outcome = Outcome(ONE, "fixed", "", "")
    text = as_text(Proposed(Fixes(Path(), (outcome,), (), (), 1, 1.0), judged), "", False)
    assert f"level {level.value}" in text
    assert ("To lower it: mend src/a.py." in text) is told
