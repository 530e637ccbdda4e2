"""The gate's check run as people read it."""

from dataclasses import replace

import pytest

from app.model.approval import Seen, Weighed
from app.model.decision import Decision, Merge
from app.model.forge import Conclusion
from app.model.gate import Standing, Stands
from app.views.gate import command, run, title, unheld
from checks.configuration.approvals import Mode
from checks.model.safety import Level
from tests.app.views.shown import HOSTILE, bad, expected, gate, hostile, told

FAILS = Standing(Stands.FAILS, "2 tests fail that passed on main", "Mend it and push again.")
BLOCKED = Standing(Stands.BLOCKED, "2 approvals of @acme/security needed, and only 1 could give one. Name more.")
PASSES = Standing(Stands.PASSES, "approved by @ann")
WAITS = Standing(Stands.WAITS, "1 of 1 approval: anybody with write access")


def test_waiting() -> None:
    assert told(run(gate(), "key")) == expected("gate-waiting")


def test_failing() -> None:
    value = gate(FAILS, value=bad())
    assert told(run(value, "key", fixable=True)) == expected("gate-failing")


@pytest.mark.parametrize(
    ("standing", "mode", "said", "conclusion"),
    [
        (WAITS, Mode.ENFORCE, "waiting for 1 of 1 approval: anybody with write access", None),
        (WAITS, Mode.PROPOSE, "would wait for 1 of 1 approval: anybody with write access", Conclusion.SUCCESS),
        (FAILS, Mode.ENFORCE, "failed: 2 tests fail that passed on main", Conclusion.FAILURE),
        (FAILS, Mode.OBSERVE, "would fail: 2 tests fail that passed on main", Conclusion.SUCCESS),
        (BLOCKED, Mode.ENFORCE, f"blocked: {BLOCKED.said}", Conclusion.ACTION_REQUIRED),
        (BLOCKED, Mode.OBSERVE, f"would be blocked: {BLOCKED.said}", Conclusion.SUCCESS),
        (PASSES, Mode.ENFORCE, "approved by @ann", Conclusion.SUCCESS),
    ],
)
def test_title_and_conclusion(standing: Standing, mode: Mode, said: str, conclusion: Conclusion | None) -> None:
    assert title(Level.HIGH_RISK, standing, mode) == f"HIGH_RISK · {said}"
    assert run(gate(standing, mode), "key").conclusion is conclusion


@pytest.mark.parametrize("mode", Mode)
def test_stopped(mode: Mode) -> None:
    """In every mode, and without the buttons that write code or approve."""
    stands = Standing(Stands.STOPPED, "stopped by @ann: incident 4711", "Who has write access ends it.", always=True)
    found = run(gate(stands, mode), "key", fixable=True)
    assert (found.title, found.conclusion) == ("stopped by @ann: incident 4711", Conclusion.ACTION_REQUIRED)
    assert [each.label for each in found.buttons] == ["Re-run"]
    assert found.summary.startswith("Who has write access ends it.")


def test_a_title_is_one_short_line() -> None:
    said = title(Level.SAFE, replace(FAILS, said=HOSTILE * 20), Mode.ENFORCE)
    assert len(said) <= 200
    assert "\n" not in said
    assert "\x1b" not in said
    assert "\u202e" not in said


@pytest.mark.parametrize(
    ("standing", "mode", "fixable", "fork", "labels"),
    [
        (WAITS, Mode.ENFORCE, True, False, ["Fix", "Re-run", "Approve"]),
        (WAITS, Mode.ENFORCE, True, True, ["Re-run", "Approve"]),
        (FAILS, Mode.ENFORCE, True, False, ["Fix", "Re-run"]),
        (WAITS, Mode.PROPOSE, True, False, ["Fix", "Re-run"]),
        (WAITS, Mode.OBSERVE, True, False, ["Re-run"]),
        (WAITS, Mode.ENFORCE, False, False, ["Re-run", "Approve"]),
    ],
)
def test_buttons(standing: Standing, mode: Mode, fixable: bool, fork: bool, labels: list[str]) -> None:
    found = run(replace(gate(standing, mode), fork=fork), "key", fixable=fixable).buttons
    assert [each.label for each in found] == labels
    assert all(len(b.label) <= 20 and len(b.description) <= 40 and len(b.identifier) <= 20 for b in found)


def test_everybody_who_must_agree_is_named() -> None:
    decision = Decision(
        Level.CRITICAL, Merge.BY_PERSON, 2, code_owners=1, approvers=("@acme/security",), named=("@acme/billing",)
    )
    said = run(gate(decision=decision), "key").summary.replace("&#8203;", "")
    assert "@acme/security" in said
    assert "Among them must be @acme/billing." in said
    assert "One of them must be a code owner." in said


def test_nothing_hostile_gets_through_and_it_stays_within_what_github_takes() -> None:
    seen = tuple(Seen(f"eve{HOSTILE}", "review", "0" * 40, False, HOSTILE) for _ in range(500))
    weighed = Weighed(1, (), 1, HOSTILE, seen, excluded=((f"x{HOSTILE}", HOSTILE),), faults=(HOSTILE,))
    made = run(gate(FAILS, value=hostile(), weighed=weighed, configuration=f"main@{HOSTILE}"), "key")
    for text in (made.summary, made.text):
        assert len(text.encode()) <= 65_535
        outside = "".join(part for number, part in enumerate(text.split("`")) if number % 2 == 0)
        for bad_text in ("@everybody", "![x]", "<img", "\x1b", "\u202e"):
            assert bad_text not in outside
        assert text.count("<details>") == text.count("</details>")


def test_whole_parts_are_left_out_where_it_is_too_long() -> None:
    many = Weighed(1, (), 1, "x", tuple(Seen("e" * 60, "review", "", False, "w" * 230) for _ in range(50)))
    value = hostile()
    long = replace(value, rules=tuple((f"rule {number} " + "r" * 200, "w" * 239) for number in range(400)))
    long = replace(long, assessment=replace(long.assessment, factors=long.assessment.factors * 200))
    made = run(gate(FAILS, value=long, weighed=many), "key")
    assert len(made.summary.encode()) <= 65_535
    assert "too long for GitHub" in made.summary


def test_the_gate_that_nothing_requires() -> None:
    assert unheld("acme/shop", "main", default=True) == (
        "Nothing holds a merge here: main does not require selfmod/gate of this App. "
        "`selfmod protect --repo acme/shop` writes it."
    )
    other = unheld("acme/shop", "a`$(x)<b>@ann", default=False)
    assert "<b>" not in other and "@ann" not in other
    assert command("acme/shop", "$(x)") == "selfmod protect --repo acme/shop --branch '$(x)'"
