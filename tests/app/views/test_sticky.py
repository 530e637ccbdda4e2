"""The one comment: a state and five lines at most, and only where somebody must act."""

from dataclasses import replace

import pytest

from app.model.gate import Standing, Stands
from app.views.sticky import LINES, acts, body
from checks.configuration.approvals import Mode
from tests.app.views.shown import HOSTILE, WAITING, expected, gate, hostile

FAILS = Standing(Stands.FAILS, "2 tests fail that passed on main", "Mend it and push again.")
FORK = Standing(Stands.WAITS, "/selfmod ok-to-test 3f9c2e1bbb of somebody with write access")


def test_waiting() -> None:
    assert body(gate()) == expected("sticky-waiting")


@pytest.mark.parametrize(
    ("standing", "mode", "expected"),
    [
        (WAITING, Mode.ENFORCE, True),
        (WAITING, Mode.PROPOSE, False),
        (WAITING, Mode.OBSERVE, False),
        (FAILS, Mode.ENFORCE, True),
        (FAILS, Mode.PROPOSE, True),
        (FAILS, Mode.OBSERVE, False),
        (FORK, Mode.PROPOSE, True),
        (Standing(Stands.PASSES, "approved by @ann"), Mode.ENFORCE, False),
    ],
)
def test_only_where_somebody_must_act(standing: Standing, mode: Mode, expected: bool) -> None:
    assert acts(gate(standing, mode)) is expected
    assert bool(body(gate(standing, mode))) is expected


def test_who_pressed_a_button_is_answered_though_nobody_must_act() -> None:
    passes = Standing(Stands.PASSES, "approved by @ann")
    said = body(gate(passes, details=""), ("The fixes are in #13: 2 findings.",))
    assert said.splitlines()[-1] == "- The fixes are in #13: 2 findings."


def test_at_most_five_lines_after_the_state() -> None:
    said = body(gate(replace(WAITING, remedy="Do this.")), tuple(f"line {number}" for number in range(9)))
    assert len([line for line in said.splitlines() if line.startswith("- ")]) == LINES
    assert "[Why, and all of the evidence](https://selfmod.example/" in said


def test_hostile_text_acts_nowhere() -> None:
    said = body(gate(replace(FAILS, said=HOSTILE, remedy=HOSTILE), value=hostile()), (HOSTILE, f"a `{HOSTILE} b"))
    outside = "".join(part for number, part in enumerate(said.split("`")) if number % 2 == 0)
    for bad in ("@everybody", "![x]", "<img", "\x1b", "\u202e", "</details>"):
        assert bad not in outside
    assert len([line for line in said.splitlines() if line]) <= LINES + 1
